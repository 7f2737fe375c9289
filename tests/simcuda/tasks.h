/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Asynchronous acts as a graph of dependencies. A task runs after the tasks that it names; which of
 * those that may run does so next, and when, is the choice of simcuda_configuration()->streams. A
 * real card may take any of these orders, so a program must be right in all of them. */
#ifndef SIMCUDA_TASKS_H
#define SIMCUDA_TASKS_H

#include "shadow.h"

#include <cuda_runtime_api.h>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace simcuda
{

/* What a task does. The launches of a graph share it with the graph. */
struct Work {
    cudaGraphNodeType type = cudaGraphNodeTypeEmpty;
    std::string name;                 /* for the reports */
    std::function<cudaError_t()> run; /* empty for what only orders; an error is the device's end */
    cudaKernelNodeParams kernel = {}; /* func is NULL for a kernel of a library */
    bool always = false;              /* runs on a lost device too */
    cudaError_t fault = cudaSuccess;  /* planted: what becomes of it instead of running */
};
using WorkPtr = std::shared_ptr<const Work>;

struct Task;
using TaskPtr = std::shared_ptr<Task>;

struct Task {
    WorkPtr work;
    Operation operation = kNoOperation;
    uint64_t number = 0;            /* counts up in the order of creation */
    std::vector<TaskPtr> after;     /* what it waits for; empty once it is done */
    std::vector<TaskPtr> followers; /* what waits for it; empty once it is done */
    size_t unmet = 0;               /* those of after that are not done */
    bool done = false;
    double milliseconds = 0; /* when it was done */
};

/* Adds a task; the eager mode runs it at once. NULL entries in after are passed over. */
TaskPtr add_task(WorkPtr work, unsigned lane, const std::vector<TaskPtr> &after);

/* Runs until the task is done, and lets the host know of it. NULL is done. The sticky error, if
 * there is one. */
cudaError_t finish(const TaskPtr &task);

/* Runs at most one task on the way to this one, as time passes between two queries. Whether it is
 * done; then the host knows of it. */
bool poll(const TaskPtr &task);

/* Runs everything, without letting the host know: what freeing memory does. */
void run_all();

} // namespace simcuda

#endif
