"""Goals 5 to 9 and 12: from a store to rates."""

import json
import os
import shutil

import answers
from data import Delivery
from imports import against
from measure import Contestant, Failure, in_turn
from report import Line, milliseconds, size

COLUMNS = ["category", "district", "purpose", "sampled_day", "verdict"]
COLD_RUNS = 5


def questions(delivery):
    """{name: (goal's number, its bound, query)}. The filter's year is the first of the data, its districts the first five."""
    districts = sorted({cell["district"] for cell in delivery.truth["cells"]})[:5]
    plain = ["category", "district"]
    return {
        "category x district": (5, 8, {"by": plain, "year": None, "districts": None}),
        "category x district x month": (6, 6, {"by": plain + ["month"], "year": None, "districts": None}),
        "one year, five districts": (7, 2, {"by": plain, "year": 2023, "districts": districts}),
    }


def query(bench):
    """Item rows, several a sample."""
    return [line for rows in bench.sizes for line in over(bench, Delivery(bench, "agriculture", rows, 8), rows, items=True)]


def flat(bench):
    """One row a sample: as many samples as rows."""
    return [line for rows in bench.sizes for line in over(bench, Delivery(bench, "forestry", rows, 8), rows, items=False)]


def stored(bench, delivery):
    """(the store, its samples as CSV): imported and checked, not measured."""
    contestant = bench.importing(delivery, answers.check_import)
    contestant.prepare()
    contestant.check(contestant.act())
    store = os.path.join(bench.work, delivery.name + ".store")
    samples = os.path.join(bench.work, delivery.name + ".samples.csv")
    bench.export(store, "samples", COLUMNS, samples)
    return store, samples


def over(bench, delivery, rows, items):
    store, samples = stored(bench, delivery)
    where = f"{size(rows)} rows, {size(delivery.samples)} samples"
    start = started(bench)
    lines = []
    why, loaded = bench.why_no_peers, None
    try:
        loaded = load(bench, samples, delivery.samples)
    except Failure as error:
        why = str(error)
    for name, (number, bound, asked) in questions(delivery).items():
        expected = answers.cells(bench.ask(store, asked).text(), asked["by"])
        lines += inside(bench, store, where, name, number, bound, asked, expected, start, samples, loaded, why)
        lines += cold(bench, store, where, name, asked, expected, start, loaded, why)
        if loaded and name == "category x district":
            lines += larger(bench, loaded, where, asked)
            lines += by_item(bench, store, where, asked) if items else []
    return lines


def load(bench, table, rows):
    target = table + ".duckdb"
    if os.path.exists(target):
        os.remove(target)
    answers.require(bench.peer_says("duckdb-load", table, target)["rows"], rows, "rows that DuckDB loaded")
    return target


