/* edgegw/stats.h: what a library's own memory management does, for the gateway's metrics. SPDX-License-Identifier: MIT */
#ifndef EDGEGW_STATS_H
#define EDGEGW_STATS_H

#include "host.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EDGEGW_STATS_V1 "edgegw.stats.v1"

/* The figures. The gateway zeroes all of it and sets `size` before it asks; the library writes the fields that lie within that size, and leaves 0 what it does not know. */
typedef struct edgegw_stats {
    uint32_t size;              /* bytes of this struct as the gateway knows it */
    uint32_t collections;       /* garbage collections since the start, of every generation */
    uint64_t heap_bytes;        /* bytes in use in the library's own heap */
    uint64_t allocated_bytes;   /* bytes allocated since the start, those given back included */
    uint64_t pause_nanoseconds; /* how long collections have stopped the library since the start */
} edgegw_stats;

/* Optional for both sides: a gateway may have no such table, and a library need not ask for it. One without garbage collection has nothing to tell here. */
typedef struct edgegw_stats_v1 {
    uint32_t size;
    uint32_t reserved;

    /* Says how this library's figures are read. `read` is called with `state` on a gateway thread, now and then (when somebody looks at metrics or status, never more often than twice a
     * second), one call at a time, while requests run; it must not block, and writes nothing but *stats. The last call of provide wins; both pointers must be valid until the process ends.
     * EDGEGW_INVALID_ARGUMENT for a NULL `read`. From edgegw_handler_entry on, any thread. */
    edgegw_result (*provide)(const edgegw_host *host, void (*read)(void *state, edgegw_stats *stats), void *state);
} edgegw_stats_v1;

#ifdef __cplusplus
}
#endif
#endif
