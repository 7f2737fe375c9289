/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The frame of a safetensors file, its length and header, and how a header is built. */
#include "io/safetensors.h"

#include "base/memory.h"
#include <inttypes.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "safetensors files are little-endian, and cupel copies tensors as they lie in memory"
#endif

#define LENGTH_BYTES 8

const char *cupel_safetensors_dtype(cupel_type type)
{
    return type == CUPEL_FLOAT32 ? "F32" : type == CUPEL_FLOAT64 ? "F64" : NULL;
}

void cupel_safetensors_free(cupel_safetensors *file)
{
    cupel_free(file->tensors);
    cupel_free(file->model);
    cupel_names_free(&file->names);
    *file = (cupel_safetensors){0};
}

cupel_status cupel_safetensors_read_bytes(cupel_reader *reader, const char *path, void *bytes,
                                          int64_t count)
{
    int64_t got;
    CUPEL_TRY(cupel_reader_read(reader, bytes, count, &got));
    CUPEL_FAIL_IF(got != count, CUPEL_ERROR_IO, "%s: the file became shorter while it was read",
                  path);
    return CUPEL_OK;
}

cupel_status cupel_safetensors_read(cupel_reader *reader, const char *path, cupel_safetensors *file)
{
    *file = (cupel_safetensors){0};
    unsigned char prefix[LENGTH_BYTES];
    const int64_t size = cupel_reader_size(reader);
    CUPEL_FAIL_IF(size < LENGTH_BYTES, CUPEL_ERROR_FORMAT,
                  "%s: the file has %" PRId64 " bytes, too few for a safetensors file", path, size);
    CUPEL_TRY(cupel_safetensors_read_bytes(reader, path, prefix, LENGTH_BYTES));
    uint64_t length = 0;
    for (int i = LENGTH_BYTES - 1; i >= 0; i--)
        length = length << 8 | prefix[i];
    CUPEL_FAIL_IF(length > (uint64_t)CUPEL_SAFETENSORS_HEADER, CUPEL_ERROR_FORMAT,
                  "%s: the header's length is %" PRIu64 ", expected at most %" PRId64, path, length,
                  CUPEL_SAFETENSORS_HEADER);
    CUPEL_FAIL_IF(length > (uint64_t)(size - LENGTH_BYTES), CUPEL_ERROR_FORMAT,
                  "%s: the header's length is %" PRIu64 ", but %" PRId64 " bytes follow", path,
                  length, size - LENGTH_BYTES);
    char *header = cupel_alloc_raw((int64_t)length, 1);
    if (header == NULL) return CUPEL_ERROR_MEMORY;
    cupel_status status = cupel_safetensors_read_bytes(reader, path, header, (int64_t)length);
    if (status == CUPEL_OK) {
        status = cupel_safetensors_parse(header, (int64_t)length,
                                         size - LENGTH_BYTES - (int64_t)length, path, file);
    }
    cupel_free(header);
    return status;
}

static void add_tensor(cupel_text *header, const cupel_safetensor *tensor)
{
    cupel_text_json(header, tensor->name);
    cupel_text_add(header, ":{\"dtype\":\"%s\",\"shape\":[", tensor->dtype);
    for (int64_t i = 0; i < tensor->shape.rank; i++) {
        cupel_text_add(header, "%s%" PRId64, i == 0 ? "" : ",", tensor->shape.dims[i]);
    }
    cupel_text_add(header, "],\"data_offsets\":[%" PRId64 ",%" PRId64 "]}", tensor->begin,
                   tensor->end);
}

cupel_status cupel_safetensors_header(const cupel_safetensor *tensors, int64_t count,
                                      const cupel_safetensors_note *notes, int64_t note_count,
                                      cupel_text *header)
{
    cupel_text_add(header, "{\"__metadata__\":{");
    for (int64_t i = 0; i < note_count; i++) {
        if (i > 0) cupel_text_add(header, ",");
        cupel_text_json(header, notes[i].key);
        cupel_text_add(header, ":");
        cupel_text_json(header, notes[i].value);
    }
    cupel_text_add(header, "}");
    for (int64_t i = 0; i < count; i++) {
        cupel_text_add(header, ",");
        add_tensor(header, &tensors[i]);
    }
    cupel_text_add(header, "}");
    /* The length in front takes 8 bytes, so the header alone must be a multiple of 8. */
    cupel_text_add(header, "%*s", (int)(-header->length & 7), "");
    CUPEL_TRY(header->status);
    CUPEL_FAIL_IF(header->length > CUPEL_SAFETENSORS_HEADER, CUPEL_ERROR_UNSUPPORTED,
                  "the names and layers need a header of %" PRId64
                  " bytes, but a safetensors file has at most %" PRId64,
                  header->length, CUPEL_SAFETENSORS_HEADER);
    return CUPEL_OK;
}

cupel_status cupel_safetensors_write(cupel_writer *writer, const cupel_text *header)
{
    unsigned char prefix[LENGTH_BYTES];
    for (int i = 0; i < LENGTH_BYTES; i++)
        prefix[i] = (unsigned char)(header->length >> (8 * i));
    CUPEL_TRY(cupel_writer_write(writer, prefix, LENGTH_BYTES));
    return cupel_writer_write(writer, header->bytes, header->length);
}
