/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Headers that break the format in one way each, and headers made to take memory. */
#define _XOPEN_SOURCE 700
#include "base/memory.h"
#include "io/safetensors.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* A tensor's line without its braces, for headers with one thing wrong. */
#define GOOD "\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]"
#define A "{\"a\":{" GOOD "}}"
/* Two tensors of 8 bytes each, with the offsets of the second to be given. */
#define TWO(begin, end)                                                                           \
    "{\"a\":{" GOOD "},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" #begin "," #end \
    "]}}"
#define WITH_SHAPE(shape) "{\"a\":{\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":[0,8]}}"
#define WITH_OFFSETS(offsets) \
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":" offsets "}}"
#define WITH_DTYPE(dtype) "{\"a\":{\"dtype\":" dtype ",\"shape\":[2],\"data_offsets\":[0,8]}}"
#define WITH_METADATA(metadata) "{\"__metadata__\":" metadata ",\"a\":{" GOOD "}}"

typedef struct header_case {
    const char *header;
    int64_t data_bytes;
    const char *says; /* a part of the sentence */
} header_case;

static const header_case bad[] = {
    /* Not a JSON object. */
    {"", 0, "does not begin with '{'"},
    {" {}", 0, "does not begin with '{'"},
    {"[]", 0, "does not begin with '{'"},
    {"\"a\"", 0, "does not begin with '{'"},
    {"\xEF\xBB\xBF{}", 0, "does not begin with '{'"},
    {"{", 0, "a key, at byte 1 "},
    {"{]", 0, "a key, at byte 1 "},
    {"{\"a\"", 0, "expected ':'"},
    {"{\"a\":", 0, "does not begin with '{'"},
    {"{\"a\" {" GOOD "}}", 8, "expected ':'"},
    {"{\"a\":{" GOOD "}", 8, "expected '}'"},
    {"{\"a\":{" GOOD "},}", 8, "does not begin with '\"'"},
    {"{,\"a\":{" GOOD "}}", 8, "a key, at byte 1 "},
    {"{\"a\":{" GOOD ",}}", 8, "not valid JSON"},
    {"{a:{" GOOD "}}", 8, "a key, at byte 1 "},
    {"{'a':{" GOOD "}}", 8, "a key, at byte 1 "},
    {"{1:{" GOOD "}}", 8, "a key, at byte 1 "},
    {"{/**/\"a\":{" GOOD "}}", 8, "a key, at byte 1 "},
    {"{\"a\":{" GOOD, 8, "not valid JSON"},
    {A "x", 8, "is not a space"},
    {A A, 8, "is not a space"},
    {A "\n", 8, "is not a space"},
    {A " ]", 8, "is not a space"},
    /* Names. */
    {"{\"a\":{" GOOD "},\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]}}", 8,
     "\"a\" stands in the header twice"},
    {"{\"a\":{" GOOD "},\"\\u0061\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]}}", 8,
     "\"a\" stands in the header twice"},
    {"{\"a\\u0000b\":{" GOOD "}}", 8, "u0000"},
    {"{\"a\nb\":{" GOOD "}}", 8, "not valid JSON"},
    {"{\"\xFF\":{" GOOD "}}", 8, "not valid JSON"},
    {"{\"\xC0\x80\":{" GOOD "}}", 8, "not valid JSON"},
    {"{\"\xED\xA0\x80\":{" GOOD "}}", 8, "not valid JSON"},
    {"{\"\xF5\x80\x80\x80\":{" GOOD "}}", 8, "not valid JSON"},
    {"{\"\\ud800\":{" GOOD "}}", 8, "not valid JSON"},
    {"{\"a\\x\":{" GOOD "}}", 8, "not valid JSON"},
    /* What a tensor's line is. */
    {"{\"a\":null}", 0, "does not begin with '{'"},
    {"{\"a\":[" GOOD "]}", 8, "does not begin with '{'"},
    {"{\"a\":\"b\"}", 0, "does not begin with '{'"},
    {"{\"a\":{}}", 0, "has no dtype"},
    {"{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "has no dtype"},
    {"{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", 8, "has no shape"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "has no data_offsets"},
    {"{\"a\":{" GOOD ",\"extra\":1}}", 8, "\"extra\", which the format does not know"},
    {"{\"a\":{" GOOD ",\"shape\":[2]}}", 8, "duplicate"},
    /* Types. */
    {WITH_DTYPE("\"F33\""), 8, "unknown dtype \"F33\""},
    {WITH_DTYPE("\"f32\""), 8, "unknown dtype"},
    {WITH_DTYPE("\"\""), 8, "unknown dtype"},
    {WITH_DTYPE("\"F32 \""), 8, "unknown dtype"},
    {WITH_DTYPE("\"F32\\u0000\""), 8, "u0000"},
    {WITH_DTYPE("32"), 8, "dtype is not a string"},
    {WITH_DTYPE("null"), 8, "dtype is not a string"},
    {WITH_DTYPE("\"F64\""), 8, "lies in 8 bytes, but its shape and dtype take 16"},
    /* Shapes. */
    {WITH_SHAPE("2"), 8, "shape is not an array"},
    {WITH_SHAPE("{}"), 8, "shape is not an array"},
    {WITH_SHAPE("\"2\""), 8, "shape is not an array"},
    {WITH_SHAPE("[-2]"), 8, "a dimension is -2"},
    {WITH_SHAPE("[2.0]"), 8, "a dimension is not an integer"},
    {WITH_SHAPE("[2e0]"), 8, "a dimension is not an integer"},
    {WITH_SHAPE("[\"2\"]"), 8, "a dimension is not an integer"},
    {WITH_SHAPE("[true]"), 8, "a dimension is not an integer"},
    {WITH_SHAPE("[[2]]"), 8, "a dimension is not an integer"},
    {WITH_SHAPE("[02]"), 8, "not valid JSON"},
    {WITH_SHAPE("[0x2]"), 8, "not valid JSON"},
    {WITH_SHAPE("[NaN]"), 8, "not valid JSON"},
    {WITH_SHAPE("[2,]"), 8, "not valid JSON"},
    {WITH_SHAPE("[1]"), 8, "lies in 8 bytes, but its shape and dtype take 4"},
    {WITH_SHAPE("[3]"), 8, "lies in 8 bytes, but its shape and dtype take 12"},
    {WITH_SHAPE("[]"), 8, "lies in 8 bytes, but its shape and dtype take 4"},
    {WITH_SHAPE("[0]"), 8, "lies in 8 bytes, but its shape and dtype take 0"},
    {WITH_SHAPE("[1,1,1,1,1,1,1,1,2]"), 8, "9 dimensions"},
    {WITH_SHAPE("[4294967296,4294967296]"), 8, "does not fit 63 bits"},
    {WITH_SHAPE("[2147483648,2147483648,2]"), 8, "does not fit 63 bits"},
    {WITH_SHAPE("[9223372036854775807]"), 8, "does not fit 63 bits"},
    {WITH_SHAPE("[4611686018427387906]"), 8, "does not fit 63 bits"},
    {WITH_SHAPE("[4294967296,4294967296,0]"), 8, "does not fit 63 bits"},
    {WITH_SHAPE("[9223372036854775808]"), 8, "too big integer"},
    {WITH_SHAPE("[-9223372036854775809]"), 8, "too big"},
    /* Places. */
    {WITH_OFFSETS("8"), 8, "data_offsets is not a pair"},
    {WITH_OFFSETS("[]"), 8, "data_offsets is not a pair"},
    {WITH_OFFSETS("[0]"), 8, "data_offsets is not a pair"},
    {WITH_OFFSETS("[0,8,8]"), 8, "data_offsets is not a pair"},
    {WITH_OFFSETS("{\"0\":0,\"1\":8}"), 8, "data_offsets is not a pair"},
    {WITH_OFFSETS("[0.0,8]"), 8, "its begin is not an integer"},
    {WITH_OFFSETS("[0,8.0]"), 8, "its end is not an integer"},
    {WITH_OFFSETS("[-8,0]"), 8, "its begin is -8"},
    {WITH_OFFSETS("[8,0]"), 8, "before its begin"},
    {WITH_OFFSETS("[0,-8]"), 8, "its end is -8"},
    {WITH_OFFSETS("[0,7]"), 8, "lies in 7 bytes"},
    {WITH_OFFSETS("[0,9]"), 9, "lies in 9 bytes"},
    {WITH_OFFSETS("[1,9]"), 9, "begins at 1, expected 0"},
    {WITH_OFFSETS("[9223372036854775799,9223372036854775807]"), 8, "begins at 92233720368547757"},
    {A, 7, "take 8 bytes, but 7 follow"},
    {A, 9, "take 8 bytes, but 9 follow"},
    {A, 0, "take 8 bytes, but 0 follow"},
    {"{}", 1, "take 0 bytes, but 1 follow"},
    {TWO(0, 8), 8, "begins at 0, expected 8"},
    {TWO(4, 12), 12, "begins at 4, expected 8"},
    {TWO(9, 17), 17, "begins at 9, expected 8"},
    {TWO(16, 24), 24, "begins at 16, expected 8"},
    {TWO(8, 16), 17, "take 16 bytes, but 17 follow"},
    /* Metadata. */
    {WITH_METADATA("null"), 8, "expected '{'"},
    {WITH_METADATA("\"pt\""), 8, "expected '{'"},
    {WITH_METADATA("[]"), 8, "expected '{'"},
    {WITH_METADATA("{\"k\":1}"), 8, "a value of __metadata__"},
    {WITH_METADATA("{\"k\":null}"), 8, "a value of __metadata__"},
    {WITH_METADATA("{\"k\":{}}"), 8, "a value of __metadata__"},
    {WITH_METADATA("{\"k\":[\"v\"]}"), 8, "a value of __metadata__"},
    {WITH_METADATA("{\"k\":\"v\",\"k\":\"v\"}"), 8, "\"k\" stands in the header twice"},
    {WITH_METADATA("{\"k\":\"\\u0000\"}"), 8, "u0000"},
    {WITH_METADATA("{\"k\":\"\xFF\"}"), 8, "not valid JSON"},
    {"{\"__metadata__\":{},\"__metadata__\":{},\"a\":{" GOOD "}}", 8, "twice"},
};

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

Test(safetensors_bad, bad_headers_are_refused)
{
    cr_assert_geq(sizeof bad / sizeof bad[0], 100);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cupel_safetensors file;
        const cupel_status status =
            parse(bad[i].header, (int64_t)strlen(bad[i].header), bad[i].data_bytes, &file);
        cr_expect_eq(status, CUPEL_ERROR_FORMAT, "%s: %s", bad[i].header,
                     cupel_status_name(status));
        cr_expect_not_null(strstr(cupel_last_error(), bad[i].says), "%s: %s", bad[i].header,
                           cupel_last_error());
        cr_expect(strncmp(cupel_last_error(), "f.st: ", 6) == 0);
        cr_expect_null(file.tensors);
        cr_expect_eq(file.count, 0);
    }
}

