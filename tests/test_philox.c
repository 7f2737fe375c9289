/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/philox.h"

#include <criterion/criterion.h>
#include <inttypes.h>

/* The vectors for philox4x32-10 that the Random123 library publishes in its kat_vectors. */
Test(philox, known_answers)
{
    static const struct {
        uint32_t counter[4], key[2], out[4];
    } cases[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t out[4];
        cupel_philox(cases[i].counter, cases[i].key, out);
        for (int j = 0; j < 4; j++) {
            cr_expect_eq(out[j], cases[i].out[j], "case %zu, word %d: %08" PRIx32, i, j, out[j]);
        }
    }
}

Test(philox, the_output_may_be_the_counter)
{
    uint32_t words[4] = {0};
    cupel_philox(words, (const uint32_t[2]){0, 0}, words);
    cr_expect_eq(words[0], 0x6627e8d5);
    cr_expect_eq(words[3], 0x9b00dbd8);
}

Test(philox, layout_of_the_counter)
{
    uint32_t counter[4];
    cupel_philox_counter(UINT64_C(0xabcd12345678), 0x1002, UINT64_C(0x1122334455667788), counter);
    cr_expect_eq(counter[0], 0x12345678);
    cr_expect_eq(counter[1], 0x1002abcd);
    cr_expect_eq(counter[2], 0x55667788);
    cr_expect_eq(counter[3], 0x11223344);
}
