/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A ring of slots between a thread that fills them and the caller who uses them. A slot belongs to
 * the caller while it is lent, to the thread while it is filled, and to nobody else in between; the
 * lock guards only the numbers that say which is which. */
#define _POSIX_C_SOURCE 200809L

#include "data/prefetch.h"

#include "base/memory.h"

#include <pthread.h>
#include <signal.h>

#define SLOTS 3

struct cupel_prefetch {
    const cupel_batch_plan *plan;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work;  /* there may be something to fill, or the end has come */
    pthread_cond_t ready; /* a slot has been filled */
    bool lock_made;
    bool work_made;
    bool ready_made;
    bool running; /* the thread */

    /* Guarded by the lock. */
    bool stop;
    uint64_t start; /* counts the starts: what was filled for another one is dropped */
    cupel_order order;
    int64_t position; /* the first row that no slot has been filled with */
    bool failed;      /* the last filled slot holds a failure: nothing is filled after it */
    int64_t head;     /* slots[head ... head + filled) modulo SLOTS are filled */
    int64_t filled;
    bool lent; /* slots[head] is with the caller */
    cupel_batch_slot slots[SLOTS];
};

static bool has_work(const cupel_prefetch *prefetch)
{
    return prefetch->filled < SLOTS && !prefetch->failed &&
           prefetch->position < prefetch->plan->config.data->rows;
}

/* Fills one slot; the lock is held on entry and exit, and free in between. */
static void fill_one(cupel_prefetch *prefetch)
{
    /* A slot that is given back meanwhile moves head and filled, but not their sum. */
    cupel_batch_slot *slot = &prefetch->slots[(prefetch->head + prefetch->filled) % SLOTS];
    const uint64_t start = prefetch->start;
    const cupel_order order = prefetch->order;
    const int64_t position = prefetch->position;
    pthread_mutex_unlock(&prefetch->lock);
    if (cupel_batch_slot_fill(slot, prefetch->plan, &order, position) != CUPEL_OK) {
        cupel_error_take(slot->error);
    }
    pthread_mutex_lock(&prefetch->lock);
    if (start != prefetch->start) return;
    prefetch->position += slot->batch.rows;
    prefetch->failed = slot->status != CUPEL_OK;
    prefetch->filled++;
    pthread_cond_signal(&prefetch->ready);
}

static void *run(void *argument)
{
    cupel_prefetch *prefetch = argument;
    pthread_mutex_lock(&prefetch->lock);
    while (!prefetch->stop) {
        if (has_work(prefetch)) {
            fill_one(prefetch);
        } else {
            pthread_cond_wait(&prefetch->work, &prefetch->lock);
        }
    }
    pthread_mutex_unlock(&prefetch->lock);
    return NULL;
}

/* Signals are for the program's own threads: a new thread inherits a mask that blocks all. */
static bool start_thread(cupel_prefetch *prefetch)
{
    sigset_t all, before;
    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0) return false;
    const bool started = pthread_create(&prefetch->thread, NULL, run, prefetch) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static cupel_status set_up(cupel_prefetch *prefetch)
{
    /* Nothing is filled before the first start. */
    prefetch->position = prefetch->plan->config.data->rows;
    for (int i = 0; i < SLOTS; i++)
        CUPEL_TRY(cupel_batch_slot_make(&prefetch->slots[i], prefetch->plan));
    prefetch->lock_made = pthread_mutex_init(&prefetch->lock, NULL) == 0;
    prefetch->work_made = pthread_cond_init(&prefetch->work, NULL) == 0;
    prefetch->ready_made = pthread_cond_init(&prefetch->ready, NULL) == 0;
    prefetch->running = prefetch->lock_made && prefetch->work_made && prefetch->ready_made &&
                        start_thread(prefetch);
    CUPEL_FAIL_IF(!prefetch->running, CUPEL_ERROR_STATE,
                  "the system has no thread to prepare batches with");
    return CUPEL_OK;
}

cupel_status cupel_prefetch_open(const cupel_batch_plan *plan, cupel_prefetch **prefetch)
{
    *prefetch = cupel_alloc(1, sizeof **prefetch);
    if (*prefetch == NULL) return CUPEL_ERROR_MEMORY;
    (*prefetch)->plan = plan;
    const cupel_status status = set_up(*prefetch);
    if (status != CUPEL_OK) {
        cupel_prefetch_close(*prefetch);
        *prefetch = NULL;
    }
    return status;
}

void cupel_prefetch_start(cupel_prefetch *prefetch, const cupel_order *order)
{
    pthread_mutex_lock(&prefetch->lock);
    prefetch->start++;
    prefetch->order = *order;
    prefetch->position = 0;
    prefetch->failed = false;
    prefetch->filled = 0;
    prefetch->lent = false;
    pthread_cond_signal(&prefetch->work);
    pthread_mutex_unlock(&prefetch->lock);
}

cupel_status cupel_prefetch_next(cupel_prefetch *prefetch, cupel_batch *batch)
{
    pthread_mutex_lock(&prefetch->lock);
    if (prefetch->lent) {
        prefetch->head = (prefetch->head + 1) % SLOTS;
        prefetch->filled--;
        prefetch->lent = false;
        pthread_cond_signal(&prefetch->work);
    }
    while (prefetch->filled == 0)
        pthread_cond_wait(&prefetch->ready, &prefetch->lock);
    const cupel_batch_slot *slot = &prefetch->slots[prefetch->head];
    /* A slot with a failure stays: nothing will come after it. */
    prefetch->lent = slot->status == CUPEL_OK;
    pthread_mutex_unlock(&prefetch->lock);
    if (slot->status != CUPEL_OK) return cupel_fail(slot->status, "%s", slot->error);
    *batch = slot->batch;
    return CUPEL_OK;
}

void cupel_prefetch_close(cupel_prefetch *prefetch)
{
    if (prefetch == NULL) return;
    if (prefetch->running) {
        pthread_mutex_lock(&prefetch->lock);
        prefetch->stop = true;
        pthread_cond_signal(&prefetch->work);
        pthread_mutex_unlock(&prefetch->lock);
        pthread_join(prefetch->thread, NULL);
    }
    if (prefetch->ready_made) pthread_cond_destroy(&prefetch->ready);
    if (prefetch->work_made) pthread_cond_destroy(&prefetch->work);
    if (prefetch->lock_made) pthread_mutex_destroy(&prefetch->lock);
    for (int i = 0; i < SLOTS; i++)
        cupel_batch_slot_free(&prefetch->slots[i]);
    cupel_free(prefetch);
}
