/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The IDX format of the MNIST files: two zero bytes, the element type, the rank, each dimension as
 * a big-endian 32-bit number, then the elements. Everything a header promises is held against what
 * the file can hold before memory is taken for it. */
#include "base/file.h"
#include "base/memory.h"
#include "base/status.h"
#include "data/dataset.h"
#include "data/unpack.h"

#include <inttypes.h>

#define TYPE_UNSIGNED_BYTE 0x08

typedef struct idx_file {
    char path[CUPEL_PATH_SHOWN]; /* for sentences */
    cupel_unpack *unpack;
    int64_t rank;
    int64_t dims[CUPEL_MAX_RANK];
    int64_t count; /* the product of the dimensions */
} idx_file;

static cupel_status read_header_bytes(idx_file *file, unsigned char *bytes, int64_t count)
{
    int64_t got = 0;
    CUPEL_TRY(cupel_unpack_read(file->unpack, bytes, count, &got));
    CUPEL_FAIL_IF(got < count, CUPEL_ERROR_FORMAT, "%s: the file ends within its IDX header",
                  file->path);
    return CUPEL_OK;
}

static cupel_status read_dims(idx_file *file)
{
    file->count = 1;
    for (int64_t i = 0; i < file->rank; i++) {
        unsigned char bytes[4];
        CUPEL_TRY(read_header_bytes(file, bytes, 4));
        const uint32_t dim = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
                             (uint32_t)bytes[2] << 8 | (uint32_t)bytes[3];
        CUPEL_FAIL_IF(dim == 0, CUPEL_ERROR_FORMAT,
                      "%s: dimension %" PRId64 " of %" PRId64 " is 0, expected at least 1",
                      file->path, i, file->rank);
        file->dims[i] = dim;
        CUPEL_FAIL_IF(!cupel_mul(file->count, file->dims[i], &file->count), CUPEL_ERROR_FORMAT,
                      "%s: the dimensions are more elements than 64 bits count", file->path);
    }
    return CUPEL_OK;
}

static cupel_status open_file(idx_file *file, const char *path)
{
    cupel_path_shown(path, file->path);
    CUPEL_TRY(cupel_unpack_open(path, &file->unpack));
    unsigned char magic[4];
    CUPEL_TRY(read_header_bytes(file, magic, 4));
    CUPEL_FAIL_IF(magic[0] != 0 || magic[1] != 0, CUPEL_ERROR_FORMAT,
                  "%s: is no IDX file: it begins with bytes 0x%02x 0x%02x, expected two zeros",
                  file->path, magic[0], magic[1]);
    CUPEL_FAIL_IF(magic[2] != TYPE_UNSIGNED_BYTE, CUPEL_ERROR_FORMAT,
                  "%s: holds elements of IDX type 0x%02x, expected 0x08, unsigned bytes", file->path,
                  magic[2]);
    CUPEL_FAIL_IF(magic[3] < 1 || magic[3] > CUPEL_MAX_RANK, CUPEL_ERROR_FORMAT,
                  "%s: has %d dimensions, expected 1 to %d", file->path, magic[3], CUPEL_MAX_RANK);
    file->rank = magic[3];
    CUPEL_TRY(read_dims(file));
    CUPEL_FAIL_IF(file->count > cupel_unpack_limit(file->unpack), CUPEL_ERROR_FORMAT,
                  "%s: the header promises %" PRId64 " bytes, more than the file can hold; is it "
                  "truncated?",
                  file->path, file->count);
    return CUPEL_OK;
}

static cupel_status read_elements(idx_file *file, void **elements)
{
    *elements = cupel_alloc_raw(file->count, 1);
    if (*elements == NULL) return CUPEL_ERROR_MEMORY;
    int64_t got = 0, beyond = 0;
    unsigned char extra;
    CUPEL_TRY(cupel_unpack_read(file->unpack, *elements, file->count, &got));
    CUPEL_FAIL_IF(got < file->count, CUPEL_ERROR_FORMAT,
                  "%s: the file is truncated: it holds %" PRId64 " of the %" PRId64
                  " bytes that its header promises",
                  file->path, got, file->count);
    CUPEL_TRY(cupel_unpack_read(file->unpack, &extra, 1, &beyond));
    CUPEL_FAIL_IF(beyond != 0, CUPEL_ERROR_FORMAT,
                  "%s: the file goes on after the %" PRId64 " bytes that its header promises",
                  file->path, file->count);
    return CUPEL_OK;
}

static cupel_status check_pair(const idx_file *images, const idx_file *labels)
{
    CUPEL_FAIL_IF(labels->rank != 1, CUPEL_ERROR_FORMAT,
                  "%s: has %" PRId64 " dimensions, expected 1: one label a row", labels->path,
                  labels->rank);
    CUPEL_FAIL_IF(labels->dims[0] != images->dims[0], CUPEL_ERROR_FORMAT,
                  "%s holds %" PRId64 " labels, but %s holds %" PRId64 " rows", labels->path,
                  labels->dims[0], images->path, images->dims[0]);
    return CUPEL_OK;
}

/* Both headers are checked before the elements of either are read. */
static cupel_status read_pair(cupel_dataset *dataset, const char *images_path,
                              const char *labels_path, idx_file *images, idx_file *labels)
{
    CUPEL_TRY(open_file(images, images_path));
    if (labels_path != NULL) {
        CUPEL_TRY(open_file(labels, labels_path));
        CUPEL_TRY(check_pair(images, labels));
    }
    dataset->rows = images->dims[0];
    dataset->x_type = CUPEL_UINT8;
    dataset->y_type = CUPEL_UINT8;
    /* A rank of 0 would mean that the shape is not known, so that one byte a row is (1). */
    dataset->x_shape.rank = images->rank > 1 ? images->rank - 1 : 1;
    for (int64_t i = 0; i < dataset->x_shape.rank; i++)
        dataset->x_shape.dims[i] = images->rank > 1 ? images->dims[i + 1] : 1;
    CUPEL_TRY(cupel_dataset_describe(dataset, images->path));
    CUPEL_TRY(read_elements(images, &dataset->owned_x));
    dataset->x = dataset->owned_x;
    if (labels_path == NULL) return CUPEL_OK;
    CUPEL_TRY(read_elements(labels, &dataset->owned_y));
    dataset->y = dataset->owned_y;
    dataset->has_y = true;
    return CUPEL_OK;
}

cupel_status cupel_dataset_open_idx(const char *images, const char *labels,
                                    const cupel_idx_config *config, cupel_dataset **dataset)
{
    CUPEL_REQUIRE(dataset);
    *dataset = NULL;
    CUPEL_REQUIRE(images);
    const double scale = config != NULL ? config->scale : 0;
    CUPEL_TRY(cupel_dataset_check_scale(scale, "cupel_idx_config"));
    cupel_dataset *made = NULL;
    CUPEL_TRY(cupel_dataset_make(&made));
    made->scale = scale;
    idx_file image_file = {0}, label_file = {0};
    const cupel_status status = read_pair(made, images, labels, &image_file, &label_file);
    cupel_unpack_close(image_file.unpack);
    cupel_unpack_close(label_file.unpack);
    if (status != CUPEL_OK) {
        cupel_dataset_release(made);
        return status;
    }
    *dataset = made;
    return CUPEL_OK;
}
