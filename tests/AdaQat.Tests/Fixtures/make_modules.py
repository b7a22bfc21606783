#!/usr/bin/python3
"""Writes modules.json: what PyTorch's modules make of an input, with the gradients of their parameters and their buffers afterwards.

Run it with a Python that has PyTorch (Debian: python3-torch), in this folder:

    /usr/bin/python3 make_modules.py

Every run writes the same file. All numbers are float64. A case has a name, the module, its inputs and how often it is called;
tests/AdaQat.Tests/TorchApi/Modules builds the same module under the same name. Gradients are those of the sum of the last output's
elements, each weighted with ((7 i) mod 11 - 5) / 8.
"""
import json
import os

import torch
from torch import nn

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
CASES = []


def spread(shape, seed):
    """Multiples of 1/64 between -2 and 2 in an order that the seed picks; ties are possible, zero is not."""
    count = 1
    for size in shape:
        count *= size
    draw = torch.Generator().manual_seed(seed)
    values = torch.randint(1, 129, (count,), generator=draw).double() / 64
    signs = torch.randint(0, 2, (count,), generator=draw) * 2 - 1
    return (values * signs).reshape(shape)


def case(name, module, *shapes, calls=1, train=True, inputs=None, prepare=None):
    CASES.append((name, module, shapes, calls, train, inputs, prepare))


def tensor(value):
    if value is None:
        return None
    return {"shape": list(value.shape), "integers": not value.is_floating_point(), "values": value.detach().reshape(-1).tolist()}


def joined(output):
    """One vector of all that a module returns where that is several tensors."""
    if torch.is_tensor(output):
        return output
    return torch.cat([joined(part).reshape(-1) for part in output])


class WithState(nn.LSTM):
    """An LSTM that takes its two states one by one."""

    def forward(self, x, hidden, cell):
        return super().forward(x, (hidden, cell))


class CellWithState(nn.LSTMCell):
    def forward(self, x, hidden, cell):
        return super().forward(x, (hidden, cell))


class PaddedAttention(nn.MultiheadAttention):
    """Attention that takes its masks behind the sequences."""

    def forward(self, query, key, value, padding, mask):
        return super().forward(query, key, value, key_padding_mask=padding.bool(), attn_mask=mask)


class MaskedEncoderLayer(nn.TransformerEncoderLayer):
    def forward(self, source, mask):
        return super().forward(source, mask)


def run(index, name, module, shapes, calls, train, inputs, prepare):
    with torch.no_grad():
        for i, parameter in enumerate(module.parameters()):
            parameter.copy_(spread(parameter.shape, 1000 * index + i) / 4)
    if prepare:
        prepare(module)
    module.train(train)
    # PyTorch counts a loss's weights among its buffers; TorchSharp does not.
    loss = isinstance(module, nn.modules.loss._Loss)
    state = {} if loss else {key: tensor(value) for key, value in module.state_dict().items()}
    inputs = inputs or [spread(shape, 1000 * index + 100 + i) for i, shape in enumerate(shapes)]
    recorded = [tensor(x) for x in inputs]
    # The last input of a loss is its target, which many losses are not differentiable in.
    constant = inputs[-1] if loss else None
    leaves = [x.clone().requires_grad_(x.is_floating_point() and x is not constant) for x in inputs]
    for _ in range(calls):
        output = joined(module(*leaves))
    weights = ((torch.arange(output.numel()) * 7) % 11 - 5).double() / 8
    if output.requires_grad:
        (output * weights.reshape(output.shape)).sum().backward()
    return {
        "name": name,
        "calls": calls,
        "train": train,
        "parameters": [n for n, _ in module.named_parameters()],
        "buffers": [] if loss else [n for n, _ in module.named_buffers()],
        "state": state,
        "inputs": recorded,
        "output": tensor(output),
        "inputGradients": [tensor(x.grad) for x in leaves],
        "gradients": {n: tensor(p.grad) for n, p in module.named_parameters()},
        "buffersAfter": {} if loss else {n: tensor(b) for n, b in module.named_buffers()},
    }


