#!/bin/sh
# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# python_safetensors.sh PROGRAM PYTHON: files go both ways between cupel and the Python package
# safetensors.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$1" save float.safetensors double.safetensors
"$2" "$here/python_safetensors.py"
"$1" load python_float.safetensors python_double.safetensors
rm -f float.safetensors double.safetensors python_float.safetensors python_double.safetensors
