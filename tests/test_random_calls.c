/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Thousands of short random programs, the same in every run: valid and invalid calls in any order
 * on small handles, some of them while memory is short. A shadow of every handle, kept by the rules
 * of the headers alone, says whether a call must succeed or must fail; what a call writes has
 * exactly the size that its shapes give; nothing is leaked. */
#include "base/file.h"
#include "fault.h"
#include "folder.h"
#include "random_model.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAMS 8000
#define CALLS 40
#define MOST_ROWS 12
#define MOST_ELEMENTS 256 /* of a sample anywhere in a model */
#define ROOM (MOST_ROWS * MOST_ELEMENTS)

/* Samples and targets of every type: numbers of [-1, 1], and 0 or 1; and one of each that is bad.
 */
static float x_floats[ROOM], bad_floats[ROOM], y_floats[ROOM];
static double x_doubles[ROOM], bad_doubles[ROOM], y_doubles[ROOM];
static uint8_t x_bytes[ROOM], y_bytes[ROOM];
static int32_t y_ints[ROOM], bad_ints[ROOM];
static int64_t y_longs[ROOM];

typedef struct shadow_model {
    cupel_model *handle;
    cupel_shape input;
    cupel_shape output;
    int64_t layers;
    int64_t tensors;
    bool huge;       /* it has more weights than there is memory */
    bool drawn;      /* maybe: its weights exist */
    cupel_loss loss; /* NONE: not compiled for training */
    int64_t metrics;
    bool wide;
} shadow_model;

typedef struct shadow_data {
    cupel_dataset *handle;
    int64_t rows;
    cupel_shape x_shape;
    cupel_shape y_shape;
    cupel_type y_type;
    bool has_y;
    bool bad_x;
    bool bad_y;
} shadow_data;

typedef struct shadow_tensor {
    cupel_tensor *handle;
    cupel_type type;
    cupel_shape shape;
} shadow_tensor;

#define HANDLES 2

static struct {
    rng r;
    int program;
    const char *call;
    bool short_of_memory; /* some calls of this program meet a failing allocation */
    int64_t accepted;
    int64_t refused;
    cupel_device *device;
    shadow_model models[HANDLES];
    shadow_data data[HANDLES];
    shadow_tensor tensors[HANDLES];
    cupel_history *history;
    int64_t epochs;
} w;

static bool chance(int64_t one_in)
{
    return rng_below(&w.r, one_in) == 0;
}

static int64_t pick(const int64_t *numbers, int64_t count)
{
    return numbers[rng_below(&w.r, count)];
}

/* A number that is seldom right. */
static int64_t odd_number(void)
{
    static const int64_t numbers[] = {-1, 0, INT64_MIN, INT64_MAX, -7, INT64_MAX / 2};
    return pick(numbers, 6);
}

static int64_t elements(const cupel_shape *shape)
{
    int64_t count = 1;
    for (int64_t i = 0; i < shape->rank; i++)
        count *= shape->dims[i];
    return count;
}

static int64_t last(const cupel_shape *shape)
{
    return shape->rank == 0 ? 1 : shape->dims[shape->rank - 1];
}

