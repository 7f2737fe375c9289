// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0

#include "cell_check.h"

#include "allocation.h"
#include "arena.h"
#include "block.h"
#include "findings.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace simcuda
{
namespace
{

// Which lanes of a warp have read in the current segment, when they are several, and when.
struct Readers {
    unsigned warp;
    unsigned lanes;
    Stamp stamp[kWarp];
};

// Sets belong to one segment, so all are dropped when another begins.
struct ReaderSets {
    std::vector<Readers> sets;
    Segment segment = 0;

    std::vector<Readers> &of_segment()
    {
        if (segment != now.segment) {
            sets.clear();
            segment = now.segment;
        }
        return sets;
    }
};

ReaderSets reader_sets;
Allocation last_allocation;

struct SharedUse {
    size_t bytes;
    size_t most;
};

SharedUse static_shared;

// Finds what an untouched cell of global memory stands for; false where there is no memory.
bool resolve(Cell &cell, const char *byte, size_t bytes)
{
    const auto holds = [&](const Allocation &a) {
        const size_t offset = static_cast<size_t>(byte - a.start);
        return offset < a.bytes && bytes <= a.bytes - offset;
    };
    if (!holds(last_allocation)) {
        const Allocation *found = find_allocation(byte);
        if (found == nullptr || !holds(*found)) return false;
        last_allocation = *found;
    }
    cell.written = last_allocation.place == kPinned ? kInitialised : kUnwritten;
    return true;
}

// Whether memory was written by nobody; shared memory begins with the block.
bool is_unwritten(const Cell &cell, bool shared)
{
    return shared ? cell.written < now.block : cell.written == kUnwritten;
}

void count_static_shared(const Touch &touch, size_t bytes)
{
    static_shared.bytes += bytes;
    if (static_shared.bytes > static_shared.most &&
        static_shared.bytes - bytes <= static_shared.most) {
        tell(SIMCUDA_LIMITCHECK, touch,
             "static and dynamic shared memory together are more than this launch may use");
    }
}

void check_last_write(const Cell &cell, const Touch &touch)
{
    if (cell.written < kFirstSegment) return;
    if (touch.by_kernel && cell.written >= now.launch) {
        if (touch.atomic && cell.atomic) return;
        const Access write = {cell.written, cell.writer, static_cast<Stamp>(cell.write_stamp)};
        const bool ordered =
            cell.written >= now.block ? ordered_in_block(write) : handed_over(write);
        if (!ordered)
            tell_race(touch, cell.atomic ? "atomic operation" : "write", cell.written, cell.writer,
                      true);
    } else if (!touch.shared && !operation_ordered(cell.written)) {
        tell_unordered(touch, "write", cell.written);
    }
}

// The number of a set of readers in a cell.
unsigned set_number(const Cell &cell)
{
    return cell.reader | cell.read_stamp << 10;
}

void set_set_number(Cell &cell, size_t number)
{
    cell.reader = number & 0x3ff;
    cell.read_stamp = number >> 10 & 0xffff;
}

// Whether all of several readers in the current segment are ordered before the current thread.
bool readers_ordered(const Cell &cell)
{
    if (cell.warps) return false;
    const Readers &set = reader_sets.of_segment()[set_number(cell)];
    for (unsigned l = 0; l < kWarp; l++) {
        if ((set.lanes >> l & 1) && !ordered_in_segment(set.warp * kWarp + l, set.stamp[l]))
            return false;
    }
    return true;
}

void check_last_reads(const Cell &cell, const Touch &touch)
{
    if (cell.read < kFirstSegment) return;
    if (!touch.by_kernel || cell.read < now.launch) {
        if (!touch.shared && !operation_ordered(cell.read))
            tell_unordered(touch, "read", cell.read);
        return;
    }
    if (touch.shared && cell.read < now.block) return;
    const Access read = {cell.read, cell.reader, static_cast<Stamp>(cell.read_stamp)};
    if (cell.read < now.block) {
        // Of several readers only that they came before is known.
        const Access any = {cell.read, 0, 0};
        if (!handed_over(cell.several ? any : read)) tell_race(touch, "read", cell.read, 0, false);
        return;
    }
    if (cell.elsewhere && !took_over()) {
        tell_race(touch, "read", now.block - 1, 0, false);
    } else if (cell.read == now.segment) {
        const bool ordered =
            cell.several ? readers_ordered(cell) : ordered_in_segment(read.thread, read.stamp);
        if (!ordered) tell_race(touch, "read", cell.read, read.thread, !cell.several);
    }
}

// A second reader in a segment, or one more, that is not ordered after the others.
void add_reader(Cell &cell, unsigned thread, Stamp stamp)
{
    std::vector<Readers> &sets = reader_sets.of_segment();
    if (cell.warps) return;
    const unsigned warp = cell.several ? sets[set_number(cell)].warp : cell.reader / kWarp;
    if (warp != thread / kWarp) {
        cell.several = 1;
        cell.warps = 1;
        return;
    }
    if (!cell.several) {
        Readers set = {warp, 1U << cell.reader % kWarp, {}};
        set.stamp[cell.reader % kWarp] = static_cast<Stamp>(cell.read_stamp);
        cell.several = 1;
        set_set_number(cell, sets.size());
        sets.push_back(set);
    }
    Readers &set = sets[set_number(cell)];
    set.lanes |= 1U << thread % kWarp;
    set.stamp[thread % kWarp] = stamp;
}

// The last reads of other operations than the last, for the few cells that have such.
std::unordered_map<const Cell *, std::vector<Segment>> other_reads;

// Before an operation's read takes the place of an older one's: what nothing orders before it is
// kept, for the next write may come after the one and not after the other.
void keep_unordered_read(Cell &cell)
{
    if (!cell.others && operation_ordered(cell.read)) return;
    std::vector<Segment> &reads = other_reads[&cell];
    if (!cell.others) reads.clear();
    reads.push_back(cell.read);
    reads.erase(std::remove_if(reads.begin(), reads.end(), operation_ordered), reads.end());
    cell.others = !reads.empty();
}

void check_other_reads(const Cell &cell, const Touch &touch)
{
    if (!cell.others) return;
    for (const Segment read : other_reads[&cell]) {
        if (!operation_ordered(read)) tell_unordered(touch, "read", read);
    }
}

void note_read(Cell &cell, const Touch &touch)
{
    const unsigned thread = touch.by_kernel ? block.current : 0;
    const Stamp stamp = touch.by_kernel ? current_stamp() : Stamp{0};
    const bool earlier = !touch.by_kernel || cell.read < now.launch;
    if (cell.read >= kFirstSegment && earlier && !touch.shared) keep_unordered_read(cell);
    if (cell.read != now.segment) {
        cell.elsewhere = touch.by_kernel && !touch.shared && cell.read >= now.launch &&
                         (cell.read < now.block || cell.elsewhere);
    } else if (cell.several ||
               !ordered_in_segment(cell.reader, static_cast<Stamp>(cell.read_stamp))) {
        add_reader(cell, thread, stamp);
        return;
    }
    cell.read = now.segment;
    cell.reader = thread & 0x3ff;
    cell.read_stamp = stamp;
    cell.several = 0;
    cell.warps = 0;
}

void note_write(Cell &cell, const Touch &touch)
{
    cell.written = now.segment;
    cell.writer = (touch.by_kernel ? block.current : 0) & 0x3ff;
    cell.write_stamp = touch.by_kernel ? current_stamp() : Stamp{0};
    cell.atomic = touch.atomic;
    // Who comes after this write comes after all reads before it.
    cell.read = 0;
    cell.elsewhere = 0;
    cell.others = 0;
}

// One cell, of so many bytes; false where there is no memory, which is said once an access.
bool check_cell(Cell &cell, const char *byte, size_t bytes, const Touch &touch)
{
    if (!touch.shared && cell.written == kUntouched && !resolve(cell, byte, bytes)) {
        tell_no_memory(touch, byte);
        return false;
    }
    if (cell.written == kForbidden) {
        tell_no_memory(touch, byte);
        return false;
    }
    if (is_unwritten(cell, touch.shared)) {
        if (touch.reads) {
            tell(SIMCUDA_INITCHECK, touch, "%s %s memory that nobody has written", deed(touch),
                 space(touch));
            cell.written = touch.shared ? now.block : kInitialised;
            cell.read = 0;
        }
        if (touch.writes && touch.static_shared) count_static_shared(touch, bytes);
    } else {
        check_last_write(cell, touch);
    }
    if (touch.writes) {
        check_last_reads(cell, touch);
        check_other_reads(cell, touch);
        note_write(cell, touch);
    } else {
        note_read(cell, touch);
    }
    return true;
}

} // namespace

void check_range(Region &region, size_t offset, const Touch &touch)
{
    const char *byte = touch.address;
    const size_t end = offset + touch.bytes;
    while (offset < end) {
        Cell &word = region.word(offset);
        const bool whole = offset % 4 == 0 && end - offset >= 4;
        if (whole && !word.split) {
            if (!check_cell(word, byte, 4, touch)) return;
            offset += 4;
            byte += 4;
            continue;
        }
        if (!word.split) region.split(offset);
        const size_t bytes = whole ? 4 : 1;
        for (size_t i = 0; i < bytes; i++) {
            if (!check_cell(region.byte(offset + i), byte + i, 1, touch)) return;
        }
        // A whole word that has just been written has one history again.
        if (whole && touch.writes) word = region.byte(offset);
        offset += bytes;
        byte += bytes;
    }
}

void forget_allocation()
{
    last_allocation = Allocation();
}

void begin_shared(size_t dynamic, size_t dynamic_limit)
{
    // A launch that has asked for more than the usual dynamic memory may use all that there is.
    const size_t all = dynamic_limit > kSharedMemory ? kSharedMemoryOptIn : kSharedMemory;
    static_shared = {0, all - std::min(all, dynamic)};
}

} // namespace simcuda
