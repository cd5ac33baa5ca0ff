/* The storage of a gateway, from C, driven by HTTP.
 *   PUT, GET, DELETE /files/{*key}    an object in one piece; X-Note is a piece of its metadata; GET with ?offset,length reads a range
 *   GET /stat/{*key}                  key, size, ETag, content type
 *   GET /list, /tree                  one line per row; the query is the prefix; /tree rolls up at "/"
 *   POST /copy/{from}/{to}
 *   GET /presign/{method:int}/{*key}  a URL for a minute
 *   PUT, GET /stream/{*key}           an object in pieces, in constant memory
 *   PUT /abandon/{*key}               an upload that is never finished */
#include "fixture.h"
#include <stdatomic.h>

enum { PUT, GET, DELETE, STAT, LIST, TREE, COPY, PRESIGN, UP, DOWN, ABANDON };

static const edgegw_storage_v1 *storage_api;
static edgegw_service files;

static edgegw_exchange exchange_of(void *state) { return (edgegw_exchange)(uintptr_t)state; }

static edgegw_text text_of(const edgegw_value *value) { return (edgegw_text){value->as.data, value->length}; }

static void say_failure(edgegw_exchange exchange, edgegw_result result, edgegw_text code, edgegw_text error)
{
    exchange_api->response_status(exchange, result == EDGEGW_UNAVAILABLE || result == EDGEGW_BUSY || result == EDGEGW_TIMED_OUT ? 503 : result == EDGEGW_TOO_LARGE ? 413 : 409);
    writef(exchange, "%d %.*s %.*s\n", result, (int)code.length, (const char *)code.data, (int)error.length, (const char *)error.data);
}

/* 1 when the reply was an error or an end, which is answered then. */
static int is_over(edgegw_exchange exchange, const edgegw_reply *reply)
{
    if (reply->result == EDGEGW_OK) return 0;
    if (reply->result == EDGEGW_END) exchange_api->response_status(exchange, 404);
    else say_failure(exchange, reply->result, reply->code, reply->error);
    return 1;
}

static void head_of(edgegw_exchange exchange, const edgegw_reply *reply, size_t metadata)
{
    exchange_api->response_header(exchange, TEXT("Content-Type"), text_of(&reply->values[EDGEGW_OBJECT_CONTENT_TYPE]));
    exchange_api->response_header(exchange, TEXT("X-Etag"), text_of(&reply->values[EDGEGW_OBJECT_ETAG]));
    for (size_t i = metadata; i + 1 < reply->value_count; i += 2)
        if (reply->values[i].length == 4 && memcmp(reply->values[i].as.data, "note", 4) == 0)
            exchange_api->response_header(exchange, TEXT("X-Note"), text_of(&reply->values[i + 1]));
}

static void replied_done(void *state, const edgegw_reply *reply)
{
    edgegw_exchange exchange = exchange_of(state);
    if (!is_over(exchange, reply)) writef(exchange, "done\n");
    exchange_api->complete(exchange, EDGEGW_OK);
}

static void replied_text(void *state, const edgegw_reply *reply)
{
    edgegw_exchange exchange = exchange_of(state);
    if (!is_over(exchange, reply)) exchange_api->response_write(exchange, text_of(&reply->values[0]));
    exchange_api->complete(exchange, EDGEGW_OK);
}

static void replied_object(void *state, const edgegw_reply *reply)
{
    edgegw_exchange exchange = exchange_of(state);
    edgegw_result result = EDGEGW_OK;
    if (!is_over(exchange, reply)) {
        head_of(exchange, reply, EDGEGW_OBJECT_FACTS + 1);
        exchange_api->response_content_length(exchange, reply->values[EDGEGW_OBJECT_FACTS].length);
        result = exchange_api->response_write(exchange, text_of(&reply->values[EDGEGW_OBJECT_FACTS]));
    }
    exchange_api->complete(exchange, result);
}

static void replied_rows(void *state, const edgegw_reply *reply)
{
    edgegw_exchange exchange = exchange_of(state);
    if (!is_over(exchange, reply))
        for (size_t i = 0; i < reply->value_count; i += reply->value_count / reply->row_count) {
            exchange_api->response_write(exchange, text_of(&reply->values[i]));
            if (reply->values[i + EDGEGW_OBJECT_SIZE].kind == EDGEGW_VALUE_NULL) writef(exchange, "\n");
            else writef(exchange, " %lld\n", (long long)reply->values[i + EDGEGW_OBJECT_SIZE].as.integer);
        }
    exchange_api->complete(exchange, EDGEGW_OK);
}

