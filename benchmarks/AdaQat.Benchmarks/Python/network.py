"""ResNet-20 for 32x32 images with parameter-free shortcuts, as the sample's, and its layers quantized eagerly where asked for."""

import torch.nn as nn
import torch.nn.functional as F

from quantizers import QuantizedConv2d, QuantizedLinear


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride, convolution):
        super().__init__()
        self.stride = stride
        self.added = outputs - inputs
        self.conv1 = convolution(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = convolution(outputs, outputs, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)

    def forward(self, x):
        inner = F.relu(self.bn1(self.conv1(x)), inplace=True)
        inner = self.bn2(self.conv2(inner))
        return F.relu(inner.add_(self.carried(x)), inplace=True)

    def carried(self, x):
        if self.stride == 1 and self.added == 0:
            return x
        before = self.added // 2
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, before, self.added - before))


class ResNet20(nn.Module):
    """`widths` is None for float, else the network's pair of bit-widths; the first and the last layer have a fixed 8."""

    def __init__(self, widths=None):
        super().__init__()
        if widths is None:
            convolution, first, last = nn.Conv2d, nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.Linear(64, 10)
        else:
            eight = Widths(8, 8)

            def convolution(*shape, **options):
                return QuantizedConv2d(widths, False, *shape, **options)

            first = QuantizedConv2d(eight, True, 3, 16, 3, padding=1, bias=False)
            last = QuantizedLinear(eight, False, 64, 10)
        self.conv1 = first
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = self.stage(16, 16, 1, convolution)
        self.layer2 = self.stage(16, 32, 2, convolution)
        self.layer3 = self.stage(32, 64, 2, convolution)
        self.linear = last
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    @staticmethod
    def stage(inputs, outputs, stride, convolution):
        first = Block(inputs, outputs, stride, convolution)
        return nn.Sequential(first, *(Block(outputs, outputs, 1, convolution) for _ in range(2)))

    def forward(self, x):
        features = F.relu(self.bn1(self.conv1(x)), inplace=True)
        features = self.layer3(self.layer2(self.layer1(features)))
        return self.linear(features.mean((2, 3)))


class Widths:
    """A pair of integer bit-widths that the quantized layers read at every forward."""

    def __init__(self, weights, activations):
        self.weights = weights
        self.activations = activations
