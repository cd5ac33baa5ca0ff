/* edgegw/host.h: what the gateway offers to a library. SPDX-License-Identifier: MIT */
#ifndef EDGEGW_HOST_H
#define EDGEGW_HOST_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The gateway, as seen by one loaded library. Owned by the gateway, read-only, and valid from edgegw_handler_entry until
 * the process ends (libraries are never unloaded). Read a field only if it lies within `size`. */
typedef struct edgegw_host {
    uint32_t size; /* bytes of this struct as the gateway knows it */
    uint16_t abi_major;
    uint16_t abi_minor;
    void *context; /* the gateway's own; do not touch */

    /* A table of functions by its id ("edgegw.exchange.v1"), or NULL when this gateway has none of that id. The table is
     * read-only and lives until the process ends. Any thread, at any time from edgegw_handler_entry on. */
    const void *(*get_table)(const struct edgegw_host *host, edgegw_text id);

    /* Says in one sentence why edgegw_handler_entry, init or self_test is about to fail. The text is copied, cut at
     * 1024 bytes; the last call wins. Only during those three calls, on the calling thread. */
    void (*set_error)(const struct edgegw_host *host, edgegw_text message);
} edgegw_host;

#ifdef __cplusplus
}
#endif
#endif
