/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Saving and loading while memory, the disk, permissions or the process fail. */
#define _XOPEN_SOURCE 700
#include "fault.h"
#include "folder.h"
#include "model_files.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

TestSuite(model_file_faults, .init = folder_enter, .fini = folder_leave);

/* Two models with different weights, and the file that the first one gives. */
static struct {
    cupel_device *device;
    cupel_model *first;
    cupel_model *second;
    cupel_model *kept; /* the second, as it was */
    char *weights;     /* of the second */
    size_t count;
    char *file; /* of the first */
    size_t size;
} world;

static void make_world(void)
{
    cr_assert_eq(cupel_device_open("cpu", &world.device), CUPEL_OK);
    world.first = files_model(world.device, 1);
    world.second = files_model(world.device, 2);
    world.kept = files_model(world.device, 2);
    world.weights = files_weights(world.second, &world.count);
    cr_assert_eq(cupel_model_save(world.first, "model"), CUPEL_OK, "%s", cupel_last_error());
    world.file = folder_read("model", &world.size);
}

static void end_world(void)
{
    free(world.weights);
    free(world.file);
    cupel_model_free(world.first);
    cupel_model_free(world.second);
    cupel_model_free(world.kept);
    cupel_device_close(world.device);
}

static cupel_status save_second(void)
{
    return cupel_model_save(world.second, "model");
}

static cupel_status load_second(void)
{
    return cupel_model_load(world.second, "model");
}

static cupel_status open_another(void)
{
    cupel_model *model = world.first;
    const cupel_status status = cupel_model_open(world.device, "model", &model);
    if (status == CUPEL_OK) {
        cupel_model_free(model);
    } else {
        cr_assert_null(model);
    }
    return status;
}

typedef cupel_status (*action)(void);

/* After a failure the file and the second model's weights are as before. */
static void expect_unchanged(void)
{
    folder_expect("model", world.file, world.size);
    files_expect_weights(world.second, world.weights, world.count);
    cr_assert_eq(folder_entries(), 1);
}

/* After a success they are so again. */
static void restore(void)
{
    cr_assert_eq(cupel_model_copy_weights(world.second, world.kept), CUPEL_OK);
    cr_assert_eq(cupel_model_save(world.first, "model"), CUPEL_OK);
    expect_unchanged();
}

/* Makes every file operation of an action fail in turn; returns how many there were. */
static int64_t fail_every_operation(action run, int error)
{
    for (int64_t n = 1;; n++) {
        for (int persistent = 0; persistent < 2; persistent++) {
            fault_files_arm(n, persistent != 0, error);
            const cupel_status status = run();
            const int64_t failed = fault_files_disarm();
            cr_assert_eq(fault_files_descriptors(), 0);
            /* What fails after the rename, or in closing what was read, is not an error. */
            if (status == CUPEL_OK) {
                restore();
                if (failed == 0) return n - 1;
                continue;
            }
            cr_assert_gt(failed, 0, "%s", cupel_last_error());
            cr_assert_eq(status, CUPEL_ERROR_IO, "%s: %s", fault_files_failed(),
                         cupel_last_error());
            cr_assert_not_null(strstr(cupel_last_error(), "model"), "%s", cupel_last_error());
            expect_unchanged();
        }
    }
}

Test(model_file_faults, every_file_operation_may_fail)
{
    make_world();
    fault_files_install();
    const int errors[] = {EIO, ENOSPC};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        cr_expect_geq(fail_every_operation(save_second, errors[i]), 8);
        cr_expect_geq(fail_every_operation(load_second, errors[i]), 3);
        cr_expect_geq(fail_every_operation(open_another, errors[i]), 3);
    }
    fault_files_remove();
    end_world();
}

Test(model_file_faults, signals_and_short_transfers_do_no_harm)
{
    make_world();
    fault_files_install();
    fault_files_hamper(true);
    cr_expect_eq(load_second(), CUPEL_OK, "%s", cupel_last_error());
    cr_expect_eq(save_second(), CUPEL_OK, "%s", cupel_last_error());
    fault_files_hamper(false);
    fault_files_remove();
    /* The second model has the first one's weights, but its own seed in the file. */
    size_t count;
    char *weights = files_weights(world.first, &count);
    files_expect_weights(world.second, weights, count);
    cupel_model *opened;
    cr_assert_eq(cupel_model_open(world.device, "model", &opened), CUPEL_OK);
    files_expect_weights(opened, weights, count);
    cupel_model_free(opened);
    free(weights);
    end_world();
}

