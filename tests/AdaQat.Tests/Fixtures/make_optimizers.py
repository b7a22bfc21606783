#!/usr/bin/python3
"""Writes optimizers.json: parameters under PyTorch's optimizers, step by step, and learning rates under its schedules.

Run it with a Python that has PyTorch (Debian: python3-torch), in this folder:

    /usr/bin/python3 make_optimizers.py

Every run writes the same file. The trajectories minimise sum(a (p - t)^2) / 2 over float64 parameters p, with a and t fixed below;
tests/AdaQat.Tests/TorchApi/Optimizers does the same steps. A schedule has a name, under which those tests make the same one.
"""
import json
import os
import warnings

import torch
from torch.optim import lr_scheduler

warnings.filterwarnings("ignore")  # the schedules run without optimizer steps between them
torch.set_num_threads(1)
STEPS = 10
EPOCHS = 14


def parameters():
    matrix = torch.tensor([[0.5, -1.25], [2.0, 0.75], [-0.5, 1.5]], dtype=torch.float64, requires_grad=True)
    vector = torch.tensor([1.0, -2.0, 0.25], dtype=torch.float64, requires_grad=True)
    unused = torch.tensor([3.0, -3.0], dtype=torch.float64, requires_grad=True)
    return [matrix, vector, unused]


def loss(matrix, vector):
    curvature = torch.tensor([[1.0, 0.5], [2.0, 0.25], [1.5, 3.0]], dtype=torch.float64)
    target = torch.tensor([[0.0, 1.0], [-1.0, 2.0], [0.5, -0.5]], dtype=torch.float64)
    return 0.5 * (curvature * (matrix - target) ** 2).sum() + 0.75 * ((vector - 0.5) ** 2).sum()


def trajectory(name, kind, options, groups=None):
    """groups: options of the group of the matrix, and of that of the two others, where they are not the same."""
    made = parameters()
    given = made
    if groups:
        given = [{"params": made[:1], **groups[0]}, {"params": made[1:], **groups[1]}]
    optimizer = {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam, "AdamW": torch.optim.AdamW, "RMSProp": torch.optim.RMSprop}[kind](
        given, **(options if kind != "AdamW" else {"weight_decay": 0.0, **options}))
    steps = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss(made[0], made[1]).backward()
        optimizer.step()
        steps.append([v for p in made for v in p.detach().view(-1).tolist()])

    def flat(chosen):
        chosen = dict(chosen)
        if "betas" in chosen:
            chosen["beta1"], chosen["beta2"] = chosen.pop("betas")
        return {k: float(v) for k, v in chosen.items()}

    return {"name": name, "optimizer": kind, "options": flat(options), "groups": [flat(g) for g in groups or []], "steps": steps}


