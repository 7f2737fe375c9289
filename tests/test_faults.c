/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Whole lives of models, from opening the device to plotting the history, while the N-th allocation
 * or the N-th file operation fails, once or from then on, for every N until nothing fails. The call
 * that meets the fault says MEMORY or IO, nothing is leaked or half-written, and the same call then
 * works: the life ends with the very numbers and files of one without a fault. */
#define _XOPEN_SOURCE 700
#include "base/file.h"
#include "fault.h"
#include "folder.h"

#include <criterion/criterion.h>
#include <cupel/cupel.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROWS 12
#define FEATURES 3
#define BATCH 4

typedef enum data_kind { ARRAYS, VIEW, SOURCE, IDX, CSV } data_kind;

/* A network, its training and where its data come from. */
typedef struct variant {
    const char *name;
    cupel_layer layers[6]; /* ends at kind 0 */
    cupel_compile_config config;
    data_kind data;
    double validation_split; /* 0: a data set of its own */
    bool class_weight;
} variant;

/* Whole numbers, so that every way of storing them gives the same. */
static unsigned char bytes[ROWS * FEATURES];
static float floats[ROWS * FEATURES];
static double doubles[ROWS * FEATURES];
static unsigned char byte_labels[ROWS];
static int32_t int_labels[ROWS];
static float float_labels[ROWS];
static double double_labels[ROWS];
static const float sample_weights[ROWS] = {1, 2, 1, 0, 1, 1, 3, 1, 1, 1, 0.5f, 1};
static const float class_weights[3] = {1, 0.5f, 2};

/* What there is while a model lives. */
typedef struct life {
    const variant *variant;
    cupel_device *device;
    cupel_model *model;
    cupel_model *copy;
    cupel_model *opened;
    int64_t layers;
    cupel_dataset *data;
    cupel_dataset *all; /* of a view */
    cupel_dataset *rest;
    cupel_dataset *validation;
    cupel_history *history;
    cupel_tensor *x;
    cupel_tensor *y;
    bool disturbed; /* a fit was broken off after its first step, so that the numbers differ */
    int64_t size;   /* of the record */
    unsigned char record[1 << 16];
} life;

static bool wide(const life *l)
{
    return l->variant->config.precision == CUPEL_PRECISION_FLOAT64;
}

static bool labelled(const life *l)
{
    return l->variant->config.loss == CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY;
}

/* A batch as the model takes it. */
static const void *batch_x(const life *l)
{
    return wide(l) ? (const void *)doubles : floats;
}

static const void *batch_y(const life *l)
{
    if (labelled(l)) return int_labels;
    return wide(l) ? (const void *)double_labels : float_labels;
}

/* Writes something down that a life without faults gives as well. */
static void note(life *l, const void *what, size_t count)
{
    cr_assert_leq((size_t)l->size + count, sizeof l->record);
    memcpy(l->record + l->size, what, count);
    l->size += (int64_t)count;
}

static cupel_status open_device(life *l)
{
    return cupel_device_open("auto", &l->device);
}

static cupel_status create_model(life *l)
{
    const cupel_model_config config = {.input_shape = CUPEL_SHAPE(FEATURES), .seed = 5};
    return cupel_model_create(l->device, &config, &l->model);
}

static cupel_status add_layers(life *l)
{
    for (; l->layers < 6 && l->variant->layers[l->layers].kind != 0; l->layers++) {
        const cupel_status status = cupel_model_add(l->model, l->variant->layers[l->layers]);
        if (status != CUPEL_OK) return status;
    }
    return CUPEL_OK;
}

static cupel_status compile(life *l)
{
    return cupel_model_compile(l->model, &l->variant->config);
}

static cupel_status fill(void *user, const int64_t *rows, int64_t count, void *x, void *y)
{
    (void)user;
    for (int64_t i = 0; i < count; i++) {
        memcpy((float *)x + i * FEATURES, floats + rows[i] * FEATURES, FEATURES * sizeof(float));
        ((float *)y)[i] = float_labels[rows[i]];
    }
    return CUPEL_OK;
}

