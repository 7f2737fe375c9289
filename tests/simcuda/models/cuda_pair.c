/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cuda_pair.h"

#include "device.h"
#include <math.h>
#include <stdlib.h>

cupel_device *cuda_device(void)
{
    cupel_device *device;
    ASSERT_OK(cupel_device_open("cuda", &device));
    return device;
}

cuda_pair cuda_pair_make(cupel_shape input, uint64_t seed, const cupel_layer *layers, int64_t count,
                         const cupel_compile_config *config)
{
    cuda_pair pair = {.cuda_device = cuda_device()};
    ASSERT_OK(cupel_device_open("cpu", &pair.cpu_device));
    pair.cpu = core_model(pair.cpu_device, input, seed, layers, count);
    pair.cuda = core_model(pair.cuda_device, input, seed, layers, count);
    ASSERT_OK(cupel_model_compile(pair.cpu, config));
    ASSERT_OK(cupel_model_compile(pair.cuda, config));
    return pair;
}

void cuda_pair_free(cuda_pair *pair)
{
    cupel_model_free(pair->cpu);
    cupel_model_free(pair->cuda);
    cr_expect_eq(pair->cuda_device->bytes, 0, "%lld bytes of the card are left",
                 (long long)pair->cuda_device->bytes);
    cupel_device_close(pair->cpu_device);
    cupel_device_close(pair->cuda_device);
}

double cuda_pair_distance(const cuda_pair *pair, cupel_slot slot)
{
    int64_t count = 0;
    float *a = core_read(pair->cuda, slot, &count);
    float *b = core_read(pair->cpu, slot, &count);
    double most = 0, distance = 0;
    for (int64_t i = 0; i < count; i++) {
        most = fmax(most, fabs((double)b[i]));
        distance = fmax(distance, fabs((double)a[i] - (double)b[i]));
    }
    free(a);
    free(b);
    return most > 0 ? distance / most : distance;
}
