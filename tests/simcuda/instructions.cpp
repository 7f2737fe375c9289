// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// Instructions that wait for nobody.

#include "overlay/instructions.h"

#include "block.h"
#include "sim_config.h"
#include "sim_report.h"
#include "trace.h"

#include <cmath>
#include <cstring>

namespace simcuda
{

void fence()
{
    trace_fence();
}

void atomic_access(const void *address, size_t bytes, bool reads, Site site)
{
    if (reinterpret_cast<uintptr_t>(address) % bytes != 0) {
        report_at(SIMCUDA_ALIGNCHECK, site.file, site.line,
                  "%s: atomic operation on %zu bytes at %p, which is no multiple of that",
                  describe_thread().c_str(), bytes, address);
    }
    trace_atomic(address, bytes, reads, site);
}

void forbidden(const char *what, Site site)
{
    report_at(SIMCUDA_RULECHECK, site.file, site.line, "%s: %s", describe_thread().c_str(), what);
}

void trap(Site site)
{
    report_at(SIMCUDA_MEMCHECK, site.file, site.line, "%s: __trap", describe_thread().c_str());
    fail_launch(cudaErrorLaunchFailure);
}

float perturb(float value)
{
    if (!std::isnormal(value)) return value;
    uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    // splitmix64 of the value and the seed gives -2..2 ulp.
    uint64_t mix = bits + simcuda_configuration()->seed * 0x9e3779b97f4a7c15U;
    mix = (mix ^ mix >> 30) * 0xbf58476d1ce4e5b9U;
    mix = (mix ^ mix >> 27) * 0x94d049bb133111ebU;
    const int ulps = static_cast<int>((mix >> 40) % 5) - 2;
    bits += static_cast<uint32_t>(ulps);
    float result = 0;
    std::memcpy(&result, &bits, sizeof result);
    return std::isnormal(result) ? result : value;
}

} // namespace simcuda