TRAJECTORIES = [
    trajectory("plain", "SGD", dict(lr=0.1)),
    trajectory("momentum", "SGD", dict(lr=0.1, momentum=0.9)),
    trajectory("momentum, dampening", "SGD", dict(lr=0.1, momentum=0.9, dampening=0.3)),
    trajectory("nesterov", "SGD", dict(lr=0.05, momentum=0.9, nesterov=True)),
    trajectory("weight decay", "SGD", dict(lr=0.1, weight_decay=0.2)),
    trajectory("weight decay, momentum", "SGD", dict(lr=0.1, momentum=0.8, weight_decay=0.2)),
    trajectory("weight decay, nesterov", "SGD", dict(lr=0.1, momentum=0.8, weight_decay=0.2, nesterov=True)),
    trajectory("maximize", "SGD", dict(lr=0.01, momentum=0.9, maximize=True)),
    trajectory("groups", "SGD", dict(lr=0.1, momentum=0.9), [dict(lr=0.02, weight_decay=0.1), dict(momentum=0.5)]),
    trajectory("plain", "Adam", dict(lr=0.1)),
    trajectory("betas, eps", "Adam", dict(lr=0.05, betas=(0.8, 0.95), eps=1e-3)),
    trajectory("weight decay", "Adam", dict(lr=0.1, weight_decay=0.3)),
    trajectory("amsgrad", "Adam", dict(lr=0.3, betas=(0.5, 0.6), amsgrad=True)),
    trajectory("maximize", "Adam", dict(lr=0.1, maximize=True)),
    trajectory("groups", "Adam", dict(lr=0.1), [dict(lr=0.02, amsgrad=True), dict(betas=(0.7, 0.9), weight_decay=0.1)]),
    trajectory("plain", "AdamW", dict(lr=0.1)),
    trajectory("weight decay", "AdamW", dict(lr=0.1, weight_decay=0.3)),
    trajectory("weight decay, amsgrad", "AdamW", dict(lr=0.3, betas=(0.5, 0.6), weight_decay=0.1, amsgrad=True)),
    trajectory("maximize", "AdamW", dict(lr=0.1, weight_decay=0.1, maximize=True)),
    trajectory("groups", "AdamW", dict(lr=0.1), [dict(weight_decay=0.5), dict(lr=0.01, eps=1e-4)]),
    trajectory("plain", "RMSProp", dict(lr=0.05)),
    trajectory("momentum", "RMSProp", dict(lr=0.02, momentum=0.9, alpha=0.9)),
    trajectory("centered", "RMSProp", dict(lr=0.02, centered=True, eps=1e-2)),
    trajectory("weight decay, momentum, centered", "RMSProp", dict(lr=0.02, momentum=0.5, centered=True, weight_decay=0.1, eps=1e-2)),
    trajectory("groups", "RMSProp", dict(lr=0.02), [dict(alpha=0.9), dict(lr=0.1, weight_decay=0.1)]),
]


def two_groups():
    made = parameters()
    return torch.optim.SGD([{"params": made[:1]}, {"params": made[1:], "lr": 0.02}], lr=0.1, momentum=0.9)


def one_group(kind="SGD"):
    return torch.optim.SGD(parameters(), lr=0.1, momentum=0.9) if kind == "SGD" else torch.optim.Adam(parameters(), lr=0.1)


def rates(name, make, optimizer=None, epochs=EPOCHS, momentum=None, to_epoch=None):
    """The rates of all groups from the making of the schedule on; with to_epoch, after steps to these epochs."""
    optimizer = optimizer or two_groups()
    schedule = make(optimizer)
    result, momenta = [], []

    def record():
        result.append([group["lr"] for group in optimizer.param_groups])
        if momentum == "betas":
            momenta.append(optimizer.param_groups[0]["betas"][0])
        elif momentum:
            momenta.append(optimizer.param_groups[0][momentum])

    record()
    for epoch in to_epoch or range(epochs - 1):
        schedule.step(epoch) if to_epoch else schedule.step()
        record()
    return {"name": name, "rates": result, "momenta": momenta}


def plateau(name, metrics, optimizer=None, **options):
    optimizer = optimizer or two_groups()
    schedule = lr_scheduler.ReduceLROnPlateau(optimizer, **options)
    result = []
    for metric in metrics:
        schedule.step(metric)
        result.append([group["lr"] for group in optimizer.param_groups])
    return {"name": name, "rates": result, "metrics": metrics, "momenta": []}


