/* edgegw/handler.h: what a library offers to the gateway. SPDX-License-Identifier: MIT */
#ifndef EDGEGW_HANDLER_H
#define EDGEGW_HANDLER_H

#include "exchange.h"
#include "host.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One handler library. Owned by the library, read-only, valid until the process ends. Optional functions may be NULL, or
 * lie beyond `size`. */
typedef struct edgegw_handler {
    uint32_t size;      /* sizeof(edgegw_handler) as the library was compiled */
    uint16_t abi_major; /* the version that the library needs: EDGEGW_ABI_MAJOR ... */
    uint16_t abi_minor; /* ... and EDGEGW_ABI_MINOR as it was compiled, or lower if it uses less */

    /* UTF-8 JSON (docs/manifest.md): {"name":"hello","version":"1.0.0","routes":[{"method":"GET","pattern":"/hello/{name}"}]}.
     * At most 1 MiB. Lives until the process ends. */
    edgegw_text manifest;

    /* Called once, before any request, on a gateway thread. *instance is handed to every other function (NULL is fine).
     * Anything but EDGEGW_OK refuses the library: say why with host->set_error. Bounded by the gateway's load timeout.
     * Optional. */
    edgegw_result (*init)(const edgegw_host *host, void **instance);

    /* Answers one request. Called on many gateway threads at once. `route` is the index into the manifest's routes.
     *   EDGEGW_OK       the response is complete: nothing more will be called for this exchange.
     *   EDGEGW_PENDING  complete() will be called, or has been called already, exactly once, from any thread.
     *   negative        the handler failed: the client gets 500 (503 for EDGEGW_OUT_OF_MEMORY and EDGEGW_BUSY) when
     *                   nothing was sent yet, else the connection is closed.
     * `request` and all it points to live until the exchange is complete. Required. */
    edgegw_result (*handle)(void *instance, uint32_t route, const edgegw_request *request);

    /* The library has been replaced: no new request will come, those under way go on. On a gateway thread. The library stays
     * loaded, and a rollback may bring requests back later, without another init: give up caches here, not what requests
     * need. Optional. */
    void (*drain)(void *instance);

    /* A quick check that the library can work here, run in a throwaway process before a deploy, after init.
     * Anything but EDGEGW_OK refuses the deploy: say why with host->set_error. Optional. */
    edgegw_result (*self_test)(void *instance);
} edgegw_handler;

/* The one exported symbol. Called once per process, on a gateway thread, before init. Returns the library's table, or NULL to
 * refuse this gateway (say why with host->set_error). */
EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host);

#ifdef __cplusplus
}
#endif
#endif
