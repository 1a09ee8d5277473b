"""Vectors as they are collected: exact ones, and figures as somebody printed them."""

import json
import math

import numpy as np

VECTORS = []


def _number(value):
    return None if value is None or (isinstance(value, float) and math.isnan(value)) else float(value)


def _numbers(value):
    return [_number(x) for x in (value if isinstance(value, (list, tuple, np.ndarray)) else [value])]


def add(f, source, out, tol=1e-9, relative=False, **inputs):
    """What `source` (a library function, or a formula written a second time) says to full precision."""
    row = {"f": f, "in": {k: [_number(x) for x in np.atleast_1d(v)] for k, v in inputs.items()}, "out": _numbers(out), "tol": tol, "source": source}
    if relative:
        row["relative"] = True
    VECTORS.append(row)


def printed(f, where, out, digits, **inputs):
    """Figures as printed at `where`; `digits` after the decimal point, one number for all or one each.

    Every one needs an exact twin (same function, same inputs) that rounds to it: see `verify`.
    """
    out = _numbers(out)
    VECTORS.append({"f": f, "in": {k: [_number(x) for x in np.atleast_1d(v)] for k, v in inputs.items()}, "out": out,
                    "digits": list(digits) if isinstance(digits, (list, tuple)) else [digits] * len(out), "source": where})


def both(f, where, figures, digits, source, out, tol=1e-9, **inputs):
    """A printed figure and its exact twin."""
    add(f, source, out, tol, **inputs)
    printed(f, where, figures, digits, **inputs)


def rounds_to(value, figure, digits):
    return abs(value - figure) <= 0.5 * 10.0 ** -digits * (1 + 1e-9) + 1e-15


def verify():
    """Complaints about printed figures that no recomputation supports."""
    exact = {}
    for row in VECTORS:
        if "tol" in row:
            exact.setdefault((row["f"], json.dumps(row["in"], sort_keys=True)), row["out"])
    complaints = []
    for row in VECTORS:
        if "digits" not in row:
            continue
        name = f"{row['f']} {row['in']} [{row['source']}]"
        twin = exact.get((row["f"], json.dumps(row["in"], sort_keys=True)))
        if twin is None or len(twin) != len(row["out"]) or len(row["digits"]) != len(row["out"]):
            complaints.append(f"{name}: no exact twin")
            continue
        for value, figure, digits in zip(twin, row["out"], row["digits"]):
            if figure is not None and (value is None or not rounds_to(value, figure, digits)):
                complaints.append(f"{name}: printed {figure}, computed {value}")
    return complaints


def count_printed():
    """Figures as printed: the numbers, and by the place where they stand."""
    places = {}
    for row in VECTORS:
        if "digits" in row:
            places[row["source"]] = places.get(row["source"], 0) + sum(x is not None for x in row["out"])
    return sum(places.values()), places
