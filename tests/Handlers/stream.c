/* Long answers.
 *   GET /stream/bytes/{count}         that many bytes, byte i being i modulo 251, flushed as it goes
 *   GET /stream/events/{count}/{ms}   server-sent events, one every so many milliseconds, by the gateway's timer
 *   GET /stream/gated                 one event, and the next one for each POST /stream/next; POST /stream/end ends it
 *   GET /stream/broken                some bytes, flushed, and then a failure */
#include "fixture.h"
#include <stdatomic.h>

enum { BYTES, EVENTS, GATED, NEXT, END, BROKEN };

typedef struct stream {
    edgegw_exchange exchange;
    uint64_t sent, count;
    uint32_t interval;
    atomic_int turns;
} stream;

static _Atomic(edgegw_exchange) gated;
static atomic_int gated_events;

static void flushed(void *state, edgegw_result result) { (void)state, (void)result; }

static edgegw_result step(stream *self);

/* As in native-abi/examples/echo.c: one thread works, the callbacks only count. */
static void turn(void *state, edgegw_result result)
{
    stream *self = (stream *)state;
    (void)result;
    if (atomic_fetch_add(&self->turns, 1) > 0) return;
    do {
        edgegw_result outcome = step(self);
        if (outcome != EDGEGW_PENDING) {
            edgegw_exchange exchange = self->exchange;
            free(self);
            exchange_api->complete(exchange, outcome);
            return;
        }
    } while (atomic_fetch_sub(&self->turns, 1) > 1);
}

static edgegw_result step(stream *self)
{
    while (self->sent < self->count) {
        edgegw_span span;
        edgegw_result result = exchange_api->response_span(self->exchange, 4096, &span);
        size_t length;
        if (result != EDGEGW_OK) return result;
        length = span.length < self->count - self->sent ? span.length : (size_t)(self->count - self->sent);
        for (size_t i = 0; i < length; i++) span.data[i] = (uint8_t)((self->sent + i) % 251);
        result = exchange_api->response_advance(self->exchange, length);
        if (result != EDGEGW_OK) return result;
        self->sent += length;
        result = exchange_api->response_flush(self->exchange, turn, self);
        if (result != EDGEGW_OK) return result;
    }
    return EDGEGW_OK;
}

static void event(void *state)
{
    stream *self = (stream *)state;
    edgegw_exchange exchange = self->exchange;
    edgegw_result result = writef(exchange, "data: %llu\n\n", (unsigned long long)++self->sent);
    if (result == EDGEGW_OK) result = exchange_api->response_flush(exchange, flushed, NULL);
    if (result >= 0 && self->sent < self->count) result = schedule_api->post_after(host_api, self->interval, event, self);
    else if (result >= 0) result = EDGEGW_END;
    if (result == EDGEGW_OK) return;
    free(self);
    exchange_api->complete(exchange, result == EDGEGW_END ? EDGEGW_OK : result);
}

static stream *new_stream(const edgegw_request *request, uint64_t count)
{
    stream *self = (stream *)calloc(1, sizeof *self);
    if (self) self->exchange = request->exchange, self->count = count;
    return self;
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    edgegw_exchange exchange = request->exchange;
    stream *self;
    (void)instance;
    if (route == EVENTS || route == GATED) {
        exchange_api->response_header(exchange, TEXT("Content-Type"), TEXT("text/event-stream"));
        exchange_api->response_header(exchange, TEXT("Cache-Control"), TEXT("no-cache"));
    }
    switch (route) {
    case BYTES:
        if (!(self = new_stream(request, number(request->parameters[0])))) return EDGEGW_OUT_OF_MEMORY;
        exchange_api->response_header(exchange, TEXT("Content-Type"), TEXT("application/octet-stream"));
        turn(self, EDGEGW_OK);
        return EDGEGW_PENDING;
    case EVENTS:
        if (!(self = new_stream(request, number(request->parameters[0])))) return EDGEGW_OUT_OF_MEMORY;
        self->interval = (uint32_t)number(request->parameters[1]);
        event(self);
        return EDGEGW_PENDING;
    case GATED:
        atomic_store(&gated_events, 0);
        writef(exchange, "data: 0\n\n");
        exchange_api->response_flush(exchange, flushed, NULL);
        atomic_store(&gated, exchange);
        return EDGEGW_PENDING;
    case NEXT:
        writef(atomic_load(&gated), "data: %d\n\n", atomic_fetch_add(&gated_events, 1) + 1);
        return writef(exchange, "%d", (int)exchange_api->response_flush(atomic_load(&gated), flushed, NULL));
    case END:
        return writef(exchange, "%d", (int)exchange_api->complete(atomic_load(&gated), EDGEGW_OK));
    default:
        writef(exchange, "some bytes");
        exchange_api->response_flush(exchange, flushed, NULL);
        exchange_api->set_error(exchange, TEXT("the stream broke"));
        return EDGEGW_INTERNAL;
    }
}

FIXTURE_ENTRY(MANIFEST_OF("stream", "1.0.0",
    ROUTE("GET", "/stream/bytes/{count:long}") "," ROUTE("GET", "/stream/events/{count:int}/{ms:int}") "," ROUTE("GET", "/stream/gated") ","
    ROUTE("POST", "/stream/next") "," ROUTE("POST", "/stream/end") "," ROUTE("GET", "/stream/broken")))
