#!/bin/sh
# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# kernels_alone.sh ROOT NVCC: each source of the kernels compiles by itself, from the tree as it is.
set -u
cd "$1" || exit 1
nvcc=$2
failed=0
for file in kernels/*.cu; do
    if ! "$nvcc" -std=c++17 -Iinclude -Isrc -Ikernels -arch=compute_90 -ptx -o /dev/null "$file"; then
        echo "$file does not compile alone"
        failed=1
    fi
done
exit $failed
