/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* Checks an access against the cells of its bytes, and notes it there. */
#ifndef CUPEL_SIMCUDA_CELL_CHECK_H
#define CUPEL_SIMCUDA_CELL_CHECK_H

#include "cells.h"
#include "overlay/instructions.h"

#include <cstddef>

namespace simcuda
{

struct Touch {
    const char *address = nullptr;
    size_t bytes = 0;
    bool reads = false;
    bool writes = false;
    bool atomic = false;
    bool by_kernel = false;     /* else by an operation of the runtime, or by the host */
    bool shared = false;        /* shared memory: it begins with the block */
    bool static_shared = false; /* and its size is not part of the launch */
    const char *who = nullptr;  /* where not by a kernel: "cudaMemcpyAsync" */
    const void *pc = nullptr;   /* the return address into the code at fault, */
    Site site = {nullptr, 0};   /* or its source line; neither for an operation */
};

/* offset is that of touch.address in the region. */
void check_range(Region &region, size_t offset, const Touch &touch);

/* An allocation has begun or ended: what is remembered of the last one is no longer true. */
void forget_allocation();

/* A new launch or block begins: the bytes of static shared memory it has written are counted anew.
 */
void begin_shared(size_t dynamic, size_t dynamic_limit);

/* Cells of the memory of all devices and of pinned memory. */
extern Region arena_cells;

/* Whether memory of the host has been registered with CUDA. */
bool is_registered(const void *byte);

/* The host reads or writes memory of the arena. */
void host_access(const void *address, size_t bytes, bool writes, const void *pc);

/* A kernel reads or writes any memory. */
void kernel_access(Touch &touch);

} // namespace simcuda

#endif
