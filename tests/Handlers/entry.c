/* Refuses or fails at load time: -DMODE=... says how. */
#include "fixture.h"
#include <unistd.h>

enum { FINE, INIT_FAILS, INIT_FAILS_SILENTLY, INIT_EXITS, INIT_HANGS, INIT_ABORTS, INIT_CRASHES, SELF_TEST_FAILS, ENTRY_NULL, ENTRY_CRASHES, WRONG_MAJOR, NEWER_MINOR,
    TABLE_TOO_SMALL, NO_HANDLE, NO_MANIFEST, BAD_JSON, NOT_UTF8, NO_ROUTES, NO_NAME, BAD_NAME, BAD_PATTERN, BAD_METHOD, DUPLICATE_ROUTES, OVERSIZED_MANIFEST, NEEDS_SERVICE };

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    (void)instance, (void)route;
    return writef(request->exchange, "this library should never have been loaded\n");
}

static edgegw_result init(const edgegw_host *host, void **instance)
{
    (void)instance;
    switch (MODE) {
    case INIT_FAILS: host->set_error(host, TEXT("the tea kettle is empty")); return EDGEGW_INTERNAL;
    case INIT_FAILS_SILENTLY: return EDGEGW_INTERNAL;
    case INIT_EXITS: exit(0);
    case INIT_HANGS: for (;;) pause();
    case INIT_ABORTS: abort();
    case INIT_CRASHES: *(volatile int *)8 = 1; return EDGEGW_OK;
    default: return EDGEGW_OK;
    }
}

static edgegw_result self_test(void *instance)
{
    (void)instance;
    if (MODE != SELF_TEST_FAILS) return EDGEGW_OK;
    host_api->set_error(host_api, TEXT("the self-test found dust"));
    return EDGEGW_INTERNAL;
}

static char oversized[1024 * 1024 + 4096];

static edgegw_text manifest(void)
{
    switch (MODE) {
    case NO_MANIFEST: return (edgegw_text){NULL, 0};
    case BAD_JSON: return TEXT("{\"name\":\"entry\",\"routes\":[");
    case NOT_UTF8: return TEXT("{\"name\":\"\xff\xfe\",\"routes\":[]}");
    case NO_ROUTES: return TEXT("{\"name\":\"entry\",\"routes\":[]}");
    case NO_NAME: return TEXT("{\"routes\":[" ROUTE("GET", "/entry") "]}");
    case BAD_NAME: return TEXT(MANIFEST_OF("../entry", "1.0.0", ROUTE("GET", "/entry")));
    case BAD_PATTERN: return TEXT(MANIFEST_OF("entry", "1.0.0", ROUTE("GET", "/entry/{unclosed")));
    case BAD_METHOD: return TEXT(MANIFEST_OF("entry", "1.0.0", ROUTE("G T", "/entry")));
    case DUPLICATE_ROUTES: return TEXT(MANIFEST_OF("entry", "1.0.0", ROUTE("GET", "/entry/{a}") "," ROUTE("GET", "/entry/{b}")));
    case NEEDS_SERVICE: return TEXT("{\"name\":\"entry\",\"services\":[\"database.nowhere\"],\"routes\":[" ROUTE("GET", "/entry") "]}");
    case OVERSIZED_MANIFEST:
        memset(oversized, ' ', sizeof oversized);
        memcpy(oversized, MANIFEST_OF("entry", "1.0.0", ROUTE("GET", "/entry")), sizeof(MANIFEST_OF("entry", "1.0.0", ROUTE("GET", "/entry"))) - 1);
        return (edgegw_text){(const uint8_t *)oversized, sizeof oversized};
    default: return TEXT(MANIFEST_OF("entry", "1.0.0", ROUTE("GET", "/entry")));
    }
}

EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host)
{
    static edgegw_handler handler;
    fixture_tables(host);
    if (MODE == ENTRY_NULL) {
        host->set_error(host, TEXT("this gateway is not to my taste"));
        return NULL;
    }
    if (MODE == ENTRY_CRASHES) *(volatile int *)8 = 1;
    handler.size = MODE == TABLE_TOO_SMALL ? 16 : sizeof handler;
    handler.abi_major = MODE == WRONG_MAJOR ? 9 : EDGEGW_ABI_MAJOR;
    handler.abi_minor = MODE == NEWER_MINOR ? 99 : EDGEGW_ABI_MINOR;
    handler.manifest = manifest();
    handler.init = init;
    handler.handle = MODE == NO_HANDLE ? NULL : handle;
    handler.self_test = self_test;
    return &handler;
}
