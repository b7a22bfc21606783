#!/usr/bin/python3
"""Writes observers.json: the ranges that NumPy finds for some values, as each kind of observers defines them.

Run it with a Python that has NumPy (Debian: python3-numpy), in this folder:

    /usr/bin/python3 make_observers.py

Every run writes the same file. Ends, averages and percentiles are NumPy's own. The squared error is computed on the values themselves, not on
a histogram, and its least one is found by looking at very many ranges. The divergence is written down from the definition, with NumPy's
histogram.
"""
import json
import os

import numpy as np


def values(kind, seed, batches=4, count=1000):
    random = np.random.default_rng(seed)
    if kind == "normal":
        x = random.normal(0.3, 1.0, (batches, count))
    elif kind == "relu":
        x = np.maximum(random.normal(0.0, 1.0, (batches, count)), 0)
    elif kind == "outlier":
        x = random.normal(0.0, 1.0, (batches, count))
        x[1, 7] = 40.0
    elif kind == "far":
        x = random.uniform(5.0, 5.5, (batches, count))
    elif kind == "negative":
        x = -random.exponential(0.01, (batches, count))
    return x.astype(np.float32)


def affine(low, high, bits):
    """Asymmetric: scale, zero point, smallest and largest code."""
    scale = (high - low) / (2**bits - 1)
    return scale, np.clip(np.round(-low / scale), 0, 2**bits - 1), 0, 2**bits - 1


def symmetric(low, high, bits):
    return 2 * max(-low, high) / (2**bits - 1), 0, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1


def error(x, grid):
    scale, zero, least, most = grid
    codes = np.clip(np.round(x / scale) + zero, least, most)
    return float(np.mean((scale * (codes - zero) - x) ** 2))


def least_error(x, bits, is_symmetric):
    """The least error over a dense grid of ranges."""
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    fractions = np.concatenate([np.linspace(0.01, 1.0, 100), 2.0 ** -np.linspace(0, 8, 100)])
    if is_symmetric:
        a = max(-low, high)
        return min(error(x, symmetric(-a * f, a * f, bits)) for f in fractions)
    lows = fractions if low < 0 else [1.0]
    highs = fractions if high > 0 else [1.0]
    coarse = [(error(x, affine(low * f, high * g, bits)), f, g) for f in lows[::4] for g in highs[::4] if low * f < high * g]
    _, f, g = min(coarse)
    fine = np.linspace(0.9, 1.1, 41)
    return min(
        error(x, affine(max(low, low * f * a), min(high, high * g * b), bits)) for a in (fine if low < 0 else [1]) for b in (fine if high > 0 else [1]))


def bin_width(low, high, bins):
    """The least power of two at which so many bins hold everything from low to high, 0 among it."""
    low, high = min(low, 0.0), max(high, 0.0)
    width = 2.0**-60
    while np.floor(high / width) - np.floor(low / width) >= bins:
        width *= 2
    return width


def divergence(histogram, end, levels):
    p = histogram[:end].astype(np.float64).copy()
    p[-1] += histogram[end:].sum()
    if histogram[:end].sum() == 0:
        return np.inf
    q = np.zeros(end)
    for level in range(levels):
        start, stop = level * end // levels, (level + 1) * end // levels
        filled = p[start:stop] > 0
        if filled.any():
            q[start:stop][filled] = histogram[start:stop].sum() / filled.sum()
    p, q = p / p.sum(), q / q.sum()
    filled = p > 0
    if (q[filled] == 0).any():
        return np.inf
    return float(np.sum(p[filled] * np.log(p[filled] / q[filled])))


def entropy(x, bits, bins=2048):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    levels = 2 ** (bits - 1) if low < 0 < high else 2**bits
    width = bin_width(float(x.min()), float(x.max()), 2 * bins)
    # Bins are half open upwards: those below 0 hold -(j + 1)w <= x < -jw, and count as magnitude j.
    places = np.floor(x[x != 0].astype(np.float64) / width).astype(np.int64)
    places = np.where(places < 0, -places - 1, places)
    joined = 1 + places.max() // bins
    histogram = np.bincount(places // joined)
    found = [(divergence(histogram, end, levels), -end) for end in range(min(levels, len(histogram)), len(histogram) + 1)]
    end = -min(found)[1] * joined * width
    return [max(low, -end), min(high, end)]


def case(kind, seed):
    x = values(kind, seed)
    whole = x.flatten()
    average = np.stack([x.min(1), x.max(1)]).astype(np.float64)
    moving = average[:, 0]
    for batch in range(1, x.shape[0]):
        moving = moving + 0.1 * (average[:, batch] - moving)
    wide = whole.astype(np.float64)
    return dict(
        kind=kind,
        values=[[float(v) for v in batch] for batch in x],
        ends=[float(whole.min()), float(whole.max())],
        average=average.mean(1).tolist(),
        moving=moving.tolist(),
        percentiles=[
            dict(share=p, range=[float(np.quantile(whole, 1 - p, method="inverted_cdf")), float(np.quantile(whole, p, method="inverted_cdf"))])
            for p in (0.99, 0.999)
        ],
        errors=[
            dict(bits=bits, symmetric=is_symmetric, least=least_error(wide, bits, is_symmetric))
            for bits in (2, 4, 8)
            for is_symmetric in (False, True)
        ],
        entropies=[dict(bits=bits, range=entropy(whole, bits)) for bits in (4, 8)],
    )


CASES = [case(kind, seed) for seed, kind in enumerate(["normal", "relu", "outlier", "far", "negative"], 1)]

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "observers.json"), "w") as file:
    json.dump(dict(cases=CASES), file, separators=(",", ":"))
    file.write("\n")
