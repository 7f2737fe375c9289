/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "made_history.h"

#include "metrics/metric_type.h"
#include <criterion/criterion.h>

cupel_history *made_history(int64_t metrics, bool validation, int64_t first_epoch)
{
    cupel_history *history;
    const cupel_settings settings = {
        .metrics = {&cupel_metric_accuracy, &cupel_metric_mae, &cupel_metric_mse},
        .metric_count = metrics,
    };
    cr_assert_eq(cupel_history_create(&settings, validation, first_epoch, &history), CUPEL_OK);
    return history;
}

void made_history_epochs(cupel_history *history, int64_t epochs)
{
    for (int64_t e = 0; e < epochs; e++) {
        double values[CUPEL_MAX_SERIES];
        for (int64_t i = 0; i < history->series; i++) {
            values[i] = 1.0 / (double)(history->epochs + 1) + 0.01 * (double)i;
        }
        cr_assert_eq(cupel_history_record(history, values), CUPEL_OK);
    }
}
