/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a program may rely on: one call at a time on a model, handles that live as long as they are
 * used, an allocator of its own, and nothing left behind. (Callbacks and stops are in
 * test_fit_events.c and test_fit_stop.c.) */
#define _XOPEN_SOURCE 700
#include "fault.h"
#include "folder.h"
#include "tiny.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROWS 8

static const float xs[ROWS] = {1, 2, -1, 0.5f, 3, 0, -2, 1};
static const float ys[ROWS] = {0, 1, 1, 0, 1, 0, 1, 1};

TestSuite(usage, .init = folder_enter, .fini = folder_leave, .timeout = 60);

/* A source that waits in its first call until it may go on. */
typedef struct gate {
    sem_t reached;
    sem_t open;
    bool passed;
} gate;

static cupel_status fill(void *user, const int64_t *rows, int64_t count, void *x, void *y)
{
    gate *g = user;
    if (g != NULL && !g->passed) {
        g->passed = true;
        sem_post(&g->reached);
        sem_wait(&g->open);
    }
    for (int64_t i = 0; i < count; i++) {
        ((float *)x)[i] = xs[rows[i] % ROWS];
        ((float *)y)[i] = ys[rows[i] % ROWS];
    }
    return CUPEL_OK;
}

static cupel_dataset *made_data(gate *g, int64_t rows)
{
    cupel_dataset *data;
    const cupel_source source = {.fill = fill, .user = g, .rows = rows};
    cr_assert_eq(cupel_dataset_from_source(&source, &data), CUPEL_OK);
    return data;
}

/* A call in a second thread. */
typedef struct visit {
    cupel_model *model;
    cupel_dataset *data;
    cupel_status status;
} visit;

static void *evaluate(void *user)
{
    visit *v = user;
    double score;
    v->status = cupel_model_evaluate(v->model, v->data, 4, &score);
    return NULL;
}

static void *fit(void *user)
{
    visit *v = user;
    v->status = cupel_model_fit(v->model, v->data, &(cupel_fit_config){.batch_size = 4}, NULL);
    return NULL;
}

