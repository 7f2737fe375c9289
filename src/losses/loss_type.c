/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The table of losses. */
#include "losses/loss_type.h"

#include <stddef.h>

const cupel_loss_type *cupel_loss_type_of(cupel_loss loss)
{
    switch (loss) {
    case CUPEL_LOSS_NONE:
        break;
#define CUPEL_LOSS_ROW(KIND, name)                                                                 \
    case CUPEL_LOSS_##KIND:                                                                        \
        return &cupel_loss_##name;
#include "losses/losses.def"
#undef CUPEL_LOSS_ROW
    }
    return NULL;
}
