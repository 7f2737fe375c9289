/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* Source lines of instructions, for reports. */
#ifndef CUPEL_SIMCUDA_LOCATE_H
#define CUPEL_SIMCUDA_LOCATE_H

#include <string>

namespace simcuda
{

struct Place {
    std::string function = "?";
    std::string file = "?";
    int line = 0;
};

/* The innermost source line of the instruction before pc that lies in a kernel's source or a header
   of the project: lines of the overlay and of the CUDA headers are inlined there and tell nothing.
 */
Place locate(const void *pc);

/* Whether a file belongs to the overlay, the toolkit or the system. */
bool foreign_file(const std::string &file);

} // namespace simcuda

#endif
