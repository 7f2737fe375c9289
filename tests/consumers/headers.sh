#!/bin/sh
# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# headers.sh INCLUDE LANGUAGE STANDARD COMPILER: every public header compiles alone, included twice.
set -eu
include=$1 language=$2 standard=$3 compiler=$4
for header in "$include"/cupel/*.h; do
    name=cupel/$(basename "$header")
    printf '#include <%s>\n#include <%s>\ntypedef int not_empty;\n' "$name" "$name" |
        "$compiler" -x "$language" -std="$standard" -Wall -Wextra -Wpedantic -Wconversion -Werror \
            -I "$include" -fsyntax-only -
done
