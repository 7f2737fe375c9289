/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every piece of memory that the op sees is an image on the host, uploaded before and compared
 * after. Guards and outputs are bytes of 0xff: numbers that are NaN, so that what is read from them
 * shows. */
#include "device_run.h"

#include "base/memory.h"
#include "fill.h"
#include <math.h>
#include <string.h>

#define GUARD 256

typedef struct memory {
    const char *name;
    bool written;          /* the op may change it */
    int64_t front;         /* bytes before the tensor, the shift included */
    int64_t bytes;         /* of the tensor */
    int64_t total;         /* with the guard behind */
    unsigned char *before; /* the images */
    unsigned char *after;
    void *device; /* the start of the whole */
} memory;

enum { X = CHECK_MOST_FIELDS, Y, WEIGHTS, RATES, SCRATCH, WORKSPACE, CONTROL, MEMORIES };

typedef struct run {
    const check_target *target;
    const check_case *c;
    memory memories[MEMORIES];
} run;

/* Makes the image and the device memory of so many bytes, all 0xff. */
static cupel_status reserve(run *r, int index, const char *name, int64_t bytes, int64_t shift,
                            bool written)
{
    memory *m = &r->memories[index];
    const int64_t guard = r->target->exact ? 0 : GUARD;
    *m = (memory){.name = name, .written = written, .front = guard + shift, .bytes = bytes};
    m->total = m->front + bytes + guard;
    m->before = cupel_alloc(m->total, 1);
    m->after = cupel_alloc(m->total, 1);
    if (m->before == NULL || m->after == NULL) return CUPEL_ERROR_MEMORY;
    memset(m->before, 0xff, (size_t)m->total);
    return cupel_device_alloc(r->target->device, m->total, &m->device);
}

static void *address(const run *r, int index)
{
    const memory *m = &r->memories[index];
    return m->device == NULL ? NULL : (unsigned char *)m->device + m->front;
}

static void release(run *r)
{
    for (int i = 0; i < MEMORIES; i++) {
        memory *m = &r->memories[i];
        cupel_device_free(r->target->device, m->device, m->total);
        cupel_free(m->before);
        cupel_free(m->after);
    }
}

static cupel_status place_tensors(run *r, const check_values *in)
{
    const check_case *c = r->c;
    const check_field *fields = check_rows[c->op].fields;
    for (int i = 0; fields[i].kind != CHECK_END; i++) {
        if (!check_is_tensor(fields[i].kind) || c->null[i] || c->same[i] != i) continue;
        const check_element element = check_element_of(r->target->table, fields[i].type);
        const int64_t size = (int64_t)check_element_size(element);
        CUPEL_TRY(reserve(r, i, fields[i].name, c->elements[i] * size, c->shifted[i] ? size : 0,
                          fields[i].kind != CHECK_IN));
        memory *m = &r->memories[i];
        if (in->tensor[i] != NULL)
            check_pack(element, in->tensor[i], c->elements[i], m->before + m->front);
    }
    for (int i = 0; fields[i].kind != CHECK_END; i++) {
        if (c->same[i] != i) r->memories[c->same[i]].written = true;
    }
    return CUPEL_OK;
}

static cupel_status place_bytes(run *r, int index, const char *name, const void *from,
                                int64_t bytes, int64_t shift, bool written)
{
    if (from == NULL) return CUPEL_OK;
    CUPEL_TRY(reserve(r, index, name, bytes, shift, written));
    memcpy(r->memories[index].before + r->memories[index].front, from, (size_t)bytes);
    return CUPEL_OK;
}

static cupel_status place_rates(run *r)
{
    cupel_rate rates[CUPEL_RATES];
    for (int i = 0; i < CUPEL_RATES; i++)
        rates[i] = (cupel_rate){.rate = 1e-3 * (i + 1),
                                .correction_1 = 1 - pow(0.9, i + 1),
                                .correction_2 = 1 - pow(0.999, i + 1)};
    return place_bytes(r, RATES, "the rates", rates, sizeof rates, 0, false);
}

