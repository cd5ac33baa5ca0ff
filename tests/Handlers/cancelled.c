/* GET /cancelled/wait waits until nobody waits for it; GET /cancelled/count says "started=N cancelled=M flag=F": how many began, how
 * many were told by the callback, and how many saw the flag then. */
#include "fixture.h"
#include <stdatomic.h>

typedef struct wait {
    edgegw_exchange exchange;
    const uint32_t *flag;
} wait;

static atomic_int started, cancelled, flagged;

static void on_cancelled(void *state)
{
    wait *self = (wait *)state;
    if (__atomic_load_n(self->flag, __ATOMIC_RELAXED)) atomic_fetch_add(&flagged, 1);
    atomic_fetch_add(&cancelled, 1);
    exchange_api->complete(self->exchange, EDGEGW_CANCELLED);
    free(self);
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    wait *self;
    (void)instance;
    if (route == 1)
        return writef(request->exchange, "started=%d cancelled=%d flag=%d", atomic_load(&started), atomic_load(&cancelled), atomic_load(&flagged));
    if (!(self = (wait *)malloc(sizeof *self))) return EDGEGW_OUT_OF_MEMORY;
    self->exchange = request->exchange;
    self->flag = request->cancelled;
    atomic_fetch_add(&started, 1);
    if (exchange_api->on_cancelled(request->exchange, on_cancelled, self) == EDGEGW_CANCELLED) {
        free(self);
        return EDGEGW_CANCELLED;
    }
    return EDGEGW_PENDING;
}

FIXTURE_ENTRY(MANIFEST_OF("cancelled", "1.0.0", ROUTE("GET", "/cancelled/wait") "," ROUTE("GET", "/cancelled/count")))
