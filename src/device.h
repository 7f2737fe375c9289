/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a device implements: the op tables, memory, copies, running. Devices run ops and know nothing
 * of layers; programs name a device only through this header. */
#ifndef CUPEL_DEVICE_TABLE_H
#define CUPEL_DEVICE_TABLE_H

#include "base/status.h"
#include "exec.h"
#include "op.h"
#include <cupel/device.h>
#include <stdbool.h>

/* One op of one device: run takes the op's argument struct; needs is NULL for NO_SCRATCH. */
typedef struct cupel_op_entry {
    cupel_status (*run)(cupel_exec *x, const void *args);
    int64_t (*needs)(const void *args);
} cupel_op_entry;

/* One op with its arguments bound. */
typedef struct cupel_call {
    const cupel_op_entry *entry;
    const void *args;
} cupel_call;

/* Where work waits for its turn. What one thread asks of a queue happens in the order in which it was
 * asked for; two queues of a device know nothing of each other. A program has one of its own. */
typedef struct cupel_queue {
    cupel_device *device;
    void *state; /* the backend's own */
} cupel_queue;

/* A batch on its way from the host to a device whose memory is not the host's. */
#define CUPEL_SLOTS 3
#define CUPEL_SLOT_HEAD 256
typedef struct cupel_parcel {
    unsigned char *head;   /* [CUPEL_SLOT_HEAD] of the host, for what a launch copies elsewhere */
    unsigned char *host;   /* where the host writes the batch */
    unsigned char *device; /* where it will lie */
} cupel_parcel;

/* What a device made of the calls of an executable, to run them at less cost the next time. All zero
 * at first. */
typedef struct cupel_replay {
    int64_t uses;
    void *state; /* the backend's own */
} cupel_replay;

/* What is to be run. */
typedef struct cupel_launch {
    const cupel_call *calls;
    int64_t count;
    int64_t times;          /* all calls are run so many times, one after the other */
    cupel_replay *replay;   /* NULL: they will not be run again */
    const cupel_parcel *slot; /* the batch that is sent first, or NULL */
    int64_t slot_bytes;
    void *head_to; /* where the slot's head goes, in the order of the queue, behind what ran before */
    int64_t head_bytes;
} cupel_launch;

/* A kind of device. */
typedef struct cupel_backend {
    const char *kind; /* "cpu" */
    unsigned precisions; /* in which it computes: a bit 1 << cupel_precision for each */
    bool host_memory; /* the device's memory is the host's: data need not be brought there */
    /* Fills the device's state and name for the given card; NO_DEVICE with the reason. */
    cupel_status (*open)(cupel_device *device, int64_t ordinal);
    void (*close)(cupel_device *device);
    cupel_status (*count)(int64_t *count);
    /* The op table for a precision, indexed by cupel_op; NULL where the device has none. */
    const cupel_op_entry *(*ops)(cupel_precision precision);
    /* Fills and empties the state of a queue whose device is set; closing waits for its work. */
    cupel_status (*queue_open)(cupel_queue *queue);
    void (*queue_close)(cupel_queue *queue);
    /* Device memory, zeroed, aligned to 256 bytes. DEVICE_MEMORY (MEMORY on the CPU). No queue may
     * have work left that uses what is released. */
    cupel_status (*allocate)(cupel_device *device, int64_t bytes, void **pointer);
    void (*release)(cupel_device *device, void *pointer, int64_t bytes);
    /* Of the device's memory, what is free and all of it; NULL where nobody can say. */
    cupel_status (*free_bytes)(cupel_device *device, int64_t *free, int64_t *all);
    /* Copies from and to host memory; they wait for it and for what was asked before. */
    cupel_status (*upload)(cupel_queue *queue, void *to, const void *from, int64_t bytes);
    cupel_status (*download)(cupel_queue *queue, void *to, const void *from, int64_t bytes);
    /* Like upload, for a few bytes of memory that the library owns: does not wait. */
    cupel_status (*post)(cupel_queue *queue, void *to, const void *from, int64_t bytes);
    /* A download that never waits: copies to `to` what the last call asked for, *fresh, if it has
     * arrived, and then asks for the bytes at from as they are behind the work so far. On the CPU all
     * arrives at once. to NULL: what is on its way is not wanted any more. */
    cupel_status (*poll)(cupel_queue *queue, void *to, const void *from, int64_t bytes, bool *fresh);
    /* Runs the calls in order on x->queue; stops at the first failure. */
    cupel_status (*run)(cupel_exec *x, const cupel_call *calls, int64_t count);
    /* The same with what else belongs to it. A device that keeps a replay runs it without asking the
     * ops again. forget gives a replay up; no work is left that uses it. */
    cupel_status (*launch)(cupel_exec *x, const cupel_launch *launch);
    void (*forget)(cupel_queue *queue, cupel_replay *replay);
    /* Where the device's memory is not the host's, else NULL: gives the queue memory for CUPEL_SLOTS
     * batches of so many bytes, NULL to take it away; no work is left that uses it. take waits for the
     * next slot, which is the launch's if it is launched. */
    cupel_status (*slots_set)(cupel_queue *queue, void *memory, int64_t bytes);
    cupel_status (*slot_take)(cupel_queue *queue, cupel_parcel *slot);
    /* The caller's stream for the queue from now on, or NULL for its own; NULL where there are none. */
    cupel_status (*use_stream)(cupel_queue *queue, void *stream);
    int64_t workspace; /* bytes of device memory that the products of a program want */
    /* Waits for the work of one queue; of all queues of the device. */
    cupel_status (*synchronize)(cupel_queue *queue);
    cupel_status (*synchronize_all)(cupel_device *device);
} cupel_backend;

#define CUPEL_DEVICE_NAME_TEXT 128

struct cupel_device {
    const cupel_backend *backend;
    int64_t ordinal;
    _Atomic int64_t users;   /* the opener and each model and tensor */
    _Atomic int64_t threads; /* 0: one a core */
    _Atomic int64_t bytes;   /* allocated now: the memory plan is tested against it */
    char name[CUPEL_DEVICE_NAME_TEXT];
    void *state;       /* the backend's own */
    cupel_queue queue; /* of what belongs to no program: tensors */
};

extern const cupel_backend cupel_cpu_backend;
extern const cupel_backend cupel_cuda_backend;

/* Opens a device of one backend. *device is not written on failure. */
cupel_status cupel_device_open_backend(const cupel_backend *backend, int64_t ordinal,
                                       cupel_device **device);

/* Counts users; the last one closes the device. */
void cupel_device_retain(cupel_device *device);
void cupel_device_release(cupel_device *device);

/* The backend's calls, with device->bytes kept; free takes NULL. */
cupel_status cupel_device_alloc(cupel_device *device, int64_t bytes, void **pointer);
void cupel_device_free(cupel_device *device, void *pointer, int64_t bytes);

/* Waits, well or not, until nothing uses what is about to be freed. The thread's last error stays what
 * it was, as freeing is often what follows an error. */
void cupel_queue_settle(cupel_queue *queue);

#endif
