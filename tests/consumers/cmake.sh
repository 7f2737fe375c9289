#!/bin/sh
# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# cmake.sh PROJECT WORK [cmake options] configures, builds and runs a program that uses cupel.
set -eu
project=$1 work=$2
shift 2
rm -rf "$work"
cmake -S "$project" -B "$work" "$@"
cmake --build "$work"
"$work/app"
