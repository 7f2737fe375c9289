// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// The ASan variant takes the memory of the devices from the heap, where the sanitizer guards it,
// says who allocated it, and finds what is never freed.

#include "allocation.h"

#include <cstdlib>

namespace simcuda
{

char *take_addresses(int, size_t bytes)
{
    void *start = nullptr;
    return posix_memalign(&start, 256, bytes) == 0 ? static_cast<char *>(start) : nullptr;
}

void return_addresses(int, char *start, size_t, bool)
{
    std::free(start);
}

} // namespace simcuda
