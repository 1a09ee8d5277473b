"""Intervals for one rate and for a difference, their coverage, and finite populations (method 2.4)."""

import numpy as np
from scipy import optimize, stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from .record import add, both, printed


def wilson(x, n, z):
    """For real x and n, straight from the formula."""
    p = x / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return [0 if x == 0 else centre - half, 1 if x == n else centre + half]


def clopper(x, n, tail=0.025):
    return [0 if x == 0 else stats.beta.ppf(tail, x, n - x + 1), 1 if x == n else stats.beta.isf(tail, x + 1, n - x)]


def _mid_p(x, n, tail):
    def f(p):
        return stats.binom.sf(x, n, p) + 0.5 * stats.binom.pmf(x, n, p)

    low = 0 if x == 0 else optimize.brentq(lambda p: f(p) - tail, 1e-15, 1 - 1e-15, xtol=1e-15)
    high = 1 if x == n else optimize.brentq(lambda p: f(p) - (1 - tail), 1e-15, 1 - 1e-15, xtol=1e-15)
    return [low, high]


def _held(x, n, ends):
    """Exactly 0 for none and exactly 1 for all, and never outside 0...1."""
    return [0.0 if x == 0 else max(0.0, ends[0]), 1.0 if x == n else min(1.0, ends[1])]


def _continuity(x, n, alpha):
    ends = stats.binomtest(x, n).proportion_ci(1 - alpha, "wilsoncc")
    return [ends.low, ends.high]


METHODS = {
    "wilson": ("statsmodels proportion_confint wilson", lambda x, n, alpha: _held(x, n, proportion_confint(x, n, alpha, "wilson"))),
    "clopperPearson": ("statsmodels proportion_confint beta", lambda x, n, alpha: clopper(x, n, alpha / 2)),
    "jeffreys": ("statsmodels proportion_confint jeffreys with the ends of Brown, Cai & DasGupta",
                 lambda x, n, alpha: _held(x, n, proportion_confint(x, n, alpha, "jeffreys"))),
    "agrestiCoull": ("statsmodels proportion_confint agresti_coull, cut to 0...1",
                     lambda x, n, alpha: _held(x, n, proportion_confint(x, n, alpha, "agresti_coull"))),
    "wilsonContinuity": ("scipy binomtest wilsoncc", _continuity),
    "midP": ("root of the mid-P tail by scipy brentq", lambda x, n, alpha: _mid_p(x, n, alpha / 2)),
}


def _exact(method, x, n, confidence=0.95):
    source, function = METHODS[method]
    add(method, source, function(x, n, 1 - confidence), x=x, n=n, confidence=confidence)


def intervals():
    table = [(81, 263), (15, 148), (0, 20), (1, 29)]
    others = [(29, 29), (28, 28), (188, 200), (187, 200), (217, 233), (1, 1), (0, 1), (2, 19), (0, 220), (77, 1970), (132, 9505),
              (6474 - 188, 6474), (30969, 31392), (190872, 6997389), (36, 40), (58, 60)]
    for x, n in table + others:
        for confidence in [0.8, 0.95, 0.998]:
            for method in METHODS:
                if method != "midP" or n < 40000:
                    _exact(method, x, n, confidence)
    six = {
        "wilson": [(.255289, .366210), (.062386, .160487), (0, .161125), (.006113, .171755)],
        "clopperPearson": [(.252737, .367622), (.057844, .161650), (0, .168433), (.000873, .177644)],
        "jeffreys": [(.254522, .365647), (.060449, .157643), (0, .116639), (.003746, .150078)],
        "midP": [(.254402, .365773), (.060064, .158122), (0, .139108), (.001725, .158537)],
        "wilsonContinuity": [(.253509, .368176), (.059778, .164450), (0, .200453), (.001803, .196282)],
        "agrestiCoull": [(.255221, .366277), (.061386, .161488), (0, .189810), (0, .186287)],
    }
    for method, rows in six.items():
        for (x, n), row in zip(table, rows):
            printed(method, "method 2.4, cases of Newcombe 1998 Table I", row, 6, x=x, n=n, confidence=0.95)
    four = {"wilson": [(.2553, .3662), (.0624, .1605), (0, .1611), (.0061, .1718)],
            "clopperPearson": [(.2527, .3676), (.0578, .1617), (0, .1684), (.0009, .1776)]}
    for method, rows in four.items():
        for (x, n), row in zip(table, rows):
            printed(method, "Newcombe 1998 Table I, as published", row, 4, x=x, n=n, confidence=0.95)
    both("betaQuantile", "method 2.4, Jeffreys 0/20 unmodified", .000024, 6, "statsmodels proportion_confint jeffreys",
         proportion_confint(0, 20, 0.05, "jeffreys")[0], p=.025, a=.5, b=20.5)
    # Printed as .972085; scipy and statsmodels say .972075 (betaincinv, beta.ppf): a slip in the fifth digit.
    printed("clopperPearson", "method 2.3, clusters ignored", (.763363, .972085), [6, 4], x=36, n=40, confidence=0.95)
    printed("wilson", "method 2.4, population ignored", (.886362, .990811), 6, x=58, n=60, confidence=0.95)
    printed("wilson", "method 3.2, small cells of Qinghai 2022Q1", (.029359, .313941), 6, x=2, n=19, confidence=0.95)
    printed("wilson", "method 3.2, small cells of Qinghai 2022Q1", (0, .017162), 6, x=0, n=220, confidence=0.95)
    for (x, n), low in {(28, 28): .911887, (187, 200): .900127}.items():
        _exact("wilson", x, n, 0.9)
        printed("wilson", "method 2.5, one-sided lower bound", (low, None), 6, x=x, n=n, confidence=0.9)


