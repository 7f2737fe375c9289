/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700

#include "data/dataset.h"

#include "base/file.h"
#include "fault.h"
#include "folder.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#if defined(CUPEL_WITH_ZLIB)
#include <zlib.h>
#endif

#define FASHION "/usr/share/datasets/fashion-mnist/"

typedef struct bytes {
    unsigned char at[4096];
    size_t count;
} bytes;

static void put(bytes *to, const void *from, size_t count)
{
    cr_assert_leq(to->count + count, sizeof to->at);
    memcpy(to->at + to->count, from, count);
    to->count += count;
}

static void put_dim(bytes *to, uint32_t dim)
{
    const unsigned char big[4] = {(unsigned char)(dim >> 24), (unsigned char)(dim >> 16),
                                  (unsigned char)(dim >> 8), (unsigned char)dim};
    put(to, big, 4);
}

/* An IDX header with as many dimensions as are given before the first 0. */
static bytes header(unsigned char type, unsigned char rank, const uint32_t dims[8])
{
    bytes made = {.count = 0};
    put(&made, (const unsigned char[]){0, 0, type, rank}, 4);
    for (int i = 0; i < 8 && dims[i] != 0; i++)
        put_dim(&made, dims[i]);
    return made;
}

/* Five images of 2 x 3. */
static bytes five_images(void)
{
    bytes made = header(8, 3, (const uint32_t[8]){5, 2, 3});
    for (unsigned char i = 0; i < 30; i++)
        put(&made, &i, 1);
    return made;
}

static bytes five_labels(void)
{
    bytes made = header(8, 1, (const uint32_t[8]){5});
    put(&made, "\1\2\3\4\5", 5);
    return made;
}

static void save(const char *path, const void *from, size_t count)
{
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(from, 1, count, file), count);
    cr_assert_eq(fclose(file), 0);
}

static void save_bytes(const char *path, const bytes *from)
{
    save(path, from->at, from->count);
}

static void expect_refused(const char *images, const char *labels, cupel_status code,
                           const char *part)
{
    cupel_dataset *data = (cupel_dataset *)(void *)&code;
    cr_expect_eq(cupel_dataset_open_idx(images, labels, NULL, &data), code, "%s", part);
    cr_expect_null(data);
    cr_expect_not_null(strstr(cupel_last_error(), part), "'%s' is not in '%s'", part,
                       cupel_last_error());
}

static void expect_five(const char *images, const char *labels)
{
    cupel_dataset *data;
    cupel_shape shape;
    cr_assert_eq(cupel_dataset_open_idx(images, labels, NULL, &data), CUPEL_OK, "%s",
                 cupel_last_error());
    cr_expect_eq(cupel_dataset_rows(data), 5);
    cupel_dataset_x_shape(data, &shape);
    cr_expect_eq(shape.rank, 2);
    cr_expect_eq(shape.dims[0], 2);
    cr_expect_eq(shape.dims[1], 3);
    cr_expect_eq(data->x_type, CUPEL_UINT8);
    cr_expect_eq(data->has_y, labels != NULL);
    for (int i = 0; i < 30; i++)
        cr_expect_eq(((const uint8_t *)data->x)[i], i);
    for (int i = 0; labels != NULL && i < 5; i++)
        cr_expect_eq(((const uint8_t *)data->y)[i], i + 1);
    cupel_dataset_free(data);
}

Test(idx, reads_a_pair)
{
    const bytes images = five_images(), labels = five_labels();
    save_bytes("images", &images);
    save_bytes("labels", &labels);
    expect_five("images", "labels");
    expect_five("images", NULL);
}

Test(idx, one_byte_a_row)
{
    const bytes labels = five_labels();
    save_bytes("labels", &labels);
    cupel_dataset *data;
    cupel_shape shape;
    cr_assert_eq(cupel_dataset_open_idx("labels", "labels", &(cupel_idx_config){.scale = 2}, &data),
                 CUPEL_OK);
    cupel_dataset_x_shape(data, &shape);
    cr_expect_eq(shape.rank, 1);
    cr_expect_eq(shape.dims[0], 1);
    cr_expect_eq(data->scale, 2);
    cupel_dataset_free(data);
}

