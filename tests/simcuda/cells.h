/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Where what is known about each byte is kept. A cell stands for an aligned word of 4 bytes as long
 * as all accesses to it are of the whole word; the first of another size splits it into a cell a
 * byte, until a whole word is written again.
 */
#ifndef CUPEL_SIMCUDA_CELLS_H
#define CUPEL_SIMCUDA_CELLS_H

#include "segments.h"

#include <cstddef>

namespace simcuda
{

struct Cell {
    Segment written; /* of the last write, or one of the meanings below */
    Segment read;    /* of the last read since, 0 for none */
    /* Of the last write. */
    uint32_t writer : 10;
    uint32_t write_stamp : 16;
    uint32_t atomic : 1;
    uint32_t split : 1; /* a word: its bytes have the truth */
    /* Of the last read. When several threads of a warp have read in its segment, reader and
       read_stamp together are the number of a set of readers. */
    uint32_t reader : 10;
    uint32_t read_stamp : 16;
    uint32_t several : 1;   /* threads have read in this segment, none ordered after the others */
    uint32_t warps : 1;     /* and they are of several warps */
    uint32_t elsewhere : 1; /* another block of the launch has read, too */
    uint32_t others : 1;    /* operations have read that nothing orders before the last one */
};

static_assert(sizeof(Cell) == 16, "four cells a cache line");

/* Meanings of Cell::written below kFirstSegment. Cells begin as zero bytes. */
constexpr Segment kUntouched = 0; /* in an allocation: nobody has written; outside: no memory */
constexpr Segment kUnwritten = 1;
constexpr Segment kInitialised = 2; /* by nobody whose order matters */
constexpr Segment kForbidden = 3;

/* A range of addresses with its cells, which take memory only where they are used. */
class Region
{
  public:
    void reserve(const char *start, size_t bytes);

    bool holds(const void *address) const
    {
        return offset(address) < bytes_;
    }
    size_t offset(const void *address) const
    {
        return reinterpret_cast<uintptr_t>(address) - reinterpret_cast<uintptr_t>(start_);
    }
    size_t bytes() const
    {
        return bytes_;
    }
    Cell &word(size_t offset)
    {
        return words_[offset / 4];
    }
    Cell &byte(size_t offset)
    {
        return bytes_of_words_[offset];
    }
    /* Turns a word's cell into those of its four bytes. */
    void split(size_t offset);

    /* Sets what is known of a range, without checks. */
    void set(size_t offset, size_t bytes, Segment written);

    /* Makes a range as it was at first. */
    void clear(size_t offset, size_t bytes);

  private:
    const char *start_ = nullptr; /* a multiple of 4 */
    size_t bytes_ = 0;
    Cell *words_ = nullptr;
    Cell *bytes_of_words_ = nullptr;
};

} // namespace simcuda

#endif
