/* hello.c: the smallest handler. GET /c/hello and GET /c/hello/{name} answer with JSON.
 *
 *   gcc -shared -fPIC -O2 -I native-abi/include -o hello.so native-abi/examples/hello.c
 *
 * SPDX-License-Identifier: MIT */
#include <edgegw.h>
#include <stdio.h>
#include <string.h>

static const edgegw_exchange_v1 *exchange_api;

static edgegw_text text(const char *value)
{
    edgegw_text bytes;
    bytes.data = (const uint8_t *)value;
    bytes.length = strlen(value);
    return bytes;
}

/* Writes bytes as the inside of a JSON string. The path is bytes and need not be UTF-8: what is not ASCII becomes \u00XX. */
static edgegw_result write_escaped(edgegw_exchange exchange, edgegw_text value)
{
    edgegw_result result = EDGEGW_OK;
    size_t i;
    for (i = 0; i < value.length && result == EDGEGW_OK; i++) {
        char escaped[8];
        uint8_t byte = value.data[i];
        if (byte < 0x20 || byte >= 0x7f || byte == '"' || byte == '\\') {
            snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)byte);
            result = exchange_api->response_write(exchange, text(escaped));
        } else {
            edgegw_text one;
            one.data = &value.data[i];
            one.length = 1;
            result = exchange_api->response_write(exchange, one);
        }
    }
    return result;
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    edgegw_exchange exchange = request->exchange;
    edgegw_text name = route == 1 ? request->parameters[0] : text("world");
    edgegw_text agent;
    (void)instance;

    if (exchange_api->header(exchange, text("User-Agent"), &agent) != EDGEGW_OK) agent = text("nobody");

    exchange_api->response_header(exchange, text("Content-Type"), text("application/json"));
    exchange_api->response_write(exchange, text("{\"message\":\"Hello, "));
    write_escaped(exchange, name);
    exchange_api->response_write(exchange, text("\",\"agent\":\""));
    write_escaped(exchange, agent);
    return exchange_api->response_write(exchange, text("\"}"));
}

static edgegw_result init(const edgegw_host *host, void **instance)
{
    (void)instance;
    exchange_api = (const edgegw_exchange_v1 *)host->get_table(host, text(EDGEGW_EXCHANGE_V1));
    if (exchange_api == NULL) {
        host->set_error(host, text("this gateway has no " EDGEGW_EXCHANGE_V1));
        return EDGEGW_UNSUPPORTED;
    }
    return EDGEGW_OK;
}

static const char manifest[] =
    "{\"name\":\"hello-c\",\"version\":\"1.0.0\",\"routes\":["
    "{\"method\":\"GET\",\"pattern\":\"/c/hello\"},"
    "{\"method\":\"GET\",\"pattern\":\"/c/hello/{name}\"}]}";

EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host)
{
    static edgegw_handler handler;
    (void)host;
    handler.size = sizeof handler;
    handler.abi_major = EDGEGW_ABI_MAJOR;
    handler.abi_minor = EDGEGW_ABI_MINOR;
    handler.manifest = text(manifest);
    handler.init = init;
    handler.handle = handle;
    return &handler;
}
