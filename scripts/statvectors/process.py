"""Rates over time (method 2.10)."""

import math

import numpy as np
from scipy import stats

from .record import add, both, printed

# The series of method 2.10.
N = np.array([120, 130, 110, 150, 140, 160, 125, 135, 145, 155, 900, 880])
X = np.array([6, 9, 4, 8, 10, 7, 5, 9, 6, 8, 85, 30])
# Attendances at English emergency departments in twenty weeks, and those seen within four hours: NHS weekly figures published by
# Mohammed et al., BMJ Quality & Safety 22 (2013) 362–368; `nhs_accidents` of the R package qicharts2.
NHS_X = np.array([266501, 264225, 276532, 281461, 269071, 261215, 270409, 279778, 270483, 270320, 267923, 271478, 255353, 256820, 261835, 259144,
                  255910, 260863, 264465, 260989])
NHS_N = np.array([280443, 276823, 291681, 296155, 282343, 275888, 283867, 295251, 284468, 282529, 279618, 283932, 266629, 268091, 276803, 271578,
                  266005, 273520, 278574, 273772])
# Outer limits of the first three weeks' p and p' chart as qicharts2 0.8.1 prints them.
NHS_P = [.95169956464601502, .9540998580423673, .95169174300572235, .95410767968265997, .95172291159637212, .95407651109201019]
NHS_P_PRIME = [.9401296441775141, .96566977851086822, .94004641862513627, .96575300406324605, .9403780655785402, .96542135710984212]


def _chart(x, n, prime):
    """Centre, mean moving range, sigma_z, and limits of every period; not cut to 0...1."""
    mean = x.sum() / n.sum()
    sigma = np.sqrt(mean * (1 - mean) / n)
    moving = np.abs(np.diff((x / n - mean) / sigma)).mean()
    factor = moving / 1.128 if prime else 1
    return mean, moving, factor, mean - 3 * sigma * factor, mean + 3 * sigma * factor


def charts():
    wafers = np.array([12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6])
    fifty = np.full(30, 50)
    mean, _, _, low, high = _chart(wafers, fifty, False)
    both("pChart", "method 2.10, NIST e-Handbook 6.3.3.2 wafers", [.2313, .0524, .4102], 4, "numpy", [mean, low[0], high[0]], x=wafers, n=fifty, at=0)
    mean, _, _, low, high = _chart(X, N, False)
    both("pChart", "method 2.10", [.0593651, .035734, .082996], [7, 6, 6], "numpy", [mean, low[10], high[10]], x=X, n=N, at=10)
    add("pChart", "numpy, cut at 0", [mean, max(0, low[2]), high[2]], x=X, n=N, at=2)
    mean, moving, factor, low, high = _chart(X, N, True)
    both("laney", "method 2.10", [.0593651, 1.9181072, 1.7004496, .019182, .099548], [7, 7, 7, 6, 6], "numpy", [mean, moving, factor, low[10], high[10]],
         x=X, n=N, at=10)
    both("rate", "method 2.10, period 11", .094444, 6, "division", 85 / 900, x=85, n=900)
    for x, n, want, digits, place in [(X, N, [.0593651, 1.7004496, None, None, 1, 0], [7, 7, 0, 0, 0, 0], "method 2.10, period 11 signals on p alone"),
                                      (NHS_X, NHS_N, [.952900, 10.6404, 16, 0, None, None], [6, 4, 0, 0, 0, 0], "method 2.10, nhs_accidents")]:
        out = []
        for prime in (False, True):
            mean, _, factor, low, high = _chart(x, n, prime)
            outside = (x / n < low) | (x / n > high)
            out.append((int(outside.sum()), int(outside[10])))
        both("signals", place, want, digits, "numpy", [mean, factor, out[0][0], out[1][0], out[0][1], out[1][1]], x=x, n=n, at=10)
    for f, want, prime in [("pLimits", NHS_P, False), ("laneyLimits", NHS_P_PRIME, True)]:
        *_, low, high = _chart(NHS_X, NHS_N, prime)
        mine = np.array([low[:3], high[:3]]).T.ravel()
        assert np.allclose(mine, want, rtol=0, atol=1e-14), f
        add(f, "R qicharts2 0.8.1, nhs_accidents", want, 1e-12, x=NHS_X, n=NHS_N)


