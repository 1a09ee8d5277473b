"""Goals 1 to 4, 10 and 11: from delivered files to a store that answers."""

import answers
from data import Delivery, warm
from measure import CORES, Contestant, Failure, child, in_turn
from report import Line, seconds, size

MEMORY, GROWTH = ("<=", 256), ("<=", 1.05)


def csv(bench):
    """One CSV.gz at each size, beside Polars and DuckDB."""
    lines, ours = [], []
    for rows in bench.sizes:
        delivery = Delivery(bench, "agriculture", rows, 1)
        told = answers.Told(delivery)
        contestants = {"ours": bench.importing(delivery, answers.check_import)}
        for name in ("polars", "duckdb"):
            contestants[name] = bench.peer_importing(name, "agriculture", delivery.files, told)
        found, failed = in_turn(contestants, bench.runs_of(rows))
        run = kept(found, failed)
        ours.append((delivery, run))
        for name, label, bound in (("polars", "Polars to Arrow", 2.5), ("duckdb", "DuckDB to file", 4.5)):
            line = Line(1, f"CSV.gz to store, {size(rows)} rows, CPU, {label}", seconds(run.cpu), goal=(">=", bound), rows=rows,
                        stated=1_000_000)
            lines.append(against(line, found.get(name), failed.get(name), lambda peer, run=run: peer.cpu / run.cpu,
                                 lambda peer: seconds(peer.cpu)))
        lines[-1].add(speed(bench, delivery, run))
        lines.append(memory("CSV.gz", rows, run))
    return lines + growth(bench, "CSV.gz", ours)


def flat(bench):
    """No row repeats what stood in the one above: one row is one sample. No goal is stated for it."""
    rows = bench.sizes[0]
    delivery = Delivery(bench, "forestry", rows, 8)
    told = answers.Told(delivery)
    contestants = {"ours": bench.importing(delivery, answers.check_import)}
    if bench.python:
        files = delivery.for_peers()
        for name in ("polars", "duckdb"):
            contestants[name] = bench.peer_importing(name, "forestry", files, told)
    found, failed = in_turn(contestants, bench.runs_of(rows))
    run = kept(found, failed)
    lines = []
    for name, label in (("polars", "Polars to Arrow"), ("duckdb", "DuckDB to file")):
        line = Line(1, f"{len(delivery.files)} flat CSV.gz files to store, {size(rows)} rows, {size(delivery.samples)} samples, "
                       f"CPU, {label}", seconds(run.cpu))
        lines.append(against(line, found.get(name), failed.get(name) or bench.why_no_peers, lambda peer: peer.cpu / run.cpu,
                             lambda peer: seconds(peer.cpu)))
    lines[-1].add(speed(bench, delivery, run))
    return lines


def xml(bench):
    """One XML file at each size, beside libxml2 alone."""
    lines, ours = [], []
    for rows in bench.sizes:
        delivery = Delivery(bench, "market", rows, 1)

        def push():
            return child([bench.push_parser(), *delivery.files, "样品", "检验项目"], bench.scratch, one_core=True)

        found, failed = in_turn({
            "ours": bench.importing(delivery, answers.check_import),
            "libxml2": Contestant(push, lambda: warm(delivery.files), lambda run: answers.check_push(run.text(), delivery)),
        }, bench.runs_of(rows))
        run = kept(found, failed)
        ours.append((delivery, run))
        line = Line(2, f"XML to store, {size(rows)} rows, CPU, libxml2 collecting", seconds(run.cpu), goal=("<=", 1.25))
        lines.append(against(line, found.get("libxml2"), failed.get("libxml2"), lambda peer, run=run: run.cpu / peer.cpu,
                             lambda peer: seconds(peer.cpu)))
        line.add(speed(bench, delivery, run))
        lines.append(memory("XML", rows, run))
    return lines + growth(bench, "XML", ours)


