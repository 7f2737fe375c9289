/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The life of a data set, what it says about itself, and views. A view names its root: a view of a
 * view is one step away from the rows like any other. */
#include "data/dataset.h"

#include "base/memory.h"
#include "base/number.h"
#include "base/shape.h"

#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>

cupel_status cupel_dataset_make(cupel_dataset **dataset)
{
    *dataset = NULL;
    cupel_dataset *made = cupel_alloc(1, sizeof *made);
    if (made == NULL) return CUPEL_ERROR_MEMORY;
    if (pthread_mutex_init(&made->source_lock, NULL) != 0) {
        cupel_free(made);
        return cupel_fail(CUPEL_ERROR_MEMORY, "no memory for the lock of a data set");
    }
    atomic_init(&made->users, 1);
    made->scale = 1;
    cupel_handle_opened();
    *dataset = made;
    return CUPEL_OK;
}

/* Counting users is no change that a reader of the data could see, so that a const handle will do;
 * every data set was made by cupel_dataset_make and is no const object. */
static cupel_dataset *counted(const cupel_dataset *dataset)
{
    return (cupel_dataset *)dataset;
}

void cupel_dataset_retain(const cupel_dataset *dataset)
{
    atomic_fetch_add_explicit(&counted(dataset)->users, 1, memory_order_relaxed);
}

void cupel_dataset_release(const cupel_dataset *dataset)
{
    if (dataset == NULL) return;
    cupel_dataset *gone = counted(dataset);
    /* What other users did to the memory has happened before the last one frees it. */
    if (atomic_fetch_sub_explicit(&gone->users, 1, memory_order_acq_rel) > 1) return;
    cupel_dataset_release(gone->parent);
    cupel_free(gone->owned_x);
    cupel_free(gone->owned_y);
    cupel_free(gone->class_names);
    pthread_mutex_destroy(&gone->source_lock);
    cupel_free(gone);
    cupel_handle_closed();
}

void cupel_dataset_free(cupel_dataset *dataset)
{
    cupel_dataset_release(dataset);
}

cupel_status cupel_dataset_check_scale(double scale, const char *who)
{
    char text[CUPEL_NUMBER_TEXT];
    CUPEL_FAIL_IF(!isfinite(scale) || scale < 0, CUPEL_ERROR_ARGUMENT,
                  "%s: scale is %s, expected a finite number above 0, or 0 for 1", who,
                  cupel_format_double(scale, 9, text));
    return CUPEL_OK;
}

/* Whether rows of count elements of a type can be addressed at all. */
static bool fits_memory(int64_t rows, const cupel_shape *shape, cupel_type type)
{
    int64_t size = 0;
    return cupel_mul(rows, cupel_shape_count(shape), &size) &&
           cupel_mul(size, cupel_type_size(type), &size) && (uint64_t)size <= PTRDIFF_MAX;
}

cupel_status cupel_dataset_describe(cupel_dataset *dataset, const char *who)
{
    CUPEL_FAIL_IF(dataset->rows < 1, CUPEL_ERROR_ARGUMENT,
                  "%s: rows is %" PRId64 ", expected at least 1", who, dataset->rows);
    CUPEL_TRY(cupel_shape_check(&dataset->x_shape, "x_shape"));
    CUPEL_TRY(cupel_shape_check(&dataset->y_shape, "y_shape"));
    const cupel_type x = dataset->x_type, y = dataset->y_type;
    CUPEL_FAIL_IF(x != CUPEL_FLOAT32 && x != CUPEL_FLOAT64 && x != CUPEL_UINT8,
                  CUPEL_ERROR_ARGUMENT, "%s: x_type is %s, expected float32, float64 or uint8", who,
                  cupel_type_name(x));
    CUPEL_FAIL_IF(y == CUPEL_BFLOAT16 || cupel_type_size(y) == 0, CUPEL_ERROR_ARGUMENT,
                  "%s: y_type is %s, expected float32, float64, uint8, int32 or int64", who,
                  cupel_type_name(y));
    CUPEL_FAIL_IF(!fits_memory(dataset->rows, &dataset->x_shape, x) ||
                      !fits_memory(dataset->rows, &dataset->y_shape, y),
                  CUPEL_ERROR_ARGUMENT, "%s: %" PRId64 " rows are more than memory can hold", who,
                  dataset->rows);
    CUPEL_TRY(cupel_dataset_check_scale(dataset->scale, who));
    if (dataset->scale == 0) dataset->scale = 1;
    return CUPEL_OK;
}

