// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0

#include "sim_report.h"

#include "locate.h"

#include <cstdarg>
#include <cstdio>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

namespace
{

struct Strings {
    std::string text;
    std::string file;
};

// What has been reported. Reports come from the device, under its lock, and from instrumented host
// code on any thread.
struct Findings {
    std::recursive_mutex mutex;
    std::vector<simcuda_report> reports;
    std::deque<Strings> strings; // of the reports; a deque never moves what it holds
    std::map<std::tuple<int, std::string, int>, size_t> by_line;
    std::map<std::pair<int, const void *>, size_t> by_pc; // saves looking up a place twice
    bool expected = false;
};

Findings &findings()
{
    static Findings f;
    return f;
}

std::string write_text(const char *format, va_list arguments)
{
    char text[1024];
    std::vsnprintf(text, sizeof text, format, arguments);
    return text;
}

// Counts one report at a place; the index of its entry.
size_t add(Findings &f, simcuda_kind kind, const std::string &file, int line,
           const std::string &text)
{
    const auto key = std::make_tuple(static_cast<int>(kind), file, line);
    const auto found = f.by_line.find(key);
    // Where no line is known, different sentences are different findings.
    if (found != f.by_line.end() && (line > 0 || f.strings[found->second].text == text)) {
        f.reports[found->second].count++;
        return found->second;
    }
    f.strings.push_back({text, file});
    const Strings &kept = f.strings.back();
    f.reports.push_back({kind, kept.text.c_str(), kept.file.c_str(), line, 1});
    f.by_line[key] = f.reports.size() - 1;
    if (!f.expected) {
        std::fprintf(stderr, "simcuda: %s: %s:%d: %s\n", simcuda_kind_name(kind), file.c_str(),
                     line, text.c_str());
    }
    return f.reports.size() - 1;
}

} // namespace

namespace simcuda
{

void report_at(simcuda_kind kind, const char *file, int line, const char *format, ...)
{
    Findings &f = findings();
    const std::lock_guard<std::recursive_mutex> lock(f.mutex);
    va_list arguments;
    va_start(arguments, format);
    const std::string text = write_text(format, arguments);
    va_end(arguments);
    add(f, kind, file, line, text);
}

void report(simcuda_kind kind, const void *pc, const char *format, ...)
{
    Findings &f = findings();
    const std::lock_guard<std::recursive_mutex> lock(f.mutex);
    const auto known = f.by_pc.find({kind, pc});
    if (known != f.by_pc.end()) {
        f.reports[known->second].count++;
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    const std::string text = write_text(format, arguments);
    va_end(arguments);
    const Place place = locate(pc);
    f.by_pc[{kind, pc}] = add(f, kind, place.file, place.line, text);
}

} // namespace simcuda

const simcuda_report *simcuda_reports(int *n)
{
    Findings &f = findings();
    const std::lock_guard<std::recursive_mutex> lock(f.mutex);
    *n = static_cast<int>(f.reports.size());
    return f.reports.data();
}

void simcuda_reports_clear()
{
    Findings &f = findings();
    const std::lock_guard<std::recursive_mutex> lock(f.mutex);
    f.reports.clear();
    f.strings.clear();
    f.by_line.clear();
    f.by_pc.clear();
}

void simcuda_reports_expected(bool expected)
{
    Findings &f = findings();
    const std::lock_guard<std::recursive_mutex> lock(f.mutex);
    f.expected = expected;
}

const char *simcuda_kind_name(simcuda_kind kind)
{
    static const char *const names[] = {"memcheck",    "racecheck", "initcheck",  "synccheck",
                                        "streamcheck", "hostcheck", "aligncheck", "limitcheck",
                                        "rulecheck",   "apicheck",  "address",    "undefined"};
    return names[kind];
}
