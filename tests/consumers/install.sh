#!/bin/sh
# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# install.sh SOURCE BUILD PREFIX [cmake options] builds cupel in BUILD and installs it in PREFIX. The
# prefix is given to the install step alone, as packagers do. What is not installed is not built.
set -eu
source=$1 build=$2 prefix=$3
shift 3
rm -rf "$prefix"
cmake -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Debug -DCUPEL_BUILD_TESTS=OFF \
    -DCUPEL_BUILD_BENCH=OFF -DCUPEL_BUILD_EXAMPLES=OFF -DCUPEL_BUILD_CHECK=OFF -DCUPEL_CUDA=OFF "$@"
cmake --build "$build"
cmake --install "$build" --prefix "$prefix"