SCHEDULES = [
    rates("step", lambda o: lr_scheduler.StepLR(o, 3, 0.5)),
    rates("multi-step", lambda o: lr_scheduler.MultiStepLR(o, [2, 5, 9], 0.1)),
    rates("exponential", lambda o: lr_scheduler.ExponentialLR(o, 0.9)),
    rates("constant", lambda o: lr_scheduler.ConstantLR(o, 0.25, 4)),
    rates("constant by default", lambda o: lr_scheduler.ConstantLR(o)),
    rates("linear", lambda o: lr_scheduler.LinearLR(o, 0.1, 0.8, 6)),
    rates("linear by default", lambda o: lr_scheduler.LinearLR(o)),
    rates("polynomial", lambda o: lr_scheduler.PolynomialLR(o, 8, 2.5)),
    rates("polynomial by default", lambda o: lr_scheduler.PolynomialLR(o)),
    rates("cosine", lambda o: lr_scheduler.CosineAnnealingLR(o, 13)),
    rates("cosine up and down", lambda o: lr_scheduler.CosineAnnealingLR(o, 5, 0.001), epochs=24),
    rates("lambda", lambda o: lr_scheduler.LambdaLR(o, lambda epoch: 0.8 ** epoch + 0.1)),
    rates("multiplicative", lambda o: lr_scheduler.MultiplicativeLR(o, lambda epoch: 1 - 0.05 * epoch)),
    rates("chained", lambda o: lr_scheduler.ChainedScheduler([lr_scheduler.ConstantLR(o, 0.5, 4), lr_scheduler.ExponentialLR(o, 0.9)])),
    rates("warm-up, then cosine", lambda o: lr_scheduler.SequentialLR(
        o, [lr_scheduler.LinearLR(o, 0.1, 1.0, 4), lr_scheduler.CosineAnnealingLR(o, 9)], [4])),
    rates("three in sequence", lambda o: lr_scheduler.SequentialLR(
        o, [lr_scheduler.ConstantLR(o, 0.5, 2), lr_scheduler.ExponentialLR(o, 0.9), lr_scheduler.StepLR(o, 2, 0.1)], [3, 8])),
    rates("cyclic", lambda o: lr_scheduler.CyclicLR(o, 0.01, 0.1, 3, 5, cycle_momentum=False), epochs=24),
    rates("cyclic, halving", lambda o: lr_scheduler.CyclicLR(o, 0.01, 0.1, 4, mode="triangular2", cycle_momentum=False), epochs=24),
    rates("cyclic, own scale", lambda o: lr_scheduler.CyclicLR(
        o, 0.01, 0.1, 4, scale_fn=lambda step: 0.95 ** step, scale_mode="iterations", cycle_momentum=False), epochs=24),
    rates("one cycle", lambda o: lr_scheduler.OneCycleLR(o, 0.5, total_steps=EPOCHS), one_group(), momentum="momentum"),
    rates("one cycle, three phases, linear", lambda o: lr_scheduler.OneCycleLR(
        o, 0.5, epochs=2, steps_per_epoch=7, anneal_strategy="linear", three_phase=True, div_factor=10, final_div_factor=100),
        one_group(), momentum="momentum"),
    rates("one cycle, betas", lambda o: lr_scheduler.OneCycleLR(o, 0.5, total_steps=EPOCHS, base_momentum=0.8, max_momentum=0.9),
          one_group("Adam"), momentum="betas"),
    plateau("plateau", [1.0, 0.9, 0.95, 0.91, 0.92, 0.93, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6], factor=0.5, patience=2, cooldown=1),
    plateau("plateau of a maximum", [1.0, 1.1, 1.1, 1.15, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0], mode="max", factor=0.1, patience=1,
            threshold=0.1, threshold_mode="abs", min_lr=[0.001, 0.005]),
    rates("step to epochs", lambda o: lr_scheduler.StepLR(o, 3, 0.5), to_epoch=[1, 3, 10, 6]),
    rates("multi-step to epochs", lambda o: lr_scheduler.MultiStepLR(o, [2, 5, 9], 0.1), to_epoch=[1, 2, 10, 5]),
    rates("exponential to epochs", lambda o: lr_scheduler.ExponentialLR(o, 0.9), to_epoch=[1, 7, 3]),
    rates("constant to epochs", lambda o: lr_scheduler.ConstantLR(o, 0.25, 4), to_epoch=[1, 4, 3, 9]),
    rates("linear to epochs", lambda o: lr_scheduler.LinearLR(o, 0.1, 0.8, 6), to_epoch=[1, 6, 3, 20]),
    rates("polynomial to epochs", lambda o: lr_scheduler.PolynomialLR(o, 8, 2.0), to_epoch=[1, 8, 3, 20]),
    rates("cosine to epochs", lambda o: lr_scheduler.CosineAnnealingLR(o, 13, 0.001), to_epoch=[1, 13, 6, 20]),
]

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "optimizers.json"), "w", newline="\n") as file:
    file.write('{\n"trajectories": [\n')
    file.write(",\n".join(json.dumps(t) for t in TRAJECTORIES))
    file.write('\n],\n"schedules": [\n')
    file.write(",\n".join(json.dumps(s) for s in SCHEDULES))
    file.write("\n]\n}\n")
