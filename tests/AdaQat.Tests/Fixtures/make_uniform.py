#!/usr/bin/python3
"""Writes uniform.json: what the formulas of the uniform families (docs/quantizers.md) and their gradients make of some inputs.

Run it with a Python that has PyTorch (Debian: python3-torch), in this folder:

    /usr/bin/python3 make_uniform.py

Every run writes the same file. The formulas are written down here with plain tensor operators, and every gradient is autograd's. Affine
grids in float32 are held to PyTorch's own fake quantization as well.
"""
import json
import math
import os

import torch

torch.set_num_threads(1)
TYPES = {"f32": torch.float32, "f64": torch.float64}
SHAPE = (2, 3, 4)


def straight_through_round(v):
    """round(v), to the bit, with gradient 1."""
    return v.round().detach() + (v - v.detach())


def spread(numbers, granularity):
    """One number a scale, in a shape that meets a tensor of SHAPE."""
    if granularity == "tensor":
        return numbers.reshape(1, 1, 1)
    if granularity == "channel 0":
        return numbers.reshape(-1, 1, 1)
    if granularity == "channel 1":
        return numbers.reshape(1, -1, 1)
    # Groups of 4: the rows of the last dimension.
    return numbers.reshape(SHAPE[0], SHAPE[1], 1)


def members(x, granularity):
    """The elements of each scale."""
    if granularity == "tensor":
        return [x]
    if granularity == "channel 0":
        return [x[i] for i in range(SHAPE[0])]
    if granularity == "channel 1":
        return [x[:, i] for i in range(SHAPE[1])]
    return [x[i, j] for i in range(SHAPE[0]) for j in range(SHAPE[1])]


def type_of(bits, index):
    return ["f32", "f64"][(bits + index) % 2]


def values(kind, seed, is_signed):
    # Few binary digits: the file stays small, and some elements lie on ties of the rounding.
    x = (torch.randn(SHAPE, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) * 64).round() / 64
    x[0, 0, 0], x[1, 2, 3], x[0, 1, 1] = 0.0, -2.5, 3.25
    return (x if is_signed else x.abs()).to(kind)


def upstream(kind):
    count = math.prod(SHAPE)
    return ((torch.arange(count) * 7 % 11 + 4).to(kind) / 8).reshape(SHAPE)


def numbers(tensor):
    return tensor.detach().double().flatten().tolist()


def check_against_pytorch(output, x, scale, zero, granularity, smallest, largest):
    if x.dtype != torch.float32 or granularity.startswith("group"):
        return
    if granularity == "tensor":
        theirs = torch.fake_quantize_per_tensor_affine(x, scale.item(), int(zero.item()), smallest, largest)
    else:
        theirs = torch.fake_quantize_per_channel_affine(x, scale, zero.to(torch.int32), int(granularity[-1]), smallest, largest)
    assert torch.allclose(output, theirs, rtol=1e-6, atol=1e-6), (output, theirs)


def affine_cases():
    forms = {
        "symmetric full": (True, False, True), "symmetric narrow": (True, True, True), "symmetric unsigned": (True, False, False),
        "asymmetric full": (False, False, True), "asymmetric narrow": (False, True, True), "asymmetric positive": (False, False, False),
    }
    for form, (is_symmetric, is_narrow, is_signed) in forms.items():
        for index, granularity in enumerate(["tensor", "channel 0", "channel 1", "group of 4"]):
            for bits in range(1, 9):
                if is_narrow and not is_symmetric and bits == 1:
                    continue
                type_name = type_of(bits, index)
                kind = TYPES[type_name]
                x = values(kind, 1, is_signed).requires_grad_()
                # Ranges that leave some elements out.
                low = torch.stack([m.min() * 0.8 for m in members(x, granularity)]).detach().clamp(max=0)
                high = torch.stack([m.max() * 0.8 for m in members(x, granularity)]).detach().clamp(min=0)
                two = is_symmetric and is_signed and bits == 1
                if is_symmetric:
                    a = torch.maximum(-low, high)
                    zero = torch.zeros_like(a)
                    if two:
                        smallest, largest, scale = 0, 1, 2 * a
                    elif not is_signed:
                        smallest, largest, scale = 0, 2**bits - 1, a / (2**bits - 1)
                    elif is_narrow:
                        smallest, largest, scale = 1 - 2 ** (bits - 1), 2 ** (bits - 1) - 1, a / (2 ** (bits - 1) - 1)
                    else:
                        smallest, largest, scale = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1, a / ((2**bits - 1) / 2)
                else:
                    smallest, largest = (1 if is_narrow else 0), 2**bits - 1
                    scale = (high - low) / (largest - smallest)
                    zero = (smallest + torch.round(-low / scale)).clamp(smallest, largest)
                s, z = spread(scale, granularity), spread(zero, granularity)
                shift = 0.5 if two else 0.0
                q = (straight_through_round(x / s + shift) + z).clamp(smallest, largest)
                output = s * (q - z - shift)
                if not two:
                    check_against_pytorch(output, x.detach(), scale, zero, granularity, smallest, largest)
                g = upstream(kind)
                (output * g).sum().backward()
                yield dict(form=form, granularity=granularity, bits=bits, type=type_name, isSymmetric=is_symmetric, isNarrow=is_narrow,
                           isSigned=is_signed, low=numbers(low), high=numbers(high), x=numbers(x), upstream=numbers(g),
                           codes=[int(c) for c in numbers(q)], output=numbers(output), gradient=numbers(x.grad))


