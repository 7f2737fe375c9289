#!/bin/sh
# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# example.sh STATUS PATTERN FILES PROGRAM ARGUMENT...: the program ends with the status; a line of what
# it prints matches the pattern (of grep -E), on stdout where the status is 0, else on stderr, with
# nothing on the other; and the files (separated by blanks, or none) are new and not empty.
set -u
status=$1
pattern=$2
files=$3
shift 3
[ "$files" != none ] || files=

fail() {
    echo "example.sh: $*"
    exit 1
}

# The names have no blanks of their own.
# shellcheck disable=SC2086
rm -f $files
"$@" >stdout.txt 2>stderr.txt
found=$?
cat stdout.txt stderr.txt
[ "$found" -eq "$status" ] || fail "$1 ended with $found, expected $status"
said=stdout.txt
silent=stderr.txt
if [ "$status" -ne 0 ]; then
    said=stderr.txt
    silent=stdout.txt
fi
grep -qE "$pattern" $said || fail "no line of $said matches $pattern"
[ ! -s $silent ] || fail "something was printed to $silent"
for file in $files; do
    [ -s "$file" ] || fail "$1 wrote no $file"
done
