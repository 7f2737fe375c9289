/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What works on the parameters: penalties, clipping and the optimizers. The arrays are slices of
 * one arena, so they begin where a vector does. An update is element-wise: 4 units in the last
 * place. */
#include "op_cases.h"

#define ELEMENT .gate.measure = CHECK_SMOOTH, .gate.tau = 8 * CHECK_ULP
#define SUM .gate.measure = CHECK_RELATIVE, .gate.tau = 1e-6

#define BLOCKS                                                                                  \
    CHECK_WORDS("blocks=24", "blocks=1", "blocks=2", "blocks=3", "blocks=4", "blocks=5",        \
                "blocks=7", "blocks=8", "blocks=9", "blocks=15", "blocks=16", "blocks=17",      \
                "blocks=31", "blocks=32", "blocks=33", "blocks=63", "blocks=100", "blocks=257", \
                "blocks=512", "blocks=1031", "blocks=1560")

const check_op check_update_ops[CUPEL_OP_COUNT] = {
    [CUPEL_OP_penalty] = {.tensors = CHECK_TENSORS({"w", "count", .fill = CHECK_NORMAL},
                                                   {"dw", "count", .fill = CHECK_NORMAL, ELEMENT},
                                                   {"penalty", "7", .fill = CHECK_NORMAL, SUM}),
                          .shapes = CHECK_WORDS(CHECK_COUNTS("count")),
                          .variants = CHECK_WORDS("index=3 l1=0.01 l2=0.02", "index=0 l1=0 l2=0.1",
                                                  "index=6 l1=0.1 l2=0",
                                                  "index=1 l1=0.01 l2=0.02 dw=null")},
    [CUPEL_OP_clip_norm] =
        {.tensors =
             CHECK_TENSORS({"g", "blocks 128", .fill = CHECK_SLICES},
                           {"tensor", "blocks", .fill = CHECK_BLOCKS}, {"scale", "tensors", SUM}),
         .shapes = CHECK_WORDS("blocks=24 tensors=8", "blocks=1 tensors=1", "blocks=3 tensors=7",
                               "blocks=2 tensors=2", "blocks=3 tensors=2", "blocks=5 tensors=5",
                               "blocks=3 tensors=5", "blocks=7 tensors=1", "blocks=1 tensors=3",
                               "blocks=8 tensors=3", "blocks=15 tensors=4", "blocks=16 tensors=16",
                               "blocks=17 tensors=2", "blocks=31 tensors=31", "blocks=32 tensors=5",
                               "blocks=33 tensors=1", "blocks=63 tensors=6", "blocks=100 tensors=9",
                               "blocks=257 tensors=257", "blocks=257 tensors=3",
                               "blocks=512 tensors=33", "blocks=1031 tensors=12",
                               "blocks=1560 tensors=1031", "blocks=1560 tensors=7"),
         .variants =
             CHECK_WORDS("global=0 limit=5 flavour=keras", "global=1 limit=1 flavour=keras",
                         "global=0 limit=1 flavour=torch", "global=1 limit=5 flavour=torch",
                         "global=1 limit=1e9 flavour=keras", "global=0 limit=1e9 flavour=torch"),
         .aligned = true},
    [CUPEL_OP_mirror] = {.tensors = CHECK_TENSORS({"w", "blocks 128", .fill = CHECK_SLICES},
                                                  {"mirror", "blocks 128",
                                                   .gate.measure = CHECK_EXACT}),
                         .shapes = BLOCKS,
                         .variants = CHECK_WORDS("", "special=1"),
                         .aligned = true},
    [CUPEL_OP_sgd] = {.tensors = CHECK_TENSORS({"w", "blocks 128", .fill = CHECK_SLICES, ELEMENT},
                                               {"g", "blocks 128", .fill = CHECK_SLICES},
                                               {"v", "blocks 128", .fill = CHECK_SLICES, ELEMENT},
                                               {"mirror", "blocks 128", ELEMENT},
                                               {"tensor", "blocks", .fill = CHECK_BLOCKS},
                                               {"scale", "5", .fill = CHECK_UNIFORM},
                                               {"rule", "5", .fill = CHECK_RULES}),
                      .shapes = BLOCKS,
                      .variants =
                          CHECK_WORDS("momentum=0.9 flavour=keras",
                                      "momentum=0.9 nesterov=1 flavour=keras step=5",
                                      "v=null flavour=keras", "v=null mirror=null flavour=torch",
                                      "momentum=0.9 mirror=null flavour=torch step=70",
                                      "momentum=0.9 nesterov=1 flavour=torch scale=null",
                                      "v=null flavour=torch scale=null clipvalue=0.5",
                                      "momentum=0.5 clipvalue=0.25"),
                      .aligned = true},
    [CUPEL_OP_adam] =
        {.tensors = CHECK_TENSORS({"w", "blocks 128", .fill = CHECK_SLICES, ELEMENT},
                                  {"g", "blocks 128", .fill = CHECK_SLICES},
                                  {"m", "blocks 128", .fill = CHECK_SLICES, ELEMENT},
                                  {"v", "blocks 128", .fill = CHECK_SQUARES, ELEMENT},
                                  {"top", "blocks 128", .fill = CHECK_SQUARES, ELEMENT},
                                  {"mirror", "blocks 128", ELEMENT},
                                  {"tensor", "blocks", .fill = CHECK_BLOCKS},
                                  {"scale", "5", .fill = CHECK_UNIFORM},
                                  {"rule", "5", .fill = CHECK_RULES}),
         .shapes = BLOCKS,
         .variants = CHECK_WORDS(
             "flavour=keras", "flavour=keras top=null step=1",
             "flavour=torch top=null mirror=null step=70", "flavour=keras mirror=null step=2",
             "flavour=torch decoupled=1", "flavour=keras decoupled=1 top=null scale=null step=6400",
             "flavour=torch top=null scale=null clipvalue=0.25", "flavour=keras epsilon=0 step=3"),
         .common = "beta_1=0.9 beta_2=0.999 epsilon=1e-7",
         .aligned = true},
    [CUPEL_OP_advance] = {.shapes = CHECK_WORDS(CHECK_COUNTS("rows"), "rows=0"),
                          .variants = CHECK_WORDS("", "steps=1 step=4294967295", "seen=1",
                                                  "seen=1 steps=1 position=4294967295")},
};