def inside(bench, store, where, name, number, bound, asked, expected, start, samples, loaded, why):
    """Ours as a whole cold process on one core, theirs inside the process on one core."""
    told, peers = {}, {}
    query_text = json.dumps(asked)

    def contestant(peer, arguments):
        def check(run):
            answer = json.loads(run.text())
            answers.check_cells(answer, expected, f"{peer}, {name}")
            told.setdefault(peer, []).append(answer["ms"])
        return Contestant(lambda: bench.peer(peer + "-memory", 1, *arguments, one_core=True), check=check)

    def right(run):
        answers.require(answers.cells(run.text(), asked["by"]), expected, name)

    if loaded:
        peers = {"duckdb": contestant("duckdb", [1, loaded, query_text]), "polars": contestant("polars", [samples, query_text])}
    found, failed = in_turn({"ours": Contestant(lambda: bench.ask(store, asked, one_core=True), check=right), **peers}, bench.runs)
    if "ours" in failed:
        raise Failure(failed["ours"])
    ours = found["ours"]
    times = {peer: sorted(told[peer])[len(told[peer]) // 2] / 1000 for peer in peers if peer in found}
    # Goal 7 is against the better of the two, 5 and 6 against DuckDB.
    rivals = times if number == 7 else {peer: time for peer, time in times.items() if peer == "duckdb"}
    best = min(rivals, key=rivals.get) if rivals else None
    line = Line(number, f"{name}, {where}, one core, in-process peer / our cold CPU", milliseconds(ours.cpu), goal=(">=", bound))
    against(line, rivals.get(best), "; ".join(failed.values()) or why, lambda time: time / ours.cpu,
            lambda time: f"{milliseconds(time)} ({best})")
    rest = ours.cpu - start.cpu
    if best and rest > 0:
        line.note = f"less start-up: {times[best] / rest:.2f} x"
    others = [f"{peer} {milliseconds(time)}" for peer, time in times.items() if peer != best]
    line.note = "; ".join(filter(None, [line.note] + others))
    kept = Line(8, f"{name}, {where}, cold wall less start-up", milliseconds(ours.wall), f"{milliseconds(start.wall)} (start-up)",
                max(0.0, ours.wall - start.wall) * 1000, "ms", ("<=", 5))
    return [line, kept]


def cold(bench, store, where, name, asked, expected, start, loaded, why):
    """Both as whole processes, on all cores."""
    query_text = json.dumps(asked)
    contestants = {"ours": Contestant(
        lambda: bench.ask(store, asked), check=lambda run: answers.require(answers.cells(run.text(), asked["by"]), expected, name))}
    if loaded:
        contestants["duckdb"] = Contestant(
            lambda: bench.peer("duckdb-cold", loaded, query_text),
            check=lambda run: answers.check_cells(json.loads(run.text()), expected, f"DuckDB cold, {name}"))
    found, failed = in_turn(contestants, COLD_RUNS)
    if "ours" in failed:
        raise Failure(failed["ours"])
    ours = found["ours"]
    line = Line(9, f"{name}, {where}, cold wall, Python + DuckDB's own file", milliseconds(ours.wall), goal=(">=", 9))
    return [against(line, found.get("duckdb"), failed.get("duckdb") or why, lambda peer: peer.wall / ours.wall,
                    lambda peer: milliseconds(peer.wall))]


def larger(bench, loaded, where, asked):
    """Ten times the rows for DuckDB alone: what its figure grows to. There is no such store of ours."""
    answer = bench.peer_says("duckdb-memory", 1, 10, loaded, json.dumps(asked), one_core=True)
    return [Line(5, f"category x district, {where} ten times over", peer=f"{answer['ms']:.1f} ms (duckdb, {size(answer['rows'])})",
                 note="ours not run: no store of this size; give --big")]


def by_item(bench, store, where, asked):
    """DuckDB on one row an item, which is what it has without curation. Another question than ours, so no ratio."""
    table = store + ".items.csv"
    bench.export(store, "items", COLUMNS, table)
    with open(table, "rb") as file:
        rows = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b"")) - 1
    target = load(bench, table, rows)
    answer = bench.peer_says("duckdb-memory", 1, 1, target, json.dumps(asked), one_core=True)
    answers.require(sum(cell[-2] for cell in answer["cells"]), rows, "items that DuckDB counted")
    return [Line(5, f"category x district, {where}, one row an item", peer=f"{answer['ms']:.1f} ms (duckdb, {size(rows)})",
                 note="for information: counts items, not samples")]


def started(bench):
    found, failed = in_turn({"ours": Contestant(bench.start)}, 20)
    if failed:
        raise Failure(failed["ours"])
    return found["ours"]


def start(bench):
    run = started(bench)
    return [Line(12, "start-up, spotcheck --version, wall", milliseconds(run.wall), value=run.wall * 1000, unit="ms", goal=("<=", 5))]


def quick(bench, delivery):
    """Every question, against a count of the listed samples one by one; no figures."""
    store, samples = stored(bench, delivery)
    for name, (_, _, asked) in questions(delivery).items():
        ours = answers.cells(bench.ask(store, asked).text(), asked["by"])
        answers.require(ours, answers.counted(samples, asked), f"{delivery.name}, {name}")
    shutil.rmtree(store)
