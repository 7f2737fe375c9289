#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the golden vectors: small networks trained by Keras and by PyTorch in float64.

The files beside this program are its output; the tests read them and need no Python. To write them
again, once for each framework, from any folder:

    python3 -m venv keras-env
    keras-env/bin/pip install keras==3.15.1 jax==0.10.2
    keras-env/bin/python generate.py keras

    sudo apt-get install python3-torch python3-numpy        # PyTorch 1.13.1 of Debian 12
    /usr/bin/python3 generate.py torch

Every file holds a network, its weights, a data set and the numbers that the framework gives for
them: the output, the loss and the gradients before any step, the loss of each of ten steps, the
weights after 1, 2 and 10 steps. Step k takes the k-th batch, from the start again after the last.
Inputs, targets and first weights are float32 numbers, so that a float32 model starts from the same.
The form of a file is described in ../golden.h."""

import importlib
import math
import pathlib
import platform
import re
import sys

import numpy

from networks import KERAS_ONLY, NETWORKS

STEPS = 10


def number(text):
    """A field of a description: a whole number, a real one or a word."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


class Network:
    """A description, parsed."""

    def __init__(self, framework, text):
        knobs, self.text = text.strip().split("\n", 1)
        self.text = self.text.format(framework=framework)
        words = knobs.split()
        self.knobs = dict(zip(words[::2], map(number, words[1::2])))
        self.layers, self.loss_options, self.schedule, self.metrics = [], {}, {}, []
        for line in self.text.split("\n"):
            key, *words = line.split()
            if key == "input":
                self.input = tuple(map(int, words))
            elif key == "layer" and words[0] == "reshape":
                self.layers.append(("reshape", {"shape": tuple(map(int, words[2:]))}))
            elif key == "layer":
                self.layers.append((words[0], dict(zip(words[1::2], map(number, words[2::2])))))
            elif key == "loss":
                self.loss = words[0]
                self.loss_options = dict(zip(words[1::2], map(number, words[2::2])))
                if "from_logits" in self.loss_options:
                    self.loss_options["from_logits"] = bool(self.loss_options["from_logits"])
            elif key == "optimizer":
                self.optimizer_kind = words[0]
                self.optimizer = dict(zip(words[1::2], map(number, words[2::2])))
            elif key == "schedule":
                self.schedule = dict(zip(words[1::2], map(number, words[2::2])))
            elif key == "metrics":
                self.metrics = words
            elif key in ("rows", "batch"):
                setattr(self, key, int(words[0]))
        self.batch = getattr(self, "batch", self.rows)


def float32(values):
    return values.astype(numpy.float32).astype(numpy.float64)


def draw_weights(random, shapes, spread):
    return [float32(random.standard_normal(s) * (spread / math.sqrt(s[-1]) if len(s) == 2 else 0.25))
            for s in shapes]


def draw_targets(random, net, shape):
    if net.loss == "mse":
        return float32(random.standard_normal(shape))
    if net.loss == "binary_crossentropy":
        return random.integers(0, 2, shape).astype(numpy.float64)
    labels = random.integers(0, shape[-1], shape[:-1]).astype(numpy.int32)
    if net.loss == "sparse_categorical_crossentropy":
        return labels
    if net.knobs.get("soft"):
        # Eighths that add up to 1.
        return numpy.stack([random.multinomial(8, [1 / shape[-1]] * shape[-1])
                            for _ in range(shape[0])]).astype(numpy.float64) / 8
    return numpy.eye(shape[-1])[labels]


def write_tensor(out, name, values):
    values = numpy.asarray(values)
    kind = {"int32": "int32", "float32": "float32"}.get(values.dtype.name, "float64")
    out.write(f"tensor {name} {kind}{''.join(f' {d}' for d in values.shape)}\n")
    if kind == "int32":
        words = [str(v) for v in values.ravel()]
    else:
        words = [re.sub(r"\.?0*p", "p", float(v).hex()) for v in values.ravel()]
    width = max(1, values.shape[-1] if values.ndim else 1)
    for i in range(0, len(words), width):
        out.write(" ".join(words[i:i + width]) + "\n")


def write_network(runner, framework, text, path):
    net = Network(framework, text)
    random = numpy.random.default_rng(net.knobs["seed"])
    run = runner.Run(net)
    first = draw_weights(random, run.shapes(), net.knobs.get("spread", 1.0))
    run.write(first)
    x = float32(random.standard_normal((net.rows, *net.input)))
    output = run.predict(x)
    y = draw_targets(random, net, output.shape)
    weights = None
    if net.knobs.get("weighted"):
        weights = random.integers(1, 9, net.rows).astype(numpy.float32) / numpy.float32(4)

    def batch(step):
        begin = step * net.batch % (math.ceil(net.rows / net.batch) * net.batch)
        rows = slice(begin, min(begin + net.batch, net.rows))
        return x[rows], y[rows], None if weights is None else weights[rows]

    with open(path, "w", encoding="ascii") as out:
        out.write("# Golden vectors of cupel, written by tests/golden/generate.py.\n")
        out.write(f"# {runner.VERSIONS}, python {platform.python_version()}, "
                  f"{platform.machine()}\n")
        out.write("# " + " ".join(f"{k} {v}" for k, v in net.knobs.items()) + "\n")
        out.write(f"{net.text}\n")
        write_tensor(out, "x", x)
        write_tensor(out, "y", y)
        if weights is not None:
            write_tensor(out, "sample_weight", weights)
        write_tensor(out, "output", output)
        if net.metrics:
            scores = run.evaluate(x, y, weights, net.batch)
            if scores is not None:
                write_tensor(out, "scores", numpy.array(scores, dtype=numpy.float64))
        for key, value in zip(run.names, first):
            write_tensor(out, f"before.{key}", value)
        _, gradients = run.gradients(*batch(0))
        for key, value in zip(run.names, gradients):
            write_tensor(out, f"gradient.{key}", value)
        losses = []
        for step in range(STEPS):
            losses.append(run.step(*batch(step)))
            if step + 1 in (1, 2, STEPS):
                for key, value in zip(run.names, run.read()):
                    write_tensor(out, f"after_{step + 1}.{key}", value)
        write_tensor(out, "loss", losses)
        out.write("end\n")


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in ("keras", "torch"):
        sys.exit("usage: generate.py keras|torch")
    framework = sys.argv[1]
    runner = importlib.import_module(f"with_{framework}")
    networks = NETWORKS | KERAS_ONLY if framework == "keras" else NETWORKS
    for name, text in networks.items():
        path = pathlib.Path(__file__).parent / f"{framework}_{name}.txt"
        write_network(runner, framework, text, path)
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
