#!/usr/bin/env python3
"""Writes Tests/SpotCheckStatisticsTests/Fixtures/stat_vectors.json: what scipy, statsmodels and published papers say.

The Swift tests read the JSON; Python is needed only to regenerate it:

    python3 -m venv venv && venv/bin/pip install scipy statsmodels
    venv/bin/python scripts/stat_vectors.py           # writes
    venv/bin/python scripts/stat_vectors.py --check    # exit 1 if the file on disk says something else

A vector is {"f": function, "in": {name: [numbers]}, "out": [numbers], "tol": t, "source": text}. A Swift result r agrees
with w if |r - w| <= t * max(1, |w|), or <= t * |w| when "relative" is true. null stands for "no result".
Formulas without a library function are written here a second time, directly from the paper, with numpy.
"""

import json
import math
import pathlib
import sys

import numpy as np
import scipy
import statsmodels
from scipy import optimize, special, stats
from statsmodels.stats import multitest
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

VECTORS = []
TARGET = pathlib.Path(__file__).resolve().parent.parent / "Tests/SpotCheckStatisticsTests/Fixtures/stat_vectors.json"


def add(f, source, out, tol=1e-9, relative=False, **inputs):
    def clean(value):
        return None if value is None or (isinstance(value, float) and math.isnan(value)) else float(value)

    row = {"f": f, "in": {k: [clean(x) for x in np.atleast_1d(v)] for k, v in inputs.items()},
           "out": [clean(x) for x in (out if isinstance(out, (list, tuple, np.ndarray)) else [out])],
           "tol": tol, "source": source}
    if relative:
        row["relative"] = True
    VECTORS.append(row)


