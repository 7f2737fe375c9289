# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
"""What the programs of this folder for a card share: the cases, the clock, the rows.

A peer reads lines "case compute impl seconds" and answers each with one JSON line, so that one process
(a framework takes seconds to start) can be interleaved with others. Cases are those of bench/cases.c,
compute is float32, tf32 or bfloat16, and the keys are those of bench/json_rows.c. A step is all from
the batch, which lies on the device, to the updated weights; the loss is not read.
"""
import ctypes
import json
import os
import statistics
import sys
import time

SAMPLE_SECONDS = 0.02
LEARNING_RATE = 1e-3
KEYS = ["bench", "case", "impl", "impl_version", "device", "dtype", "compute", "input", "batch",
        "layers", "params", "steps", "graph_k", "launches_per_step", "kernel_nodes", "host_calls",
        "us_median", "us_p5", "us_p95", "us_best", "us_mad", "n", "calls", "samples_per_s", "tflops",
        "mfu_measured", "mfu_spec", "model_gb", "gbps", "bw_frac", "floor_us", "floor_frac", "host_us",
        "peak_bytes", "peak_card_bytes", "loss_first", "loss_end", "clocks", "sm_mhz", "power_w",
        "celsius", "throttle", "cublas", "driver", "git"]


class Case:
    """Dense layers with ReLU between them; of 1024 outputs and more the loss is the squared error."""

    def __init__(self, name):
        shape, batch = name.split("@")
        self.name = name
        self.widths = [int(w) for w in shape.split("-")]
        self.batch = int(batch)
        self.layers = len(self.widths) - 1
        self.regression = self.widths[-1] >= 1024
        self.params = sum((a + 1) * b for a, b in zip(self.widths, self.widths[1:]))
        weights = sum(a * b for a, b in zip(self.widths, self.widths[1:]))
        self.flops = 6 * self.batch * weights - 2 * self.batch * self.widths[0] * self.widths[1]


def measure(step, wait, seconds, calls_a_step=1):
    """Warms up for a third of the seconds and takes samples of at least 20 ms for the rest, at least
    5, waiting for the device between samples alone. Sorted microseconds a step."""
    begin = time.perf_counter()
    calls = 1

    def sample():
        wait()
        start = time.perf_counter()
        for _ in range(calls):
            step()
        wait()
        return time.perf_counter() - start

    while True:
        last = sample()
        if last < SAMPLE_SECONDS:
            calls *= 2
        elif time.perf_counter() - begin > seconds / 3:
            break
    samples = []
    while len(samples) < 5 or time.perf_counter() - begin < seconds:
        samples.append(sample() / calls / calls_a_step * 1e6)
    return sorted(samples), calls


def card_state():
    """Clocks, power and driver of the first visible card, by NVML; {} where there is none."""
    try:
        nvml = ctypes.CDLL("libnvidia-ml.so.1")
        device = ctypes.c_void_p()
        index = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0]
        index = int(index) if index.isdigit() else 0
        if nvml.nvmlInit_v2() or nvml.nvmlDeviceGetHandleByIndex_v2(index, ctypes.byref(device)):
            return {}
        number = ctypes.c_uint()
        reasons = ctypes.c_ulonglong()
        text = ctypes.create_string_buffer(32)
        state = {}
        if nvml.nvmlDeviceGetClockInfo(device, 2, ctypes.byref(number)) == 0:
            memory = number.value
            if nvml.nvmlDeviceGetClockInfo(device, 1, ctypes.byref(number)) == 0:
                state["sm_mhz"] = number.value
                state["clocks"] = f"{number.value}/{memory} MHz"
        if nvml.nvmlDeviceGetPowerUsage(device, ctypes.byref(number)) == 0:
            state["power_w"] = number.value * 1e-3
        if nvml.nvmlDeviceGetTemperature(device, 0, ctypes.byref(number)) == 0:
            state["celsius"] = number.value
        if nvml.nvmlDeviceGetCurrentClocksThrottleReasons(device, ctypes.byref(reasons)) == 0:
            state["throttle"] = hex(reasons.value)
        if nvml.nvmlSystemGetDriverVersion(text, 32) == 0:
            state["driver"] = text.value.decode()
        return state
    except (OSError, AttributeError):
        return {}


def make_row(case, compute, impl, samples, calls, **known):
    median = samples[len(samples) // 2]
    row = dict.fromkeys(KEYS)
    row.update({
        "bench": "train", "case": case.name, "impl": impl, "compute": compute,
        "dtype": "bfloat16" if compute == "bfloat16" else "float32", "input": "tensors",
        "batch": case.batch, "layers": case.layers, "params": case.params,
        "steps": len(samples) * calls, "us_median": median,
        "us_p5": samples[len(samples) * 5 // 100], "us_p95": samples[len(samples) * 95 // 100],
        "us_best": samples[0], "us_mad": statistics.median(abs(s - median) for s in samples),
        "n": len(samples), "calls": calls, "samples_per_s": case.batch / median * 1e6,
        "tflops": case.flops / median * 1e-6,
    })
    row.update(card_state())
    row.update(known)
    return row


def answer(framework, make_step, device_name):
    """Serves stdin. make_step(case, compute, impl) gives (step, wait, loss, steps a call, facts), where
    loss() is the loss of the batch now and facts() further keys of the row. Steps are kept, so that a
    case that is asked for again is not compiled again."""
    ready = {}
    for line in sys.stdin:
        name, compute, impl, seconds = line.split()
        try:
            key = (name, compute, impl)
            if key not in ready:
                step, wait, loss, together, facts = make_step(Case(name), compute, impl)
                ready[key] = (step, wait, loss, together, facts, loss())
            step, wait, loss, together, facts, first = ready[key]
            samples, calls = measure(step, wait, float(seconds), together)
            end = loss()
            if not end < first:
                raise RuntimeError(f"the loss went from {first} to {end}")
            row = make_row(Case(name), compute, f"{framework} {impl}", samples, calls * together, device=device_name,
                           graph_k=together, loss_first=first, loss_end=end, **facts())
        except Exception as error:  # the other cases are still wanted
            row = {"case": name, "compute": compute, "impl": f"{framework} {impl}",
                   "error": f"{type(error).__name__}: {error}".splitlines()[0][:300]}
        print(json.dumps(row), flush=True)
