/* pets.c: queries a database. GET /c/pets/{kind} sends the pets of that kind as JSON lines, a page of rows at a time: constant memory,
 * however many there are and however slowly the client reads. The table is the petstore's (handler-sdk/samples/petstore/migrations).
 *
 *   gcc -shared -fPIC -O2 -I native-abi/include -o pets.so native-abi/examples/pets.c
 *
 * SPDX-License-Identifier: MIT */
#include <edgegw.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXT(literal) ((edgegw_text){(const uint8_t *)(literal), sizeof(literal) - 1})

enum { PAGE = 200 }; /* rows; their lines fit what the gateway keeps of a response between two flushes */

static const edgegw_exchange_v1 *exchange_api;
static const edgegw_database_v1 *database_api;
static edgegw_service database;

/* What one answer remembers between two callbacks. */
typedef struct answer {
    edgegw_exchange exchange;
    edgegw_open cursor;   /* 0: there are no more rows */
    edgegw_result result; /* EDGEGW_OK, or why this cannot go on */
    int flushed;          /* the last page has been sent, or is waiting for the client */
    atomic_int turns;     /* how many callbacks still have to be worked off; only one thread works at a time */
} answer;

static edgegw_result write_bytes(edgegw_exchange exchange, const void *data, size_t length)
{
    edgegw_text bytes;
    bytes.data = (const uint8_t *)data;
    bytes.length = length;
    return length == 0 ? EDGEGW_OK : exchange_api->response_write(exchange, bytes);
}

/* UTF-8 as a JSON string. */
static edgegw_result write_string(edgegw_exchange exchange, const uint8_t *text, size_t length)
{
    edgegw_result result = write_bytes(exchange, "\"", 1);
    size_t start = 0, i;
    for (i = 0; i < length && result == EDGEGW_OK; i++) {
        char escaped[8];
        if (text[i] >= 0x20 && text[i] != '"' && text[i] != '\\') continue;
        result = write_bytes(exchange, text + start, i - start);
        if (result == EDGEGW_OK) result = write_bytes(exchange, escaped, (size_t)snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)text[i]));
        start = i + 1;
    }
    if (result == EDGEGW_OK) result = write_bytes(exchange, text + start, length - start);
    return result == EDGEGW_OK ? write_bytes(exchange, "\"", 1) : result;
}

static edgegw_result write_value(edgegw_exchange exchange, const edgegw_value *value)
{
    char number[24];
    switch (value->kind) {
    case EDGEGW_VALUE_INT64: return write_bytes(exchange, number, (size_t)snprintf(number, sizeof number, "%" PRId64, value->as.integer));
    case EDGEGW_VALUE_TEXT: return write_string(exchange, value->as.data, value->length);
    default: return write_bytes(exchange, "null", 4); /* NULL; the query asks for no other kinds */
    }
}

static edgegw_result write_rows(edgegw_exchange exchange, const edgegw_reply *reply)
{
    edgegw_result result = EDGEGW_OK;
    uint64_t row;
    size_t column;
    for (row = 0; row < reply->row_count && result == EDGEGW_OK; row++) {
        for (column = 0; column < reply->name_count && result == EDGEGW_OK; column++) {
            result = write_bytes(exchange, column == 0 ? "{" : ",", 1);
            if (result == EDGEGW_OK) result = write_string(exchange, reply->names[column].data, reply->names[column].length);
            if (result == EDGEGW_OK) result = write_bytes(exchange, ":", 1);
            if (result == EDGEGW_OK) result = write_value(exchange, &reply->values[row * reply->name_count + column]);
        }
        if (result == EDGEGW_OK) result = write_bytes(exchange, "}\n", 2);
    }
    return result;
}

static void turn(answer *self);

static void sent(void *state, edgegw_result result)
{
    answer *self = (answer *)state;
    if (result < 0) self->result = result;
    turn(self);
}

