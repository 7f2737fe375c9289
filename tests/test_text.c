/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include "fault.h"

#include <criterion/criterion.h>
#include <string.h>

Test(text, grows)
{
    cupel_text text = {0};
    for (int i = 0; i < 10000; i++)
        cupel_text_add(&text, "%d,", i % 10);
    cr_assert_eq(text.status, CUPEL_OK);
    cr_assert_eq(text.length, 20000);
    cr_assert_eq(strlen(text.bytes), 20000);
    for (int i = 0; i < 20000; i++) {
        cr_assert_eq(text.bytes[i], i % 2 == 1 ? ',' : '0' + i / 2 % 10);
    }
    cupel_text_free(&text);
    cr_expect_null(text.bytes);
    cr_expect_eq(text.length, 0);
}

Test(text, takes_one_piece_beyond_its_room)
{
    static char piece[100001];
    memset(piece, 'p', sizeof piece - 1);
    cupel_text text = {0};
    cupel_text_add(&text, "%s", "");
    cr_expect_str_eq(text.bytes, "");
    cupel_text_add(&text, "a%sb", piece);
    cr_expect_eq(text.length, 100002);
    cr_expect_eq(text.bytes[100001], 'b');
    cupel_text_free(&text);
}

Test(text, numbers)
{
    cupel_text text = {0};
    cupel_text_number(&text, 0.1, 17);
    cupel_text_add(&text, " ");
    cupel_text_number(&text, -2.5e10, 3);
    cr_expect_str_eq(text.bytes, "0.10000000000000001 -2.5e+10");
    cupel_text_free(&text);
}

Test(text, json_strings)
{
    static const char *const cases[][2] = {
        {"", "\"\""},
        {"plain / text", "\"plain / text\""},
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"\n\t\x01\x1f\x7f", "\"\\u000a\\u0009\\u0001\\u001f\x7f\""},
        {"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\""},
        /* Bytes that are no UTF-8: alone, cut off, overlong, a surrogate, beyond U+10FFFF. */
        {"\xff", "\"\\ufffd\""},
        {"a\xc3", "\"a\\ufffd\""},
        {"\xe2\x82", "\"\\ufffd\\ufffd\""},
        {"\xc0\xaf", "\"\\ufffd\\ufffd\""},
        {"\xe0\x80\xaf", "\"\\ufffd\\ufffd\\ufffd\""},
        {"\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\""},
        {"\xf0\x80\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""},
        {"\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""},
        {"\xed\x9f\xbf\xf4\x8f\xbf\xbf", "\"\xed\x9f\xbf\xf4\x8f\xbf\xbf\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cupel_text text = {0};
        cupel_text_json(&text, cases[i][0]);
        cr_expect_str_eq(text.bytes, cases[i][1], "case %zu: %s", i, text.bytes);
        cupel_text_free(&text);
    }
}

static void build(cupel_text *text)
{
    for (int i = 0; i < 300; i++) {
        cupel_text_add(text, "{%d: ", i);
        cupel_text_json(text, "n\xc3\xa4me");
        cupel_text_number(text, i, 17);
        cupel_text_add(text, "}");
    }
}

Test(text, every_allocation_may_fail)
{
    fault_memory_install();
    cupel_text whole = {0};
    build(&whole);
    int64_t n = 1;
    for (;; n++) {
        for (int persistent = 0; persistent < 2; persistent++) {
            cupel_text text = {0};
            fault_memory_arm(n, persistent != 0);
            build(&text);
            const int64_t failed = fault_memory_disarm();
            if (failed > 0) {
                cr_expect_eq(text.status, CUPEL_ERROR_MEMORY);
                cr_expect_eq(failed, 1, "after the first failure nothing is tried");
                /* What is there is a beginning of the whole. */
                if (text.bytes != NULL) {
                    cr_expect_eq(strlen(text.bytes), (size_t)text.length);
                    cr_expect_eq(strncmp(text.bytes, whole.bytes, (size_t)text.length), 0);
                }
            } else {
                cr_expect_str_eq(text.bytes, whole.bytes);
            }
            cupel_text_free(&text);
            cr_expect_eq(text.status, CUPEL_OK);
            if (failed == 0 && persistent != 0) goto done;
        }
    }
done:
    cr_expect_gt(n, 3);
    cupel_text_free(&whole);
    cr_expect_eq(fault_memory_blocks(), 0);
    fault_memory_remove();
}
