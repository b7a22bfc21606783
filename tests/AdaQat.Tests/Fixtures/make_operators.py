#!/usr/bin/python3
"""Writes operators.json: inputs, outputs and gradients of PyTorch's operators, in float32 and float64.

Run it with a Python that has PyTorch (Debian: python3-torch), in this folder:

    /usr/bin/python3 make_operators.py

Every run writes the same file. A case has a name, inputs, and a function of them; tests/AdaQat.Tests/TorchApi/Operators calls the
same function under the same name. The gradients are those of the sum of all floating outputs, each element weighted with ((7 i) mod 11 - 5) / 8.
"""
import json
import math
import os
import random

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
CASES = []


def case(name, inputs, function):
    """inputs: "2x3" (values in -2 to 2, all different), "2x3 0.1:3" (another range), "i 2x3 0:4" (integers below 4), "b 2x3" (booleans);
    a leading "=" keeps an input out of differentiation."""
    CASES.append((name, inputs, function))


def source(text, label):
    """The values of an input, the same for every type: multiples of 1/256."""
    constant = text.startswith("=")
    parts = text.lstrip("=").split()
    kind = parts.pop(0) if parts[0] in ("i", "b") else "f"
    shape = [int(n) for n in parts[0].split("x")] if parts[0] != "." else []
    low, high = (float(n) for n in parts[1].split(":")) if len(parts) > 1 else (-2.0, 2.0)
    count = math.prod(shape)
    draw = random.Random(label)
    if kind == "i":
        values = [draw.randrange(int(low), int(high)) for _ in range(count)]
    elif kind == "b":
        values = [draw.random() < 0.5 for _ in range(count)]
    else:
        steps = list(range(count))
        draw.shuffle(steps)
        values = [round((low + (high - low) * (n + 0.5) / max(count, 1)) * 256) / 256 for n in steps]
    return kind, shape, values, constant


def encode(tensor):
    digits = 9 if tensor.dtype == torch.float32 else 17
    kinds = {torch.float32: "f32", torch.float64: "f64", torch.int64: "i64", torch.bool: "b"}
    flat = tensor.detach().contiguous().view(-1).tolist()
    if tensor.dtype == torch.bool:
        flat = [int(v) for v in flat]
    elif tensor.dtype != torch.int64:
        flat = [str(v) if not math.isfinite(v) else float(f"{v:.{digits}g}") for v in flat]
    return {"type": kinds[tensor.dtype], "shape": list(tensor.shape), "values": flat}


def run(name, inputs, function, dtype):
    tensors = []
    for index, text in enumerate(inputs):
        kind, shape, values, constant = source(text, f"{name}/{index}")
        type_ = {"i": torch.int64, "b": torch.bool, "f": dtype}[kind]
        tensor = torch.tensor(values, dtype=type_).reshape(shape)
        tensors.append(tensor.requires_grad_(kind == "f" and not constant))
    # Functions may change what they are given, so they get copies.
    outputs = function(*[t.clone() for t in tensors])
    outputs = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]
    total = 0
    for output in outputs:
        if output.requires_grad:
            weights = ((torch.arange(output.numel()) * 7 % 11 - 5).to(output.dtype) / 8).reshape(output.shape)
            total = total + (output * weights).sum()
    if torch.is_tensor(total):
        total.backward()
    return {
        "name": name,
        "inputs": [dict(encode(t), differentiable=t.requires_grad) for t in tensors],
        "outputs": [encode(o) for o in outputs],
        "gradients": [None if t.grad is None else encode(t.grad) for t in tensors],
    }


