# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
"""Trains a network of the golden vectors with Keras 3 on JAX, in float64."""

import os

os.environ["KERAS_BACKEND"] = "jax"
import jax

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import keras
import numpy
from keras.src.backend.common import dtypes

keras.config.set_floatx("float64")
# Off TensorFlow, Keras's own type promotion makes float32 of float64 in mean, maximum and others,
# because JAX by itself has no float64. Here it has.
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"

VERSIONS = f"keras {keras.__version__}, jax {jax.__version__}, numpy {numpy.__version__}"

LOSSES = {
    "mse": keras.losses.MeanSquaredError,
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
    "sparse_categorical_crossentropy": keras.losses.SparseCategoricalCrossentropy,
}
OPTIMIZERS = {
    "sgd": keras.optimizers.SGD,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
}


def make_layer(kind, fields):
    if kind == "dense":
        regulariser = None
        if "kernel_l1" in fields or "kernel_l2" in fields:
            regulariser = keras.regularizers.L1L2(
                l1=fields.get("kernel_l1", 0.0), l2=fields.get("kernel_l2", 0.0))
        return keras.layers.Dense(
            fields["units"], activation=fields.get("activation"),
            use_bias=not fields.get("no_bias"), kernel_regularizer=regulariser)
    if kind == "activation":
        return keras.layers.Activation(fields["activation"])
    if kind == "flatten":
        return keras.layers.Flatten()
    if kind == "reshape":
        return keras.layers.Reshape(fields["shape"])
    return keras.layers.Dropout(fields["rate"])


def make_optimizer(net):
    fields = {name: bool(value) if name in ("nesterov", "amsgrad") else value
              for name, value in net.optimizer.items()}
    if net.schedule:
        rate, steps = fields["learning_rate"], net.schedule["steps"]
        final = net.schedule.get("final_fraction", 0.0)
        warmup = net.schedule.get("warmup_steps", 0)
        if warmup:
            fields["learning_rate"] = keras.optimizers.schedules.CosineDecay(
                0.0, steps, alpha=final, warmup_target=rate, warmup_steps=warmup)
        else:
            fields["learning_rate"] = keras.optimizers.schedules.CosineDecay(
                rate, steps, alpha=final)
    return OPTIMIZERS[net.optimizer_kind](**fields)


class Run:
    """The network, its weights in the order and the layout of cupel: [units, inputs]."""

    def __init__(self, net):
        self.net = net
        layers = [make_layer(kind, fields) for kind, fields in net.layers]
        self.model = keras.Sequential([keras.Input(net.input)] + layers)
        self.names = [f"{i}.{role}" for i, (kind, fields) in enumerate(net.layers)
                      if kind == "dense" for role in ("kernel", "bias")
                      if role == "kernel" or not fields.get("no_bias")]
        self.loss = LOSSES[net.loss](**net.loss_options)
        self.model.compile(optimizer=make_optimizer(net), loss=self.loss, metrics=net.metrics)

    def shapes(self):
        return [tuple(reversed(v.shape)) for v in self.model.trainable_variables]

    def write(self, weights):
        for variable, value in zip(self.model.trainable_variables, weights):
            variable.assign(value.T)

    def read(self):
        return [numpy.array(v).T for v in self.model.trainable_variables]

    def predict(self, x):
        return numpy.array(self.model(x, training=False))

    def evaluate(self, x, y, weights, batch):
        return self.model.evaluate(x, y, sample_weight=weights, batch_size=batch, verbose=0,
                                   return_dict=False)

    def gradients(self, x, y, weights):
        """The loss of a batch and its gradients."""
        fixed = [v.value for v in self.model.non_trainable_variables]

        def objective(values):
            output, _, penalties = self.model.stateless_call(
                values, fixed, x, training=True, return_losses=True)
            # One weight a sample, for all places of a sequence.
            each = None if weights is None else weights.reshape(-1, *[1] * (output.ndim - 2))
            return self.loss(y, output, sample_weight=each) + sum(penalties)

        values = [v.value for v in self.model.trainable_variables]
        loss, gradients = jax.value_and_grad(objective)(values)
        assert loss.dtype == jnp.float64
        return float(loss), [numpy.array(g).T for g in gradients]

    def step(self, x, y, weights):
        """One step as Keras takes it; the loss before it."""
        loss, gradients = self.gradients(x, y, weights)
        self.model.optimizer.apply([jnp.asarray(g.T) for g in gradients],
                                   self.model.trainable_variables)
        return loss