/* Every call that uses the model is refused while another one is running. */
static void expect_busy(cupel_model *model, cupel_model *idle, cupel_tensor *tensor)
{
    cupel_dataset *data = tiny_data(xs, ys, ROWS);
    double numbers[ROWS];
    cupel_memory memory;
    cupel_gradcheck_report report;
    FILE *file = tmpfile();
    cr_assert_not_null(file);
    const cupel_compile_config inference = {.loss = CUPEL_LOSS_NONE};
    const cupel_status all[] = {
        cupel_model_add(model, CUPEL_DENSE(1)),
        cupel_model_compile(model, &inference),
        cupel_model_train_batch(model, xs, ys, ROWS, NULL),
        cupel_model_gradients(model, xs, ys, ROWS, NULL),
        cupel_model_apply_gradients(model),
        cupel_model_train_tensors(model, tensor, tensor, NULL),
        cupel_model_gradcheck(model, xs, ys, ROWS, &report),
        cupel_model_predict(model, xs, ROWS, numbers),
        cupel_model_predict_dataset(model, data, 0, numbers),
        cupel_model_evaluate(model, data, 0, numbers),
        cupel_model_fit(model, data, NULL, NULL),
        cupel_model_set_learning_rate(model, 0.1),
        cupel_model_memory(model, 4, &memory),
        cupel_model_summary(model, 4, file),
        cupel_parameter_read(model, 0, CUPEL_VALUE, numbers),
        cupel_parameter_write(model, 0, xs),
        cupel_model_copy_weights(model, idle),
        cupel_model_copy_weights(idle, model),
        cupel_model_save(model, "model"),
        cupel_model_load(model, "model"),
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        cr_expect_eq(all[i], CUPEL_ERROR_STATE, "call %d: %s", (int)i, cupel_status_name(all[i]));
    cr_expect_eq(cupel_model_predict(model, xs, ROWS, numbers), CUPEL_ERROR_STATE);
    cr_expect_not_null(strstr(cupel_last_error(), "in use by another call"), "%s",
                       cupel_last_error());
    cr_expect_eq(ftell(file), 0);
    cr_expect_eq(folder_entries(), 0);
    fclose(file);
    cupel_dataset_free(data);
}

Test(usage, one_call_at_a_time)
{
    void *(*const calls[])(void *) = {evaluate, fit};
    cupel_device *device = tiny_device();
    cupel_model *model = tiny_line(device, 0.5f, (cupel_compile_config){0});
    cupel_model *idle = tiny_line(device, 0.25f, (cupel_compile_config){0});
    cupel_tensor *tensor;
    cr_assert_eq(cupel_tensor_create(device, CUPEL_FLOAT32, CUPEL_SHAPE(ROWS, 1), &tensor),
                 CUPEL_OK);
    for (int i = 0; i < 2; i++) {
        gate g = {.passed = false};
        cr_assert(sem_init(&g.reached, 0, 0) == 0 && sem_init(&g.open, 0, 0) == 0);
        visit v = {.model = model, .data = made_data(&g, ROWS)};
        pthread_t thread;
        cr_assert_eq(pthread_create(&thread, NULL, calls[i], &v), 0);
        sem_wait(&g.reached);
        expect_busy(model, idle, tensor);
        /* The last user frees the data. */
        cupel_dataset_free(v.data);
        sem_post(&g.open);
        pthread_join(thread, NULL);
        cr_expect_eq(v.status, CUPEL_OK);
        cr_expect_eq(cupel_model_train_batch(model, xs, ys, ROWS, NULL), CUPEL_OK);
        cr_expect_eq(tiny_weight(idle), 0.25f);
        sem_destroy(&g.reached);
        sem_destroy(&g.open);
    }
    cupel_tensor_free(tensor);
    cupel_model_free(idle);
    cupel_model_free(model);
    cupel_device_close(device);
}

/* What every thread of the next test does, with data and device that all share. */
typedef struct worker {
    cupel_device *device;
    const cupel_dataset *data;
    const cupel_dataset *source;
    int64_t number;
    double score[2];
    char error[512];
} worker;

static void *work(void *user)
{
    worker *w = user;
    cupel_model *model = tiny_line(w->device, 0.5f, (cupel_compile_config){0});
    const cupel_fit_config config = {.epochs = 5, .batch_size = 3, .validation = w->source};
    cr_expect_eq(cupel_model_fit(model, w->data, &config, NULL), CUPEL_OK, "%s",
                 cupel_last_error());
    cr_expect_eq(cupel_model_evaluate(model, w->data, 3, &w->score[0]), CUPEL_OK);
    cr_expect_eq(cupel_model_evaluate(model, w->source, 2, &w->score[1]), CUPEL_OK);
    /* The sentence is the thread's own. */
    cr_expect_eq(cupel_model_evaluate(model, w->data, -w->number, w->score), CUPEL_ERROR_ARGUMENT);
    cupel_device_synchronize(w->device);
    strcpy(w->error, cupel_last_error());
    cupel_model_free(model);
    return NULL;
}

Test(usage, threads_share_a_device_and_data)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    worker workers[THREADS];
    cupel_device *device = tiny_device();
    cupel_dataset *data = tiny_data(xs, ys, ROWS);
    cupel_dataset *source = made_data(NULL, ROWS);
    cr_expect_eq(cupel_device_count("none", &(int64_t){0}), CUPEL_ERROR_ARGUMENT);
    char before[512];
    strcpy(before, cupel_last_error());
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){.device = device, .data = data, .source = source, .number = i + 1};
        cr_assert_eq(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        char words[64];
        pthread_join(threads[i], NULL);
        cr_expect_eq(memcmp(workers[i].score, workers[0].score, sizeof workers[0].score), 0);
        snprintf(words, sizeof words, "the batch size is -%d", i + 1);
        cr_expect_not_null(strstr(workers[i].error, words), "%s", workers[i].error);
    }
    cr_expect_str_eq(cupel_last_error(), before);
    cupel_dataset_free(data);
    cupel_dataset_free(source);
    cupel_device_close(device);
}

