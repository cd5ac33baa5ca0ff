/* edgegw/services/service.h: what all services have in common. SPDX-License-Identifier: MIT */
#ifndef EDGEGW_SERVICES_SERVICE_H
#define EDGEGW_SERVICES_SERVICE_H

#include "../host.h"
#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Names a service that this library may use. A number, not an address; never 0. It names the service, not its connection: it
 * stays good when the service's settings are changed under it. */
typedef uint64_t edgegw_service;

/* Names something that a service keeps open for one exchange: a transaction, a cursor, a stream. A number, never 0. A stale one is
 * recognised and refused with EDGEGW_INVALID_STATE. Whatever is still open when the exchange ends or is cancelled is closed by the
 * gateway: a transaction is rolled back, an unfinished upload is discarded. */
typedef uint64_t edgegw_open;

/* What a service call came to. Owned by the gateway, valid with all it points to until the callback returns. Read a field only
 * if it lies within `size`. */
typedef struct edgegw_reply {
    uint32_t size; /* bytes of this struct as the gateway knows it */
    edgegw_result result;
    edgegw_text error;          /* one sentence for a person when result is negative, else empty */
    edgegw_text code;           /* the backend's own code, when it gave one: SQLSTATE "23505", S3 "NoSuchKey" */
    const edgegw_value *values; /* what the function's comment says; a result's rows lie one after the other */
    size_t value_count;         /* values in all */
    uint64_t row_count;         /* rows among the values; else 0 */
    uint64_t affected;          /* rows or keys changed, where the function's comment says so */
    edgegw_open open;           /* what the call opened, or 0 */
    const edgegw_text *names;   /* names of the columns of the rows, or NULL */
    size_t name_count;
} edgegw_reply;

/* Tells what a call came to. Called exactly once per EDGEGW_PENDING, on a gateway thread, perhaps before the call that returned
 * EDGEGW_PENDING has returned; never after complete() of the same exchange has returned. It may call any function of the exchange
 * and of services; it must not block. */
typedef void (*edgegw_replied)(void *state, const edgegw_reply *reply);

#define EDGEGW_SERVICE_V1 "edgegw.service.v1"

/* Finding services. */
typedef struct edgegw_service_v1 {
    uint32_t size; /* bytes of this table as the gateway knows it */
    uint32_t reserved;

    /* The service that the library calls `name`, of the kind "database", "cache", "storage" or "http". From init on, any thread.
     * EDGEGW_NOT_BOUND when the deployment binds none; a library that names its services in its manifest is not deployed
     * without them. */
    edgegw_result (*find)(const edgegw_host *host, edgegw_text kind, edgegw_text name, edgegw_service *service);
} edgegw_service_v1;

/* What holds for every function of the service tables:
 * - `exchange` is the request on whose behalf the call is made. It bounds the call: its deadline, its cancellation and its end are the
 *   call's. Once it is cancelled, what it has open is closed and a new call answers EDGEGW_CANCELLED; after its end every function
 *   answers EDGEGW_INVALID_STATE.
 * - Any thread may call. Several calls of one exchange may be under way at once, except where the comment says one at a time.
 * - What the arguments point to is copied before the function returns, unless its comment says otherwise.
 * - EDGEGW_PENDING: `replied` will be called. EDGEGW_BUSY: a bound is reached (the service's queue, the calls of this exchange), or what
 *   takes one call at a time has one already; nothing was done; answer 503 with Retry-After. It may be a reply's result as well, of
 *   a service that is busy elsewhere. Any other value: nothing was done, and `replied` will not be called. NULL for `replied` is
 *   EDGEGW_INVALID_ARGUMENT. */

#ifdef __cplusplus
}
#endif
#endif
