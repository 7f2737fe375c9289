/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

#include "host_code.h"

#include <stdatomic.h>
#include <string.h>

float host_reads(const float *x)
{
    return x[1]; /* LINE: reads */
}

void host_writes(float *x, float value)
{
    x[1] = value; /* LINE: writes */
}

void host_copies(void *to, const void *from, size_t bytes)
{
    memcpy(to, from, bytes); /* LINE: copies */
}

void host_fills(void *to, size_t bytes)
{
    memset(to, 0, bytes); /* LINE: fills */
}

/* Atomics of the host have hooks, too. */
int host_counts(void)
{
    static _Atomic int count;
    int expected = 3;
    atomic_store(&count, 1);
    atomic_fetch_add(&count, 2);
    if (!atomic_compare_exchange_strong(&count, &expected, 10)) return -1;
    return atomic_exchange(&count, 0);
}