static cupel_status place_all(run *r, const check_values *in)
{
    const check_case *c = r->c;
    const int64_t x_size = (int64_t)check_source_size(c->x_type);
    const int64_t y_size = (int64_t)check_source_size(c->y_type);
    CUPEL_TRY(place_tensors(r, in));
    CUPEL_TRY(place_bytes(r, X, "the rows of x", in->x, check_x_elements(c) * x_size,
                          c->skipped * x_size, false));
    CUPEL_TRY(place_bytes(r, Y, "the rows of y", in->y, check_y_elements(c) * y_size,
                          c->skipped * y_size, false));
    CUPEL_TRY(place_bytes(r, WEIGHTS, "the weights of the samples", in->weights,
                          check_source_rows(c) * (int64_t)sizeof(float), 0, false));
    CUPEL_TRY(place_rates(r));
    cupel_control control = in->control;
    control.x = address(r, X);
    control.y = address(r, Y);
    control.weights = address(r, WEIGHTS);
    control.batch_weights = control.weights;
    /* What the op is to set, it does not find. */
    if (c->op == CUPEL_OP_batch) {
        control.rows = -1;
        control.batch_weights = (const float *)address(r, CONTROL);
    }
    return place_bytes(r, CONTROL, "the control block", &control, sizeof control, 0, true);
}

/* The argument struct. */
static void bind(const run *r, uint64_t words[CHECK_MOST_FIELDS])
{
    const check_field *fields = check_rows[r->c->op].fields;
    for (int i = 0; fields[i].kind != CHECK_END; i++) {
        words[i] = r->c->words[i];
        if (check_is_tensor(fields[i].kind))
            words[i] = (uint64_t)(uintptr_t)address(r, r->c->same[i]);
    }
}

/* The first time everything; then what the op has written, but for the scratch memory and the
 * workspace, which the next op finds as this one left them. */
static cupel_status upload(run *r, bool all)
{
    const check_target *t = r->target;
    for (int i = 0; i < MEMORIES; i++) {
        const memory *m = &r->memories[i];
        if (m->device == NULL || (!all && (!m->written || i == SCRATCH || i == WORKSPACE))) continue;
        CUPEL_TRY(t->device->backend->upload(&t->device->queue, m->device, m->before, m->total));
    }
    return CUPEL_OK;
}

static cupel_status launch(run *r, const uint64_t *words)
{
    const check_target *t = r->target;
    cupel_exec x = {.device = t->device,
                    .queue = &t->device->queue,
                    .control = address(r, CONTROL),
                    .rates = address(r, RATES),
                    .scratch = address(r, SCRATCH),
                    .workspace = address(r, WORKSPACE),
                    .workspace_bytes = r->memories[WORKSPACE].bytes};
    const cupel_call call = {.entry = &t->ops[r->c->op], .args = words};
    CUPEL_TRY(t->device->backend->run(&x, &call, 1));
    return t->device->backend->synchronize(&t->device->queue);
}

/* Fetches everything; compare says that what was fetched before must be there again. */
static cupel_status download(run *r, bool compare)
{
    const check_target *t = r->target;
    const char *op = check_rows[r->c->op].name;
    unsigned char *again = NULL;
    cupel_status status = CUPEL_OK;
    for (int i = 0; i < MEMORIES && status == CUPEL_OK; i++) {
        const memory *m = &r->memories[i];
        if (m->device == NULL) continue;
        if (!compare) {
            status = t->device->backend->download(&t->device->queue, m->after, m->device, m->total);
            continue;
        }
        if (i == SCRATCH || i == WORKSPACE) continue;
        again = cupel_alloc(m->total, 1);
        if (again == NULL) return CUPEL_ERROR_MEMORY;
        status = t->device->backend->download(&t->device->queue, again, m->device, m->total);
        if (status == CUPEL_OK && memcmp(again, m->after, (size_t)m->total) != 0)
            status = cupel_fail(CUPEL_ERROR_DATA, "%s: a second launch gives other bits in %s", op,
                                m->name);
        cupel_free(again);
    }
    return status;
}

