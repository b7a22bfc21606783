#!/usr/bin/python3
"""Writes quantizers.json: what DoReFa's and PACT's formulas (docs/method.md) and their straight-through gradients make of some inputs.

Run it with a Python that has PyTorch (Debian: python3-torch), in this folder:

    /usr/bin/python3 make_quantizers.py

Every run writes the same file. The formulas are written down here with plain tensor operators, and every gradient is autograd's, so that
the file owes nothing to the code it checks.
"""
import json
import os

import torch

torch.set_num_threads(1)
TYPES = {"f32": torch.float32, "f64": torch.float64}


def straight_through_round(v):
    """round(v), to the bit, with gradient 1."""
    return v.round().detach() + (v - v.detach())


def with_gradient_of(value, source):
    """value, to the bit, with source's gradient."""
    return value.detach() + (source - source.detach())


def dorefa(w, bits, transform, scale):
    s = 2**bits - 1
    t = torch.tanh(w) if transform == "Tanh" else w
    u = t / (2 * t.abs().max()) + 0.5
    q = straight_through_round(u * s) / s
    c = (w.abs().mean() / (2 * u - 1).abs().mean()).detach() if scale == "Preserve" else 1.0
    return c * (2 * q - 1)


def pact(x, alpha, bits, is_signed, gradient):
    low = -alpha if is_signed else torch.zeros_like(alpha)
    # where() rather than clamp(): at the ends of the range the gradient belongs to alpha alone.
    y = torch.where(x >= alpha, alpha, torch.where(x > low, x, low))
    if is_signed and bits == 1:
        quantized = alpha * with_gradient_of(torch.where(y > 0, 1.0, -1.0).to(y.dtype), y / alpha)
    else:
        s = 2 ** (bits - 1) - 1 if is_signed else 2**bits - 1
        quantized = (alpha / s) * straight_through_round(y * s / alpha)
    return with_gradient_of(quantized, y) if gradient == "Original" else quantized


def upstream(count, kind):
    """Gradients that fall along the inputs, so that the terms of a sum never cancel down to their rounding errors."""
    return (torch.arange(count) * 7 % 11 + 4).to(kind) / (8 + torch.arange(count).to(kind))


def numbers(tensor):
    return tensor.detach().double().flatten().tolist()


def dorefa_cases():
    generator = torch.Generator().manual_seed(1)
    inputs = {
        "random": torch.randn(2, 3, 2, generator=generator, dtype=torch.float64) * 0.4,
        # The largest magnitude three times, with both signs; zeros lie on a tie of the rounding for every k.
        "ties": torch.tensor([[0.75, -0.75, 0.0, 0.25], [-0.25, 0.5, 0.0, 0.75]], dtype=torch.float64),
        "one element": torch.tensor([-0.3], dtype=torch.float64),
    }
    for name, values in inputs.items():
        for transform in ["Tanh", "Linear"]:
            for scale in ["Unit", "Preserve"]:
                for bits in range(1, 9):
                    for type_name, kind in TYPES.items():
                        w = values.to(kind, copy=True).requires_grad_()
                        output = dorefa(w, bits, transform, scale)
                        g = upstream(w.numel(), kind).reshape(w.shape)
                        (output * g).sum().backward()
                        yield dict(input=name, transform=transform, scale=scale, bits=bits, type=type_name, shape=list(w.shape),
                                   weight=numbers(w), upstream=numbers(g), output=numbers(output), gradient=numbers(w.grad))


def pact_inputs(alpha, bits, is_signed):
    """Zero, alpha, the numbers next to both, outliers, and ties of the rounding: exact ones where alpha is a multiple of the steps."""
    s = max(1, 2 ** (bits - 1) - 1 if is_signed else 2**bits - 1)
    ties = [alpha * (n + 0.5) / s for n in sorted({0, 1, s // 2, s - 1}) if n < s]
    positive = [1e-3 * alpha, 0.3 * alpha, 0.77 * alpha, 0.999 * alpha, alpha, 1.001 * alpha, 2.5 * alpha] + ties
    return [0.0] + positive + [-v for v in positive]


def pact_cases():
    for is_signed in [False, True]:
        for bits in range(1, 9):
            steps = max(1, 2 ** (bits - 1) - 1 if is_signed else 2**bits - 1)
            for alpha_name, alpha_value in {"plain": 1.3, "ties": steps / 16}.items():
                for gradient in ["Original", "Calibrated"]:
                    for type_name, kind in TYPES.items():
                        alpha = torch.tensor(alpha_value, dtype=kind, requires_grad=True)
                        # Made from the rounded alpha, so that an input meant to equal it does.
                        x = torch.tensor(pact_inputs(alpha.item(), bits, is_signed), dtype=kind).requires_grad_()
                        output = pact(x, alpha, bits, is_signed, gradient)
                        g = upstream(x.numel(), kind)
                        (output * g).sum().backward()
                        yield dict(input=alpha_name, gradientForm=gradient, isSigned=is_signed, bits=bits, type=type_name,
                                   alpha=alpha.item(), x=numbers(x), upstream=numbers(g), output=numbers(output),
                                   gradient=numbers(x.grad), alphaGradient=alpha.grad.item())


def main():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "quantizers.json")
    lines = {name: ",\n".join(json.dumps(case) for case in cases) for name, cases in [("doReFa", dorefa_cases()), ("pact", pact_cases())]}
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("{\n" + ",\n".join(f'"{name}": [\n{text}\n]' for name, text in lines.items()) + "\n}\n")


main()
