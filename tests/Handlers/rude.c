/* Breaks the rules of an exchange.
 *   GET /never           says EDGEGW_PENDING and forgets the request
 *   GET /twice           completes twice
 *   GET /twice/returned  completes, and then returns EDGEGW_OK as if it had not
 *   GET /late            completes, then writes, sets the status and a header, reads a header and the body
 *   GET /stale/keep      keeps its exchange, completes; GET /stale/use uses the kept one while another is running
 *   POST /dropped        begins to read a body, forgets the callback and returns EDGEGW_OK
 *   GET /results         the results of the last misuse, one per line */
#include "fixture.h"

enum { NEVER, TWICE, TWICE_RETURNED, LATE, STALE_KEEP, STALE_USE, DROPPED, RESULTS };

static edgegw_exchange kept;
static char results[1024];

static void note(const char *name, edgegw_result result)
{
    size_t used = strlen(results);
    snprintf(results + used, sizeof results - used, "%s=%d\n", name, (int)result);
}

static void ready(void *state, edgegw_result result) { (void)state, (void)result; }

static void misuse(edgegw_exchange exchange)
{
    edgegw_text value;
    edgegw_span span;
    uint32_t cursor = 0;
    note("response_write", exchange_api->response_write(exchange, TEXT("too late")));
    note("response_status", exchange_api->response_status(exchange, 201));
    note("response_header", exchange_api->response_header(exchange, TEXT("X-Late"), TEXT("1")));
    note("response_content_length", exchange_api->response_content_length(exchange, 3));
    note("response_span", exchange_api->response_span(exchange, 16, &span));
    note("response_advance", exchange_api->response_advance(exchange, 0));
    note("header", exchange_api->header(exchange, TEXT("Host"), &value));
    note("next_header", exchange_api->next_header(exchange, &cursor, &value, &value));
    note("property", exchange_api->property(exchange, EDGEGW_PROPERTY_HOST, &value));
    note("body_read", exchange_api->body_read(exchange, &value, ready, NULL));
    note("complete", exchange_api->complete(exchange, EDGEGW_OK));
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    edgegw_exchange exchange = request->exchange;
    (void)instance;
    if (route != RESULTS) results[0] = 0;
    switch (route) {
    case NEVER:
        return EDGEGW_PENDING;
    case TWICE:
        exchange_api->complete(exchange, writef(exchange, "once\n"));
        note("second", exchange_api->complete(exchange, EDGEGW_OK));
        return EDGEGW_PENDING;
    case TWICE_RETURNED:
        exchange_api->complete(exchange, writef(exchange, "once\n"));
        return EDGEGW_OK;
    case LATE:
        exchange_api->complete(exchange, writef(exchange, "in time\n"));
        misuse(exchange);
        return EDGEGW_PENDING;
    case DROPPED: {
        edgegw_text chunk;
        edgegw_result result = exchange_api->body_read(exchange, &chunk, ready, NULL);
        return writef(exchange, "read=%d\n", (int)result);
    }
    case STALE_KEEP:
        kept = exchange;
        return writef(exchange, "kept\n");
    case STALE_USE:
        misuse(kept);
        return writef(exchange, "untouched\n");
    default:
        return exchange_api->response_write(exchange, text(results));
    }
}

FIXTURE_ENTRY(MANIFEST_OF("rude", "1.0.0",
    "{\"method\":\"GET\",\"pattern\":\"/never\",\"deadlineMs\":300}," ROUTE("GET", "/twice") "," ROUTE("GET", "/twice/returned") "," ROUTE("GET", "/late") ","
    ROUTE("GET", "/stale/keep") "," ROUTE("GET", "/stale/use") "," ROUTE("POST", "/dropped") "," ROUTE("GET", "/results")))
