"""A disk that is really full, files that may not grow, descriptors that run out, standard output that takes nothing."""

import os
import resource
import shutil
import subprocess
import sys

from sweep import Report, Stage
from world import Finding, World


def in_own_mounts():
    """Mounting needs a mount namespace of our own; true if this process has one."""
    if os.environ.get("TORTURE_NAMESPACE") == "1":
        return True
    options = ["-m"] if os.geteuid() == 0 else ["-rm"]
    if subprocess.run(["unshare", *options, "true"], capture_output=True).returncode != 0:
        return False
    os.environ["TORTURE_NAMESPACE"] = "1"
    os.execvp("unshare", ["unshare", *options, sys.executable, *sys.argv])


def sweep(binary, scenario, is_quick=False):
    report = Report("full " + scenario.name)
    world = World(binary)
    try:
        stage = Stage(world, scenario)
        check = lambda where, done: judge(stage, report, where, done)  # noqa: E731
        for size in range(1, 20) if not is_quick else (5,):
            stage.reset()
            number = 3 + size
            check(f"{number} descriptors", world.run(
                scenario.act, limits=lambda n=number: resource.setrlimit(resource.RLIMIT_NOFILE, (n, n))))
        for size in (0, 1, 100, 4096, 8192, 30_000, 100_000, 200_000) if not is_quick else (30_000,):
            stage.reset()
            check(f"files of {size} bytes at most", world.run(
                scenario.act, limits=lambda n=size: resource.setrlimit(resource.RLIMIT_FSIZE, (n, n))))
        if in_own_mounts():
            fill_disk(world, stage, report, 400 if is_quick else 12)
        else:
            report.count("without a disk of its own (no mount namespace)")
    except Finding as error:
        report.finding("setup", error)
    finally:
        subprocess.run(["umount", "-l", world.root], capture_output=True)
        world.remove()
    return report.close()


def fill_disk(world, stage, report, step):
    """The same with every amount of room that is too little."""
    stage.reset()
    used = sum(
        -(-os.path.getsize(os.path.join(folder, name)) // 4096) * 4
        for folder, _, files in os.walk(world.root) for name in files)
    for room in range(0, 1200, step):
        subprocess.run(["umount", "-l", world.root], capture_output=True)
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={used + 8 + room}k", "tmpfs", world.root], capture_output=True)
        if mounted.returncode != 0:
            report.count("without a disk of its own (mount is forbidden)")
            return
        shutil.copytree(world.kept["before"], world.root, symlinks=True, dirs_exist_ok=True)
        done = world.run(stage.scenario.act)
        where = f"{room} KiB free"
        try:
            # Even reading takes a little room (SQLite's -shm): it is looked at afterwards.
            subprocess.run(["mount", "-o", "remount,size=64m", world.root], check=True)
            judge(stage, report, where, done, heal=False)
            stage.check_healed()
        except Finding as error:
            report.finding(where, error)
        if done.returncode in stage.scenario.exits:
            report.count("enough room")
            break
    subprocess.run(["umount", "-l", world.root], capture_output=True)


def judge(stage, report, where, done, heal=True):
    code, text = done.returncode, done.stderr.decode()
    report.count("runs")
    report.count(f"exit {code}")
    try:
        # 127: the loader itself found no descriptor for its libraries.
        if code < 0 or code not in (0, 1, 3, 74, 127):
            raise Finding(f"exit {code}: {text[-300:]}")
        # Too few descriptors to begin with have no path.
        if code not in (0, 127, *stage.scenario.exits) and "/" not in text and "EMFILE" not in text:
            raise Finding(f"the message names no place: {text!r}")
        index = stage.check_now()
        if code == 0 and stage.states[index] != stage.after:
            raise Finding(f"exit 0, but state {index}")
        if heal:
            stage.check_healed()
    except Finding as error:
        if not heal:
            raise
        report.finding(where, error)


def outputs(binary):
    """What cannot be printed was not done."""
    report = Report("standard output")
    world = World(binary)
    try:
        world.do([["init"], ["import", "-q", "@lcj-2023Q1.csv.gz"]])
        for arguments in (["rate", "--by", "bureau"], ["list", "samples"], ["list", "samples", "--format", "ndjson"],
                          ["store", "verify"], ["store", "snapshots"]):
            with open("/dev/full", "wb") as full:
                done = world.run(arguments, stdout=full)
            report.count("runs")
            if done.returncode != 74 or b"ENOSPC" not in done.stderr:
                report.finding(" ".join(arguments), f"exit {done.returncode}: {done.stderr.decode()}")
    finally:
        world.remove()
    return report.close()
