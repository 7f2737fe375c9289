// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0

#include "cells.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sys/mman.h>

namespace simcuda
{
namespace
{

constexpr size_t kPage = 4096;

Cell *reserve_cells(size_t n)
{
    void *memory = mmap(nullptr, n * sizeof(Cell), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        std::perror("simcuda: no addresses for the shadow memory");
        std::_Exit(2);
    }
    return static_cast<Cell *>(memory);
}

// Zeroes cells; whole pages are given back, which zeroes them.
void clear_cells(Cell *first, Cell *end)
{
    char *from = reinterpret_cast<char *>(first);
    char *to = reinterpret_cast<char *>(end);
    const uintptr_t address = reinterpret_cast<uintptr_t>(from);
    char *page = from + ((address + kPage - 1) / kPage * kPage - address);
    if (page < to) {
        const size_t pages = static_cast<size_t>(to - page) / kPage * kPage;
        if (pages > 0) madvise(page, pages, MADV_DONTNEED);
        std::fill(first, reinterpret_cast<Cell *>(page), Cell());
        first = reinterpret_cast<Cell *>(page + pages);
    }
    std::fill(first, end, Cell());
}

} // namespace

void Region::reserve(const char *start, size_t bytes)
{
    start_ = start;
    bytes_ = bytes;
    words_ = reserve_cells((bytes + 3) / 4);
    bytes_of_words_ = reserve_cells((bytes + 3) / 4 * 4);
}

void Region::split(size_t offset)
{
    Cell &w = word(offset);
    std::fill_n(&byte(offset / 4 * 4), 4, w);
    w.split = 1;
}

void Region::set(size_t offset, size_t bytes, Segment written)
{
    const Cell cell = {written, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    const size_t end = offset + bytes;
    while (offset < end) {
        if (offset % 4 == 0 && end - offset >= 4) {
            word(offset) = cell;
            offset += 4;
        } else {
            if (!word(offset).split) split(offset);
            byte(offset++) = cell;
        }
    }
}

void Region::clear(size_t offset, size_t bytes)
{
    const size_t first = offset / 4;
    const size_t end = (offset + bytes + 3) / 4;
    clear_cells(words_ + first, words_ + end);
    clear_cells(bytes_of_words_ + first * 4, bytes_of_words_ + end * 4);
}

} // namespace simcuda
