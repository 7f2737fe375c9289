/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Building the graphs. Both begin with the batch and go through the layers in order; the training
 * graph then goes back through them and ends with the update. */
#include "program/build.h"

#include "base/memory.h"
#include "base/shape.h"

/* One graph being built: the layers' places and what lies on the edges between them. */
typedef struct builder {
    cupel_program *program;
    const cupel_network *network;
    cupel_graph *graph;
    bool training;
    cupel_place *places;   /* [node_count] */
    cupel_value *values;   /* [node_count + 1]: the tensor on each edge */
    cupel_value *gradients; /* and its gradient, 0 until one is known */
    int64_t n;             /* of the output: elements along the last axis, rows a sample */
    int64_t group;
    cupel_value targets;
    cupel_value weights; /* of the samples; 0 where none are gathered */
    cupel_value row_loss;
} builder;

/* A tensor of the batch itself. */
static cupel_value batch_tensor(builder *b, cupel_element element, int64_t per_row)
{
    const cupel_value value = cupel_graph_tensor(b->graph, element, per_row, 0);
    if (value != 0) b->graph->tensors[value].use = CUPEL_USE_INPUT;
    return value;
}

/* The batch: x alone where nothing else is wanted, then all of it where there is a loss. */
static void emit_batch(builder *b)
{
    const cupel_loss_type *loss = b->program->settings.loss;
    const int64_t features = cupel_shape_count(cupel_network_input(b->network));
    b->values[0] = batch_tensor(b, CUPEL_ELEMENT_REAL, features);
    cupel_batch_args args = {.x = cupel_ref(b->values[0]), .rows = 1, .features = features};
    b->graph->part = CUPEL_PART_INPUT_X;
    if (!b->training) cupel_emit_batch(b->graph, args);
    if (loss == NULL) return;
    args.targets = loss->labels ? b->group : b->group * b->n;
    b->targets = batch_tensor(b, loss->labels ? CUPEL_ELEMENT_I32 : CUPEL_ELEMENT_ACC,
                              args.targets);
    args.target = cupel_ref(loss->labels ? 0 : b->targets);
    args.label = cupel_ref(loss->labels ? b->targets : 0);
    /* Where the device reads the host's memory, the host gathers. */
    if (!b->program->device->backend->host_memory)
        b->weights = batch_tensor(b, CUPEL_ELEMENT_F32, 1);
    args.weight = cupel_ref(b->weights);
    b->graph->part = CUPEL_PART_INPUT;
    cupel_emit_batch(b->graph, args);
}

/* Loss, metrics and host read the output as acc. Where the layer that gives it has not, it is widened. */
static void widen_output(builder *b)
{
    const int64_t output = b->network->node_count;
    cupel_value logits = b->places[output - 1].logits;
    if (logits == 0) {
        const int64_t count = b->group * b->n;
        logits = cupel_graph_tensor(b->graph, CUPEL_ELEMENT_ACC, count, 0);
        cupel_emit_widen(b->graph, (cupel_widen_args){.x = cupel_ref(b->values[output]),
                                                      .y = cupel_ref(logits),
                                                      .count = count});
    }
    b->values[output] = logits;
}

static void emit_forward(builder *b)
{
    b->graph->part = CUPEL_PART_FORWARD;
    for (int64_t i = 0; i < b->network->node_count; i++) {
        const cupel_node *node = &b->network->nodes[i];
        cupel_place *place = &b->places[i];
        *place = (cupel_place){
            .graph = b->graph,
            .layer = &node->layer,
            .position = node->position,
            .flavour = b->program->settings.flavour,
            .training = b->training,
            .want_logits = b->program->mirrored && i == b->network->node_count - 1,
        };
        for (int64_t j = 0; j < node->type->inputs; j++) {
            place->in[j] = b->values[node->inputs[j]];
            place->in_shape[j] = b->network->edges[node->inputs[j]].shape;
            place->need_din[j] = b->network->edges[node->inputs[j]].needs_gradient;
        }
        for (int64_t j = 0; j < node->type->outputs; j++)
            place->out_shape[j] = b->network->edges[node->outputs[j]].shape;
        for (int64_t j = 0; j < node->parameters; j++) {
            const int64_t offset = b->network->parameters[node->first_parameter + j].offset;
            place->weights[j] = cupel_graph_slice(
                b->graph, b->program->mirrored ? CUPEL_HOME_MIRROR : CUPEL_HOME_WEIGHTS, offset);
            if (b->training)
                place->gradients[j] = cupel_graph_slice(b->graph, CUPEL_HOME_GRADIENTS, offset);
        }
        node->type->forward(place);
        for (int64_t j = 0; j < node->type->outputs; j++)
            b->values[node->outputs[j]] = place->out[j];
    }
    if (b->program->mirrored) widen_output(b);
}

