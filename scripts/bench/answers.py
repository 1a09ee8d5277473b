"""A figure counts only if the answer is right: ours against what the generator counted, a peer's against ours."""

import csv
import json

from measure import Failure

# What the generator calls a category that no code table knows, and what the program calls it.
UNKNOWN = {"?": "未映射"}
# What rows of totals have in place of a code.
ALL = "*"


def require(found, expected, what):
    if found != expected:
        if isinstance(found, dict) and isinstance(expected, dict):
            keys = [key for key in sorted(set(found) | set(expected)) if found.get(key) != expected.get(key)][:3]
            found, expected = [(k, found.get(k)) for k in keys], [(k, expected.get(k)) for k in keys]
        raise Failure(f"wrong answer, {what}: {found}, expected {expected}")


def check_import(bench, store, delivery):
    """Every cell of category x district x purpose, and the sums over all samples."""
    answer = json.loads(bench.ask(store, {"by": ["category", "district"], "year": None, "districts": None}, "json").text())
    truth = delivery.truth["cells"]
    counted = ("samples", "passed", "failed")
    require({(row["category_name"], row["district"], row["purpose"]): [row[key] for key in counted] for row in answer["rows"]},
            {(UNKNOWN.get(cell["category_name"], cell["category_name"]), cell["district"], cell["purpose"]):
             [cell[key] for key in counted] for cell in truth}, f"{delivery.name} by category, district and purpose")
    total = answer["total"]
    rated = [cell for cell in truth if cell["purpose"] != "screening"]
    expected = {key: sum(cell[key] for cell in rated) for key in ("passed", "failed", "undetermined", "not_tested", "listed")}
    expected["screening"] = sum(cell["samples"] for cell in truth if cell["purpose"] == "screening")
    expected["samples"] = delivery.samples
    found = {key: total[key] for key in expected}
    # The generator does not divide what is in no denominator any further.
    found["undetermined"] += total["risk_monitoring"]
    found["not_tested"] += total["refused"] + total["unlicensed"]
    require(found, expected, f"{delivery.name} in all")


def cells(text, by):
    """Samples and passes of each cell of `rate --format csv`."""
    rows = csv.DictReader(text.splitlines())
    return {tuple(row[name] for name in by + ["purpose"]): (int(row["samples"]), int(row["passed"]))
            for row in rows if row[by[0]] != ALL}


def check_cells(answer, ours, what):
    """A peer's cells, as peers.py prints them."""
    require({tuple(row[:-2]): tuple(row[-2:]) for row in answer["cells"]}, ours, what)


def counted(path, query):
    """The same cells, counted one by one from the list of samples. For small data."""
    found = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            row["month"] = row["sampled_day"][:7]
            if query["year"] and row["sampled_day"][:4] != str(query["year"]):
                continue
            if query["districts"] and row["district"] not in query["districts"]:
                continue
            key = tuple(row[name] for name in query["by"] + ["purpose"])
            samples, passed = found.get(key, (0, 0))
            found[key] = (samples + 1, passed + (row["verdict"] == "pass"))
    return found


class Told:
    """What the peers' stores hold must be what the generator made, and the same in all of them, cell by cell.

    Ours is curated, theirs are texts: what both count are rows and samples, and check_import has compared ours with the
    generator's.
    """

    def __init__(self, delivery):
        self.delivery = delivery
        self.cells = None

    def check(self, name, answer):
        rows = sum(count for _, _, count in answer["cells"])
        require((rows, answer["samples"]), (self.delivery.rows, self.delivery.samples), f"{name}, rows and samples")
        found = {(one, other): count for one, other, count in answer["cells"]}
        self.cells = self.cells or found
        require(found, self.cells, f"{name}, rows by two texts")


def check_push(text, delivery):
    samples, items, _ = map(int, text.split())
    require(samples + items, delivery.rows, "libxml2, samples and items")
