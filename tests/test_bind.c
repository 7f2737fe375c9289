/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "program/bind.h"

#include "core.h"
#include "program/fields.h"
#include "program/model.h"
#include "random_model.h"
#include "tiny.h"

#include <stdlib.h>

static cupel_device *device;

static void open_device(void)
{
    device = tiny_device();
}

static void close_device(void)
{
    cupel_device_close(device);
}

TestSuite(bind, .init = open_device, .fini = close_device);

static cupel_executable make_executable(const cupel_program *program)
{
    const cupel_graph *graph = program->train.word_count > 0 ? &program->train : &program->infer;
    const int64_t words = graph->word_count + program->infer.word_count;
    const int64_t calls = graph->instruction_count + program->infer.instruction_count;
    const cupel_executable executable = {
        .words = calloc((size_t)words, sizeof(uint64_t)),
        .calls = calloc((size_t)calls, sizeof(cupel_call)),
    };
    cr_assert(executable.words && executable.calls);
    return executable;
}

static void free_executable(cupel_executable *executable)
{
    free(executable->words);
    free(executable->calls);
}

/* Where a tensor lies, by the rules of its home. */
static const void *place_of(const cupel_program *program, const cupel_tensor_plan *tensor)
{
    int64_t size = program->acc_size;
    if (tensor->home == CUPEL_HOME_ACTIVATION) size = 1;
    if (tensor->home == CUPEL_HOME_TENSORS) size = 4;
    if (tensor->home == CUPEL_HOME_RULES) size = (int64_t)sizeof(cupel_rule);
    cr_assert_not_null(program->base[tensor->home]);
    return (const char *)program->base[tensor->home] + tensor->offset * size;
}

/* Every word of a call against the graph's: rows scaled, pointers in place, the rest as it was. */
static void check_call(const cupel_program *program, const cupel_graph *graph,
                       const cupel_instruction *instruction, const cupel_call *call, int64_t rows)
{
    const uint8_t *fields = cupel_op_fields[instruction->op];
    const uint64_t *from = graph->words + instruction->args, *to = call->args;
    cr_expect(call->entry == &program->ops[instruction->op]);
    for (int64_t i = 0; fields[i] != CUPEL_ARG_END; i++) {
        if (fields[i] == CUPEL_ARG_ROWS) {
            cr_expect_eq(to[i], from[i] * (uint64_t)rows);
        } else if (fields[i] == CUPEL_ARG_OTHER || from[i] == 0) {
            cr_expect_eq(to[i], from[i]);
        } else {
            const void *place = place_of(program, &graph->tensors[from[i]]);
            cr_expect(to[i] == (uint64_t)(uintptr_t)place, "op %d, field %lld",
                      (int)instruction->op, (long long)i);
        }
    }
}

enum {
    INPUT = CUPEL_PART_INPUT,
    FORWARD = CUPEL_PART_FORWARD,
    LOSS = CUPEL_PART_LOSS,
    METRICS = CUPEL_PART_METRICS,
    BACKWARD = CUPEL_PART_BACKWARD,
    PENALTY = CUPEL_PART_PENALTY,
    REPORT = CUPEL_PART_REPORT,
    INPUT_X = CUPEL_PART_INPUT_X,
    COUNT = CUPEL_PART_COUNT,
    STEP = CUPEL_PART_STEP,
    UPDATED = CUPEL_PART_UPDATED,
    UPDATE = CUPEL_PART_UPDATE
};

