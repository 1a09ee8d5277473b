"""Groups beside one another: weights, clusters, pooling, many comparisons, funnels, composition (method 2.2, 2.3, 2.7 to 2.9, 2.11)."""

import math

import numpy as np
from scipy import optimize, special, stats
from statsmodels.stats import multitest
from statsmodels.stats.contingency_tables import StratifiedTable

from .proportions import wilson
from .record import add, both, printed

# Failures and samples by region, Qinghai 2025H1: 西宁 海东 海西 海南 海北 玉树 果洛 黄南.
REGIONS = np.array([77, 33, 27, 24, 14, 1, 7, 5]), np.array([1970, 1187, 705, 939, 559, 375, 566, 173])
# By level 国转移/省/市州/区县, 2023Q1–3 and 2025H1.
LEVELS_2023 = np.array([69, 82, 146, 126]), np.array([2919, 5392, 12059, 11022])
LEVELS_2025 = np.array([69, 37, 18, 64]), np.array([1537, 828, 1130, 2979])
STAGES_2025 = np.array([4, 89, 95]), np.array([293, 1670, 4511])
Z95, Z998 = 1.959964, 3.090232


def _korn(p, n_eff, tail=0.025):
    return [stats.beta.ppf(tail, n_eff * p, n_eff * (1 - p) + 1), stats.beta.ppf(1 - tail, n_eff * p + 1, n_eff * (1 - p))]


def weighted(x, n, weights):
    """Rate and variance over strata of known weight."""
    w, p = np.asarray(weights) / np.sum(weights), np.asarray(x) / np.asarray(n)
    return (w * p).sum(), (w ** 2 * p * (1 - p) / n).sum()


def survey():
    z = stats.norm.isf(.025)
    for weights, x, n in [([.5, .3, .2], [190, 44, 39], [200, 50, 40]), ([30, 50, 20], [97, 51, 39], [100, 60, 40]), ([1, 2], [5, 7], [9, 30])]:
        n = np.array(n)
        rate, v = weighted(x, n, weights)
        size = min(rate * (1 - rate) / v, n.sum())
        add("stratified", "numpy, scipy.stats.beta", [rate, v, size, *_korn(rate, size), *wilson(rate * size, size, z)], x=x, n=n, weights=weights)
        add("weightedRate", "numpy", [rate, math.sqrt(v)], x=x, n=n, weights=weights)
        for df in (1, 5, 30):
            ratio = (stats.t.ppf(.975, n.sum() - 1) / stats.t.ppf(.975, df)) ** 2
            add("kornGraubardWithDF", "numpy, scipy.stats.t", _korn(rate, min(n.sum(), size * ratio)), x=x, n=n, weights=weights, df=df)
    # One stratum and more degrees of freedom than samples: n_eff is capped at n.
    add("kornGraubardWithDF", "scipy.stats.beta", _korn(.95, 20), x=[19], n=[20], weights=[1], df=1e6)
    printed("stratified", "method 2.3", [.934, 2.7383e-4, 225.118, .893244, .962710, .893744, .959692], [6, 8, 3, 6, 6, 6, 6],
            x=[190, 44, 39], n=[200, 50, 40], weights=[.5, .3, .2])
    printed("weightedRate", "method 2.2, RPQ", [.911, .024121], 6, x=[97, 51, 39], n=[100, 60, 40], weights=[30, 50, 20])
    for x, n in [([10, 8, 10, 3, 5], [10, 10, 10, 5, 5]), ([4, 9, 17], [5, 9, 20])]:
        x, n = np.array(x), np.array(n)
        rate, k = x.sum() / n.sum(), len(x)
        v = k / (k - 1) * ((x - rate * n) ** 2).sum() / n.sum() ** 2
        simple = rate * (1 - rate) / n.sum()
        size = min(n.sum(), rate * (1 - rate) / v)
        add("clustered", "numpy, scipy.stats.beta", [rate, v, simple, v / simple, size, *_korn(rate, size)], x=x, n=n)
    printed("clustered", "method 2.3", [.9, .004296875, .00225, 1.909722, 20.945455, .689669, .986733], [6, 9, 5, 6, 6, 6, 6],
            x=[10, 8, 10, 3, 5], n=[10, 10, 10, 5, 5])
    both("gradeRate", "method 2.2", .95, 2, "(1.5 P1 + P2 + 0.5 P3)/P", (1.5 * 20 + 50 + .5 * 30) / 100, superior=20, first=50, qualified=30, total=100)
    add("gradeRate", "(1.5 P1 + P2 + 0.5 P3)/P", 1.35, superior=70, first=30, qualified=0, total=100)


