#!/usr/bin/python3
"""Writes learned_range.json: quantization with a learned step and range (arXiv 1905.11452; docs/quantizers.md), and its gradients.

Run it with a Python that has PyTorch (Debian: python3-torch), in this folder:

    /usr/bin/python3 make_learned_range.py

Every run writes the same file. The formula is written down here with plain tensor operators, and every gradient is autograd's, with
respect to u = log2 d and v = log2 q.
"""
import json
import math
import os

import torch

torch.set_num_threads(1)
TYPES = {"f32": torch.float32, "f64": torch.float64}


def round_through(v):
    """round(v), to the bit, with gradient 1."""
    return v.round().detach() + (v - v.detach())


def through(value, gradient):
    """The value of the first, the gradient of the second."""
    return value.detach() + (gradient - gradient.detach())


def steps_of(bits, is_signed):
    """How many steps of d the range q has at most."""
    if is_signed:
        return 0.5 if bits == 1 else 2.0 ** (bits - 1) - 1
    return 2.0**bits - 1


def infer(u, v, is_signed):
    return torch.log2(2.0 ** (v - u) + 1) + (1 if is_signed else 0)


def quantize(x, d, q, two, is_signed):
    m = torch.round((q / d).detach())
    if two:
        inside = x.abs() <= q.detach()
        return torch.where(inside, d * (round_through(x / d + 0.5) - 0.5), torch.sign(x) * q)
    # The nearest multiple of d takes the place of q, with the gradient of q.
    end = through(d * m, q)
    inside = (x / d).detach().abs() <= m
    y = torch.where(inside, d * round_through(x / d), torch.sign(x) * end)
    return y if is_signed else torch.where(x < 0, torch.zeros_like(x), y)


def run(x, u, v, step, is_signed, two, power_of_two, g):
    """The output and ∂L/∂x, ∂L/∂u, ∂L/∂v where d is what step makes of u and v."""
    x, u, v = (t.detach().clone().requires_grad_() for t in (x, u, v))
    d = step(u, v)
    if power_of_two:
        d = 2.0 ** through(torch.round(torch.log2(d)), torch.log2(d))
    q = 2.0**v
    y = quantize(x, d.to(x.dtype), q.to(x.dtype), two, is_signed)
    (y * g).sum().backward()
    return y.detach(), x.grad, u.grad if u.grad is not None else torch.zeros_like(u), v.grad, d.detach()


def case(form, bits, u, v, is_signed, type_name, power_of_two=False, least=None, most=None):
    kind = TYPES[type_name]
    generator = torch.Generator().manual_seed(5)
    # Few binary digits: the file stays small, and some elements lie on ties of the rounding.
    x = (torch.randn(24, generator=generator, dtype=torch.float64) * 64).round() / 64
    x[0], x[23], x[7] = 0.0, -2.5, 3.25
    x = x.to(kind)
    g = ((torch.arange(24) * 7 % 11 - 3).to(kind) / 8)
    two = is_signed and bits == 1
    u64, v64 = torch.tensor(u, dtype=torch.float64), torch.tensor(v, dtype=torch.float64)
    low, high = (steps_of(bits, is_signed),) * 2 if least is None else (steps_of(least, is_signed), steps_of(most, is_signed))
    free = lambda a, b: 2.0**a
    if least is None:
        chosen = run(x, u64, v64, lambda a, b: 2.0**b / high, is_signed, two, False, g)
    else:
        n = 2.0 ** (v - u)
        if low < n < high:
            chosen = run(x, u64, v64, free, is_signed, two, power_of_two, g)
        else:
            end = high if n >= high else low
            chosen = run(x, u64, v64, lambda a, b: 2.0**b / end, is_signed, two, False, g)
            # At an end the gradient that leads back is the step's own.
            back = run(x, u64, v64, lambda a, b: through(2.0**b / end, 2.0**b.detach() / end * 2.0 ** (a - a.detach())), is_signed, two,
                       False, g)
            slope = back[2].item()
            if (n >= high and slope < 0) or (n <= low and slope > 0):
                chosen = back
    y, gx, gu, gv, d = chosen
    codes = (y > 0).double() if two else torch.round(y.double() / d)
    inferred = infer(torch.log2(d), v64, is_signed).item() if least is not None else float(bits)
    return dict(form=form, bits=bits, isSigned=is_signed, type=type_name, hasPowerOfTwoStep=power_of_two,
                least=least or 0, most=most or 0, stepLog2=u, rangeLog2=v, inferred=inferred, step=d.item(), x=x.double().tolist(),
                upstream=g.double().tolist(), codes=[int(c) for c in codes.tolist()], output=y.double().tolist(),
                gradient=gx.double().tolist(), stepGradient=gu.item(), rangeGradient=gv.item())


def cases():
    for is_signed in [True, False]:
        for bits in range(1, 9):
            type_name = ["f32", "f64"][(bits + is_signed) % 2]
            # Numbers that float32 has.
            yield case("given", bits, 0.0, 0.40625, is_signed, type_name)
            if bits == 1:
                continue
            for part in [0.1, 0.5, 0.9]:
                # N between bits − 1 and bits: a step that is free.
                n = steps_of(bits - 1 + part, is_signed) if bits > 2 or not is_signed else 1 + part
                u = round((0.40625 - math.log2(n)) * 64) / 64
                yield case("free", bits, u, 0.40625, is_signed, type_name, least=2 if is_signed else 1, most=9)
                yield case("free", bits, u, 0.40625, is_signed, type_name, power_of_two=True, least=2 if is_signed else 1, most=9)
        for type_name in TYPES:
            for v in [0.40625, 1.75, -1.5]:
                yield case("finer than allowed", 4, v - 9.0, v, is_signed, type_name, least=2, most=4)
                yield case("coarser than allowed", 3, v + 1.0, v, is_signed, type_name, least=3, most=6)


def main():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "learned_range.json")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in cases()) + "\n]\n")


main()
