// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0

#include "sim_config.h"

#include "shadow.h"

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace
{

// A test that runs with other settings than it was asked for proves nothing, so a wrong value ends
// the program.
[[noreturn]] void refuse(const char *name, const char *value)
{
    std::fprintf(stderr, "simcuda: %s=%s: no such value, see tests/simcuda/sim_config.h\n", name,
                 value);
    std::_Exit(2);
}

int choose(const char *name, int fallback, std::initializer_list<const char *> values)
{
    const char *value = std::getenv(name);
    if (value == nullptr) return fallback;
    int index = 0;
    for (const char *candidate : values) {
        if (std::strcmp(value, candidate) == 0) return index;
        index++;
    }
    refuse(name, value);
}

uint64_t number(const char *name, uint64_t fallback, uint64_t most)
{
    const char *value = std::getenv(name);
    if (value == nullptr) return fallback;
    char *end = nullptr;
    errno = 0;
    const unsigned long long result = std::strtoull(value, &end, 10);
    if (*value < '0' || *value > '9' || *end != '\0' || errno != 0 || result > most)
        refuse(name, value);
    return result;
}

simcuda_config read_environment()
{
    simcuda_config c = {};
    const auto orders = {"forward", "reverse", "random", "warps"};
    c.order = static_cast<simcuda_order>(choose("SIMCUDA_ORDER", SIMCUDA_FORWARD, orders));
    c.block_order = static_cast<simcuda_order>(choose("SIMCUDA_BLOCK_ORDER", c.order, orders));
    c.seed = number("SIMCUDA_SEED", 1, UINT64_MAX);
    c.preempt = static_cast<int>(number("SIMCUDA_PREEMPT", 0, 64));
    c.strict = number("SIMCUDA_STRICT", 1, 1) != 0;
    c.perturb = number("SIMCUDA_PERTURB", 0, 1) != 0;
    c.streams = static_cast<simcuda_streams>(
        choose("SIMCUDA_STREAMS", SIMCUDA_EAGER, {"eager", "lazy", "random", "newest"}));
    c.lt = static_cast<simcuda_lt>(choose("SIMCUDA_LT", SIMCUDA_LT_FUSED,
                                          {"fused", "split", "unfused", "refuses", "absent"}));
    c.lt_splits = static_cast<int>(number("SIMCUDA_LT_SPLITS", 1, 16));
    c.lt_drops_nan = number("SIMCUDA_LT_DROPS_NAN", 0, 1) != 0;
    c.driver = number("SIMCUDA_DRIVER", 1, 1) != 0;
    c.devices = static_cast<int>(number("SIMCUDA_DEVICES", 1, simcuda::kMaximalDevices));
    c.memory = number("SIMCUDA_MEMORY", size_t{2} << 30, SIZE_MAX);
    c.fail_call = number("SIMCUDA_FAIL_CALL", 0, UINT64_MAX);
    c.fail_error = static_cast<int>(number("SIMCUDA_FAIL_ERROR", 0, 999));
    c.fail_error = static_cast<int>(number("SIMCUDA_FAIL_ERROR", 0, INT_MAX));
    c.fail_mode = static_cast<simcuda_failure>(
        choose("SIMCUDA_FAIL_MODE", SIMCUDA_TRANSIENT, {"transient", "persistent"}));
    return c;
}

} // namespace

simcuda_config *simcuda_configuration()
{
    static simcuda_config config = read_environment();
    return &config;
}

bool simcuda_call_fails()
{
    simcuda_config *c = simcuda_configuration();
    c->calls++;
    if (c->fail_call == 0 || c->calls < c->fail_call) return false;
    return c->calls == c->fail_call || c->fail_mode == SIMCUDA_PERSISTENT;
}