def _moments(x, n):
    p, total, k = x / n, n.sum(), len(x)
    mean = x.sum() / total
    s, v = (n * (p - mean) ** 2).sum(), mean * (1 - mean)
    rho = max(0, (s - v * (k - 1)) / (v * (total - (n ** 2).sum() / total - (k - 1))))
    m = 1 / rho - 1
    return mean, rho, m, mean * m, (1 - mean) * m


def _fit(x, n, start):
    """Where the gradient of the log-likelihood vanishes: a search for its top stops too early, the ridge is flat."""
    psi = special.digamma

    def gradient(t):
        a, b = np.exp(t)
        rest = (psi(a + b) - psi(a + b + n)).sum()
        return [a * ((psi(a + x) - psi(a)).sum() + rest), b * ((psi(b + n - x) - psi(b)).sum() + rest)]

    a, b = np.exp(optimize.root(gradient, np.log(start), tol=1e-14).x)
    return [a, b, stats.betabinom.logpmf(x, n, a, b).sum()]


def pooling():
    for x, n in [REGIONS, (np.array([3, 0, 9, 1, 12, 4]), np.array([10, 8, 11, 9, 30, 6]))]:
        mean, rho, m, a, b = _moments(x, n)
        add("moments", "numpy", [mean, rho, m, a, b], x=x, n=n)
        add("shrunkenRates", "numpy", (a + x) / (m + n), x=x, n=n)
        add("ownWeights", "numpy", n / (n + m), x=x, n=n)
        add("shrunkenIntervals", "scipy.stats.beta.ppf", np.array([stats.beta.ppf([.025, .975], a + i, b + j - i) for i, j in zip(x, n)]).ravel(), x=x, n=n)
        add("maximumLikelihood", "scipy.optimize.root of the digamma gradient, scipy.stats.betabinom", _fit(x, n, (a, b)), 1e-8, x=x, n=n)
    x, n = REGIONS
    printed("moments", "method 2.7", [.0290392, .0033522596, 297.306, 8.633546, 288.672704], [7, 10, 3, 6, 6], x=x, n=n)
    printed("shrunkenRates", "method 2.7", [.037769, .028049, .035552, .026396, .026432, .014329, .018109, .028989], 6, x=x, n=n)
    # The ridge of the likelihood is flat: beta is printed as 192.73010 and is 192.72996 where the gradient vanishes.
    printed("maximumLikelihood", "method 2.7", [5.07145, 192.73010, -28.247595], [5, 3, 6], x=x, n=n)


def multiplicity():
    bh1995 = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1.0]
    x, n = REGIONS
    pooled = x.sum() / n.sum()
    regions = [min(1, 2 * min(stats.binom.cdf(i, j, pooled), stats.binom.sf(i - 1, j, pooled))) for i, j in zip(x, n)]
    both("doubledTails", "method 2.8", [.012979, .887874, .184142, .605921, .686414, .000388, .014109, 1], 6, "scipy.stats.binom", regions, x=x, n=n)
    shuffled = [bh1995[i] for i in (7, 2, 14, 0, 9, 4, 11, 1, 13, 5, 3, 12, 6, 10, 8)]
    for values in (bh1995, shuffled, regions, [.02, .02, .02, .04], [.5], []):
        for name, method in [("benjaminiHochberg", "fdr_bh"), ("benjaminiYekutieli", "fdr_by"), ("holm", "holm"), ("bonferroni", "bonferroni")]:
            out = multitest.multipletests(values, method=method)[1] if values else []
            add(name, f"statsmodels multipletests {method}", list(out), 1e-12, p=values)
    printed("benjaminiHochberg", "method 2.8", [.0015, .003, .0095, .035625, .0603, .063857, .063857, .0645, .0765, .486, .581182, .714875, .753231,
                                                .813214, 1], 6, p=bh1995)
    printed("benjaminiHochberg", "method 2.8", [.037625, 1, .368284, .915219, .915219, .003102, .037625, 1], 6, p=regions)
    for i, (method, count) in enumerate([("fdr_bh", 4), ("fdr_by", 3), ("holm", 3), ("bonferroni", 3)]):
        both("rejections", "method 2.8, Benjamini & Hochberg 1995", count, 0, f"statsmodels multipletests {method}",
             int(multitest.multipletests(bh1995, alpha=.05, method=method)[0].sum()), 0, p=bh1995, method=i)
    flagged = multitest.multipletests(regions, alpha=.10, method="fdr_bh")[0]
    both("flags", "method 2.8: 西宁 high, 玉树 and 果洛 low", [1, 0, 0, 0, 0, -1, -1, 0], 0, "statsmodels multipletests fdr_bh",
         flagged * np.sign(x / n - pooled), x=x, n=n)


