// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// Findings of AddressSanitizer and UndefinedBehaviorSanitizer become reports, and the program goes
// on.

#include "block.h"
#include "locate.h"
#include "sim_report.h"

#include <cstdlib>
#include <cstring>
#include <string>
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

namespace simcuda
{
namespace
{

// "KERNEL, block, thread: " while a kernel runs.
std::string prefix()
{
    return running_kernel ? describe_thread() + ": " : std::string();
}

} // namespace
} // namespace simcuda

// Called by the runtime of the sanitizer at each of its reports; the other tells what it is.
extern "C" void __ubsan_on_report();
extern "C" void __ubsan_get_current_report_data(const char **kind, const char **message,
                                                const char **file, unsigned *line, unsigned *column,
                                                char **address);

void __ubsan_on_report()
{
    const char *kind = "";
    const char *message = "";
    const char *file = "?";
    unsigned line = 0;
    unsigned column = 0;
    char *address = nullptr;
    __ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &address);
    const bool misaligned = std::strncmp(kind, "misaligned", 10) == 0;
    simcuda::report_at(misaligned ? SIMCUDA_ALIGNCHECK : SIMCUDA_UNDEFINED, file,
                       static_cast<int>(line), "%s%s", simcuda::prefix().c_str(), message);
}

#if defined(__SANITIZE_ADDRESS__)

namespace simcuda
{
namespace
{

// The first frame of the text that is in a source of the project: "... in NAME FILE:LINE".
Place find_frame(const char *text)
{
    Place place;
    for (const char *frame = std::strstr(text, "    #"); frame != nullptr;
         frame = std::strstr(frame + 1, "    #")) {
        const std::string line(frame, std::strcspn(frame, "\n"));
        const size_t path = line.find(" /");
        const size_t colon = line.find(':', path == std::string::npos ? line.size() : path);
        if (colon == std::string::npos) continue;
        const std::string file = line.substr(path + 1, colon - path - 1);
        if (foreign_file(file)) continue;
        place.file = file;
        place.line = std::atoi(line.c_str() + colon + 1);
        return place;
    }
    return place;
}

void on_report(const char *text)
{
    const Place place = find_frame(text);
    const char *first = std::strstr(text, "AddressSanitizer: ");
    first = first == nullptr ? text : first + std::strlen("AddressSanitizer: ");
    const std::string what(first, std::strcspn(first, "\n"));
    report_at(SIMCUDA_ADDRESS, place.file.c_str(), place.line, "%s%s", prefix().c_str(),
              what.c_str());
}

__attribute__((constructor)) void listen()
{
    __asan_set_error_report_callback(on_report);
}

} // namespace
} // namespace simcuda

// Faults in kernels are fault.cpp's.
extern "C" const char *__asan_default_options();
const char *__asan_default_options()
{
    return "halt_on_error=0:handle_segv=0:handle_sigbus=0";
}

#endif
