/* A proxy, by the gateway's HTTP client. /proxy/{*path}: the same request to the server in the deployment's setting "upstream", bodies streamed both ways in constant
 * memory. GET /fetch?URL: any page. POST /count: how long the body is. GET /misuse: calls that must be refused. */
#include "fixture.h"
#include <stdatomic.h>

enum { FETCH, MISUSE, COUNT, PROXY };

typedef enum step { BODY, ANSWER, DONE } step;

typedef struct proxy {
    edgegw_exchange exchange;
    edgegw_open open;
    edgegw_text chunk; /* read from the client, not yet written */
    step step;
    int flush; /* bytes of the answer were written and not flushed */
    edgegw_result failed;
    atomic_int turns;
} proxy;

static const edgegw_http_v1 *http_api;
static edgegw_service http;
static edgegw_text upstream;

static void turn(proxy *self);

static void ready(void *state, edgegw_result result)
{
    (void)result; /* the next call says the same */
    turn((proxy *)state);
}

static void failed(proxy *self, const edgegw_reply *reply)
{
    uint32_t status = reply->result == EDGEGW_TIMED_OUT ? 504 : reply->result == EDGEGW_BUSY || reply->result == EDGEGW_UNAVAILABLE ? 503 : reply->result == EDGEGW_REFUSED ? 403 : 502;
    if (exchange_api->response_status(self->exchange, status) == EDGEGW_OK) {
        writef(self->exchange, "%d %.*s %.*s\n", reply->result, (int)reply->code.length, (const char *)reply->code.data, (int)reply->error.length, (const char *)reply->error.data);
        self->step = DONE;
    } else self->failed = reply->result; /* the head is out: cut the connection */
}

static int is(edgegw_text name, const char *other) { return name.length == strlen(other) && strncasecmp((const char *)name.data, other, name.length) == 0; }

static edgegw_text text_of(const edgegw_value *value) { return (edgegw_text){value->as.data, value->length}; }

static void replied_head(void *state, const edgegw_reply *reply)
{
    proxy *self = (proxy *)state;
    if (reply->result < 0) failed(self, reply);
    else {
        exchange_api->response_status(self->exchange, (uint32_t)reply->values[0].as.integer);
        for (size_t i = 1; i + 1 < reply->value_count; i += 2) {
            edgegw_text name = text_of(&reply->values[i]);
            if (!is(name, "Date") && !is(name, "Server")) exchange_api->response_header(self->exchange, name, text_of(&reply->values[i + 1]));
        }
        self->open = reply->open;
        self->step = ANSWER;
        self->flush = 1;
    }
    turn(self);
}

static void replied_open(void *state, const edgegw_reply *reply)
{
    proxy *self = (proxy *)state;
    if (reply->result < 0) failed(self, reply);
    else self->open = reply->open, self->step = BODY;
    turn(self);
}

static void replied_written(void *state, const edgegw_reply *reply)
{
    proxy *self = (proxy *)state;
    self->chunk.length = 0;
    if (reply->result < 0) failed(self, reply);
    turn(self);
}

static void replied_read(void *state, const edgegw_reply *reply)
{
    proxy *self = (proxy *)state;
    if (reply->result < 0) failed(self, reply);
    else if (reply->result == EDGEGW_END) self->step = DONE;
    else {
        edgegw_result written = exchange_api->response_write(self->exchange, text_of(&reply->values[0]));
        if (written != EDGEGW_OK) self->failed = written;
        self->flush = 1;
    }
    turn(self);
}

/* Begins what is next; anything but EDGEGW_PENDING is the end. */
static edgegw_result advance(proxy *self)
{
    for (;;) {
        edgegw_result result;
        if (self->failed < 0) return self->failed;
        if (self->flush) {
            self->flush = 0;
            result = exchange_api->response_flush(self->exchange, ready, self);
            if (result != EDGEGW_OK) return result;
        }
        if (self->step == DONE) return EDGEGW_OK;
        if (self->step == ANSWER) return http_api->read(self->exchange, self->open, replied_read, self);
        result = exchange_api->body_read(self->exchange, &self->chunk, ready, self);
        if (result == EDGEGW_OK) return http_api->write(self->exchange, self->open, self->chunk, replied_written, self);
        return result == EDGEGW_END ? http_api->finish(self->exchange, self->open, replied_head, self) : result;
    }
}

/* As in native-abi/examples/echo.c: one thread works, the callbacks only count. */
static void turn(proxy *self)
{
    if (atomic_fetch_add(&self->turns, 1) > 0) return;
    do {
        edgegw_result outcome = advance(self);
        if (outcome != EDGEGW_PENDING) {
            edgegw_exchange exchange = self->exchange;
            free(self);
            exchange_api->complete(exchange, outcome);
            return;
        }
    } while (atomic_fetch_sub(&self->turns, 1) > 1);
}

static edgegw_result begin(const edgegw_request *request, edgegw_http_request *out, edgegw_replied replied)
{
    proxy *self = (proxy *)calloc(1, sizeof *self);
    edgegw_result sent;
    if (self == NULL) return EDGEGW_OUT_OF_MEMORY;
    self->exchange = request->exchange;
    sent = http_api->send(request->exchange, http, out, replied, self);
    if (sent != EDGEGW_PENDING) {
        free(self);
        exchange_api->response_status(request->exchange, 400);
        return writef(request->exchange, "%d\n", sent);
    }
    return EDGEGW_PENDING;
}