static cupel_status open_arrays(life *l, cupel_dataset **data)
{
    const cupel_arrays arrays = {.x = bytes,
                                 .y = byte_labels,
                                 .rows = ROWS,
                                 .x_type = CUPEL_UINT8,
                                 .y_type = CUPEL_UINT8,
                                 .x_shape = CUPEL_SHAPE(FEATURES),
                                 .scale = 0.25,
                                 .sample_weight =
                                     l->variant->data == ARRAYS ? sample_weights : NULL};
    return cupel_dataset_from_arrays(&arrays, data);
}

static cupel_status open_data(life *l)
{
    const cupel_source source = {.fill = fill, .rows = ROWS};
    switch (l->variant->data) {
    case ARRAYS:
        return open_arrays(l, &l->data);
    case VIEW:
        if (l->all == NULL) {
            const cupel_status status = open_arrays(l, &l->all);
            if (status != CUPEL_OK) return status;
        }
        return cupel_dataset_split(l->all, 0.25, &l->data, &l->rest);
    case SOURCE:
        return cupel_dataset_from_source(&source, &l->data);
    case IDX:
        return cupel_dataset_open_idx("images", "labels", &(cupel_idx_config){.scale = 0.25},
                                      &l->data);
    case CSV:
        break;
    }
    return cupel_dataset_open_csv("table.csv", &(cupel_csv_config){.classify = true}, &l->data);
}

static cupel_status open_validation(life *l)
{
    return l->variant->validation_split > 0 ? CUPEL_OK : open_arrays(l, &l->validation);
}

static cupel_status train_batch(life *l)
{
    double loss;
    const cupel_status status =
        cupel_model_train_batch(l->model, batch_x(l), batch_y(l), BATCH, &loss);
    if (status == CUPEL_OK) note(l, &loss, sizeof loss);
    return status;
}

static cupel_status gradients(life *l)
{
    return cupel_model_gradients(l->model, batch_x(l), batch_y(l), BATCH + 1, NULL);
}

static cupel_status apply_gradients(life *l)
{
    return cupel_model_apply_gradients(l->model);
}

static cupel_status fit(life *l)
{
    const variant *v = l->variant;
    const cupel_fit_config config = {
        .epochs = 2,
        .batch_size = 5,
        .validation = l->validation,
        .validation_split = v->validation_split,
        .class_weight = v->class_weight ? class_weights : NULL,
        .classes = v->class_weight ? 3 : 0,
        .callbacks = {CUPEL_EARLY_STOPPING(.patience = 5, .restore_best = true),
                      CUPEL_TERMINATE_ON_NAN(), CUPEL_CSV_LOGGER("log.csv")}};
    const cupel_status status = cupel_model_fit(l->model, l->data, &config, &l->history);
    if (status == CUPEL_OK || l->history == NULL) return status;
    /* It has begun, so that it hands out its record. */
    l->disturbed = true;
    cr_expect_neq(cupel_history_reason(l->history)[0], 0);
    cupel_history_free(l->history);
    l->history = NULL;
    return status;
}

static cupel_status evaluate(life *l)
{
    double score[1 + CUPEL_MAX_METRICS];
    memset(score, 0, sizeof score);
    const cupel_status status = cupel_model_evaluate(l->model, l->data, 5, score);
    if (status == CUPEL_OK) note(l, score, sizeof score);
    return status;
}

static cupel_status predict(life *l)
{
    double out[3 * ROWS] = {0};
    const cupel_status status = cupel_model_predict(l->model, batch_x(l), ROWS, out);
    if (status == CUPEL_OK) note(l, out, sizeof out);
    return status;
}

static cupel_status predict_dataset(life *l)
{
    double out[3 * ROWS] = {0};
    const cupel_status status = cupel_model_predict_dataset(l->model, l->data, 5, out);
    if (status == CUPEL_OK) note(l, out, sizeof out);
    return status;
}

static cupel_status gradcheck(life *l)
{
    cupel_gradcheck_report report;
    const cupel_status status = cupel_model_gradcheck(l->model, batch_x(l), batch_y(l), 2, &report);
    if (status == CUPEL_OK) note(l, &report.checked, sizeof report.checked);
    return status;
}

static cupel_status make_tensors(life *l)
{
    if (l->x == NULL) {
        const cupel_status status = cupel_tensor_create(
            l->device, wide(l) ? CUPEL_FLOAT64 : CUPEL_FLOAT32, CUPEL_SHAPE(ROWS, FEATURES), &l->x);
        if (status != CUPEL_OK) return status;
    }
    return cupel_tensor_create(l->device, CUPEL_UINT8, CUPEL_SHAPE(ROWS, 1), &l->y);
}

