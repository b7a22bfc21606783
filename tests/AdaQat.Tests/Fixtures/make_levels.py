#!/usr/bin/python3
"""Writes levels.json: what the formulas of quantizers with few or unevenly spaced levels, and their straight-through gradients, make of some
inputs; what k-means finds; and how DoReFa quantizes gradients.

Run it with a Python that has PyTorch (Debian: python3-torch), in this folder:

    /usr/bin/python3 make_levels.py

Every run writes the same file. Levels are written down from the papers' definitions, the nearest one is found by looking at all of them, and
every gradient is autograd's, so that the file owes nothing to the code it checks.
"""
import itertools
import json
import os

import torch

torch.set_num_threads(1)
TYPES = {"f32": torch.float32, "f64": torch.float64}
BITS = [2, 3, 4, 5, 6, 7, 8]


def with_gradient_of(value, source):
    """value, to the bit, with source's gradient."""
    return value.detach() + (source - source.detach())


def nearest(x, levels):
    """The level nearest to each element, of two equally near ones the one of smaller magnitude; looked for in double."""
    table = torch.tensor(sorted(levels, key=abs), dtype=torch.float64)
    distance = (x.detach().double().reshape(-1, 1) - table).abs()
    return table[distance.argmin(1)].to(x.dtype).reshape(x.shape)


def upstream(count, kind):
    """Gradients that fall along the inputs, so that the terms of a sum never cancel down to their rounding errors."""
    return (torch.arange(count) * 7 % 11 + 4).to(kind) / (8 + torch.arange(count).to(kind))


def numbers(tensor):
    return tensor.detach().double().flatten().tolist()


def random(shape, seed, size=1.0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) * size


def result(x, output, g, **more):
    (output * g).sum().backward()
    return dict(shape=list(x.shape), x=numbers(x), upstream=numbers(g), output=numbers(output), gradient=numbers(x.grad), **more)


# Binary and ternary weights

WEIGHTS = {
    "random": random((3, 4, 2), 1, 0.8),
    "zeros among them": torch.tensor([[0.0, 0.5, -0.25, 0.0], [0.0, 0.0, 0.0, 0.0], [1.5, -1.0, 1.0, -0.75]], dtype=torch.float64),
    "one element": torch.tensor([[-0.3]], dtype=torch.float64),
}


def granule(tensor, is_by_channel, function):
    """function of each channel, or of the whole, in a shape that multiplies the tensor."""
    if not is_by_channel:
        return function(tensor.reshape(1, -1)).reshape([1] * tensor.dim())
    return function(tensor.reshape(tensor.shape[0], -1)).reshape([-1] + [1] * (tensor.dim() - 1))


def binary(w, is_by_channel, gradient):
    alpha = granule(w.abs(), is_by_channel, lambda rows: rows.mean(1))
    sign = torch.where(w >= 0, 1.0, -1.0).to(w.dtype)
    if gradient == "StraightThrough":
        return with_gradient_of(alpha * sign, w.clamp(-1, 1))
    product = alpha * with_gradient_of(sign, w.clamp(-1, 1))
    return torch.where(alpha == 0, with_gradient_of(torch.zeros_like(w), w), product)


def ternary(w, is_by_channel):
    magnitude = w.detach().abs()
    above = magnitude > 0.7 * granule(magnitude, is_by_channel, lambda rows: rows.mean(1))
    total = granule(magnitude * above, is_by_channel, lambda rows: rows.sum(1))
    count = granule(above.to(w.dtype), is_by_channel, lambda rows: rows.sum(1))
    return with_gradient_of(w.detach().sign() * above * (total / count.clamp(min=1)), w)


class TrainedTernary(torch.autograd.Function):
    """TTQ's gradients are not autograd's of a formula: the paper gives them (eqs. 7 and 8)."""

    @staticmethod
    def forward(ctx, w, p, n):
        threshold = 0.7 * w.abs().mean()
        ctx.save_for_backward(w > threshold, w < -threshold, p, n)
        return torch.where(w > threshold, p, torch.where(w < -threshold, -n, torch.zeros_like(w)))

    @staticmethod
    def backward(ctx, g):
        positive, negative, p, n = ctx.saved_tensors
        factor = torch.where(positive, p, torch.where(negative, n, torch.ones_like(g)))
        return factor * g, g[positive].sum(), -g[negative].sum()