/* Makes every allocation of an action fail in turn. */
static void fail_every_allocation(action run)
{
    for (int persistent = 0; persistent < 2; persistent++) {
        for (int64_t n = 1;; n++) {
            const int64_t blocks = fault_memory_blocks();
            fault_memory_arm(n, persistent != 0);
            const cupel_status status = run();
            const int64_t failed = fault_memory_disarm();
            cr_assert_eq(fault_memory_blocks(), blocks);
            if (failed == 0) {
                cr_assert_eq(status, CUPEL_OK, "%s", cupel_last_error());
                cr_assert_gt(n, 5);
                restore();
                break;
            }
            cr_assert_eq(status, CUPEL_ERROR_MEMORY, "%s", cupel_last_error());
            expect_unchanged();
        }
    }
}

Test(model_file_faults, every_allocation_may_fail)
{
    fault_memory_install();
    make_world();
    fail_every_allocation(open_another);
    fail_every_allocation(load_second);
    fail_every_allocation(save_second);
    end_world();
    fault_memory_remove();
}

/* The first use of a model that was never compiled, by saving and by loading: once it has failed
 * for want of memory it works all the same, and the weights are those of the seed. */
Test(model_file_faults, every_allocation_of_a_first_use_may_fail)
{
    fault_memory_install();
    make_world();
    for (int loads = 0; loads < 2; loads++) {
        for (int64_t n = 1, failed = 1; failed > 0; n++) {
            cupel_model *model = files_model(world.device, 1);
            fault_memory_arm(n, true);
            const cupel_status status =
                loads ? cupel_model_load(model, "model") : cupel_model_save(model, "model");
            failed = fault_memory_disarm();
            cr_assert_eq(status, failed > 0 ? CUPEL_ERROR_MEMORY : CUPEL_OK);
            folder_expect("model", world.file, world.size);
            cr_assert_eq(cupel_model_save(model, "again"), CUPEL_OK);
            folder_expect("again", world.file, world.size);
            cupel_model_free(model);
        }
    }
    end_world();
    cr_assert_eq(fault_memory_blocks(), 0);
    fault_memory_remove();
}

/* The limit makes a write end early and the next one fail, as a full disk does. */
Test(model_file_faults, a_disk_that_fills_up)
{
    make_world();
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before;
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    for (size_t room = 0; room < world.size; room += 100) {
        const struct rlimit limit = {room, before.rlim_max};
        cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
        const cupel_status status = save_second(), fresh = cupel_model_save(world.second, "fresh");
        cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
        cr_assert_eq(status, CUPEL_ERROR_IO);
        cr_assert_eq(fresh, CUPEL_ERROR_IO);
        cr_assert_str_eq(cupel_last_error(), "cannot write \"fresh\": File too large");
        expect_unchanged();
    }
    end_world();
}

Test(model_file_faults, a_folder_that_cannot_be_written)
{
    make_world();
    cr_assert_eq(mkdir("closed", 0555), 0);
    const uid_t user = geteuid();
    if (user == 0) cr_assert_eq(seteuid(65534), 0); /* nothing is closed to root */
    const cupel_status status = cupel_model_save(world.first, "closed/model");
    if (user == 0) cr_assert_eq(seteuid(user), 0);
    cr_expect_eq(status, CUPEL_ERROR_IO);
    cr_expect_str_eq(cupel_last_error(), "cannot write \"closed/model\": Permission denied");
    end_world();
}

static void expect_refused(const char *path, const char *reason)
{
    cr_expect_eq(cupel_model_save(world.first, path), CUPEL_ERROR_IO, "%.40s", path);
    cr_expect_not_null(strstr(cupel_last_error(), reason), "%s", cupel_last_error());
    cr_expect_eq(cupel_model_load(world.first, path), CUPEL_ERROR_IO, "%.40s", path);
    cupel_model *model;
    cr_expect_eq(cupel_model_open(world.device, path, &model), CUPEL_ERROR_IO, "%.40s", path);
    cr_expect_null(model);
}

Test(model_file_faults, odd_paths)
{
    make_world();
    char longer[5001], long_name[301];
    memset(longer, 'p', sizeof longer - 1);
    for (size_t i = 100; i < sizeof longer - 1; i += 100)
        longer[i] = '/';
    longer[sizeof longer - 1] = '\0';
    memset(long_name, 'n', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    expect_refused("", "No such file or directory");
    expect_refused(".", "Is a directory");
    expect_refused("absent/model", "No such file or directory");
    expect_refused("model/model", "Not a directory");
    expect_refused(longer, "File name too long");
    expect_refused(long_name, "File name too long");
    cr_expect_eq(folder_entries(), 1);

    /* A name may hold any byte; the longest one leaves no room for a longer temporary name. */
    long_name[255] = '\0';
    const char *const names[] = {"a\nb", "a b\"'\\%s%n\x01", "\xFF\xFE", "-", long_name};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        cr_expect_eq(cupel_model_save(world.first, names[i]), CUPEL_OK, "%s", cupel_last_error());
        cr_expect_eq(cupel_model_load(world.second, names[i]), CUPEL_OK, "%s", cupel_last_error());
        folder_expect(names[i], world.file, world.size);
        folder_write(names[i], "short", 5);
        cr_expect_eq(cupel_model_load(world.second, names[i]), CUPEL_ERROR_FORMAT);
        cr_expect_not_null(strstr(cupel_last_error(), "the file has 5 bytes"));
    }
    cr_expect_eq(folder_entries(), 6);
    end_world();
}