Test(usage, what_is_closed_in_use_ends_with_its_last_user)
{
    fault_memory_install();
    cupel_device *device = tiny_device();
    cupel_model *model = tiny_line(device, 0.5f, (cupel_compile_config){0});
    cupel_dataset *data = tiny_data(xs, ys, ROWS);
    cupel_dataset *first;
    cupel_dataset *last;
    cupel_tensor *tensor;
    cupel_history *history;
    cr_assert_eq(cupel_tensor_create(device, CUPEL_FLOAT32, CUPEL_SHAPE(ROWS, 1), &tensor),
                 CUPEL_OK);
    cupel_device_close(device);
    cr_assert_eq(cupel_dataset_split(data, 0.5, &first, &last), CUPEL_OK);
    cupel_dataset_free(data);
    const cupel_fit_config config = {.validation = last};
    cr_expect_eq(cupel_model_fit(model, first, &config, &history), CUPEL_OK);
    cr_expect_eq(cupel_tensor_upload(tensor, xs), CUPEL_OK);
    cr_expect_eq(cupel_model_train_tensors(model, tensor, tensor, NULL), CUPEL_OK);
    cupel_dataset_free(first);
    cupel_dataset_free(last);
    cupel_model_free(model);
    float values[ROWS];
    cr_expect_eq(cupel_tensor_download(tensor, values), CUPEL_OK);
    cr_expect_eq(memcmp(values, xs, sizeof xs), 0);
    cupel_tensor_free(tensor);
    /* A history needs nothing of the model that it is of. */
    const double *losses;
    cr_expect_eq(cupel_history_series(history, "val_loss", &losses), CUPEL_OK);
    cr_expect(isfinite(losses[0]));
    cupel_history_free(history);
    cr_expect_eq(fault_memory_blocks(), 0);
    fault_memory_remove();
}

/* Strings live as long as the handle that gave them, whatever happens to it. */
Test(usage, strings_stay_in_their_places)
{
    cupel_device *device = tiny_device();
    const char *device_name = cupel_device_name(device);
    cupel_model *model;
    const cupel_model_config config = {.input_shape = CUPEL_SHAPE(2)};
    enum { LAYERS = 40 };
    cupel_parameter parameters[LAYERS];
    cr_assert_eq(cupel_model_create(device, &config, &model), CUPEL_OK);
    for (int i = 0; i < LAYERS; i++) {
        cr_assert_eq(cupel_model_add(model, CUPEL_DENSE(2, .no_bias = true)), CUPEL_OK);
        cr_assert_eq(cupel_model_parameter(model, i, &parameters[i]), CUPEL_OK);
    }
    cr_assert_eq(cupel_model_compile(model, &(cupel_compile_config){.loss = CUPEL_LOSS_NONE}),
                 CUPEL_OK);
    cupel_device_close(device);
    for (int i = 0; i < LAYERS; i++) {
        char name[32];
        snprintf(name, sizeof name, "%d.kernel", i);
        cr_expect_str_eq(parameters[i].name, name);
    }
    cr_expect_eq(strncmp(device_name, "cpu", 3), 0);
    cupel_model_free(model);
}

