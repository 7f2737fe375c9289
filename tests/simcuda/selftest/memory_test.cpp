// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// The memory of the devices: allocation in all variants; in the race variant also what the host may
// touch, and the order of operations.

#include "executed.h"
#include "executor.h"
#include "host_code.h"
#include "planted.h"
#include "shadow.h"
#include "sim_config.h"
#include "sim_report.h"

#include <criterion/criterion.h>

#include <cstdint>
#include <cstring>
#include <string>

using namespace simcuda;

namespace
{

#if defined(SIMCUDA_RACE)
constexpr bool kRace = true;
#else
constexpr bool kRace = false;
#endif

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kAsan = true;
#else
constexpr bool kAsan = false;
#endif

constexpr size_t kFloats = 1000;
constexpr size_t kBytes = kFloats * sizeof(float);

// Looks for the only report, and forgets it.
void expect_one(simcuda_kind kind, const char *file, const char *part)
{
    int n = 0;
    const simcuda_report *reports = simcuda_reports(&n);
    cr_assert_eq(n, 1, "%d reports, not one", n);
    cr_expect_eq(reports[0].kind, kind, "%s", reports[0].text);
    cr_expect(std::strstr(reports[0].file, file) != nullptr, "%s, not %s", reports[0].file, file);
    cr_expect(std::strstr(reports[0].text, part) != nullptr, "\"%s\" is not in \"%s\"", part,
              reports[0].text);
    simcuda_reports_clear();
}

void expect_none()
{
    int n = 0;
    const simcuda_report *reports = simcuda_reports(&n);
    cr_assert_eq(n, 0, "%s", n > 0 ? reports[0].text : "");
}

// An operation that reads or writes all of some memory, run at once.
void run_operation(Operation operation, const void *memory, bool writes)
{
    begin_operation(operation);
    if (writes)
        mark_written(memory, kBytes, "a fill");
    else
        mark_read(memory, kBytes, "a copy");
    end_operation();
}

float *pinned_floats()
{
    return static_cast<float *>(allocate(kPinned, kBytes));
}

} // namespace

Test(simcuda_memory, allocations_are_counted_and_limited)
{
    simcuda_configuration()->memory = 10000;
    char *a = static_cast<char *>(allocate(0, 6000));
    cr_assert_not_null(a);
    cr_expect_eq(reinterpret_cast<uintptr_t>(a) % 256, 0);
    cr_expect_null(allocate(0, 4001));
    cr_expect_null(allocate(0, SIZE_MAX));
    char *b = static_cast<char *>(allocate(0, 4000));
    cr_assert_not_null(b);
    cr_expect_eq(allocated_bytes(0), 10000);
    char *other = static_cast<char *>(allocate(1, 10000));
    char *pinned = static_cast<char *>(allocate(kPinned, 100000));
    cr_expect(other != nullptr && pinned != nullptr);

    cr_expect_eq(find_allocation(a + 5999)->start, a);
    cr_expect_eq(find_allocation(a + 5999)->bytes, 6000);
    cr_expect_null(find_allocation(a + 6000));
    cr_expect_eq(find_allocation(other)->place, 1);
    cr_expect_eq(find_allocation(pinned)->place, kPinned);
    int local = 0;
    cr_expect_null(find_allocation(&local));
    cr_expect_eq(static_cast<unsigned char>(a[17]), 0xff);

    cr_expect(!release(a + 1));
    cr_expect(release(a));
    cr_expect(!release(a));
    cr_expect_eq(allocated_bytes(0), 4000);
    cr_expect_null(find_allocation(a));
    cr_expect(release(b) && release(other) && release(pinned));
    cr_expect_eq(allocated_bytes(0), 0);
    expect_none();
}

Test(simcuda_memory, hosts_touch_pinned_memory_alone)
{
    simcuda_reports_expected(true);
    float *device = device_floats(kFloats);
    float *pinned = pinned_floats();
    float local[4] = {0, 1, 2, 3};
    host_writes(pinned, host_reads(local));
    host_copies(pinned, local, sizeof local);
    host_fills(pinned, kBytes);
    cr_expect_eq(host_counts(), 10);
    expect_none();
    if (kRace) {
        host_reads(device);
        expect_one(SIMCUDA_HOSTCHECK, "host_code.c", "reads memory of the device");
        host_writes(device, 1.0F);
        expect_one(SIMCUDA_HOSTCHECK, "host_code.c", "writes memory of the device");
        host_copies(local, device, sizeof local);
        expect_one(SIMCUDA_HOSTCHECK, "host_code.c", "reads memory of the device");
        host_copies(device, local, sizeof local);
        expect_one(SIMCUDA_HOSTCHECK, "host_code.c", "writes memory of the device");
        host_fills(device, sizeof local);
        expect_one(SIMCUDA_HOSTCHECK, "host_code.c", "writes memory of the device");
    }
    release(device);
    release(pinned);
}

// Two lanes; with an event between them or not, in both orders in which they may happen to run.
Test(simcuda_memory, operations_need_an_order)
{
    simcuda_reports_expected(true);
    for (const bool first_writes : {true, false}) {
        for (const bool second_writes : {true, false}) {
            for (const bool ordered : {true, false}) {
                float *memory = device_floats(kFloats);
                const Operation first = new_operation(new_lane(), "first", nullptr, 0);
                const Operation second =
                    new_operation(new_lane(), "second", &first, ordered ? 1 : 0);
                run_operation(first, memory, first_writes);
                run_operation(second, memory, second_writes);
                const bool races = !ordered && (first_writes || second_writes);
                if (kRace && races) expect_one(SIMCUDA_STREAMCHECK, "?", "of first (operation");
                expect_none();
                release(memory);
            }
        }
    }
}