static cupel_status train_tensors(life *l)
{
    double loss;
    cr_assert_eq(cupel_tensor_upload(l->x, batch_x(l)), CUPEL_OK);
    cr_assert_eq(cupel_tensor_upload(l->y, byte_labels), CUPEL_OK);
    const cupel_status status = cupel_model_train_tensors(l->model, l->x, l->y, &loss);
    if (status == CUPEL_OK) note(l, &loss, sizeof loss);
    return status;
}

static FILE *summaries;

static cupel_status summary(life *l)
{
    rewind(summaries);
    const cupel_status status = cupel_model_summary(l->model, 64, summaries);
    cr_expect_eq(ftell(summaries) > 0, status == CUPEL_OK);
    return status;
}

static cupel_status save(life *l)
{
    return cupel_model_save(l->model, "model");
}

/* A second model, not compiled, with the weights of the first. */
static cupel_status copy_weights(life *l)
{
    if (l->copy == NULL) {
        const cupel_model_config config = {.input_shape = CUPEL_SHAPE(FEATURES)};
        const cupel_status status = cupel_model_create(l->device, &config, &l->copy);
        if (status != CUPEL_OK) return status;
        l->layers = 0;
    }
    for (; l->layers < 6 && l->variant->layers[l->layers].kind != 0; l->layers++) {
        const cupel_status status = cupel_model_add(l->copy, l->variant->layers[l->layers]);
        if (status != CUPEL_OK) return status;
    }
    return cupel_model_copy_weights(l->copy, l->model);
}

#ifdef CUPEL_WITH_JANSSON
static cupel_status load(life *l)
{
    return cupel_model_load(l->model, "model");
}

static cupel_status open_model(life *l)
{
    return cupel_model_open(l->device, "model", &l->opened);
}

static cupel_status compile_opened(life *l)
{
    return cupel_model_compile(l->opened, &l->variant->config);
}
#endif

static cupel_status plot(life *l)
{
    return cupel_history_plot(l->history, "plot.svg");
}

static cupel_status (*const steps[])(life *l) = {
    open_device,
    create_model,
    add_layers,
    compile,
    open_data,
    open_validation,
    train_batch,
    gradients,
    apply_gradients,
    fit,
    evaluate,
    predict,
    predict_dataset,
    gradcheck,
    make_tensors,
    train_tensors,
    summary,
    save,
    copy_weights,
#ifdef CUPEL_WITH_JANSSON
    load,
    open_model,
    compile_opened,
#endif
    plot,
};

#define STEPS ((int)(sizeof steps / sizeof *steps))

static void note_weights(life *l, cupel_model *model)
{
    for (int64_t i = 0; i < cupel_model_parameter_count(model); i++) {
        double values[64] = {0};
        cr_assert_eq(cupel_parameter_read(model, i, CUPEL_VALUE, values), CUPEL_OK);
        note(l, values, sizeof values);
    }
}

/* The files that a life writes. */
static const char *const outputs[] = {"model", "plot.svg", "log.csv"};

#define OUTPUTS 3

static void note_files(life *l)
{
    for (int i = 0; i < OUTPUTS; i++) {
        size_t count;
        char *content = folder_read(outputs[i], &count);
        note(l, content, count);
        free(content);
    }
}

static void end(life *l)
{
    cupel_tensor_free(l->x);
    cupel_tensor_free(l->y);
    cupel_history_free(l->history);
    cupel_dataset_free(l->validation);
    cupel_dataset_free(l->rest);
    cupel_dataset_free(l->all);
    cupel_dataset_free(l->data);
    cupel_model_free(l->opened);
    cupel_model_free(l->copy);
    cupel_model_free(l->model);
    cupel_device_close(l->device);
}

/* How a fault is made. */
typedef struct fault {
    void (*arm)(int64_t at, bool persistent);
    int64_t (*disarm)(void);
    cupel_status code;
    bool persistent;
} fault;