/* An allocator is taken before the first handle and kept while one is open, of whatever kind. */
Test(usage, the_allocator_can_be_set_between_handles)
{
    enum { DEVICE, MODEL, DATA, TENSOR, HISTORY, KINDS };
    for (int kept = DEVICE; kept < KINDS; kept++) {
        fault_memory_install();
        cupel_device *device = tiny_device();
        cupel_model *model = tiny_line(device, 0.5f, (cupel_compile_config){0});
        cupel_dataset *data = tiny_data(xs, ys, ROWS);
        cupel_tensor *tensor;
        cupel_history *history;
        cr_assert_eq(cupel_tensor_create(device, CUPEL_UINT8, CUPEL_SHAPE(1), &tensor), CUPEL_OK);
        cr_assert_eq(cupel_model_fit(model, data, NULL, &history), CUPEL_OK);
        cr_expect_gt(fault_memory_blocks(), 10, "the allocator is not used");
        if (kept != DEVICE) cupel_device_close(device);
        if (kept != MODEL) cupel_model_free(model);
        if (kept != DATA) cupel_dataset_free(data);
        if (kept != TENSOR) cupel_tensor_free(tensor);
        if (kept != HISTORY) cupel_history_free(history);
        cr_expect_eq(cupel_set_allocator(NULL), CUPEL_ERROR_STATE, "kind %d", kept);
        cr_expect_not_null(strstr(cupel_last_error(), "open"), "%s", cupel_last_error());
        if (kept == DEVICE) cupel_device_close(device);
        if (kept == MODEL) cupel_model_free(model);
        if (kept == DATA) cupel_dataset_free(data);
        if (kept == TENSOR) cupel_tensor_free(tensor);
        if (kept == HISTORY) cupel_history_free(history);
        cr_expect_eq(fault_memory_blocks(), 0, "kind %d", kept);
        fault_memory_remove();
    }
}

/* Asks for a stop, and then for what only the outer fit may do. */
static cupel_status stop_and_fit(void *user, const cupel_event *event)
{
    if (event->when != CUPEL_WHEN_EPOCH_BEGIN) return CUPEL_OK;
    cupel_request_stop(event->model);
    cr_expect_eq(cupel_model_fit(event->model, user, NULL, NULL), CUPEL_ERROR_STATE);
    return CUPEL_OK;
}

Test(usage, a_refused_fit_forgets_no_stop)
{
    cupel_device *device = tiny_device();
    cupel_model *model = tiny_line(device, 0.5f, (cupel_compile_config){0});
    cupel_dataset *data = tiny_data(xs, ys, ROWS);
    const cupel_fit_config config = {.epochs = 3,
                                     .callbacks = {CUPEL_CALLBACK(stop_and_fit, .user = data)}};
    cr_expect_eq(cupel_model_fit(model, data, &config, NULL), CUPEL_ERROR_STOPPED, "%s",
                 cupel_last_error());
    cupel_dataset_free(data);
    cupel_model_free(model);
    cupel_device_close(device);
}

typedef struct remarks {
    int count;
    int level;
    char text[256];
} remarks;

static void keep_remark(void *user, int level, const char *text)
{
    remarks *kept = user;
    kept->count++;
    kept->level = level;
    snprintf(kept->text, sizeof kept->text, "%s", text);
}

Test(usage, remarks_go_to_the_log)
{
    remarks kept = {0};
    cupel_dataset *data;
    folder_write("table", "1,2\n3,4\n", 8);
    cupel_set_log(keep_remark, &kept);
    cr_assert_eq(cupel_dataset_open_csv("table", NULL, &data), CUPEL_OK);
    cupel_dataset_free(data);
    cr_expect_eq(kept.count, 1);
    cr_expect(kept.level == CUPEL_LOG_WARNING || kept.level == CUPEL_LOG_INFO);
    cr_expect_not_null(strstr(kept.text, "table"), "%s", kept.text);
    cupel_set_log(NULL, NULL);
    cr_assert_eq(cupel_dataset_open_csv("table", NULL, &data), CUPEL_OK);
    cupel_dataset_free(data);
    cr_expect_eq(kept.count, 1);
}

/* What a library could leave behind in its process. (Its settings are in test_threads.c.) */
typedef struct process {
    mode_t umask;
    char folder[1024];
    int64_t descriptors;
    int64_t threads;
} process;

static int64_t count_threads(void)
{
    int64_t count = 0;
    DIR *tasks = opendir("/proc/self/task");
    if (tasks == NULL) return 0;
    while (readdir(tasks) != NULL)
        count++;
    closedir(tasks);
    return count;
}

static void look(process *p)
{
    p->umask = umask(0);
    umask(p->umask);
    cr_assert_not_null(getcwd(p->folder, sizeof p->folder));
    p->descriptors = folder_descriptors();
    p->threads = count_threads();
}

