#!/bin/sh
# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
#
# sources.sh ROOT COMPILER: the laws of the folders, which no compiler checks.
set -u
cd "$1" || exit 1
compiler=$2
failed=0

# law SENTENCE LINES: the lines that break a law, none if it holds.
law() {
    if [ -n "$2" ]; then
        echo "broken: $1"
        echo "$2"
        failed=1
    fi
}

# includes FOLDER...: the lines that include a header of the project, with their file.
includes() {
    grep -rnE '^ *# *include *"' "$@" --include='*.c' --include='*.h'
}

law "src/cpu sees device.h, op.h, ops.def, base/ and itself" \
    "$(includes src/cpu | grep -vE '"(device\.h|op\.h|ops\.def|base/[a-z_0-9]+\.h|cpu/[a-z_0-9]+\.[a-z]+)"')"
law "src/base sees itself alone" "$(includes src/base | grep -vE '"base/[a-z_0-9]+\.h"')"
law "only src/cpu includes cpu/" "$(includes src kernels | grep -v '^src/cpu/' | grep '"cpu/')"
law "layers, losses, metrics, optimizers, schedules, data and train know no device" \
    "$(for folder in layers losses metrics optimizers schedules data train; do
        includes src/$folder | grep '"device\.h"'
    done)"
cuda=$(grep -rlE '^ *# *if.*CUPEL_WITH_CUDA' src include | sort)
if [ "$(echo "$cuda" | wc -l)" -gt 1 ]; then
    law "CUPEL_WITH_CUDA is asked for in one file at most" "$cuda"
fi
law "no CUDA header outside kernels/" "$(grep -rnE 'include *[<"](cuda|cublas|cudnn|nccl)' src include)"

# instruction PATTERN: the lines of the kernels that use it outside of comments.
instruction() {
    grep -rnE "$1" kernels --include='*.cu' --include='*.cuh' | grep -vE '^[^:]*:[0-9]*: *(/\*|\*|//)'
}

law "kernels count atomically, and add no floats so" \
    "$(instruction 'atomic[A-Z][A-Za-z]*\(' | grep -vE 'atomicAdd\([^,]+, 1U\)')"
law "kernels are started by launch()" "$(instruction '<<<')"
law "kernels/ptx.cuh has all inline PTX" "$(instruction '\basm\b' | grep -v '^kernels/ptx\.cuh:')"
law "kernels use nothing that the simulated device has not" \
    "$(instruction 'include *<(cub/|curand_kernel|cooperative_groups|mma\.h|cuda/)|\b(printf|malloc|clock64?|__nanosleep|__hfma2?|h2?exp)\(')"
law "kernels have no variables in device memory" \
    "$(instruction '^ *(static *)?__(device|managed)__ [^(]*(=|;|\[)')"
law "host memory goes through base/memory" \
    "$(grep -rnE '(^|[^a-z_.>])(malloc|calloc|realloc|aligned_alloc|posix_memalign|strdup|free)\(' \
        src --include='*.c' --include='*.h' | grep -vE '^src/base/memory\.[ch]:|: *(/\*|\*) ')"
law "file operations go through base/file" \
    "$(grep -rnE '(^|[^a-z_.>])(fopen|fdopen|open|openat|creat|mkstemp|rename|unlink|fsync)\(' \
        src --include='*.c' --include='*.h' | grep -vE '^src/base/file[a-z_]*\.[ch]:|: *(/\*|\*) ')"
law "every source has its line in src/CMakeLists.txt" \
    "$(for file in $(cd src && find . -name '*.c' | sed 's|^\./||'); do
        grep -qE "^ +$file\$" src/CMakeLists.txt || echo "src/$file"
    done)"
for folder in kernels check; do
    law "every source of $folder has its line in $folder/CMakeLists.txt" \
        "$(for file in "$folder"/*.c $(ls "$folder"/*.cu 2>/dev/null); do
            grep -qE "^ +${file#*/}\$" $folder/CMakeLists.txt || echo "$file"
        done)"
done
law "every test has its line in tests/CMakeLists.txt" \
    "$(for file in tests/test_*.c; do
        stem=${file#tests/test_}
        grep -q "^ *cupel_test(${stem%.c}\b" tests/CMakeLists.txt || echo "$file"
    done)"
law "an example has less than 80 lines" \
    "$(wc -l examples/*.c | awk '$2 != "total" && $1 >= 80')"
law "every file names its licence in its first two lines" \
    "$(find include src kernels check tests examples bench \( -name '*.[ch]' -o -name '*.def' \
        -o -name '*.cpp' -o -name '*.cu' -o -name '*.cuh' -o -name '*.sh' -o -name '*.py' \
        -o -name CMakeLists.txt \) 2>/dev/null |
        while read -r file; do
            head -n 3 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || echo "$file"
        done)"
law "what computes on the CPU device refuses -ffast-math" \
    "$(for file in src/cpu/*.c; do
        set -- -std=c17 -I include -I src -DCUPEL_REAL_DOUBLE=0 "$file"
        if "$compiler" -M "$@" | grep -q 'cpu/cpu\.h'; then
            "$compiler" -ffast-math -E "$@" 2>&1 | grep -qE 'error:.*fast.math' || echo "$file"
        fi
    done)"
exit $failed
