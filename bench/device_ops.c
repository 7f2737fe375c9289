/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "device_ops.h"

#include "cuda_parts.h"
#include <stdlib.h>
#include <string.h>

const char *bench_precision_name(cupel_precision precision)
{
    switch (precision) {
    case CUPEL_PRECISION_TF32:
        return "tf32";
    case CUPEL_PRECISION_BFLOAT16:
        return "bfloat16";
    case CUPEL_PRECISION_FLOAT64:
        return "float64";
    default:
        return "float32";
    }
}

const cupel_op_entry *bench_device_ops(const cupel_device *device, cupel_precision precision)
{
    if (strcmp(device->backend->kind, "cpu") != 0) return bench_cuda_ops(precision);
    const int has = precision == CUPEL_PRECISION_FLOAT32 || precision == CUPEL_PRECISION_FLOAT64;
    return has ? device->backend->ops(precision) : NULL;
}

int64_t bench_real_size(cupel_precision precision)
{
    if (precision == CUPEL_PRECISION_FLOAT64) return 8;
    return precision == CUPEL_PRECISION_BFLOAT16 ? 2 : 4;
}

cupel_status bench_tile(cupel_device *device, const void *block, int64_t block_bytes, void *to,
                        int64_t bytes)
{
    for (int64_t at = 0; at < bytes; at += block_bytes) {
        const int64_t rest = bytes - at;
        CUPEL_TRY(device->backend->upload(&device->queue, (unsigned char *)to + at, block,
                                          rest < block_bytes ? rest : block_bytes));
    }
    return CUPEL_OK;
}

float bench_draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    /* The sum of four uniform numbers of 16 bits. */
    const uint64_t sum = (z & 0xffff) + (z >> 16 & 0xffff) + (z >> 32 & 0xffff) + (z >> 48);
    return ((float)sum * 0x1p-16F - 2.0F) * 1.7320508F;
}

cupel_status bench_fill_random(cupel_device *device, cupel_precision precision, int64_t count,
                               void *to)
{
    enum { BLOCK = 1 << 20 };
    const int64_t size = bench_real_size(precision);
    unsigned char *block = malloc(BLOCK * (size_t)size);
    uint64_t state = 1;
    if (block == NULL) return cupel_fail(CUPEL_ERROR_MEMORY, "no memory for random numbers");
    for (int64_t i = 0; i < BLOCK && i < count; i++) {
        const float value = bench_draw(&state);
        const double wide = (double)value;
        uint32_t bits = 0;
        memcpy(&bits, &value, sizeof bits);
        const uint16_t half = (uint16_t)(bits >> 16);
        memcpy(block + i * size,
               size == 8   ? (const void *)&wide
               : size == 4 ? (const void *)&value
                           : &half,
               (size_t)size);
    }
    const cupel_status status = bench_tile(device, block, BLOCK * size, to, count * size);
    free(block);
    return status;
}