static edgegw_result forward(const edgegw_request *request)
{
    edgegw_http_header headers[100];
    char url[4096];
    uint32_t cursor = 0;
    edgegw_http_request out = {.size = sizeof out, .method = request->method, .headers = headers};
    edgegw_text path = request->parameters[0];
    int length = snprintf(url, sizeof url, "%.*s%.*s?%.*s", (int)upstream.length, (const char *)upstream.data, (int)path.length, (const char *)path.data, (int)request->query.length, (const char *)request->query.data);
    if (length < 0 || (size_t)length >= sizeof url) return EDGEGW_TOO_LARGE;
    out.url = text(url);
    while (out.header_count < 100 && exchange_api->next_header(request->exchange, &cursor, &headers[out.header_count].name, &headers[out.header_count].value) == EDGEGW_OK)
        out.header_count++;
    if (request->flags & EDGEGW_REQUEST_HAS_BODY) {
        out.body_length = request->content_length;
        return begin(request, &out, replied_open);
    }
    out.body_length = -2;
    return begin(request, &out, replied_head);
}

typedef struct count {
    edgegw_exchange exchange;
    unsigned long long bytes;
    atomic_int turns;
} count;

static void counted(void *state, edgegw_result result)
{
    count *self = (count *)state;
    (void)result;
    if (atomic_fetch_add(&self->turns, 1) > 0) return;
    do {
        edgegw_text chunk;
        edgegw_result read;
        while ((read = exchange_api->body_read(self->exchange, &chunk, counted, self)) == EDGEGW_OK) self->bytes += chunk.length;
        if (read != EDGEGW_PENDING) {
            edgegw_exchange exchange = self->exchange;
            if (read == EDGEGW_END) read = writef(exchange, "%llu", self->bytes);
            free(self);
            exchange_api->complete(exchange, read);
            return;
        }
    } while (atomic_fetch_sub(&self->turns, 1) > 1);
}

static edgegw_result count_body(const edgegw_request *request)
{
    count *self = (count *)calloc(1, sizeof *self);
    if (self == NULL) return EDGEGW_OUT_OF_MEMORY;
    self->exchange = request->exchange;
    counted(self, EDGEGW_OK);
    return EDGEGW_PENDING;
}

static edgegw_result misuse(const edgegw_request *request)
{
    edgegw_exchange exchange = request->exchange;
    edgegw_http_request good = {.size = sizeof good, .method = TEXT("GET"), .url = TEXT("http://127.0.0.1:1/"), .body_length = -2}, bad = good;
    writef(exchange, "no callback %d\n", http_api->send(exchange, http, &good, NULL, NULL));
    writef(exchange, "no request %d\n", http_api->send(exchange, http, NULL, replied_head, NULL));
    bad.size = 8;
    writef(exchange, "size %d\n", http_api->send(exchange, http, &bad, replied_head, NULL));
    bad = good, bad.header_count = 1;
    writef(exchange, "no headers %d\n", http_api->send(exchange, http, &bad, replied_head, NULL));
    bad = good, bad.body = (edgegw_text){NULL, 3};
    writef(exchange, "null body %d\n", http_api->send(exchange, http, &bad, replied_head, NULL));
    writef(exchange, "service %d\n", http_api->send(exchange, http + 100000, &good, replied_head, NULL));
    writef(exchange, "exchange %d\n", http_api->send(exchange + 1, http, &good, replied_head, NULL));
    writef(exchange, "open %d\n", http_api->read(exchange, 1u << 30, replied_read, NULL));
    return EDGEGW_OK;
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    edgegw_http_request out = {.size = sizeof out, .method = TEXT("GET"), .url = request->query, .body_length = -2, .max_redirects = 5, .timeout = 2000};
    (void)instance;
    switch (route) {
    case FETCH: return begin(request, &out, replied_head);
    case MISUSE: return misuse(request);
    case COUNT: return count_body(request);
    default: return forward(request);
    }
}

static edgegw_result init(const edgegw_host *host, void **instance)
{
    const edgegw_service_v1 *services = (const edgegw_service_v1 *)host->get_table(host, TEXT(EDGEGW_SERVICE_V1));
    (void)instance;
    http_api = (const edgegw_http_v1 *)host->get_table(host, TEXT(EDGEGW_HTTP_V1));
    config_api->get(host, TEXT("upstream"), &upstream);
    return services && http_api ? services->find(host, TEXT("http"), TEXT("default"), &http) : EDGEGW_UNSUPPORTED;
}

#define LONG(method, pattern) "{\"method\":\"" method "\",\"pattern\":\"" pattern "\",\"maxBodyBytes\":1000000000}"

EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host)
{
    static edgegw_handler handler = {.size = sizeof(edgegw_handler), .abi_major = EDGEGW_ABI_MAJOR, .abi_minor = EDGEGW_ABI_MINOR, .init = init, .handle = handle};
    fixture_tables(host);
    handler.manifest = TEXT("{\"name\":\"http\",\"version\":\"1.0.0\",\"services\":[\"http:default\"],\"routes\":["
        ROUTE("GET", "/fetch") "," ROUTE("GET", "/misuse") "," LONG("POST", "/count") "," LONG("*", "/proxy/{*path}") "]}");
    return &handler;
}