def differences():
    for x1, n1, x2, n2 in [(56, 70, 48, 80), (77, 1970, 132, 9505), (9, 10, 3, 10), (6, 7, 2, 7), (5, 56, 0, 29), (0, 10, 0, 20), (10, 10, 0, 20)]:
        low, high = confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff")
        add("newcombe", "statsmodels confint_proportions_2indep newcomb", [x1 / n1 - x2 / n2, low, high], x1=x1, n1=n1, x2=x2, n2=n2)
    printed("newcombe", "method 2.4", [None, .052431, .333873], 6, x1=56, n1=70, x2=48, n2=80)
    printed("newcombe", "Newcombe 1998b Table II (a), method 10, as published", [.2, .0524, .3339], 4, x1=56, n1=70, x2=48, n2=80)
    printed("newcombe", "method 2.4", [.02520, .01709, .03494], 5, x1=77, n1=1970, x2=132, n2=9505)


def _coverage(method, n):
    """Least coverage over all rates, and its mean for rates spread evenly over 0...1: both exact.

    Between two neighbouring ends of intervals the x that cover do not change and lie side by side, so that the coverage has one
    hump there: its least value is at an end. The mean is a sum of beta distribution functions.
    """
    ends = np.array([METHODS[method][1](x, n, 0.05) for x in range(n + 1)])
    borders = np.unique(np.concatenate([[0, 1], ends.ravel()]))
    least = 1.0
    for left, right in zip(borders, borders[1:]):
        if right - left < 1e-12:
            continue
        covering = np.flatnonzero((ends[:, 0] <= (left + right) / 2) & ((left + right) / 2 <= ends[:, 1]))
        for p in (left, right):
            least = min(least, stats.binom.pmf(covering, n, p).sum())
    x = np.arange(n + 1)
    inside = stats.beta.cdf(ends[:, 1], x + 1, n - x + 1) - stats.beta.cdf(ends[:, 0], x + 1, n - x + 1)
    return [least, inside.sum() / (n + 1)]


def coverage():
    for method in METHODS:
        for n in [1, 2, 3, 5, 6, 10, 20, 29, 45, 50]:
            add("coverage", "enumeration over scipy.stats.binom and beta", _coverage(method, n), method=list(METHODS).index(method), n=n)


def finite():
    def plausible(x, n, population, tail):
        accepted = [k for k in range(x, population - (n - x) + 1)
                    if stats.hypergeom.sf(x - 1, population, k, n) > tail and stats.hypergeom.cdf(x, population, k, n) > tail]
        return [min(accepted), max(accepted)]

    z = stats.norm.isf(0.025)
    for x, n, population in [(20, 20, 50), (19, 20, 50), (30, 30, 100), (45, 45, 100), (58, 60, 200), (7, 20, 20), (0, 5, 30), (3, 10, 40)]:
        for tail in [0.025, 0.05]:
            add("plausibleCounts", "search over scipy.stats.hypergeom", plausible(x, n, population, tail), 0, x=x, n=n, population=population, tail=tail)
        if n < population:
            n2 = n * (population - 1) / (population - n)
            ends = wilson(x / n * n2, n2, z) if 0 < x < n else [0 if x == 0 else wilson(n2, n2, z)[0], 1 if x == n else wilson(0, n2, z)[1]]
            add("wilsonFinite", "Wilson with n(N-1)/(N-n)", ends, x=x, n=n, population=population)
    for (x, n, population), want in {(20, 20, 50): (44, 50), (19, 20, 50): (40, 49), (30, 30, 100): (91, 100), (45, 45, 100): (95, 100),
                                     (58, 60, 200): (180, 198)}.items():
        printed("plausibleCounts", "method 2.4", want, 0, x=x, n=n, population=population, tail=0.025)
    printed("plausibleCounts", "method 2.4, one-sided", (45, None), 0, x=20, n=20, population=50, tail=0.05)
    printed("plausibleCounts", "method 2.4, n = N", (7, 7), 0, x=7, n=20, population=20, tail=0.025)
    printed("wilsonFinite", "method 2.4", (.904205, .988901), 6, x=58, n=60, population=200)


PARTS = (intervals, differences, coverage, finite)