/* Where the weights of the batch are, after the op. */
static const float *batch_weights(const run *r)
{
    const check_case *c = r->c;
    const float *weights = address(r, WEIGHTS);
    if (weights == NULL || c->route == CUPEL_ROUTE_ROWS) return weights;
    if (c->route == CUPEL_ROUTE_ORDERED) return weights + c->position;
    return address(r, check_find_field(c->op, "weight", strlen("weight")));
}

/* What no op may do: write beside a tensor or into an input, leave a ticket drawn. */
static cupel_status inspect(const run *r)
{
    const char *op = check_rows[r->c->op].name;
    for (int i = 0; i < MEMORIES; i++) {
        const memory *m = &r->memories[i];
        if (m->device == NULL) continue;
        for (int64_t at = 0; at < m->total; at++) {
            const bool inside = at >= m->front && at < m->front + m->bytes;
            if ((inside && m->written) || m->before[at] == m->after[at]) continue;
            return cupel_fail(CUPEL_ERROR_DATA, "%s wrote %s %s, at byte %lld of %lld", op,
                              inside ? "into its input" : "outside of", m->name,
                              (long long)(at - m->front), (long long)m->bytes);
        }
    }
    const memory *m = &r->memories[CONTROL];
    cupel_control before, after;
    memcpy(&before, m->before + m->front, sizeof before);
    memcpy(&after, m->after + m->front, sizeof after);
    CUPEL_FAIL_IF(after.ticket[0] != 0 || after.ticket[1] != 0, CUPEL_ERROR_DATA,
                  "%s leaves its tickets at %u and %u, expected 0", op, (unsigned)after.ticket[0],
                  (unsigned)after.ticket[1]);
    CUPEL_FAIL_IF(after.batch_weights != batch_weights(r), CUPEL_ERROR_DATA,
                  "%s leaves control.batch_weights elsewhere", op);
    before.batch_weights = after.batch_weights;
    before.rows = after.rows;
    before.position = after.position;
    before.step = after.step;
    before.seen = after.seen;
    memcpy(before.sum, after.sum, sizeof before.sum);
    memcpy(before.value, after.value, sizeof before.value);
    CUPEL_FAIL_IF(memcmp(&before, &after, sizeof before) != 0, CUPEL_ERROR_DATA,
                  "%s changes what is an input in the control block", op);
    return CUPEL_OK;
}

static void collect(const run *r, check_values *out)
{
    const check_field *fields = check_rows[r->c->op].fields;
    for (int i = 0; fields[i].kind != CHECK_END; i++) {
        if (out->tensor[i] == NULL) continue;
        const memory *m = &r->memories[r->c->same[i]];
        check_unpack(check_element_of(r->target->table, fields[i].type), m->after + m->front,
                     r->c->elements[i], out->tensor[i]);
    }
    const memory *m = &r->memories[CONTROL];
    memcpy(&out->control, m->after + m->front, sizeof out->control);
}

static cupel_status run_placed(run *r, check_values *out)
{
    const cupel_op_entry *entry = &r->target->ops[r->c->op];
    uint64_t words[CHECK_MOST_FIELDS] = {0};
    bind(r, words);
    if (entry->needs != NULL)
        CUPEL_TRY(reserve(r, SCRATCH, "the scratch memory", entry->needs(words), 0, true));
    if (r->c->workspace > 0)
        CUPEL_TRY(reserve(r, WORKSPACE, "the workspace", r->c->workspace, 0, true));
    CUPEL_TRY(upload(r, true));
    CUPEL_TRY(launch(r, words));
    CUPEL_TRY(download(r, false));
    collect(r, out);
    if (!r->target->twice) return CUPEL_OK;
    CUPEL_TRY(inspect(r));
    CUPEL_TRY(upload(r, false));
    CUPEL_TRY(launch(r, words));
    return download(r, true);
}

cupel_status check_run(const check_target *target, const check_case *c, const check_values *in,
                       check_values *out)
{
    run r = {.target = target, .c = c};
    cupel_status status = place_all(&r, in);
    if (status == CUPEL_OK) status = run_placed(&r, out);
    release(&r);
    return status;
}
