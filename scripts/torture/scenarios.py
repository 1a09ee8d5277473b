"""What is tortured: a store to begin with, and one command. A new command is one line here.

`given` steps are command lines of spotcheck (@name: a delivered file, see world.py),
("drop", bureau, file[, as]) or ("move", from, to) in the world's folder.
`partial`: the command works file by file, and stopping between two files is no damage: commands that lead from `before` to
what it may have done so far, in order.
`spared`: files that are left for the next run if their own reading fails, and do not stand in the way of the others.
"""

from dataclasses import dataclass, field


@dataclass
class Scenario:
    name: str
    given: list
    act: list
    partial: list = field(default_factory=list)
    spared: tuple = ()
    exits: tuple = (0,)
    # How it may also leave when all of it was done before: what is there is not made again.
    again: tuple = ()
    # In `make test` too; the others only in `make torture`.
    quick: bool = False


EMPTY = [["init"]]
ONE = EMPTY + [["import", "-q", "@lcj-2023Q1.csv.gz"]]
THREE = ONE + [["import", "-q", "@lcj-2023Q2.csv.gz"], ["import", "-q", "@nyncj-2023-wide.csv.gz"]]
NIGHTLY = ["nightly", "--quiet", "--stability", "0s", "--free-floor", "0"]
DROPPED = ONE + [
    ("drop", "lcj", "corrected.csv"), ("drop", "lcj", "broken.csv.gz"), ("drop", "lcj", "lcj-2023Q1.csv.gz", "again.gz"),
    ("drop", "nyncj", "nyncj-2023-wide.csv.gz"),
]
UNMAPPED = ONE + [["import", "-q", "@unmapped.csv"], ["codes", "map", "天外来客=1001", "--table", "categories"]]

SCENARIOS = [
    Scenario("init", [], ["init"]),
    Scenario("import", EMPTY, ["import", "@lcj-2023Q1.csv.gz"]),
    Scenario("correct", ONE, ["import", "@corrected.csv"]),
    Scenario("refuse", ONE, ["import", "@broken.csv.gz"], exits=(1, 3)),
    Scenario("segments", ONE, ["import", "--segment-rows", "40", "@nyncj-2023-wide.csv.gz"]),
    Scenario("two", ONE, ["import", "@lcj-2023Q2.csv.gz", "@corrected.csv"],
             partial=[["import", "@lcj-2023Q2.csv.gz"]]),
    Scenario("nightly", DROPPED, NIGHTLY, partial=[NIGHTLY + ["--max-files", str(n)] for n in (1, 2, 3)],
             spared=("lcj/corrected.csv", "lcj/broken.csv.gz", "lcj/again.gz", "nyncj/nyncj-2023-wide.csv.gz"),
             exits=(0, 3), quick=True),
    Scenario("compact", THREE, ["store", "compact", "--all"], quick=True),
    Scenario("expire", THREE + [["store", "compact", "--all"]], ["store", "expire", "--keep", "1"]),
    Scenario("replay", UNMAPPED, ["replay"]),
    Scenario("rebuild", THREE + [("move", "store", "old")], ["store", "rebuild", "--from-archive", "{root}/old"],
             again=(1,)),
    # A backup is the same copy the other way.
    Scenario("restore", THREE + [["store", "backup", "{root}/copy"], ("move", "store", "old")],
             ["store", "restore", "{root}/copy"], again=(1,)),
    Scenario("jobs", ONE, ["import", "--jobs", "3", "@lcj-2023Q2.csv.gz", "@nyncj-2023-wide.csv.gz", "@corrected.csv"],
             partial=[["import", "@lcj-2023Q2.csv.gz"], ["import", "@lcj-2023Q2.csv.gz", "@nyncj-2023-wide.csv.gz"]]),
]
