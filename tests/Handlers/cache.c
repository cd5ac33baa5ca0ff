/* The cache of a gateway, from C. PUT (the query is the value), GET and DELETE /cache/{key}; POST /add/{key}/{delta:int}; GET /flight/{key}: makes the value in single
 * flight and says how often it was made; GET /flight/{key}/drop: leads and ends without a value; GET /unbound: asks for what is not bound; GET
 * /misuse: arguments that must be refused. */
#include "fixture.h"

enum { PUT, GET, DELETE, ADD, FLIGHT, DROP, UNBOUND, MISUSE };

static const edgegw_cache_v1 *cache_api;
static edgegw_service cache;
static int made;

static edgegw_exchange exchange_of(void *state) { return (edgegw_exchange)(uintptr_t)state; }

static void status(edgegw_exchange exchange, uint32_t code) { exchange_api->response_status(exchange, code); }

static void fail(edgegw_exchange exchange, const edgegw_reply *reply)
{
    status(exchange, reply->result == EDGEGW_UNAVAILABLE || reply->result == EDGEGW_BUSY ? 503 : 409);
    writef(exchange, "%d %.*s\n", reply->result, (int)reply->error.length, (const char *)reply->error.data);
    exchange_api->complete(exchange, EDGEGW_OK);
}

static void replied_value(void *state, const edgegw_reply *reply)
{
    edgegw_exchange exchange = exchange_of(state);
    if (reply->result < 0) { fail(exchange, reply); return; }
    if (reply->result == EDGEGW_END) status(exchange, 404);
    else if (reply->value_count == 1 && reply->values[0].kind == EDGEGW_VALUE_BLOB)
        exchange_api->response_write(exchange, (edgegw_text){reply->values[0].as.data, reply->values[0].length});
    else if (reply->value_count == 1 && reply->values[0].kind == EDGEGW_VALUE_INT64)
        writef(exchange, "%lld\n", (long long)reply->values[0].as.integer);
    else writef(exchange, "%llu\n", (unsigned long long)reply->affected);
    exchange_api->complete(exchange, EDGEGW_OK);
}

static void replied_settled(void *state, const edgegw_reply *reply)
{
    edgegw_exchange exchange = exchange_of(state);
    if (reply->result < 0) { fail(exchange, reply); return; }
    writef(exchange, "made %d\n", made);
    exchange_api->complete(exchange, EDGEGW_OK);
}

struct flight {
    edgegw_exchange exchange;
    edgegw_open lead;
};

static void make(void *state)
{
    struct flight flight = *(struct flight *)state;
    char value[32];
    free(state);
    snprintf(value, sizeof value, "made %d\n", __atomic_add_fetch(&made, 1, __ATOMIC_RELAXED));
    if (cache_api->settle(flight.exchange, flight.lead, EDGEGW_OK, text(value), 60000, replied_settled, (void *)(uintptr_t)flight.exchange) != EDGEGW_PENDING)
        exchange_api->complete(flight.exchange, EDGEGW_INTERNAL);
}

static void replied_flight(void *state, const edgegw_reply *reply)
{
    struct flight *flight;
    if (reply->result != EDGEGW_END) { replied_value(state, reply); return; }
    flight = malloc(sizeof *flight);
    flight->exchange = exchange_of(state);
    flight->lead = reply->open;
    if (schedule_api->post_after(host_api, 100, make, flight) != EDGEGW_OK) exchange_api->complete(flight->exchange, EDGEGW_BUSY);
}

static void replied_drop(void *state, const edgegw_reply *reply)
{
    edgegw_exchange exchange = exchange_of(state);
    writef(exchange, reply->result == EDGEGW_END && reply->open ? "led\n" : "did not lead\n");
    exchange_api->complete(exchange, EDGEGW_OK);
}

