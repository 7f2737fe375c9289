/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700
#include "base/memory.h"
#include "fault.h"
#include "io/safetensors.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifdef CUPEL_WITH_JANSSON

/* A tensor's line without its braces, for headers with one thing wrong. */
#define GOOD "\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]"
#define A "{\"a\":{" GOOD "}}"
/* Two tensors of 8 bytes each, with the offsets of the second to be given. */
#define TWO(begin, end)                                                                           \
    "{\"a\":{" GOOD "},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" #begin "," #end \
    "]}}"

static cupel_status parse(const char *header, int64_t length, int64_t data_bytes,
                          cupel_safetensors *file)
{
    /* A copy without a NUL behind it, so that a sanitizer sees what is read beyond the end. */
    char *copy = cupel_alloc_raw(length, 1);
    cr_assert_not_null(copy);
    memcpy(copy, header, (size_t)length);
    const cupel_status status = cupel_safetensors_parse(copy, length, data_bytes, "f.st", file);
    cupel_free(copy);
    return status;
}

Test(safetensors, good_headers_are_read)
{
    static const struct {
        const char *header;
        int64_t data_bytes;
        int64_t count;
    } good[] = {
        {"{}", 0, 0},
        {"{}      ", 0, 0},
        {"{\"__metadata__\":{}}", 0, 0},
        {"{\"__metadata__\":{\"format\":\"pt\",\"\":\"\"}}", 0, 0},
        {A, 8, 1},
        {A "   ", 8, 1},
        {"{ \"a\" :\n\t{\r\n" GOOD " } }", 8, 1},
        {TWO(8, 16), 16, 2},
        {"{\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]},\"a\":{" GOOD "}}", 16,
         2},
        {"{\"\":{" GOOD "}}", 8, 1},
        {"{\"\\\"\\\\\\n\\u00e9\":{" GOOD "}}", 8, 1},
        {"{\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\":{" GOOD "}}", 8, 1},
        {"{\"a\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8]}}", 8, 1},
        {"{\"a\":{\"dtype\":\"BF16\",\"shape\":[1,1,1,1,1,1,1,4],\"data_offsets\":[0,8]}}", 8, 1},
        {"{\"a\":{\"dtype\":\"U8\",\"shape\":[2,4],\"data_offsets\":[0,8]}}", 8, 1},
        {"{\"a\":{\"dtype\":\"I64\",\"shape\":[5,0,3],\"data_offsets\":[0,0]}}", 0, 1},
        {"{\"a\":{" GOOD "},\"z\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]},"
         "\"y\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
         8, 3},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        cupel_safetensors file;
        const cupel_status status =
            parse(good[i].header, (int64_t)strlen(good[i].header), good[i].data_bytes, &file);
        cr_assert_eq(status, CUPEL_OK, "%s: %s", good[i].header, cupel_last_error());
        cr_assert_eq(file.count, good[i].count);
        int64_t end = 0;
        for (int64_t j = 0; j < file.count; j++) {
            cr_assert_eq(file.tensors[j].begin, end);
            end = file.tensors[j].end;
        }
        cr_assert_eq(end, good[i].data_bytes);
        cupel_safetensors_free(&file);
    }
}

static const cupel_safetensors_note notes[] = {{"format", "cupel"}, {"cupel.model", "{\"x\":1}\n"}};

/* Two tensors with their bytes; the header of the file is the library's own. */
static void build(cupel_text *header, cupel_text *data)
{
    const cupel_safetensor tensors[] = {
        {.name = "0.kernel", .dtype = "F32", .shape = CUPEL_SHAPE(2, 3), .begin = 0, .end = 24},
        {.name = "0.\"b\"", .dtype = "F64", .shape = CUPEL_SHAPE(2), .begin = 24, .end = 40},
    };
    cr_assert_eq(cupel_safetensors_header(tensors, 2, notes, 2, header), CUPEL_OK);
    cupel_text_add(data, "%s", "0123456789abcdefghijklmnopqrstuvwxyzABCD");
}

