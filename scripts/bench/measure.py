"""One child process at a time: wall, CPU (user and system) and peak memory as the kernel counted them.

CPU seconds are the figure for whatever runs on one core: they move far less than wall time when the machine is busy.
"""

import os
import statistics
import time
from dataclasses import dataclass


class Failure(Exception):
    """A program that did not do what it was asked to; what it said."""


@dataclass
class Run:
    wall: float
    cpu: float
    peak: float
    output: bytes

    def text(self):
        return self.output.decode()


CORES = sorted(os.sched_getaffinity(0))


def child(command, scratch, one_core=False, exits=(0,), into=None):
    """Runs a command to its end. Its output goes to a file, so that nobody has to read while it runs.

    `into`: a file for output that is too large to be held here. A child's peak memory begins at what its parent had when it
    was started, so this program holds nothing large.
    """
    said, complained = into or os.path.join(scratch, "stdout"), os.path.join(scratch, "stderr")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [(os.POSIX_SPAWN_OPEN, 1, said, flags, 0o600), (os.POSIX_SPAWN_OPEN, 2, complained, flags, 0o600)]
    # A child inherits the cores of its parent, which sleeps meanwhile; the last one has the fewest interrupts.
    if one_core:
        os.sched_setaffinity(0, CORES[-1:])
    try:
        start = time.perf_counter()
        process = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
        _, status, usage = os.wait4(process, 0)
        wall = time.perf_counter() - start
    finally:
        os.sched_setaffinity(0, CORES)
    code = os.waitstatus_to_exitcode(status)
    if code not in exits:
        with open(complained, errors="replace") as file:
            lines = file.read().strip().splitlines()
        raise Failure(f"{os.path.basename(command[0])} {' '.join(command[1:3])}: exit {code}: {' | '.join(lines[-3:])[-300:]}")
    run = Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, b"")
    if not into:
        with open(said, "rb") as file:
            run.output = file.read()
    return run


@dataclass
class Contestant:
    """`act` is measured; `prepare` clears the place before each run, `check` raises if the answer is wrong."""

    act: object
    prepare: object = lambda: None
    check: object = lambda run: None


def in_turn(contestants, runs):
    """Medians of so many runs of each, taken in turn, so that a busy minute hits all of them.

    contestants: {name: Contestant}. Returns ({name: Run}, {name: why it failed}); a contestant that fails once is out.
    Every run's answer is checked, before its figure counts.
    """
    taken, failed = {name: [] for name in contestants}, {}
    for _ in range(runs):
        for name, contestant in contestants.items():
            if name in failed:
                continue
            try:
                contestant.prepare()
                run = contestant.act()
                contestant.check(run)
                taken[name].append(run)
            except Failure as error:
                failed[name] = str(error)
    return {name: median(list_) for name, list_ in taken.items() if name not in failed}, failed


def median(runs):
    return Run(*(statistics.median(getattr(run, key) for run in runs) for key in ("wall", "cpu", "peak")), runs[-1].output)