Test(idx, refuses_malformed_files)
{
    const struct {
        unsigned char bytes[44];
        size_t count;
        const char *part;
    } cases[] = {
        {{0}, 0, "within its IDX header"},
        {{0, 0, 8}, 3, "within its IDX header"},
        {{0, 0, 8, 1, 0, 0, 0}, 7, "within its IDX header"},
        {{0, 0, 8, 2, 0, 0, 0, 1}, 8, "within its IDX header"},
        {{1, 0, 8, 1, 0, 0, 0, 1, 7}, 9, "no IDX file"},
        {{0, 1, 8, 1, 0, 0, 0, 1, 7}, 9, "no IDX file"},
        {"P5 28 28 255\n", 13, "no IDX file"},
        {{0, 0, 9, 1, 0, 0, 0, 1, 7}, 9, "type 0x09"},
        {{0, 0, 13, 1, 0, 0, 0, 1, 7}, 9, "type 0x0d"},
        {{0, 0, 8, 0, 7}, 5, "0 dimensions"},
        {{0, 0, 8, 9, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0,
          0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7},
         41,
         "9 dimensions"},
        {{0, 0, 8, 255, 0, 0, 0, 1}, 8, "255 dimensions"},
        {{0, 0, 8, 1, 0, 0, 0, 0}, 8, "is 0"},
        {{0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 0}, 12, "is 0"},
        {{0, 0, 8, 1, 0, 0, 0, 2, 7}, 9, "truncated"},
        {{0, 0, 8, 1, 255, 255, 255, 255, 7}, 9, "promises 4294967295 bytes"},
        {{0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255, 7}, 13, "more elements than"},
        {{0, 0, 8, 2, 127, 255, 255, 255, 127, 255, 255, 255, 7}, 13, "promises"},
        {{0, 0, 8, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 7}, 21, "more elements than"},
        {{0, 0, 8, 1, 0, 0, 0, 1, 7, 7}, 10, "goes on"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        save("malformed", cases[i].bytes, cases[i].count);
        expect_refused("malformed", NULL, CUPEL_ERROR_FORMAT, cases[i].part);
        expect_refused("malformed", NULL, CUPEL_ERROR_FORMAT, "malformed");
    }
}

Test(idx, refuses_a_pair_that_does_not_fit)
{
    const bytes images = five_images(), labels = five_labels();
    bytes four = header(8, 1, (const uint32_t[8]){4});
    put(&four, "\1\2\3\4", 4);
    save_bytes("images", &images);
    save_bytes("labels", &labels);
    save_bytes("four", &four);
    expect_refused("images", "four", CUPEL_ERROR_FORMAT, "four holds 4 labels, but images holds 5");
    expect_refused("labels", "images", CUPEL_ERROR_FORMAT, "images: has 3 dimensions, expected 1");
}

Test(idx, refuses_what_cannot_be_read)
{
    const bytes images = five_images();
    save_bytes("images", &images);
    expect_refused("nowhere", NULL, CUPEL_ERROR_IO, "nowhere");
    expect_refused("images", "nowhere", CUPEL_ERROR_IO, "nowhere");
    expect_refused(".", NULL, CUPEL_ERROR_IO, "\".\"");
    expect_refused("", NULL, CUPEL_ERROR_IO, "");
    expect_refused(NULL, NULL, CUPEL_ERROR_ARGUMENT, "images");
    cr_expect_eq(cupel_dataset_open_idx("images", NULL, NULL, NULL), CUPEL_ERROR_ARGUMENT);
    cupel_dataset *data;
    const cupel_idx_config config = {.scale = -1};
    cr_expect_eq(cupel_dataset_open_idx("images", NULL, &config, &data), CUPEL_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(cupel_last_error(), "scale"));
}

static void expect_every_prefix_refused(const bytes *whole)
{
    for (size_t count = 0; count < whole->count; count++) {
        save("prefix", whole->at, count);
        expect_refused("prefix", NULL, CUPEL_ERROR_FORMAT, "prefix");
    }
}

Test(idx, a_long_path_leaves_room_for_what_is_wrong)
{
    const bytes images = five_images();
    char images_path[FOLDER_LONG_PATH], labels_path[FOLDER_LONG_PATH];
    folder_long_path("images", images_path);
    folder_long_path("labels", labels_path);
    save("images", images.at, images.count - 1);
    expect_refused(images_path, NULL, CUPEL_ERROR_FORMAT, "./images: the file is truncated: it holds 29");
    save("images", "\x1f\x8b", 2);
    expect_refused(images_path, NULL, CUPEL_ERROR_FORMAT, "./images: the gzip data is truncated");
    save_bytes("images", &images);
    save("labels", "\0\0\x08\x01\0\0\0\x04" "abcd", 12);
    expect_refused(images_path, labels_path, CUPEL_ERROR_FORMAT, "./images holds 5 rows");
}

Test(idx, refuses_every_prefix)
{
    const bytes images = five_images();
    expect_every_prefix_refused(&images);
}

/* A header of exabytes costs nothing. */
Test(idx, refuses_before_it_allocates)
{
    bytes hostile = header(8, 3, (const uint32_t[8]){60000, 100000, 100000});
    put(&hostile, "x", 1);
    save_bytes("hostile", &hostile);
    fault_memory_install();
    fault_memory_arm(0, false);
    expect_refused("hostile", NULL, CUPEL_ERROR_FORMAT, "more than the file can hold");
    /* The data set, two names of the file, its reader and its bytes: nothing for the elements. */
    cr_expect_leq(fault_memory_calls(), 5);
    cr_expect_eq(fault_memory_blocks(), 0);
    fault_memory_remove();
}

#if defined(CUPEL_WITH_ZLIB)
static bytes packed(const void *from, size_t count, int level)
{
    bytes made = {.count = sizeof made.at};
    z_stream stream = {0};
    cr_assert_eq(deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (Bytef *)from;
    stream.avail_in = (uInt)count;
    stream.next_out = made.at;
    stream.avail_out = (uInt)made.count;
    cr_assert_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    made.count -= stream.avail_out;
    deflateEnd(&stream);
    return made;
}

Test(idx, gzip_by_its_content)
{
    const bytes images = five_images(), labels = five_labels();
    for (int level = 0; level <= 9; level += 3) {
        const bytes packed_images = packed(images.at, images.count, level);
        const bytes packed_labels = packed(labels.at, labels.count, level);
        save_bytes("images.idx", &packed_images);
        save_bytes("labels.gz", &packed_labels);
        expect_five("images.idx", "labels.gz");
    }
    /* The name says nothing. */
    save_bytes("plain.gz", &images);
    expect_five("plain.gz", "labels.gz");
}

Test(idx, gzip_of_several_members)
{
    const bytes images = five_images();
    for (size_t cut = 0; cut <= images.count; cut++) {
        bytes both = packed(images.at, cut, 9);
        const bytes second = packed(images.at + cut, images.count - cut, 1);
        const bytes empty = packed("", 0, 6);
        put(&both, second.at, second.count);
        put(&both, empty.at, empty.count);
        save_bytes("members", &both);
        expect_five("members", NULL);
    }
}

Test(idx, gzip_refuses_every_prefix_and_every_damage)
{
    const bytes images = five_images();
    const bytes whole = packed(images.at, images.count, 9);
    expect_every_prefix_refused(&whole);
    /* A bit that means nothing may be damaged: the time, flags and system in bytes 4 to 9, one of
     * the header's flags, and what fills the last byte of the compressed data. */
    size_t meaningless = 0;
    for (size_t bit = 0; bit < 8 * whole.count; bit++) {
        bytes damaged = whole;
        damaged.at[bit / 8] ^= (unsigned char)(1U << bit % 8);
        save_bytes("damaged", &damaged);
        cupel_dataset *data;
        const cupel_status status = cupel_dataset_open_idx("damaged", NULL, NULL, &data);
        if (status == CUPEL_OK) {
            cr_expect_eq(memcmp(data->x, images.at + 16, 30), 0);
            cupel_dataset_free(data);
            meaningless++;
            continue;
        }
        cr_expect_eq(status, CUPEL_ERROR_FORMAT, "bit %zu: %s", bit, cupel_last_error());
    }
    cr_expect_leq(meaningless, 48 + 1 + 7);
}

Test(idx, gzip_refuses_what_follows)
{
    const bytes images = five_images();
    const char *const tails[] = {"x", "\x1f", "\x1f\x8b", "\x1f\x8b\x08"};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        bytes whole = packed(images.at, images.count, 9);
        put(&whole, tails[i], strlen(tails[i]));
        save_bytes("tail", &whole);
        expect_refused("tail", NULL, CUPEL_ERROR_FORMAT, "tail");
    }
    bytes padded = packed(images.at, images.count, 9);
    put(&padded, "\0\0\0\0", 4);
    save_bytes("padded", &padded);
    expect_refused("padded", NULL, CUPEL_ERROR_FORMAT, "follow the gzip data");
    bytes longer = images;
    put(&longer, "y", 1);
    const bytes whole = packed(longer.at, longer.count, 9);
    save_bytes("longer", &whole);
    expect_refused("longer", NULL, CUPEL_ERROR_FORMAT, "goes on");
}

Test(idx, gzip_header_may_promise_no_more_than_deflate_can_make)
{
    bytes hostile = header(8, 2, (const uint32_t[8]){100000, 1000});
    const bytes whole = packed(hostile.at, hostile.count, 9);
    save_bytes("hostile.gz", &whole);
    expect_refused("hostile.gz", NULL, CUPEL_ERROR_FORMAT, "more than the file can hold");
}
#else
Test(idx, gzip_needs_zlib)
{
    save("images.gz", "\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
    expect_refused("images.gz", NULL, CUPEL_ERROR_UNSUPPORTED, "no zlib");
}
#endif

static const char *image_path = "images", *label_path = "labels";

static cupel_status open_and_free(void)
{
    cupel_dataset *data;
    const cupel_status status = cupel_dataset_open_idx(image_path, label_path, NULL, &data);
    cr_expect_eq(data == NULL, status != CUPEL_OK);
    cupel_dataset_free(data);
    return status;
}

static void prepare_pair(void)
{
    const bytes images = five_images(), labels = five_labels();
    save_bytes("images", &images);
    save_bytes("labels", &labels);
#if defined(CUPEL_WITH_ZLIB)
    const bytes packed_labels = packed(labels.at, labels.count, 9);
    save_bytes("labels.gz", &packed_labels);
    label_path = "labels.gz";
#endif
}

Test(idx, no_allocation_is_taken_for_granted)
{
    prepare_pair();
    fault_memory_install();
    fault_files_install();
    int64_t n = 1;
    for (;; n++) {
        fault_memory_arm(n, n % 2 == 0);
        const cupel_status status = open_and_free();
        cr_expect_eq(fault_memory_blocks(), 0);
        cr_expect_eq(fault_files_descriptors(), 0);
        if (fault_memory_disarm() == 0) {
            cr_expect_eq(status, CUPEL_OK);
            break;
        }
        cr_expect_eq(status, CUPEL_ERROR_MEMORY, "allocation %lld: %s", (long long)n,
                     cupel_last_error());
    }
    cr_expect_geq(n, 8);
    fault_files_remove();
    fault_memory_remove();
}

Test(idx, no_file_operation_is_taken_for_granted)
{
    prepare_pair();
    fault_memory_install();
    fault_files_install();
    int64_t n = 1, survived = 0;
    for (;; n++) {
        fault_files_arm(n, n % 2 == 0, EIO);
        const cupel_status status = open_and_free();
        cr_expect_eq(fault_memory_blocks(), 0);
        cr_expect_eq(fault_files_descriptors(), 0);
        if (fault_files_disarm() == 0) {
            cr_expect_eq(status, CUPEL_OK);
            break;
        }
        /* A close after reading that fails loses nothing. */
        if (status == CUPEL_OK) {
            cr_expect_str_eq(fault_files_failed(), "close");
            survived++;
            continue;
        }
        cr_expect_eq(status, CUPEL_ERROR_IO, "operation %lld", (long long)n);
    }
    cr_expect_geq(n, 8);
    cr_expect_leq(survived, 2);
    fault_files_hamper(true);
    fault_files_arm(0, false, 0);
    cr_expect_eq(open_and_free(), CUPEL_OK);
    fault_files_remove();
    fault_memory_remove();
}

/* The file is shorter than when it was opened: the read finds its end, and nothing is mapped. */
static void shorten(void)
{
    cr_assert_eq(truncate("shrinking", 20), 0);
}

static int64_t shrink_at;
static cupel_file_table system_files;

static ssize_t read_and_shrink(int fd, void *to, size_t count)
{
    if (--shrink_at == 0) shorten();
    return system_files.read(fd, to, count < 8 ? count : 8);
}

Test(idx, a_file_that_shrinks_is_truncated)
{
    system_files = cupel_files;
    for (int64_t at = 1; at <= 3; at++) {
        const bytes images = five_images();
        save_bytes("shrinking", &images);
        shrink_at = at;
        cupel_files.read = read_and_shrink;
        expect_refused("shrinking", NULL, CUPEL_ERROR_FORMAT, "truncated");
        cupel_files = system_files;
    }
}

Test(idx, fashion_mnist)
{
    if (access(FASHION "t10k-images-idx3-ubyte.gz", R_OK) != 0) cr_skip("no Fashion-MNIST");
    cupel_dataset *data;
    cupel_shape shape;
    const cupel_status status = cupel_dataset_open_idx(
        FASHION "t10k-images-idx3-ubyte.gz", FASHION "t10k-labels-idx1-ubyte.gz", NULL, &data);
#if defined(CUPEL_WITH_ZLIB)
    cr_assert_eq(status, CUPEL_OK, "%s", cupel_last_error());
    cr_expect_eq(cupel_dataset_rows(data), 10000);
    cupel_dataset_x_shape(data, &shape);
    cr_expect_eq(shape.rank, 2);
    cr_expect_eq(shape.dims[0], 28);
    cr_expect_eq(shape.dims[1], 28);
    int64_t counts[10] = {0};
    for (int64_t i = 0; i < 10000; i++)
        counts[((const uint8_t *)data->y)[i]]++;
    for (int i = 0; i < 10; i++)
        cr_expect_eq(counts[i], 1000);
    cupel_dataset_free(data);
#else
    (void)shape;
    cr_expect_eq(status, CUPEL_ERROR_UNSUPPORTED);
#endif
}