def few_levels_cases():
    for name, values in WEIGHTS.items():
        for type_name, kind in TYPES.items():
            for is_by_channel in [False, True]:
                for gradient in ["StraightThrough", "ProductRule"]:
                    w = values.to(kind, copy=True).requires_grad_()
                    yield dict(family="binary", input=name, type=type_name, isByChannel=is_by_channel, form=gradient,
                               **result(w, binary(w, is_by_channel, gradient), upstream(w.numel(), kind).reshape(w.shape)))
                w = values.to(kind, copy=True).requires_grad_()
                yield dict(family="ternary", input=name, type=type_name, isByChannel=is_by_channel, form="Mean",
                           **result(w, ternary(w, is_by_channel), upstream(w.numel(), kind).reshape(w.shape)))
            w = values.to(kind, copy=True).requires_grad_()
            p, n = (torch.tensor(v, dtype=kind, requires_grad=True) for v in (0.75, 0.4375))
            case = result(w, TrainedTernary.apply(w, p, n), upstream(w.numel(), kind).reshape(w.shape))
            yield dict(family="ternary", input=name, type=type_name, isByChannel=False, form="Learned",
                       parameters=[0.75, 0.4375], parameterGradients=[p.grad.item(), n.grad.item()], **case)


# Powers of two and sums of them, on [0, 1] and [-1, 1]

def powers(bits, is_signed):
    count = 2 ** (bits - 1) - 1 if is_signed else 2**bits - 1
    magnitudes = [2.0**-i for i in range(count)]
    return [0.0] + magnitudes + ([-m for m in magnitudes] if is_signed else [])


def sums_of_powers(bits, is_signed):
    b = bits - 1 if is_signed else bits
    n = b // 2
    if b % 2 == 0:
        terms = [[0.0, 2.0**-i, 2.0 ** -(i + n), 2.0 ** -(i + 2 * n)] for i in range(n)]
    else:
        terms = [[0.0, 2.0**-i, 2.0 ** -(i + n), 2.0 ** -(i + 2 * n + 1)] for i in range(n)] + [[0.0, 2.0 ** -(2 * n)]]
    sums = sorted(sum(choice) for choice in itertools.product(*terms))
    assert len(set(sums)) == 2**b
    magnitudes = [s / sums[-1] for s in sums]
    return magnitudes + ([-m for m in magnitudes[1:]] if is_signed else [])


LEVELS = {"powerOfTwo": powers, "additivePowerOfTwo": sums_of_powers}


def within_range(x, alpha, levels, is_signed):
    low = -alpha if is_signed else torch.zeros_like(alpha)
    # where() rather than clamp(): at the ends of the range the gradient belongs to alpha alone.
    y = torch.where(x >= alpha, alpha, torch.where(x > low, x, low))
    u = y / alpha
    return alpha * with_gradient_of(nearest(y, [v * alpha.item() for v in levels]) / alpha.detach(), u)


def ranged_inputs(alpha, has_ties):
    """Zero, alpha and what is next to it, outliers, and the borders between powers of two."""
    positive = [alpha * v for v in (1e-3, 0.02, 0.09, 0.17, 0.3, 0.41, 0.58, 0.77, 0.96, 1.0, 1.001, 2.5)]
    if has_ties:
        positive += [alpha * v for v in (0.75, 0.375, 0.1875)]
    return [0.0] + positive + [-v for v in positive]


def range_cases():
    for family, levels in LEVELS.items():
        for bits in BITS:
            for is_signed in [False, True]:
                for type_name, kind in TYPES.items():
                    for alpha_value in [1.3, 0.25] if family == "additivePowerOfTwo" else [4.0, 0.25]:
                        alpha = torch.tensor(alpha_value, dtype=kind, requires_grad=True)
                        x = torch.tensor(ranged_inputs(alpha.item(), family == "powerOfTwo"), dtype=kind).requires_grad_()
                        output = within_range(x, alpha, levels(bits, is_signed), is_signed)
                        case = result(x, output, upstream(x.numel(), kind))
                        yield dict(family=family, bits=bits, isSigned=is_signed, type=type_name, range=alpha.item(),
                                   rangeGradient=alpha.grad.item(), **case)


# Weights whose range follows from them, or that are normalised

