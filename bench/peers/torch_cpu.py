# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
"""The networks of bench/cases.c in PyTorch on the CPU.

Reads lines "case threads seconds" and answers each with one JSON line, so that one process (torch
takes seconds to start) can be interleaved with others. A step is what a user writes: zero_grad,
forward, loss, backward, Adam's step; the batch is in memory, the loss is not read.
"""
import json
import sys
import time

import torch

SAMPLE_SECONDS = 0.01


def make_step(case):
    shape, batch = case.split("@")
    widths = [int(w) for w in shape.split("-")]
    batch = int(batch)
    torch.manual_seed(1)
    layers = []
    for i in range(len(widths) - 1):
        layers.append(torch.nn.Linear(widths[i], widths[i + 1]))
        if i < len(widths) - 2:
            layers.append(torch.nn.ReLU())
    model = torch.nn.Sequential(*layers)
    x = torch.rand(batch, widths[0]) - 0.5
    if widths[-1] == 1024:
        loss_of = torch.nn.MSELoss()
        y = torch.rand(batch, widths[-1]) - 0.5
    else:
        loss_of = torch.nn.CrossEntropyLoss()
        y = torch.randint(widths[-1], (batch,))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss_of(model(x), y).backward()
        optimizer.step()

    return step, batch


def measure(step, seconds):
    begin = time.perf_counter()
    calls = 1
    while True:
        start = time.perf_counter()
        for _ in range(calls):
            step()
        last = time.perf_counter() - start
        if last < SAMPLE_SECONDS:
            calls *= 2
        elif time.perf_counter() - begin > 0.2 * seconds:
            break
    samples = []
    while len(samples) < 5 or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        for _ in range(calls):
            step()
        samples.append((time.perf_counter() - start) / calls * 1e6)
    samples.sort()
    return samples, calls


def main():
    steps = {}
    for line in sys.stdin:
        case, threads, seconds = line.split()
        torch.set_num_threads(int(threads))
        if case not in steps:
            steps[case] = make_step(case)
        step, batch = steps[case]
        samples, calls = measure(step, float(seconds))
        median = samples[len(samples) // 2]
        print(json.dumps({
            "bench": "train", "case": case, "impl": f"torch, {threads} threads",
            "impl_version": torch.__version__, "dtype": "float32", "batch": batch,
            "us_median": median, "us_p5": samples[len(samples) * 5 // 100],
            "us_p95": samples[len(samples) * 95 // 100], "us_best": samples[0],
            "samples": len(samples), "calls": calls, "samples_per_s": batch / median * 1e6,
        }), flush=True)


if __name__ == "__main__":
    main()