def _exact_limits(n, centre):
    out = []
    for p in (.001, .025, .975, .999):
        r = stats.binom.ppf(p, n, centre)
        out.append(max(0, (r - (stats.binom.cdf(r, n, centre) - p) / stats.binom.pmf(r, n, centre)) / n))
    return out


def _arcsine(n, centre, tau):
    """Outer and inner limits: 99.8 % low, high, 95 % low, high."""
    target, out = math.asin(math.sqrt(centre)), []
    for z in (Z998, Z95):
        half = z * math.sqrt(1 / (4 * n) + tau)
        out += [math.sin(max(0, target - half)) ** 2, math.sin(min(math.pi / 2, target + half)) ** 2]
    return out


def _dispersion(x, n):
    """phi and tau^2 on the arcsine scale, winsorised at 10 and 90 % (R's quantiles of type 7 are numpy's)."""
    s = 1 / (2 * np.sqrt(n))
    u = (np.arcsin(np.sqrt(x / n)) - math.asin(math.sqrt(x.sum() / n.sum()))) / s
    phi = (np.clip(u, *np.quantile(u, [.1, .9])) ** 2).mean()
    w, k = 1 / s ** 2, len(n)
    return phi, max(0, (k * phi - (k - 1)) / (w.sum() - (w ** 2).sum() / w.sum()))


def funnel():
    x, n = REGIONS
    theta = x.sum() / n.sum()
    rounded = .0290392
    for size, want in {173: (0, .003456, .053833, .073088), 375: (.004826, .011812, .045885, .057961), 1970: (.017805, .021590, .036429, .041129)}.items():
        both("funnelLimits", "method 2.9", want, 6, "Spiegelhalter 2005 over scipy.stats.binom", _exact_limits(size, rounded), n=size, centre=rounded)
    for size, centre in [(50, .5), (12, .9), (6474, .95)]:
        add("funnelLimits", "Spiegelhalter 2005 over scipy.stats.binom", _exact_limits(size, centre), n=size, centre=centre)
    for xs, ns in [REGIONS, LEVELS_2025, STAGES_2025, LEVELS_2023]:
        chi, p, df, _ = stats.chi2_contingency(np.array([xs, ns - xs]), correction=False)
        add("heterogeneity", "scipy.stats.chi2_contingency", [chi, df, p, chi / df], x=xs, n=ns)
    printed("heterogeneity", "method 2.9", [24.810, 7, .00082, 3.544], [3, 0, 5, 3], x=x, n=n)
    printed("heterogeneity", "method 3.2, levels", [33.81, 3, None, None], 2, x=LEVELS_2025[0], n=LEVELS_2025[1])
    printed("heterogeneity", "method 3.2, stages", [47.49, 2, None, None], 2, x=STAGES_2025[0], n=STAGES_2025[1])
    phi, tau = _dispersion(x, n)
    both("dispersion", "method 2.9", [3.138376, .000850918, .005557, .070058, .012042, .053104], [6, 9, 6, 6, 6, 6], "numpy",
         [phi, tau, *_arcsine(1970, theta, tau)], x=x, n=n, size=1970)
    # Groups that differ less than chance: no variance between them.
    alike = np.array([9, 10, 12, 11]), np.array([100, 100, 110, 100])
    little, none = _dispersion(*alike)
    assert none == 0
    add("dispersion", "numpy", [little, 0, *_arcsine(200, alike[0].sum() / alike[1].sum(), 0)], x=alike[0], n=alike[1], size=200)
    both("arcsineLimits", "method 2.9", [.018499, .041862, .022086, .036911], 6, "numpy", _arcsine(1970, theta, 0), centre=theta, size=1970)

    def sides(limits):
        return [1 if p > limit[1] else -1 if p < limit[0] else 0 for p, limit in zip(x / n, limits)]

    # Over-dispersed: Xining is outside the plain 95 % limits and inside those with the variance between regions.
    plain, wide = [_arcsine(j, theta, 0) for j in n], [_arcsine(j, theta, tau) for j in n]
    both("funnelSides", "method 2.9, 西宁 is no outlier", [1, *[None] * 7, 0, *[None] * 7], 0, "numpy",
         [*sides([v[2:] for v in plain]), *sides([v[2:] for v in wide])], x=x, n=n)
    z = (np.arcsin(np.sqrt(x / n)) - math.asin(math.sqrt(theta))) / np.sqrt(1 / (4 * n) + tau)
    p = 2 * stats.norm.sf(np.abs(z))
    found, adjusted = multitest.multipletests(p, alpha=.10, method="fdr_bh")[:2]
    add("overDispersedSignals", "numpy, scipy.stats.norm, statsmodels multipletests fdr_bh", np.array([p, adjusted, found * np.sign(z)]).T.ravel(), x=x, n=n)


