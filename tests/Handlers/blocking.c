/* GET /blocking/wait holds the thread that it is called on until POST /blocking/open comes; GET /blocking/inside says how many are held. GET /blocking/never holds its thread for ever.
 * GET /blocking/post has the gateway run work that holds its thread as /blocking/wait does, and answers at once. */
#include "fixture.h"
#include <pthread.h>

enum { WAIT, OPEN, INSIDE, NEVER, POST };

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static unsigned generation;
static int inside;

/* With the gate's lock. */
static void hold(int forever)
{
    unsigned mine = generation;
    inside++;
    while (forever || mine == generation) pthread_cond_wait(&opened, &gate);
    inside--;
}

static void work(void *state)
{
    (void)state;
    pthread_mutex_lock(&gate);
    hold(0);
    pthread_mutex_unlock(&gate);
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    int held;
    (void)instance;
    if (route == POST && schedule_api->post(host_api, work, NULL) < 0) return EDGEGW_BUSY;
    pthread_mutex_lock(&gate);
    if (route == OPEN) {
        generation++;
        pthread_cond_broadcast(&opened);
    } else if (route == WAIT || route == NEVER) {
        hold(route == NEVER);
    }
    held = inside;
    pthread_mutex_unlock(&gate);
    return writef(request->exchange, "%d", held);
}

FIXTURE_ENTRY(MANIFEST_OF("blocking", "1.0.0", ROUTE("GET", "/blocking/wait") "," ROUTE("POST", "/blocking/open") "," ROUTE("GET", "/blocking/inside") "," ROUTE("GET", "/blocking/never") "," ROUTE("GET", "/blocking/post")))
