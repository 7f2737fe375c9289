#!/bin/sh
# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# needed.sh FILE: a program or library with the CUDA device starts where there is no CUDA. What is large
# is opened when a card is.
set -eu
if ! needed=$(readelf -d "$1" | grep NEEDED); then
    echo "readelf finds no libraries that $1 needs"
    exit 1
fi
if echo "$needed" | grep -iE 'cublas|cudnn|nccl|cudart|libcuda'; then
    exit 1
fi
