/* GET /gated/wait is answered when POST /gated/open comes; GET /gated/waiting says how many wait. Holds no thread. */
#include "fixture.h"
#include <pthread.h>

enum { WAIT, OPEN, WAITING, MOST = 4096 };

#ifndef VERSION
#define VERSION 1
#endif

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static edgegw_exchange waiting[MOST];
static int count;

static void answer(edgegw_exchange exchange) { exchange_api->complete(exchange, writef(exchange, "opened by version " STRINGIFY(VERSION) "\n")); }

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    edgegw_exchange opened[MOST];
    int number_opened = 0;
    edgegw_result result = EDGEGW_OK;
    (void)instance;
    pthread_mutex_lock(&gate);
    if (route == WAIT) {
        result = count < MOST ? EDGEGW_PENDING : EDGEGW_BUSY;
        if (count < MOST) waiting[count++] = request->exchange;
    } else if (route == OPEN) {
        number_opened = count;
        memcpy(opened, waiting, sizeof(edgegw_exchange) * (size_t)count);
        count = 0;
    } else {
        writef(request->exchange, "%d", count);
    }
    pthread_mutex_unlock(&gate);
    for (int i = 0; i < number_opened; i++) answer(opened[i]);
    return route == OPEN ? writef(request->exchange, "%d", number_opened) : result;
}

FIXTURE_ENTRY(MANIFEST_OF("gated", STRINGIFY(VERSION) ".0.0", ROUTE("GET", "/gated/wait") "," ROUTE("POST", "/gated/open") "," ROUTE("GET", "/gated/waiting")))
