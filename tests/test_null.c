/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every public function with NULL for each of its pointers: CUPEL_ERROR_ARGUMENT and a sentence
 * that names the function and the argument, or what the header says NULL means. Which functions
 * there are, and how many pointers each takes, is read from the headers. */
#define _XOPEN_SOURCE 700
#include "folder.h"
#include "tiny.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <cupel/cuda.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static const float xs[4] = {1, 2, -1, 0.5f};
static const float ys[4] = {0, 1, 1, 0};

static cupel_device *device;
static cupel_model *model;
static cupel_dataset *data;
static cupel_tensor *tensor;
static cupel_history *history;

static void open_all(void)
{
    folder_enter();
    device = tiny_device();
    model = tiny_line(device, 0.5f, (cupel_compile_config){0});
    data = tiny_data(xs, ys, 4);
    cr_assert_eq(cupel_tensor_create(device, CUPEL_FLOAT32, CUPEL_SHAPE(4, 1), &tensor), CUPEL_OK);
    cr_assert_eq(cupel_model_fit(model, data, NULL, &history), CUPEL_OK);
}

static void close_all(void)
{
    cupel_history_free(history);
    cupel_tensor_free(tensor);
    cupel_dataset_free(data);
    cupel_model_free(model);
    cupel_device_close(device);
    folder_leave();
}

TestSuite(null, .init = open_all, .fini = close_all);

static const char *current; /* the function whose turn it is */
static int tries;           /* calls with a NULL */

/* A call with NULL for one argument was refused. */
static void refused(cupel_status status, const char *argument)
{
    const char *text = cupel_last_error();
    tries++;
    cr_expect_eq(status, CUPEL_ERROR_ARGUMENT, "%s without %s: %d", current, argument, (int)status);
    cr_expect_not_null(strstr(text, current), "%s without %s: %s", current, argument, text);
    cr_expect_not_null(strstr(text, argument), "%s without %s: %s", current, argument, text);
    cr_expect_not_null(strstr(text, "NULL"), "%s without %s: %s", current, argument, text);
}

/* A call with a NULL that has a meaning did what the header says. */
static void allowed(bool right)
{
    tries++;
    cr_expect(right, "%s: %s", current, cupel_last_error());
}

/* A handle that a failing call must clear. */
#define STALE(type) ((type *)(void *)&tries)
/* The handle was cleared. */
static void cleared(const void *handle)
{
    cr_expect_null(handle, "%s leaves an out handle", current);
}

static void device_open(void)
{
    cupel_device *out = STALE(cupel_device);
    refused(cupel_device_open(NULL, &out), "name");
    cleared(out);
    refused(cupel_device_open("cpu", NULL), "device");
}

static void device_close(void)
{
    cupel_device_close(NULL);
    allowed(true);
}

static void device_name(void)
{
    allowed(strcmp(cupel_device_name(NULL), "") == 0);
}

static void device_count(void)
{
    int64_t count = 7;
    refused(cupel_device_count(NULL, &count), "kind");
    cr_expect_eq(count, 0);
    refused(cupel_device_count("cpu", NULL), "count");
}

static void device_set_threads(void)
{
    refused(cupel_device_set_threads(NULL, 1), "device");
}

static void model_set_stream(void)
{
    int stream = 0;
    refused(cupel_model_set_stream(NULL, &stream), "model");
    /* Without a stream it is the model's own, which the CPU device has not. */
    allowed(cupel_model_set_stream(model, NULL) == CUPEL_ERROR_UNSUPPORTED);
}

static void device_synchronize(void)
{
    refused(cupel_device_synchronize(NULL), "device");
}

static void model_create(void)
{
    const cupel_model_config config = {.input_shape = CUPEL_SHAPE(1)};
    cupel_model *out = STALE(cupel_model);
    refused(cupel_model_create(NULL, &config, &out), "device");
    cleared(out);
    out = STALE(cupel_model);
    refused(cupel_model_create(device, NULL, &out), "config");
    cleared(out);
    refused(cupel_model_create(device, &config, NULL), "model");
}

