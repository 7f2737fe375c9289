#!/bin/sh
# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# gpu_goals.sh ROOT: scripts/gpu-goals on results that were made up, and the syntax of what runs on a
# card alone.
set -eu
root=$1
mkdir -p results
row() {
    printf '{"bench": "%s", "case": "%s", "impl": "%s", "dtype": "float32", "compute": "%s", "input": "%s", "us_median": %s, "mfu_measured": %s, "bw_frac": %s},\n' "$@"
}
b=784-512-512-10@1024
{
    row train $b cupel tf32 tensors 35.5 0.5 null
    row train $b cupel tf32 fit 1.5 0.5 null
    row train $b cupel bfloat16 tensors 41 0.5 null
    row train 64-128-128-10@256 cupel float32 tensors 15 null null
    row train 4096-4096-4096-4096-4096@8192 cupel bfloat16 tensors 5000 0.79 null
} >results/train.json
{
    row train $b "torch graph" tf32 tensors 71 null null
    row train $b "torch graph" bfloat16 tensors 40 null null
    row train $b cupel tf32 tensors 36 null null
} >results/compare.json
row ops adam cupel float32 "" 1 null 0.91 >results/ops.json
"$root/scripts/gpu-goals" results >goals.txt
cat goals.txt
expect() {
    grep -Eq "$1" goals.txt || {
        echo "expected: $1"
        exit 1
    }
}
expect "^$b in tf32 .*35.5 us .*yes$"
expect "^$b in tf32, torch graph / cupel .* 2 .*yes$"
expect "^$b in bfloat16 .*41 us .*NO$"
expect "^$b in bfloat16, torch graph / cupel .*NO$"
expect "^64-128-128-10@256 .*15 us .*yes$"
expect "^4096 wide.*79 % .*NO$"
expect "^adam over 1e9 parameters .*91 % .*yes$"
mkdir -p nothing
"$root/scripts/gpu-goals" nothing | grep -q "no goal was measured"
if command -v bash >/dev/null; then bash -n "$root/scripts/gpu"; fi
if command -v python3 >/dev/null; then
    python3 -c 'import ast, sys
for path in sys.argv[1:]:
    ast.parse(open(path).read(), path)' "$root"/bench/peers/*.py "$root/bench/compare_gpu" "$root/bench/run"
fi
