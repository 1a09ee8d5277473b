"""Any bit of a segment flipped, any file of the store cut at any length: noticed and named, or without any effect.

A bit of the catalogue is SQLite's: it has no checksums, so such a flip is only asked not to trap (see Torture.md).
"""

import os
import random

from sweep import Report
from world import World

QUESTIONS = (
    ["rate", "--by", "bureau,category,district,purpose", "--format", "csv"],
    ["list", "samples", "--all", "--format", "csv"], ["list", "items", "--format", "csv"],
)


def sweep(binary, most=None):
    report = Report("damage")
    world = World(binary)
    try:
        world.do([["init"], ["import", "-q", "@short.csv"], ["import", "-q", "@corrected.csv"]])
        keep_wal(world)
        world.keep("sound")
        answers = ask(world)
        world.back_to("sound")
        files = sorted(
            os.path.relpath(os.path.join(folder, name), world.store)
            for folder, _, names in os.walk(world.store) for name in names
            if name != "lock" and not name.endswith("-shm"))
        for place in files:
            path = os.path.join(world.store, place)
            with open(path, "rb") as file:
                sound = file.read()
            is_segment = place.startswith("segments/")
            chance = random.Random(place)
            count = len(sound)
            lengths = sorted({0, 1, count // 2, count - 1, *(chance.randrange(count + 1) for _ in range(most or 150))})
            for length in lengths:
                if length < count:
                    attack(world, report, answers, path, sound[:length], f"{place} cut to {length} of {count}", True)
            for _ in range(2 * (most or 150)):
                bit = chance.randrange(count * 8 or 1)
                if count:
                    flipped = bytearray(sound)
                    flipped[bit // 8] ^= 1 << bit % 8
                    attack(world, report, answers, path, flipped, f"{place} bit {bit}", is_segment)
    finally:
        world.remove()
    return report.close()


def keep_wal(world):
    """A reader that stays leaves the write-ahead log in place: it is a file of the store like any other."""
    try:
        import sqlite3
    except ImportError:
        return
    connection = sqlite3.connect(os.path.join(world.store, "catalogue.sqlite"))
    connection.execute("SELECT count(*) FROM batches").fetchone()
    world.do([["import", "-q", "@lcj-2023Q2.csv.gz"]])
    kept = {}
    for suffix in ("", "-wal"):
        with open(os.path.join(world.store, "catalogue.sqlite" + suffix), "rb") as file:
            kept[suffix] = file.read()
    connection.close()
    for suffix, content in kept.items():
        with open(os.path.join(world.store, "catalogue.sqlite" + suffix), "wb") as file:
            file.write(content)


def ask(world):
    answers = []
    for question in QUESTIONS:
        done = world.run(question)
        answers.append((done.returncode, done.stdout, done.stderr.decode(errors="replace")))
    return answers


def attack(world, report, answers, path, content, where, is_promised):
    world.back_to("sound")
    os.unlink(path)
    with open(path, "wb") as file:
        file.write(content)
    report.count("attacks")
    seen = ask(world)
    verify = world.run(["store", "verify"])
    said = verify.stderr.decode(errors="replace")
    codes = [code for code, _, _ in seen] + [verify.returncode]
    if any(code < 0 or code >= 128 for code in codes):
        report.finding(where, f"died of a signal: {codes}")
        return
    name = os.path.basename(path).split(".")[0]
    is_named = True
    for (code, out, text), (_, right, _) in zip(seen, answers):
        if code == 0 and out != right:
            if not is_promised:
                report.count("changed answers (catalogue)")
                return
            if verify.returncode == 0:
                report.finding(where, "another answer, and nobody notices")
                return
            # A log that is cut is one whose last transactions never were: an earlier snapshot, whole. What was kept and
            # answered since is evidence, and verify calls it damage.
            if os.path.basename(path).endswith("-wal") and len(out) < len(right) and "no batch mentions" in said:
                report.count("earlier snapshots, damage by verify")
                return
            report.finding(where, f"another answer, though verify says {verify.returncode}")
            return
        if code != 0 and name not in text:
            is_named = False
    if verify.returncode != 0 and name not in said and "archive" not in path:
        is_named = False
    if not is_named:
        report.finding(where, f"refused without its name: {codes}: {said.strip()[:200]} / {seen[0][2].strip()[:200]}")
        return
    report.count("refused by name" if any(codes) else "without effect")