static edgegw_result misuse(const edgegw_request *request, void *state)
{
    static uint8_t long_key[1025];
    edgegw_exchange exchange = request->exchange;
    writef(exchange, "no callback %d\n", cache_api->get(exchange, cache, TEXT("k"), NULL, state));
    writef(exchange, "no key %d\n", cache_api->get(exchange, cache, TEXT(""), replied_value, state));
    writef(exchange, "long key %d\n", cache_api->get(exchange, cache, (edgegw_text){long_key, sizeof long_key}, replied_value, state));
    writef(exchange, "null value %d\n", cache_api->set(exchange, cache, TEXT("k"), (edgegw_text){NULL, 3}, 0, 0, replied_value, state));
    writef(exchange, "condition %d\n", cache_api->set(exchange, cache, TEXT("k"), TEXT("v"), 0, 3, replied_value, state));
    writef(exchange, "no keys %d\n", cache_api->get_many(exchange, cache, NULL, 1, replied_value, state));
    writef(exchange, "service %d\n", cache_api->get(exchange, cache + 100000, TEXT("k"), replied_value, state));
    writef(exchange, "exchange %d\n", cache_api->get(exchange + 1, cache, TEXT("k"), replied_value, state));
    writef(exchange, "lead %d\n", cache_api->settle(exchange, 1u << 30, EDGEGW_OK, TEXT("v"), 0, replied_value, state));
    return EDGEGW_OK;
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    void *state = (void *)(uintptr_t)request->exchange;
    edgegw_text key = request->parameter_count > 0 ? request->parameters[0] : TEXT("");
    edgegw_service other = 7;
    edgegw_cache_key keys[1] = {{key}};
    const edgegw_service_v1 *services = (const edgegw_service_v1 *)host_api->get_table(host_api, TEXT(EDGEGW_SERVICE_V1));
    (void)instance;
    switch (route) {
    case PUT: return cache_api->set(request->exchange, cache, key, request->query, 60000, EDGEGW_CACHE_ALWAYS, replied_value, state);
    case GET: return cache_api->get(request->exchange, cache, key, replied_value, state);
    case DELETE: return cache_api->remove(request->exchange, cache, keys, 1, replied_value, state);
    case ADD: return cache_api->add(request->exchange, cache, key, (int64_t)number(request->parameters[1]), 60000, replied_value, state);
    case FLIGHT: return cache_api->get_or_lead(request->exchange, cache, key, replied_flight, state);
    case DROP: return cache_api->get_or_lead(request->exchange, cache, key, replied_drop, state);
    case UNBOUND:
        writef(request->exchange, "%d", services->find(host_api, TEXT("database"), TEXT("main"), &other));
        return writef(request->exchange, " %llu %d\n", (unsigned long long)other, services->find(host_api, TEXT("nonsense"), TEXT("default"), &other));
    default: return misuse(request, state);
    }
}

static edgegw_result init(const edgegw_host *host, void **instance)
{
    const edgegw_service_v1 *services = (const edgegw_service_v1 *)host->get_table(host, TEXT(EDGEGW_SERVICE_V1));
    (void)instance;
    cache_api = (const edgegw_cache_v1 *)host->get_table(host, TEXT(EDGEGW_CACHE_V1));
    return services && cache_api ? services->find(host, TEXT("cache"), TEXT("default"), &cache) : EDGEGW_UNSUPPORTED;
}

EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host)
{
    static edgegw_handler handler = {.size = sizeof(edgegw_handler), .abi_major = EDGEGW_ABI_MAJOR, .abi_minor = EDGEGW_ABI_MINOR, .init = init, .handle = handle};
    fixture_tables(host);
    handler.manifest = TEXT("{\"name\":\"cache\",\"version\":\"1.0.0\",\"services\":[\"cache:default\"],\"routes\":["
        ROUTE("PUT", "/cache/{key}") "," ROUTE("GET", "/cache/{key}") "," ROUTE("DELETE", "/cache/{key}") "," ROUTE("POST", "/add/{key}/{delta:int}") ","
        ROUTE("GET", "/flight/{key}") "," ROUTE("GET", "/flight/{key}/drop") "," ROUTE("GET", "/unbound") "," ROUTE("GET", "/misuse") "]}");
    return &handler;
}
