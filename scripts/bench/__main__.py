"""Benchmarks beside peers, every answer checked before its figure counts.

  python3 scripts/bench BINARY                       everything, at 1 M rows
  python3 scripts/bench BINARY --big 10000000        and at 10 M: growth, and the goals that are stated for it
  python3 scripts/bench BINARY --huge 100000000      questions also at 100 M: 10 GB of store, an hour with its generation
  python3 scripts/bench BINARY --only csv xml         of csv, xml, folder, bigfile, query, flat, start
  python3 scripts/bench BINARY --write Sources/SpotCheck/Documentation.docc/Performance.md
  python3 scripts/bench BINARY --quick               small data, no peers, no figures: are the answers right?

Exit status: 0 all answers were right (goals may be missed), 1 a wrong answer or a failed run.
"""

import argparse
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import imports  # noqa: E402
import queries  # noqa: E402
import report  # noqa: E402
from data import Delivery  # noqa: E402
from measure import Failure  # noqa: E402
from program import Bench  # noqa: E402

CASES = {"csv": imports.csv, "xml": imports.xml, "folder": imports.folder, "bigfile": imports.bigfile, "query": queries.query,
         "flat": lambda bench: imports.flat(bench) + queries.flat(bench), "start": queries.start}
QUICK = [("agriculture", 10_000, 1), ("agriculture", 24_000, 8), ("market", 8_000, 1), ("market", 16_000, 1),
         ("forestry", 12_000, 8)]


def quick(bench):
    for bureau, rows, quarters in QUICK:
        delivery = Delivery(bench, bureau, rows, quarters)
        imports.quick(bench, delivery)
        queries.quick(bench, delivery)
        bench.clear()
        print(f"right: {bureau}, {delivery.rows} rows, {delivery.samples} samples, {len(delivery.files)} files", flush=True)


def measure(bench, options):
    load = os.getloadavg()[0]
    print(f"{report.machine()}\n{report.versions(bench)}\nload average {load:.1f}", flush=True)
    if bench.why_no_peers:
        print(bench.why_no_peers)
    lines = []
    for name in options.only or CASES:
        print(f"... {name}", flush=True)
        lines += CASES[name](bench)
        bench.clear()
    lines.sort(key=lambda line: line.number)
    report.show(lines)
    if options.write:
        command = ["python3 scripts/bench .build/release/spotcheck", f"--rows {options.rows}"]
        command += [f"--big {options.big}"] * bool(options.big) + [f"--big-runs {options.big_runs}"] * (options.big_runs != 3)
        command += [f"--huge {options.huge}"] * bool(options.huge) + ["--only " + " ".join(options.only or [])] * bool(options.only)
        report.write(options.write, bench, lines, CASES, " ".join(command), load)


def main():
    parser = argparse.ArgumentParser(prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", nargs="+", choices=CASES)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--big", type=int)
    parser.add_argument("--big-runs", type=int, default=3, help="runs of what is larger than --rows")
    parser.add_argument("--huge", type=int)
    parser.add_argument("--keep", metavar="FOLDER")
    parser.add_argument("--write", metavar="PAGE")
    options = parser.parse_args()
    if options.quick and options.write:
        parser.error("--quick measures nothing to write")
    with tempfile.TemporaryDirectory(prefix="spotcheck-bench-") as temporary:
        bench = Bench(options, temporary)
        try:
            if options.quick:
                quick(bench)
            else:
                measure(bench, options)
        except Failure as error:
            sys.exit(f"bench: {error}")


main()
