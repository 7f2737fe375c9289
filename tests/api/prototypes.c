/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The prototypes of the small functions, declared a second time: a header that says anything else
 * does not compile with this. */
#include <cupel/cupel.h>

const char *cupel_status_name(cupel_status); /* "CUPEL_ERROR_SHAPE" */
const char *cupel_version(void); /* and CUPEL_VERSION_MAJOR, _MINOR, _PATCH of the header */
const char *cupel_device_name(const cupel_device *); /* "cpu, 2 threads, OpenBLAS" or "cuda:0,
                                                        NVIDIA H100": what "auto" chose */
cupel_status cupel_device_count(const char *kind, int64_t *count);
cupel_status cupel_device_set_threads(cupel_device *, int64_t threads);
int64_t cupel_model_parameter_count(const cupel_model *); /* tensors: the bound of index */
cupel_status cupel_model_input_shape(const cupel_model *, cupel_shape *); /* and _output_shape */
cupel_status cupel_model_memory(const cupel_model *, int64_t batch,
                                cupel_memory *); /* bytes by class, before anything is allocated */
cupel_status cupel_model_copy_weights(cupel_model *to,
                                      const cupel_model *from); /* also between devices */
cupel_status cupel_model_predict_dataset(cupel_model *, const cupel_dataset *, int64_t batch,
                                         void *out);
cupel_status cupel_model_set_learning_rate(cupel_model *, double);
void cupel_request_stop(
    cupel_model *); /* from any thread or a signal handler: fit ends after the step */
void cupel_set_log(void (*function)(void *user, int level, const char *text),
                   void *user);                            /* default: silent */
cupel_status cupel_set_allocator(const cupel_allocator *); /* before the first handle */

int main(void)
{
    return cupel_version() == NULL || CUPEL_VERSION_MAJOR + CUPEL_VERSION_MINOR < 1;
}
