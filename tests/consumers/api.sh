#!/bin/sh
# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# api.sh INCLUDE FOLDER STANDARD COMPILER: the programs of the API page compile without a warning.
set -eu
include=$1 folder=$2 standard=$3 compiler=$4
for program in "$folder"/*.c; do
    "$compiler" -std="$standard" -Wall -Wextra -Wpedantic -Wconversion -Werror -I "$include" \
        -fsyntax-only "$program"
done
