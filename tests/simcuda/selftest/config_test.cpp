// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// Settings from the environment, calls that fail, and the list of reports.

#include "sim_config.h"
#include "sim_report.h"

#include <criterion/criterion.h>

#include <cstdlib>
#include <cstring>

Test(simcuda_config, defaults)
{
    const simcuda_config *c = simcuda_configuration();
    cr_expect_eq(c->order, SIMCUDA_FORWARD);
    cr_expect_eq(c->block_order, SIMCUDA_FORWARD);
    cr_expect_eq(c->seed, 1);
    cr_expect_eq(c->preempt, 0);
    cr_expect(c->strict);
    cr_expect(!c->perturb);
    cr_expect_eq(c->streams, SIMCUDA_EAGER);
    cr_expect_eq(c->lt, SIMCUDA_LT_FUSED);
    cr_expect_eq(c->devices, 1);
    cr_expect_eq(c->memory, size_t{2} << 30);
    cr_expect_eq(c->fail_call, 0);
}

Test(simcuda_config, environment)
{
    setenv("SIMCUDA_ORDER", "random", 1);
    setenv("SIMCUDA_SEED", "18446744073709551615", 1);
    setenv("SIMCUDA_PREEMPT", "64", 1);
    setenv("SIMCUDA_STRICT", "0", 1);
    setenv("SIMCUDA_PERTURB", "1", 1);
    setenv("SIMCUDA_STREAMS", "newest", 1);
    setenv("SIMCUDA_LT", "refuses", 1);
    setenv("SIMCUDA_DEVICES", "0", 1);
    setenv("SIMCUDA_MEMORY", "1000000", 1);
    setenv("SIMCUDA_FAIL_CALL", "3", 1);
    setenv("SIMCUDA_FAIL_MODE", "persistent", 1);
    const simcuda_config *c = simcuda_configuration();
    cr_expect_eq(c->order, SIMCUDA_RANDOM);
    cr_expect_eq(c->block_order, SIMCUDA_RANDOM);
    cr_expect_eq(c->seed, UINT64_MAX);
    cr_expect_eq(c->preempt, 64);
    cr_expect(!c->strict);
    cr_expect(c->perturb);
    cr_expect_eq(c->streams, SIMCUDA_LAZY_NEWEST);
    cr_expect_eq(c->lt, SIMCUDA_LT_REFUSES);
    cr_expect_eq(c->devices, 0);
    cr_expect_eq(c->memory, 1000000);
    cr_expect_eq(c->fail_call, 3);
    cr_expect_eq(c->fail_mode, SIMCUDA_PERSISTENT);
}

Test(simcuda_config, a_wrong_order_ends_the_program, .exit_code = 2)
{
    setenv("SIMCUDA_ORDER", "backwards", 1);
    simcuda_configuration();
}

Test(simcuda_config, a_wrong_number_ends_the_program, .exit_code = 2)
{
    setenv("SIMCUDA_DEVICES", "5", 1);
    simcuda_configuration();
}

Test(simcuda_config, calls_fail_once_or_from_then_on)
{
    simcuda_config *c = simcuda_configuration();
    for (const simcuda_failure mode : {SIMCUDA_TRANSIENT, SIMCUDA_PERSISTENT}) {
        c->calls = 0;
        c->fail_call = 3;
        c->fail_mode = mode;
        cr_expect(!simcuda_call_fails());
        cr_expect(!simcuda_call_fails());
        cr_expect(simcuda_call_fails());
        cr_expect_eq(simcuda_call_fails(), mode == SIMCUDA_PERSISTENT);
        cr_expect_eq(c->calls, 4);
    }
    c->fail_call = 0;
    cr_expect(!simcuda_call_fails());
}

Test(simcuda_config, reports_are_kept_once_a_place)
{
    simcuda_reports_expected(true);
    int n = -1;
    simcuda_reports(&n);
    cr_assert_eq(n, 0);
    for (int i = 0; i < 5; i++)
        simcuda::report_at(SIMCUDA_RACECHECK, "a.cu", 7, "number %d", i);
    simcuda::report_at(SIMCUDA_SYNCCHECK, "a.cu", 7, "another kind");
    simcuda::report_at(SIMCUDA_RACECHECK, "b.cu", 7, "another file");
    simcuda::report_at(SIMCUDA_APICHECK, "?", 0, "one");
    simcuda::report_at(SIMCUDA_APICHECK, "?", 0, "another sentence");
    const simcuda_report *reports = simcuda_reports(&n);
    cr_assert_eq(n, 5);
    cr_expect_eq(reports[0].count, 5);
    cr_expect_str_eq(reports[0].text, "number 0");
    cr_expect_str_eq(reports[0].file, "a.cu");
    cr_expect_eq(reports[0].line, 7);
    cr_expect_eq(reports[1].kind, SIMCUDA_SYNCCHECK);
    cr_expect_str_eq(simcuda_kind_name(reports[2].kind), "racecheck");
    cr_expect_str_eq(reports[4].text, "another sentence");
    simcuda_reports_clear();
    simcuda_reports(&n);
    cr_expect_eq(n, 0);
}
