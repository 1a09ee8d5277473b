"""Published counts: sums that must close, rates that must recompute (method findings, 2.1 and 3)."""

import math

from scipy import stats

from .groups import weighted
from .record import add, both


def rates():
    """x, n, the rate as printed, digits of the fraction, place."""
    for x, n, rate, digits, place in [
        (140, 1166, .1201, 4, "method findings 1, Chengdu 2018-05, 监督抽检 问题发现率"),
        (624, 629, .9921, 4, "method findings 1, Chengdu 2018-05, 评价性抽检 合格率"),
        (1166 - 140 + 624, 1166 + 629, .9192, 4, "method findings 1, Chengdu 2018-05, both pooled"),
        (217, 233, .931, 3, "method 2.1, Bayannur 2010, batches"),
        (206, 222, .928, 3, "method 2.1, Bayannur 2010, enterprises"),
        (187, 200, .935, 3, "method 2.2, RPQ, crude"),
        (190 + 44 + 39, 290, .941379, 6, "method 2.3, crude"),
        (36, 40, .9, 1, "method 2.3, clusters, crude"),
        (188, 6474, .0290392, 7, "method 2.7, Qinghai 2025H1"),
        (8996, 10000, .8996, 4, "method findings 4"),
        (190872, 6997389, .0273, 4, "method 3.1, SAMR food 2023"),
        (76, 9872, .0077, 4, "method 3.1, USDA PDP 2024"),
        (3476, 28265, .123, 3, "method findings 2, SAMR products 2023"),
        (3120, 25636, .122, 3, "method findings 7, SAMR products 2021"),
        (2, 10, .2, 1, "method 3.2, D2: 20 % is the share that failed"),
        (812 - 47, 812, .9421, 4, "method 3.2, D3: Tianshui 2019, not 98.1 %"),
    ]:
        both("rate", place, rate, digits, "division", x / n, 1e-15, x=x, n=n)
    for items, chance in [(10, .0489), (30, .1396), (60, .2597)]:
        both("binomialUpperTail", "method 2.1, a batch fails if one of its items does", chance, 4, "scipy.stats.binom.sf", stats.binom.sf(0, items, .005),
             x=1, n=items, p=.005)


def mixtures():
    # EFSA 2018: 4.5 % of 91015 over the limit, 1.4 % of the 11679 at random; counts from the printed percentages.
    whole, part = (round(.045 * 91015), 91015), (round(.014 * 11679), 11679)
    both("remainder", "method findings 3, EFSA 2018, not at random", [None, None, .0496], 4, "subtraction",
         [whole[0] - part[0], whole[1] - part[1], (whole[0] - part[0]) / (whole[1] - part[1])], x=whole[0], n=whole[1], partX=part[0], partN=part[1])
    # SAMR 2023: 3476 of 28265 failed, 6.7 % of the 16021 taken from producers.
    part = round(.067 * 16021)
    both("remainder", "method 3.1, SAMR 2023, trade", [None, 12244, .196], [0, 0, 3], "subtraction",
         [3476 - part, 28265 - 16021, (3476 - part) / (28265 - 16021)], x=3476, n=28265, partX=part, partN=16021)
    # SAMR 2021: 3120 of 25636; producers 9.8 % of 16356, trade 16.4 % of 9280, whose share rose by 19.6 points to 36.2 %.
    # The failures are the whole numbers that fit all four printed rates.
    x, n, mix = (1600, 1520), (16356, 9280), (83.4, 16.6)
    assert sum(x) == 3120 and round(x[0] / n[0], 3) == .098 and round(x[1] / n[1], 3) == .164 and round(n[1] / sum(n), 3) == .362
    rate, v = weighted(x, n, mix)
    both("weightedRate", "method findings 7, SAMR 2021 at the mix of 2020", [.109, None], 3, "numpy", [rate, math.sqrt(v)], x=x, n=n, weights=mix)
    both("mixShift", "method findings 7, SAMR 2021, points due to the mix", .013, 3, "numpy", sum(x) / sum(n) - rate, x=x, n=n, weights=mix)


def margins():
    """Every dimension of a published table, with the total it is printed beside."""
    whole = {
        "Qinghai 2025H1": (188, 6474),
        "Qinghai 2023Q1-3": (423, 31392),
        "Qinghai 2022Q1": (12, 709),
    }
    for bulletin, name, x, n in [
        ("Qinghai 2025H1", "level", (69, 37, 18, 64), (1537, 828, 1130, 2979)),
        ("Qinghai 2025H1", "stage", (4, 89, 95), (293, 1670, 4511)),
        ("Qinghai 2025H1", "region", (77, 33, 27, 24, 14, 1, 7, 5), (1970, 1187, 705, 939, 559, 375, 566, 173)),
        ("Qinghai 2023Q1-3", "level", (69, 82, 146, 126), (2919, 5392, 12059, 11022)),
        ("Qinghai 2023Q1-3", "stage", (19, 110, 294), (1700, 3603, 26089)),
        ("Qinghai 2022Q1", "level", (2, 10), (226, 483)),
        ("Qinghai 2022Q1", "stage", (2, 7, 3), (10, 78, 621)),
        ("Qinghai 2022Q1", "region", (0, 0, 2, 4, 6), (220, 161, 19, 183, 126)),
    ]:
        both("sum", f"method 3.2, {bulletin} by {name}", whole[bulletin], 0, "sums", (sum(x), sum(n)), 0, x=x, n=n)
    x, n = (132, 42, 72, 63, 33, 29, 24, 28), (9505, 5274, 4406, 4062, 2782, 1928, 1486, 1944)
    both("sum", "method 3.2, D1: regions of 2023Q1-3 are five samples short of 31392", (423, 31387), 0, "sums", (sum(x), sum(n)), 0, x=x, n=n)
    items = (63, 54, 18, 18, 24, 7, 6, 10)
    both("sum", "method 3.2, items of Qinghai 2025H1", (200, 200), 0, "sums", (sum(items), sum(items)), 0, x=items, n=items)


PARTS = (rates, mixtures, margins)