static bool same(const cupel_shape *a, const cupel_shape *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* Whether a call must succeed, must fail or may do either. */
typedef enum verdict { MUST_FAIL, MUST_WORK, MAY } verdict;

static verdict must(bool work)
{
    return work ? MUST_WORK : MUST_FAIL;
}

/* Names the next call and makes memory short for it, in some programs. */
static void begin(const char *call)
{
    w.call = call;
    if (w.short_of_memory && chance(3))
        fault_memory_arm(1 + rng_below(&w.r, 12), chance(2));
    else
        fault_memory_arm(0, false);
}

/* The verdict on the call's status; true if it is CUPEL_OK. */
static bool judge(cupel_status status, verdict expected)
{
    const bool failed = fault_memory_disarm() > 0;
    const char *text = cupel_last_error();
    if (status == CUPEL_OK) {
        cr_assert_neq(expected, MUST_FAIL, "program %d: %s is accepted", w.program, w.call);
        w.accepted++;
        return true;
    }
    cr_assert(status >= CUPEL_ERROR_ARGUMENT && status <= CUPEL_ERROR_STOPPED &&
                  status != CUPEL_ERROR_CUDA && status != CUPEL_ERROR_DEVICE_LOST &&
                  status != CUPEL_ERROR_DEVICE_MEMORY,
              "program %d: %s gives %d", w.program, w.call, (int)status);
    cr_assert_gt(strlen(text), 8, "program %d: %s: \"%s\"", w.program, w.call, text);
    cr_assert(expected != MUST_WORK || (failed && status == CUPEL_ERROR_MEMORY),
              "program %d: %s is refused: %s: %s", w.program, w.call, cupel_status_name(status),
              text);
    w.refused++;
    return false;
}

/* A place for results that shows how much was written. */
static unsigned char results[ROOM * sizeof(double) + 64];

static void *clean_results(void)
{
    memset(results, 0xab, sizeof results);
    return results;
}

/* Exactly so many bytes were written, all of them. */
static void expect_written(int64_t bytes)
{
    static unsigned char clean[sizeof results];
    memset(clean, 0xab, sizeof clean);
    cr_assert_eq(memcmp(results + bytes, clean, sizeof clean - (size_t)bytes), 0,
                 "program %d: %s writes beyond its %d bytes", w.program, w.call, (int)bytes);
    cr_assert(bytes < 4 || memcmp(results + bytes - 4, clean, 4) != 0,
              "program %d: %s writes less than its %d bytes", w.program, w.call, (int)bytes);
}

static shadow_model *any_model(void)
{
    return &w.models[rng_below(&w.r, HANDLES)];
}

static shadow_data *any_data(void)
{
    return &w.data[rng_below(&w.r, HANDLES)];
}

static cupel_shape random_shape(void)
{
    cupel_shape shape = {.rank = 1 + rng_below(&w.r, 3)};
    for (int64_t i = 0; i < shape.rank; i++)
        shape.dims[i] = 1 + rng_below(&w.r, 4);
    return shape;
}

static cupel_shape odd_shape(void)
{
    cupel_shape shape = random_shape();
    switch (rng_below(&w.r, 4)) {
    case 0:
        shape.rank = chance(2) ? -1 : CUPEL_MAX_RANK + 1 + rng_below(&w.r, 3);
        break;
    case 1:
        shape.dims[rng_below(&w.r, shape.rank)] = -rng_below(&w.r, 3);
        break;
    case 2:
        shape.dims[shape.rank] = 1;
        break;
    default:
        shape = CUPEL_SHAPE(INT64_C(1) << 40, INT64_C(1) << 40);
        break;
    }
    return shape;
}

static void create_model(void)
{
    shadow_model *m = any_model();
    const bool odd = chance(8);
    const cupel_model_config config = {.input_shape = odd ? odd_shape() : random_shape(),
                                       .seed = rng_next(&w.r)};
    cupel_model *made = m->handle;
    begin("cupel_model_create");
    const bool works = judge(cupel_model_create(w.device, &config, &made), must(!odd));
    cr_assert_eq(made != NULL, works);
    if (!works) return;
    cupel_model_free(m->handle);
    *m = (shadow_model){.handle = made, .input = config.input_shape, .output = config.input_shape};
}

/* A layer that fits behind a shape, with the shape behind it; false for one that does not fit. */
static bool random_layer(cupel_layer *layer, cupel_shape *shape)
{
    const cupel_activation activation = (cupel_activation)rng_below(&w.r, CUPEL_SOFTPLUS + 1);
    const int64_t count = elements(shape);
    switch (rng_below(&w.r, 6)) {
    case 0:
        *layer = CUPEL_ACTIVATION(activation);
        return true;
    case 1:
        *layer = CUPEL_FLATTEN();
        *shape = CUPEL_SHAPE(count);
        return true;
    case 2:
        *layer = CUPEL_DROPOUT(rng_uniform(&w.r, 0, 1));
        return true;
    case 3: {
        const int64_t rows = 1 + rng_below(&w.r, 4);
        *layer = CUPEL_RESHAPE(CUPEL_SHAPE(rows, -1));
        if (count % rows != 0) return false;
        *shape = CUPEL_SHAPE(rows, count / rows);
        return true;
    }
    default:
        *layer = CUPEL_DENSE(1 + rng_below(&w.r, 8), .activation = activation, .no_bias = chance(3),
                             .kernel_l2 = chance(3) ? 0.01 : 0,
                             .kernel_initializer = (cupel_initializer)rng_below(&w.r, 9));
        shape->dims[shape->rank - 1] = layer->units;
        return true;
    }
}

/* Makes a layer wrong in one field. */
static void spoil(cupel_layer *layer)
{
    switch (rng_below(&w.r, 5)) {
    case 0:
        layer->kind = (cupel_layer_kind)odd_number();
        break;
    case 1:
        layer->rate = layer->kind == CUPEL_LAYER_DROPOUT ? NAN : 0.5;
        break;
    case 2:
        layer->activation = (cupel_activation)(CUPEL_SOFTPLUS + 1 + rng_below(&w.r, 9));
        break;
    case 3:
        layer->units = layer->kind == CUPEL_LAYER_DENSE ? -rng_below(&w.r, 9) : 3;
        break;
    default:
        if (layer->kind == CUPEL_LAYER_RESHAPE)
            layer->shape.dims[0] = -2; /* -1 has a meaning */
        else
            layer->shape.rank = 1;
        break;
    }
}

static void add_layer(void)
{
    shadow_model *m = any_model();
    cupel_layer layer;
    cupel_shape shape = m->output;
    if (m->handle == NULL) return;
    bool right = random_layer(&layer, &shape);
    if (right && !m->huge && elements(&shape) > MOST_ELEMENTS) return;
    const bool huge = chance(20);
    if (huge) {
        layer = CUPEL_DENSE(INT64_C(1) << 40);
        shape = m->output;
        shape.dims[shape.rank - 1] = layer.units;
        right = elements(&m->output) < 1 << 20;
    } else if (chance(6)) {
        spoil(&layer);
        right = false;
    }
    verdict expected = must(right);
    if (right && (m->drawn || m->huge)) expected = MAY;
    begin("cupel_model_add");
    if (judge(cupel_model_add(m->handle, layer), expected)) {
        m->output = shape;
        m->huge = m->huge || huge;
        m->layers++;
        if (layer.kind == CUPEL_LAYER_DENSE) m->tensors += layer.no_bias ? 1 : 2;
    }
    cupel_shape found;
    cr_assert_eq(cupel_model_output_shape(m->handle, &found), CUPEL_OK);
    cr_assert(same(&found, &m->output), "program %d: the output's shape", w.program);
    cr_assert_eq(cupel_model_input_shape(m->handle, &found), CUPEL_OK);
    cr_assert(same(&found, &m->input), "program %d: the input's shape", w.program);
    cr_assert_eq(cupel_model_parameter_count(m->handle), m->tensors);
}

static cupel_optimizer random_optimizer(void)
{
    switch (rng_below(&w.r, 3)) {
    case 0:
        return CUPEL_SGD(.momentum = chance(2) ? 0.9 : 0, .clipvalue = chance(2) ? 1 : 0);
    case 1:
        return CUPEL_ADAM(.amsgrad = chance(2), .schedule = CUPEL_COSINE(9, .warmup_steps = 3));
    default:
        return CUPEL_ADAMW(.global_clipnorm = 1);
    }
}

/* A config that suits the model, or false. */
static bool random_compile(const shadow_model *m, cupel_compile_config *config)
{
    static const cupel_loss losses[] = {CUPEL_LOSS_MSE, CUPEL_LOSS_BINARY_CROSSENTROPY,
                                        CUPEL_LOSS_CATEGORICAL_CROSSENTROPY,
                                        CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY};
    const int64_t kind = rng_below(&w.r, 4);
    *config = (cupel_compile_config){.precision = chance(3) ? CUPEL_PRECISION_FLOAT64
                                                            : CUPEL_PRECISION_FLOAT32,
                                     .flavour = chance(2) ? CUPEL_TORCH : CUPEL_KERAS};
    if (chance(8)) return true;
    config->loss = losses[kind];
    config->optimizer = random_optimizer();
    config->from_logits = kind > 0 && chance(2);
    if (chance(2)) config->metrics[0] = CUPEL_METRIC_ACCURACY;
    bool suits = m->tensors > 0 && (kind < 2 || last(&m->output) >= 2);
    switch (rng_below(&w.r, 16)) {
    case 0:
        config->optimizer.kind = (cupel_optimizer_kind)2;
        return false;
    case 1:
        config->optimizer.learning_rate = NAN;
        return false;
    case 2:
        config->metrics[0] = (cupel_metric)99;
        return false;
    case 3:
        config->precision = (cupel_precision)7;
        return false;
    case 4:
        config->loss = CUPEL_LOSS_NONE;
        return false;
    default:
        return suits;
    }
}

static void compile(void)
{
    shadow_model *m = any_model();
    cupel_compile_config config;
    if (m->handle == NULL) return;
    const bool suits = random_compile(m, &config) && m->layers > 0 && !m->huge;
    begin("cupel_model_compile");
    if (!judge(cupel_model_compile(m->handle, &config), must(suits))) return;
    m->drawn = true;
    m->loss = config.loss;
    m->wide = config.precision == CUPEL_PRECISION_FLOAT64;
    m->metrics = config.metrics[0] != CUPEL_METRIC_NONE ? 1 : 0;
}

static int64_t random_rows(void)
{
    return chance(8) ? odd_number() : 1 + rng_below(&w.r, MOST_ROWS);
}

static void train(void)
{
    shadow_model *m = any_model();
    if (m->handle == NULL) return;
    const bool labels = m->loss == CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY;
    const bool bad_x = chance(10);
    const bool bad_y = labels && chance(10);
    const void *x = m->wide ? (const void *)x_doubles : x_floats;
    const void *y = m->wide ? (const void *)y_doubles : y_floats;
    if (bad_x) x = m->wide ? (const void *)bad_doubles : bad_floats;
    if (labels) y = bad_y ? bad_ints : y_ints;
    const int64_t rows = random_rows();
    const bool trains = m->loss != CUPEL_LOSS_NONE;
    const verdict expected = must(trains && rows > 0 && rows <= MOST_ROWS && !bad_x && !bad_y);
    double *loss = clean_results();
    const int way = (int)rng_below(&w.r, 4);
    cupel_gradcheck_report report;
    bool works;
    switch (way) {
    case 0:
        begin("cupel_model_train_batch");
        works = judge(cupel_model_train_batch(m->handle, x, y, rows, loss), expected);
        break;
    case 1:
        begin("cupel_model_gradients");
        works = judge(cupel_model_gradients(m->handle, x, y, rows, loss), expected);
        break;
    case 2:
        begin("cupel_model_train_batch without a loss");
        judge(cupel_model_train_batch(m->handle, x, y, rows, NULL), expected);
        works = false;
        break;
    default:
        if (!chance(4)) return;
        begin("cupel_model_gradcheck");
        judge(cupel_model_gradcheck(m->handle, x, y, rows > 2 && rows < 99 ? 2 : rows, &report),
              expected);
        works = false;
        break;
    }
    expect_written(works ? (int64_t)sizeof *loss : 0);
}

static void update(void)
{
    shadow_model *m = any_model();
    if (m->handle == NULL) return;
    const bool trains = m->loss != CUPEL_LOSS_NONE;
    if (chance(2)) {
        begin("cupel_model_apply_gradients");
        judge(cupel_model_apply_gradients(m->handle), trains ? MAY : MUST_FAIL);
        return;
    }
    const double rate = chance(4) ? -2 : rng_uniform(&w.r, 0, 0.1);
    begin("cupel_model_set_learning_rate");
    judge(cupel_model_set_learning_rate(m->handle, rate), must(trains && rate >= 0));
}

static void predict(void)
{
    shadow_model *m = any_model();
    if (m->handle == NULL) return;
    const bool bad = chance(10);
    const void *x = m->wide ? (const void *)x_doubles : x_floats;
    if (bad) x = m->wide ? (const void *)bad_doubles : bad_floats;
    const int64_t rows = random_rows();
    const int64_t size = m->wide ? 8 : 4;
    const bool right = m->layers > 0 && !m->huge && !bad && rows > 0 && rows <= MOST_ROWS;
    void *out = clean_results();
    begin("cupel_model_predict");
    const bool works =
        judge(cupel_model_predict(m->handle, x, rows, out), must(right || rows == 0));
    m->drawn = true;
    if (works) expect_written(rows * elements(&m->output) * size);
}

static void use_parameters(void)
{
    shadow_model *m = any_model();
    if (m->handle == NULL) return;
    const int64_t index = chance(8) ? odd_number() : rng_below(&w.r, 4);
    const bool there = index >= 0 && index < m->tensors;
    const cupel_slot slot = (cupel_slot)(chance(2) ? 0 : rng_below(&w.r, 5));
    cupel_parameter parameter;
    begin("cupel_model_parameter");
    if (!judge(cupel_model_parameter(m->handle, index, &parameter), must(there))) return;
    cr_assert_eq(elements(&parameter.shape), parameter.count);
    if (m->huge) return;
    void *values = clean_results();
    m->drawn = true;
    begin("cupel_parameter_read");
    const verdict expected = slot == CUPEL_VALUE ? MUST_WORK : MAY;
    if (judge(cupel_parameter_read(m->handle, index, slot, values), expected)) {
        /* Gradients and moments may be 0, but not what lay there before. */
        expect_written(parameter.count * (m->wide ? 8 : 4));
    }
    begin("cupel_parameter_write");
    judge(cupel_parameter_write(m->handle, index,
                                m->wide ? (const void *)x_doubles : (const void *)x_floats),
          MUST_WORK);
}

static void report_model(void)
{
    shadow_model *m = any_model();
    cupel_memory memory;
    if (m->handle == NULL) return;
    const int64_t batch = chance(4) ? odd_number() : 1 + rng_below(&w.r, 1000);
    const bool right = m->layers > 0 && batch > 0;
    verdict expected = must(right);
    if (right && (m->huge || batch > 1000)) expected = MAY;
    begin("cupel_model_memory");
    if (!judge(cupel_model_memory(m->handle, batch, &memory), expected)) return;
    cr_assert_eq(memory.weights + memory.gradients + memory.moments + memory.activations +
                     memory.input + memory.workspace,
                 memory.total);
    cr_assert(memory.weights >= 0 && memory.gradients >= 0 && memory.moments >= 0 &&
              memory.activations >= 0 && memory.input >= 0 && memory.workspace >= 0);
}

/* Whether two models have the same tensors. */
static bool alike(const shadow_model *a, const shadow_model *b)
{
    if (a->tensors != b->tensors) return false;
    for (int64_t i = 0; i < a->tensors; i++) {
        cupel_parameter p;
        cupel_parameter q;
        cr_assert_eq(cupel_model_parameter(a->handle, i, &p), CUPEL_OK);
        cr_assert_eq(cupel_model_parameter(b->handle, i, &q), CUPEL_OK);
        if (strcmp(p.name, q.name) != 0 || !same(&p.shape, &q.shape)) return false;
    }
    return true;
}

static void copy_weights(void)
{
    shadow_model *to = &w.models[0];
    shadow_model *from = &w.models[1];
    if (to->handle == NULL || from->handle == NULL) return;
    const bool same_tensors = alike(to, from);
    verdict expected = must(same_tensors && !to->huge);
    if (to->layers == 0 || from->layers == 0) expected = MAY;
    begin("cupel_model_copy_weights");
    judge(cupel_model_copy_weights(to->handle, from->handle), expected);
    to->drawn = to->drawn || same_tensors;
    from->drawn = from->drawn || same_tensors;
}

static void use_files(void)
{
    shadow_model *m = any_model();
    if (m->handle == NULL || !chance(4)) return;
    begin("cupel_model_save");
    m->drawn = true;
    if (!judge(cupel_model_save(m->handle, "model"), must(m->layers > 0 && !m->huge))) return;
    shadow_model *other = any_model();
    if (other->handle == NULL) return;
    other->drawn = true;
    begin("cupel_model_load");
    const bool loads =
        alike(m, other) && other->layers > 0 && (m->wide == other->wide || m->tensors == 0);
    judge(cupel_model_load(other->handle, "model"), loads ? MAY : MUST_FAIL);
    cupel_model *made = m->handle;
    begin("cupel_model_open");
    const bool works = judge(cupel_model_open(w.device, "model", &made), MAY);
    cr_assert_eq(made != NULL, works);
    if (!works) return;
    shadow_model opened = *m;
    opened.handle = made;
    cupel_shape shape;
    cr_assert_eq(cupel_model_output_shape(made, &shape), CUPEL_OK);
    cr_assert(same(&shape, &m->output) && alike(&opened, m), "program %d: another model",
              w.program);
    cupel_model_free(made);
}

static void make_data(void)
{
    static const cupel_type types[] = {CUPEL_FLOAT32, CUPEL_FLOAT64, CUPEL_UINT8};
    static const void *const good_x[] = {x_floats, x_doubles, x_bytes};
    shadow_data *d = any_data();
    const int64_t kind = rng_below(&w.r, 3);
    shadow_data made = {.rows = 1 + rng_below(&w.r, MOST_ROWS), .has_y = !chance(10)};
    cupel_arrays arrays = {.x = good_x[kind], .x_type = types[kind], .rows = made.rows, .y = NULL};
    made.bad_x = kind < 2 && chance(10);
    if (made.bad_x) arrays.x = kind == 0 ? (const void *)bad_floats : bad_doubles;
    const shadow_model *m = any_model();
    /* Often made for a model, often not. */
    if (chance(2)) arrays.x_shape = m->handle != NULL && !chance(4) ? m->input : random_shape();
    if (m->loss == CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY && !chance(4)) {
        made.bad_y = chance(10);
        arrays.y_type = CUPEL_INT32;
        arrays.y = made.bad_y ? bad_ints : y_ints;
        if (m->output.rank > 1) {
            arrays.y_shape = m->output;
            arrays.y_shape.dims[--arrays.y_shape.rank] = 0;
        }
    } else {
        static const cupel_type y_types[] = {CUPEL_FLOAT32, CUPEL_FLOAT64, CUPEL_UINT8,
                                             CUPEL_INT64};
        static const void *const y[] = {y_floats, y_doubles, y_bytes, y_longs};
        const int64_t y_kind = rng_below(&w.r, 4);
        arrays.y_type = y_types[y_kind];
        arrays.y = y[y_kind];
        if (m->handle != NULL && !m->huge && !chance(4)) arrays.y_shape = m->output;
    }
    if (!made.has_y) arrays.y = NULL;
    made.x_shape = arrays.x_shape;
    made.y_shape = arrays.y_shape;
    made.y_type = arrays.y_type;
    bool right = true;
    if (chance(8)) {
        right = false;
        switch (rng_below(&w.r, 4)) {
        case 0:
            arrays.rows = chance(2) ? INT64_MIN : 0;
            break;
        case 1:
            arrays.x_shape = odd_shape();
            break;
        case 2:
            arrays.x_type = CUPEL_BFLOAT16;
            break;
        default:
            arrays.scale = NAN;
            break;
        }
    }
    made.handle = d->handle;
    begin("cupel_dataset_from_arrays");
    const bool works = judge(cupel_dataset_from_arrays(&arrays, &made.handle), must(right));
    cr_assert_eq(made.handle != NULL, works);
    if (!works) return;
    cupel_dataset_free(d->handle);
    *d = made;
}

static void split_data(void)
{
    shadow_data *d = &w.data[0];
    if (d->handle == NULL) return;
    const double fraction = chance(4) ? 1.5 : rng_uniform(&w.r, 0, 1);
    const int64_t first_rows = (int64_t)floor((double)d->rows * (1 - fraction));
    cupel_dataset *first = d->handle;
    cupel_dataset *rest = d->handle;
    begin("cupel_dataset_split");
    const bool works = judge(cupel_dataset_split(d->handle, fraction, &first, &rest),
                             must(fraction < 1 && first_rows > 0 && first_rows < d->rows));
    cr_assert((first != NULL) == works && (rest != NULL) == works);
    if (!works) return;
    cr_assert_eq(cupel_dataset_rows(first), first_rows);
    cr_assert_eq(cupel_dataset_rows(rest), d->rows - first_rows);
    /* The views take the places of both data sets; what is bad stands in the first row. */
    cupel_dataset_free(w.data[0].handle);
    cupel_dataset_free(w.data[1].handle);
    w.data[1] = w.data[0];
    w.data[0].handle = first;
    w.data[0].rows = first_rows;
    w.data[1].handle = rest;
    w.data[1].rows = d[1].rows - first_rows;
    w.data[1].bad_x = w.data[1].bad_y = false;
}

/* Whether a data set's samples, and its targets where they count, have what the model takes. */
static bool matches(const shadow_model *m, const shadow_data *d, bool targets)
{
    if (d->x_shape.rank > 0 && !same(&d->x_shape, &m->input)) return false;
    if (!targets) return true;
    if (!d->has_y || m->loss == CUPEL_LOSS_NONE) return false;
    const bool whole = d->y_type == CUPEL_INT32 || d->y_type == CUPEL_INT64;
    if (m->loss == CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY)
        return (whole || d->y_type == CUPEL_UINT8) &&
               elements(&d->y_shape) == elements(&m->output) / last(&m->output);
    return same(&d->y_shape, &m->output) || (d->y_shape.rank == 0 && elements(&m->output) == 1);
}

/* And whether they are good. */
static bool fits(const shadow_model *m, const shadow_data *d, bool targets)
{
    const bool labels = m->loss == CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY;
    return matches(m, d, targets) && !d->bad_x && !(targets && labels && d->bad_y);
}

static void evaluate(void)
{
    shadow_model *m = any_model();
    shadow_data *d = any_data();
    if (m->handle == NULL || d->handle == NULL) return;
    const int64_t batch = chance(8) ? odd_number() : rng_below(&w.r, 9);
    double *score = clean_results();
    begin("cupel_model_evaluate");
    const bool works = judge(cupel_model_evaluate(m->handle, d->handle, batch, score),
                             must(batch >= 0 && !m->huge && fits(m, d, true)));
    expect_written(works ? (1 + m->metrics) * (int64_t)sizeof *score : 0);
}

static void predict_data(void)
{
    shadow_model *m = any_model();
    shadow_data *d = any_data();
    if (m->handle == NULL || d->handle == NULL) return;
    const int64_t batch = chance(8) ? odd_number() : rng_below(&w.r, 9);
    void *out = clean_results();
    begin("cupel_model_predict_dataset");
    m->drawn = true;
    if (judge(cupel_model_predict_dataset(m->handle, d->handle, batch, out),
              must(batch >= 0 && m->layers > 0 && !m->huge && fits(m, d, false))))
        expect_written(d->rows * elements(&m->output) * (m->wide ? 8 : 4));
}

static void fit(void)
{
    shadow_model *m = any_model();
    shadow_data *d = any_data();
    shadow_data *v = any_data();
    if (m->handle == NULL || d->handle == NULL || !chance(2)) return;
    cupel_fit_config config = {.epochs = rng_below(&w.r, 4),
                               .batch_size = rng_below(&w.r, 6),
                               .steps_per_execution = rng_below(&w.r, 3),
                               .no_shuffle = chance(2),
                               .callbacks = {CUPEL_TERMINATE_ON_NAN()}};
    bool right = !m->huge && fits(m, d, true);
    /* A loss that is no number ends the fit well before it comes to a bad sample. */
    bool maybe = !m->huge && matches(m, d, true);
    if (chance(3) && v->handle != NULL) {
        config.validation = v->handle;
        right = right && fits(m, v, true);
        maybe = maybe && matches(m, v, true);
        if (chance(2)) config.callbacks[1] = CUPEL_EARLY_STOPPING(.restore_best = true);
    }
    if (chance(4)) {
        right = maybe = false;
        switch (rng_below(&w.r, 4)) {
        case 0:
            config.epochs = -1 - rng_below(&w.r, 3);
            break;
        case 1:
            config.batch_size = INT64_MIN;
            break;
        case 2:
            config.callbacks[0].kind = (cupel_callback_kind)77;
            break;
        default:
            config.classes = 3;
            break;
        }
    }
    cupel_history *history = w.history;
    begin("cupel_model_fit");
    const bool works = judge(cupel_model_fit(m->handle, d->handle, &config, &history),
                             maybe && !right ? MAY : must(right));
    cr_assert(!works || history != NULL);
    if (history == NULL) return;
    cupel_history_free(w.history);
    w.history = history;
    w.epochs = cupel_history_epochs(history);
    cr_assert_leq(w.epochs, config.epochs > 0 ? config.epochs : 1);
}

static void use_history(void)
{
    static const char *const names[] = {"loss", "learning_rate", "val_loss", "accuracy", "", "%s"};
    const double *values = x_doubles;
    if (w.history == NULL) return;
    const int64_t name = rng_below(&w.r, 6);
    verdict expected = MAY;
    if (name < 2) expected = MUST_WORK;
    if (name > 3) expected = MUST_FAIL;
    begin("cupel_history_series");
    const bool works = judge(cupel_history_series(w.history, names[name], &values), expected);
    cr_assert_eq(values != NULL, works);
    if (works && w.epochs > 0) memcpy(clean_results(), values, (size_t)w.epochs * sizeof *values);
    if (!chance(8)) return;
    begin("cupel_history_plot");
    judge(cupel_history_plot(w.history, "plot.svg"), MUST_WORK);
}

static void make_tensor(void)
{
    shadow_tensor *t = &w.tensors[rng_below(&w.r, HANDLES)];
    const shadow_model *m = any_model();
    const bool odd = chance(6);
    shadow_tensor made = {.type = (cupel_type)rng_below(&w.r, 6), .shape = random_shape()};
    if (m->handle != NULL && !m->huge && m->output.rank < 4 && !chance(3)) {
        const bool x = t == &w.tensors[0];
        const cupel_shape sample = x ? m->input : m->output;
        made.shape = (cupel_shape){.rank = 1 + sample.rank, .dims = {4}};
        memcpy(made.shape.dims + 1, sample.dims, (size_t)sample.rank * sizeof *sample.dims);
        made.type = CUPEL_FLOAT32;
    }
    if (odd) {
        if (chance(2))
            made.shape = odd_shape();
        else
            made.type = (cupel_type)(6 + rng_below(&w.r, 9));
    }
    made.handle = t->handle;
    begin("cupel_tensor_create");
    const bool works =
        judge(cupel_tensor_create(w.device, made.type, made.shape, &made.handle), must(!odd));
    cr_assert_eq(made.handle != NULL, works);
    if (!works) return;
    cupel_tensor_free(t->handle);
    *t = made;
}

static void train_tensors(void)
{
    shadow_model *m = any_model();
    const shadow_tensor *x = &w.tensors[0];
    const shadow_tensor *y = &w.tensors[1];
    if (m->handle == NULL || x->handle == NULL || y->handle == NULL) return;
    const bool sized = x->shape.dims[0] == y->shape.dims[0] &&
                       elements(&x->shape) == x->shape.dims[0] * elements(&m->input);
    double *loss = clean_results();
    begin("cupel_model_train_tensors");
    const bool works = judge(cupel_model_train_tensors(m->handle, x->handle, y->handle, loss),
                             sized && !m->huge && m->loss != CUPEL_LOSS_NONE ? MAY : MUST_FAIL);
    expect_written(works ? (int64_t)sizeof *loss : 0);
    begin("cupel_tensor_upload");
    judge(cupel_tensor_upload(x->handle, x_floats), MUST_WORK);
}

static void free_something(void)
{
    if (!chance(4)) return;
    switch (rng_below(&w.r, 5)) {
    case 0: {
        shadow_model *m = any_model();
        cupel_model_free(m->handle);
        *m = (shadow_model){0};
        break;
    }
    case 1: {
        shadow_data *d = any_data();
        cupel_dataset_free(d->handle);
        *d = (shadow_data){0};
        break;
    }
    case 2: {
        shadow_tensor *t = &w.tensors[rng_below(&w.r, HANDLES)];
        cupel_tensor_free(t->handle);
        *t = (shadow_tensor){0};
        break;
    }
    case 3:
        cupel_history_free(w.history);
        w.history = NULL;
        break;
    default:
        begin("cupel_device_set_threads");
        judge(cupel_device_set_threads(w.device, rng_below(&w.r, 4)), MUST_WORK);
        break;
    }
}

/* What comes first makes what the others need, so it comes more often. */
static void (*const calls[])(void) = {
    create_model, add_layer,     add_layer,     add_layer,  compile,  compile,      make_data,
    make_data,    train,         train,         update,     predict,  predict_data, use_parameters,
    report_model, copy_weights,  use_files,     split_data, evaluate, fit,          use_history,
    make_tensor,  train_tensors, free_something};

static void fill_buffers(void)
{
    rng r = {99};
    for (int i = 0; i < ROOM; i++) {
        x_doubles[i] = bad_doubles[i] = rng_uniform(&r, -1, 1);
        x_floats[i] = bad_floats[i] = (float)x_doubles[i];
        x_bytes[i] = (uint8_t)rng_below(&r, 256);
        y_bytes[i] = (uint8_t)rng_below(&r, 2);
        y_ints[i] = bad_ints[i] = y_bytes[i];
        y_longs[i] = y_bytes[i];
        y_doubles[i] = y_floats[i] = y_bytes[i];
    }
    bad_floats[0] = NAN;
    bad_doubles[0] = INFINITY;
    bad_ints[0] = 1 << 20;
}

/* The first calls of every program, so that the later ones find something. */
static void (*const first_calls[])(void) = {create_model, add_layer, add_layer, compile, make_data};

static void run_program(int program)
{
    const int64_t first = (int64_t)(sizeof first_calls / sizeof *first_calls);
    const int64_t all = (int64_t)(sizeof calls / sizeof *calls);
    memset(&w, 0, sizeof w);
    w.r.state = (uint64_t)program;
    w.program = program;
    w.short_of_memory = program % 4 == 3;
    cr_assert_eq(cupel_device_open("cpu", &w.device), CUPEL_OK);
    for (int64_t i = 0; i < CALLS; i++) {
        if (i < first)
            first_calls[i]();
        else
            calls[rng_below(&w.r, all)]();
    }
    for (int i = 0; i < HANDLES; i++) {
        cupel_model_free(w.models[i].handle);
        cupel_dataset_free(w.data[i].handle);
        cupel_tensor_free(w.tensors[i].handle);
    }
    cupel_history_free(w.history);
    cupel_device_close(w.device);
    cr_assert_eq(fault_memory_blocks(), 0, "program %d leaves %d blocks", program,
                 (int)fault_memory_blocks());
}

static int no_sync(int fd)
{
    (void)fd;
    return 0;
}

static void open_all(void)
{
    folder_enter();
    fill_buffers();
    cupel_files.sync = no_sync;
    fault_memory_install();
    fault_memory_limit(1 << 24);
}

static void close_all(void)
{
    fault_memory_remove();
    folder_leave();
}

TestSuite(random_calls, .init = open_all, .fini = close_all, .timeout = 100);

Test(random_calls, do_no_harm)
{
    int64_t accepted = 0;
    int64_t refused = 0;
    for (int program = 0; program < PROGRAMS; program++) {
        run_program(program);
        accepted += w.accepted;
        refused += w.refused;
    }
    cr_expect_gt(accepted, 10 * PROGRAMS / 2, "%d calls are accepted", (int)accepted);
    cr_expect_gt(refused, 3 * PROGRAMS, "%d calls are refused", (int)refused);
}
