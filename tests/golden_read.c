/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A word of the files and the number it stands for. */
typedef struct entry {
    const char *word;
    int value;
} entry;

static const entry flavours[] = {{"keras", CUPEL_KERAS}, {"torch", CUPEL_TORCH}, {NULL, 0}};
static const entry kinds[] = {
    {"dense", CUPEL_LAYER_DENSE},     {"activation", CUPEL_LAYER_ACTIVATION},
    {"flatten", CUPEL_LAYER_FLATTEN}, {"reshape", CUPEL_LAYER_RESHAPE},
    {"dropout", CUPEL_LAYER_DROPOUT}, {NULL, 0}};
static const entry activations[] = {
    {"linear", CUPEL_LINEAR}, {"relu", CUPEL_RELU},         {"sigmoid", CUPEL_SIGMOID},
    {"tanh", CUPEL_TANH},     {"softmax", CUPEL_SOFTMAX},   {"leaky_relu", CUPEL_LEAKY_RELU},
    {"elu", CUPEL_ELU},       {"selu", CUPEL_SELU},         {"gelu", CUPEL_GELU},
    {"silu", CUPEL_SILU},     {"softplus", CUPEL_SOFTPLUS}, {NULL, 0}};
static const entry losses[] = {
    {"mse", CUPEL_LOSS_MSE},
    {"binary_crossentropy", CUPEL_LOSS_BINARY_CROSSENTROPY},
    {"categorical_crossentropy", CUPEL_LOSS_CATEGORICAL_CROSSENTROPY},
    {"sparse_categorical_crossentropy", CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY},
    {NULL, 0}};
static const entry optimizers[] = {{"sgd", CUPEL_OPTIMIZER_SGD},
                                   {"adam", CUPEL_OPTIMIZER_ADAM},
                                   {"adamw", CUPEL_OPTIMIZER_ADAMW},
                                   {NULL, 0}};
static const entry metrics[] = {{"accuracy", CUPEL_METRIC_ACCURACY},
                                {"mae", CUPEL_METRIC_MAE},
                                {"mse", CUPEL_METRIC_MSE},
                                {NULL, 0}};
static const entry types[] = {
    {"float64", CUPEL_FLOAT64}, {"float32", CUPEL_FLOAT32}, {"int32", CUPEL_INT32}, {NULL, 0}};

/* A file while it is read: the lines of the text, and the words of the line. */
typedef struct reader {
    golden *into;
    char *lines;
    char *words;
    int line;
    bool good;
} reader;

static void fail(reader *r, const char *format, ...)
{
    if (!r->good) return;
    r->good = false;
    const int begun = snprintf(r->into->error, sizeof r->into->error, "line %d: ", r->line);
    va_list list;
    va_start(list, format);
    vsnprintf(r->into->error + begun, sizeof r->into->error - (size_t)begun, format, list);
    va_end(list);
}

/* Cuts what stands before a character off a text; *text is NULL after the last part. */
static char *cut(char **text, char character)
{
    char *part = *text;
    char *end = part ? strchr(part, character) : NULL;
    if (end) *end = 0;
    *text = end ? end + 1 : NULL;
    return part;
}

/* Goes to the next line; false at the end of the text. */
static bool next_line(reader *r)
{
    r->words = cut(&r->lines, '\n');
    r->line++;
    return r->words != NULL;
}

/* The next word of the line; NULL at its end. */
static const char *next_word(reader *r)
{
    return r->words && *r->words ? cut(&r->words, ' ') : NULL;
}

static const char *need_word(reader *r)
{
    const char *word = next_word(r);
    if (!word) fail(r, "the line ends too early");
    return word ? word : "";
}

static double to_number(reader *r, const char *word)
{
    char *end;
    const double value = strtod(word, &end);
    if (end == word || *end) fail(r, "'%s' is no number", word);
    return value;
}

