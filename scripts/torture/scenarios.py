"""What is tortured: a store to begin with, and one command. A new command is one line here.

`given` steps are command lines of spotcheck (@name: a delivered file, see world.py) or ("drop", bureau, file[, as]).
`partial`: the command works file by file, and stopping between two files is no damage: commands that each lead one
step further from `before` to `after`.
"""

from dataclasses import dataclass, field


@dataclass
class Scenario:
    name: str
    given: list
    act: list
    partial: list = field(default_factory=list)
    exits: tuple = (0,)
    # In `make test` too; the others only in `make torture`.
    quick: bool = False


EMPTY = [["init"]]
ONE = EMPTY + [["import", "-q", "@lcj-2023Q1.csv.gz"]]
THREE = ONE + [["import", "-q", "@lcj-2023Q2.csv.gz"], ["import", "-q", "@nyncj-2023-wide.csv.gz"]]

SCENARIOS = [
    Scenario("init", [], ["init"], quick=True),
    Scenario("import", EMPTY, ["import", "@lcj-2023Q1.csv.gz"], quick=True),
    Scenario("correct", ONE, ["import", "@corrected.csv"], quick=True),
    Scenario("refuse", ONE, ["import", "@broken.csv.gz"], exits=(1,)),
    Scenario("segments", ONE, ["import", "--segment-rows", "40", "@nyncj-2023-wide.csv.gz"]),
    Scenario("two", ONE, ["import", "@lcj-2023Q2.csv.gz", "@corrected.csv"],
             partial=[["import", "@lcj-2023Q2.csv.gz"], ["import", "@corrected.csv"]]),
]
