/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plain files pass through; gzip files go through zlib's inflate, which reads by base/file and
 * takes its memory from base/memory like everything else. */
#include "data/unpack.h"

#include "base/file.h"
#include "base/memory.h"

#include <inttypes.h>
#include <string.h>
#if defined(CUPEL_WITH_ZLIB)
#include <zlib.h>
#endif

#define INPUT_BYTES 32768

/* Deflate's best is 258 bytes for two bits, a little less than 1032 to 1. */
#define MOST_INFLATION 1032

struct cupel_unpack {
    cupel_reader *reader;
    char path[CUPEL_PATH_SHOWN]; /* for sentences */
    bool packed;
    int64_t limit;
    /* What has been read from the file and not been used: input[next, end). */
    unsigned char input[INPUT_BYTES];
    int64_t next;
    int64_t end;
    int64_t bytes_read; /* from the file */
#if defined(CUPEL_WITH_ZLIB)
    z_stream stream;
    bool stream_open;
    bool member_ended; /* at the end of a member: the file ends, or another one begins */
#endif
};

/* Fills the input when it is used up; end stays equal to next at the end of the file. */
static cupel_status refill(cupel_unpack *unpack)
{
    if (unpack->next < unpack->end) return CUPEL_OK;
    unpack->next = unpack->end = 0;
    const cupel_status status =
        cupel_reader_read(unpack->reader, unpack->input, INPUT_BYTES, &unpack->end);
    unpack->bytes_read += unpack->end;
    return status;
}

#if defined(CUPEL_WITH_ZLIB)
static void *allocate(void *user, uInt items, uInt size)
{
    (void)user;
    return cupel_alloc((int64_t)items, size);
}

static void release(void *user, void *block)
{
    (void)user;
    cupel_free(block);
}

static cupel_status begin(cupel_unpack *unpack)
{
    unpack->stream.zalloc = allocate;
    unpack->stream.zfree = release;
    /* 15 is the largest window; 16 more asks for gzip's header and trailer, and no other format. */
    const int code = inflateInit2(&unpack->stream, 15 + 16);
    CUPEL_FAIL_IF(code == Z_MEM_ERROR, CUPEL_ERROR_MEMORY, "%s: no memory to decompress it",
                  unpack->path);
    CUPEL_FAIL_IF(code != Z_OK, CUPEL_ERROR_UNSUPPORTED,
                  "%s: the zlib of this program refuses to decompress (%d)", unpack->path, code);
    unpack->stream_open = true;
    return CUPEL_OK;
}

/* After a member: true when another one follows. Anything else but the end of the file is wrong. */
static cupel_status next_member(cupel_unpack *unpack, bool *more)
{
    *more = false;
    CUPEL_TRY(refill(unpack));
    if (unpack->next == unpack->end) return CUPEL_OK;
    CUPEL_FAIL_IF(unpack->input[unpack->next] != 0x1f, CUPEL_ERROR_FORMAT,
                  "%s: other bytes follow the gzip data, expected the end of the file",
                  unpack->path);
    inflateReset(&unpack->stream);
    unpack->member_ended = false;
    *more = true;
    return CUPEL_OK;
}

/* One call of inflate: takes what it can of the input and makes at most room bytes. */
static cupel_status inflate_some(cupel_unpack *unpack, unsigned char *bytes, int64_t room,
                                 int64_t *made)
{
    z_stream *stream = &unpack->stream;
    CUPEL_TRY(refill(unpack));
    CUPEL_FAIL_IF(unpack->next == unpack->end, CUPEL_ERROR_FORMAT, "%s: the gzip data is truncated",
                  unpack->path);
    const uInt given = (uInt)(room < (1 << 30) ? room : 1 << 30);
    stream->next_in = unpack->input + unpack->next;
    stream->avail_in = (uInt)(unpack->end - unpack->next);
    stream->next_out = bytes;
    stream->avail_out = given;
    const int code = inflate(stream, Z_NO_FLUSH);
    unpack->next = unpack->end - (int64_t)stream->avail_in;
    *made = (int64_t)given - (int64_t)stream->avail_out;
    if (code == Z_STREAM_END) unpack->member_ended = true;
    if (code == Z_OK || code == Z_STREAM_END) return CUPEL_OK;
    CUPEL_FAIL_IF(code == Z_MEM_ERROR, CUPEL_ERROR_MEMORY, "%s: no memory to decompress it",
                  unpack->path);
    return cupel_fail(CUPEL_ERROR_FORMAT, "%s: the gzip data is corrupt (%s)", unpack->path,
                      stream->msg != NULL ? stream->msg : "no progress");
}

