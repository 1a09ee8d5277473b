"""Distribution functions and what stands under them (method 2.13)."""

import math

from scipy import special, stats

from .record import add, printed


def distributions():
    for x in [1e-8, 0.01, 0.5, 1.0, 1.5, 2.0, 3.7, 10.0, 14.99, 15.0, 100.5, 1e5, 1e9]:
        add("logGamma", "scipy.special.gammaln", special.gammaln(x), 1e-12, x=x)
    for p in [1e-300, 1e-20, 1e-5, 0.001, 0.025, 0.05, 0.074, 0.076, 0.3, 0.5, 0.7, 0.925, 0.95, 0.975, 0.999, 1 - 1e-12]:
        add("normalQuantile", "scipy.stats.norm.ppf", stats.norm.ppf(p), 1e-13, p=p)
    printed("normalQuantile", "method 2.4, z", 1.959963984540054, 15, p=0.975)
    printed("normalQuantile", "method 2.9, z", 3.090232, 6, p=0.999)
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
    _binomial()
    _beta()
    _hypergeometric()


def _binomial():
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


def _beta():
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


def _hypergeometric():
    for population, marked, drawn in [(50, 44, 20), (200, 180, 60), (1000, 10, 500), (31392, 423, 1970), (7, 3, 7), (7, 0, 3)]:
        for x in range(max(0, drawn - population + marked), min(drawn, marked) + 1, max(1, min(drawn, marked) // 7)):
            inputs = dict(x=x, population=population, marked=marked, drawn=drawn)
            pmf = stats.hypergeom.pmf(x, population, marked, drawn)
            if pmf > 1e-250:
                add("hypergeometricPMF", "scipy.stats.hypergeom.pmf", pmf, 1e-8, relative=True, **inputs)
            upper = stats.hypergeom.sf(x - 1, population, marked, drawn)
            if upper > 1e-250:
                add("hypergeometricUpperTail", "scipy.stats.hypergeom.sf", upper, 1e-8, relative=True, **inputs)
            add("hypergeometricCDF", "scipy.stats.hypergeom.cdf", stats.hypergeom.cdf(x, population, marked, drawn), 1e-9, **inputs)


PARTS = (distributions,)
