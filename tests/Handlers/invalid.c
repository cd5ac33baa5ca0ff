/* Answers with what is not allowed, and says what the gateway answered to it.
 *   GET /invalid/header/{case}   an invalid name or value
 *   GET /invalid/status/{n}      a status, out of range or not
 *   GET /invalid/null/{case}     NULL where a pointer is needed
 *   GET /short                   announces 10 bytes and writes 5
 *   GET /long                    announces 5 bytes and writes 10
 *   GET /fail/{code}             fails with minus that result, after set_error */
#include "fixture.h"

enum { HEADER, STATUS, NULLS, SHORT, LONG, FAIL };

static const struct {
    const char *name, *value;
    size_t value_length;
} headers[] = {
    {"", "v", 1}, {"X Y", "v", 1}, {"X:Y", "v", 1}, {"X\r\nY", "v", 1}, {"X\x01", "v", 1}, {"X\xc3\xa9", "v", 1},
    {"X-Injected", "a\r\nX-Evil: 1", 12}, {"X-Injected", "a\nb", 3}, {"X-Injected", "a\rb", 3}, {"X-Injected", "a\0b", 3},
    {"Connection", "close", 5}, {"transfer-encoding", "chunked", 7}, {"Upgrade", "h2c", 3}, {"Keep-Alive", "timeout=5", 9},
    {"Proxy-Connection", "close", 5}, {"TE", "trailers", 8},
    {"Content-Length", "-1", 2}, {"Content-Length", "1, 2", 4}, {"Content-Length", "banana", 6},
};

static edgegw_result nulls(edgegw_exchange exchange, uint64_t which)
{
    const edgegw_text broken = {NULL, 5};
    uint32_t cursor = 0;
    edgegw_text value;
    switch (which) {
    case 0: return exchange_api->response_write(exchange, broken);
    case 1: return exchange_api->response_header(exchange, broken, TEXT("v"));
    case 2: return exchange_api->response_header(exchange, TEXT("X-Null"), broken);
    case 3: return exchange_api->header(exchange, TEXT("Host"), NULL);
    case 4: return exchange_api->header(exchange, broken, &value);
    case 5: return exchange_api->next_header(exchange, NULL, &value, &value);
    case 6: return exchange_api->next_header(exchange, &cursor, NULL, NULL);
    case 7: return exchange_api->property(exchange, EDGEGW_PROPERTY_HOST, NULL);
    case 8: return exchange_api->body_read(exchange, NULL, NULL, NULL);
    case 9: return exchange_api->body_read_all(exchange, 0, NULL, NULL, NULL);
    case 10: return exchange_api->response_span(exchange, 1, NULL);
    case 11: return exchange_api->response_advance(exchange, 1);
    case 12: return exchange_api->property(exchange, 9999, &value) == EDGEGW_UNSUPPORTED ? EDGEGW_INVALID_ARGUMENT : EDGEGW_OK;
    default: return exchange_api->complete(0, EDGEGW_OK) == EDGEGW_INVALID_STATE ? EDGEGW_INVALID_ARGUMENT : EDGEGW_OK;
    }
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    edgegw_exchange exchange = request->exchange;
    uint64_t which = request->parameter_count ? number(request->parameters[0]) : 0;
    edgegw_result result;
    (void)instance;
    switch (route) {
    case HEADER:
        if (which >= sizeof headers / sizeof headers[0]) return exchange_api->response_status(exchange, 404);
        result = exchange_api->response_header(exchange, text(headers[which].name), (edgegw_text){(const uint8_t *)headers[which].value, headers[which].value_length});
        return writef(exchange, "%d", (int)result);
    case STATUS:
        result = exchange_api->response_status(exchange, (uint32_t)which);
        return writef(exchange, "%d", (int)result);
    case NULLS:
        result = nulls(exchange, which);
        return writef(exchange, "%d", (int)result);
    case SHORT:
        exchange_api->response_content_length(exchange, 10);
        return writef(exchange, "12345");
    case LONG:
        exchange_api->response_content_length(exchange, 5);
        writef(exchange, "12345");
        result = writef(exchange, "67890");
        if (result == EDGEGW_OK) exchange_api->set_error(exchange, TEXT("the gateway took more than was announced"));
        return EDGEGW_OK;
    default:
        exchange_api->set_error(exchange, TEXT("a reason for the log only"));
        return -(edgegw_result)which;
    }
}

FIXTURE_ENTRY(MANIFEST_OF("invalid", "1.0.0",
    ROUTE("GET", "/invalid/header/{case:int}") "," ROUTE("GET", "/invalid/status/{status:int}") "," ROUTE("GET", "/invalid/null/{case:int}") ","
    ROUTE("GET", "/short") "," ROUTE("GET", "/long") "," ROUTE("GET", "/fail/{code:int}")))