/* A bit of everything, on batches large enough for threads. */
static void live(void)
{
    enum { MANY = 600, WIDTH = 96 };
    static float x[MANY * WIDTH];
    static uint8_t y[MANY];
    cupel_device *device = tiny_device();
    cupel_model *model;
    cupel_dataset *data;
    cupel_history *history;
    double score[2];
    for (int i = 0; i < MANY * WIDTH; i++)
        x[i] = (float)(i % 17) / 17;
    for (int i = 0; i < MANY; i++)
        y[i] = (uint8_t)(i % 5);
    const cupel_model_config shape = {.input_shape = CUPEL_SHAPE(WIDTH)};
    const cupel_compile_config config = {.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                                         .from_logits = true,
                                         .optimizer = CUPEL_ADAM(.learning_rate = 0.01),
                                         .metrics = {CUPEL_METRIC_ACCURACY}};
    const cupel_arrays arrays = {.x = x, .y = y, .rows = MANY, .y_type = CUPEL_UINT8};
    FILE *progress = tmpfile();
    cr_assert_not_null(progress);
    const cupel_fit_config fit_config = {.epochs = 2,
                                         .batch_size = 256,
                                         .validation_split = 0.2,
                                         .progress = progress,
                                         .callbacks = {CUPEL_CSV_LOGGER("log.csv")}};
    cr_assert_eq(cupel_model_create(device, &shape, &model), CUPEL_OK);
    cr_assert_eq(cupel_model_add(model, CUPEL_DENSE(64, .activation = CUPEL_GELU)), CUPEL_OK);
    cr_assert_eq(cupel_model_add(model, CUPEL_DENSE(5)), CUPEL_OK);
    cr_assert_eq(cupel_model_compile(model, &config), CUPEL_OK);
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
    cr_assert_eq(cupel_model_fit(model, data, &fit_config, &history), CUPEL_OK, "%s",
                 cupel_last_error());
    cr_assert_eq(cupel_model_evaluate(model, data, 128, score), CUPEL_OK);
    cr_assert_eq(cupel_model_save(model, "model"), CUPEL_OK, "%s", cupel_last_error());
    cr_assert_eq(cupel_history_plot(history, "plot.svg"), CUPEL_OK);
    cr_assert_eq(cupel_model_summary(model, 32, progress), CUPEL_OK);
    cr_assert_neq(cupel_model_load(model, "no such file"), CUPEL_OK);
    fclose(progress);
    cupel_history_free(history);
    cupel_dataset_free(data);
    cupel_model_free(model);
    cupel_device_close(device);
}

Test(usage, nothing_stays_open_or_running)
{
    process before;
    process after;
    live(); /* OpenMP keeps its threads from here on */
    look(&before);
    live();
    look(&after);
    cr_expect_eq(after.umask, before.umask);
    cr_expect_str_eq(after.folder, before.folder);
    cr_expect_eq(after.descriptors, before.descriptors, "%d descriptors, then %d",
                 (int)before.descriptors, (int)after.descriptors);
    cr_expect_eq(after.threads, before.threads, "%d threads, then %d", (int)before.threads,
                 (int)after.threads);
}

/* Neither output of the process gets a byte. */
Test(usage, nothing_is_printed)
{
    fflush(NULL);
    const int kept_out = dup(STDOUT_FILENO);
    const int kept_error = dup(STDERR_FILENO);
    const int to = open("printed", O_RDWR | O_CREAT | O_TRUNC, 0600);
    cr_assert(kept_out >= 0 && kept_error >= 0 && to >= 0);
    dup2(to, STDOUT_FILENO);
    dup2(to, STDERR_FILENO);
    live();
    fflush(NULL);
    dup2(kept_out, STDOUT_FILENO);
    dup2(kept_error, STDERR_FILENO);
    cr_expect_eq(lseek(to, 0, SEEK_END), 0);
    close(to);
    close(kept_out);
    close(kept_error);
}