class Residual(nn.Module):
    """Shares one convolution between two places and names its parts out of alphabetical order."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(2, 3, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(3)
        self.block = nn.Sequential(nn.Conv2d(3, 3, 3, padding=1), nn.ReLU(), nn.Conv2d(3, 3, 1))
        self.head = nn.Linear(3, 4)

    def forward(self, x):
        x = torch.relu(self.norm(self.stem(x)))
        x = torch.relu(x + self.block(x))
        return self.head(x.mean([2, 3]))


case("Linear", nn.Linear(5, 3), (2, 5))
case("Linear without bias", nn.Linear(5, 3, bias=False), (2, 4, 5))
case("Bilinear", nn.Bilinear(3, 4, 2), (5, 3), (5, 4))
case("Conv1d", nn.Conv1d(2, 4, 3, stride=2, padding=1, dilation=2, groups=2), (2, 2, 9))
case("Conv2d", nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2), (2, 4, 6, 5))
case("Conv2d unbatched", nn.Conv2d(2, 3, 3), (2, 5, 5))
case("Conv2d of a pair", nn.Conv2d(2, 3, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), bias=False), (2, 2, 6, 5))
case("Conv2d padded to the same size", nn.Conv2d(2, 3, (4, 3), padding="same", dilation=(1, 2)), (1, 2, 6, 5))
case("Conv2d padded with reflections", nn.Conv2d(2, 3, 3, padding=(2, 1), padding_mode="reflect"), (1, 2, 5, 4))
case("Conv2d padded with replicas", nn.Conv2d(2, 3, 3, padding=1, padding_mode="replicate"), (1, 2, 5, 4))
case("Conv2d padded circularly", nn.Conv2d(2, 3, 3, padding=(1, 2), padding_mode="circular"), (1, 2, 5, 4))
case("Conv3d", nn.Conv3d(2, 3, 2, padding=1), (1, 2, 3, 4, 3))
case("ConvTranspose1d", nn.ConvTranspose1d(2, 3, 3, stride=2, padding=1, output_padding=1), (2, 2, 5))
case("ConvTranspose2d", nn.ConvTranspose2d(4, 2, 3, stride=2, padding=1, output_padding=1, groups=2), (1, 4, 3, 4))
case("ConvTranspose3d", nn.ConvTranspose3d(2, 2, 2, stride=2), (1, 2, 2, 3, 2))
case("BatchNorm1d", nn.BatchNorm1d(3), (6, 3), calls=2)
case("BatchNorm2d", nn.BatchNorm2d(3), (4, 3, 3, 2), calls=3)
case("BatchNorm2d in evaluation", nn.BatchNorm2d(3), (4, 3, 3, 2), train=False,
     prepare=lambda m: (m.running_mean.copy_(spread((3,), 1)), m.running_var.copy_(spread((3,), 2).abs())))
case("BatchNorm2d with another momentum", nn.BatchNorm2d(3, eps=0.01, momentum=0.3), (4, 3, 3, 2), calls=2)
case("BatchNorm2d with a cumulative average", nn.BatchNorm2d(3, momentum=None), (4, 3, 3, 2), calls=3)
case("BatchNorm2d without running statistics", nn.BatchNorm2d(3, track_running_stats=False), (4, 3, 3, 2), train=False)
case("BatchNorm2d without affine map", nn.BatchNorm2d(3, affine=False), (4, 3, 3, 2))
case("BatchNorm3d", nn.BatchNorm3d(2), (3, 2, 2, 2, 2))
case("InstanceNorm1d", nn.InstanceNorm1d(3), (2, 3, 5))
case("InstanceNorm2d", nn.InstanceNorm2d(3, affine=True, track_running_stats=True), (2, 3, 4, 3), calls=2)
case("InstanceNorm2d in evaluation", nn.InstanceNorm2d(3, affine=True, track_running_stats=True), (2, 3, 4, 3), train=False)
case("LayerNorm", nn.LayerNorm([3, 4]), (2, 3, 4))
case("LayerNorm without affine map", nn.LayerNorm(4, elementwise_affine=False), (2, 3, 4))
case("GroupNorm", nn.GroupNorm(2, 4), (2, 4, 3, 2))
case("LocalResponseNorm", nn.LocalResponseNorm(3, alpha=0.1, beta=0.6, k=1.5), (2, 5, 3, 2))
case("Embedding", nn.Embedding(6, 3, padding_idx=2), inputs=[torch.tensor([[0, 2, 5], [1, 1, 2]])])
case("ReLU", nn.ReLU(), (3, 4))
case("ReLU6", nn.ReLU6(), (3, 4))
case("LeakyReLU", nn.LeakyReLU(0.2), (3, 4))
case("PReLU", nn.PReLU(3), (2, 3, 4))
case("ELU", nn.ELU(0.7), (3, 4))
case("CELU", nn.CELU(0.7), (3, 4))
case("SELU", nn.SELU(), (3, 4))
case("GELU", nn.GELU(), (3, 4))
case("SiLU", nn.SiLU(), (3, 4))
case("Mish", nn.Mish(), (3, 4))
case("Sigmoid", nn.Sigmoid(), (3, 4))
case("LogSigmoid", nn.LogSigmoid(), (3, 4))
case("Tanh", nn.Tanh(), (3, 4))
case("Tanhshrink", nn.Tanhshrink(), (3, 4))
case("Hardtanh", nn.Hardtanh(-0.5, 0.8), (3, 4))
case("Hardsigmoid", nn.Hardsigmoid(), (3, 4))
case("Hardswish", nn.Hardswish(), (3, 4))
case("Hardshrink", nn.Hardshrink(0.7), (3, 4))
case("Softshrink", nn.Softshrink(0.7), (3, 4))
case("Softplus", nn.Softplus(2, 3), (3, 4))
case("Softsign", nn.Softsign(), (3, 4))
case("Threshold", nn.Threshold(0.3, -1.5), (3, 4))
case("Softmax", nn.Softmax(1), (3, 4))
case("LogSoftmax", nn.LogSoftmax(0), (3, 4))
case("Softmin", nn.Softmin(1), (3, 4))
case("Softmax2d", nn.Softmax2d(), (2, 3, 2, 2))
case("GLU", nn.GLU(1), (3, 4))
case("MaxPool1d", nn.MaxPool1d(3, stride=2, padding=1), (2, 2, 7))
case("MaxPool2d", nn.MaxPool2d(2), (2, 2, 6, 5))
case("MaxPool2d of a pair", nn.MaxPool2d((3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), ceil_mode=True), (1, 2, 6, 5))
case("MaxPool3d", nn.MaxPool3d(2), (1, 2, 4, 4, 2))
case("AvgPool1d", nn.AvgPool1d(3, stride=2, padding=1), (2, 2, 7))
case("AvgPool2d", nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False), (2, 2, 6, 5))
case("AvgPool2d with another divisor", nn.AvgPool2d(2, divisor_override=3), (2, 2, 6, 5))
case("AvgPool3d", nn.AvgPool3d(2), (1, 2, 4, 4, 2))
case("AdaptiveAvgPool1d", nn.AdaptiveAvgPool1d(3), (1, 2, 7))
case("AdaptiveAvgPool2d", nn.AdaptiveAvgPool2d(1), (2, 3, 4, 5))
case("AdaptiveAvgPool2d of a pair", nn.AdaptiveAvgPool2d((3, 2)), (2, 3, 4, 5))
case("AdaptiveAvgPool3d", nn.AdaptiveAvgPool3d(2), (1, 2, 3, 4, 5))
case("AdaptiveMaxPool1d", nn.AdaptiveMaxPool1d(3), (1, 2, 7))
case("AdaptiveMaxPool2d", nn.AdaptiveMaxPool2d((3, 2)), (2, 3, 4, 5))
case("LPPool1d", nn.LPPool1d(3, 2), (2, 2, 6), inputs=[spread((2, 2, 6), 5).abs()])
case("LPPool2d", nn.LPPool2d(2, 2, stride=1), (2, 2, 4, 3))
case("Flatten", nn.Flatten(), (2, 3, 4))
case("Unflatten", nn.Unflatten(1, (2, 3)), (2, 6))
case("Identity", nn.Identity(), (3, 4))
case("PixelShuffle", nn.PixelShuffle(2), (1, 8, 2, 3))
case("PixelUnshuffle", nn.PixelUnshuffle(2), (1, 2, 4, 6))
case("Upsample", nn.Upsample(scale_factor=2), (1, 2, 3, 2))
case("Upsample bilinearly", nn.Upsample(size=(5, 4), mode="bilinear", align_corners=True), (1, 2, 3, 2))
case("ZeroPad2d", nn.ZeroPad2d((1, 2, 0, 1)), (1, 2, 3, 2))
case("ConstantPad1d", nn.ConstantPad1d(2, 0.5), (1, 2, 3))
case("ConstantPad2d", nn.ConstantPad2d((1, 0, 2, 1), -1.5), (1, 2, 3, 2))
case("ReflectionPad1d", nn.ReflectionPad1d((1, 2)), (1, 2, 4))
case("ReflectionPad2d", nn.ReflectionPad2d(1), (1, 2, 3, 4))
case("ReplicationPad2d", nn.ReplicationPad2d((2, 1, 0, 3)), (1, 2, 3, 4))
case("Dropout in evaluation", nn.Dropout(0.5), (3, 4), train=False)
case("CrossEntropyLoss", nn.CrossEntropyLoss(), inputs=[spread((4, 3), 7), torch.tensor([2, 0, 1, 1])])
case("CrossEntropyLoss with weights", nn.CrossEntropyLoss(torch.tensor([0.5, 1.0, 2.0]), ignore_index=1, reduction="sum"),
     inputs=[spread((4, 3), 7), torch.tensor([2, 0, 1, 1])])
case("CrossEntropyLoss with smoothed labels", nn.CrossEntropyLoss(label_smoothing=0.1), inputs=[spread((4, 3), 7), torch.tensor([2, 0, 1, 1])])
case("NLLLoss", nn.NLLLoss(reduction="none"), inputs=[spread((4, 3), 8), torch.tensor([2, 0, 1, 1])])
case("BCELoss", nn.BCELoss(), inputs=[torch.sigmoid(spread((3, 4), 9)), (spread((3, 4), 10) > 0).double()])
case("BCEWithLogitsLoss", nn.BCEWithLogitsLoss(pos_weight=torch.tensor([0.5, 1.0, 2.0, 3.0])), inputs=[spread((3, 4), 9), (spread((3, 4), 10) > 0).double()])
case("MSELoss", nn.MSELoss(), (3, 4), (3, 4))
case("L1Loss", nn.L1Loss(reduction="sum"), (3, 4), (3, 4))
case("SmoothL1Loss", nn.SmoothL1Loss(beta=0.5), (3, 4), (3, 4))
case("HuberLoss", nn.HuberLoss(delta=0.5), (3, 4), (3, 4))
case("KLDivLoss", nn.KLDivLoss(reduction="sum", log_target=True), inputs=[torch.log_softmax(spread((3, 4), 11), 1), torch.log_softmax(spread((3, 4), 12), 1)])
case("PoissonNLLLoss", nn.PoissonNLLLoss(), inputs=[spread((3, 4), 13), spread((3, 4), 14).abs()])
case("SoftMarginLoss", nn.SoftMarginLoss(), inputs=[spread((3, 4), 13), spread((3, 4), 14).sign()])
case("HingeEmbeddingLoss", nn.HingeEmbeddingLoss(), inputs=[spread((3, 4), 13), spread((3, 4), 14).sign()])
case("MarginRankingLoss", nn.MarginRankingLoss(0.5), inputs=[spread((6,), 15), spread((6,), 16), spread((6,), 17).sign()])
case("CosineEmbeddingLoss", nn.CosineEmbeddingLoss(0.2), inputs=[spread((4, 3), 15), spread((4, 3), 16), spread((4,), 17).sign()])
case("Sequential", nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 3)), (3, 1, 6, 6), calls=2)
case("Residual network", Residual(), (2, 2, 5, 5), calls=2)
case("LSTM", nn.LSTM(3, 4), (5, 2, 3))
case("LSTM of two layers in both directions", nn.LSTM(3, 2, 2, batch_first=True, bidirectional=True), (2, 4, 3))
case("LSTM without bias", nn.LSTM(3, 2, bias=False), (3, 2, 3))
case("LSTM from given states", WithState(3, 2, 2), (4, 2, 3), (2, 2, 2), (2, 2, 2))
case("GRU", nn.GRU(3, 4, batch_first=True), (2, 5, 3))
case("GRU of two layers in both directions", nn.GRU(3, 2, 2, bidirectional=True), (4, 2, 3))
case("GRU from a given state", nn.GRU(3, 2), (4, 2, 3), (1, 2, 2))
case("RNN", nn.RNN(3, 4), (5, 2, 3))
case("RNN with ReLU", nn.RNN(3, 2, nonlinearity="relu", batch_first=True), (2, 4, 3), (1, 2, 2))
case("LSTMCell", nn.LSTMCell(3, 4), (2, 3))
case("LSTMCell from given states", CellWithState(3, 4, bias=False), (2, 3), (2, 4), (2, 4))
case("GRUCell", nn.GRUCell(3, 4), (2, 3), (2, 4))
case("RNNCell", nn.RNNCell(3, 4), (2, 3))
case("RNNCell with ReLU", nn.RNNCell(3, 4, nonlinearity="relu"), (2, 3), (2, 4))
case("MultiheadAttention", nn.MultiheadAttention(4, 2), (3, 2, 4), (5, 2, 4), (5, 2, 4))
case("MultiheadAttention without bias", nn.MultiheadAttention(4, 1, bias=False), (3, 2, 4), (3, 2, 4), (3, 2, 4))
case("MultiheadAttention of other sizes", nn.MultiheadAttention(4, 2, kdim=3, vdim=5), (3, 2, 4), (5, 2, 3), (5, 2, 5))
case("MultiheadAttention with learned keys", nn.MultiheadAttention(4, 2, add_bias_kv=True, add_zero_attn=True), (3, 2, 4), (5, 2, 4), (5, 2, 4))
case("MultiheadAttention with masks", PaddedAttention(4, 2, add_zero_attn=True), inputs=[
    spread((3, 2, 4), 7), spread((3, 2, 4), 8), spread((3, 2, 4), 9),
    torch.tensor([[0, 0, 0], [0, 0, 1]]), spread((3, 3), 10)])
case("TransformerEncoderLayer", nn.TransformerEncoderLayer(4, 2, 6, dropout=0), (3, 2, 4))
case("TransformerEncoderLayer with GELU and a mask", MaskedEncoderLayer(4, 2, 6, dropout=0, activation="gelu"), (3, 2, 4), (3, 3))
case("TransformerEncoder", nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 6, dropout=0), 2, enable_nested_tensor=False), (3, 2, 4))

if __name__ == "__main__":
    results = [run(i, *entry) for i, entry in enumerate(CASES)]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "modules.json")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("[\n" + ",\n".join(json.dumps(r) for r in results) + "\n]\n")
