// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0

#include "locate.h"

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <unistd.h>
#include <vector>

// The sanitizers' runtimes read the debug information inside the process; the sim variant, which
// has none of them, asks addr2line.
extern "C" __attribute__((weak)) void __sanitizer_symbolize_pc(void *pc, const char *format,
                                                               char *out, size_t bytes);

extern "C" char __executable_start[];

namespace simcuda
{
namespace
{

using Frames = std::vector<Place>; // the innermost of the inlined functions first

Frames ask_sanitizer(const void *pc)
{
    Frames frames;
    std::vector<char> out(8192, '\0');
    __sanitizer_symbolize_pc(const_cast<void *>(pc), "%f|%s|%l", out.data(), out.size());
    // One string a frame, and an empty one after the last.
    for (const char *text = out.data(); *text != '\0'; text += std::strlen(text) + 1) {
        const std::string frame = text;
        const size_t last = frame.rfind('|');
        const size_t first = last == std::string::npos ? last : frame.rfind('|', last - 1);
        if (first == std::string::npos) break;
        Place place;
        place.function = frame.substr(0, first);
        place.file = frame.substr(first + 1, last - first - 1);
        place.line = std::atoi(frame.c_str() + last + 1);
        if (place.line > 0) frames.push_back(place);
    }
    return frames;
}

std::string read_line(FILE *from)
{
    std::string line;
    for (int c = std::fgetc(from); c != EOF && c != '\n'; c = std::fgetc(from))
        line.push_back(static_cast<char>(c));
    return line;
}

// The file that holds an instruction. The program's own is what the system says: its first argument
// may be anything.
std::string file_of(const Dl_info &info)
{
    char path[4096] = "";
    if (info.dli_fbase == __executable_start &&
        readlink("/proc/self/exe", path, sizeof path - 1) > 0)
        return path;
    return info.dli_fname;
}

Frames ask_addr2line(const void *pc)
{
    Frames frames;
    Dl_info info;
    if (dladdr(pc, &info) == 0 || info.dli_fname == nullptr) return frames;
    const uintptr_t offset =
        reinterpret_cast<uintptr_t>(pc) - reinterpret_cast<uintptr_t>(info.dli_fbase) - 1;
    char command[8192];
    std::snprintf(command, sizeof command, "addr2line -i -f -C -e '%s' 0x%" PRIxPTR " 2>/dev/null",
                  file_of(info).c_str(), offset);
    FILE *pipe = popen(command, "r");
    if (pipe == nullptr) return frames;
    for (;;) {
        Place place;
        place.function = read_line(pipe);
        const std::string line = read_line(pipe);
        const size_t colon = line.rfind(':');
        if (colon == std::string::npos) break;
        place.file = line.substr(0, colon);
        place.line = std::atoi(line.c_str() + colon + 1);
        frames.push_back(place);
    }
    pclose(pipe);
    return frames;
}

} // namespace

bool foreign_file(const std::string &file)
{
    for (const char *part :
         {"simcuda/overlay/", "/include/cuda", "/include/crt/", "/include/vector_"}) {
        if (file.find(part) != std::string::npos) return true;
    }
    return file.rfind("/usr/", 0) == 0;
}

Place locate(const void *pc)
{
    Frames frames;
    if (__sanitizer_symbolize_pc != nullptr) frames = ask_sanitizer(pc);
    if (frames.empty()) frames = ask_addr2line(pc);
    for (const Place &place : frames) {
        if (place.line > 0 && !foreign_file(place.file)) return place;
    }
    return frames.empty() ? Place() : frames.front();
}

} // namespace simcuda
