/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A fit with everything on it while the N-th allocation or file operation fails, for every N. */
#include "fault.h"
#include "folder.h"
#include "tiny.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>

static const float xs[5] = {1, 2, -1, 0.5f, 3};
static const float ys[5] = {0, 1, 1, 0, 1};

TestSuite(fit_faults, .init = folder_enter, .fini = folder_leave);

static cupel_status fit_all(cupel_model *model, const cupel_dataset *data, cupel_history **history)
{
    const cupel_fit_config config = {
        .epochs = 20,
        .batch_size = 2,
        .validation_split = 0.4,
        .callbacks = {CUPEL_EARLY_STOPPING(.patience = 100, .restore_best = true),
                      CUPEL_CSV_LOGGER("log.csv"), CUPEL_TERMINATE_ON_NAN()}};
    return cupel_model_fit(model, data, &config, history);
}

static void expect_usable(cupel_model *model, const cupel_dataset *data)
{
    double score;
    cr_assert_eq(cupel_model_evaluate(model, data, 0, &score), CUPEL_OK, "%s", cupel_last_error());
    cr_assert(isfinite(score));
}

static void without_memory(bool persistent)
{
    fault_memory_install();
    for (int64_t n = 1;; n++) {
        cupel_device *device = tiny_device();
        cupel_model *model = tiny_line(device, 0.5f, (cupel_compile_config){0});
        cupel_dataset *data = tiny_data(xs, ys, 5);
        cupel_history *history = NULL;
        fault_memory_arm(n, persistent);
        const cupel_status status = fit_all(model, data, &history);
        const bool failed = fault_memory_disarm() > 0;
        if (failed && status != CUPEL_OK) {
            cr_assert_eq(status, CUPEL_ERROR_MEMORY, "%s", cupel_last_error());
        }
        expect_usable(model, data);
        cupel_history_free(history);
        cupel_dataset_free(data);
        cupel_model_free(model);
        cupel_device_close(device);
        cr_assert_eq(fault_memory_blocks(), 0, "allocation %d", (int)n);
        if (!failed) {
            cr_expect_eq(status, CUPEL_OK);
            cr_expect_gt(n, 20);
            break;
        }
    }
    fault_memory_remove();
}

Test(fit_faults, the_lack_of_memory)
{
    without_memory(false);
}

Test(fit_faults, the_lack_of_memory_from_then_on)
{
    without_memory(true);
}

Test(fit_faults, a_full_disk)
{
    cupel_device *device = tiny_device();
    cupel_model *model = tiny_line(device, 0.5f, (cupel_compile_config){0});
    cupel_dataset *data = tiny_data(xs, ys, 5);
    fault_files_install();
    for (int64_t n = 1;; n++) {
        cupel_history *history = NULL;
        fault_files_arm(n, false, ENOSPC);
        const cupel_status status = fit_all(model, data, &history);
        const bool failed = fault_files_disarm() > 0;
        cr_assert_eq(status, failed ? CUPEL_ERROR_IO : CUPEL_OK);
        cr_assert_eq(fault_files_descriptors(), 0);
        /* The file is opened, and its size asked for, before the fit begins. */
        cr_expect_eq(history == NULL, n <= 2);
        cupel_history_free(history);
        expect_usable(model, data);
        if (!failed) break;
    }
    fault_files_remove();
    cupel_dataset_free(data);
    cupel_model_free(model);
    cupel_device_close(device);
}