Test(safetensors, a_header_reads_back)
{
    cupel_text header = {0}, data = {0};
    cupel_safetensors file;
    build(&header, &data);
    cr_assert_eq(header.length % 8, 0);
    cr_assert_eq(header.bytes[0], '{');
    cr_assert_eq(parse(header.bytes, header.length, data.length, &file), CUPEL_OK, "%s",
                 cupel_last_error());
    cr_assert_eq(file.count, 2);
    cr_assert_str_eq(file.model, "{\"x\":1}\n");
    cr_assert_str_eq(file.tensors[0].name, "0.kernel");
    cr_assert_str_eq(file.tensors[0].dtype, "F32");
    cr_assert_eq(file.tensors[0].shape.rank, 2);
    cr_assert_eq(file.tensors[0].shape.dims[1], 3);
    cr_assert_str_eq(file.tensors[1].name, "0.\"b\"");
    cr_assert_str_eq(file.tensors[1].dtype, "F64");
    cr_assert_eq(file.tensors[1].end, 40);
    cupel_safetensors_free(&file);
    cupel_text_free(&header);
    cupel_text_free(&data);
}

#define FILE_NAME "safetensors.test"

static void put_file(uint64_t length, const char *header, int64_t header_bytes, const char *data,
                     int64_t data_bytes)
{
    unsigned char prefix[8];
    for (int i = 0; i < 8; i++)
        prefix[i] = (unsigned char)(length >> (8 * i));
    FILE *out = fopen(FILE_NAME, "wb");
    cr_assert_not_null(out);
    cr_assert_eq(fwrite(prefix, 1, 8, out), 8);
    cr_assert_eq(fwrite(header, 1, (size_t)header_bytes, out), (size_t)header_bytes);
    cr_assert_eq(fwrite(data, 1, (size_t)data_bytes, out), (size_t)data_bytes);
    cr_assert_eq(fclose(out), 0);
}

static cupel_status read_file(cupel_safetensors *file)
{
    cupel_reader *reader;
    cr_assert_eq(cupel_reader_open(FILE_NAME, &reader), CUPEL_OK, "%s", cupel_last_error());
    const cupel_status status = cupel_safetensors_read(reader, FILE_NAME, file);
    cupel_reader_close(reader);
    return status;
}

