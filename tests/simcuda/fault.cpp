// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0

#include "fault.h"

#include "block.h"
#include "sim_report.h"

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <sys/mman.h>
#include <ucontext.h>

namespace simcuda
{

#if defined(__x86_64__)
namespace
{

constexpr size_t kHandlerStack = 256 << 10;

struct sigaction before_segv;
struct sigaction before_bus;
const void *fault_pc;
const void *fault_address;
char *landing_stack;

void *map_stack()
{
    void *memory = mmap(nullptr, kHandlerStack, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) std::_Exit(2);
    return memory;
}

// Runs in place of the instruction at fault, on a stack of its own, for that of the thread may be
// what is used up. AddressSanitizer, which would look for that stack where it is not, leaves this
// alone.
[[noreturn]] __attribute__((no_sanitize("address"))) void land()
{
    const bool overflow = below_stack(current_fiber(), fault_address);
    const simcuda_kind kind = overflow ? SIMCUDA_LIMITCHECK : SIMCUDA_MEMCHECK;
    // report() steps back from a return address.
    const void *pc = static_cast<const char *>(fault_pc) + 1;
    if (overflow) {
        report(kind, pc, "%s: its stack of %zu bytes is used up", describe_thread().c_str(),
               kStackBytes);
    } else {
        report(kind, pc, "%s: access to %p, where no memory is, or misaligned",
               describe_thread().c_str(), fault_address);
    }
    fail_launch(cudaErrorIllegalAddress);
}

void handle(int signal, siginfo_t *info, void *context)
{
    if (!in_kernel() || current_fiber() == host_fiber()) {
        // Not a kernel's: whoever had the signal before meets it again.
        sigaction(signal, signal == SIGSEGV ? &before_segv : &before_bus, nullptr);
        return;
    }
    greg_t *registers = static_cast<ucontext_t *>(context)->uc_mcontext.gregs;
    fault_pc = reinterpret_cast<const void *>(registers[REG_RIP]);
    fault_address = info->si_addr;
    // As after a call: the stack pointer is 8 below a multiple of 16.
    registers[REG_RSP] = reinterpret_cast<greg_t>(landing_stack + kHandlerStack - 64 - 8);
    registers[REG_RIP] = reinterpret_cast<greg_t>(land);
}

} // namespace

void catch_faults()
{
    stack_t stack = {};
    sigaltstack(nullptr, &stack);
    if ((stack.ss_flags & SS_DISABLE) != 0) {
        stack = {};
        stack.ss_sp = map_stack();
        stack.ss_size = kHandlerStack;
        sigaltstack(&stack, nullptr);
    }
    if (landing_stack != nullptr) return;
    landing_stack = static_cast<char *>(map_stack());
    struct sigaction action = {};
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGSEGV, &action, &before_segv);
    sigaction(SIGBUS, &action, &before_bus);
}

#else

void catch_faults()
{
}

#endif

} // namespace simcuda