int64_t cupel_dataset_y_count(const cupel_dataset *dataset)
{
    return cupel_shape_count(&dataset->y_shape);
}

bool cupel_dataset_weighted(const cupel_dataset *dataset)
{
    const cupel_dataset *root = dataset->parent != NULL ? dataset->parent : dataset;
    return root->weights != NULL;
}

int64_t cupel_dataset_rows(const cupel_dataset *dataset)
{
    return dataset != NULL ? dataset->rows : 0;
}

cupel_status cupel_dataset_x_shape(const cupel_dataset *dataset, cupel_shape *shape)
{
    CUPEL_REQUIRE(dataset);
    CUPEL_REQUIRE(shape);
    *shape = dataset->x_shape;
    return CUPEL_OK;
}

cupel_status cupel_dataset_y_shape(const cupel_dataset *dataset, cupel_shape *shape)
{
    CUPEL_REQUIRE(dataset);
    CUPEL_REQUIRE(shape);
    *shape = dataset->y_shape;
    return CUPEL_OK;
}

int64_t cupel_dataset_classes(const cupel_dataset *dataset)
{
    return dataset != NULL ? dataset->classes : 0;
}

cupel_status cupel_dataset_class_name(const cupel_dataset *dataset, int64_t index,
                                      const char **name)
{
    CUPEL_REQUIRE(name);
    *name = NULL;
    CUPEL_REQUIRE(dataset);
    CUPEL_FAIL_IF(dataset->classes == 0, CUPEL_ERROR_STATE,
                  "cupel_dataset_class_name: the data set names no classes; only a CSV file read "
                  "with .classify does");
    CUPEL_FAIL_IF(index < 0 || index >= dataset->classes, CUPEL_ERROR_ARGUMENT,
                  "cupel_dataset_class_name: the index is %" PRId64 ", expected 0 to %" PRId64,
                  index, dataset->classes - 1);
    const cupel_dataset *root = dataset->parent != NULL ? dataset->parent : dataset;
    *name = root->class_names[index];
    return CUPEL_OK;
}

/* A view of rows [first, first + rows) of a root. */
static cupel_status make_view(cupel_dataset *root, int64_t first, int64_t rows,
                              cupel_dataset **view)
{
    CUPEL_TRY(cupel_dataset_make(view));
    cupel_dataset *made = *view;
    made->rows = rows;
    made->x_shape = root->x_shape;
    made->y_shape = root->y_shape;
    made->x_type = root->x_type;
    made->y_type = root->y_type;
    made->has_y = root->has_y;
    made->scale = root->scale;
    made->allow_nan = root->allow_nan;
    made->classes = root->classes;
    made->first = first;
    cupel_dataset_retain(root);
    made->parent = root;
    return CUPEL_OK;
}

/* A fraction that was written as a float, 0.2f, is a little off the decimal that was meant; floor
 * would then put the cut one row away from where 0.2 puts it. A float has about seven digits. */
static double meant_fraction(double fraction)
{
    if ((double)(float)fraction != fraction) return fraction;
    const double decimal = round(fraction * 1e7) / 1e7;
    return decimal > 0 && decimal < 1 ? decimal : fraction;
}

cupel_status cupel_dataset_split(cupel_dataset *all, double fraction, cupel_dataset **first,
                                 cupel_dataset **last)
{
    if (first != NULL) *first = NULL;
    if (last != NULL) *last = NULL;
    CUPEL_REQUIRE(all);
    CUPEL_REQUIRE(first);
    CUPEL_REQUIRE(last);
    char text[CUPEL_NUMBER_TEXT];
    CUPEL_FAIL_IF(!(fraction > 0 && fraction < 1), CUPEL_ERROR_ARGUMENT,
                  "cupel_dataset_split: fraction is %s, expected a number between 0 and 1",
                  cupel_format_double(fraction, 9, text));
    const int64_t cut = (int64_t)floor((double)all->rows * (1 - meant_fraction(fraction)));
    CUPEL_FAIL_IF(cut < 1 || cut >= all->rows, CUPEL_ERROR_ARGUMENT,
                  "cupel_dataset_split: fraction %s of %" PRId64 " rows leaves %s view empty",
                  cupel_format_double(fraction, 9, text), all->rows,
                  cut < 1 ? "the first" : "the last");
    cupel_dataset *root = all->parent != NULL ? all->parent : all;
    CUPEL_TRY(make_view(root, all->first, cut, first));
    const cupel_status status = make_view(root, all->first + cut, all->rows - cut, last);
    if (status != CUPEL_OK) {
        cupel_dataset_release(*first);
        *first = NULL;
    }
    return status;
}