/* Values live until this returns: the rows are written now, and what comes next is the turn's. */
static void page_arrived(void *state, const edgegw_reply *reply)
{
    answer *self = (answer *)state;
    self->cursor = reply->result < 0 ? 0 : reply->open;
    self->flushed = 0;
    if (reply->result < 0 && reply->error.length > 0) exchange_api->set_error(self->exchange, reply->error);
    self->result = reply->result < 0 ? reply->result : write_rows(self->exchange, reply);
    turn(self);
}

/* Sends the page, then asks for the next one. EDGEGW_PENDING: a callback goes on; anything else ends the answer. */
static edgegw_result step(answer *self)
{
    if (self->result != EDGEGW_OK || self->cursor == 0) return self->result;
    if (!self->flushed) {
        edgegw_result result;
        self->flushed = 1; /* before the call: `sent` may come before it returns */
        result = exchange_api->response_flush(self->exchange, sent, self);
        if (result != EDGEGW_OK) return result;
    }
    return database_api->next(self->exchange, self->cursor, page_arrived, self);
}

/* A callback may come, on this thread or another, before the call that said EDGEGW_PENDING has returned. Counting the turns lets
 * exactly one thread go on: the one that finds it began from zero. */
static void turn(answer *self)
{
    if (atomic_fetch_add(&self->turns, 1) > 0) return;
    do {
        edgegw_result result = step(self);
        if (result != EDGEGW_PENDING) {
            edgegw_exchange exchange = self->exchange;
            free(self);
            /* Once the head was sent the status can no longer be set, and the gateway breaks the connection off. */
            if ((result == EDGEGW_UNAVAILABLE || result == EDGEGW_BUSY) && exchange_api->response_status(exchange, 503) == EDGEGW_OK) result = EDGEGW_OK;
            exchange_api->complete(exchange, result);
            return;
        }
    } while (atomic_fetch_sub(&self->turns, 1) > 1);
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    edgegw_value kind;
    edgegw_statement statement;
    edgegw_result result;
    answer *self = (answer *)calloc(1, sizeof *self);
    (void)instance, (void)route;
    if (self == NULL) return EDGEGW_OUT_OF_MEMORY;
    self->exchange = request->exchange;
    exchange_api->response_header(request->exchange, TEXT("Content-Type"), TEXT("application/x-ndjson"));

    /* {kind:alpha}: ASCII letters, and so good UTF-8. A parameter is data, never SQL. */
    kind.kind = EDGEGW_VALUE_TEXT;
    kind.length = (uint32_t)request->parameters[0].length;
    kind.as.data = request->parameters[0].data;
    statement.sql = TEXT("SELECT id, name, price_cents FROM pets WHERE kind = $1 ORDER BY id");
    statement.parameters = &kind;
    statement.parameter_count = 1;
    result = database_api->query(request->exchange, database, 0, &statement, PAGE, page_arrived, self);
    if (result != EDGEGW_PENDING) free(self); /* nothing was done, and no callback comes; EDGEGW_BUSY is 503 */
    return result;
}

static edgegw_result init(const edgegw_host *host, void **instance)
{
    const edgegw_service_v1 *services = (const edgegw_service_v1 *)host->get_table(host, TEXT(EDGEGW_SERVICE_V1));
    (void)instance;
    exchange_api = (const edgegw_exchange_v1 *)host->get_table(host, TEXT(EDGEGW_EXCHANGE_V1));
    database_api = (const edgegw_database_v1 *)host->get_table(host, TEXT(EDGEGW_DATABASE_V1));
    if (exchange_api == NULL || services == NULL || database_api == NULL) {
        host->set_error(host, TEXT("this gateway lacks " EDGEGW_SERVICE_V1 " or " EDGEGW_DATABASE_V1));
        return EDGEGW_UNSUPPORTED;
    }
    return services->find(host, TEXT("database"), TEXT("main"), &database); /* the manifest names it: it is there */
}

EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host)
{
    static const char manifest[] =
        "{\"name\":\"pets-c\",\"version\":\"1.0.0\",\"services\":[\"database:main\"],\"routes\":["
        "{\"method\":\"GET\",\"pattern\":\"/c/pets/{kind:alpha}\"}]}";
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