static void model_add(void)
{
    refused(cupel_model_add(NULL, CUPEL_DENSE(1)), "model");
}

static void model_compile(void)
{
    const cupel_compile_config config = {.loss = CUPEL_LOSS_NONE};
    refused(cupel_model_compile(NULL, &config), "model");
    refused(cupel_model_compile(model, NULL), "config");
}

static void model_train_batch(void)
{
    double loss;
    refused(cupel_model_train_batch(NULL, xs, ys, 4, &loss), "model");
    refused(cupel_model_train_batch(model, NULL, ys, 4, &loss), "x");
    refused(cupel_model_train_batch(model, xs, NULL, 4, &loss), "y");
    allowed(cupel_model_train_batch(model, xs, ys, 4, NULL) == CUPEL_OK);
}

static void model_gradients(void)
{
    double loss;
    refused(cupel_model_gradients(NULL, xs, ys, 4, &loss), "model");
    refused(cupel_model_gradients(model, NULL, ys, 4, &loss), "x");
    refused(cupel_model_gradients(model, xs, NULL, 4, &loss), "y");
    allowed(cupel_model_gradients(model, xs, ys, 4, NULL) == CUPEL_OK);
}

static void model_apply_gradients(void)
{
    refused(cupel_model_apply_gradients(NULL), "model");
}

static void model_predict(void)
{
    float out[4];
    refused(cupel_model_predict(NULL, xs, 4, out), "model");
    refused(cupel_model_predict(model, NULL, 4, out), "x");
    refused(cupel_model_predict(model, xs, 4, NULL), "out");
    allowed(cupel_model_predict(model, NULL, 0, NULL) == CUPEL_OK);
}

static void model_set_learning_rate(void)
{
    refused(cupel_model_set_learning_rate(NULL, 0.1), "model");
}

static void model_input_shape(void)
{
    cupel_shape shape = CUPEL_SHAPE(7);
    refused(cupel_model_input_shape(NULL, &shape), "model");
    refused(cupel_model_input_shape(model, NULL), "shape");
}

static void model_output_shape(void)
{
    cupel_shape shape = CUPEL_SHAPE(7);
    refused(cupel_model_output_shape(NULL, &shape), "model");
    refused(cupel_model_output_shape(model, NULL), "shape");
}

static void model_memory(void)
{
    cupel_memory memory;
    refused(cupel_model_memory(NULL, 4, &memory), "model");
    cr_expect_eq(memory.total, 0);
    refused(cupel_model_memory(model, 4, NULL), "memory");
}

static void model_summary(void)
{
    FILE *file = fopen("summary", "w");
    cr_assert_not_null(file);
    refused(cupel_model_summary(NULL, 4, file), "model");
    refused(cupel_model_summary(model, 4, NULL), "out");
    cr_expect_eq(ftell(file), 0);
    fclose(file);
}

static void model_parameter_count(void)
{
    allowed(cupel_model_parameter_count(NULL) == 0);
}

static void model_parameter(void)
{
    cupel_parameter parameter;
    refused(cupel_model_parameter(NULL, 0, &parameter), "model");
    cr_expect_null(parameter.name);
    refused(cupel_model_parameter(model, 0, NULL), "parameter");
}

static void parameter_read(void)
{
    float value;
    refused(cupel_parameter_read(NULL, 0, CUPEL_VALUE, &value), "model");
    refused(cupel_parameter_read(model, 0, CUPEL_VALUE, NULL), "values");
}

static void parameter_write(void)
{
    refused(cupel_parameter_write(NULL, 0, xs), "model");
    refused(cupel_parameter_write(model, 0, NULL), "values");
}

static void model_copy_weights(void)
{
    refused(cupel_model_copy_weights(NULL, model), "to");
    refused(cupel_model_copy_weights(model, NULL), "from");
}