def composition():
    stones = [(81, 87, 234, 270), (192, 263, 55, 80)]
    for strata in [stones, [(5, 20, 3, 25), (9, 30, 4, 28), (2, 7, 1, 9)]]:
        table = StratifiedTable([np.array([[a, n - a], [c, m - c]]) for a, n, c, m in strata])
        test = table.test_null_odds(correction=False)
        a, n, c, m = zip(*strata)
        add("mantelHaenszel", "statsmodels StratifiedTable", [table.oddsratio_pooled, *table.oddsratio_pooled_confint(), test.statistic, test.pvalue],
            x1=a, n1=n, x2=c, n2=m)
    printed("mantelHaenszel", "method 2.11, kidney stones", [1.446847, None, None, None, None], 6, x1=[81, 192], n1=[87, 263], x2=[234, 55], n2=[270, 80])
    for x, n, crude, standard in [((81, 192), (87, 263), .780, .832546), ((234, 55), (270, 80), .826, .778875)]:
        both("rate", "method 2.11, kidney stones, crude", crude, 3, "sums", sum(x) / sum(n), x=sum(x), n=sum(n))
        rate, v = weighted(x, n, (.51, .49))
        both("weightedRate", "method 2.11, kidney stones, standardised", [standard, None], 6, "numpy", [rate, math.sqrt(v)], x=x, n=n, weights=(.51, .49))
    (x0, n0), (x1, n1) = LEVELS_2023, LEVELS_2025
    p0, p1, w0, w1 = x0 / n0, x1 / n1, n0 / n0.sum(), n1 / n1.sum()
    before, after = x0.sum() / n0.sum(), x1.sum() / n1.sum()
    middle = (before + after) / 2
    parts = np.array([(p1 - p0) * (w0 + w1) / 2, (w1 - w0) * (p0 + p1) / 2, (w1 - w0) * ((p0 + p1) / 2 - middle)])
    both("kitagawa", "method 2.11", [.013475, .029039, .015564, .013073, .002491], 6, "numpy", [before, after, after - before, *parts[:2].sum(axis=1)],
         x0=x0, n0=n0, x1=x1, n1=n1)
    add("kitagawaParts", "numpy", parts.T.ravel(), x0=x0, n0=n0, x1=x1, n1=n1)
    rate, v = weighted(x1, n1, n0)
    both("weightedRate", "method 2.11, 2025 at the mix of 2023", [.025512, .002163], 6, "numpy", [rate, math.sqrt(v)], x=x1, n=n1, weights=n0)


PARTS = (survey, pooling, multiplicity, funnel, composition)
