# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
"""The networks of bench/cases.c in JAX, as peer.py says; --device cpu proves the logic.

jax jit    a compiled step whose arguments are donated
jax scan   the same, 16 steps a call by lax.scan
"""
import argparse
import sys

try:
    import jax
    import jax.numpy as jnp
except ImportError:
    print("skipped: no jax")
    sys.exit(0)

import peer

SCANNED = 16
PRECISION = {"float32": "highest", "tf32": "tensorfloat32", "bfloat16": "default"}


def make_parameters(case, key):
    """Glorot's uniform kernels and biases of 0."""
    parameters = []
    for n_in, n_out in zip(case.widths, case.widths[1:]):
        key, now = jax.random.split(key)
        limit = (6 / (n_in + n_out)) ** 0.5
        kernel = jax.random.uniform(now, (n_out, n_in), minval=-limit, maxval=limit)
        parameters.append((kernel, jnp.zeros(n_out)))
    return parameters


def make_batch(case, key):
    key_x, key_y = jax.random.split(key)
    x = jax.random.normal(key_x, (case.batch, case.widths[0]))
    if case.regression:
        return x, jax.random.normal(key_y, (case.batch, case.widths[-1]))
    return x, jax.random.randint(key_y, (case.batch,), 0, case.widths[-1])


def adam(parameters, gradients, moments, t):
    """Adam as in PyTorch's and Keras's defaults, over trees."""
    first = jax.tree_util.tree_map(lambda m, g: 0.9 * m + 0.1 * g, moments[0], gradients)
    second = jax.tree_util.tree_map(lambda v, g: 0.999 * v + 0.001 * g * g, moments[1], gradients)
    one, two = 1 - 0.9 ** t, 1 - 0.999 ** t
    new = jax.tree_util.tree_map(
        lambda w, m, v: w - peer.LEARNING_RATE * (m / one) / (jnp.sqrt(v / two) + 1e-7),
        parameters, first, second)
    return new, (first, second)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="cuda")
    on_card = parser.parse_args().device != "cpu"
    try:
        device = jax.devices("gpu" if on_card else "cpu")[0]
    except RuntimeError:
        print("skipped: no GPU in jax")
        return
    jax.config.update("jax_default_device", device)

    def make_step(case, compute, impl):
        narrow = jnp.bfloat16 if compute == "bfloat16" else jnp.float32
        key = jax.random.PRNGKey(1)
        x, y = make_batch(case, key)

        def loss_of(parameters, x, y):
            h = x.astype(narrow)
            for i, (kernel, bias) in enumerate(parameters):
                h = h @ kernel.astype(narrow).T + bias.astype(narrow)
                if i < case.layers - 1:
                    h = jax.nn.relu(h)
            h = h.astype(jnp.float32)
            if case.regression:
                return jnp.mean((h - y) ** 2)
            at_label = jnp.take_along_axis(h, y[:, None], axis=1)[:, 0]
            return jnp.mean(jax.nn.logsumexp(h, axis=1) - at_label)

        def one(state, x, y):
            parameters, moments, t = state
            gradients = jax.grad(loss_of)(parameters, x, y)
            parameters, moments = adam(parameters, gradients, moments, t)
            return parameters, moments, t + 1

        def several(state, x, y):
            return jax.lax.scan(lambda s, _: (one(s, x, y), None), state, None, length=SCANNED)[0]

        together = SCANNED if impl == "scan" else 1
        compiled = jax.jit(several if impl == "scan" else one, donate_argnums=0)
        compiled_loss = jax.jit(loss_of)
        parameters = make_parameters(case, key)
        zeros = [jax.tree_util.tree_map(jnp.zeros_like, parameters) for _ in range(2)]
        now = [(parameters, tuple(zeros), jnp.float32(1))]

        def step():
            with jax.default_matmul_precision(PRECISION[compute]):
                now[0] = compiled(now[0], x, y)

        def wait():
            jax.block_until_ready(now[0])

        def loss():
            with jax.default_matmul_precision(PRECISION[compute]):
                return float(compiled_loss(now[0][0], x, y))

        def facts():
            used = (device.memory_stats() or {}) if on_card else {}
            return {"impl_version": jax.__version__, "peak_bytes": used.get("peak_bytes_in_use")}

        return step, wait, loss, together, facts

    print("ready: jit scan", flush=True)
    peer.answer("jax", make_step, device.device_kind)


if __name__ == "__main__":
    main()
