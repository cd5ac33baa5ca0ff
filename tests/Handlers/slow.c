/* GET /slow/{ms}: keeps its thread for so long. */
#include "fixture.h"
#include <time.h>

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    uint64_t ms = number(request->parameters[0]);
    struct timespec pause = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
    (void)instance, (void)route;
    while (nanosleep(&pause, &pause) != 0) {}
    return writef(request->exchange, "slept\n");
}

FIXTURE_ENTRY(MANIFEST_OF("slow", "1.0.0", ROUTE("GET", "/slow/{ms:int}")))
