/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* Host code as cupel's: compiled with the hooks of the variant, it may not touch device memory. */
#ifndef CUPEL_SIMCUDA_HOST_CODE_H
#define CUPEL_SIMCUDA_HOST_CODE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

float host_reads(const float *x);
void host_writes(float *x, float value);
void host_copies(void *to, const void *from, size_t bytes);
void host_fills(void *to, size_t bytes);
int host_counts(void);

#ifdef __cplusplus
}
#endif

#endif
