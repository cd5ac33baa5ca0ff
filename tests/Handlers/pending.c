/* GET /pending: completed by a thread of its own. GET /pending/inline: completed before handle() has returned EDGEGW_PENDING.
 * GET /pending/posted: completed by post(). */
#include "fixture.h"
#include <pthread.h>

enum { THREAD, INLINE, POSTED };

static void complete(void *state)
{
    edgegw_exchange exchange = (edgegw_exchange)(uintptr_t)state;
    exchange_api->complete(exchange, writef(exchange, "completed\n"));
}

static void *run(void *state)
{
    complete(state);
    return NULL;
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    void *state = (void *)(uintptr_t)request->exchange;
    pthread_t thread;
    edgegw_result posted;
    (void)instance;
    switch (route) {
    case THREAD:
        if (pthread_create(&thread, NULL, run, state) != 0) return EDGEGW_OUT_OF_MEMORY;
        pthread_detach(thread);
        return EDGEGW_PENDING;
    case INLINE:
        complete(state);
        return EDGEGW_PENDING;
    default:
        posted = schedule_api->post(host_api, complete, state);
        return posted == EDGEGW_OK ? EDGEGW_PENDING : posted;
    }
}

FIXTURE_ENTRY(MANIFEST_OF("pending", "1.0.0", ROUTE("GET", "/pending") "," ROUTE("GET", "/pending/inline") "," ROUTE("GET", "/pending/posted")))
