"""Decisions about a target, plans, and the rules for small cells (method 2.5 and 2.6)."""

import math

import numpy as np
from scipy import stats

from .proportions import clopper
from .record import add, both, printed

ALPHA = 0.05 * (1 + 1e-11)


def _bad(percent):
    return (100 - percent) / 100


def _smallest(percent, failures):
    """The smallest n with P(at most `failures` of n fail) <= alpha at the target."""
    n = failures + 1
    while stats.binom.cdf(failures, n, _bad(percent)) > ALPHA:
        n += 1
    return n


def _refuting(percent, n):
    return next(f for f in range(n + 2) if stats.binom.sf(f - 1, n, _bad(percent)) <= ALPHA)


def _clean_in_population(population, percent):
    needed = -(-percent * population // 100)
    return next(n for n in range(1, population + 1) if stats.hypergeom.pmf(n, population, needed - 1, n) <= ALPHA)


def _power_size(percent, truth):
    """One more than the last n whose power is below 80 %."""
    n = np.arange(1, 4000)
    allowed = stats.binom.ppf(ALPHA, n, _bad(percent))
    allowed = np.where(stats.binom.cdf(allowed, n, _bad(percent)) <= ALPHA, allowed, allowed - 1)
    power = np.where(allowed >= 0, stats.binom.cdf(allowed, n, 1 - truth), 0)
    return int(n[power < 0.8].max()) + 1


def decisions():
    # x, n, target, P(X >= x), P(X <= x), lower bound, verdict
    rows = [(29, 29, 90, .047101, 1, .901855, 1), (28, 28, 90, .052335, 1, .898534, 0), (188, 200, 90, .032047, .983210, .904599, 1),
            (187, 200, 90, .056562, .967953, .898643, 0), (180, 200, 90, .559175, .534462, .858011, 0),
            (172, 200, 90, .972908, .043428, .813125, -1), (10, 10, 90, .348678, 1, .741134, 0), (217, 233, 90, .063324, .961731, .897569, 0),
            (59, 59, 95, .048495, 1, None, 1), (58, 58, 95, .051047, 1, None, 0), (99, 100, 95, .037081, .994079, None, 1),
            (98, 100, 95, .118263, .962919, None, 0), (91, 100, 95, .971812, .063090, None, 0), (90, 100, 95, .988528, .028188, None, -1),
            (6, 10, 90, .998365, .012795, None, -1), (7, 10, 90, .987205, .070191, None, 0)]
    for x, n, percent, better, worse, lower, verdict in rows:
        good, bad = percent / 100, _bad(percent)
        as_good, as_bad = stats.binom.sf(x - 1, n, good), stats.binom.sf(n - x - 1, n, bad)
        computed = 1 if as_good <= ALPHA else -1 if as_bad <= ALPHA else 0
        both("decision", "method 2.5 table", [verdict, better, worse, lower], [0, 6, 6, 6], "scipy.stats.binom, beta",
             [computed, as_good, as_bad, clopper(x, n, 0.05)[0]], x=x, n=n, percent=percent)
    both("decisionUpperBound", "method 2.5 table", .898638, 6, "scipy.stats.beta", clopper(172, 200, 0.05)[1], x=172, n=200, percent=90)


    # Of a finite population: as good with one good unit too few, as bad with just enough.
    for x, n, population, percent in [(20, 20, 50, 90), (19, 20, 50, 90), (12, 20, 50, 90), (58, 60, 200, 90), (44, 44, 100, 95), (39, 39, 100, 95),
                                      (38, 39, 100, 95), (7, 20, 20, 50), (90, 120, 1000, 80)]:
        needed = -(-percent * population // 100)
        as_good, as_bad = stats.hypergeom.sf(x - 1, population, needed - 1, n), stats.hypergeom.cdf(x, population, needed, n)
        computed = 1 if as_good <= ALPHA else -1 if as_bad <= ALPHA else 0
        add("decisionInPopulation", "scipy.stats.hypergeom", [computed, as_good, as_bad], x=x, n=n, population=population, percent=percent)


def plans():
    table = {75: [11, 18, 23, 29, 34, 40, 45, 50], 80: [14, 22, 30, 37, 44, 50, 57, 63], 90: [29, 46, 61, 76, 89, 103, 116, 129],
             95: [59, 93, 124, 153, 181, 208, 234, 260], 98: [149, 236, 313, 386, 456, 523, 590, 655]}
    sizes = [(percent, failures, n) for percent, row in table.items() for failures, n in enumerate(row)]
    for percent, failures, n in sizes + [(90, 10, 167), (90, 20, 286), (95, 10, 336), (95, 20, 577), (99, 0, 299)]:
        both("smallestSample", "method 2.5", n, 0, "search over scipy.stats.binom.cdf", _smallest(percent, failures), 0, percent=percent, failures=failures)
    for percent in [50, 85, 97, 99]:
        for failures in [1, 5, 8]:
            add("smallestSample", "search over scipy.stats.binom.cdf", _smallest(percent, failures), 0, percent=percent, failures=failures)
    for x, n, percent, more in [(28, 28, 90, 1), (9, 10, 90, 36), (187, 200, 90, 3), (217, 233, 90, 6), (180, 200, 90, 86), (98, 100, 95, 24),
                                (19, 20, 95, 73), (95, 100, 95, 108)]:
        both("cleanSamplesNeeded", "method 2.5", more, 0, "search over scipy.stats.binom.cdf", max(0, _smallest(percent, n - x) - n), 0,
             x=x, n=n, percent=percent)
    for x, n, percent in [(29, 29, 90), (0, 0, 90), (188, 200, 90), (0, 3, 95)]:
        add("cleanSamplesNeeded", "search over scipy.stats.binom.cdf", max(0, _smallest(percent, n - x) - n), 0, x=x, n=n, percent=percent)
    for percent, row in {90: {5: 3, 10: 4, 20: 5, 30: 7, 50: 10, 100: 16, 200: 28, 500: 62},
                         95: {5: 2, 10: 3, 20: 4, 30: 5, 50: 6, 100: 10, 200: 16, 500: 34}}.items():
        for n, failures in row.items():
            both("fewestFailuresRefuting", "method 2.5", failures, 0, "search over scipy.stats.binom.sf", _refuting(percent, n), 0, percent=percent, n=n)
    for percent in [75, 90, 95, 98]:
        for n in [60, 150, 200, 1000]:
            allowed = [f for f in range(n) if stats.binom.cdf(f, n, _bad(percent)) <= ALPHA]
            if not allowed:
                continue
            add("failuresAllowed", "search over scipy.stats.binom.cdf", max(allowed), 0, percent=percent, n=n)
            for x, so_far in [(20, 20), (19, 20), (48, 50), (n - 1, n - 1), (n, n)]:
                left = max(allowed) - (so_far - x)
                if left >= 0 and so_far <= n:
                    add("failuresStillAllowed", "search over scipy.stats.binom.cdf", min(left, n - so_far), 0, percent=percent, x=x, n=so_far, planned=n)
    for n, limit, chance in [(13, 4, .0342), (20, 5, .0432)]:
        both("fewestFailuresRefuting", "method 2.5, GB/T 2828.4 plan of DQL 10 %", limit, 0, "search over scipy.stats.binom.sf", _refuting(90, n), 0,
             percent=90, n=n)
        both("binomialUpperTail", "method 2.5, GB/T 2828.4 plan of DQL 10 %", chance, 4, "scipy.stats.binom.sf", stats.binom.sf(limit - 1, n, .1),
             x=limit, n=n, p=.1)
    for population, row in {20: (12, 16, 19), 50: (19, 31, 39), 100: (23, 39, 63), 200: (26, 47, 90), 500: (28, 54, 119), 1000: (28, 56, 132)}.items():
        for percent, n in zip((90, 95, 98), row):
            both("zeroFailureSample", "method 2.5", n, 0, "search over scipy.stats.hypergeom.pmf", _clean_in_population(population, percent), 0,
                 population=population, percent=percent)
    for percent, truth, n in [(90, .95, 203), (90, .97, 89), (90, .93, 593), (95, .98, 286), (95, .97, 694), (95, .99, 124)]:
        both("sampleSize", "method 2.6, power 80 % for all larger n", n, 0, "search over scipy.stats.binom", _power_size(percent, truth), 0,
             percent=percent, truth=truth)


def precision():
    z2 = stats.norm.isf(.025) ** 2
    for rate, margin, n in [(.95, .01, 1825), (.95, .02, 457), (.95, .03, 203), (.95, .05, 73), (.9, .01, 3458), (.9, .02, 865), (.9, .03, 385),
                            (.9, .05, 139)]:
        both("precision", "method 2.6", n, 0, "z^2 p (1-p) / e^2", math.ceil(z2 * rate * (1 - rate) / margin ** 2), 0, rate=rate, margin=margin)
        for population in [60, 500, 20000]:
            raw = z2 * rate * (1 - rate) / margin ** 2
            add("precision", "n / (1 + (n-1)/N)", math.ceil(raw / (1 + (raw - 1) / population)), 0, rate=rate, margin=margin, population=population)
    # EFSA plans 683 units; the formula without rounding up gives 676. Both reach ± 0.75 percentage points.
    add("precision", "z^2 p (1-p) / e^2", math.ceil(z2 * .01 * .99 / .0075 ** 2), 0, rate=.01, margin=.0075)
    for n in (676, 683):
        both("margin", "method 2.6, EU design benchmark", .0075, 4, "z sqrt(p (1-p) / n)", math.sqrt(z2 * .01 * .99 / n), rate=.01, n=n)
    for rate, n, population in [(.95, 200, 1000), (.5, 7, 7), (.9, 1, 1), (0, 3, 9)]:
        fpc = (population - n) / (population - 1) if population > 1 else 0
        add("margin", "z sqrt(p (1-p) / n (N-n)/(N-1))", math.sqrt(z2 * rate * (1 - rate) / n * fpc), rate=rate, n=n, population=population)
    w, p, c = np.array([.5, .3, .2]), np.array([.95, .88, .975]), np.array([1, 4, .25])
    share = w * np.sqrt(p * (1 - p))
    both("neyman", "method 2.6", [137.5, 123.0, 39.4], 1, "numpy", 300 * share / share.sum(), total=300, weights=w, rates=p, costs=[1, 1, 1])
    share = w * np.sqrt(p * (1 - p) / c)
    add("neyman", "numpy", 300 * share / share.sum(), total=300, weights=w, rates=p, costs=c)


def _nchs(x, n):
    """[shown, why not (0 few, 1 wide, 2 relatively wide), complement unreliable, all or none, width, width/rate, width/(1 - rate)]."""
    low, high = clopper(x, n)
    width, rate = high - low, x / n
    why, complement = None, 0
    if n < 30:
        why = 0
    elif width <= .05:
        pass
    elif width >= .30:
        why = 1
    elif width > 1.3 * rate:
        why = 2
    else:
        complement = int(width > 1.3 * (1 - rate))
    return [int(why is None), -1 if why is None else why, complement, int(x in (0, n)), width, width / rate if x else None, width / (1 - rate) if x < n else None]


def publication():
    # 29/29 hidden for n < 30; 27/30 and 190/200 shown with the failure rate flagged; 198/200 shown.
    for x, n, want, digits in [(29, 29, [0, 0, 0, 1, None, None, None], 0), (27, 30, [1, -1, 1, 0, .2442, None, None], 4),
                               (190, 200, [1, -1, 1, 0, .0658, None, 1.316], [0, 0, 0, 0, 4, 0, 3]), (198, 200, [1, -1, 0, 0, .0344, None, None], 4)]:
        both("publication", "method 2.6, NCHS 2017", want, digits, "NCHS 2017 rule over scipy.stats.beta", _nchs(x, n), x=x, n=n)
    for x, n in [(3, 30), (10, 200), (2, 200), (15, 30), (100, 200), (0, 40), (40, 40), (0, 100), (3000, 6000), (5990, 6000), (1, 29), (77, 1970),
                 (22, 45), (23, 47), (24, 48), (780, 1560), (800, 1600), (4, 60), (6, 60), (15, 29), (3, 160), (3, 155), (157, 160), (152, 155)]:
        add("publication", "NCHS 2017 rule over scipy.stats.beta", _nchs(x, n), x=x, n=n)
    for n, tier in [(0, 0), (1, 1), (4, 1), (5, 2), (29, 2), (30, 3), (6474, 3)]:
        both("cellTier", "method 2.6, tiers", tier, 0, "the rule, by numpy", np.digitize(n, [1, 5, 30]), 0, n=n)


PARTS = (decisions, plans, precision, publication)