static void model_gradcheck(void)
{
    cupel_gradcheck_report report;
    refused(cupel_model_gradcheck(NULL, xs, ys, 4, &report), "model");
    cr_expect_eq(report.checked, 0);
    refused(cupel_model_gradcheck(model, NULL, ys, 4, &report), "x");
    refused(cupel_model_gradcheck(model, xs, NULL, 4, &report), "y");
    refused(cupel_model_gradcheck(model, xs, ys, 4, NULL), "report");
}

static void model_save(void)
{
    refused(cupel_model_save(NULL, "model"), "model");
    refused(cupel_model_save(model, NULL), "path");
    cr_expect_eq(folder_entries(), 0);
}

static void model_load(void)
{
    refused(cupel_model_load(NULL, "model"), "model");
    refused(cupel_model_load(model, NULL), "path");
}

static void model_open(void)
{
    cupel_model *out = STALE(cupel_model);
    refused(cupel_model_open(NULL, "model", &out), "device");
    cleared(out);
    out = STALE(cupel_model);
    refused(cupel_model_open(device, NULL, &out), "path");
    cleared(out);
    refused(cupel_model_open(device, "model", NULL), "model");
}

static void request_stop(void)
{
    cupel_request_stop(NULL);
    allowed(true);
}

static void model_free(void)
{
    cupel_model_free(NULL);
    allowed(true);
}

static void dataset_from_arrays(void)
{
    const cupel_arrays arrays = {.x = xs, .y = ys, .rows = 4};
    cupel_dataset *out = STALE(cupel_dataset);
    refused(cupel_dataset_from_arrays(NULL, &out), "arrays");
    cleared(out);
    refused(cupel_dataset_from_arrays(&arrays, NULL), "dataset");
    out = STALE(cupel_dataset);
    refused(cupel_dataset_from_arrays(&(cupel_arrays){.y = ys, .rows = 4}, &out), "x");
    cleared(out);
}

static void dataset_open_idx(void)
{
    static const unsigned char images[] = {0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 1, 9};
    cupel_dataset *out = STALE(cupel_dataset);
    folder_write("images", images, sizeof images);
    refused(cupel_dataset_open_idx(NULL, "images", NULL, &out), "images");
    cleared(out);
    refused(cupel_dataset_open_idx("images", "images", NULL, NULL), "dataset");
    /* No labels, and no config. */
    allowed(cupel_dataset_open_idx("images", NULL, &(cupel_idx_config){0}, &out) == CUPEL_OK);
    cupel_dataset_free(out);
    allowed(cupel_dataset_open_idx("images", NULL, NULL, &out) == CUPEL_OK);
    cupel_dataset_free(out);
}

static void dataset_open_csv(void)
{
    cupel_dataset *out = STALE(cupel_dataset);
    folder_write("table", "a,b\n1,2\n", 8);
    refused(cupel_dataset_open_csv(NULL, NULL, &out), "path");
    cleared(out);
    refused(cupel_dataset_open_csv("table", NULL, NULL), "dataset");
    allowed(cupel_dataset_open_csv("table", NULL, &out) == CUPEL_OK);
    cupel_dataset_free(out);
}

static void dataset_classes(void)
{
    allowed(cupel_dataset_classes(NULL) == 0);
}

static void dataset_class_name(void)
{
    const char *name = current;
    refused(cupel_dataset_class_name(NULL, 0, &name), "dataset");
    cleared(name);
    refused(cupel_dataset_class_name(data, 0, NULL), "name");
}

static cupel_status never(void *user, const int64_t *rows, int64_t count, void *x, void *y)
{
    (void)user, (void)rows, (void)count, (void)x, (void)y;
    return CUPEL_ERROR_STATE;
}