static int need_name(reader *r, const entry *names)
{
    const char *word = need_word(r);
    for (; names->word; names++)
        if (strcmp(word, names->word) == 0) return names->value;
    fail(r, "'%s' is not known here", word);
    return 0;
}

static cupel_shape need_shape(reader *r)
{
    cupel_shape shape = {0};
    for (const char *word = next_word(r); word; word = next_word(r))
        if (shape.rank == CUPEL_MAX_RANK)
            fail(r, "more than %d dimensions", CUPEL_MAX_RANK);
        else
            shape.dims[shape.rank++] = (int64_t)to_number(r, word);
    return shape;
}

/* A field of a config struct by its name in the files. */
typedef struct field {
    const char *word;
    double *real;
    int64_t *count;
    bool *flag;
    cupel_activation *activation;
} field;

/* Reads pairs of a field and a value to the end of the line; fields end with one without a word. */
static void need_fields(reader *r, const field *fields)
{
    for (const char *word = next_word(r); word && r->good; word = next_word(r)) {
        const field *f = fields;
        while (f->word && strcmp(word, f->word) != 0)
            f++;
        if (!f->word)
            fail(r, "'%s' is no field here", word);
        else if (f->real)
            *f->real = to_number(r, need_word(r));
        else if (f->count)
            *f->count = (int64_t)to_number(r, need_word(r));
        else if (f->flag)
            *f->flag = to_number(r, need_word(r)) != 0;
        else
            *f->activation = (cupel_activation)need_name(r, activations);
    }
}

static void read_layer(reader *r)
{
    if (r->into->layer_count == GOLDEN_LAYERS) {
        fail(r, "more than %d layers", GOLDEN_LAYERS);
        return;
    }
    cupel_layer *layer = &r->into->layers[r->into->layer_count++];
    layer->kind = (cupel_layer_kind)need_name(r, kinds);
    if (layer->kind == CUPEL_LAYER_RESHAPE) {
        need_word(r);
        layer->shape = need_shape(r);
        return;
    }
    need_fields(r, (const field[]){{"units", .count = &layer->units},
                                   {"activation", .activation = &layer->activation},
                                   {"no_bias", .flag = &layer->no_bias},
                                   {"kernel_l1", .real = &layer->kernel_l1},
                                   {"kernel_l2", .real = &layer->kernel_l2},
                                   {"rate", .real = &layer->rate},
                                   {0}});
}

static void read_loss(reader *r)
{
    cupel_compile_config *c = &r->into->compile;
    c->loss = (cupel_loss)need_name(r, losses);
    need_fields(r, (const field[]){{"from_logits", .flag = &c->from_logits},
                                   {"label_smoothing", .real = &c->label_smoothing},
                                   {0}});
}

static void read_optimizer(reader *r)
{
    cupel_optimizer *o = &r->into->compile.optimizer;
    o->kind = (cupel_optimizer_kind)need_name(r, optimizers);
    need_fields(r, (const field[]){{"learning_rate", .real = &o->learning_rate},
                                   {"momentum", .real = &o->momentum},
                                   {"nesterov", .flag = &o->nesterov},
                                   {"beta_1", .real = &o->beta_1},
                                   {"beta_2", .real = &o->beta_2},
                                   {"epsilon", .real = &o->epsilon},
                                   {"amsgrad", .flag = &o->amsgrad},
                                   {"weight_decay", .real = &o->weight_decay},
                                   {"clipvalue", .real = &o->clipvalue},
                                   {"clipnorm", .real = &o->clipnorm},
                                   {"global_clipnorm", .real = &o->global_clipnorm},
                                   {0}});
}

static void read_schedule(reader *r)
{
    cupel_schedule *s = &r->into->compile.optimizer.schedule;
    need_name(r, (const entry[]){{"cosine", 0}, {NULL, 0}});
    s->kind = CUPEL_SCHEDULE_COSINE;
    need_fields(r, (const field[]){{"steps", .count = &s->steps},
                                   {"warmup_steps", .count = &s->warmup_steps},
                                   {"final_fraction", .real = &s->final_fraction},
                                   {0}});
}

