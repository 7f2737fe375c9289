# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
"""Trains a network of the golden vectors with PyTorch, in float64."""

import math

import numpy
import torch
from torch.nn import functional

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

VERSIONS = f"torch {torch.__version__}, numpy {numpy.__version__}"

ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softmax": lambda x: torch.softmax(x, -1),
    "leaky_relu": functional.leaky_relu,
    "elu": functional.elu,
    "selu": functional.selu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "softplus": functional.softplus,
}
OPTIMIZERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}


def make_optimizer(net, parameters):
    fields = {name: value for name, value in net.optimizer.items() if "clip" not in name}
    options = {"lr": fields.pop("learning_rate")} if "learning_rate" in fields else {}
    if "beta_1" in fields:
        options["betas"] = (fields.pop("beta_1"), fields.pop("beta_2"))
    if "epsilon" in fields:
        options["eps"] = fields.pop("epsilon")
    for name in ("nesterov", "amsgrad"):
        if name in fields:
            options[name] = bool(fields.pop(name))
    return OPTIMIZERS[net.optimizer_kind](parameters, **options, **fields)


def schedule_factor(schedule, step):
    """The factor of <cupel/optimizer.h>; PyTorch has no such schedule of its own."""
    warmup = schedule.get("warmup_steps", 0)
    if step < warmup:
        return step / warmup
    done = min((step - warmup) / schedule["steps"], 1)
    final = schedule.get("final_fraction", 0.0)
    return (1 - final) * (1 + math.cos(math.pi * done)) / 2 + final


class Run:
    """The network, its weights in the order and the layout of cupel."""

    def __init__(self, net):
        self.net = net
        self.names, self.weights, size = [], [], list(net.input)
        for i, (kind, fields) in enumerate(net.layers):
            if kind == "flatten":
                size = [math.prod(size)]
            elif kind == "reshape":
                size = list(fields["shape"])
            elif kind == "dense":
                self.add(f"{i}.kernel", [fields["units"], size[-1]])
                if not fields.get("no_bias"):
                    self.add(f"{i}.bias", [fields["units"]])
                size[-1] = fields["units"]
        self.optimizer = make_optimizer(net, self.weights)
        self.schedule = None
        if net.schedule:
            self.schedule = torch.optim.lr_scheduler.LambdaLR(
                self.optimizer, lambda step: schedule_factor(net.schedule, step))

    def add(self, name, shape):
        self.names.append(name)
        self.weights.append(torch.zeros(shape, requires_grad=True))

    def shapes(self):
        return [tuple(w.shape) for w in self.weights]

    def write(self, weights):
        with torch.no_grad():
            for tensor, value in zip(self.weights, weights):
                tensor.copy_(torch.from_numpy(value))

    def read(self):
        return [w.detach().numpy().copy() for w in self.weights]

    def forward(self, x):
        """The output and the sum of the regularisers."""
        weights, penalty = dict(zip(self.names, self.weights)), 0.0
        for i, (kind, fields) in enumerate(self.net.layers):
            if kind == "dense":
                kernel = weights[f"{i}.kernel"]
                x = functional.linear(x, kernel, weights.get(f"{i}.bias"))
                x = ACTIVATIONS[fields.get("activation", "linear")](x)
                penalty = penalty + fields.get("kernel_l1", 0.0) * kernel.abs().sum()
                penalty = penalty + fields.get("kernel_l2", 0.0) * kernel.square().sum()
            elif kind == "activation":
                x = ACTIVATIONS[fields["activation"]](x)
            elif kind == "flatten":
                x = torch.flatten(x, 1)
            elif kind == "reshape":
                x = x.reshape(x.shape[0], *fields["shape"])
            else:
                x = functional.dropout(x, fields["rate"], training=True)
        return x, penalty

    def predict(self, x):
        with torch.no_grad():
            return self.forward(torch.from_numpy(x))[0].numpy()

    def evaluate(self, x, y, weights, batch):
        return None

    def losses(self, output, y, reduction):
        """PyTorch's loss, as one number or as one for each row of the last axis."""
        smoothing = self.net.loss_options.get("label_smoothing", 0.0)
        if self.net.loss == "mse":
            loss = functional.mse_loss(output, y, reduction=reduction)
        elif self.net.loss == "binary_crossentropy":
            y = y * (1 - smoothing) + smoothing / 2
            function = (functional.binary_cross_entropy_with_logits
                        if self.net.loss_options.get("from_logits")
                        else functional.binary_cross_entropy)
            loss = function(output, y, reduction=reduction)
        else:
            output = output.reshape(-1, output.shape[-1])
            y = y.reshape(-1) if y.dtype == torch.int64 else y.reshape(output.shape)
            return functional.cross_entropy(output, y, reduction=reduction,
                                            label_smoothing=smoothing)
        return loss.mean(-1) if reduction == "none" else loss

    def objective(self, x, y, weights):
        output, penalty = self.forward(torch.from_numpy(x))
        y = torch.from_numpy(y.astype(numpy.int64) if y.dtype == numpy.int32 else y)
        if weights is None:
            return self.losses(output, y, "mean") + penalty
        losses = self.losses(output, y, "none").reshape(x.shape[0], -1)
        weights = torch.from_numpy(weights.astype(numpy.float64))
        return (losses * weights[:, None]).mean() + penalty

    def gradients(self, x, y, weights):
        """The loss of a batch and its gradients."""
        self.optimizer.zero_grad()
        loss = self.objective(x, y, weights)
        loss.backward()
        return loss.item(), [w.grad.numpy().copy() for w in self.weights]

    def step(self, x, y, weights):
        """One step as PyTorch takes it; the loss before it."""
        loss, _ = self.gradients(x, y, weights)
        clips = self.net.optimizer
        if "clipnorm" in clips:
            for tensor in self.weights:
                torch.nn.utils.clip_grad_norm_([tensor], clips["clipnorm"])
        if "global_clipnorm" in clips:
            torch.nn.utils.clip_grad_norm_(self.weights, clips["global_clipnorm"])
        if "clipvalue" in clips:
            torch.nn.utils.clip_grad_value_(self.weights, clips["clipvalue"])
        self.optimizer.step()
        if self.schedule:
            self.schedule.step()
        return loss
