/* counter.c: calls a service. POST /c/counters/{name} counts by one in the gateway's cache and answers with the count; GET reads it.
 *
 *   gcc -shared -fPIC -O2 -I native-abi/include -o counter.so native-abi/examples/counter.c
 *
 * SPDX-License-Identifier: MIT */
#include <edgegw.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const edgegw_exchange_v1 *exchange_api;
static const edgegw_cache_v1 *cache_api;
static edgegw_service cache; /* found once; it stays good when the cache's settings are changed */

#define TEXT(literal) ((edgegw_text){(const uint8_t *)(literal), sizeof(literal) - 1})

/* An exchange is a number, and all that the reply has to know here: it travels as the state itself. */
static void *state_of(edgegw_exchange exchange) { return (void *)(uintptr_t)exchange; }

/* Says what a call that failed means to the client. The gateway's sentence goes to the log: it may name hosts. */
static edgegw_result failed(edgegw_exchange exchange, edgegw_result result, edgegw_text sentence)
{
    if (sentence.length > 0) exchange_api->set_error(exchange, sentence);
    if (result != EDGEGW_BUSY && result != EDGEGW_UNAVAILABLE) return result; /* 500 */
    exchange_api->response_status(exchange, 503);
    exchange_api->response_header(exchange, TEXT("Retry-After"), TEXT("1"));
    return exchange_api->response_write(exchange, TEXT("The counters cannot be reached at the moment.\n"));
}

/* On a gateway thread, perhaps before the call below has returned. The reply is gone when this returns. */
static void counted(void *state, const edgegw_reply *reply)
{
    edgegw_exchange exchange = (edgegw_exchange)(uintptr_t)state;
    edgegw_result result;
    if (reply->result < 0) {
        result = failed(exchange, reply->result, reply->error);
    } else if (reply->result == EDGEGW_END) { /* no such counter yet */
        result = exchange_api->response_write(exchange, TEXT("0\n"));
    } else if (reply->values[0].kind == EDGEGW_VALUE_INT64) { /* the sum, from add */
        char line[32];
        edgegw_text bytes;
        bytes.data = (const uint8_t *)line;
        bytes.length = (size_t)snprintf(line, sizeof line, "%" PRId64 "\n", reply->values[0].as.integer);
        result = exchange_api->response_write(exchange, bytes);
    } else { /* the decimal number as it is kept, from get */
        edgegw_text bytes;
        bytes.data = reply->values[0].as.data;
        bytes.length = reply->values[0].length;
        result = exchange_api->response_write(exchange, bytes);
        if (result == EDGEGW_OK) result = exchange_api->response_write(exchange, TEXT("\n"));
    }
    exchange_api->complete(exchange, result);
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    edgegw_exchange exchange = request->exchange;
    edgegw_text name = request->parameters[0];
    uint8_t key[128];
    edgegw_text prefixed = {key, 0};
    edgegw_result result;
    (void)instance;
    if (name.length > sizeof key - 2) return exchange_api->response_status(exchange, 414);
    /* The prefix keeps these keys apart from those of others who use the same cache. The key is copied by the call. */
    memcpy(key, "c:", 2);
    memcpy(key + 2, name.data, name.length);
    prefixed.length = name.length + 2;
    result = route == 0 ? cache_api->add(exchange, cache, prefixed, 1, 0, counted, state_of(exchange))
                        : cache_api->get(exchange, cache, prefixed, counted, state_of(exchange));
    /* After EDGEGW_PENDING the exchange is the reply's: it may be over already. */
    return result == EDGEGW_PENDING ? result : failed(exchange, result, TEXT("the cache took no call"));
}

static edgegw_result init(const edgegw_host *host, void **instance)
{
    const edgegw_service_v1 *services = (const edgegw_service_v1 *)host->get_table(host, TEXT(EDGEGW_SERVICE_V1));
    (void)instance;
    exchange_api = (const edgegw_exchange_v1 *)host->get_table(host, TEXT(EDGEGW_EXCHANGE_V1));
    cache_api = (const edgegw_cache_v1 *)host->get_table(host, TEXT(EDGEGW_CACHE_V1));
    if (exchange_api == NULL || services == NULL || cache_api == NULL) {
        host->set_error(host, TEXT("this gateway lacks " EDGEGW_SERVICE_V1 " or " EDGEGW_CACHE_V1));
        return EDGEGW_UNSUPPORTED;
    }
    return services->find(host, TEXT("cache"), TEXT("default"), &cache); /* the manifest names it: it is there */
}

EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host)
{
    static const char manifest[] =
        "{\"name\":\"counter-c\",\"version\":\"1.0.0\",\"services\":[\"cache:default\"],\"routes\":["
        "{\"method\":\"POST\",\"pattern\":\"/c/counters/{name}\"},"
        "{\"method\":\"GET\",\"pattern\":\"/c/counters/{name}\"}]}";
    static edgegw_handler handler;
    (void)host;
    handler.size = sizeof handler;
    handler.abi_major = EDGEGW_ABI_MAJOR;
    handler.abi_minor = EDGEGW_ABI_MINOR;
    handler.manifest = TEXT(manifest);
    handler.init = init;
    handler.handle = handle;
    return &handler;
}
