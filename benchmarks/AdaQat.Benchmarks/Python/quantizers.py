"""DoReFa weights and PACT activations in plain operators of PyTorch, as one writes them without kernels of one's own."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Round(torch.autograd.Function):
    """Rounding with the straight-through gradient."""

    @staticmethod
    def forward(ctx, x):
        return torch.round(x)

    @staticmethod
    def backward(ctx, gradient):
        return gradient


def dorefa(weight, bits):
    s = 2**bits - 1
    t = torch.tanh(weight)
    u = t / (2 * t.abs().max()) + 0.5
    with torch.no_grad():
        scale = weight.abs().mean() / (2 * u - 1).abs().mean()
    return scale * (2 * Round.apply(u * s) / s - 1)


def pact(x, alpha, bits, signed):
    s = 2 ** (bits - 1) - 1 if signed else 2**bits - 1
    y = torch.maximum(torch.minimum(x, alpha), -alpha) if signed else torch.minimum(F.relu(x), alpha)
    return Round.apply(y * s / alpha) * (alpha / s)


class Quantizing:
    """What a layer with a quantized weight and a quantized input has besides; alpha starts at a percentile of the first batch."""

    def quantize_with(self, widths, signed):
        self.widths = widths
        self.signed = signed
        self.calibrated = False
        self.alpha = nn.Parameter(torch.tensor(1.0))

    def quantized(self, x):
        if not self.calibrated:
            magnitudes = x.detach().abs().flatten()
            self.alpha.data.fill_(magnitudes.kthvalue(max(1, int(0.999 * magnitudes.numel()))).values)
            self.calibrated = True
        return pact(x, self.alpha, self.widths.activations, self.signed), dorefa(self.weight, self.widths.weights)


class QuantizedConv2d(nn.Conv2d, Quantizing):
    def __init__(self, widths, signed, *shape, **options):
        super().__init__(*shape, **options)
        self.quantize_with(widths, signed)

    def forward(self, x):
        return self._conv_forward(*self.quantized(x), self.bias)


class QuantizedLinear(nn.Linear, Quantizing):
    def __init__(self, widths, signed, *shape):
        super().__init__(*shape)
        self.quantize_with(widths, signed)

    def forward(self, x):
        return F.linear(*self.quantized(x), self.bias)