def distributions():
    for x in [1e-8, 0.01, 0.5, 1.0, 1.5, 2.0, 3.7, 10.0, 14.99, 15.0, 100.5, 1e5, 1e9]:
        add("logGamma", "scipy.special.gammaln", special.gammaln(x), 1e-12, x=x)
    for p in [1e-300, 1e-20, 1e-5, 0.001, 0.025, 0.05, 0.074, 0.076, 0.3, 0.5, 0.7, 0.925, 0.95, 0.975, 0.999, 1 - 1e-12]:
        add("normalQuantile", "scipy.stats.norm.ppf", stats.norm.ppf(p), 1e-13, p=p)
    for x in [-37.0, -8.0, -3.090232, -1.959963984540054, -0.1, 0.0, 0.3, 1.644853626951472, 4.0, 9.0]:
        add("normalCDF", "scipy.stats.norm.cdf", stats.norm.cdf(x), 1e-12, relative=True, x=x)
    for df in [1, 2, 3, 4, 7.5, 30, 199, 1e4, 1e8]:
        for p in [0.0005, 0.025, 0.1, 0.4, 0.6, 0.95, 0.975, 0.9995]:
            add("studentQuantile", "scipy.stats.t.ppf", stats.t.ppf(p, df), 1e-9, relative=True, p=p, df=df)
        for t in [-30, -2.5, -0.01, 0.7, 5]:
            add("studentCDF", "scipy.stats.t.cdf", stats.t.cdf(t, df), 1e-9, relative=True, t=t, df=df)
    for df in [1, 2, 3, 7, 40, 1000]:
        for x in [1e-6, 0.3, 1, 3.84, 8.2249, 24.81, 129.012, 900, 1100]:
            add("chiSquareUpperTail", "scipy.stats.chi2.sf", stats.chi2.sf(x, df), 1e-9, relative=True, x=x, df=df)
    for n, p in [(1, 0.05), (20, 0.3), (200, 0.9), (233, 0.9), (1970, 0.0290392), (6474, 0.5), (1_000_000, 0.95)]:
        sd = math.sqrt(n * p * (1 - p))
        for x in sorted({0, n, int(n * p), max(0, int(n * p - 3 * sd)), min(n, int(n * p + 3 * sd)),
                         max(0, int(n * p - 12 * sd)), min(n, int(n * p + 12 * sd))}):
            for name, function in [("binomialPMF", stats.binom.pmf), ("binomialCDF", stats.binom.cdf)]:
                value = function(x, n, p)
                if value > 1e-290:
                    add(name, f"scipy.stats.binom.{name[8:].lower()}", value, 1e-9, relative=True, x=x, n=n, p=p)
            value = stats.binom.sf(x - 1, n, p)
            if value > 1e-290:
                add("binomialUpperTail", "scipy.stats.binom.sf", value, 1e-9, relative=True, x=x, n=n, p=p)
        for q in [0.001, 0.025, 0.05, 0.5, 0.975, 0.999]:
            add("binomialQuantile", "scipy.stats.binom.ppf", stats.binom.ppf(q, n, p), 0, q=q, n=n, p=p)
    for a, b in [(0.5, 0.5), (0.01, 3), (1, 1), (5.07145, 192.7301), (187, 14), (28, 1), (1e4, 2e4), (20.5, 1e6), (3e5, 0.5)]:
        for p in [1e-10, 0.001, 0.025, 0.05, 0.5, 0.975, 0.999]:
            value = stats.beta.ppf(p, a, b)
            back = stats.beta.cdf(value, a, b)
            if value > 1e-250 and abs(back - p) < 1e-12 + 1e-9 * p and value < 1:
                add("betaQuantile", "scipy.stats.beta.ppf", value, 1e-9, relative=True, p=p, a=a, b=b)
        for x in [1e-5, 0.01, 0.3, 0.5, 0.9, 0.99999]:
            value = special.betainc(a, b, x)
            if value > 1e-290:
                add("regularisedBeta", "scipy.special.betainc", value, 1e-9, relative=True, x=x, a=a, b=b)
    for population, marked, drawn in [(50, 44, 20), (200, 180, 60), (1000, 10, 500), (31392, 423, 1970), (7, 3, 7), (7, 0, 3)]:
        for x in range(max(0, drawn - population + marked), min(drawn, marked) + 1, max(1, min(drawn, marked) // 7)):
            inputs = dict(x=x, population=population, marked=marked, drawn=drawn)
            pmf = stats.hypergeom.pmf(x, population, marked, drawn)
            if pmf > 1e-250:
                add("hypergeometricPMF", "scipy.stats.hypergeom.pmf", pmf, 1e-8, relative=True, **inputs)
            add("hypergeometricCDF", "scipy.stats.hypergeom.cdf", stats.hypergeom.cdf(x, population, marked, drawn), 1e-9, **inputs)


def wilson(x, n, z):
    p = x / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return [0 if x == 0 else centre - half, 1 if x == n else centre + half]


def clopper(x, n, tail=0.025):
    return [0 if x == 0 else stats.beta.ppf(tail, x, n - x + 1), 1 if x == n else stats.beta.isf(tail, x + 1, n - x)]


def mid_p(x, n, tail):
    def f(p):
        return stats.binom.sf(x, n, p) + 0.5 * stats.binom.pmf(x, n, p)

    low = 0 if x == 0 else optimize.brentq(lambda p: f(p) - tail, 1e-15, 1 - 1e-15, xtol=1e-15)
    high = 1 if x == n else optimize.brentq(lambda p: f(p) - (1 - tail), 1e-15, 1 - 1e-15, xtol=1e-15)
    return [low, high]


def intervals():
    cases = [(81, 263), (15, 148), (0, 20), (1, 29), (29, 29), (28, 28), (188, 200), (187, 200), (217, 233), (1, 1), (0, 1),
             (2, 19), (0, 220), (77, 1970), (132, 9505), (6474 - 188, 6474), (30969, 31392), (190872, 6997389)]
    for x, n in cases:
        for confidence in [0.8, 0.95, 0.998]:
            alpha = 1 - confidence
            z = stats.norm.isf(alpha / 2)
            inputs = dict(x=x, n=n, confidence=confidence)
            add("wilson", "statsmodels proportion_confint wilson",
                [0 if x == 0 else proportion_confint(x, n, alpha, "wilson")[0],
                 1 if x == n else proportion_confint(x, n, alpha, "wilson")[1]], **inputs)
            add("clopperPearson", "statsmodels proportion_confint beta", clopper(x, n, alpha / 2), **inputs)
            jeffreys = list(proportion_confint(x, n, alpha, "jeffreys"))
            if x == 0:
                jeffreys[0] = 0.0
            if x == n:
                jeffreys[1] = 1.0
            add("jeffreys", "statsmodels proportion_confint jeffreys with the ends of Brown, Cai & DasGupta", jeffreys, **inputs)
            agresti = list(proportion_confint(x, n, alpha, "agresti_coull"))
            add("agrestiCoull", "statsmodels proportion_confint agresti_coull, cut to 0...1",
                [0 if x == 0 else max(0, agresti[0]), 1 if x == n else min(1, agresti[1])], **inputs)
            corrected = stats.binomtest(x, n).proportion_ci(confidence, "wilsoncc")
            add("wilsonContinuity", "scipy binomtest wilsoncc", [corrected.low, corrected.high], **inputs)
            if n < 40000:
                add("midP", "root of the mid-P tail by scipy brentq", mid_p(x, n, alpha / 2), **inputs)
    published = {
        "wilson": [(.255289, .366210), (.062386, .160487), (0, .161125), (.006113, .171755)],
        "clopperPearson": [(.252737, .367622), (.057844, .161650), (0, .168433), (.000873, .177644)],
        "jeffreys": [(.254522, .365647), (.060449, .157643), (0, .116639), (.003746, .150078)],
        "midP": [(.254402, .365773), (.060064, .158122), (0, .139108), (.001725, .158537)],
        "wilsonContinuity": [(.253509, .368176), (.059778, .164450), (0, .200453), (.001803, .196282)],
        "agrestiCoull": [(.255221, .366277), (.061386, .161488), (0, .189810), (0, .186287)],
    }
    for name, rows in published.items():
        for (x, n), row in zip(cases, rows):
            add(name, "Newcombe 1998 Table I cases, six decimals", row, 6e-7, x=x, n=n, confidence=0.95)
    for name, rows in {"wilson": [(.2553, .3662), (.0624, .1605), (0, .1611), (.0061, .1718)],
                       "clopperPearson": [(.2527, .3676), (.0578, .1617), (0, .1684), (.0009, .1776)]}.items():
        for (x, n), row in zip(cases, rows):
            add(name, "Newcombe 1998 Table I, four decimals as printed", row, 6e-5, x=x, n=n, confidence=0.95)
    add("wilson", "method 3.2, small cells of Qinghai 2022Q1", (.029359, .313941), 6e-7, x=2, n=19, confidence=0.95)
    add("wilson", "method 3.2, small cells of Qinghai 2022Q1", (0, .017162), 6e-7, x=0, n=220, confidence=0.95)
    for x1, n1, x2, n2 in [(56, 70, 48, 80), (77, 1970, 132, 9505), (9, 10, 3, 10), (6, 7, 2, 7), (5, 56, 0, 29), (0, 10, 0, 20), (10, 10, 0, 20)]:
        low, high = confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff")
        add("newcombe", "statsmodels confint_proportions_2indep newcomb", [x1 / n1 - x2 / n2, low, high], x1=x1, n1=n1, x2=x2, n2=n2)
    add("newcombe", "Newcombe 1998b Table II (a), method 10", [.2, .0524, .3339], 6e-5, x1=56, n1=70, x2=48, n2=80)
    add("newcombe", "method 2.4", [.02520, .01709, .03494], 6e-6, x1=77, n1=1970, x2=132, n2=9505)


def finite():
    def plausible(x, n, population, tail):
        accepted = [k for k in range(x, population - (n - x) + 1)
                    if stats.hypergeom.sf(x - 1, population, k, n) > tail and stats.hypergeom.cdf(x, population, k, n) > tail]
        return [min(accepted), max(accepted)]

    for x, n, population in [(20, 20, 50), (19, 20, 50), (30, 30, 100), (45, 45, 100), (58, 60, 200), (7, 20, 20), (0, 5, 30), (3, 10, 40)]:
        for tail in [0.025, 0.05]:
            add("plausibleCounts", "search over scipy.stats.hypergeom", plausible(x, n, population, tail), 0, x=x, n=n,
                population=population, tail=tail)
        if n < population:
            n2 = n * (population - 1) / (population - n)
            add("wilsonFinite", "Wilson with n(N-1)/(N-n)", wilson(x / n * n2, n2, stats.norm.isf(0.025)) if 0 < x < n else
                [0 if x == 0 else wilson(n2, n2, stats.norm.isf(0.025))[0], 1 if x == n else wilson(0, n2, stats.norm.isf(0.025))[1]],
                x=x, n=n, population=population)
    for (x, n, population), want in {(20, 20, 50): (44, 50), (19, 20, 50): (40, 49), (30, 30, 100): (91, 100), (45, 45, 100): (95, 100),
                                     (58, 60, 200): (180, 198)}.items():
        add("plausibleCounts", "method 2.4", want, 0, x=x, n=n, population=population, tail=0.025)
    add("wilsonFinite", "method 2.4", (.904205, .988901), 6e-7, x=58, n=60, population=200)


def targets():
    rows = [(29, 29, 90, .047101, 1, .901855, 1), (28, 28, 90, .052335, 1, .898534, 0), (188, 200, 90, .032047, .983210, .904599, 1),
            (187, 200, 90, .056562, .967953, .898643, 0), (180, 200, 90, .559175, .534462, .858011, 0),
            (172, 200, 90, .972908, .043428, .813125, -1), (10, 10, 90, .348678, 1, .741134, 0), (217, 233, 90, .063324, .961731, .897569, 0),
            (59, 59, 95, .048495, 1, None, 1), (58, 58, 95, .051047, 1, None, 0), (99, 100, 95, .037081, .994079, None, 1),
            (98, 100, 95, .118263, .962919, None, 0), (91, 100, 95, .971812, .063090, None, 0), (90, 100, 95, .988528, .028188, None, -1),
            (6, 10, 90, .998365, .012795, None, -1), (7, 10, 90, .987205, .070191, None, 0)]
    for x, n, percent, better, worse, lower, verdict in rows:
        p0 = percent / 100
        inputs = dict(x=x, n=n, percent=percent)
        add("decision", "scipy binom tails, beta.ppf", [verdict, stats.binom.sf(x - 1, n, p0), stats.binom.cdf(x, n, p0), clopper(x, n, 0.05)[0]], **inputs)
        add("decision", "method 2.5 table", [verdict, better, worse, lower if lower is not None else clopper(x, n, 0.05)[0]], 6e-7, **inputs)
    add("decisionUpperBound", "method 2.5 table", .898638, 6e-7, x=172, n=200, percent=90)
    table = {75: [11, 18, 23, 29, 34, 40, 45, 50], 80: [14, 22, 30, 37, 44, 50, 57, 63], 90: [29, 46, 61, 76, 89, 103, 116, 129],
             95: [59, 93, 124, 153, 181, 208, 234, 260], 98: [149, 236, 313, 386, 456, 523, 590, 655]}
    for percent, sizes in table.items():
        for failures, n in enumerate(sizes):
            add("smallestSample", "method 2.5", n, 0, percent=percent, failures=failures)
    for percent, failures, n in [(90, 10, 167), (90, 20, 286), (95, 10, 336), (95, 20, 577), (99, 0, 299)]:
        add("smallestSample", "method 2.5", n, 0, percent=percent, failures=failures)
    for percent in [50, 85, 97, 99]:
        for failures in [0, 1, 5]:
            n = failures + 1
            while stats.binom.cdf(failures, n, 1 - percent / 100) > 0.05:
                n += 1
            add("smallestSample", "search over scipy.stats.binom.cdf", n, 0, percent=percent, failures=failures)
    for x, n, percent, more in [(28, 28, 90, 1), (9, 10, 90, 36), (187, 200, 90, 3), (217, 233, 90, 6), (180, 200, 90, 86), (98, 100, 95, 24),
                                (19, 20, 95, 73), (95, 100, 95, 108), (29, 29, 90, 0), (0, 0, 90, 29)]:
        add("cleanSamplesNeeded", "method 2.5", more, 0, x=x, n=n, percent=percent)
    for percent, row in {90: {5: 3, 10: 4, 20: 5, 30: 7, 50: 10, 100: 16, 200: 28, 500: 62},
                         95: {5: 2, 10: 3, 20: 4, 30: 5, 50: 6, 100: 10, 200: 16, 500: 34}}.items():
        for n, failures in row.items():
            add("fewestFailuresRefuting", "method 2.5", failures, 0, percent=percent, n=n)
    for n, limit, chance in [(13, 4, .0342), (20, 5, .0432)]:
        add("fewestFailuresRefuting", "GB/T 2828.4 plan, DQL 10 %", limit, 0, percent=90, n=n)
        add("binomialUpperTail", "GB/T 2828.4 plan, DQL 10 %", chance, 6e-5, x=limit, n=n, p=0.1)
    for population, sizes in {20: (12, 16, 19), 50: (19, 31, 39), 100: (23, 39, 63), 200: (26, 47, 90), 500: (28, 54, 119), 1000: (28, 56, 132)}.items():
        for percent, n in zip((90, 95, 98), sizes):
            add("zeroFailureSample", "method 2.5", n, 0, population=population, percent=percent)
    for percent, truth, n in [(90, .95, 203), (90, .97, 89), (90, .93, 593), (95, .98, 286), (95, .97, 694), (95, .99, 124)]:
        add("sampleSize", "method 2.6, exact power 80 % for all larger n", n, 0, percent=percent, truth=truth)


def planning():
    for rate, margin, n in [(.95, .01, 1825), (.95, .02, 457), (.95, .03, 203), (.95, .05, 73), (.9, .01, 3458), (.9, .02, 865), (.9, .03, 385), (.9, .05, 139),
                            (.01, .0075, 677)]:
        exact = math.ceil(stats.norm.isf(.025) ** 2 * rate * (1 - rate) / margin ** 2)
        add("precision", "z^2 p (1-p) / e^2" + ("" if rate == .01 else ", method 2.6"), exact if rate == .01 else n, 0, rate=rate, margin=margin)
    add("neyman", "method 2.6", [137.5, 123.0, 39.4], 6e-2 / 40, total=300, weights=[.5, .3, .2], rates=[.95, .88, .975])
    w, p = np.array([.5, .3, .2]), np.array([.95, .88, .975])
    share = w * np.sqrt(p * (1 - p))
    add("neyman", "numpy", 300 * share / share.sum(), total=300, weights=w, rates=p)


def survey():
    def korn(p, n_eff, tail=0.025):
        return [stats.beta.ppf(tail, n_eff * p, n_eff * (1 - p) + 1), stats.beta.ppf(1 - tail, n_eff * p + 1, n_eff * (1 - p))]

    z = stats.norm.isf(.025)
    for weights, x, n in [([.5, .3, .2], [190, 44, 39], [200, 50, 40]), ([30, 50, 20], [97, 51, 39], [100, 60, 40]), ([1, 2], [5, 7], [9, 30])]:
        w, x, n = np.array(weights) / np.sum(weights), np.array(x), np.array(n)
        p = x / n
        rate, v = (w * p).sum(), (w ** 2 * p * (1 - p) / n).sum()
        size = min(rate * (1 - rate) / v, n.sum())
        add("stratified", "numpy, scipy.stats.beta", [rate, v, size, *korn(rate, size), *wilson(rate * size, size, z)], x=x, n=n, weights=weights)
        ratio = (stats.t.ppf(.975, n.sum() - 1) / stats.t.ppf(.975, 5)) ** 2
        add("kornGraubardWithDF", "numpy, scipy.stats.t", korn(rate, min(n.sum(), size * ratio)), x=x, n=n, weights=weights, df=5)
    add("stratified", "method 2.3", [.934, 2.7383e-4, 225.118, .893244, .962710, .893744, .959692], 6e-6, x=[190, 44, 39], n=[200, 50, 40], weights=[.5, .3, .2])
    add("weightedRate", "method 2.2 (RPQ)", [.911, .024121], 6e-7, x=[97, 51, 39], n=[100, 60, 40], weights=[30, 50, 20])
    for x, n in [([10, 8, 10, 3, 5], [10, 10, 10, 5, 5]), ([4, 9, 17], [5, 9, 20])]:
        x, n = np.array(x), np.array(n)
        rate, k = x.sum() / n.sum(), len(x)
        v = k / (k - 1) * ((x - rate * n) ** 2).sum() / n.sum() ** 2
        simple = rate * (1 - rate) / n.sum()
        size = min(n.sum(), rate * (1 - rate) / v)
        add("clustered", "numpy, scipy.stats.beta", [rate, v, v / simple, size, *korn(rate, size)], x=x, n=n)
    add("clustered", "method 2.3", [.9, .004296875, 1.909722, 20.945455, .689669, .986733], 6e-7, x=[10, 8, 10, 3, 5], n=[10, 10, 10, 5, 5])
    add("gradeRate", "method 2.2", .95, 1e-12, superior=20, first=50, qualified=30, total=100)


REGIONS_X, REGIONS_N = [77, 33, 27, 24, 14, 1, 7, 5], [1970, 1187, 705, 939, 559, 375, 566, 173]


def pooling():
    def moments(x, n):
        p, total, k = x / n, n.sum(), len(x)
        mean = x.sum() / total
        s, v = (n * (p - mean) ** 2).sum(), mean * (1 - mean)
        rho = max(0, (s - v * (k - 1)) / (v * (total - (n ** 2).sum() / total - (k - 1))))
        return mean, rho

    def fit(x, n, start):
        result = optimize.minimize(lambda t: -stats.betabinom.logpmf(x, n, *np.exp(t)).sum(), np.log(start), method="Nelder-Mead",
                                   options=dict(xatol=1e-10, fatol=1e-13, maxiter=20000))
        return [*np.exp(result.x), -result.fun]

    x, n = np.array(REGIONS_X), np.array(REGIONS_N)
    mean, rho = moments(x, n)
    m = 1 / rho - 1
    add("moments", "numpy", [mean, rho, m, mean * m, (1 - mean) * m], x=x, n=n)
    add("moments", "method 2.7", [.0290392, .0033522596, 297.306, 8.633546, 288.672704], 2e-6, x=x, n=n)
    add("shrunkenRates", "method 2.7", [.037769, .028049, .035552, .026396, .026432, .014329, .018109, .028989], 6e-7, x=x, n=n)
    a, b = mean * m, (1 - mean) * m
    add("shrunkenIntervals", "scipy.stats.beta.ppf", np.array([stats.beta.ppf([.025, .975], a + i, b + j - i) for i, j in zip(x, n)]).ravel(), x=x, n=n)
    add("maximumLikelihood", "method 2.7", [5.07145, 192.73010, -28.247595], 6e-6, x=x, n=n)
    add("maximumLikelihood", "scipy.stats.betabinom, Nelder-Mead", fit(x, n, (a, b)), 1e-5, x=x, n=n)
    x, n = np.array([3, 0, 9, 1, 12, 4]), np.array([10, 8, 11, 9, 30, 6])
    mean, rho = moments(x, n)
    m = 1 / rho - 1
    add("moments", "numpy", [mean, rho, m, mean * m, (1 - mean) * m], x=x, n=n)
    add("maximumLikelihood", "scipy.stats.betabinom, Nelder-Mead", fit(x, n, (mean * m, (1 - mean) * m)), 1e-5, x=x, n=n)


def multiplicity():
    bh1995 = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1.0]
    pooled = sum(REGIONS_X) / sum(REGIONS_N)
    regions = [min(1, 2 * min(stats.binom.cdf(x, n, pooled), stats.binom.sf(x - 1, n, pooled))) for x, n in zip(REGIONS_X, REGIONS_N)]
    add("doubledTails", "scipy.stats.binom", regions, x=REGIONS_X, n=REGIONS_N)
    add("doubledTails", "method 2.8", [.012979, .887874, .184142, .605921, .686414, .000388, .014109, 1], 6e-7, x=REGIONS_X, n=REGIONS_N)
    shuffled = [bh1995[i] for i in (7, 2, 14, 0, 9, 4, 11, 1, 13, 5, 3, 12, 6, 10, 8)]
    for values in (bh1995, shuffled, regions, [.02, .02, .02, .04], [.5], []):
        for name, method in [("benjaminiHochberg", "fdr_bh"), ("benjaminiYekutieli", "fdr_by"), ("holm", "holm"), ("bonferroni", "bonferroni")]:
            out = multitest.multipletests(values, method=method)[1] if values else []
            add(name, f"statsmodels multipletests {method}", list(out), 1e-12, p=values)
    add("benjaminiHochberg", "method 2.8", [.0015, .003, .0095, .035625, .0603, .063857, .063857, .0645, .0765, .486, .581182, .714875, .753231, .813214, 1],
        6e-7, p=bh1995)
    add("benjaminiHochberg", "method 2.8", [.037625, 1, .368284, .915219, .915219, .003102, .037625, 1], 6e-7, p=regions)
    for name, count in [("benjaminiHochberg", 4), ("bonferroni", 3), ("holm", 3), ("benjaminiYekutieli", 3)]:
        add("rejections", f"Benjamini & Hochberg 1995, {name}", count, 0, p=bh1995, method=["benjaminiHochberg", "benjaminiYekutieli", "holm", "bonferroni"].index(name))


def funnel():
    theta = .0290392
    for n, want in {173: (0, .003456, .053833, .073088), 375: (.004826, .011812, .045885, .057961), 1970: (.017805, .021590, .036429, .041129)}.items():
        add("funnelLimits", "method 2.9", want, 6e-7, n=n, centre=theta)
    for n, centre in [(173, theta), (375, theta), (1970, theta), (50, .5), (12, .9)]:
        out = []
        for p in (.001, .025, .975, .999):
            r = stats.binom.ppf(p, n, centre)
            out.append(max(0, (r - (stats.binom.cdf(r, n, centre) - p) / stats.binom.pmf(r, n, centre)) / n))
        add("funnelLimits", "Spiegelhalter 2005 over scipy.stats.binom", out, n=n, centre=centre)
    x, n = np.array(REGIONS_X), np.array(REGIONS_N)
    theta = x.sum() / n.sum()
    z = (x / n - theta) / np.sqrt(theta * (1 - theta) / n)
    add("heterogeneity", "method 2.9", [24.810, 7, .00082, 3.544], 6e-4, x=x, n=n)
    for label, xs, ns in [("regions", x, n), ("levels", np.array([69, 37, 18, 64]), np.array([1537, 828, 1130, 2979])), ("stages", np.array([4, 89, 95]), np.array([293, 1670, 4511]))]:
        table = np.array([xs, ns - xs])
        chi, p, df, _ = stats.chi2_contingency(table, correction=False)
        add("heterogeneity", f"scipy chi2_contingency, {label}", [chi, df, p, chi / df], x=xs, n=ns)
    add("heterogeneity", "method 3.2, levels", [33.81, 3, 0, 11.27], 6e-3 / 11, x=[69, 37, 18, 64], n=[1537, 828, 1130, 2979])
    add("heterogeneity", "method 3.2, stages", [47.49, 2, 0, 23.745], 6e-3 / 11, x=[4, 89, 95], n=[293, 1670, 4511])
    s, target = 1 / (2 * np.sqrt(n)), np.arcsin(np.sqrt(theta))
    u = (np.arcsin(np.sqrt(x / n)) - target) / s
    low, high = np.quantile(u, [.1, .9])
    phi = (np.clip(u, low, high) ** 2).mean()
    w, k = 1 / s ** 2, len(n)
    tau = max(0, (k * phi - (k - 1)) / (w.sum() - (w ** 2).sum() / w.sum()))
    out = [phi, tau]
    for zz in (3.090232, 1.959964):
        half = zz * math.sqrt(1 / (4 * 1970) + tau)
        out += [math.sin(max(0, target - half)) ** 2, math.sin(target + half) ** 2]
    add("dispersion", "numpy", out, x=x, n=n, size=1970)
    add("dispersion", "method 2.9", [3.138376, .000850918, .005557, .070058, .012042, .053104], 6e-7, x=x, n=n, size=1970)
    out = []
    for zz in (3.090232, 1.959964):
        half = zz * math.sqrt(1 / (4 * 1970))
        out += [math.sin(target - half) ** 2, math.sin(target + half) ** 2]
    add("arcsineLimits", "numpy", out, centre=theta, size=1970)
    add("arcsineLimits", "method 2.9", [.018499, .041862, .022086, .036911], 6e-7, centre=theta, size=1970)


def time():
    wafers = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
    add("pChart", "NIST e-Handbook 6.3.3.2 wafers", [.2313, .0524, .4102], 6e-5, x=wafers, n=[50] * 30, at=0)
    n = np.array([120, 130, 110, 150, 140, 160, 125, 135, 145, 155, 900, 880])
    x = np.array([6, 9, 4, 8, 10, 7, 5, 9, 6, 8, 85, 30])
    mean = x.sum() / n.sum()
    sigma = np.sqrt(mean * (1 - mean) / n)
    z = (x / n - mean) / sigma
    moving = np.abs(np.diff(z)).mean()
    sz = moving / 1.128
    add("pChart", "numpy", [mean, max(0, mean - 3 * sigma[10]), mean + 3 * sigma[10]], x=x, n=n, at=10)
    add("laney", "numpy", [mean, moving, sz, mean - 3 * sigma[10] * sz, mean + 3 * sigma[10] * sz], x=x, n=n, at=10)
    add("pChart", "method 2.10", [.0593651, .035734, .082996], 6e-7, x=x, n=n, at=10)
    add("laney", "method 2.10", [.0593651, 1.9181072, 1.7004496, .019182, .099548], 6e-7, x=x, n=n, at=10)
    average, variance, path = .05, 0.0, []
    for i in range(12):
        average = .2 * x[i] / n[i] + .8 * average
        variance = .04 * .05 * .95 / n[i] + .64 * variance
        path.append((average, .05 + 3 * math.sqrt(variance)))
    add("ewma", "numpy", [*path[10], *path[11]], x=x, n=n, expected=.05, at=[10, 11])
    add("ewma", "method 2.10", [.059843, .065078, .054693, .062842], 6e-7, x=x, n=n, expected=.05, at=[10, 11])
    a, b = math.log(.1 * .95 / (.05 * .9)), math.log(.9 / .95)
    s, path = 0, []
    for i in range(12):
        s = max(0, s + x[i] * a + n[i] * b)
        path.append(s)
    add("cusum", "numpy", [a, b, *path], x=x, n=n, expected=.05, shifted=.1)
    add("cusum", "method 2.10", [.7472144, -.0540672, *[0] * 10, 14.852725, 0], 6e-7, x=x, n=n, expected=.05, shifted=.1)
    for n, run, crossings in [(12, 7, 3), (24, 8, 8), (36, 8, 13)]:
        add("runLimits", "Anhoej & Olesen 2014, method 2.10", [run, crossings], 0, n=n)
    for n in [1, 2, 5, 6, 11, 45, 46, 90, 91, 1000]:
        add("runLimits", "round(log2 n) + 3, scipy.stats.binom.ppf", [round(math.log2(n)) + 3, max(0, stats.binom.ppf(.05, n - 1, .5)) if n > 1 else 0], 0, n=n)
    for x, n, want in [([83, 90, 129, 70], [86, 93, 136, 82], (-14.52393, 8.2249, .004132)),
                       ([320, 1206, 1011, 463, 220], [1742, 5638, 3904, 1555, 626], (567.16, 129.012, 0))]:
        add("cochranArmitage", "R prop.trend.test", want, 6e-6, x=x, n=n)
        x, n = np.array(x), np.array(n)
        s, mean = np.arange(1, len(x) + 1), x.sum() / n.sum()
        t = (s * (x - n * mean)).sum()
        v = mean * (1 - mean) * ((n * s * s).sum() - (n * s).sum() ** 2 / n.sum())
        add("cochranArmitage", "numpy, scipy.stats.chi2", [t, t * t / v, stats.chi2.sf(t * t / v, 1)], x=x, n=n)


def composition():
    stones = [(81, 87, 234, 270), (192, 263, 55, 80)]
    add("mantelHaenszelOR", "kidney stones, method 2.11", 1.446847, 6e-7, x1=[81, 192], n1=[87, 263], x2=[234, 55], n2=[270, 80])
    for strata in [stones, [(5, 20, 3, 25), (9, 30, 4, 28), (2, 7, 1, 9)]]:
        table = StratifiedTable([np.array([[a, n - a], [c, m - c]]) for a, n, c, m in strata])
        test = table.test_null_odds(correction=False)
        a, n, c, m = zip(*strata)
        add("mantelHaenszel", "statsmodels StratifiedTable", [table.oddsratio_pooled, *table.oddsratio_pooled_confint(), test.statistic, test.pvalue],
            x1=a, n1=n, x2=c, n2=m)
    add("weightedRate", "kidney stones, method 2.11", [.832546, None], 1e-6, x=[81, 192], n=[87, 263], weights=[.51, .49])
    add("weightedRate", "kidney stones, method 2.11", [.778875, None], 1e-6, x=[234, 55], n=[270, 80], weights=[.51, .49])
    before = ([69, 82, 146, 126], [2919, 5392, 12059, 11022])
    after = ([69, 37, 18, 64], [1537, 828, 1130, 2979])
    add("kitagawa", "method 2.11", [.013475, .029039, .015564, .013073, .002491], 6e-7, x0=before[0], n0=before[1], x1=after[0], n1=after[1])
    x0, n0, x1, n1 = map(np.array, (*before, *after))
    p0, p1, w0, w1 = x0 / n0, x1 / n1, n0 / n0.sum(), n1 / n1.sum()
    add("kitagawa", "numpy", [x0.sum() / n0.sum(), x1.sum() / n1.sum(), x1.sum() / n1.sum() - x0.sum() / n0.sum(),
                              ((p1 - p0) * (w0 + w1) / 2).sum(), ((w1 - w0) * (p0 + p1) / 2).sum()], x0=x0, n0=n0, x1=x1, n1=n1)
    add("weightedRate", "method 2.11, 2025 at the mix of 2023", [.025512, .002163], 6e-7, x=after[0], n=after[1], weights=before[1])


def main():
    for part in (distributions, intervals, finite, targets, planning, survey, pooling, multiplicity, funnel, time, composition):
        part()
    head = {"about": "Written by scripts/stat_vectors.py; do not edit.", "scipy": scipy.__version__, "statsmodels": statsmodels.__version__}
    lines = ",\n".join("  " + json.dumps(v, ensure_ascii=False, allow_nan=False) for v in VECTORS)
    text = json.dumps(head)[:-1] + ', "vectors": [\n' + lines + "\n]}\n"
    if "--check" in sys.argv[1:]:
        same = TARGET.exists() and TARGET.read_text(encoding="utf-8") == text
        print("same" if same else "different", len(VECTORS), "vectors")
        sys.exit(0 if same else 1)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    print("wrote", len(VECTORS), "vectors")


if __name__ == "__main__":
    main()