/* The step met the fault: it says so and has left the files as they were. */
static void expect_failed(const fault *f, life *l, int step, cupel_status status, int64_t at)
{
    const char *text = cupel_last_error();
    cr_assert_eq(status, f->code, "%s, step %d, fault %d: %s", l->variant->name, step, (int)at,
                 text);
    cr_expect_gt(strlen(text), 10, "%s, step %d: \"%s\"", l->variant->name, step, text);
    if (steps[step] == save) folder_expect("model", "old", 3);
    if (steps[step] == plot) folder_expect("plot.svg", "old", 3);
}

/* A life with the at-th fault; 0 is one without. Returns how many faults there were. */
static int64_t live(const variant *v, const fault *f, int64_t at, life *l)
{
    memset(l, 0, sizeof *l);
    l->variant = v;
    for (int i = 0; i < OUTPUTS; i++)
        remove(outputs[i]);
    const int64_t entries = folder_entries() + OUTPUTS;
    cr_assert_eq(link("old", "model"), 0);
    cr_assert_eq(link("old", "plot.svg"), 0);
    f->arm(at, f->persistent);
    int64_t failed = 0;
    for (int i = 0; i < STEPS; i++) {
        const cupel_status status = steps[i](l);
        if (status == CUPEL_OK) continue;
        failed += f->disarm();
        cr_assert_gt(failed, 0, "%s, step %d: %s", v->name, i, cupel_last_error());
        expect_failed(f, l, i, status, at);
        cr_assert_eq(steps[i](l), CUPEL_OK, "%s, step %d, once more: %s", v->name, i,
                     cupel_last_error());
    }
    failed += f->disarm();
    note_weights(l, l->model);
    note_weights(l, l->copy);
    note_weights(l, l->opened);
    note_files(l);
    end(l);
    cr_assert_eq(folder_entries(), entries, "%s: a file is left", v->name);
    cr_assert_eq(fault_memory_blocks(), 0, "%s, fault %d: a block is lost", v->name, (int)at);
    cr_assert_eq(fault_files_descriptors(), 0, "%s, fault %d: a file is open", v->name, (int)at);
    return failed;
}

static life reference, tried;

/* Lives of a variant with every fault; returns how many lives had one. */
static int64_t live_through(const variant *v, const fault *f)
{
    cr_assert_eq(live(v, f, 0, &reference), 0);
    for (int64_t n = 1;; n++) {
        const int64_t failed = live(v, f, n, &tried);
        if (!tried.disturbed)
            cr_expect_eq(memcmp(tried.record, reference.record, sizeof tried.record), 0,
                         "%s: after fault %d the numbers differ", v->name, (int)n);
        if (failed == 0) return n - 1;
    }
}

static int64_t live_all(const fault *f, int64_t least)
{
    const variant variants[] = {
        {.name = "classifier",
         .layers = {CUPEL_FLATTEN(), CUPEL_DENSE(5, .activation = CUPEL_RELU, .kernel_l2 = 0.01),
                    CUPEL_DROPOUT(0.25), CUPEL_DENSE(4), CUPEL_ACTIVATION(CUPEL_GELU),
                    CUPEL_DENSE(3)},
         .config = {.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                    .from_logits = true,
                    .optimizer = CUPEL_ADAM(.global_clipnorm = 1, .schedule = CUPEL_COSINE(20)),
                    .metrics = {CUPEL_METRIC_ACCURACY}},
         .data = ARRAYS},
        {.name = "float64",
         .layers = {CUPEL_DENSE(6, .activation = CUPEL_TANH), CUPEL_RESHAPE(CUPEL_SHAPE(2, -1)),
                    CUPEL_DENSE(2), CUPEL_FLATTEN(), CUPEL_DENSE(3, .activation = CUPEL_SOFTMAX)},
         .config = {.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                    .optimizer = CUPEL_SGD(.momentum = 0.9, .nesterov = true),
                    .precision = CUPEL_PRECISION_FLOAT64},
         .data = IDX,
         .class_weight = true},
        {.name = "table",
         .layers = {CUPEL_DENSE(4, .activation = CUPEL_SILU), CUPEL_DENSE(3)},
         .config = {.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                    .from_logits = true,
                    .optimizer = CUPEL_ADAMW(.amsgrad = true, .clipnorm = 1),
                    .metrics = {CUPEL_METRIC_ACCURACY},
                    .flavour = CUPEL_TORCH},
         .data = CSV,
         .validation_split = 0.25},
        {.name = "line",
         .layers = {CUPEL_DENSE(1, .no_bias = true)},
         .config = {.loss = CUPEL_LOSS_MSE,
                    .optimizer = CUPEL_SGD(.clipvalue = 0.5),
                    .metrics = {CUPEL_METRIC_MAE, CUPEL_METRIC_MSE}},
         .data = SOURCE,
         .validation_split = 0.5},
        {.name = "binary",
         .layers = {CUPEL_DENSE(3, .activation = CUPEL_ELU), CUPEL_DROPOUT(0.5), CUPEL_DENSE(1)},
         .config = {.loss = CUPEL_LOSS_BINARY_CROSSENTROPY,
                    .from_logits = true,
                    .label_smoothing = 0.1,
                    .optimizer = CUPEL_ADAM(.weight_decay = 0.01),
                    .metrics = {CUPEL_METRIC_ACCURACY},
                    .precision = CUPEL_PRECISION_FLOAT64},
         .data = VIEW},
    };
    int64_t total = 0;
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
        const int64_t faults = live_through(&variants[i], f);
        cr_expect_geq(faults, least, "%s has %d faults", variants[i].name, (int)faults);
        total += faults;
    }
    return total;
}

