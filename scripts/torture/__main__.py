"""Torture: kills, I/O errors, power loss, damage. See Documentation.docc/Torture.md.

  python3 scripts/torture kill   [--scenario NAME] [--points N] [--at CALL:N]
  python3 scripts/torture errors [--scenario NAME] [--points N] [--at CALL:ERRNO:N]
  python3 scripts/torture full   [--scenario NAME]
  python3 scripts/torture power  [--scenario NAME] [--seeds N] [--seed S]
  python3 scripts/torture damage [--points N]
  python3 scripts/torture all    the whole of it; --quick: a little of everything

Exit status: 0 nothing found, 1 findings, 77 this machine forbids ptrace or has no strace.
"""

import argparse
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import damage  # noqa: E402
import errors  # noqa: E402
import full  # noqa: E402
import kill  # noqa: E402
import power  # noqa: E402
import trace  # noqa: E402
from scenarios import SCENARIOS  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["kill", "errors", "full", "power", "damage", "all"])
    parser.add_argument("--binary", default=os.path.join(os.path.dirname(__file__), "../../.build/release/spotcheck"))
    parser.add_argument("--scenario", action="append")
    parser.add_argument("--points", type=int)
    parser.add_argument("--seeds", type=int, default=10_000)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--at")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    why = trace.unavailable()
    if why and options.what != "damage":
        print("torture: skipped: " + why)
        sys.exit(77)
    names = options.scenario or [s.name for s in SCENARIOS if s.quick or not options.quick]
    chosen = [s for s in SCENARIOS if s.name in names]
    if options.quick:
        options.points = options.points or 2
        options.seeds = min(options.seeds, 12)
    start = time.monotonic()
    findings = 0
    binary = options.binary

    def wants(what):
        return options.what in (what, "all")

    for scenario in chosen:
        if wants("kill"):
            findings += kill.sweep(binary, scenario, options.points, options.at)
        if wants("errors"):
            findings += errors.sweep(binary, scenario, options.points, options.at)
        if wants("full"):
            findings += full.sweep(binary, scenario, options.quick)
        if wants("power"):
            share = max(1, options.seeds // len(chosen))
            findings += power.sweep(binary, scenario, share, options.seed)
    if wants("full"):
        findings += full.outputs(binary)
    if wants("damage"):
        findings += damage.sweep(binary, 1 if options.quick else options.points)
    print(f"torture {options.what}: {findings} findings in {time.monotonic() - start:.0f} s")
    sys.exit(1 if findings else 0)


main()
