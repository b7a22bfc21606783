"""Training steps in plain PyTorch, one for every line that comes in: the line names a kind of step, the answer is its seconds.

The first line that goes out says which versions answer. The process ends where its input does.
"""

import argparse
import json
import platform
import sys
import time

import torch
import torch.nn.functional as F

from network import ResNet20, Widths

LAMBDA = 0.15
# So small that widths stay: every step is to cost the same.
WIDTH_RATE = 1e-9


class Step:
    """Zero gradients, forward, cross entropy, backward, SGD with momentum."""

    def __init__(self, images, labels, widths=None):
        torch.manual_seed(1)
        self.images, self.labels = images, labels
        self.model = ResNet20(widths)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)

    def loss(self):
        return F.cross_entropy(self.model(self.images), self.labels)

    def take(self):
        self.optimizer.zero_grad()
        loss = self.loss()
        loss.backward()
        self.move_widths(loss)
        self.optimizer.step()

    def move_widths(self, loss):
        pass


class AdaQatStep(Step):
    """The same with finite differences of the loss in both bit-widths: a forward each, whose traces in batch norm are undone."""

    def __init__(self, images, labels):
        self.bits = Widths(4, 4)
        self.real = [3.5, 3.5]
        super().__init__(images, labels, self.bits)

    def move_widths(self, loss):
        here = loss.item()
        buffers = [(buffer, buffer.clone()) for buffer in self.model.buffers()]
        with torch.no_grad():
            self.bits.weights -= 1
            fewer_weight_bits = self.loss().item()
            self.bits.weights += 1
            self.bits.activations -= 1
            fewer_activation_bits = self.loss().item()
            self.bits.activations += 1
            for buffer, before in buffers:
                buffer.copy_(before)
        nw, na = self.real
        self.real = [
            nw - WIDTH_RATE * (here - fewer_weight_bits + LAMBDA * self.bits.activations),
            na - WIDTH_RATE * (here - fewer_activation_bits + LAMBDA * self.bits.weights),
        ]


def timed(step):
    start = time.perf_counter()
    step.take()
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    images = torch.randn(options.batch_size, 3, 32, 32)
    labels = torch.randint(0, 10, (options.batch_size,))
    kinds = {
        "fp32": lambda: Step(images, labels),
        "qat": lambda: Step(images, labels, Widths(4, 4)),
        "adaqat": lambda: AdaQatStep(images, labels),
    }

    def answer(line):
        print(line, flush=True)

    answer(json.dumps({"python": platform.python_version(), "torch": torch.__version__}))
    steps = {}
    for line in sys.stdin:
        kind = line.strip()
        if kind not in steps:
            steps[kind] = kinds[kind]()
        answer(repr(timed(steps[kind])))


main()