# Arithmetic
case("add", ["2x3", "3"], lambda a, b: a + b)
case("add alpha", ["2x3", "2x3"], lambda a, b: torch.add(a, b, alpha=0.5))
case("add number", ["2x3"], lambda a: a + 0.1)
case("sub", ["2x3", "2x1"], lambda a, b: a - b)
case("number sub", ["2x3"], lambda a: 3 - a)
case("mul", ["2x3", "3"], lambda a, b: a * b)
case("div", ["2x3", "3 0.5:3"], lambda a, b: a / b)
case("number div", ["2x3 0.5:3"], lambda a: 0.3 / a)
case("div floor", ["2x3", "3 0.5:3"], lambda a, b: torch.div(a, b, rounding_mode="floor"))
case("div trunc", ["2x3", "3 0.5:3"], lambda a, b: torch.div(a, b, rounding_mode="trunc"))
case("floor_divide", ["i 2x3 0:20", "i 3 1:5"], lambda a, b: torch.floor_divide(a, b))
case("remainder", ["2x3", "3 0.5:3"], lambda a, b: a % b)
case("fmod", ["2x3"], lambda a: torch.fmod(a, 0.7))
case("neg", ["2x3"], lambda a: -a)
case("pow number", ["2x3 0.1:2"], lambda a: a ** 2.5)
case("pow", ["2x3 0.1:2", "3"], lambda a, b: a ** b)
case("square", ["2x3"], lambda a: a.square())
case("reciprocal", ["2x3 0.5:3"], lambda a: a.reciprocal())
case("addcmul", ["2x3", "2x3", "2x3"], lambda a, b, c: torch.addcmul(a, b, c, value=0.5))
case("addcdiv", ["2x3", "2x3", "2x3 0.5:2"], lambda a, b, c: torch.addcdiv(a, b, c, value=0.5))
case("lerp", ["2x3", "2x3", "2x3 0:1"], lambda a, b, w: torch.lerp(a, b, w))
case("hypot", ["2x3", "2x3"], lambda a, b: torch.hypot(a, b))
case("logaddexp", ["2x3", "2x3"], lambda a, b: torch.logaddexp(a, b))
case("integers", ["i 2x3 -5:6", "i 3 1:4"], lambda a, b: [a + b, a - b, a * b, a / b, a % b, 7 - a, a // b])

# Functions of one element
for name in ("abs", "exp", "exp2", "expm1", "sigmoid", "erf", "erfc", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "asinh",
             "sign", "ceil", "floor", "trunc", "frac", "round"):
    case(name, ["3x4"], (lambda op: lambda a: op(a))(getattr(torch, name)))
for name in ("log", "log2", "log10", "log1p", "sqrt", "rsqrt", "lgamma", "digamma"):
    case(name, ["3x4 0.2:3"], (lambda op: lambda a: op(a))(getattr(torch, name)))
for name in ("asin", "acos", "atanh", "erfinv"):
    case(name, ["3x4 -0.9:0.9"], (lambda op: lambda a: op(a))(getattr(torch, name)))
case("acosh", ["3x4 1.1:3"], lambda a: torch.acosh(a))
case("atan2", ["2x3", "2x3"], lambda a, b: torch.atan2(a, b))
case("logit", ["2x3 0:1"], lambda a: torch.logit(a, 0.1))
case("round decimals", ["3x4"], lambda a: torch.round(a, decimals=1))
case("round ties", ["2x3"], lambda a: torch.round(torch.arange(-3, 4).to(a.dtype) + 0.5))
case("clamp", ["3x4"], lambda a: a.clamp(-0.5, 1))
case("clamp min", ["3x4"], lambda a: a.clamp(min=-0.5))
case("clamp max", ["3x4"], lambda a: a.clamp(max=0.5))
case("clamp tensors", ["3x4", "4 -2:-1", "4 0:1"], lambda a, low, high: torch.clamp(a, low, high))
case("nan_to_num", ["2x3"], lambda a: torch.nan_to_num(torch.log(a), 0.5, 1.5, -1.5))
case("sinc", ["2x3"], lambda a: torch.sinc(a))
case("xlogy", ["2x3", "2x3 0.1:2"], lambda a, b: torch.xlogy(a, b))

# Comparison and logic
case("comparisons", ["2x3", "3"], lambda a, b: [a == b, a != b, a < b, a <= b, a > b, a >= b])
case("comparisons number", ["i 2x3 0:3"], lambda a: [a == 1, a != 1, a < 1, a <= 1, a > 1, a >= 1])
case("maximum", ["2x3", "2x3"], lambda a, b: [torch.maximum(a, b), torch.minimum(a, b)])
case("finite", ["2x3"], lambda a: [torch.isnan(a.log()), torch.isinf(a / 0), torch.isfinite(a / 0)])
case("isclose", ["2x3"], lambda a: torch.isclose(a, a.round(), rtol=0.1, atol=0.1))
case("logic", ["b 2x3", "b 2x3"], lambda a, b: [a & b, a | b, a ^ b, ~a, torch.logical_and(a, b), torch.logical_or(a, b), torch.logical_xor(a, b), torch.logical_not(a)])
case("bits", ["i 2x3 0:16", "i 2x3 0:16"], lambda a, b: [a & b, a | b, a ^ b, ~a, torch.bitwise_left_shift(a, b), torch.bitwise_right_shift(a, b)])

# Reductions
case("sum", ["2x3x4"], lambda a: [a.sum(), a.sum(1), a.sum((0, 2), keepdim=True)])
case("sum integers", ["i 2x3 0:9"], lambda a: [a.sum(), a.sum(0)])
case("mean", ["2x3x4"], lambda a: [a.mean(), a.mean((0, 2)), a.mean((1,), keepdim=True)])
case("prod", ["2x3"], lambda a: [a.prod(), a.prod(1, keepdim=True)])
case("var", ["2x3x4"], lambda a: [a.var(), a.var(unbiased=False), a.var(1), a.var((0, 2), unbiased=False, keepdim=True)])
case("std", ["2x3x4"], lambda a: [a.std(), a.std(1, unbiased=False), a.std((0, 2), keepdim=True)])
case("var_mean", ["2x3x4"], lambda a: [*torch.var_mean(a, 1, unbiased=True), *torch.std_mean(a, unbiased=False)])
case("norm", ["2x3"], lambda a: [a.norm(), a.norm(1), a.norm(2, 1), a.norm(3, 0, keepdim=True)])
case("logsumexp", ["2x3"], lambda a: torch.logsumexp(a, 1))
case("max", ["2x3x4"], lambda a: [a.max(), *a.max(1), *a.max(2, keepdim=True)])
case("min", ["2x3x4"], lambda a: [a.min(), *a.min(1)])
case("amax", ["2x3x4"], lambda a: [a.amax((0, 2)), a.amin((1,), keepdim=True)])
case("aminmax", ["=2x3"], lambda a: [*torch.aminmax(a, dim=1)])
case("argmax", ["2x3x4"], lambda a: [a.argmax(), a.argmax(1), a.argmin(2, keepdim=True)])
case("all any", ["b 3x4"], lambda a: [a.all(), a.any(), a.all(1), a.any(0, keepdim=True)])
case("count_nonzero", ["i 3x4 0:2"], lambda a: [torch.count_nonzero(a), torch.count_nonzero(a, (0,))])
case("cumsum", ["2x3"], lambda a: [a.cumsum(1), a.cumprod(0)])
case("cummax", ["2x4"], lambda a: [*a.cummax(1), *a.cummin(1)])
case("logcumsumexp", ["2x4"], lambda a: torch.logcumsumexp(a, 1))
case("diff", ["2x4"], lambda a: torch.diff(a))
case("median", ["3x5"], lambda a: a.median())
case("kthvalue", ["3x5"], lambda a: [*a.kthvalue(2, 1)])
case("mode", ["i 2x6 0:3"], lambda a: [a.mode(1).values])
case("quantile", ["3x5", "=3 0:1"], lambda a, q: torch.quantile(a, q, 1))
case("histc", ["12"], lambda a: torch.histc(a, 4, -2, 2))
case("bincount", ["i 9 0:5"], lambda a: torch.bincount(a, minlength=7))
case("nansum", ["2x3"], lambda a: [torch.nansum(a.log()), torch.nanmean(a.log())])

# Order
case("sort", ["2x5"], lambda a: [*a.sort(1), *a.sort(0, descending=True)])
case("argsort", ["2x5"], lambda a: a.argsort(1, descending=True))
case("topk", ["2x6"], lambda a: [*a.topk(3), *a.topk(2, 1, largest=False)])
case("unique", ["i 9 0:4"], lambda a: [*torch.unique(a, return_inverse=True, return_counts=True)])
case("bucketize", ["2x3", "=4"], lambda a, b: torch.bucketize(a, b.sort().values))

# Shape
case("view", ["2x6"], lambda a: [a.view(3, 4), a.reshape(-1, 2), a.flatten(), a.ravel(), a.unflatten(1, (2, 3))])
case("squeeze", ["2x1x3"], lambda a: [a.squeeze(), a.squeeze(1), a.unsqueeze(0), a.unsqueeze(-1)])
case("transpose", ["2x3x4"], lambda a: [a.transpose(0, 2), a.permute(1, 2, 0), a.movedim((0,), (2,)), a.mT])
case("t", ["2x3"], lambda a: [a.t(), a.T])
case("expand", ["1x3"], lambda a: [a.expand(2, 3), a.expand(2, -1, -1), a.broadcast_to((4, 3))])
case("repeat", ["2x3"], lambda a: [a.repeat(2, 2), a.tile((1, 2)), a.repeat_interleave(2, 1)])
case("flip", ["2x3x2"], lambda a: [a.flip(0, 2), a.fliplr(), a.flipud(), a.rot90(1, (0, 1))])
case("roll", ["3x4"], lambda a: [a.roll(1), a.roll((1, -1), (0, 1)), a.roll(2, 1)])
case("tensor unfold", ["7"], lambda a: a.unfold(0, 3, 2))
case("diagonal", ["3x4"], lambda a: [a.diagonal(), a.diagonal(1), a.diag(-1), torch.diag_embed(a)])
case("parts", ["4x6"], lambda a: [a.narrow(1, 1, 3), a.select(0, 2), a[:, 1:6:2]])
case("split", ["4x6"], lambda a: [*a.split(4, 1), *a.split((1, 3), 0), *a.chunk(3, 1), *a.unbind(0), *a.tensor_split(4, 1)])
case("cat", ["2x3", "1x3"], lambda a, b: torch.cat((a, b), 0))
case("stack", ["2x3", "2x3"], lambda a, b: [torch.stack((a, b), 1), torch.hstack((a, b)), torch.vstack((a, b)), torch.dstack((a, b))])
case("meshgrid", ["2", "3"], lambda a, b: [*torch.meshgrid(a, b, indexing="ij"), *torch.meshgrid(a, b, indexing="xy")])
case("as_strided", ["12"], lambda a: torch.as_strided(a, (3, 3), (2, 1), 1))

# Indexing
case("index numbers", ["3x4x5"], lambda a: [a[1], a[1, 2], a[1, 2, 3], a[-1, -1]])
case("index slices", ["3x4x5"], lambda a: [a[1:], a[:, ::2], a[..., 1:3], a[0, ..., -1], a[:, None, 1:-1], a[None, ..., 2]])
case("index tensors", ["3x4x5", "i 2 0:3", "i 2 0:4"], lambda a, i, j: [a[i], a[i, j], a[:, j], a[..., j, None], a[1:, j, 2:]])
case("index masks", ["3x4", "b 3x4", "b 3"], lambda a, m, r: [a[m], a[r], a[r, 1:3]])
case("index set", ["3x4", "4", "i 2 0:2", "b 3x4"], lambda a, v, i, m: index_set(a, v, i, m))
case("index_put accumulate", ["3x4", "3x4", "=i 3 0:2"], lambda a, v, i: a.index_put_((i,), v, accumulate=True))
case("gather", ["3x4", "i 2x4 0:3"], lambda a, i: a.gather(0, i))
case("scatter", ["3x4", "1x4", "=i 1x4 0:3"], lambda a, s, i: [a.scatter(0, i, s), a.scatter_add(0, i, s)])
case("index_select", ["3x4", "i 5 0:4"], lambda a, i: a.index_select(1, i))
case("index_add", ["3x4", "2x4", "=i 2 0:3"], lambda a, s, i: a.index_add(0, i, s, alpha=0.5))
case("index_fill", ["3x4", "i 2 0:3"], lambda a, i: a.index_fill(0, i, 0.5))
case("take", ["3x4", "i 5 0:12"], lambda a, i: a.take(i))
case("take_along_dim", ["3x4"], lambda a: torch.take_along_dim(a, a.argsort(1), 1))
case("where", ["b 2x3", "2x3", "3"], lambda c, a, b: [torch.where(c, a, b), a.where(c, b)])
case("masked_fill", ["2x3", "b 2x3"], lambda a, m: a.masked_fill(m, -1.5))
case("masked_select", ["2x3", "b 2x3"], lambda a, m: a.masked_select(m))
case("nonzero", ["i 3x4 0:2"], lambda a: [a.nonzero(), torch.argwhere(a)])
case("triangles", ["3x4"], lambda a: [a.tril(), a.triu(1), a.tril(-1)])
case("triangle indices", ["i 1 0:1"], lambda a: [torch.tril_indices(3, 3), torch.triu_indices(3, 4, 1)])

# Products
case("matmul", ["2x3", "3x4"], lambda a, b: [a @ b, a.mm(b)])
case("matmul batch", ["2x2x3", "3x4"], lambda a, b: a @ b)
case("bmm", ["2x2x3", "2x3x2"], lambda a, b: a.bmm(b))
case("vectors", ["3", "3", "2x3"], lambda a, b, m: [a.dot(b), a.outer(b), m.mv(a), a.inner(b)])
case("addmm", ["2x4", "2x3", "3x4"], lambda c, a, b: torch.addmm(c, a, b, beta=0.5, alpha=2))
case("baddbmm", ["2x2x2", "2x2x3", "2x3x2"], lambda c, a, b: torch.baddbmm(c, a, b, beta=0.5, alpha=2))
case("einsum", ["2x3x4", "2x4x2"], lambda a, b: torch.einsum("bij,bjk->bik", a, b))
case("tensordot", ["2x3x4", "3x4x2"], lambda a, b: torch.tensordot(a, b, 2))
case("kron", ["2x2", "2x2"], lambda a, b: torch.kron(a, b))
case("cdist", ["3x2", "2x2"], lambda a, b: torch.cdist(a, b))
case("linalg", ["3x3"], lambda a: [torch.linalg.norm(a), torch.linalg.norm(a, dim=1), torch.linalg.vector_norm(a, 3, 0, True), torch.linalg.svdvals(a), torch.linalg.cholesky(a @ a.t() + torch.eye(3, dtype=a.dtype))])
case("det", ["3x3"], lambda a: [a.det(), (a + 3 * torch.eye(3, dtype=a.dtype)).inverse(), a.trace()])

# In place
case("in place arithmetic", ["2x3", "=2x3 0.5:2"], lambda a, b: a.add_(b).mul_(b).sub_(b, alpha=1).div_(b).add_(1.5).mul_(0.5))
case("in place addc", ["2x3", "2x3", "2x3 0.5:2"], lambda a, b, c: a.addcmul_(b, c, value=0.5).addcdiv_(b, c, value=0.5).lerp_(b, c))
case("in place pointwise", ["=2x3"], lambda a: a.abs_().sqrt_().exp_().log_().neg_().tanh_().clamp_(-0.5, 0.5))
case("in place masks", ["2x3", "b 2x3", "i 1 0:2"], lambda a, m, i: a.masked_fill_(m, 0.5).index_fill_(0, i, 0.25).relu_())
case("in place shape", ["2x1x3"], lambda a: a.squeeze_(1).unsqueeze_(0).transpose_(0, 1))


def index_set(a, value, positions, mask):
    a[2] = value
    a[:, 1] = 0.5
    a[0, 1:3] = value[:2]
    a[mask] = -1
    a[positions, 3] = value[0]
    return a


# Layers
case("linear", ["2x3", "4x3", "4"], lambda x, w, b: [F.linear(x, w, b), F.linear(x, w)])
case("bilinear", ["2x3", "2x4", "2x3x4", "2"], lambda x, y, w, b: F.bilinear(x, y, w, b))
case("one_hot", ["i 4 0:3"], lambda x: F.one_hot(x, 4))
case("conv1d", ["2x2x7", "3x2x3", "3"], lambda x, w, b: [F.conv1d(x, w, b), F.conv1d(x, w, b, 2, 1), F.conv1d(x, w, None, 1, 2, 2)])
case("conv1d groups", ["1x4x5", "4x1x3"], lambda x, w: F.conv1d(x, w, None, 1, 1, 1, 4))
case("conv2d", ["2x2x4x5", "3x2x3x3", "3"], lambda x, w, b: [F.conv2d(x, w, b), F.conv2d(x, w, b, (2, 1), (1, 0)), F.conv2d(x, w, None, 1, 2, 2)])
case("conv2d depthwise", ["1x3x4x4", "3x1x3x3", "3"], lambda x, w, b: F.conv2d(x, w, b, 1, 1, 1, 3))
case("conv2d pointwise", ["2x3x3x3", "4x3x1x1"], lambda x, w: F.conv2d(x, w, stride=2))
case("conv2d same", ["1x2x4x5", "2x2x3x3"], lambda x, w: [F.conv2d(x, w, padding="same"), F.conv2d(x, w, padding="valid")])
case("conv3d", ["1x2x3x3x4", "2x2x2x2x2", "2"], lambda x, w, b: [F.conv3d(x, w, b), F.conv3d(x, w, b, 2, 1)])
case("conv_transpose1d", ["1x2x4", "2x3x3", "3"], lambda x, w, b: F.conv_transpose1d(x, w, b, 2, 1, 1))
case("conv_transpose2d", ["1x2x3x3", "2x2x3x3", "2"], lambda x, w, b: [F.conv_transpose2d(x, w, b), F.conv_transpose2d(x, w, b, 2, 1, 1)])
case("conv_transpose3d", ["1x1x2x2x2", "1x2x2x2x2"], lambda x, w: F.conv_transpose3d(x, w, None, 2))
case("batch_norm training", ["4x3x2x2", "=3", "=3 0.5:2", "3", "3"], lambda x, m, v, w, b: [F.batch_norm(x, m, v, w, b, True, 0.1, 1e-5), m, v])
case("batch_norm evaluation", ["4x3x2x2", "=3", "=3 0.5:2", "3", "3"], lambda x, m, v, w, b: F.batch_norm(x, m, v, w, b, False))
case("batch_norm vectors", ["5x3", "=3", "=3 0.5:2"], lambda x, m, v: F.batch_norm(x, m, v, training=True))
case("layer_norm", ["2x3x4", "4", "4"], lambda x, w, b: [F.layer_norm(x, (4,), w, b), F.layer_norm(x, (3, 4))])
case("group_norm", ["2x4x3", "4", "4"], lambda x, w, b: F.group_norm(x, 2, w, b))
case("instance_norm", ["2x3x4", "3", "3"], lambda x, w, b: F.instance_norm(x, weight=w, bias=b))
case("local_response_norm", ["2x5x3x2"], lambda x: F.local_response_norm(x, 3, 0.1, 0.75, 1.5))
case("normalize", ["2x3x4"], lambda x: [F.normalize(x), F.normalize(x, 1, 2)])

# Activations
for name in ("relu", "relu6", "elu", "celu", "selu", "gelu", "silu", "mish", "sigmoid", "tanh", "hardtanh", "hardsigmoid", "hardswish",
             "hardshrink", "softshrink", "softplus", "softsign", "tanhshrink", "logsigmoid", "leaky_relu"):
    case("F." + name, ["3x4 -4:4"], (lambda op: lambda x: op(x))(getattr(torch if name in ("sigmoid", "tanh") else F, name)))
case("F.leaky_relu slope", ["3x4"], lambda x: F.leaky_relu(x, 0.2))
case("F.elu alpha", ["3x4"], lambda x: F.elu(x, 0.5))
case("F.softplus beta", ["3x4"], lambda x: F.softplus(x, 2, 1))
case("F.threshold", ["3x4"], lambda x: F.threshold(x, 0.3, -0.7))
case("F.prelu", ["2x3x2", "3 0:1"], lambda x, w: F.prelu(x, w))
case("F.rrelu", ["3x4"], lambda x: F.rrelu(x))
case("F.glu", ["2x6"], lambda x: F.glu(x, 1))
case("F.softmax", ["2x3x4"], lambda x: [F.softmax(x, 1), F.log_softmax(x, -1), F.softmin(x, 2)])
case("softmax2d", ["1x3x2x2"], lambda x: F.softmax(x, -3))
case("F.relu in place", ["3x4"], lambda x: F.relu(x, True))

# Pooling
case("max_pool1d", ["2x2x7"], lambda x: [F.max_pool1d(x, 3), F.max_pool1d(x, 3, 2, 1)])
case("max_pool2d", ["1x2x5x6"], lambda x: [F.max_pool2d(x, 2), F.max_pool2d(x, 3, 2, 1), F.max_pool2d(x, (2, 3), (1, 2), ceil_mode=True)])
case("max_pool2d indices", ["1x2x4x4"], lambda x: [*F.max_pool2d(x, 2, return_indices=True)])
case("max_pool3d", ["1x1x4x4x4"], lambda x: F.max_pool3d(x, 2))
case("avg_pool1d", ["2x2x7"], lambda x: [F.avg_pool1d(x, 3), F.avg_pool1d(x, 3, 2, 1)])
case("avg_pool2d", ["1x2x5x6"], lambda x: [F.avg_pool2d(x, 2), F.avg_pool2d(x, 3, 2, 1, count_include_pad=False), F.avg_pool2d(x, (2, 3), divisor_override=5)])
case("avg_pool3d", ["1x1x4x4x4"], lambda x: F.avg_pool3d(x, 2))
case("adaptive_avg_pool1d", ["2x2x7"], lambda x: F.adaptive_avg_pool1d(x, 3))
case("adaptive_avg_pool2d", ["1x2x5x6"], lambda x: [F.adaptive_avg_pool2d(x, 1), F.adaptive_avg_pool2d(x, (2, 3))])
case("adaptive_avg_pool3d", ["1x1x3x4x5"], lambda x: F.adaptive_avg_pool3d(x, 2))
case("adaptive_max_pool", ["1x2x5x6"], lambda x: [F.adaptive_max_pool2d(x, (2, 3))])
case("lp_pool", ["1x2x4x6 0.1:2"], lambda x: [F.lp_pool2d(x, 2.0, 2), F.lp_pool2d(x, 3.0, (2, 3), (1, 1))])

# Padding, patches, resizing
case("pad constant", ["1x2x3x4"], lambda x: [F.pad(x, (1, 2)), F.pad(x, (1, 0, -1, 2), value=0.5), F.pad(x, (0, 0, 0, 0, 1, 1))])
case("pad modes", ["1x2x3x4"], lambda x: [F.pad(x, (1, 2, 2, 1), m) for m in ("reflect", "replicate", "circular")])
case("unfold", ["1x2x4x5"], lambda x: [F.unfold(x, 2), F.unfold(x, (3, 2), 1, 1, 2)])
case("fold", ["1x8x6"], lambda x: F.fold(x, (3, 4), (2, 2)))
case("pixel_shuffle", ["1x4x2x3"], lambda x: [F.pixel_shuffle(x, 2), F.pixel_unshuffle(F.pixel_shuffle(x, 2), 2)])
case("interpolate nearest", ["1x2x3x4"], lambda x: [F.interpolate(x, (5, 6)), F.interpolate(x, scale_factor=(2.0, 1.5)), F.interpolate(x, (2, 7), mode="nearest-exact")])
case("interpolate bilinear", ["1x2x3x4"], lambda x: [F.interpolate(x, (5, 6), mode="bilinear"), F.interpolate(x, scale_factor=(2.0, 2.0), mode="bilinear", align_corners=True)])
case("interpolate other", ["1x2x3x4"], lambda x: [F.interpolate(x, (5, 6), mode="bicubic"), F.interpolate(x, (2, 2), mode="area"), F.interpolate(x, scale_factor=(1.4, 1.4), mode="bilinear", recompute_scale_factor=True)])
case("interpolate lines", ["1x2x5"], lambda x: [F.interpolate(x, (8,)), F.interpolate(x, (8,), mode="linear")])
case("grid_sample", ["1x2x3x4", "1x2x2x2 -1.2:1.2"], lambda x, g: [F.grid_sample(x, g, align_corners=False), F.grid_sample(x, g, "nearest", "border", False), F.grid_sample(x, g, "bilinear", "reflection", True)])
case("affine_grid", ["1x2x3"], lambda t: F.affine_grid(t, [1, 1, 2, 3], align_corners=False))

# Losses
EACH = ("none", "mean", "sum")
case("cross_entropy", ["4x3", "i 4 0:3", "=3 0.5:2"], lambda x, t, w: [*[F.cross_entropy(x, t, reduction=r) for r in EACH], F.cross_entropy(x, t, w), F.cross_entropy(x, t, w, label_smoothing=0.1)])
case("cross_entropy ignored", ["4x3", "i 4 0:3"], lambda x, t: F.cross_entropy(x, t, ignore_index=int(t[0])))
case("cross_entropy images", ["2x3x2x2", "i 2x2x2 0:3"], lambda x, t: F.cross_entropy(x, t))
case("cross_entropy probabilities", ["4x3", "4x3 0.1:0.9"], lambda x, t: F.cross_entropy(x, t))
case("nll_loss", ["4x3", "i 4 0:3", "=3 0.5:2"], lambda x, t, w: [*[F.nll_loss(x, t, reduction=r) for r in EACH], F.nll_loss(x, t, w)])
case("mse_loss", ["2x3", "2x3"], lambda x, t: [F.mse_loss(x, t, reduction=r) for r in EACH])
case("l1_loss", ["2x3", "2x3"], lambda x, t: [F.l1_loss(x, t, reduction=r) for r in EACH])
case("smooth_l1_loss", ["2x3", "2x3"], lambda x, t: [F.smooth_l1_loss(x, t, reduction=r, beta=0.5) for r in EACH])
case("huber_loss", ["2x3", "2x3"], lambda x, t: [F.huber_loss(x, t, reduction=r, delta=0.5) for r in EACH])
case("binary_cross_entropy", ["2x3 0.1:0.9", "2x3 0:1", "=3 0.5:2"], lambda x, t, w: [F.binary_cross_entropy(x, t), F.binary_cross_entropy(x, t, w, reduction="sum")])
case("binary_cross_entropy_with_logits", ["2x3", "2x3 0:1", "=3 0.5:2"], lambda x, t, w: [F.binary_cross_entropy_with_logits(x, t), F.binary_cross_entropy_with_logits(x, t, w, reduction="sum", pos_weight=w)])
case("kl_div", ["2x3 -2:-0.1", "2x3 0.1:1"], lambda x, t: [F.kl_div(x, t, reduction="sum"), F.kl_div(x, t.log(), reduction="none", log_target=True)])
case("margin losses", ["4x3", "i 4 0:3", "4", "=4"], lambda x, t, a, b: [F.multi_margin_loss(x, t), F.soft_margin_loss(a, b.sign()), F.margin_ranking_loss(a, b, b.sign(), 0.5), F.hinge_embedding_loss(a, b.sign(), 1)])
case("multilabel losses", ["2x4", "i 2x4 0:2", "=4 0.5:2"], lambda x, t, w: [F.multilabel_soft_margin_loss(x, t.to(x.dtype)), F.multilabel_soft_margin_loss(x, t.to(x.dtype), w, reduction="sum")])
case("poisson_nll_loss", ["2x3", "2x3 0.5:4"], lambda x, t: [F.poisson_nll_loss(x, t), F.poisson_nll_loss(x.abs(), t, False, full=True, reduction="sum")])
case("embedding losses", ["2x3", "2x3", "2x3", "=2"], lambda a, b, c, s: [F.cosine_embedding_loss(a, b, s.sign(), 0.1), F.triplet_margin_loss(a, b, c), F.cosine_similarity(a, b), F.pairwise_distance(a, b), F.triplet_margin_with_distance_loss(a, b, c, swap=True)])
case("ctc_loss", ["5x1x3"], lambda x: F.ctc_loss(F.log_softmax(x, 2), torch.tensor([[1, 2]]), torch.tensor([5]), torch.tensor([2])))

# Attention
case("attention", ["1x2x3x4", "1x2x3x4", "1x2x3x4"], lambda q, k, v: F.softmax(q @ k.transpose(-2, -1) / 2, -1) @ v)
case("attention causal", ["1x2x3x4", "1x2x3x4", "1x2x3x4"], lambda q, k, v: F.softmax((q @ k.transpose(-2, -1) / 2).masked_fill(torch.ones(3, 3, dtype=torch.bool).triu(1), -math.inf), -1) @ v)
case("attention masked", ["1x2x3x4", "1x2x3x4", "1x2x3x4", "=3x3"], lambda q, k, v, m: F.softmax(q @ k.transpose(-2, -1) / 2 + m, -1) @ v)

if __name__ == "__main__":
    results = [run(*c, dtype) for c in CASES for dtype in (torch.float32, torch.float64)]
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "operators.json"), "w") as file:
        file.write("[\n")
        file.write(",\n".join(json.dumps(r, separators=(",", ":")) for r in results))
        file.write("\n]\n")
