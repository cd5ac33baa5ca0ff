/* echo.c: answers later. POST /c/echo sends the body back as it comes, in constant memory however long it is;
 * GET /c/later/{milliseconds} answers after a while, without a thread that waits.
 *
 *   gcc -shared -fPIC -O2 -I native-abi/include -o echo.so native-abi/examples/echo.c
 *
 * SPDX-License-Identifier: MIT */
#include <edgegw.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const edgegw_host *gateway;
static const edgegw_exchange_v1 *exchange_api;
static const edgegw_schedule_v1 *schedule_api;

#define TEXT(literal) ((edgegw_text){(const uint8_t *)(literal), sizeof(literal) - 1})

/* What one echo remembers between two callbacks. */
typedef struct echo {
    edgegw_exchange exchange;
    edgegw_text chunk; /* read, not yet written */
    int ended;         /* the request's body has been read to its end */
    atomic_int turns;  /* how many callbacks still have to be worked off; only one thread works at a time */
} echo;

static void echo_ready(void *state, edgegw_result result);

/* Goes on until there is something to wait for (EDGEGW_PENDING) or the exchange is over (anything else). */
static edgegw_result echo_step(echo *self)
{
    for (;;) {
        edgegw_result result;
        if (self->chunk.length > 0) {
            result = exchange_api->response_write(self->exchange, self->chunk);
            if (result != EDGEGW_OK) return result;
            self->chunk.length = 0;
            result = exchange_api->response_flush(self->exchange, echo_ready, self);
            if (result != EDGEGW_OK) return result;
        }
        if (self->ended) return EDGEGW_OK;
        result = exchange_api->body_read(self->exchange, &self->chunk, echo_ready, self);
        if (result == EDGEGW_END) self->ended = 1;
        else if (result == EDGEGW_TOO_LARGE) return exchange_api->response_status(self->exchange, 413);
        else if (result != EDGEGW_OK) {
            self->chunk.length = 0;
            return result;
        }
    }
}

/* `ready` may come, on another thread, before the call that said EDGEGW_PENDING has returned. Counting the turns lets
 * exactly one thread go on: the one that finds it began from zero. */
static void echo_turn(echo *self, edgegw_result result)
{
    if (atomic_fetch_add(&self->turns, 1) > 0) return;
    do {
        if (result >= 0) result = echo_step(self);
        if (result != EDGEGW_PENDING) {
            edgegw_exchange exchange = self->exchange;
            free(self);
            exchange_api->complete(exchange, result);
            return;
        }
    } while (atomic_fetch_sub(&self->turns, 1) > 1);
}

static void echo_ready(void *state, edgegw_result result)
{
    (void)result; /* the next call says the same */
    echo_turn((echo *)state, EDGEGW_OK);
}

static edgegw_result handle_echo(const edgegw_request *request)
{
    edgegw_text type;
    echo *self = (echo *)calloc(1, sizeof *self);
    if (self == NULL) return EDGEGW_OUT_OF_MEMORY;
    self->exchange = request->exchange;
    if (exchange_api->header(request->exchange, TEXT("Content-Type"), &type) == EDGEGW_OK)
        exchange_api->response_header(request->exchange, TEXT("Content-Type"), type);
    if (request->content_length >= 0)
        exchange_api->response_content_length(request->exchange, (uint64_t)request->content_length);
    echo_turn(self, EDGEGW_OK);
    return EDGEGW_PENDING; /* complete() will be called, or has been called already */
}

static void answer_later(void *state)
{
    edgegw_exchange exchange = *(edgegw_exchange *)state;
    free(state);
    exchange_api->complete(exchange, exchange_api->response_write(exchange, TEXT("later\n")));
}

static edgegw_result handle_later(const edgegw_request *request)
{
    uint32_t milliseconds = 0;
    size_t i;
    edgegw_result result;
    edgegw_exchange *exchange;
    for (i = 0; i < request->parameters[0].length && milliseconds < 60000; i++)
        milliseconds = milliseconds * 10 + (uint32_t)(request->parameters[0].data[i] - '0'); /* {milliseconds:int}: digits */
    exchange = (edgegw_exchange *)malloc(sizeof *exchange);
    if (exchange == NULL) return EDGEGW_OUT_OF_MEMORY;
    *exchange = request->exchange;
    result = schedule_api->post_after(gateway, milliseconds, answer_later, exchange);
    if (result != EDGEGW_OK) {
        free(exchange);
        return result;
    }
    return EDGEGW_PENDING;
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    (void)instance;
    return route == 0 ? handle_echo(request) : handle_later(request);
}

static edgegw_result init(const edgegw_host *host, void **instance)
{
    (void)instance;
    gateway = host;
    exchange_api = (const edgegw_exchange_v1 *)host->get_table(host, TEXT(EDGEGW_EXCHANGE_V1));
    schedule_api = (const edgegw_schedule_v1 *)host->get_table(host, TEXT(EDGEGW_SCHEDULE_V1));
    if (exchange_api == NULL || schedule_api == NULL) {
        host->set_error(host, TEXT("this gateway lacks " EDGEGW_EXCHANGE_V1 " or " EDGEGW_SCHEDULE_V1));
        return EDGEGW_UNSUPPORTED;
    }
    return EDGEGW_OK;
}

EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host)
{
    static const char manifest[] =
        "{\"name\":\"echo-c\",\"version\":\"1.0.0\",\"routes\":["
        "{\"method\":\"POST\",\"pattern\":\"/c/echo\",\"maxBodyBytes\":10737418240,\"deadlineMs\":600000},"
        "{\"method\":\"GET\",\"pattern\":\"/c/later/{milliseconds:int}\"}]}";
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
