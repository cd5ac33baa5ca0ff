/* edgegw/schedule.h: work on the gateway's threads, so that a library needs no threads of its own.
 * SPDX-License-Identifier: MIT */
#ifndef EDGEGW_SCHEDULE_H
#define EDGEGW_SCHEDULE_H

#include "host.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EDGEGW_SCHEDULE_V1 "edgegw.schedule.v1"

typedef struct edgegw_schedule_v1 {
    uint32_t size;
    uint32_t reserved;

    /* Runs work(state) soon on a gateway thread, never inside this call. EDGEGW_BUSY when too much is waiting already: it
     * will not run then. Any thread. */
    edgegw_result (*post)(const edgegw_host *host, edgegw_work work, void *state);

    /* The same after `milliseconds` (at most 86,400,000: a day), give or take the timer's resolution of some milliseconds.
     * It cannot be taken back: let it find out that it is late. Any thread. */
    edgegw_result (*post_after)(const edgegw_host *host, uint32_t milliseconds, edgegw_work work, void *state);
} edgegw_schedule_v1;

#ifdef __cplusplus
}
#endif
#endif
