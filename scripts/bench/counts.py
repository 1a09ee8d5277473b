#!/usr/bin/env python3
"""Instructions and allocations a thousand rows, counted by callgrind: stable where seconds are not.

  python3 scripts/bench/counts.py BINARY            compare with counts.json; exit 1 if one has grown by more than 10 %
  python3 scripts/bench/counts.py BINARY --record   write counts.json

A case is run at two sizes, so that what a process costs before its first row falls out. Exit status 77: no valgrind here.
valgrind offers no SHA instructions, so hashing weighs more here than it does in a real run. A program with shared libraries
spends more before its first row than the static one that was recorded: of it only what rows cost is compared.
"""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
RECORD = os.path.join(HERE, "counts.json")
PIPELINES = os.path.join(HERE, "..", "..", "pipelines")
TOLERANCE = 0.10
IMPORTS = {"csv": ("agriculture", 4_000, 16_000), "xml": ("market", 2_000, 8_000), "flat csv": ("forestry", 2_000, 8_000)}


ALLOCATING = {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign"}


def run(*command):
    environment = {**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode not in (0, 3):
        sys.exit(f"counts: {' '.join(command)}: exit {done.returncode}: {done.stderr[-300:]}")
    return done


def counted(*command):
    """(instructions, allocations) of one run."""
    with tempfile.NamedTemporaryFile() as profile:
        done = run("valgrind", "--tool=callgrind", "--callgrind-out-file=" + profile.name, *command)
        with open(profile.name, errors="replace") as lines:
            allocations = allocating_calls(lines)
    return int(re.search(r"I +refs: +([0-9,]+)", done.stderr).group(1).replace(",", "")), allocations


def allocating_calls(profile):
    """Calls of functions that allocate: a name stands in full where it comes first, `(190) malloc`, and as `(190)` later."""
    names, called, total = {}, None, 0
    for line in profile:
        if line.startswith(("fn=", "cfn=")):
            number, _, name = line.split("=", 1)[1].strip().partition(" ")
            if name:
                names[number] = name
            if line.startswith("cfn="):
                called = names.get(number)
        elif line.startswith("calls=") and called in ALLOCATING:
            total += int(line[6:].split()[0])
    return total


def is_shared(binary):
    """Whether an ELF program names a dynamic loader (PT_INTERP)."""
    with open(binary, "rb") as file:
        head = file.read(4096)
    if head[:5] != b"\x7fELF\x02":
        return True
    offset, size, count = struct.unpack_from("<Q", head, 32)[0], *struct.unpack_from("<HH", head, 54)
    return any(struct.unpack_from("<I", head, offset + index * size)[0] == 3 for index in range(count)
               if offset + (index + 1) * size <= len(head))


def measure(binary, work):
    found = {}
    for name, (bureau, small, large) in IMPORTS.items():
        counts, rows = [], []
        for size in (small, large):
            folder, store = os.path.join(work, f"{bureau}-{size}"), os.path.join(work, f"{bureau}-{size}.store")
            run(binary, "generate", "--rows", str(size), "--bureau", bureau, "--quarters", "1", "--out", folder)
            with open(os.path.join(folder, "TRUTH.json"), encoding="utf-8") as file:
                rows.append(json.load(file)["rows"])
            files = [os.path.join(folder, f) for f in os.listdir(folder) if f != "TRUTH.json"]
            run(binary, "init", store)
            counts.append(counted(binary, "import", "--quiet", "--jobs", "1", "--store", store, "--pipelines", PIPELINES, *files))
        for what, one, two in zip(("", " (allocations)"), *counts):
            each = (two - one) / (rows[1] - rows[0])
            found[f"import {name}, a thousand rows{what}"] = round(each * 1000)
            found[f"import {name}, before the first row{what}"] = round(one - each * rows[0])
    store = os.path.join(work, f"{IMPORTS['csv'][0]}-{IMPORTS['csv'][2]}.store")
    for name, command in (("rate by category and district, cold", ("rate", "--store", store, "--by", "category,district", "--format",
                                                                   "csv")), ("--version", ("--version",))):
        found[name], found[name + " (allocations)"] = counted(binary, *command)
    return found


def main():
    if not shutil.which("valgrind"):
        print("counts: skipped: there is no valgrind")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as work:
        # valgrind gives up on the debug information of a static Swift binary.
        binary = os.path.join(work, "spotcheck")
        subprocess.run(["strip", "--strip-debug", "-o", binary, sys.argv[1]], check=True)
        found = measure(binary, work)
    if "--record" in sys.argv:
        with open(RECORD, "w", encoding="utf-8") as file:
            json.dump(found, file, indent=2)
            file.write("\n")
    with open(RECORD, encoding="utf-8") as file:
        recorded = json.load(file)
    grown = False
    shared = is_shared(sys.argv[1])
    for name, count in found.items():
        before = None if shared and "thousand rows" not in name else recorded.get(name)
        change = f"{count / before - 1:+.1%}" if before else "not compared"
        too_many = bool(before) and count > before * (1 + TOLERANCE)
        grown |= too_many
        print(f"{name:52} {count:>16,}  {change}{f', more than the {TOLERANCE:.0%} allowed' * too_many}")
    if grown:
        sys.exit("counts: something costs more than was recorded; if it is worth it, record anew: "
                 "python3 scripts/bench/counts.py BINARY --record")


main()
