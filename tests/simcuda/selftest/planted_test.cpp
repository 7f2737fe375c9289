// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// Every planted bug is reported with its file and line, in all thread orders; every good twin is
// clean.

#include "planted.h"
#include "sim_config.h"
#include "sim_report.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace
{

struct Source {
    const char *file;
    PlantedList (*list)();
};

const Source sources[] = {
    {"planted_memory.cu", planted_memory},       {"planted_races.cu", planted_races},
    {"planted_handovers.cu", planted_handovers}, {"planted_barriers.cu", planted_barriers},
    {"planted_warps.cu", planted_warps},
};

// Plain numbers, as the framework copies parameters into another process.
struct Run {
    int source;
    int number;
    int order;
};

int expected_kind(const Planted &planted)
{
#if defined(SIMCUDA_RACE)
    return planted.race;
#elif defined(__SANITIZE_ADDRESS__)
    return planted.asan;
#else
    return planted.sim;
#endif
}

// The lines that bear the comment of a planted bug.
std::vector<int> lines_of(const char *file, const char *name)
{
    std::ifstream source(std::string(SIMCUDA_SELFTEST_DIR "/") + file);
    cr_assert(source.is_open(), "%s can not be read", file);
    const std::string comment = std::string("/* BUG: ") + name + " */";
    std::vector<int> lines;
    std::string text;
    for (int line = 1; std::getline(source, text); line++) {
        if (text.find(comment) != std::string::npos) lines.push_back(line);
    }
    cr_assert(!lines.empty(), "%s has no line for %s", file, name);
    return lines;
}

bool same_file(const std::string &path, const std::string &name)
{
    return path.size() >= name.size() &&
           path.compare(path.size() - name.size(), name.size(), name) == 0;
}

bool is_at(const simcuda_report &report, const char *file, const std::vector<int> &lines)
{
    for (const int line : lines) {
        if (same_file(report.file, file) && report.line == line) return true;
    }
    return false;
}

std::string all_reports()
{
    int n = 0;
    const simcuda_report *reports = simcuda_reports(&n);
    std::string text;
    for (int i = 0; i < n; i++) {
        char line[1200];
        std::snprintf(line, sizeof line, "\n  %s: %s:%d: %s (%d times)",
                      simcuda_kind_name(reports[i].kind), reports[i].file, reports[i].line,
                      reports[i].text, static_cast<int>(reports[i].count));
        text += line;
    }
    return text.empty() ? " nothing" : text;
}

void set_order(int order)
{
    simcuda_configuration()->order = static_cast<simcuda_order>(order);
    simcuda_configuration()->block_order = static_cast<simcuda_order>(order);
}

} // namespace

ParameterizedTestParameters(simcuda_planted, reported)
{
    static criterion::parameters<Run> runs;
    for (int s = 0; s < static_cast<int>(sizeof sources / sizeof *sources); s++) {
        for (int i = 0; i < static_cast<int>(sources[s].list().n); i++) {
            for (int order = SIMCUDA_FORWARD; order <= SIMCUDA_WARPS; order++)
                runs.push_back({s, i, order});
        }
    }
    return runs;
}

// A process each: UndefinedBehaviorSanitizer speaks of a place once.
ParameterizedTest(Run *run, simcuda_planted, reported)
{
    const Source &source = sources[run->source];
    const Planted &planted = source.list().cases[run->number];
    const int kind = expected_kind(planted);
    const std::vector<int> lines = lines_of(source.file, planted.name);
    simcuda_reports_expected(true);
    set_order(run->order);
    const cudaError_t error = planted.run(true);
    cr_expect(error != cudaErrorUnknown && error != cudaErrorInvalidDeviceFunction,
              "%s, order %d: error %d", planted.name, run->order, error);
    int n = 0;
    const simcuda_report *reports = simcuda_reports(&n);
    bool found = false;
    for (int i = 0; i < n; i++)
        found = found || (reports[i].kind == kind && is_at(reports[i], source.file, lines));
    if (kind != kNothing) {
        cr_expect(found, "%s, order %d: no %s there, but%s", planted.name, run->order,
                  simcuda_kind_name(static_cast<simcuda_kind>(kind)), all_reports().c_str());
    }
}

Test(simcuda_planted, twins_are_clean)
{
    for (const Source &source : sources) {
        const PlantedList list = source.list();
        for (size_t i = 0; i < list.n; i++) {
            for (int order = SIMCUDA_FORWARD; order <= SIMCUDA_WARPS; order++) {
                for (uint64_t seed = 1; seed <= 3; seed++) {
                    simcuda_configuration()->seed = seed;
                    simcuda_configuration()->preempt = seed == 3 ? 8 : 0;
                    set_order(order);
                    const cudaError_t error = list.cases[i].run(false);
                    int n = 0;
                    simcuda_reports(&n);
                    cr_expect(error == cudaSuccess && n == 0, "%s, order %d: error %d,%s",
                              list.cases[i].name, order, error, all_reports().c_str());
                    simcuda_reports_clear();
                }
            }
        }
    }
}