static void dataset_from_source(void)
{
    const cupel_source source = {.fill = never, .rows = 4};
    cupel_dataset *out = STALE(cupel_dataset);
    refused(cupel_dataset_from_source(NULL, &out), "source");
    cleared(out);
    refused(cupel_dataset_from_source(&source, NULL), "dataset");
    out = STALE(cupel_dataset);
    refused(cupel_dataset_from_source(&(cupel_source){.rows = 4}, &out), "fill");
    cleared(out);
}

static void dataset_split(void)
{
    cupel_dataset *first = STALE(cupel_dataset);
    cupel_dataset *last = STALE(cupel_dataset);
    refused(cupel_dataset_split(NULL, 0.5, &first, &last), "all");
    cleared(first);
    cleared(last);
    last = STALE(cupel_dataset);
    refused(cupel_dataset_split(data, 0.5, NULL, &last), "first");
    first = STALE(cupel_dataset);
    refused(cupel_dataset_split(data, 0.5, &first, NULL), "last");
    cleared(first);
}

static void dataset_rows(void)
{
    allowed(cupel_dataset_rows(NULL) == 0);
}

static void dataset_x_shape(void)
{
    cupel_shape shape;
    refused(cupel_dataset_x_shape(NULL, &shape), "dataset");
    refused(cupel_dataset_x_shape(data, NULL), "shape");
}

static void dataset_y_shape(void)
{
    cupel_shape shape;
    refused(cupel_dataset_y_shape(NULL, &shape), "dataset");
    refused(cupel_dataset_y_shape(data, NULL), "shape");
}

static void dataset_free(void)
{
    cupel_dataset_free(NULL);
    allowed(true);
}

static void tensor_create(void)
{
    cupel_tensor *out = STALE(cupel_tensor);
    refused(cupel_tensor_create(NULL, CUPEL_FLOAT32, CUPEL_SHAPE(1), &out), "device");
    cleared(out);
    refused(cupel_tensor_create(device, CUPEL_FLOAT32, CUPEL_SHAPE(1), NULL), "tensor");
}

static void tensor_wrap(void)
{
    float value = 0;
    cupel_tensor *out = STALE(cupel_tensor);
    refused(cupel_tensor_wrap(NULL, CUPEL_FLOAT32, CUPEL_SHAPE(1), &value, &out), "device");
    cleared(out);
    out = STALE(cupel_tensor);
    refused(cupel_tensor_wrap(device, CUPEL_FLOAT32, CUPEL_SHAPE(1), NULL, &out), "pointer");
    cleared(out);
    refused(cupel_tensor_wrap(device, CUPEL_FLOAT32, CUPEL_SHAPE(1), &value, NULL), "tensor");
}

static void tensor_upload(void)
{
    refused(cupel_tensor_upload(NULL, xs), "tensor");
    refused(cupel_tensor_upload(tensor, NULL), "values");
}

static void tensor_download(void)
{
    float values[4];
    refused(cupel_tensor_download(NULL, values), "tensor");
    refused(cupel_tensor_download(tensor, NULL), "values");
}

static void tensor_data(void)
{
    allowed(cupel_tensor_data(NULL) == NULL);
}

static void tensor_free(void)
{
    cupel_tensor_free(NULL);
    allowed(true);
}

static void model_train_tensors(void)
{
    double loss;
    refused(cupel_model_train_tensors(NULL, tensor, tensor, &loss), "model");
    refused(cupel_model_train_tensors(model, NULL, tensor, &loss), "x");
    refused(cupel_model_train_tensors(model, tensor, NULL, &loss), "y");
    allowed(cupel_model_train_tensors(model, tensor, tensor, NULL) == CUPEL_OK);
}

static void model_fit(void)
{
    const cupel_fit_config config = {.epochs = 1};
    cupel_history *out = STALE(cupel_history);
    refused(cupel_model_fit(NULL, data, &config, &out), "model");
    cleared(out);
    out = STALE(cupel_history);
    refused(cupel_model_fit(model, NULL, &config, &out), "data");
    cleared(out);
    allowed(cupel_model_fit(model, data, NULL, NULL) == CUPEL_OK);
    allowed(cupel_model_fit(model, data, &config, NULL) == CUPEL_OK);
}