def following_cases():
    for seed, size in [(3, 0.4), (4, 0.01)]:
        for bits in [2, 3, 4, 5, 8]:
            for type_name, kind in TYPES.items():
                values = random((4, 6), seed, size)
                w = values.to(kind, copy=True).requires_grad_()
                exponent = torch.floor(torch.log2(w.detach().abs().max() * 4 / 3))
                levels = [v * 2.0 ** exponent.item() for v in powers(bits, True)]
                case = result(w, with_gradient_of(nearest(w, levels), w), upstream(w.numel(), kind).reshape(w.shape))
                yield dict(family="powerOfTwo", form="FromData", bits=bits, type=type_name, **case)
                for form in ["Preserve", "Standard"]:
                    w = values.to(kind, copy=True).requires_grad_()
                    alpha = torch.tensor(1.75, dtype=kind, requires_grad=True)
                    if form == "Standard":
                        v, scale = (w - w.mean()) / w.std(unbiased=False), alpha
                    else:
                        v, scale = w, alpha * w.detach().square().mean().sqrt()
                    output = within_range(v, scale, sums_of_powers(bits, True), True)
                    case = result(w, output, upstream(w.numel(), kind).reshape(w.shape))
                    yield dict(family="additivePowerOfTwo", form=form, bits=bits, type=type_name, range=1.75,
                               rangeGradient=alpha.grad.item(), **case)


# Codebooks

def lloyd(values, bits, iterations):
    """k-means as it is defined: each value to its nearest level, each level to the mean of its values."""
    levels = torch.linspace(values.min().item(), values.max().item(), 2**bits, dtype=torch.float64)
    for _ in range(iterations):
        distance = (values.double().reshape(-1, 1) - levels).abs()
        owner = distance.argmin(1)
        for i in range(2**bits):
            if (owner == i).any():
                levels[i] = values.double()[owner == i].mean()
    return levels


def codebook_cases():
    for bits in [1, 2, 3, 5, 8]:
        for type_name, kind in TYPES.items():
            w = random((5, 9), 7, 0.3).to(kind).requires_grad_()
            start = lloyd(w.detach().flatten(), bits, 30)
            # Out of order, as training may leave them.
            levels = (start.to(kind) + 0.01 * torch.arange(2**bits).to(kind).sin()).flip(0).requires_grad_()
            owner = (w.detach().double().reshape(-1, 1) - levels.detach().double()).abs().argmin(1)
            output = levels[owner].reshape(w.shape)
            output = output + (w - w.detach())
            case = result(w, output, upstream(w.numel(), kind).reshape(w.shape))
            # Sums with w − w add rounding only to zeros' signs.
            yield dict(bits=bits, type=type_name, start=numbers(start), levels=numbers(levels), levelGradients=numbers(levels.grad), **case)


# Gradients (DoReFa, eq. 12)

def gradient_cases():
    shapes = {"linear": (3, 5), "convolution": (2, 3, 2, 2), "one": (4, 1)}
    for name, shape in shapes.items():
        for bits in [1, 2, 4, 8]:
            for type_name, kind in TYPES.items():
                for has_noise in [False, True]:
                    dr = random(shape, 11).to(kind)
                    if name == "linear":
                        dr[1] = 0
                    sigma = torch.rand(*shape, generator=torch.Generator().manual_seed(12), dtype=torch.float64).to(kind) - 0.5
                    sigma = sigma * has_noise
                    s = 2**bits - 1
                    most = dr.reshape(shape[0], -1).abs().max(1).values.reshape([-1] + [1] * (len(shape) - 1))
                    twice = 2 * torch.where(most == 0, torch.ones_like(most), most)
                    q = torch.round((dr / twice + 0.5 + sigma / s) * s) / s
                    yield dict(input=name, bits=bits, type=type_name, shape=list(shape), hasNoise=has_noise, gradient=numbers(dr),
                               sigma=numbers(sigma), output=numbers(torch.where(most == 0, torch.zeros_like(dr), twice * (q - 0.5))))


CASES = [("fewLevels", few_levels_cases), ("ranges", range_cases), ("following", following_cases), ("codebooks", codebook_cases),
         ("gradients", gradient_cases)]


def main():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "levels.json")
    lines = {name: ",\n".join(json.dumps(case) for case in cases()) for name, cases in CASES}
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("{\n" + ",\n".join(f'"{name}": [\n{text}\n]' for name, text in lines.items()) + "\n}\n")


main()