static void emit_loss(builder *b)
{
    const cupel_settings *settings = &b->program->settings;
    const int64_t output = b->network->node_count;
    b->graph->part = CUPEL_PART_LOSS;
    b->row_loss = cupel_graph_tensor(b->graph, CUPEL_ELEMENT_ACC, b->group, 0);
    if (b->training)
        b->gradients[output] =
            cupel_graph_tensor(b->graph, CUPEL_ELEMENT_REAL, b->group * b->n, 0);
    settings->loss->emit(&(cupel_loss_place){
        .graph = b->graph,
        .from_logits = settings->from_logits,
        .smoothing = settings->label_smoothing,
        .n = b->n,
        .group = b->group,
        .p = b->values[output],
        .t = b->targets,
        .dp = b->gradients[output],
        .loss = b->row_loss,
    });
    /* The loss reads them by way of the control block, which the graph does not see. */
    if (b->weights != 0) b->graph->tensors[b->weights].last = b->graph->instruction_count - 1;
}

static void emit_metrics(builder *b)
{
    const cupel_settings *settings = &b->program->settings;
    b->graph->part = CUPEL_PART_METRICS;
    for (int64_t i = 0; i < settings->metric_count; i++) {
        const cupel_value value = cupel_graph_tensor(b->graph, CUPEL_ELEMENT_ACC, b->group, 0);
        settings->metrics[i]->emit(&(cupel_metric_place){
            .graph = b->graph,
            .labels = settings->loss->labels,
            .from_logits = settings->from_logits,
            .n = b->n,
            .group = b->group,
            .p = b->values[b->network->node_count],
            .t = b->targets,
            .value = value,
        });
        cupel_emit_mean(b->graph, (cupel_mean_args){.value = cupel_ref(value),
                                                    .count = b->group,
                                                    .index = 1 + i});
    }
}

/* Back through the layers. A tensor with several consumers gets the sum of their gradients. */
static void emit_backward(builder *b)
{
    b->graph->part = CUPEL_PART_BACKWARD;
    for (int64_t i = b->network->node_count - 1; i >= 0; i--) {
        const cupel_node *node = &b->network->nodes[i];
        cupel_place *place = &b->places[i];
        bool needed = false;
        for (int64_t j = 0; j < node->type->outputs; j++) {
            place->dout[j] = b->gradients[node->outputs[j]];
            needed = needed || b->network->edges[node->outputs[j]].needs_gradient;
        }
        if (!needed) continue;
        node->type->backward(place);
        for (int64_t j = 0; j < node->type->inputs; j++) {
            if (!place->need_din[j]) continue;
            cupel_value *known = &b->gradients[node->inputs[j]];
            if (*known == 0) {
                *known = place->din[j];
                continue;
            }
            const int64_t elements = cupel_shape_count(&place->in_shape[j]);
            cupel_emit_add(b->graph, (cupel_add_args){.a = cupel_ref(*known),
                                                      .b = cupel_ref(place->din[j]),
                                                      .y = cupel_ref(*known),
                                                      .count = elements});
        }
    }
}

/* The regularisers, and the loss of the batch with their share. */
static void emit_report(builder *b)
{
    const cupel_network *network = b->network;
    int64_t penalties = 0;
    for (int64_t i = 0; i < network->parameter_count; i++) {
        const cupel_parameter_spec *spec = &network->parameters[i].spec;
        if (spec->l1 != 0 || spec->l2 != 0) penalties++;
    }
    b->graph->part = CUPEL_PART_PENALTY;
    cupel_value penalty = 0;
    if (penalties > 0) penalty = cupel_graph_tensor(b->graph, CUPEL_ELEMENT_ACC, 0, penalties);
    int64_t next = 0;
    for (int64_t i = 0; i < network->parameter_count; i++) {
        const cupel_parameter_plan *parameter = &network->parameters[i];
        if (parameter->spec.l1 == 0 && parameter->spec.l2 == 0) continue;
        cupel_emit_penalty(
            b->graph,
            (cupel_penalty_args){
                .w = cupel_ref(cupel_graph_slice(b->graph, CUPEL_HOME_WEIGHTS, parameter->offset)),
                .dw = b->training ? cupel_ref(cupel_graph_slice(b->graph, CUPEL_HOME_GRADIENTS,
                                                                parameter->offset))
                                  : NULL,
                .penalty = cupel_ref(penalty),
                .count = parameter->count,
                .index = next++,
                .l1 = parameter->spec.l1,
                .l2 = parameter->spec.l2,
            });
    }
    b->graph->part = CUPEL_PART_REPORT;
    cupel_emit_mean(b->graph, (cupel_mean_args){.value = cupel_ref(b->row_loss),
                                                .penalty = cupel_ref(penalty),
                                                .count = b->group,
                                                .penalties = penalties,
                                                .index = 0});
}

