/* GET /blocking/wait holds the thread that it is called on until POST /blocking/open comes; GET /blocking/inside says how many are held. GET /blocking/never holds its thread for ever. */
#include "fixture.h"
#include <pthread.h>

enum { WAIT, OPEN, INSIDE, NEVER };

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static unsigned generation;
static int inside;

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    int held;
    unsigned mine;
    (void)instance;
    pthread_mutex_lock(&gate);
    if (route == OPEN) {
        generation++;
        pthread_cond_broadcast(&opened);
    } else if (route != INSIDE) {
        mine = generation;
        inside++;
        while (route == NEVER || mine == generation) pthread_cond_wait(&opened, &gate);
        inside--;
    }
    held = inside;
    pthread_mutex_unlock(&gate);
    return writef(request->exchange, "%d", held);
}

FIXTURE_ENTRY(MANIFEST_OF("blocking", "1.0.0", ROUTE("GET", "/blocking/wait") "," ROUTE("POST", "/blocking/open") "," ROUTE("GET", "/blocking/inside") "," ROUTE("GET", "/blocking/never")))