Test(safetensors, a_wrong_length_is_refused)
{
    static const struct {
        uint64_t length;
        const char *says;
    } cases[] = {
        {0, "does not begin with '{'"},
        {1, "a key, at byte 1 "},
        {sizeof A - 2, "expected '}'"},
        {sizeof A, "is not a space"},
        {sizeof A + 7, "is not a space"},
        {sizeof A + 8, "bytes follow"},
        {1000000, "bytes follow"},
        {100000000, "bytes follow"},
        {100000001, "expected at most 100000000"},
        {UINT64_C(1) << 31, "expected at most 100000000"},
        {UINT64_C(1) << 32, "expected at most 100000000"},
        {UINT64_C(1) << 63, "expected at most 100000000"},
        {UINT64_MAX - 7, "expected at most 100000000"},
        {UINT64_MAX, "expected at most 100000000"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cupel_safetensors file;
        put_file(cases[i].length, A, sizeof A - 1, "01234567", 8);
        cr_expect_eq(read_file(&file), CUPEL_ERROR_FORMAT, "%zu", i);
        cr_expect_not_null(strstr(cupel_last_error(), cases[i].says), "%zu: %s", i,
                           cupel_last_error());
    }
    unlink(FILE_NAME);
}

Test(safetensors, every_prefix_of_a_file_is_refused)
{
    cupel_text header = {0}, data = {0};
    cupel_safetensors file;
    build(&header, &data);
    put_file((uint64_t)header.length, header.bytes, header.length, data.bytes, data.length);
    cr_assert_eq(read_file(&file), CUPEL_OK);
    cupel_safetensors_free(&file);
    for (int64_t size = 8 + header.length + data.length - 1; size >= 0; size--) {
        cr_assert_eq(truncate(FILE_NAME, size), 0);
        cr_assert_eq(read_file(&file), CUPEL_ERROR_FORMAT, "%lld bytes", (long long)size);
    }
    unlink(FILE_NAME);
    cupel_text_free(&header);
    cupel_text_free(&data);
}

/* Where a flipped bit is not found, no tensor has moved or changed its shape. */
Test(safetensors, a_flipped_bit_moves_no_tensor)
{
    cupel_text header = {0}, data = {0};
    build(&header, &data);
    int64_t refused = 0;
    for (int64_t bit = 0; bit < 8 * header.length; bit++) {
        cupel_safetensors file;
        header.bytes[bit / 8] = (char)(header.bytes[bit / 8] ^ (1 << bit % 8));
        const cupel_status status = parse(header.bytes, header.length, data.length, &file);
        header.bytes[bit / 8] = (char)(header.bytes[bit / 8] ^ (1 << bit % 8));
        if (status != CUPEL_OK) {
            cr_assert_eq(status, CUPEL_ERROR_FORMAT);
            refused++;
            continue;
        }
        cr_assert_eq(file.count, 2);
        cr_assert_eq(file.tensors[0].end, 24);
        cr_assert_eq(file.tensors[1].end, 40);
        cr_assert_eq(file.tensors[0].shape.dims[0] * file.tensors[0].shape.dims[1], 6);
        cr_assert_eq(file.tensors[1].shape.dims[0], 2);
        cupel_safetensors_free(&file);
    }
    cr_assert_gt(refused, 8 * header.length / 2);
    for (int64_t bit = 0; bit < 64; bit++) {
        cupel_safetensors file;
        put_file((uint64_t)header.length ^ (UINT64_C(1) << bit), header.bytes, header.length,
                 data.bytes, data.length);
        cr_assert_eq(read_file(&file), CUPEL_ERROR_FORMAT, "bit %lld of the length",
                     (long long)bit);
    }
    unlink(FILE_NAME);
    cupel_text_free(&header);
    cupel_text_free(&data);
}

Test(safetensors, every_failing_allocation_is_survived)
{
    for (int persistent = 0; persistent < 2; persistent++) {
        fault_memory_install();
        int64_t faults = 0;
        for (int64_t n = 1;; n++) {
            cupel_text header = {0};
            cupel_safetensors file = {0};
            fault_memory_arm(n, persistent != 0);
            cupel_status status = CUPEL_OK;
            const cupel_safetensor tensor = {
                .name = "a", .dtype = "F32", .shape = CUPEL_SHAPE(2), .end = 8};
            status = cupel_safetensors_header(&tensor, 1, notes, 2, &header);
            if (status == CUPEL_OK) {
                status = cupel_safetensors_parse(header.bytes, header.length, 8, "f.st", &file);
            }
            cupel_text_free(&header);
            if (fault_memory_disarm() == 0) {
                cr_assert_eq(status, CUPEL_OK);
                cupel_safetensors_free(&file);
                break;
            }
            faults++;
            cr_assert_eq(status, CUPEL_ERROR_MEMORY);
            cr_assert_eq(fault_memory_blocks(), 0);
        }
        cr_assert_gt(faults, 5);
        cr_assert_eq(fault_memory_blocks(), 0);
        fault_memory_remove();
    }
}

Test(safetensors, a_header_beyond_the_cap_is_not_written)
{
    const size_t length = 100000000;
    char *value = cupel_alloc((int64_t)length + 1, 1);
    cr_assert_not_null(value);
    memset(value, 'v', length);
    const cupel_safetensors_note note = {"k", value};
    cupel_text header = {0};
    cr_assert_eq(cupel_safetensors_header(NULL, 0, &note, 1, &header), CUPEL_ERROR_UNSUPPORTED);
    cr_assert_not_null(strstr(cupel_last_error(), "a header of 100000032 bytes"));
    cupel_text_free(&header);
    cupel_free(value);
}

#else

Test(safetensors, reading_needs_jansson)
{
    cupel_safetensors file;
    cr_assert_eq(cupel_safetensors_parse("{}", 2, 0, "f.st", &file), CUPEL_ERROR_UNSUPPORTED);
    cr_assert_not_null(strstr(cupel_last_error(), "jansson"));
}

#endif