def lsq_cases():
    for form in ["signed", "unsigned", "offset"]:
        for index, granularity in enumerate(["tensor", "channel 0", "channel 1", "group of 4"]):
            for bits in range(1, 9):
                type_name = type_of(bits, index)
                kind = TYPES[type_name]
                x = values(kind, 2, form != "unsigned").requires_grad_()
                two = form == "signed" and bits == 1
                smallest = -(2 ** (bits - 1)) if form == "signed" and not two else 0
                largest = 2 ** (bits - 1) - 1 if form == "signed" and not two else 2**bits - 1
                parts = members(x, granularity)
                # The learned number, of which the step follows: 2·mean|x| at the start, here elsewhere.
                t = torch.stack([0.7 * m.abs().mean() for m in parts]).detach()
                s = (t / math.sqrt(largest)).requires_grad_()
                beta = torch.stack([0.6 * m.min() for m in parts]).detach().clamp(max=0)
                beta = torch.maximum(beta, -largest * s.detach()).requires_grad_()
                step, b = spread(s, granularity), spread(beta, granularity)
                shift = 0.5 if two else 0.0
                z = straight_through_round(-b / step) if form == "offset" else torch.zeros_like(step)
                place = x / step + shift + z
                low, high = torch.full_like(x, smallest), torch.full_like(x, largest)
                # where() rather than clamp(): at the ends the gradient belongs to the step alone.
                q = torch.where(place >= largest, high, torch.where(place <= smallest, low, straight_through_round(x / step + shift) + z))
                output = step * (q - z - shift)
                g = upstream(kind)
                (output * g).sum().backward()
                count = x.numel() / len(parts)
                # The paper's gradient scale.
                scale = 1 / math.sqrt(count * largest)
                yield dict(form=form, granularity=granularity, bits=bits, type=type_name, unitStep=numbers(t), offset=numbers(beta),
                           largest=largest, x=numbers(x), upstream=numbers(g), codes=[int(c) for c in numbers(q)],
                           output=numbers(output), gradient=numbers(x.grad), stepGradient=numbers(s.grad * scale),
                           offsetGradient=numbers(beta.grad * scale) if form == "offset" else [])


def integer_bits(magnitude, bits, is_signed, overflow):
    """The fewest integer bits that serve, tried one after the other."""
    for m in range(-40, 40):
        fraction = bits - m - (1 if is_signed else 0)
        limit = 2.0**m if overflow == "Saturate" else 2.0**m - 2.0 ** -(fraction + 1)
        if magnitude <= limit if overflow == "Saturate" else magnitude < limit:
            return m
    raise ValueError(magnitude)


def fixed_point_cases():
    for overflow in ["Saturate", "Wrap"]:
        for is_signed in [True, False]:
            for index, magnitude in enumerate([0.999, 1.0, 3.25, 0.06]):
                for bits in range(1, 9):
                    type_name = type_of(bits, index)
                    kind = TYPES[type_name]
                    x = values(kind, 3, is_signed).requires_grad_()
                    m = integer_bits(magnitude, bits, is_signed, overflow)
                    fraction = bits - m - (1 if is_signed else 0)
                    smallest, largest = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if is_signed else (0, 2**bits - 1)
                    r = straight_through_round(x * 2.0**fraction)
                    if overflow == "Saturate":
                        q = r.clamp(smallest, largest)
                    else:
                        q = r - (torch.div(r - smallest, 2**bits, rounding_mode="floor") * 2**bits).detach()
                    output = q * 2.0**-fraction
                    g = upstream(kind)
                    (output * g).sum().backward()
                    yield dict(overflow=overflow, isSigned=is_signed, magnitude=magnitude, bits=bits, type=type_name, integerBits=m,
                               fractionBits=fraction, x=numbers(x), upstream=numbers(g), codes=[int(c) for c in numbers(q)],
                               output=numbers(output), gradient=numbers(x.grad))


def main():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "uniform.json")
    families = [("affine", affine_cases()), ("lsq", lsq_cases()), ("fixedPoint", fixed_point_cases())]
    lines = {name: ",\n".join(json.dumps(case) for case in cases) for name, cases in families}
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("{\n" + ",\n".join(f'"{name}": [\n{text}\n]' for name, text in lines.items()) + "\n}\n")


main()