static const struct {
    cupel_segment segment;
    bool trains;
    unsigned parts;
} segments[] = {
    {CUPEL_SEGMENT_STEP, true, INPUT | FORWARD | LOSS | BACKWARD | PENALTY | UPDATE | STEP},
    {CUPEL_SEGMENT_STEP_LOSS, true,
     INPUT | FORWARD | LOSS | BACKWARD | PENALTY | REPORT | UPDATE | STEP},
    {CUPEL_SEGMENT_STEP_REPORT, true,
     INPUT | FORWARD | LOSS | METRICS | BACKWARD | PENALTY | REPORT | COUNT | UPDATE},
    {CUPEL_SEGMENT_GRADIENTS, true, INPUT | FORWARD | LOSS | BACKWARD | PENALTY | REPORT},
    {CUPEL_SEGMENT_UPDATE, true, UPDATE | UPDATED},
    {CUPEL_SEGMENT_LOSS, true, INPUT | FORWARD | LOSS | PENALTY | REPORT},
    {CUPEL_SEGMENT_EVAL, false, INPUT | FORWARD | LOSS | METRICS | PENALTY | REPORT | COUNT},
    {CUPEL_SEGMENT_PREDICT, false, INPUT_X | FORWARD},
};

static void check_segments(const cupel_program *program, int64_t rows)
{
    cupel_executable executable = make_executable(program);
    for (size_t s = 0; s < sizeof segments / sizeof *segments; s++) {
        const cupel_segment segment = segments[s].segment;
        const cupel_graph *graph = cupel_segment_graph(program, segment);
        cr_expect_eq(cupel_segment_trains(segment), segments[s].trains);
        cr_expect(graph == (segments[s].trains ? &program->train : &program->infer));
        cupel_bind_segment(program, segment, rows, &executable);
        cr_expect(executable.segment == segment && executable.rows == rows);
        int64_t next = 0;
        for (int64_t i = 0; i < graph->instruction_count; i++) {
            if ((graph->instructions[i].part & segments[s].parts) == 0) continue;
            cr_assert_lt(next, executable.call_count);
            check_call(program, graph, &graph->instructions[i], &executable.calls[next++], rows);
        }
        cr_expect_eq(executable.call_count, next, "segment %d", (int)segment);
    }
    free_executable(&executable);
}

Test(bind, every_segment_of_random_networks)
{
    const cupel_compile_config configs[] = {
        {.optimizer = CUPEL_ADAM(.global_clipnorm = 1, .amsgrad = true)},
        {.optimizer = CUPEL_SGD(.momentum = 0.9), .precision = CUPEL_PRECISION_FLOAT64},
    };
    for (uint64_t seed = 1; seed <= 24; seed++) {
        random_model network;
        random_model_draw(
            &(random_wish){.seed = seed * 31,
                           .loss = &random_losses[seed % RANDOM_LOSSES],
                           .activation = (cupel_activation)(seed % (CUPEL_SOFTPLUS + 1)),
                           .dropout = true},
            &network);
        cupel_model *model = random_model_open(&network, device, &configs[seed % 2]);
        void *zeros = calloc((size_t)(33 * (network.x_count + network.y_count)), sizeof(double));
        cr_assert_not_null(zeros);
        /* Memory for 33 rows, used by fewer. */
        ASSERT_OK(cupel_model_train_batch(model, zeros, zeros, 33, NULL));
        check_segments(model->program, 33);
        check_segments(model->program, 7);
        free(zeros);
        cupel_model_free(model);
        random_model_free(&network);
    }
}

/* What is enough for a batch is enough for a smaller one. */
Test(bind, scratch_grows_with_the_rows)
{
    cupel_model *model = CORE_MODEL(
        device, CUPEL_SHAPE(3, 40), 1, CUPEL_DENSE(70, .activation = CUPEL_RELU, .kernel_l1 = 0.1),
        CUPEL_DENSE(300, .activation = CUPEL_SOFTMAX), CUPEL_FLATTEN(), CUPEL_DENSE(9));
    ASSERT_OK(cupel_model_compile(
        model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                       .optimizer = CUPEL_SGD(.clipnorm = 1),
                                       .metrics = {CUPEL_METRIC_MAE, CUPEL_METRIC_ACCURACY}}));
    const cupel_program *program = model->program;
    int64_t before = 0;
    for (int64_t rows = 1; rows <= 5000; rows++) {
        const int64_t bytes = cupel_bind_scratch(program, &program->train, rows);
        cr_assert_geq(bytes, before, "%lld rows need %lld bytes, one less %lld", (long long)rows,
                      (long long)bytes, (long long)before);
        before = bytes;
    }
    cupel_model_free(model);
}
