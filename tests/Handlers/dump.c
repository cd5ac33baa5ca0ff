/* Shows what crossed the ABI, byte by byte, one NAME=hex line each; and answers with repeated headers, redirects and settings.
 *   *   /dump/{a}/{b}, /dump/{*rest}   everything of the request, body included
 *   GET /cookies                       two Set-Cookie lines
 *   GET /config/{key}, /env/{key}      a setting of the deploy, a variable of the process
 *   GET /log/{level}                   writes one line into the log, tied to the request
 *   GET /status/{code}                 an answer of that status */
#include "fixture.h"

enum { DUMP_TWO, DUMP_REST, COOKIES, CONFIG, ENVIRONMENT, LOG, STATUS };

static void dump_again(void *state, edgegw_result result);

/* Reads the whole body first, however long it takes to come. */
static edgegw_result dump(const edgegw_request *request)
{
    static const char *const properties[] = {"", "host", "scheme", "client", "request-id", "protocol", "target", "route"};
    edgegw_exchange exchange = request->exchange;
    edgegw_text name, value;
    uint32_t cursor = 0;
    char label[64];
    edgegw_result result = exchange_api->body_read_all(exchange, 0, &value, dump_again, (void *)(uintptr_t)request);
    if (result == EDGEGW_PENDING) return result;
    exchange_api->response_header(exchange, TEXT("Content-Type"), TEXT("text/plain"));
    writef(exchange, "body-result=%d\n", (int)result);
    if (result == EDGEGW_OK) write_hex(exchange, "body", value);
    writef(exchange, "flags=%u\ncontent-length=%lld\nhas-deadline=%d\n", request->flags, (long long)request->content_length, request->deadline != 0);
    write_hex(exchange, "method", request->method);
    write_hex(exchange, "path", request->path);
    write_hex(exchange, "query", request->query);
    for (size_t i = 0; i < request->parameter_count; i++) {
        snprintf(label, sizeof label, "parameter-%zu", i);
        write_hex(exchange, label, request->parameters[i]);
    }
    for (uint32_t i = EDGEGW_PROPERTY_HOST; i <= EDGEGW_PROPERTY_ROUTE; i++)
        if (exchange_api->property(exchange, i, &value) == EDGEGW_OK) write_hex(exchange, properties[i], value);
    while (exchange_api->next_header(exchange, &cursor, &name, &value) == EDGEGW_OK) {
        writef(exchange, "header:");
        for (size_t i = 0; i < name.length; i++) writef(exchange, "%c", name.data[i] | (name.data[i] >= 'A' && name.data[i] <= 'Z' ? 0x20 : 0));
        write_hex(exchange, "", value);
    }
    return EDGEGW_OK;
}

static void dump_again(void *state, edgegw_result result)
{
    const edgegw_request *request = (const edgegw_request *)state;
    (void)result; /* the next call says the same */
    result = dump(request);
    if (result != EDGEGW_PENDING) exchange_api->complete(request->exchange, result);
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    edgegw_exchange exchange = request->exchange;
    edgegw_text value;
    char name[128];
    const char *set;
    (void)instance;
    switch (route) {
    case DUMP_TWO:
    case DUMP_REST:
        return dump(request);
    case COOKIES:
        exchange_api->response_header(exchange, TEXT("Set-Cookie"), TEXT("a=1; Path=/"));
        exchange_api->response_header(exchange, TEXT("Set-Cookie"), TEXT("b=2; Path=/; HttpOnly"));
        return writef(exchange, "two\n");
    case CONFIG:
        if (config_api->get(host_api, request->parameters[0], &value) != EDGEGW_OK) return exchange_api->response_status(exchange, 404);
        return exchange_api->response_write(exchange, value);
    case ENVIRONMENT:
        snprintf(name, sizeof name, "%.*s", (int)request->parameters[0].length, (const char *)request->parameters[0].data);
        set = getenv(name);
        return set ? exchange_api->response_write(exchange, text(set)) : exchange_api->response_status(exchange, 404);
    case LOG:
        return writef(exchange, "%d", (int)log_api->write(host_api, (uint32_t)number(request->parameters[0]), exchange, TEXT("a line from dump")));
    default:
        return exchange_api->response_status(exchange, (uint32_t)number(request->parameters[0]));
    }
}

FIXTURE_ENTRY(MANIFEST_OF("dump", "1.0.0",
    ROUTE("*", "/dump/{a}/{b}") "," ROUTE("*", "/dump/{*rest}") "," ROUTE("GET", "/cookies") "," ROUTE("GET", "/config/{key}") ","
    ROUTE("GET", "/env/{key}") "," ROUTE("GET", "/log/{level:int}") "," ROUTE("GET", "/status/{code:int}")))
