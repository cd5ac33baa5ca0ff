/* Carries a self-test in its manifest: -DTEST=... says which. GET /checked/{name} greets; POST /checked gives the body back; GET /later/{name} greets from another thread;
 * GET /crash, /hang, /blocks and /fails do; GET /cache asks for a service. */
#include "fixture.h"
#include <unistd.h>

enum { CHECK_PASSES, CHECK_WRONG_BODY, CHECK_WRONG_STATUS, CHECK_CRASHES, CHECK_HANGS, CHECK_BLOCKS, CHECK_FAILS, CHECK_NEEDS_CACHE, CHECK_NOWHERE, CHECK_BAD_PATH, CHECK_BAD_STATUS };

#define CHECK(rest) "{\"path\":" rest "}"
#define GREETS CHECK("\"/checked/Ada%20L?x=1\",\"contains\":\"Hello, Ada L!\"")


static const char *const tests[] = {
    [CHECK_PASSES] = GREETS "," CHECK("\"/checked\",\"method\":\"POST\",\"body\":\"12 bytes: Gr\\u00fc\",\"headers\":{\"Content-Type\":\"text/plain\"},\"contains\":\"12 bytes: Gr\\u00fc (text/plain)\"") ","
        CHECK("\"/later/Bob\",\"contains\":\"Hello, Bob!\"") "," CHECK("\"/nowhere\",\"status\":404"),
    [CHECK_WRONG_BODY] = GREETS "," CHECK("\"/checked/Bob\",\"contains\":\"Goodbye\""),
    [CHECK_WRONG_STATUS] = CHECK("\"/checked/Bob\",\"status\":201"),
    [CHECK_CRASHES] = GREETS "," CHECK("\"/crash\""),
    [CHECK_HANGS] = CHECK("\"/hang\""),
    [CHECK_BLOCKS] = CHECK("\"/blocks\""),
    [CHECK_FAILS] = CHECK("\"/fails\""),
    [CHECK_NEEDS_CACHE] = CHECK("\"/cache\""),
    [CHECK_NOWHERE] = CHECK("\"/elsewhere\""),
    [CHECK_BAD_PATH] = CHECK("\"no/slash\""),
    [CHECK_BAD_STATUS] = CHECK("\"/checked/Bob\",\"status\":99"),
};

enum { GREET, ECHO, LATER, CRASH, HANG, BLOCK, FAIL, CACHE };

static const edgegw_cache_v1 *cache_api;
static edgegw_service cache;

struct later {
    edgegw_exchange exchange;
    edgegw_text name;
};

static edgegw_result greet(edgegw_exchange exchange, edgegw_text name) { return writef(exchange, "Hello, %.*s!\n", (int)name.length, (const char *)name.data); }

static void greet_later(void *state)
{
    struct later later = *(struct later *)state;
    free(state);
    exchange_api->complete(later.exchange, greet(later.exchange, later.name));
}

static void unused(void *state, edgegw_result result) { (void)state, (void)result; }

static void replied(void *state, const edgegw_reply *reply) { exchange_api->complete((edgegw_exchange)(uintptr_t)state, reply->result); }

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    edgegw_exchange exchange = request->exchange;
    (void)instance;
    switch (route) {
    case GREET: return greet(exchange, request->parameters[0]);
    case ECHO: {
        edgegw_text body, type;
        edgegw_result result = exchange_api->body_read_all(exchange, 0, &body, unused, NULL);
        if (result != EDGEGW_OK) return result;
        exchange_api->header(exchange, TEXT("Content-Type"), &type);
        return writef(exchange, "%.*s (%.*s)\n", (int)body.length, (const char *)body.data, (int)type.length, (const char *)type.data);
    }
    case LATER: {
        struct later *later = malloc(sizeof *later);
        later->exchange = exchange;
        later->name = request->parameters[0];
        return schedule_api->post_after(host_api, 10, greet_later, later) == EDGEGW_OK ? EDGEGW_PENDING : EDGEGW_INTERNAL;
    }
    case CRASH: *(volatile int *)8 = 1; return EDGEGW_OK;
    case HANG: return EDGEGW_PENDING;
    case BLOCK: for (;;) pause();
    case FAIL: exchange_api->set_error(exchange, TEXT("there is sand in the gears")); return EDGEGW_INTERNAL;
    default: {
        edgegw_result result = cache_api->get(exchange, cache, TEXT("key"), replied, (void *)(uintptr_t)exchange);
        return result;
    }
    }
}

static edgegw_result init(const edgegw_host *host, void **instance)
{
    const edgegw_service_v1 *services = (const edgegw_service_v1 *)host->get_table(host, TEXT(EDGEGW_SERVICE_V1));
    (void)instance;
    cache_api = (const edgegw_cache_v1 *)host->get_table(host, TEXT(EDGEGW_CACHE_V1));
    return TEST == CHECK_NEEDS_CACHE ? services->find(host, TEXT("cache"), TEXT("default"), &cache) : EDGEGW_OK;
}

static char manifest[4096];

EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host)
{
    static edgegw_handler handler = {.size = sizeof(edgegw_handler), .abi_major = EDGEGW_ABI_MAJOR, .abi_minor = EDGEGW_ABI_MINOR, .init = init, .handle = handle};
    fixture_tables(host);
    snprintf(manifest, sizeof manifest, "{\"name\":\"checked\",\"version\":\"1.0.0\",\"routes\":[%s],\"services\":[%s],\"selfTest\":[%s]}",
        ROUTE("GET", "/checked/{name}") "," ROUTE("POST", "/checked") "," ROUTE("GET", "/later/{name}") "," ROUTE("GET", "/crash") "," ROUTE("GET", "/hang") ","
        ROUTE("GET", "/blocks") "," ROUTE("GET", "/fails") "," ROUTE("GET", "/cache"),
        TEST == CHECK_NEEDS_CACHE ? "\"cache:default\"" : "", tests[TEST]);
    handler.manifest = text(manifest);
    return &handler;
}
