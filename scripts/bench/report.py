"""One line a comparison; the table on the terminal, and the page."""

import platform
import subprocess
import unicodedata
from dataclasses import dataclass

import shares
from measure import CORES


@dataclass
class Line:
    """`value` is None when there is nothing to compare: then `note` says why.

    `goal`: ("<=" or ">=", bound), or None. `rows` and `stated`: how many there were, and how many the goal is stated for:
    on fewer it is neither met nor missed.
    """

    number: int
    what: str
    ours: str = "-"
    peer: str = "-"
    value: float = None
    unit: str = "x"
    goal: tuple = None
    note: str = ""
    rows: int = 0
    stated: int = 0

    def add(self, note):
        self.note = f"{self.note}; {note}" if self.note else note

    def result(self):
        return "-" if self.value is None else f"{self.value:.2f} {self.unit}"

    def wanted(self):
        return f"{self.goal[0]} {self.goal[1]:g} {self.unit}" if self.goal else "-"

    def verdict(self):
        if self.value is None:
            return self.note or "for information"
        if not self.goal:
            met = "for information"
        else:
            met = "met" if (self.value >= self.goal[1] if self.goal[0] == ">=" else self.value <= self.goal[1]) else "MISSED"
            if self.rows < self.stated:
                met = f"{met.lower()} here, but the goal is for {size(self.stated)} rows"
        return f"{met}; {self.note}" if self.note else met

    def cells(self):
        return [str(self.number), self.what, self.ours, self.peer, self.result(), self.wanted(), self.verdict()]


HEADER = ["#", "What", "Ours", "Peer", "Result", "Goal", "Verdict"]


def seconds(value):
    return f"{value:.2f} s"


def milliseconds(value):
    return f"{value * 1000:.1f} ms"


def size(rows):
    return f"{rows / 1e6:.3g} M" if rows >= 1e6 else f"{rows / 1e3:.3g} k"


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def show(lines):
    rows = [HEADER] + [line.cells() for line in lines]
    widths = [max(width(row[i]) for row in rows) for i in range(len(HEADER) - 1)]
    for row in rows:
        print("  ".join([cell + " " * (w - width(cell)) for cell, w in zip(row, widths)] + [row[-1]]))


def machine():
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), platform.machine())
    with open("/proc/meminfo") as file:
        memory = next(int(line.split()[1]) for line in file if line.startswith("MemTotal"))
    return f"{model}, {len(CORES)} cores, {memory / 1048576:.0f} GiB, {platform.system()} {platform.release()}"


def first_line(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0].strip()
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "missing"


def versions(bench):
    found = {"spotcheck": first_line(bench.binary, "--version")}
    if bench.python:
        found.update(bench.peer_says("versions"))
    found["libxml2"] = first_line("xml2-config", "--version")
    found["cc"] = first_line("cc", "-dumpfullversion")
    return ", ".join(f"{name} {version}" for name, version in found.items())


PAGE = """# Performance

What the program takes, beside what others take for the same, measured in the same minutes on the same machine.

Written by `make bench`. A figure is printed only when the answer behind it was checked: ours against what the generator
counted, cell by cell; a peer's against ours wherever it computes the same thing.

- Machine: {machine}. Load average when it began: {load:.1f}; wall times mean little when others were at work.
- Versions: {versions}.
- Ours: `make build`: release, one static file where the machine can link it. The C peer: `cc -O2`.
- Each figure is the median of {runs} runs{big}, ours and the peers' in turn. CPU is user and system time of the whole process.
- One core: the process is pinned to one, with `--jobs 1` or one thread. Inputs and stores are in the page cache.

## To repeat

```
{command}
```

Peers run in a virtual environment that is made at the first run; `SPOTCHECK_BENCH_PYTHON` names another Python that has
`duckdb`, `polars` and `pyarrow`. `--only` takes {names}. `--keep FOLDER` keeps the generated data for the next time.

## Results

{table}

## Where the CPU of an import goes

Samples of `perf record` of one import on one core, {rows} rows. A sample counts for the innermost frame that says what is being
done: memory that is copied or waited for, and the kernel's work on its pages, counts for whoever asked for it. What each part
is bound by, and what was tried, is said on <doc:Profile>.

{shares}

{reach}

## What is compared with what

- Data come from `spotcheck generate` with a fixed seed. A row is one tested item; of `forestry` one row is one sample.
- Import: ours reads, checks, maps codes, finds repeats, judges, keeps a copy of the file and syncs all of it to disk. The peers
  parse the text into columns: Polars to an Arrow file with categories for what repeats, DuckDB to a database file. Neither
  syncs everything, and neither can say what was wrong with a row.
- XML: the peer is libxml2's push parser with handlers that collect the text of a sample and forget it. It stores nothing.
- Queries: the peers have a table of one row a sample, loaded from `spotcheck list samples`, with ENUM or category columns. They
  count samples and passes by the same dimensions and purpose.
- By row scan: timed inside of the process, after a first time, on one thread: peers on a table in memory, ours on the mapped
  files of an open store (`spotcheck-bench`, the same engine). Ours also classifies samples and leaves out what is superseded.
- Cold: a new process each, ours and theirs, from start to the printed answer. Ours is made from the counts kept with the store,
  as without `--recount`. DuckDB through Python includes Python's start.
- Files in GB18030 are given to the peers in UTF-8, as they read no other.
"""


def reach(lines, found):
    """What the goals of imports would stand at if everything cost nothing that no peer does at all."""
    said = []
    for number, label, unit in ((1, "CSV.gz", "Polars"), (2, "XML", "libxml2")):
        line = next((line for line in lines if line.number == number and unit in line.what and line.value), None)
        if line and label in found:
            part = shares.comparable(found[label])
            value = line.value / part if line.goal[0] == ">=" else line.value * part
            said.append(f"Without checks, codes, judgement, repeats, digests and copies, which no peer does, goal {number} beside {unit} "
                        f"would stand at about {value:.2f} x instead of {line.value:.2f} x; it is {line.wanted()}.")
    return "\n".join(said)


def write(path, bench, lines, names, command, load):
    found = shares.shares(bench)
    table = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
                      for row in [HEADER, ["---"] * len(HEADER)] + [line.cells() for line in lines])
    with open(path, "w", encoding="utf-8") as page:
        page.write(PAGE.format(machine=machine(), versions=versions(bench), runs=bench.runs, big=f" ({bench.big_runs} of what is larger)" if bench.big_runs != bench.runs else "", command=command, load=load,
                               names=", ".join(f"`{name}`" for name in names), table=table, rows=size(bench.sizes[0]),
                               shares=shares.table(found), reach=reach(lines, found)))
    print("wrote", path)