static void model_evaluate(void)
{
    double score;
    refused(cupel_model_evaluate(NULL, data, 0, &score), "model");
    refused(cupel_model_evaluate(model, NULL, 0, &score), "data");
    refused(cupel_model_evaluate(model, data, 0, NULL), "score");
}

static void model_predict_dataset(void)
{
    float out[4];
    refused(cupel_model_predict_dataset(NULL, data, 0, out), "model");
    refused(cupel_model_predict_dataset(model, NULL, 0, out), "data");
    refused(cupel_model_predict_dataset(model, data, 0, NULL), "out");
}

static void history_epochs(void)
{
    allowed(cupel_history_epochs(NULL) == 0);
}

static void history_series(void)
{
    const double *values = STALE(double);
    refused(cupel_history_series(NULL, "loss", &values), "history");
    cleared(values);
    values = STALE(double);
    refused(cupel_history_series(history, NULL, &values), "name");
    cleared(values);
    refused(cupel_history_series(history, "loss", NULL), "values");
}

static void history_reason(void)
{
    allowed(strcmp(cupel_history_reason(NULL), "") == 0);
}

static void history_plot(void)
{
    refused(cupel_history_plot(NULL, "plot.svg"), "history");
    refused(cupel_history_plot(history, NULL), "path");
    cr_expect_eq(folder_entries(), 0);
}

static void history_free(void)
{
    cupel_history_free(NULL);
    allowed(true);
}

static void status_name(void)
{
    cr_expect_not_null(cupel_status_name(CUPEL_OK));
}

static void last_error(void)
{
    cr_expect_not_null(cupel_last_error());
}

static void version(void)
{
    cr_expect_not_null(cupel_version());
}

/* NULL is the C library's, so that its refusal here is for the open handles alone. */
static void set_allocator(void)
{
    allowed(cupel_set_allocator(NULL) == CUPEL_ERROR_STATE);
}

static void set_log(void)
{
    cupel_set_log(NULL, NULL);
    allowed(true);
    cupel_set_log(NULL, &tries);
    allowed(true);
    cr_expect_eq(cupel_model_predict(model, NULL, 1, NULL), CUPEL_ERROR_ARGUMENT);
}

static const struct {
    const char *name;
    void (*test)(void);
} functions[] = {
#define FUNCTION(name)       \
    {                        \
        "cupel_" #name, name \
    }
    FUNCTION(dataset_class_name),
    FUNCTION(dataset_classes),
    FUNCTION(dataset_free),
    FUNCTION(dataset_from_arrays),
    FUNCTION(dataset_from_source),
    FUNCTION(dataset_open_csv),
    FUNCTION(dataset_open_idx),
    FUNCTION(dataset_rows),
    FUNCTION(dataset_split),
    FUNCTION(dataset_x_shape),
    FUNCTION(dataset_y_shape),
    FUNCTION(device_close),
    FUNCTION(device_count),
    FUNCTION(device_name),
    FUNCTION(device_open),
    FUNCTION(device_set_threads),
    FUNCTION(device_synchronize),
    FUNCTION(history_epochs),
    FUNCTION(history_free),
    FUNCTION(history_plot),
    FUNCTION(history_reason),
    FUNCTION(history_series),
    FUNCTION(last_error),
    FUNCTION(model_add),
    FUNCTION(model_apply_gradients),
    FUNCTION(model_compile),
    FUNCTION(model_copy_weights),
    FUNCTION(model_create),
    FUNCTION(model_evaluate),
    FUNCTION(model_fit),
    FUNCTION(model_free),
    FUNCTION(model_gradcheck),
    FUNCTION(model_gradients),
    FUNCTION(model_input_shape),
    FUNCTION(model_load),
    FUNCTION(model_memory),
    FUNCTION(model_open),
    FUNCTION(model_output_shape),
    FUNCTION(model_parameter),
    FUNCTION(model_parameter_count),
    FUNCTION(model_predict),
    FUNCTION(model_predict_dataset),
    FUNCTION(model_save),
    FUNCTION(model_set_learning_rate),
    FUNCTION(model_set_stream),
    FUNCTION(model_summary),
    FUNCTION(model_train_batch),
    FUNCTION(model_train_tensors),
    FUNCTION(parameter_read),
    FUNCTION(parameter_write),
    FUNCTION(request_stop),
    FUNCTION(set_allocator),
    FUNCTION(set_log),
    FUNCTION(status_name),
    FUNCTION(tensor_create),
    FUNCTION(tensor_data),
    FUNCTION(tensor_download),
    FUNCTION(tensor_free),
    FUNCTION(tensor_upload),
    FUNCTION(tensor_wrap),
    FUNCTION(version),
};

