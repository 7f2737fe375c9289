#!/bin/sh
# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# symbols.sh LIBRARY: the library neither prints nor ends the process, and the names it gives to a
# program all begin with cupel_.
set -eu
library=$1
case $library in
*.a) dynamic="" ;;
*) dynamic=-D ;;
esac

# $dynamic is one option or none.
# shellcheck disable=SC2086
bad=$(nm $dynamic --undefined-only "$library" | awk 'NF == 2 { sub(/@.*/, "", $2); print $2 }' |
    grep -xE 'exit|_exit|_Exit|quick_exit|abort|printf|vprintf|puts|putchar|perror|__assert_fail|__printf_chk|__vprintf_chk|stdout|stderr' |
    sort -u || true)
if [ -n "$bad" ]; then
    echo "$library uses: $bad"
    exit 1
fi
# shellcheck disable=SC2086
names=$(nm $dynamic --extern-only --defined-only "$library" | awk 'NF == 3 { print $3 }')
if ! echo "$names" | grep -qx cupel_version; then
    echo "$library does not define cupel_version"
    exit 1
fi
bad=$(echo "$names" | grep -v '^cupel_' || true)
if [ -n "$bad" ]; then
    echo "$library defines: $bad"
    exit 1
fi
