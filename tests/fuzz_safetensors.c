/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * An entry for libFuzzer (clang -fsanitize=fuzzer,address,undefined) and for AFL++: the first byte
 * is the number of bytes behind the header, the rest the header; 255 makes the rest a model's JSON.
 */
#include "base/memory.h"
#include "io/model_json.h"
#include "io/safetensors.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_outline(const uint8_t *data, size_t size)
{
    char *json = cupel_alloc((int64_t)size + 1, 1);
    if (json == NULL) return;
    memcpy(json, data, size);
    cupel_model_outline outline;
    (void)cupel_model_json_read(json, "fuzz", &outline);
    cupel_model_outline_free(&outline);
    cupel_free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    if (data[0] == 255) {
        read_outline(data + 1, size - 1);
        return 0;
    }
    cupel_safetensors file;
    (void)cupel_safetensors_parse((const char *)data + 1, (int64_t)size - 1, data[0], "fuzz",
                                  &file);
    cupel_safetensors_free(&file);
    return 0;
}
