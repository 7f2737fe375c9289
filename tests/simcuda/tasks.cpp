/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tasks.h"
#include "runtime.h"
#include "sim_config.h"
#include "sim_runtime.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <random>
#include <set>

namespace simcuda
{

namespace
{

/* So many tasks may wait; beyond, an enqueuing call lets the oldest run first, as a full queue of a
 * card does. */
constexpr size_t kQueue = 4096;

uint64_t created;
int64_t kernels;
std::map<uint64_t, TaskPtr> waiting; /* by number: what is not done */
std::set<uint64_t> ready;            /* of these, what waits for nothing */

double milliseconds_now()
{
    using namespace std::chrono;
    return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

void settle(const TaskPtr &task)
{
    task->done = true;
    task->milliseconds = milliseconds_now();
    for (const TaskPtr &follower : task->followers)
        if (--follower->unmet == 0) ready.insert(follower->number);
    task->followers.clear();
    task->after.clear();
}

/* Runs a task that waits for nothing. Once the device is lost hardly anything runs any more, but
 * tasks still end. */
void run(uint64_t number)
{
    const TaskPtr task = waiting.at(number);
    ready.erase(number);
    waiting.erase(number);
    if (task->work->fault != cudaSuccess) {
        lose_device(task->work->fault);
    } else if (task->work->run && (sticky_error() == cudaSuccess || task->work->always)) {
        if (task->work->type == cudaGraphNodeTypeKernel) kernels++;
        begin_operation(task->operation);
        const cudaError_t error = task->work->run();
        end_operation();
        if (error != cudaSuccess) lose_device(error);
    }
    settle(task);
}

/* The numbers of what must run before the task is done, itself included, in a legal order. */
std::set<uint64_t> needed(const TaskPtr &task)
{
    std::set<uint64_t> numbers;
    std::vector<const Task *> stack = {task.get()};
    while (!stack.empty()) {
        const Task *next = stack.back();
        stack.pop_back();
        if (next->done || !numbers.insert(next->number).second) continue;
        for (const TaskPtr &before : next->after)
            stack.push_back(before.get());
    }
    return numbers;
}

uint64_t random_ready()
{
    static uint64_t seed;
    static std::mt19937_64 generator;
    if (seed != simcuda_configuration()->seed) {
        seed = simcuda_configuration()->seed;
        generator.seed(seed);
    }
    return *std::next(ready.begin(), static_cast<ptrdiff_t>(generator() % ready.size()));
}

/* What runs next where the order is free. */
uint64_t choose()
{
    switch (simcuda_configuration()->streams) {
    case SIMCUDA_LAZY_RANDOM:
        return random_ready();
    case SIMCUDA_LAZY_NEWEST:
        return *ready.rbegin();
    default:
        return *ready.begin();
    }
}

/* Names of operations, kept for the reports that come later. */
const char *keep(const std::string &name)
{
    static std::set<std::string> names;
    return names.insert(name).first->c_str();
}

bool only_what_is_needed()
{
    const simcuda_streams mode = simcuda_configuration()->streams;
    return mode == SIMCUDA_EAGER || mode == SIMCUDA_LAZY;
}

} // namespace

TaskPtr add_task(WorkPtr work, unsigned lane, const std::vector<TaskPtr> &after)
{
    TaskPtr task = std::make_shared<Task>();
    task->work = std::move(work);
    task->number = ++created;
    std::vector<Operation> operations;
    for (const TaskPtr &before : after) {
        if (!before) continue;
        /* A task that is done still hands over its order. */
        operations.push_back(before->operation);
        if (before->done) continue;
        task->after.push_back(before);
        task->unmet++;
        before->followers.push_back(task);
    }
    task->operation =
        new_operation(lane, keep(task->work->name), operations.data(), operations.size());
    waiting[task->number] = task;
    if (task->unmet == 0) ready.insert(task->number);
    if (simcuda_configuration()->streams == SIMCUDA_EAGER) {
        for (const uint64_t number : needed(task))
            run(number);
    }
    while (waiting.size() > kQueue)
        run(choose());
    return task;
}

cudaError_t finish(const TaskPtr &task)
{
    if (!task) return sticky_error();
    if (only_what_is_needed()) {
        for (const uint64_t number : needed(task))
            run(number);
    }
    while (!task->done)
        run(choose());
    host_waited_for(task->operation);
    return sticky_error();
}

bool poll(const TaskPtr &task)
{
    if (!task) return true;
    if (!task->done) run(only_what_is_needed() ? *needed(task).begin() : choose());
    if (task->done) host_waited_for(task->operation);
    return task->done;
}

void run_all()
{
    while (!ready.empty())
        run(choose());
}

} // namespace simcuda

int64_t simcuda_kernels_run(void)
{
    const std::lock_guard<std::recursive_mutex> hold(simcuda::device_lock());
    return simcuda::kernels;
}
