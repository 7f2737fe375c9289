/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Whether the golden vectors cover what the library has, in both flavours, and how their reader
 * takes a file that is wrong. */
#include "golden.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* What the files have between them, by flavour. */
typedef struct coverage {
    int files[2];
    bool activation[2][CUPEL_SOFTPLUS + 1];
    bool loss[2][CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY + 1]
             [2]; /* from probabilities, logits */
    bool layer[2][CUPEL_LAYER_DROPOUT + 1];
    bool optimizer[2][CUPEL_OPTIMIZER_ADAMW + 1];
    bool l1[2], l2[2], no_bias[2], sequence[2], smoothing[2], weighted[2], partial[2];
    bool momentum[2], nesterov[2], amsgrad[2], decay[2], sgd_decay[2];
    bool clipvalue[2], clipnorm[2], global_clipnorm[2], schedule[2], warmup[2];
} coverage;

static void cover(void *user, const char *file, const golden *g)
{
    coverage *c = user;
    (void)file;
    const cupel_optimizer *o = &g->compile.optimizer;
    const int f = g->compile.flavour == CUPEL_TORCH;
    c->files[f]++;
    for (int64_t i = 0; i < g->layer_count; i++) {
        const cupel_layer *layer = &g->layers[i];
        c->layer[f][layer->kind] = true;
        if (layer->kind == CUPEL_LAYER_DENSE || layer->kind == CUPEL_LAYER_ACTIVATION)
            c->activation[f][layer->activation] = true;
        c->l1[f] |= layer->kernel_l1 > 0;
        c->l2[f] |= layer->kernel_l2 > 0;
        c->no_bias[f] |= layer->no_bias;
    }
    c->loss[f][g->compile.loss][g->compile.from_logits] = true;
    c->optimizer[f][o->kind] = true;
    c->sequence[f] |= g->input.rank > 1;
    c->smoothing[f] |= g->compile.label_smoothing > 0;
    c->weighted[f] |= golden_find(g, "sample_weight") != NULL;
    c->partial[f] |= g->rows % g->batch != 0;
    c->momentum[f] |= o->momentum > 0 && !o->nesterov;
    c->nesterov[f] |= o->nesterov;
    c->amsgrad[f] |= o->amsgrad;
    c->decay[f] |= o->kind == CUPEL_OPTIMIZER_ADAM && o->weight_decay > 0;
    c->sgd_decay[f] |= o->kind == CUPEL_OPTIMIZER_SGD && o->weight_decay > 0;
    c->clipvalue[f] |= o->clipvalue > 0;
    c->clipnorm[f] |= o->clipnorm > 0;
    c->global_clipnorm[f] |= o->global_clipnorm > 0;
    c->schedule[f] |= o->schedule.kind == CUPEL_SCHEDULE_COSINE && o->schedule.warmup_steps == 0;
    c->warmup[f] |= o->schedule.warmup_steps > 0;
}

Test(golden_files, cover_what_the_library_has)
{
    coverage c = {0};
    golden_each(CUPEL_SOURCE_DIR "/tests/golden", cover, &c);
    for (int f = 0; f < 2; f++) {
        const char *flavour = f ? "torch" : "keras";
        cr_expect_geq(c.files[f], 6, "%s", flavour);
        for (int a = CUPEL_LINEAR; a <= CUPEL_SOFTPLUS; a++)
            cr_expect(c.activation[f][a], "%s: activation %d", flavour, a);
        for (int k = CUPEL_LAYER_DENSE; k <= CUPEL_LAYER_DROPOUT; k++)
            cr_expect(c.layer[f][k], "%s: layer %d", flavour, k);
        cr_expect(c.loss[f][CUPEL_LOSS_MSE][0], "%s: mse", flavour);
        for (int k = CUPEL_LOSS_BINARY_CROSSENTROPY;
             k <= CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY; k++) {
            cr_expect(c.loss[f][k][1], "%s: loss %d from logits", flavour, k);
            /* PyTorch has only the binary one from probabilities. */
            cr_expect(c.loss[f][k][0] || (f && k != CUPEL_LOSS_BINARY_CROSSENTROPY),
                      "%s: loss %d from probabilities", flavour, k);
        }
        cr_expect(c.optimizer[f][CUPEL_OPTIMIZER_SGD] && c.optimizer[f][CUPEL_OPTIMIZER_ADAM] &&
                      c.optimizer[f][CUPEL_OPTIMIZER_ADAMW],
                  "%s: optimizers", flavour);
        cr_expect(c.l1[f] && c.l2[f] && c.no_bias[f], "%s: kernels", flavour);
        cr_expect(c.sequence[f] && c.smoothing[f] && c.weighted[f] && c.partial[f], "%s: data",
                  flavour);
        cr_expect(c.momentum[f] && c.nesterov[f] && c.amsgrad[f] && c.decay[f] && c.sgd_decay[f],
                  "%s: forms of the optimizers", flavour);
        cr_expect(c.clipvalue[f] && c.clipnorm[f] && c.global_clipnorm[f], "%s: clips", flavour);
        cr_expect(c.schedule[f] && c.warmup[f], "%s: schedules", flavour);
    }
}

/* Writes a text to a file of the test's folder and reads it as vectors. */
static void expect_error(const char *text, const char *error)
{
    const char *path = "wrong.txt";
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    cr_assert_geq(fputs(text, file), 0);
    cr_assert_eq(fclose(file), 0);
    golden vectors;
    cr_expect(!golden_read(path, &vectors), "%s", text);
    cr_expect_str_eq(vectors.error, error);
    golden_free(&vectors);
    remove(path);
}

Test(golden_files, reader_finds_what_is_wrong)
{
    expect_error("rows 1\n", "line 3: the file has no end");
    expect_error("# 1\nlayer dense unit 1\nend\n", "line 2: 'unit' is no field here");
    expect_error("loss huber\nend\n", "line 1: 'huber' is not known here");
    expect_error("rows x\nend\n", "line 1: 'x' is no number");
    expect_error("rows 1 2\nend\n", "line 1: words are left at the end of the line");
    expect_error("tensor x float64 3\n0x1p+0 2\nend\n", "line 3: 'end' is no number");
    expect_error("tensor x float64 1\n1 2\nend\n", "line 2: tensor x has more than 1 numbers");
    expect_error("weights\nend\n", "line 1: 'weights' is no statement");
}
