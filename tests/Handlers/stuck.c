/* Every way to keep a thread or a request: GET /stuck/loop runs for ever, GET /stuck/deadlock waits for itself, GET /stuck/never answers "pending" and forgets, GET /stuck/later loops in work that it
 * has scheduled, GET /stuck/hold/{ms} holds its thread so long, GET /stuck/count answers at once. VERSION 1 is the good one: each of these answers at once. */
#include "fixture.h"
#include <pthread.h>
#include <time.h>

#ifndef VERSION
#define VERSION 1
#endif

enum { LOOP, DEADLOCK, NEVER, LATER, HOLD, COUNT };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile unsigned long turns;

__attribute__((noinline)) static void stuck_in_a_loop(void)
{
    for (;;) turns++;
}

__attribute__((noinline)) static void stuck_in_a_deadlock(void)
{
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
    turns++;
}

static void stuck_in_work(void *state)
{
    (void)state;
    stuck_in_a_loop();
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    struct timespec time;
    uint64_t milliseconds;
    (void)instance;
    if (VERSION > 1 && route == LOOP) stuck_in_a_loop();
    if (VERSION > 1 && route == DEADLOCK) stuck_in_a_deadlock();
    if (VERSION > 1 && route == NEVER) return EDGEGW_PENDING;
    if (VERSION > 1 && route == LATER && schedule_api->post(host_api, stuck_in_work, NULL) < 0) return EDGEGW_BUSY;
    if (route == HOLD) {
        milliseconds = number(request->parameters[0]);
        time.tv_sec = (time_t)(milliseconds / 1000);
        time.tv_nsec = (long)(milliseconds % 1000) * 1000000;
        nanosleep(&time, NULL);
    }
    return writef(request->exchange, "version %d\n", VERSION);
}

FIXTURE_ENTRY(MANIFEST_OF("stuck", STRINGIFY(VERSION) ".0.0", ROUTE("GET", "/stuck/loop") "," ROUTE("GET", "/stuck/deadlock") "," ROUTE("GET", "/stuck/never") "," ROUTE("GET", "/stuck/later") ","
    ROUTE("GET", "/stuck/hold/{ms}") "," ROUTE("GET", "/stuck/count")))