Test(safetensors_bad, a_nul_byte_in_a_header_is_refused)
{
    static const char inside[] = "{\"a\0b\":{" GOOD "}}", behind[] = A "\0";
    cupel_safetensors file;
    cr_assert_eq(parse(inside, sizeof inside - 1, 8, &file), CUPEL_ERROR_FORMAT);
    cr_assert_eq(parse(behind, sizeof behind - 1, 8, &file), CUPEL_ERROR_FORMAT);
}

#define FILE_NAME "safetensors.test"

static cupel_status read_file(cupel_safetensors *file)
{
    cupel_reader *reader;
    cr_assert_eq(cupel_reader_open(FILE_NAME, &reader), CUPEL_OK, "%s", cupel_last_error());
    const cupel_status status = cupel_safetensors_read(reader, FILE_NAME, file);
    cupel_reader_close(reader);
    return status;
}

/* A sanitizer's own memory would be counted. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

static int64_t peak_kilobytes(void)
{
    struct rusage usage;
    cr_assert_eq(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

/* Writes a file whose header repeats a piece until it has about that many bytes, and says its
 * length, or another one. */
static void put_repeated(const char *begin, const char *piece, int64_t bytes, uint64_t said)
{
    FILE *out = fopen(FILE_NAME, "wb");
    cr_assert_not_null(out);
    const int64_t begins = (int64_t)strlen(begin), each = (int64_t)strlen(piece);
    const int64_t count = (bytes - begins) / each;
    const uint64_t length = said != 0 ? said : (uint64_t)(begins + count * each);
    for (int i = 0; i < 8; i++)
        fputc((int)(length >> (8 * i) & 0xFF), out);
    fputs(begin, out);
    for (int64_t i = 0; i < count; i++)
        fputs(piece, out);
    cr_assert_eq(fclose(out), 0);
}

