/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/cpu.h"

void CPU(mix_branches)(const cupel_exec *x, const real *a, int64_t n, real threshold)
{
    if (x->branches == NULL) return;
    uint64_t hash = *x->branches;
    for (int64_t begin = 0; begin < n; begin += 64) {
        const int64_t end = cupel_cpu_min(begin + 64, n);
        uint64_t word = 0;
        for (int64_t i = begin; i < end; i++)
            word = word << 1 | (a[i] > threshold ? 1U : 0U);
        hash = cupel_cpu_mix(hash, word);
    }
    *x->branches = hash;
}