static cupel_status read_packed(cupel_unpack *unpack, unsigned char *bytes, int64_t count,
                                int64_t *got)
{
    /* With count reached the loop ends; the next call then finds the trailer, or more. */
    while (*got < count) {
        if (unpack->member_ended) {
            bool more = false;
            CUPEL_TRY(next_member(unpack, &more));
            if (!more) return CUPEL_OK;
        }
        int64_t made = 0;
        CUPEL_TRY(inflate_some(unpack, bytes + *got, count - *got, &made));
        *got += made;
    }
    return CUPEL_OK;
}
#else
static cupel_status begin(cupel_unpack *unpack)
{
    return cupel_fail(CUPEL_ERROR_UNSUPPORTED,
                      "%s: the file is compressed by gzip, and this build of cupel has no zlib; "
                      "decompress it first (gunzip)",
                      unpack->path);
}
#endif

static cupel_status open_file(cupel_unpack *unpack, const char *path)
{
    cupel_path_shown(path, unpack->path);
    CUPEL_TRY(cupel_reader_open(path, &unpack->reader));
    unpack->limit = cupel_reader_size(unpack->reader);
    CUPEL_TRY(refill(unpack));
    unpack->packed = unpack->end >= 2 && unpack->input[0] == 0x1f && unpack->input[1] == 0x8b;
    if (!unpack->packed) return CUPEL_OK;
    if (!cupel_mul(unpack->limit, MOST_INFLATION, &unpack->limit)) unpack->limit = INT64_MAX;
    return begin(unpack);
}

cupel_status cupel_unpack_open(const char *path, cupel_unpack **unpack)
{
    *unpack = cupel_alloc(1, sizeof **unpack);
    if (*unpack == NULL) return CUPEL_ERROR_MEMORY;
    const cupel_status status = open_file(*unpack, path);
    if (status != CUPEL_OK) {
        cupel_unpack_close(*unpack);
        *unpack = NULL;
    }
    return status;
}

int64_t cupel_unpack_limit(const cupel_unpack *unpack)
{
    return unpack->limit;
}

double cupel_unpack_done(const cupel_unpack *unpack)
{
    const int64_t size = cupel_reader_size(unpack->reader);
    return unpack->bytes_read < size ? (double)unpack->bytes_read / (double)size : 1;
}

cupel_status cupel_unpack_read(cupel_unpack *unpack, void *bytes, int64_t count, int64_t *got)
{
    unsigned char *out = bytes;
    *got = 0;
#if defined(CUPEL_WITH_ZLIB)
    if (unpack->packed) return read_packed(unpack, out, count, got);
#endif
    const int64_t waiting = unpack->end - unpack->next;
    *got = waiting < count ? waiting : count;
    memcpy(out, unpack->input + unpack->next, (size_t)*got);
    unpack->next += *got;
    if (*got == count) return CUPEL_OK;
    int64_t rest = 0;
    const cupel_status status = cupel_reader_read(unpack->reader, out + *got, count - *got, &rest);
    *got += rest;
    unpack->bytes_read += rest;
    return status;
}

void cupel_unpack_close(cupel_unpack *unpack)
{
    if (unpack == NULL) return;
#if defined(CUPEL_WITH_ZLIB)
    if (unpack->stream_open) inflateEnd(&unpack->stream);
#endif
    cupel_reader_close(unpack->reader);
    cupel_free(unpack);
}
