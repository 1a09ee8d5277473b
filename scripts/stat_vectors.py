#!/usr/bin/env python3
"""Writes Tests/SpotCheckStatisticsTests/Fixtures/stat_vectors.json: what scipy, statsmodels and published papers say.

The Swift tests read the JSON; Python is needed only to regenerate it, in an environment outside the repository:

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install scipy statsmodels
    /tmp/venv/bin/python scripts/stat_vectors.py            # writes
    /tmp/venv/bin/python scripts/stat_vectors.py --check    # regenerates and compares; exit 1 and a list of differences
    /tmp/venv/bin/python scripts/stat_vectors.py --figures  # how many printed figures are tested, and where they stand

Two kinds of vectors, each {"f": function, "in": {name: [numbers]}, "out": [numbers], "source": text} and

- "tol": exact. A Swift result r agrees with w if |r - w| <= tol * max(1, |w|), or <= tol * |w| when "relative" is true.
- "digits": printed in the method reference or a paper with so many digits after the point; r must round to it. Every
  printed vector has an exact twin with the same function and inputs, and this script fails if the twin does not round to it.

null stands for "no result" or "not printed". The vectors stand in `statvectors/`; formulas without a library function are
written there a second time, directly from the paper, with numpy. Another release of scipy may change last bits: --check
compares numbers within half of their tolerance.
"""

import json
import pathlib
import sys

import scipy
import statsmodels

from statvectors import bulletins, distributions, groups, process, proportions, record, targets

TARGET = pathlib.Path(__file__).resolve().parent.parent / "Tests/SpotCheckStatisticsTests/Fixtures/stat_vectors.json"


def differences(old, new):
    """What a stored list of vectors says otherwise than a fresh one."""
    if len(old) != len(new):
        yield f"{len(old)} vectors on disk, {len(new)} computed"
    for there, here in zip(old, new):
        name = f"{here['f']} {here['in']} [{here['source']}]"
        if {k: v for k, v in there.items() if k != "out"} != {k: v for k, v in here.items() if k != "out"}:
            yield f"{name}: another vector on disk"
        elif len(there["out"]) != len(here["out"]):
            yield f"{name}: {len(there['out'])} numbers on disk"
        else:
            for a, b in zip(there["out"], here["out"]):
                if a is None or b is None or "digits" in here:
                    same = a == b
                else:
                    same = abs(a - b) <= 0.5 * here["tol"] * (abs(b) if here.get("relative") else max(1, abs(b)))
                if not same:
                    yield f"{name}: {a} on disk, {b} computed"


def main():
    for module in (distributions, proportions, targets, groups, process, bulletins):
        for part in module.PARTS:
            part()
    complaints = record.verify()
    if complaints:
        sys.exit("\n".join(complaints))
    figures, places = record.count_printed()
    if "--figures" in sys.argv[1:]:
        for place, count in places.items():
            print(f"{count:4d}  {place}")
        print(f"{figures:4d}  printed figures in {sum('digits' in v for v in record.VECTORS)} of {len(record.VECTORS)} vectors")
        return
    if "--check" in sys.argv[1:]:
        old = json.loads(TARGET.read_text(encoding="utf-8"))["vectors"] if TARGET.exists() else []
        found = list(differences(old, json.loads(json.dumps(record.VECTORS))))
        print("\n".join([*found, f"{'different' if found else 'same'}: {len(record.VECTORS)} vectors"]))
        sys.exit(1 if found else 0)
    head = {"about": "Written by scripts/stat_vectors.py; do not edit.", "scipy": scipy.__version__, "statsmodels": statsmodels.__version__}
    lines = ",\n".join("  " + json.dumps(v, ensure_ascii=False, allow_nan=False) for v in record.VECTORS)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(head)[:-1] + ', "vectors": [\n' + lines + "\n]}\n", encoding="utf-8")
    print(f"wrote {len(record.VECTORS)} vectors; {figures} printed figures")


if __name__ == "__main__":
    main()
