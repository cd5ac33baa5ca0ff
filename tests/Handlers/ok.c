/* Answers with its version. -DVERSION=2 makes the next one; -DNAME="other" another handler with the same routes. */
#include "fixture.h"

#ifndef VERSION
#define VERSION 1
#endif
#ifndef NAME
#define NAME ok
#endif

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    (void)instance, (void)route;
    exchange_api->response_header(request->exchange, TEXT("Content-Type"), TEXT("application/json"));
    return exchange_api->response_write(request->exchange, TEXT("{\"version\":" STRINGIFY(VERSION) "}"));
}

FIXTURE_ENTRY(MANIFEST_OF(STRINGIFY(NAME), STRINGIFY(VERSION) ".0.0", ROUTE("GET", "/ok") "," ROUTE("GET", "/ok/{name}")))
