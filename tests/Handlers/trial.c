/* A version on trial. GET /trial answers with its version, unless --set tells it otherwise:
 *   crash-every=N   writes wildly in every Nth request        fail-every=N   fails in every Nth request
 *   sleep-ms=N      keeps its thread for so long              spin-ms=N      computes for so long
 *   grow-kb=N       takes so much memory, uses all of it and gives none back
 * -DVERSION=2 makes the next version. */
#include "fixture.h"
#include <stdatomic.h>
#include <time.h>

#ifndef VERSION
#define VERSION 1
#endif

static atomic_uint requests;

static uint64_t setting(edgegw_text name)
{
    edgegw_text value;
    return config_api->get(host_api, name, &value) == EDGEGW_OK ? number(value) : 0;
}

static int is_due(uint64_t every, unsigned request) { return every != 0 && request % every == 0; }

static void spin(uint64_t ms)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    int64_t end = now.tv_sec * 1000000000LL + now.tv_nsec + (int64_t)ms * 1000000;
    while (now.tv_sec * 1000000000LL + now.tv_nsec < end) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
}

/* What malloc gives is used without a look at it. */
static void grow(uint64_t kilobytes)
{
    volatile char *memory = kilobytes ? malloc(kilobytes * 1024) : NULL;
    for (uint64_t at = 0; at < kilobytes * 1024; at += 4096) memory[at] = 1;
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    unsigned count = atomic_fetch_add(&requests, 1) + 1;
    uint64_t ms = setting(TEXT("sleep-ms"));
    struct timespec pause = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
    (void)instance, (void)route;
    if (is_due(setting(TEXT("crash-every")), count)) *(volatile int *)8 = 1;
    if (is_due(setting(TEXT("fail-every")), count)) return EDGEGW_INTERNAL;
    spin(setting(TEXT("spin-ms")));
    grow(setting(TEXT("grow-kb")));
    while (ms != 0 && nanosleep(&pause, &pause) != 0) {}
    return writef(request->exchange, "{\"version\":" STRINGIFY(VERSION) "}");
}

FIXTURE_ENTRY(MANIFEST_OF("trial", STRINGIFY(VERSION) ".0.0", ROUTE("GET", "/trial")))
