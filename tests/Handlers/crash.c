/* Kills its process in the way asked for. */
#include "fixture.h"
#include <unistd.h>

static int recurse(volatile char *above)
{
    volatile char room[4096];
    room[0] = *above;
    if (room[0] == 0) return 0; /* never: the caller's is 1 */
    return recurse(room) + room[0];
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    volatile char start = 1;
    (void)instance;
    switch (route) {
    case 0: *(volatile int *)8 = 1; break;
    case 1: abort();
    case 2: return recurse(&start);
    case 3: _exit(3);
    default: break;
    }
    return writef(request->exchange, "alive\n");
}

FIXTURE_ENTRY(MANIFEST_OF("crash", "1.0.0", ROUTE("GET", "/crash/wild") "," ROUTE("GET", "/crash/abort") "," ROUTE("GET", "/crash/stack") "," ROUTE("GET", "/crash/exit") "," ROUTE("GET", "/crash/not")))