/* A tree of any of these headers would take some hundreds of megabytes. */
Test(safetensors_bad, hostile_headers_take_little_memory)
{
    static const struct {
        const char *begin;
        const char *piece;
    } cases[] = {
        {"[", "["},
        {"{", "{"},
        {"{\"a\":", "["},
        {"{\"a\":", "{\"a\":"},
        {"{\"a\":{\"shape\":", "["},
        {"{\"a\":{\"shape\":[0", ",0"},
        {"{\"a\":{\"x\":[0", ",{}"},
        {"{\"a\":{\"dtype\":\"", "F"},
        {"{\"__metadata__\":", "["},
        {"{\"__metadata__\":{\"a\":[0", ",0"},
        {"{\"__metadata__\":{\"a\":{", "\"\":{"},
        {"{\"a\":{" GOOD, "       "},
    };
    const int64_t bytes = (int64_t)20 << 20;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cupel_safetensors file;
        put_repeated(cases[i].begin, cases[i].piece, bytes, 0);
        const int64_t before = peak_kilobytes();
        cr_expect_eq(read_file(&file), CUPEL_ERROR_FORMAT);
        const int64_t taken = peak_kilobytes() - before;
        if (!SANITIZED) {
            cr_expect_leq(taken, (bytes + ((int64_t)16 << 20)) / 1024, "case %zu: %lld kB", i,
                          (long long)taken);
        }
    }
    unlink(FILE_NAME);
}

Test(safetensors_bad, a_hostile_length_takes_no_memory)
{
    cupel_safetensors file;
    put_repeated("{", " ", 1, 99999999);
    const int64_t before = peak_kilobytes();
    cr_assert_eq(read_file(&file), CUPEL_ERROR_FORMAT);
    if (!SANITIZED) cr_assert_leq(peak_kilobytes() - before, 1024);
    unlink(FILE_NAME);
}
