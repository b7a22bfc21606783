#!/usr/bin/python3
"""Writes distillation.json: PyTorch's value and gradients of the distillation loss (1 - w) * task + w * T^2 * KL(teacher || student).

Run it with a Python that has PyTorch (Debian: python3-torch), in this folder:

    /usr/bin/python3 make_distillation.py

Every run writes the same file.
"""
import json
import os

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(20240427)


def case(temperature, weight, shape):
    student = (3 * torch.randn(shape, dtype=torch.float64)).requires_grad_()
    teacher = 3 * torch.randn(shape, dtype=torch.float64)
    target = torch.randint(0, shape[1], shape[:1] + shape[2:])
    task = F.cross_entropy(student, target)
    # PyTorch's own mean over the batch; further dimensions, where there are any, are averaged over as well.
    places = target.numel() / shape[0]
    divergence = F.kl_div(F.log_softmax(student / temperature, 1), F.softmax(teacher / temperature, 1), reduction="batchmean") / places
    loss = (1 - weight) * task + weight * temperature ** 2 * divergence
    loss.backward()
    return {
        "temperature": temperature, "weight": weight, "shape": list(shape), "student": student.detach().flatten().tolist(),
        "teacher": teacher.flatten().tolist(), "target": target.flatten().tolist(), "loss": loss.item(), "gradient": student.grad.flatten().tolist(),
    }


cases = [case(4.0, 0.5, (5, 3)), case(1.0, 1.0, (2, 10)), case(2.5, 0.1, (3, 4)), case(20.0, 0.9, (4, 2)), case(3.0, 0.7, (2, 3, 2, 2))]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "distillation.json"), "w", encoding="utf-8", newline="\n") as file:
    json.dump(cases, file, indent=1)
    file.write("\n")