static void replied_stat(void *state, const edgegw_reply *reply)
{
    edgegw_exchange exchange = exchange_of(state);
    if (!is_over(exchange, reply)) {
        head_of(exchange, reply, EDGEGW_OBJECT_FACTS);
        writef(exchange, "%lld\n", (long long)reply->values[EDGEGW_OBJECT_SIZE].as.integer);
    }
    exchange_api->complete(exchange, EDGEGW_OK);
}

/* Something that takes several steps. One thing is waited for at a time, and its callback is the next turn. */
typedef struct transfer {
    edgegw_exchange exchange;
    uint32_t route;
    int64_t length;
    edgegw_text key, type;
    edgegw_metadata note;
    edgegw_open open;
    edgegw_result result; /* of the last reply */
    int phase, written;
    atomic_int turns;
} transfer;

enum { OPEN, MOVE, LAST };

static void turn(transfer *self);

static void ready(void *state, edgegw_result result)
{
    (void)result; /* the next call says the same */
    turn((transfer *)state);
}

static void replied(void *state, const edgegw_reply *reply)
{
    transfer *self = (transfer *)state;
    self->result = reply->result;
    if (reply->open) self->open = reply->open;
    if (self->route == DOWN && reply->result == EDGEGW_OK && self->phase == OPEN) {
        head_of(self->exchange, reply, EDGEGW_OBJECT_FACTS);
        exchange_api->response_content_length(self->exchange, (uint64_t)reply->values[EDGEGW_OBJECT_SIZE].as.integer);
    } else if (self->route == DOWN && reply->result == EDGEGW_OK) {
        self->written = 1;
        self->result = exchange_api->response_write(self->exchange, text_of(&reply->values[0]));
    } else if (reply->result != EDGEGW_OK && !(self->route == DOWN && self->phase == MOVE)) is_over(self->exchange, reply);
    else if (self->route == UP && self->phase == LAST) writef(self->exchange, "%lld\n", (long long)reply->values[EDGEGW_OBJECT_SIZE].as.integer);
    turn(self);
}

static edgegw_result begin(transfer *self)
{
    size_t notes = self->note.value.length ? 1 : 0;
    edgegw_text body;
    edgegw_result result;
    if (self->route == DOWN) return storage_api->open_read(self->exchange, files, self->key, 0, 0, replied, self);
    if (self->route != PUT) return storage_api->open_write(self->exchange, files, self->key, self->length, self->type, &self->note, notes, replied, self);
    result = exchange_api->body_read_all(self->exchange, 0, &body, ready, self);
    if (result != EDGEGW_OK) return result;
    self->phase = LAST;
    return storage_api->put(self->exchange, files, self->key, body, self->type, &self->note, notes, replied, self);
}

/* EDGEGW_PENDING: a callback will come. EDGEGW_OK: the exchange is over. */
static edgegw_result step(transfer *self)
{
    edgegw_result result;
    edgegw_text chunk;
    if (self->phase == OPEN && self->open == 0) {
        if (self->result != EDGEGW_OK) return EDGEGW_OK; /* said already */
        return begin(self);
    }
    self->phase = self->phase == OPEN ? MOVE : self->phase;
    if (self->route == DOWN) {
        if (self->result == EDGEGW_END) return EDGEGW_OK;
        if (self->result != EDGEGW_OK) return EDGEGW_IO_ERROR;
        if (self->written) {
            self->written = 0;
            result = exchange_api->response_flush(self->exchange, ready, self);
            if (result != EDGEGW_OK) return result;
        }
        return storage_api->read(self->exchange, self->open, replied, self);
    }
    if (self->phase == LAST || self->result != EDGEGW_OK) return EDGEGW_OK;
    result = exchange_api->body_read(self->exchange, &chunk, ready, self);
    if (result == EDGEGW_OK) return storage_api->write(self->exchange, self->open, chunk, replied, self);
    if (result != EDGEGW_END) return result;
    if (self->route == ABANDON) return writef(self->exchange, "left\n");
    self->phase = LAST;
    return storage_api->finish(self->exchange, self->open, replied, self);
}