#define FUNCTIONS ((int)(sizeof functions / sizeof *functions))

/* Runs a function's test and removes the files that it made; returns the calls with a NULL. */
static int run(int index)
{
    current = functions[index].name;
    tries = 0;
    functions[index].test();
    remove("summary");
    remove("images");
    remove("table");
    return tries;
}

static bool has_star(const char *from, const char *to)
{
    return memchr(from, '*', (size_t)(to - from)) != NULL;
}

/* The pointers among the parameters that begin behind the parenthesis at open; *end is its partner.
 */
static int count_pointers(const char *open, const char **end)
{
    int depth = 1;
    int pointers = 0;
    const char *begin = open + 1;
    for (const char *c = begin;; c++) {
        cr_assert_neq(*c, '\0', "a parenthesis is not closed");
        if (*c == '(') depth++;
        if (*c == ')') depth--;
        if (depth > 1 || (depth == 1 && *c != ',')) continue;
        if (has_star(begin, c)) pointers++;
        begin = c + 1;
        if (depth == 1) continue;
        *end = c;
        return pointers;
    }
}

/* Runs the tests of the functions of one header; counts them in found. */
static void test_header(const char *path, int found[FUNCTIONS])
{
    size_t count;
    char *text = folder_read(path, &count);
    const char *at = strstr(text, "\nCUPEL_API ");
    for (; at != NULL; at = strstr(at, "\nCUPEL_API ")) {
        const char *open = strchr(at, '(');
        cr_assert_not_null(open);
        const char *name = open;
        while (isalnum((unsigned char)name[-1]) || name[-1] == '_')
            name--;
        int index = 0;
        while (index < FUNCTIONS && (strlen(functions[index].name) != (size_t)(open - name) ||
                                     strncmp(functions[index].name, name, (size_t)(open - name))))
            index++;
        cr_assert_lt(index, FUNCTIONS, "%s: %.*s has no test here", path, (int)(open - name), name);
        found[index]++;
        const int pointers = count_pointers(open, &at);
        const int tried = run(index);
        cr_expect_geq(tried, pointers, "%s: %d calls with NULL for %d pointers",
                      functions[index].name, tried, pointers);
    }
    free(text);
}

Test(null, in_every_function_of_the_headers)
{
    static const char folder[] = CUPEL_SOURCE_DIR "/include/cupel";
    int found[FUNCTIONS] = {0};
    DIR *headers = opendir(folder);
    cr_assert_not_null(headers);
    for (struct dirent *entry = readdir(headers); entry != NULL; entry = readdir(headers)) {
        const size_t length = strlen(entry->d_name);
        if (length < 3 || strcmp(entry->d_name + length - 2, ".h") != 0) continue;
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        test_header(path, found);
    }
    closedir(headers);
    for (int i = 0; i < FUNCTIONS; i++)
        cr_expect_eq(found[i], 1, "%s is declared %d times", functions[i].name, found[i]);
}