def folder(bench):
    """Eight files on two cores."""
    rows = bench.sizes[-1]
    delivery = Delivery(bench, "agriculture", rows, 8)
    what = f"{len(delivery.files)} files, {size(rows)} rows, two cores, wall"
    own, best = Line(3, what + ", own one-core wall", goal=("<=", 0.58)), Line(3, what + ", best peer", goal=(">=", 3))
    if len(CORES) < 2:
        own.note = best.note = "not run: one core"
        return [own, best]
    told = answers.Told(delivery)
    contestants = one_and_two(bench, delivery)
    if bench.python:
        files = delivery.for_peers()
        for name in ("polars", "duckdb"):
            contestants[name] = bench.peer_importing(name, "agriculture", files, told, threads=2, one_core=False)
    found, failed = in_turn(contestants, bench.runs_of(rows))
    two = halves(own, found, failed)
    best.ours = own.ours
    peers = [name for name in ("polars", "duckdb") if name in found]
    name = min(peers, key=lambda name: found[name].wall) if peers else None
    against(best, found.get(name), "; ".join(failed.values()) or bench.why_no_peers, lambda peer: peer.wall / two.wall,
            lambda peer: f"{seconds(peer.wall)} ({name})")
    if name and failed:
        best.add("; ".join(f"{key}: {why}" for key, why in failed.items()))
    return [own, best]


def bigfile(bench):
    """One file on two cores: what can be done beside reading it."""
    lines = []
    for bureau, label in (("agriculture", "CSV.gz"), ("market", "XML")):
        delivery = Delivery(bench, bureau, bench.sizes[-1], 1)
        line = Line(4, f"one {label} file, {size(bench.sizes[-1])} rows, two cores, wall", goal=("<=", 0.70))
        lines.append(line)
        if len(CORES) < 2:
            line.note = "not run: one core"
        else:
            halves(line, *in_turn(one_and_two(bench, delivery), bench.runs_of(bench.sizes[-1])))
    return lines


def one_and_two(bench, delivery):
    return {"one": bench.importing(delivery, answers.check_import),
            "two": bench.importing(delivery, answers.check_import, jobs=2, one_core=False)}


def halves(line, found, failed):
    for name in ("one", "two"):
        if name in failed:
            raise Failure(failed[name])
    one, two = found["one"], found["two"]
    line.ours, line.peer, line.value = seconds(two.wall), seconds(one.wall) + " (ours, one core)", two.wall / one.wall
    return two


def kept(found, failed):
    """Ours must not fail; a peer may."""
    if "ours" in failed:
        raise Failure(failed["ours"])
    return found["ours"]


def against(line, peer, why, ratio, text):
    """Fills in a peer's part, or says why there is none."""
    if peer:
        line.peer, line.value = text(peer), ratio(peer)
    else:
        line.add("no ratio: " + (why or "no peer"))
    return line


def speed(bench, delivery, run):
    return (f"{run.cpu * 1e6 / delivery.rows:.2f} us a row, {delivery.payload() / run.cpu:.0f} MB/s, "
            f"store {bench.disk(delivery):.0f} MB")


def memory(label, rows, run):
    return Line(10, f"peak memory, {label}, {size(rows)} rows", f"{run.peak:.0f} MiB", value=run.peak, unit="MiB", goal=MEMORY,
                rows=rows, stated=1_000_000)


def growth(bench, label, ours):
    # Stated for ten times a million; from a smaller beginning it would flatter.
    line = Line(11, f"CPU a row, {label}, large against small", goal=GROWTH, rows=min(bench.sizes[-1], 10 * bench.sizes[0]),
                stated=10_000_000)
    if len(ours) < 2:
        line.note = "not run: needs --big"
        return [line]
    small, large = (run.cpu * 1e6 / delivery.rows for delivery, run in ours)
    line.ours, line.peer, line.value = f"{large:.2f} us", f"{small:.2f} us (ours, small)", large / small
    return [line]


def quick(bench, delivery):
    """One import, its answer checked; no figures."""
    kept(*in_turn({"ours": bench.importing(delivery, answers.check_import)}, 1))
