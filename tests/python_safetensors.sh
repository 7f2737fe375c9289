#!/bin/sh
# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# python_safetensors.sh PROGRAM: files go both ways between cupel and the Python package safetensors.
# PYTHON names the interpreter. Skipped (77) where it does not have the package.
set -eu
python=${PYTHON:-python3}
here=$(cd "$(dirname "$0")" && pwd)
if ! "$python" -c 'import numpy, safetensors' 2>/dev/null; then
    echo "skipped: $python has no package safetensors with numpy"
    exit 77
fi
"$1" save float.safetensors double.safetensors
"$python" "$here/python_safetensors.py"
"$1" load python_float.safetensors python_double.safetensors
rm -f float.safetensors double.safetensors python_float.safetensors python_double.safetensors
