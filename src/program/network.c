/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The chain of layers: shapes and parameters as layers are added. */
#include "program/network.h"

#include "base/memory.h"
#include "base/shape.h"
#include "device.h"
#include <stdio.h>

cupel_status cupel_network_init(cupel_network *network, const cupel_shape *input)
{
    *network = (cupel_network){0};
    network->edges = cupel_alloc(1, sizeof *network->edges);
    if (network->edges == NULL) return CUPEL_ERROR_MEMORY;
    network->edges[0].shape = *input;
    return CUPEL_OK;
}

/* The room for count entries where there is room for so many now: it doubles, so that a long chain is
 * not copied for each of its layers. */
static int64_t grown(int64_t room, int64_t count)
{
    return count <= room ? room : count + room;
}

/* Makes room for one more layer. What grew stays when a later array fails: it is only room. */
static cupel_status make_room(cupel_network *network, int64_t parameters)
{
    const int64_t nodes = grown(network->node_room, network->node_count + 1);
    if (nodes > network->node_room) {
        cupel_edge *edges = cupel_realloc(network->edges, nodes + 1, sizeof *edges);
        if (edges == NULL) return CUPEL_ERROR_MEMORY;
        network->edges = edges;
        cupel_node *larger = cupel_realloc(network->nodes, nodes, sizeof *larger);
        if (larger == NULL) return CUPEL_ERROR_MEMORY;
        network->nodes = larger;
        network->node_room = nodes;
    }
    const int64_t all = grown(network->parameter_room, network->parameter_count + parameters);
    if (all == network->parameter_room) return CUPEL_OK;
    cupel_parameter_plan *plans = cupel_realloc(network->parameters, all, sizeof *plans);
    if (plans == NULL) return CUPEL_ERROR_MEMORY;
    network->parameters = plans;
    network->parameter_room = all;
    return CUPEL_OK;
}

static int64_t slice_of(int64_t count)
{
    return (count + CUPEL_SLICE - 1) / CUPEL_SLICE * CUPEL_SLICE;
}

/* SHAPE when the flat arrays would become too long for 64-bit sizes in bytes. */
static cupel_status check_elements(const cupel_network *network, const cupel_layer_shapes *shapes)
{
    int64_t elements = network->elements;
    for (int64_t i = 0; i < shapes->parameter_count; i++) {
        const int64_t count = cupel_shape_count(&shapes->parameters[i].shape);
        CUPEL_FAIL_IF(!cupel_add(elements, slice_of(count), &elements) || elements > INT64_MAX / 64,
                      CUPEL_ERROR_SHAPE,
                      "layer %lld: with its %lld elements of %s the model has too many parameters",
                      (long long)network->node_count, (long long)count, shapes->parameters[i].role);
    }
    return CUPEL_OK;
}

/* The names of a layer's parameters; *names stays NULL where it has none. */
static cupel_status make_names(int64_t position, const cupel_layer_shapes *shapes, char **names)
{
    if (shapes->parameter_count == 0) return CUPEL_OK;
    *names = cupel_alloc(shapes->parameter_count, CUPEL_PARAMETER_NAME);
    if (*names == NULL) return CUPEL_ERROR_MEMORY;
    for (int64_t i = 0; i < shapes->parameter_count; i++) {
        snprintf(*names + i * CUPEL_PARAMETER_NAME, CUPEL_PARAMETER_NAME, "%lld.%s",
                 (long long)position, shapes->parameters[i].role);
    }
    return CUPEL_OK;
}

/* Gives the layer's parameters their names and their slices of the flat arrays. */
static void add_parameters(cupel_network *network, const cupel_layer_shapes *shapes,
                           const char *names)
{
    for (int64_t i = 0; i < shapes->parameter_count; i++) {
        cupel_parameter_plan *plan = &network->parameters[network->parameter_count++];
        *plan = (cupel_parameter_plan){.spec = shapes->parameters[i], .offset = network->elements};
        plan->count = cupel_shape_count(&plan->spec.shape);
        plan->name = names + i * CUPEL_PARAMETER_NAME;
        network->elements += slice_of(plan->count);
    }
}

cupel_status cupel_network_add(cupel_network *network, const cupel_layer *layer)
{
    const int64_t position = network->node_count;
    CUPEL_TRY(cupel_layer_check(layer, position));
    const cupel_layer_type *type = cupel_layer_type_of(layer->kind);
    const cupel_edge *input = &network->edges[position];
    cupel_layer_shapes shapes = {0};
    CUPEL_TRY(type->shapes(layer, position, &input->shape, &shapes));
    CUPEL_TRY(cupel_shape_check(&shapes.outputs[0], "a layer's output"));
    CUPEL_TRY(check_elements(network, &shapes));
    char *names = NULL;
    CUPEL_TRY(make_names(position, &shapes, &names));
    const cupel_status status = make_room(network, shapes.parameter_count);
    if (status != CUPEL_OK) {
        cupel_free(names);
        return status;
    }

    network->edges[position + 1] = (cupel_edge){
        .shape = shapes.outputs[0],
        .needs_gradient = network->edges[position].needs_gradient || shapes.parameter_count > 0,
    };
    cupel_node *node = &network->nodes[position];
    *node = (cupel_node){
        .layer = *layer,
        .type = type,
        .position = position,
        .inputs = {position},
        .outputs = {position + 1},
        .first_parameter = network->parameter_count,
        .parameters = shapes.parameter_count,
        .names = names,
    };
    add_parameters(network, &shapes, names);
    network->node_count++;
    return CUPEL_OK;
}

const cupel_shape *cupel_network_input(const cupel_network *network)
{
    return &network->edges[0].shape;
}

const cupel_shape *cupel_network_output(const cupel_network *network)
{
    return &network->edges[network->node_count].shape;
}

void cupel_network_free(cupel_network *network)
{
    for (int64_t i = 0; i < network->node_count; i++)
        cupel_free(network->nodes[i].names);
    cupel_free(network->edges);
    cupel_free(network->nodes);
    cupel_free(network->parameters);
    *network = (cupel_network){0};
}