static void emit_update(builder *b)
{
    const cupel_settings *settings = &b->program->settings;
    const cupel_optimizer *optimizer = &settings->optimizer;
    cupel_graph *graph = b->graph;
    graph->part = CUPEL_PART_UPDATE;
    const int64_t blocks = b->network->elements / CUPEL_SLICE;
    cupel_optimizer_place place = {
        .graph = graph,
        .optimizer = optimizer,
        .flavour = settings->flavour,
        .blocks = blocks,
        .weights = cupel_graph_slice(graph, CUPEL_HOME_WEIGHTS, 0),
        .gradients = cupel_graph_slice(graph, CUPEL_HOME_GRADIENTS, 0),
        .tensors = cupel_graph_slice(graph, CUPEL_HOME_TENSORS, 0),
        .rules = cupel_graph_slice(graph, CUPEL_HOME_RULES, 0),
    };
    if (b->program->mirrored) place.mirror = cupel_graph_slice(graph, CUPEL_HOME_MIRROR, 0);
    const int64_t moments = settings->optimizer_type->moments(optimizer);
    for (int64_t i = 0; i < moments; i++)
        place.moment[i] = cupel_graph_slice(graph, (cupel_home)(CUPEL_HOME_MOMENT_1 + i), 0);
    const double limit =
        optimizer->clipnorm != 0 ? optimizer->clipnorm : optimizer->global_clipnorm;
    if (limit != 0) {
        place.scales = cupel_graph_slice(graph, CUPEL_HOME_SCALES, 0);
        cupel_emit_clip_norm(graph, (cupel_clip_norm_args){
                                        .g = cupel_ref(place.gradients),
                                        .tensor = cupel_ref(place.tensors),
                                        .scale = cupel_ref(place.scales),
                                        .blocks = blocks,
                                        .tensors = b->network->parameter_count,
                                        .limit = limit,
                                        .global = optimizer->global_clipnorm != 0,
                                        .flavour = settings->flavour,
                                    });
    }
    settings->optimizer_type->emit(&place);
}

/* The last op of each segment that moves a counter. A prediction moves none: its caller, who has to
 * wait for the output anyway, says where the next batch lies. */
static void emit_counters(builder *b)
{
    b->graph->part = CUPEL_PART_COUNT;
    cupel_emit_advance(b->graph, (cupel_advance_args){.rows = 1, .seen = 1, .steps = b->training});
    if (!b->training) return;
    b->graph->part = CUPEL_PART_STEP;
    cupel_emit_advance(b->graph, (cupel_advance_args){.rows = 1, .steps = 1});
    b->graph->part = CUPEL_PART_UPDATED;
    cupel_emit_advance(b->graph, (cupel_advance_args){.steps = 1});
}

static void emit_mirror(builder *b)
{
    cupel_graph *graph = b->graph;
    graph->part = CUPEL_PART_MIRROR;
    cupel_emit_mirror(
        graph, (cupel_mirror_args){.w = cupel_ref(cupel_graph_slice(graph, CUPEL_HOME_WEIGHTS, 0)),
                                   .mirror = cupel_ref(cupel_graph_slice(graph, CUPEL_HOME_MIRROR, 0)),
                                   .blocks = b->network->elements / CUPEL_SLICE});
}

/* One graph; *output is the tensor of the last layer. */
static cupel_status build_graph(cupel_program *program, bool training, cupel_graph *graph,
                                cupel_value *output)
{
    const cupel_network *network = program->network;
    const int64_t nodes = network->node_count;
    builder b = {.program = program, .network = network, .graph = graph, .training = training};
    b.places = cupel_alloc(nodes, sizeof *b.places);
    b.values = cupel_alloc(nodes + 1, sizeof *b.values);
    b.gradients = cupel_alloc(nodes + 1, sizeof *b.gradients);
    if (b.places == NULL || b.values == NULL || b.gradients == NULL) {
        graph->status = CUPEL_ERROR_MEMORY;
    } else {
        const cupel_shape *shape = cupel_network_output(network);
        b.n = cupel_shape_last(shape);
        b.group = cupel_shape_count(shape) / b.n;
        if (program->mirrored && !training) emit_mirror(&b);
        emit_batch(&b);
        emit_forward(&b);
        if (program->settings.loss != NULL) {
            emit_loss(&b);
            emit_metrics(&b);
            if (training) emit_backward(&b);
            emit_report(&b);
            if (training) emit_update(&b);
            emit_counters(&b);
        }
        *output = b.values[nodes];
        /* The host reads it after the run. */
        if (graph->status == CUPEL_OK && !training)
            graph->tensors[*output].last = graph->instruction_count;
    }
    cupel_free(b.places);
    cupel_free(b.values);
    cupel_free(b.gradients);
    return graph->status;
}

cupel_status cupel_program_build(cupel_program *program)
{
    cupel_value unused = 0;
    if (program->settings.loss != NULL)
        CUPEL_TRY(build_graph(program, true, &program->train, &unused));
    return build_graph(program, false, &program->infer, &program->infer_output);
}
