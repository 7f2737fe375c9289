# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
"""Reads what python_safetensors.c saved with the Python package, and writes what it loads."""
import json

import numpy
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

NAMES = ["0.kernel", "0.bias", "1.kernel", "1.bias"]
SHAPES = [(3, 4), (3,), (2, 3), (2,)]


def expected(index, dtype):
    count = int(numpy.prod(SHAPES[index]))
    values = (100 * index + numpy.arange(count, dtype=numpy.float64)) / 7
    return values.astype(dtype).reshape(SHAPES[index])


for path, dtype in (("float.safetensors", numpy.float32), ("double.safetensors", numpy.float64)):
    tensors = load_file(path)
    assert sorted(tensors) == sorted(NAMES), sorted(tensors)
    for index, name in enumerate(NAMES):
        assert tensors[name].dtype == dtype, (path, name, tensors[name].dtype)
        assert tensors[name].shape == SHAPES[index], (path, name, tensors[name].shape)
        assert (tensors[name] == expected(index, dtype)).all(), (path, name)
    with safe_open(path, "numpy") as file:
        metadata = file.metadata()
    assert metadata["format"] == "cupel", metadata
    layers = json.loads(metadata["cupel.model"])["layers"]
    assert [layer["units"] for layer in layers] == [3, 2], layers
    assert layers[0]["activation"] == "relu", layers
    save_file({name: expected(i, dtype) for i, name in enumerate(NAMES)}, "python_" + path)