/* A link stays one; what it points to is replaced. */
Test(model_file_faults, a_symbolic_link_is_followed)
{
    make_world();
    cr_assert_eq(mkdir("folder", 0755), 0);
    cr_assert_eq(rename("model", "folder/model"), 0);
    cr_assert_eq(symlink("folder/model", "link"), 0);
    cr_expect_eq(cupel_model_save(world.second, "link"), CUPEL_OK, "%s", cupel_last_error());
    struct stat found;
    cr_assert_eq(lstat("link", &found), 0);
    cr_expect(S_ISLNK(found.st_mode));
    cr_expect_eq(cupel_model_load(world.first, "link"), CUPEL_OK, "%s", cupel_last_error());
    files_expect_weights(world.first, world.weights, world.count);
    cr_expect_eq(cupel_model_load(world.first, "folder/model"), CUPEL_OK);
    files_expect_weights(world.first, world.weights, world.count);
    cr_assert_eq(symlink("loop", "loop"), 0);
    cr_expect_eq(cupel_model_save(world.second, "loop"), CUPEL_ERROR_IO);
    cr_expect_eq(cupel_model_load(world.second, "loop"), CUPEL_ERROR_IO);
    remove("folder/model");
    end_world();
}

#define WIDTH 256

/* One kernel of WIDTH x WIDTH equal numbers. */
static cupel_model *uniform_model(cupel_device *device, float value)
{
    cupel_model *model;
    const cupel_model_config config = {.input_shape = CUPEL_SHAPE(WIDTH), .seed = 0};
    float *values = malloc(WIDTH * WIDTH * sizeof *values);
    if (values == NULL) return NULL;
    for (int i = 0; i < WIDTH * WIDTH; i++)
        values[i] = value;
    cupel_status status = cupel_model_create(device, &config, &model);
    if (status == CUPEL_OK) {
        status = cupel_model_add(model, CUPEL_DENSE(WIDTH, .no_bias = true));
    }
    if (status == CUPEL_OK) status = cupel_parameter_write(model, 0, values);
    free(values);
    return status == CUPEL_OK ? model : NULL;
}

/* Saves two models in turn until it is killed. */
static void save_forever(int ready)
{
    cupel_device *device;
    if (cupel_device_open("cpu", &device) != CUPEL_OK) _exit(1);
    cupel_model *models[2] = {uniform_model(device, 1), uniform_model(device, 2)};
    if (models[0] == NULL || models[1] == NULL) _exit(1);
    for (int i = 0;; i++) {
        if (cupel_model_save(models[i % 2], "model") != CUPEL_OK) _exit(1);
        if (i == 0 && write(ready, "", 1) != 1) _exit(1);
    }
}

/* Opens the file that a killed process was writing: all of it is of one save. */
static void expect_whole(void)
{
    cupel_device *device;
    cupel_model *model;
    cr_assert_eq(cupel_device_open("cpu", &device), CUPEL_OK);
    cr_assert_eq(cupel_model_open(device, "model", &model), CUPEL_OK, "%s", cupel_last_error());
    static float values[WIDTH * WIDTH];
    cr_assert_eq(cupel_parameter_read(model, 0, CUPEL_VALUE, values), CUPEL_OK);
    cr_assert(values[0] == 1 || values[0] == 2);
    for (int i = 1; i < WIDTH * WIDTH; i++)
        cr_assert(values[i] == values[0]);
    cupel_model_free(model);
    cupel_device_close(device);
}

Test(model_file_faults, killed_while_saving)
{
    for (int round = 0; round < 50; round++) {
        int ready[2];
        char byte;
        cr_assert_eq(pipe(ready), 0);
        const pid_t child = fork();
        cr_assert_geq(child, 0);
        if (child == 0) save_forever(ready[1]);
        close(ready[1]);
        cr_assert_eq(read(ready[0], &byte, 1), 1, "the child could not save");
        close(ready[0]);
        nanosleep(&(struct timespec){.tv_nsec = 150000L * round}, NULL);
        int status;
        kill(child, SIGKILL);
        cr_assert_eq(waitpid(child, &status, 0), child);
        cr_assert(WIFSIGNALED(status), "the child could not save");
        expect_whole();
    }
}