/* Flushing takes longer than all the rest and says nothing here; many file systems flush also when
 * a file takes another one's place. */
static int no_sync(int fd)
{
    (void)fd;
    return 0;
}

static int quick_rename(const char *from, const char *to)
{
    remove(to);
    return rename(from, to);
}

static void write_inputs(void)
{
    static const char *const names[] = {"ant", "bee", "cat"};
    unsigned char images[12 + ROWS * FEATURES] = {0, 0, 8, 2, 0, 0, 0, ROWS, 0, 0, 0, FEATURES};
    unsigned char labels[8 + ROWS] = {0, 0, 8, 1, 0, 0, 0, ROWS};
    FILE *table = fopen("table.csv", "w");
    cr_assert_not_null(table);
    fprintf(table, "a,b,c,kind\n");
    for (int i = 0; i < ROWS; i++) {
        for (int k = 0; k < FEATURES; k++) {
            const int at = i * FEATURES + k;
            bytes[at] = (unsigned char)((7 * at + at * at) % 9);
            doubles[at] = floats[at] = bytes[at];
            fprintf(table, "%d,", bytes[at]);
        }
        byte_labels[i] = (unsigned char)(i % 3);
        int_labels[i] = i % 3;
        double_labels[i] = float_labels[i] = byte_labels[i];
        fprintf(table, "%s\n", names[i % 3]);
    }
    fclose(table);
    memcpy(images + 12, bytes, sizeof bytes);
    memcpy(labels + 8, byte_labels, sizeof byte_labels);
    folder_write("old", "old", 3);
    folder_write("images", images, sizeof images);
    folder_write("labels", labels, sizeof labels);
}

static void open_all(void)
{
    folder_enter();
    write_inputs();
    summaries = tmpfile();
    cr_assert_not_null(summaries);
    cupel_files.sync = no_sync;
    cupel_files.rename = quick_rename;
    fault_memory_install();
    fault_files_install();
}

static void close_all(void)
{
    fault_files_remove();
    fault_memory_remove();
    fclose(summaries);
    folder_leave();
}

TestSuite(faults, .init = open_all, .fini = close_all, .timeout = 100);

Test(faults, every_allocation_may_fail)
{
    fault f = {fault_memory_arm, fault_memory_disarm, CUPEL_ERROR_MEMORY, false};
    int64_t total = live_all(&f, 100);
    f.persistent = true;
    total += live_all(&f, 100);
    cr_expect_geq(total, 2000, "only %d faults", (int)total);
}

static int file_error;

static void arm_files(int64_t at, bool persistent)
{
    fault_files_arm(at, persistent, file_error);
}

Test(faults, every_file_operation_may_fail)
{
    static const int errors[] = {EIO, ENOSPC};
    int64_t total = 0;
    for (int i = 0; i < 4; i++) {
        const fault f = {arm_files, fault_files_disarm, CUPEL_ERROR_IO, i % 2 == 1};
        file_error = errors[i / 2];
        total += live_all(&f, 20);
    }
    cr_expect_geq(total, 400, "only %d faults", (int)total);
}