Test(simcuda_memory, orders_are_handed_on)
{
    float *memory = device_floats(kFloats);
    // first -> event -> second, through a lane that touches nothing, and long done.
    const Operation first = new_operation(new_lane(), "first", nullptr, 0);
    run_operation(first, memory, true);
    const unsigned lane = new_lane();
    const Operation event = new_operation(lane, "event", &first, 1);
    const Operation later = new_operation(lane, "later", nullptr, 0);
    const Operation second = new_operation(new_lane(), "second", &later, 1);
    run_operation(second, memory, true);
    expect_none();
    // What the host has waited for comes before all that it enqueues from then on.
    host_waited_for(second);
    const Operation third = new_operation(new_lane(), "third", nullptr, 0);
    run_operation(third, memory, true);
    expect_none();
    cr_expect(!kRace || event != kNoOperation);
    release(memory);
}

Test(simcuda_memory, kernels_are_part_of_operations)
{
    simcuda_reports_expected(true);
    for (const bool ordered : {true, false}) {
        float *x = device_floats(kFloats);
        float *y = device_floats(kFloats);
        const Operation fill = new_operation(new_lane(), "fill", nullptr, 0);
        const Operation kernel = new_operation(new_lane(), "kernel", &fill, ordered ? 1 : 0);
        run_operation(fill, x, true);
        fill_bytes(x, 0, kBytes);
        begin_operation(kernel);
        cr_assert_eq(run_exp(x, y), cudaSuccess);
        end_operation();
        if (kRace && !ordered) expect_one(SIMCUDA_STREAMCHECK, "executed.cu", "fill (operation");
        expect_none();
        release(x);
        release(y);
    }
}

// The host fills a buffer again before the copy out of it is known to be done.
Test(simcuda_memory, pinned_memory_in_flight)
{
    simcuda_reports_expected(true);
    for (const bool runs_late : {true, false}) {
        for (const bool waits : {true, false}) {
            float *pinned = pinned_floats();
            host_fills(pinned, kBytes);
            const Operation copy = new_operation(new_lane(), "copy", nullptr, 0);
            if (!runs_late || waits) run_operation(copy, pinned, false);
            if (waits) host_waited_for(copy);
            host_fills(pinned, kBytes);
            if (runs_late && !waits) run_operation(copy, pinned, false);
            if (kRace && !waits)
                expect_one(SIMCUDA_STREAMCHECK, runs_late ? "?" : "host_code.c",
                           "nothing orders before");
            expect_none();
            release(pinned);
        }
    }
}

Test(simcuda_memory, copies_of_nothing_written)
{
    simcuda_reports_expected(true);
    void *memory = device_unwritten(kBytes);
    run_operation(new_operation(new_lane(), "download", nullptr, 0), memory, false);
    if (kRace) expect_one(SIMCUDA_INITCHECK, "?", "nobody has written");
    mark_unwritten(memory, kBytes);
    run_operation(new_operation(new_lane(), "upload", nullptr, 0), memory, true);
    expect_none();
    begin_operation(new_operation(new_lane(), "download", nullptr, 0));
    mark_read(static_cast<char *>(memory) + 4, kBytes, "a copy");
    end_operation();
    if (kRace) {
        int n = 0;
        const simcuda_report *reports = simcuda_reports(&n);
        bool found = false;
        for (int i = 0; i < n; i++)
            found = found || reports[i].kind == SIMCUDA_MEMCHECK;
        cr_expect(found);
    }
    release(memory);
}

Test(simcuda_memory, forbidden_bytes)
{
    simcuda_reports_expected(true);
    float *x = device_floats(kFloats);
    float *y = device_floats(kFloats);
    mark_forbidden(x + 500, 8 * sizeof(float));
    cr_assert_eq(run_exp(x, y), cudaSuccess);
    if (kRace) expect_one(SIMCUDA_MEMCHECK, "executed.cu", "forbidden");
    if (kAsan) expect_one(SIMCUDA_ADDRESS, "executed.cu", "use-after-poison");
    mark_initialised(x + 500, 8 * sizeof(float));
    cr_assert_eq(run_exp(x, y), cudaSuccess);
    expect_none();
    release(x);
    release(y);
}

Test(simcuda_memory, registered_memory_is_for_kernels)
{
    simcuda_reports_expected(true);
    static float *host = new float[kFloats]();
    float *y = device_floats(kFloats);
    register_host_memory(host, kBytes);
    cr_assert_eq(run_exp(host, y), cudaSuccess);
    expect_none();
    unregister_host_memory(host);
    cr_assert_eq(run_exp(host, y), cudaSuccess);
    if (kRace) expect_one(SIMCUDA_HOSTCHECK, "executed.cu", "memory of the host");
    release(y);
}

Test(simcuda_memory, another_devices_memory)
{
    simcuda_reports_expected(true);
    float *y = device_floats(kFloats);
    float *other = static_cast<float *>(allocate(1, kBytes));
    fill_bytes(other, 0, kBytes);
    mark_initialised(other, kBytes);
    cr_assert_eq(run_exp(other, y), cudaSuccess);
    if (kRace) expect_one(SIMCUDA_MEMCHECK, "executed.cu", "memory of device 1 from device 0");
    release(other);
    release(y);
}