def memory():
    average, variance, path = .05, 0.0, []
    for i in range(12):
        average = .2 * X[i] / N[i] + .8 * average
        variance = .04 * .05 * .95 / N[i] + .64 * variance
        path.append((average, .05 + 3 * math.sqrt(variance)))
    both("ewma", "method 2.10", [.059843, .065078, .054693, .062842], 6, "numpy", [*path[10], *path[11]], x=X, n=N, expected=.05, at=[10, 11])
    a, b = math.log(.1 * .95 / (.05 * .9)), math.log(.9 / .95)
    s, path = 0, []
    for i in range(12):
        s = max(0, s + X[i] * a + N[i] * b)
        path.append(s)
    both("cusum", "method 2.10", [.7472144, -.0540672, *[0] * 10, 14.852725, 0], [7, 7, *[6] * 12], "numpy", [a, b, *path], x=X, n=N,
         expected=.05, shifted=.1)
    for level, samples, rate in [(3, 50, .05), (3, 50, .1), (2, 20, .05), (4.5, 200, .05), (1, 1, .3)]:
        add("averageRunLength", "Brook & Evans 1972 by numpy.linalg.solve, scipy.stats.binom", _run_length(a, b, level, samples, rate), 1e-8, relative=True,
            expected=.05, shifted=.1, level=level, samples=samples, rate=rate)


def _run_length(a, b, level, samples, rate, states=100):
    """Mean periods until a CUSUM from 0 rises above the level: S in cells of equal width, the first half as wide."""
    width = 2 * level / (2 * states - 1)
    start, border = np.arange(states) * width, (np.arange(states) + .5) * width
    failures = np.floor((border[None, :] - start[:, None] - samples * b) / a)
    reached = stats.binom.cdf(failures, samples, rate)
    step = np.diff(reached, axis=1, prepend=0)
    return np.linalg.solve(np.eye(states) - step, np.ones(states))[0]


def runs():
    def limits(n):
        return [round(math.log2(n)) + 3, max(0, stats.binom.ppf(.05, n - 1, .5)) if n > 1 else 0]

    for n, run, crossings in [(12, 7, 3), (24, 8, 8), (36, 8, 13)]:
        both("runLimits", "method 2.10, Anhoej & Olesen 2014", [run, crossings], 0, "round(log2 n) + 3, scipy.stats.binom.ppf", limits(n), 0, n=n)
    for n in [1, 2, 5, 6, 11, 20, 45, 46, 90, 91, 1000]:
        add("runLimits", "round(log2 n) + 3, scipy.stats.binom.ppf", limits(n), 0, n=n)


def trends():
    for x, n, want, digits in [([83, 90, 129, 70], [86, 93, 136, 82], (-14.52393, 8.2249, .004132), [5, 4, 6]),
                               ([320, 1206, 1011, 463, 220], [1742, 5638, 3904, 1555, 626], (567.16, 129.012, None), [2, 3, 0])]:
        xs, ns, s = np.array(x), np.array(n), np.arange(1, len(x) + 1)
        mean = xs.sum() / ns.sum()
        t = (s * (xs - ns * mean)).sum()
        v = mean * (1 - mean) * ((ns * s * s).sum() - (ns * s).sum() ** 2 / ns.sum())
        both("cochranArmitage", "method 2.10, R prop.trend.test", want, digits, "numpy, scipy.stats.chi2", [t, t * t / v, stats.chi2.sf(t * t / v, 1)],
             x=x, n=n)


PARTS = (charts, memory, runs, trends)
