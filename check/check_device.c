/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "check_device.h"

#include "base/number.h"
#include <string.h>

#if defined(CUPEL_WITH_CUDA)
#include "table.h"

static cupel_status open_cuda(int64_t ordinal, cupel_device **device)
{
    return cupel_device_open_backend(&cupel_cuda_backend, ordinal, device);
}

static const cupel_op_entry *cuda_table(check_table table)
{
    if (table == CHECK_FLOAT64) return NULL;
    return table == CHECK_BFLOAT16 ? cupel_cuda_bf16_ops : cupel_cuda_f32_ops;
}
#else
static cupel_status open_cuda(int64_t ordinal, cupel_device **device)
{
    (void)ordinal;
    (void)device;
    return cupel_fail(CUPEL_ERROR_NO_DEVICE,
                      "device \"cuda\": this cupel-check was built without a CUDA toolkit");
}

static const cupel_op_entry *cuda_table(check_table table)
{
    (void)table;
    return NULL;
}
#endif

cupel_status check_open_device(const char *name, cupel_device **device)
{
    int64_t ordinal = 0;
    if (strcmp(name, "cpu") == 0) return cupel_device_open_backend(&cupel_cpu_backend, 0, device);
    CUPEL_FAIL_IF(strncmp(name, "cuda", 4) != 0 || (name[4] != '\0' && name[4] != ':'),
                  CUPEL_ERROR_ARGUMENT,
                  "device \"%.60s\" is none of \"cpu\", \"cuda\" and \"cuda:N\"", name);
    if (name[4] == ':') {
        CUPEL_FAIL_IF(!cupel_parse_int(name + 5, strlen(name + 5), &ordinal) || ordinal < 0,
                      CUPEL_ERROR_ARGUMENT, "device \"%.60s\": \"%.40s\" is no card number", name,
                      name + 5);
    }
    return open_cuda(ordinal, device);
}

const cupel_op_entry *check_table_of(const cupel_device *device, check_table table)
{
    if (device->backend != &cupel_cpu_backend) return cuda_table(table);
    if (table == CHECK_BFLOAT16) return NULL;
    return device->backend->ops(table == CHECK_FLOAT64 ? CUPEL_PRECISION_FLOAT64
                                                       : CUPEL_PRECISION_FLOAT32);
}
