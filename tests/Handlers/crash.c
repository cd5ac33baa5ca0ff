/* Kills its process in the way asked for, or leaves it unable to serve.
 *   GET /crash/wild      writes to an address that is not mapped        GET /crash/call     calls a null function
 *   GET /crash/abort     calls abort()                                   GET /crash/stack    recurses until there is no stack left
 *   GET /crash/exit      _exit(3), which nobody is told of               GET /crash/end      exit(0), as if all were well
 *   GET /crash/thread    writes wildly on a thread of its own            GET /crash/later    the same, after the answer was sent
 *   GET /crash/memory    takes what malloc gives without looking at it   GET /crash/close    closes every descriptor of the process
 *   GET /crash/signals   installs a SIGSEGV handler of its own, which ends the process with _exit(9), and writes wildly
 *   GET /crash/cancel    crashes in its cancellation callback            GET /crash/posted   crashes in work that it posted
 *   GET /crash/past      writes past the end of its response span        GET /crash/leak     takes memory until there is none, and uses it
 *   GET /crash/held      takes the request and writes wildly on a thread of its own once the file that --set while=FILE names has gone
 *   GET /crash/not       answers
 * With --set crash-in=init|load|drain it dies there, but only in a worker and only while the file that --set while=FILE names is there; with crash-in=hang-init|hang-load it does not come
 * out of it until the file has gone, and with crash-in=refuse its init fails, in the scout too.
 * -DVERSION=2 makes another version; -DSAFE one whose every route answers. */
#define _GNU_SOURCE /* memmem */
#include "fixture.h"
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#ifndef VERSION
#define VERSION 1
#endif

enum { WILD, CALL, ABORT, STACK, EXIT, END, THREAD, LATER, MEMORY, CLOSE, SIGNALS, CANCEL, POSTED, PAST, NOT, LEAK, HELD };

static int recurse(volatile char *above)
{
    volatile char room[4096];
    room[0] = *above;
    if (room[0] == 0) return 0; /* never: the caller's is 1 */
    return recurse(room) + room[0];
}

static void wild(void) { *(volatile int *)8 = 1; }

static void work(void *state) { (void)state, wild(); }

static void *alone(void *after)
{
    if (after) usleep(20000); /* the answer is out by then; nothing waits for this */
    wild();
    return NULL;
}

/* The one that --set while=FILE names. */
static int file_is_there(void)
{
    char path[256] = "";
    edgegw_text file;
    if (config_api->get(host_api, TEXT("while"), &file) != EDGEGW_OK) return 0;
    snprintf(path, sizeof path, "%.*s", (int)file.length, (const char *)file.data);
    return access(path, F_OK) == 0;
}

static void *held(void *state)
{
    while (file_is_there()) usleep(10000);
    wild();
    return state;
}

static void start(void *(*run)(void *), void *state)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, state) == 0) pthread_detach(thread);
}

static void *grab(void)
{
    /* More than any machine has: malloc says NULL, and it is used all the same. */
    volatile char *memory = malloc((size_t)1 << 50);
    memory[0] = 1;
    return (void *)memory;
}

/* A gigabyte at most, for a machine on which nothing bounds it. */
static void leak(void)
{
    for (int taken = 0; taken < 1024; taken++) memset(malloc(1 << 20), 'x', 1 << 20);
}

static void leave(int signal) { (void)signal, _exit(9); }

static edgegw_result write_past(edgegw_exchange exchange)
{
    edgegw_span span;
    edgegw_result result = exchange_api->response_span(exchange, 16, &span);
    if (result != EDGEGW_OK) return result;
    memset(span.data, 'x', span.length + 4096);
    return exchange_api->response_advance(exchange, 16);
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    volatile char first = 1;
    void (*volatile nothing)(void) = NULL;
    (void)instance;
#ifdef SAFE
    (void)first, (void)nothing, route = NOT;
#endif
    switch (route) {
    case WILD: wild(); break;
    case CALL: nothing(); break;
    case ABORT: abort();
    case STACK: return recurse(&first);
    case EXIT: _exit(3);
    case END: exit(0);
    case THREAD: start(alone, NULL); return EDGEGW_PENDING;
    case LATER: start(alone, &host_api); break;
    case MEMORY: grab(); break;
    case LEAK: leak(); break;
    case CLOSE:
        for (int descriptor = 0; descriptor < 65536; descriptor++) close(descriptor);
        break;
    case SIGNALS:
        signal(SIGSEGV, leave);
        wild();
        break;
    case HELD: start(held, NULL); return EDGEGW_PENDING;
    case CANCEL: exchange_api->on_cancelled(request->exchange, work, NULL); return EDGEGW_PENDING;
    case POSTED: schedule_api->post(host_api, work, NULL); return EDGEGW_PENDING;
    case PAST: return write_past(request->exchange);
    default: break;
    }
    return writef(request->exchange, "alive %d\n", VERSION);
}

/* Whether the settings say to misbehave in this place now. */
static int asked_for(const char *place)
{
    edgegw_text where;
    return config_api->get(host_api, TEXT("crash-in"), &where) == EDGEGW_OK && where.length == strlen(place) && memcmp(where.data, place, where.length) == 0 && file_is_there();
}

/* The same, but never in the scout, which would only refuse the deploy. */
static int dies_in(const char *place)
{
    char role[256] = "";
    FILE *arguments = fopen("/proc/self/cmdline", "r");
    size_t length = arguments ? fread(role, 1, sizeof role - 1, arguments) : 0;
    if (arguments) fclose(arguments);
    return memmem(role, length, "\0worker\0", 8) && asked_for(place);
}

static void hang_in(const char *place)
{
    while (dies_in(place)) usleep(10000);
}

static edgegw_result init(const edgegw_host *host, void **instance)
{
    (void)instance;
    if (dies_in("init")) wild();
    hang_in("hang-init");
    if (!asked_for("refuse")) return EDGEGW_OK;
    host->set_error(host, TEXT("what it needs is not there"));
    return EDGEGW_INTERNAL;
}

static void drain(void *instance)
{
    (void)instance;
    if (dies_in("drain")) abort();
}

EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host)
{
    static edgegw_handler handler = {.size = sizeof(edgegw_handler), .abi_major = EDGEGW_ABI_MAJOR,
        .abi_minor = EDGEGW_ABI_MINOR, .init = init, .handle = handle, .drain = drain};
    fixture_tables(host);
    if (dies_in("load")) exit(5);
    hang_in("hang-load");
    handler.manifest = TEXT(MANIFEST_OF("crash", STRINGIFY(VERSION) ".0.0", ROUTE("GET", "/crash/wild") "," ROUTE("GET", "/crash/call") "," ROUTE("GET", "/crash/abort") ","
        ROUTE("GET", "/crash/stack") "," ROUTE("GET", "/crash/exit") "," ROUTE("GET", "/crash/end") "," ROUTE("GET", "/crash/thread") "," ROUTE("GET", "/crash/later") ","
        ROUTE("GET", "/crash/memory") "," ROUTE("GET", "/crash/close") "," ROUTE("GET", "/crash/signals") ",{\"method\":\"GET\",\"pattern\":\"/crash/cancel\",\"deadlineMs\":100},"
        ROUTE("GET", "/crash/posted") "," ROUTE("GET", "/crash/past") "," ROUTE("GET", "/crash/not") "," ROUTE("GET", "/crash/leak") ","
        ROUTE("GET", "/crash/held")));
    return &handler;
}
