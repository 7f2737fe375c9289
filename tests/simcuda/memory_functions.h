/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* The memory functions that the race variant has the linker wrap: all calls in the program go to
   __wrap_memcpy and so on, and __real_memcpy is the function of the C library. */
#ifndef CUPEL_SIMCUDA_MEMORY_FUNCTIONS_H
#define CUPEL_SIMCUDA_MEMORY_FUNCTIONS_H

#include <cstddef>

extern "C" {
void *__real_memcpy(void *to, const void *from, size_t bytes);
void *__real_memmove(void *to, const void *from, size_t bytes);
void *__real_memset(void *to, int value, size_t bytes);
void *__wrap_memcpy(void *to, const void *from, size_t bytes);
void *__wrap_memmove(void *to, const void *from, size_t bytes);
void *__wrap_memset(void *to, int value, size_t bytes);
}

#endif