static void read_metrics(reader *r)
{
    for (int64_t i = 0; i < CUPEL_MAX_METRICS && r->words && *r->words; i++)
        r->into->compile.metrics[i] = (cupel_metric)need_name(r, metrics);
}

static void read_tensor(reader *r)
{
    if (r->into->tensor_count == GOLDEN_TENSORS) {
        fail(r, "more than %d tensors", GOLDEN_TENSORS);
        return;
    }
    golden_tensor *t = &r->into->tensors[r->into->tensor_count++];
    snprintf(t->name, sizeof t->name, "%s", need_word(r));
    t->type = (cupel_type)need_name(r, types);
    t->shape = need_shape(r);
    t->count = 1;
    for (int64_t i = 0; i < t->shape.rank; i++)
        t->count *= t->shape.dims[i];
    if (!r->good || t->count < 1 || t->count > 100000) {
        fail(r, "tensor %s has %lld numbers", t->name, (long long)t->count);
        return;
    }
    t->values = calloc((size_t)t->count, sizeof *t->values);
    if (!t->values) {
        fail(r, "no memory for tensor %s", t->name);
        return;
    }
    int64_t done = 0;
    while (done < t->count && r->good) {
        if (!next_line(r))
            fail(r, "tensor %s has %lld numbers of %lld", t->name, (long long)done,
                 (long long)t->count);
        for (const char *word = next_word(r); word && r->good; word = next_word(r))
            if (done == t->count)
                fail(r, "tensor %s has more than %lld numbers", t->name, (long long)t->count);
            else
                t->values[done++] = to_number(r, word);
    }
}

static void read_text(reader *r)
{
    golden *g = r->into;
    while (r->good && next_line(r)) {
        if (!*r->words || *r->words == '#') continue;
        const char *key = need_word(r);
        if (strcmp(key, "flavour") == 0)
            g->compile.flavour = (cupel_flavour)need_name(r, flavours);
        else if (strcmp(key, "only") == 0)
            g->only_float64 = need_name(r, types) == CUPEL_FLOAT64;
        else if (strcmp(key, "input") == 0)
            g->input = need_shape(r);
        else if (strcmp(key, "layer") == 0)
            read_layer(r);
        else if (strcmp(key, "loss") == 0)
            read_loss(r);
        else if (strcmp(key, "optimizer") == 0)
            read_optimizer(r);
        else if (strcmp(key, "schedule") == 0)
            read_schedule(r);
        else if (strcmp(key, "metrics") == 0)
            read_metrics(r);
        else if (strcmp(key, "rows") == 0)
            g->rows = g->batch = (int64_t)to_number(r, need_word(r));
        else if (strcmp(key, "batch") == 0)
            g->batch = (int64_t)to_number(r, need_word(r));
        else if (strcmp(key, "tensor") == 0)
            read_tensor(r);
        else if (strcmp(key, "end") == 0)
            return;
        else
            fail(r, "'%s' is no statement", key);
        if (next_word(r)) fail(r, "words are left at the end of the line");
    }
    fail(r, "the file has no end");
}

bool golden_read(const char *path, golden *vectors)
{
    memset(vectors, 0, sizeof *vectors);
    reader r = {.into = vectors, .good = true};
    FILE *file = fopen(path, "rb");
    if (!file) {
        fail(&r, "cannot open %s", path);
        return false;
    }
    /* The files are at most 200 kB. */
    const size_t room = 1 << 18;
    char *text = malloc(room);
    const size_t length = text ? fread(text, 1, room - 1, file) : 0;
    fclose(file);
    if (length == 0 || length == room - 1) {
        fail(&r, "%s is empty or too large", path);
    } else {
        text[length] = 0;
        r.lines = text;
        read_text(&r);
    }
    free(text);
    return r.good;
}
