"""Kill -9 at every call that changes something (REL-01)."""

import os

import trace
from sweep import Report, Stage
from world import Finding, World


def sweep(binary, scenario, most=None, only=None):
    report = Report("kill " + scenario.name)
    world = World(binary)
    try:
        stage = Stage(world, scenario)
        stage.reset()
        _, lines = trace.record(world, scenario.act, trace.MUTATING, os.path.join(world.folder, "trace"))
        found = trace.points(lines, world.root)
        for call, number in trace.spread(found, most):
            where = f"{call}:{number}"
            if only and where != only:
                continue
            stage.reset()
            done = world.run(scenario.act, prefix=trace.inject(call, f"signal=KILL:when={number}"))
            killed = done.returncode in (-9, 137)
            report.count("kills" if killed else "not reached")
            try:
                if not killed and done.returncode not in scenario.exits:
                    raise Finding(f"exit {done.returncode}: {done.stderr.decode().strip()}")
                report.count(f"left state {stage.prove()}")
            except Finding as error:
                report.finding(where, error)
    finally:
        world.remove()
    return report.close()
