#!/bin/sh
# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# check_usage.sh CHECK_ON_THE_SIMULATED_DEVICE CHECK: what cupel-check says and ends with.
set -u
sim=$1
check=$2
failed=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# expect STATUS PATTERN COMMAND...
expect() {
    wanted=$1
    pattern=$2
    shift 2
    "$@" >"$work/out" 2>&1
    status=$?
    if [ $status -ne "$wanted" ] || ! grep -qE -- "$pattern" "$work/out"; then
        echo "$*: status $status, expected $wanted and \"$pattern\":"
        head -n 5 "$work/out"
        failed=1
    fi
}

expect 0 '^cupel-check on cuda:0, .*' "$sim" --filter=advance cuda
expect 0 '[1-9] cases, 0 failed' "$sim" --filter='ad*' cuda:0
expect 0 '^dropout .*rate=0.25' "$sim" --list --filter dropout
expect 0 'x\[[0-9]*\] is .*: ok$' "$sim" --verbose --filter=batch cuda
expect 2 'no op and no model is called' "$sim" --filter=no_such_op cuda
expect 0 '^model_binary 20 steps' "$sim" --list --filter 'model*'
expect 0 '18 cases, 0 failed' "$sim" --filter 'model_[rb]*' cuda
expect 2 'which device' "$sim"
expect 2 'none of "cpu", "cuda"' "$sim" tpu
expect 2 'is no card number' "$sim" cuda:x
expect 2 'this machine has 1' "$sim" cuda:1
expect 2 'expected a number' "$sim" --seed=one cpu
expect 2 'no_such_folder' "$sim" --filter=add --json=no_such_folder/rows.json cpu
expect 2 'driver' env SIMCUDA_DRIVER=0 "$sim" cuda
# A launch that fails is a failed case; a card that is lost ends everything.
expect 1 'FAILED' env SIMCUDA_FAIL_CALL=300 SIMCUDA_FAIL_ERROR=1 "$sim" --filter=add cuda
expect 2 'cupel-check: ' env SIMCUDA_FAIL_CALL=300 SIMCUDA_FAIL_ERROR=700 "$sim" --filter=add cuda
expect 0 '0 failed' "$sim" --filter=add --json="$work/rows.json" cuda
if ! grep -q '"op": "add", "dtype": "bfloat16", "case": "count=3072"' "$work/rows.json"; then
    echo "the JSON rows lack a case of add"
    failed=1
fi
# The program of this build either finds a card or says why not.
"$check" --filter=advance cuda >"$work/out" 2>&1
status=$?
if [ $status -ne 0 ] && { [ $status -ne 2 ] || ! grep -q 'device "cuda' "$work/out"; }; then
    echo "$check cuda: status $status"
    cat "$work/out"
    failed=1
fi
exit $failed