static void turn(transfer *self)
{
    if (atomic_fetch_add(&self->turns, 1) > 0) return;
    do {
        edgegw_result result = step(self);
        if (result != EDGEGW_PENDING) {
            edgegw_exchange exchange = self->exchange;
            if (result == EDGEGW_TOO_LARGE) say_failure(exchange, result, TEXT(""), TEXT("")), result = EDGEGW_OK;
            free(self);
            exchange_api->complete(exchange, result);
            return;
        }
    } while (atomic_fetch_sub(&self->turns, 1) > 1);
}

static edgegw_result handle_transfer(uint32_t route, const edgegw_request *request)
{
    transfer *self = (transfer *)calloc(1, sizeof *self);
    if (!self) return EDGEGW_OUT_OF_MEMORY;
    self->exchange = request->exchange;
    self->route = route;
    self->length = request->content_length;
    self->key = request->parameters[0];
    self->note.name = TEXT("note");
    exchange_api->header(request->exchange, TEXT("Content-Type"), &self->type);
    exchange_api->header(request->exchange, TEXT("X-Note"), &self->note.value);
    turn(self);
    return EDGEGW_PENDING;
}

static edgegw_result get(const edgegw_request *request, void *state)
{
    const uint8_t *comma = request->query.length ? (const uint8_t *)memchr(request->query.data, ',', request->query.length) : NULL;
    uint64_t offset = 0, length = 0;
    if (comma) {
        offset = number((edgegw_text){request->query.data, (size_t)(comma - request->query.data)});
        length = number((edgegw_text){comma + 1, (size_t)(request->query.data + request->query.length - comma - 1)});
    }
    return storage_api->get(request->exchange, files, request->parameters[0], offset, length, replied_object, state);
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    void *state = (void *)(uintptr_t)request->exchange;
    (void)instance;
    switch (route) {
    case GET: return get(request, state);
    case DELETE: return storage_api->remove(request->exchange, files, request->parameters[0], replied_done, state);
    case STAT: return storage_api->stat(request->exchange, files, request->parameters[0], replied_stat, state);
    case LIST:
    case TREE: return storage_api->list(request->exchange, files, request->query, route == TREE ? TEXT("/") : TEXT(""), TEXT(""), 1000, replied_rows, state);
    case COPY: return storage_api->copy(request->exchange, files, request->parameters[0], request->parameters[1], replied_done, state);
    case PRESIGN: return storage_api->presign(request->exchange, files, (uint32_t)number(request->parameters[0]), request->parameters[1], 60, replied_text, state);
    default: return handle_transfer(route, request);
    }
}

static edgegw_result init(const edgegw_host *host, void **instance)
{
    const edgegw_service_v1 *services = (const edgegw_service_v1 *)host->get_table(host, TEXT(EDGEGW_SERVICE_V1));
    (void)instance;
    storage_api = (const edgegw_storage_v1 *)host->get_table(host, TEXT(EDGEGW_STORAGE_V1));
    return services && storage_api ? services->find(host, TEXT("storage"), TEXT("files"), &files) : EDGEGW_UNSUPPORTED;
}

#define LARGE_ROUTE(method, pattern) "{\"method\":\"" method "\",\"pattern\":\"" pattern "\",\"maxBodyBytes\":10737418240,\"deadlineMs\":600000}"

EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host)
{
    static edgegw_handler handler = {.size = sizeof(edgegw_handler), .abi_major = EDGEGW_ABI_MAJOR, .abi_minor = EDGEGW_ABI_MINOR, .init = init, .handle = handle};
    fixture_tables(host);
    handler.manifest = TEXT("{\"name\":\"storage\",\"version\":\"1.0.0\",\"services\":[\"storage:files\"],\"routes\":["
        LARGE_ROUTE("PUT", "/files/{*key}") "," ROUTE("GET", "/files/{*key}") "," ROUTE("DELETE", "/files/{*key}") "," ROUTE("GET", "/stat/{*key}") ","
        ROUTE("GET", "/list") "," ROUTE("GET", "/tree") "," ROUTE("POST", "/copy/{from}/{to}") "," ROUTE("GET", "/presign/{method:int}/{*key}") ","
        LARGE_ROUTE("PUT", "/stream/{*key}") "," LARGE_ROUTE("GET", "/stream/{*key}") "," LARGE_ROUTE("PUT", "/abandon/{*key}") "]}");
    return &handler;
}
