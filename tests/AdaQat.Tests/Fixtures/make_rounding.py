#!/usr/bin/python3
"""Writes rounding.json: learned rounding (arXiv 2004.10568) of one layer in plain PyTorch, step by step.

Run it with a Python that has PyTorch (Debian: python3-torch), in this folder:

    ./make_rounding.py > rounding.json
"""
import json
import math

import torch

ZETA, GAMMA = 1.1, -0.1
ITERATIONS, BATCH, RATE, WEIGHT, WARM, START, END = 300, 8, 2e-2, 0.005, 0.2, 20.0, 2.0


def rectified(v):
    return (torch.sigmoid(v) * (ZETA - GAMMA) + GAMMA).clamp(0, 1)


def numbers(tensor):
    return [round(number, 9) for number in tensor.flatten().tolist()]


def beta_of(step):
    warm = WARM * ITERATIONS
    if step < warm:
        return None
    return END + (START - END) / 2 * (1 + math.cos(math.pi * (step - warm) / (ITERATIONS - warm)))


def run():
    torch.manual_seed(11)
    x = torch.randn(24, 1, 7, 7) + 0.2 * torch.randn(24, 3, 7, 7)  # channels that say much the same: there errors can cancel
    seen = x + 0.05 * torch.randn_like(x)
    weight = torch.randn(6, 3, 3, 3) * 0.2
    bias = torch.randn(6) * 0.1
    scale, low, high = 0.16, -4, 3
    target = torch.nn.functional.conv2d(x, weight, bias, padding=1)

    places = weight.double() / scale
    below = places.floor().float()
    share = (places - places.floor())
    v = (-torch.log((ZETA - GAMMA) / (share - GAMMA) - 1)).float().requires_grad_()
    adam = torch.optim.Adam([v], lr=RATE)
    batches = [torch.randperm(24)[:BATCH].tolist() for _ in range(ITERATIONS)]
    objectives = []
    for step, batch in enumerate(batches):
        adam.zero_grad()
        h = rectified(v)
        quantized = (below + h).clamp(low, high) * scale
        made = torch.nn.functional.conv2d(seen[batch], quantized, bias, padding=1)
        loss = (made.relu() - target[batch].relu()).square().sum(1).mean()
        if beta_of(step) is not None:
            loss = loss + WEIGHT * (1 - (2 * h - 1).abs().pow(beta_of(step))).sum()
        loss.backward()
        adam.step()
        objectives.append(loss.item())
    codes = (below + (rectified(v.detach()) >= 0.5).float()).clamp(low, high)
    print(json.dumps({
        "x": numbers(x), "seen": numbers(seen), "weight": numbers(weight), "bias": numbers(bias),
        "scale": scale, "batches": batches, "objectives": objectives, "codes": [int(c) for c in codes.flatten().tolist()],
        "nearest": [int(c) for c in places.round().clamp(low, high).flatten().tolist()],
    }))


run()
