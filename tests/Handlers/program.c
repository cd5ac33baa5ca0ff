/* Does what the body of POST /program says, in hexadecimal digits: one call of the gateway's tables after the other, with arguments that no library in its right mind would give. The first
 * byte is the result of handle(). Each call is a byte and its arguments; a text is a byte of length and flags (see next_text) and its bytes. It never reads or writes memory that is not its own. */
#include "fixture.h"

enum { PROPERTY, HEADER, NEXT_HEADER, BODY_READ, BODY_READ_ALL, STATUS, RESPONSE_HEADER, CONTENT_LENGTH, SPAN, ADVANCE, WRITE, FLUSH, SET_ERROR, ON_CANCELLED, COMPLETE, STRANGER,
    FIND, CACHE_GET, LOG_WRITE, CONFIG_GET, GET_TABLE, POST, CALLS };

struct program {
    const uint8_t *bytes;
    size_t length, at;
};

static const edgegw_service_v1 *service_api;
static const edgegw_cache_v1 *cache_api;
static uint8_t filler[70000];

static uint8_t next(struct program *program) { return program->at < program->length ? program->bytes[program->at++] : 0; }

static uint64_t next_number(struct program *program)
{
    uint64_t value = 0;
    for (int bytes = next(program) % 9; bytes > 0; bytes--) value = value << 8 | next(program);
    return value;
}

/* Bytes of the program; or many; or none at an address; or a length that no memory has. */
static edgegw_text next_text(struct program *program)
{
    uint8_t head = next(program);
    size_t length = head & 0x1f;
    edgegw_text text = {program->bytes + program->at, length};
    switch (head >> 5) {
    case 5: return (edgegw_text){filler, length * 2048};
    case 6: return (edgegw_text){NULL, length};
    case 7: return (edgegw_text){filler, SIZE_MAX - length};
    default: break;
    }
    if (program->at + length > program->length) text.length = program->length - program->at;
    program->at += text.length;
    return text;
}

static void ready(void *state, edgegw_result result) { (void)state, (void)result; }
static void work(void *state) { (void)state; }
static void replied(void *state, const edgegw_reply *reply) { (void)state, (void)reply; }

static edgegw_result run(struct program *program, edgegw_exchange exchange)
{
    edgegw_result ending = (edgegw_result)(int8_t)next(program);
    edgegw_exchange mine = exchange;
    uint32_t cursor = 0;
    int completed = 0;
    for (int calls = 0; program->at < program->length && calls < 512; calls++) {
        edgegw_text value, other;
        edgegw_span span = {0};
        edgegw_service service;
        uint8_t call = next(program);
        switch (call % CALLS) {
        case PROPERTY: exchange_api->property(exchange, (uint32_t)next_number(program), call & 0x80 ? NULL : &value); break;
        case HEADER: exchange_api->header(exchange, next_text(program), call & 0x80 ? NULL : &value); break;
        case NEXT_HEADER:
            cursor = call & 0x40 ? (uint32_t)next_number(program) : cursor;
            exchange_api->next_header(exchange, &cursor, call & 0x80 ? NULL : &value, &other);
            break;
        case BODY_READ: exchange_api->body_read(exchange, &value, call & 0x80 ? NULL : ready, NULL); break;
        case BODY_READ_ALL: exchange_api->body_read_all(exchange, (size_t)next_number(program), &value, ready, NULL); break;
        case STATUS: exchange_api->response_status(exchange, (uint32_t)next_number(program)); break;
        case RESPONSE_HEADER:
            value = next_text(program);
            exchange_api->response_header(exchange, value, next_text(program));
            break;
        case CONTENT_LENGTH: exchange_api->response_content_length(exchange, next_number(program)); break;
        case SPAN:
            if (exchange_api->response_span(exchange, (size_t)next_number(program), call & 0x80 ? NULL : &span) == EDGEGW_OK && span.data) memset(span.data, 'x', span.length);
            break;
        case ADVANCE: exchange_api->response_advance(exchange, (size_t)next_number(program)); break;
        case WRITE: exchange_api->response_write(exchange, next_text(program)); break;
        case FLUSH: exchange_api->response_flush(exchange, call & 0x80 ? NULL : ready, NULL); break;
        case SET_ERROR: exchange_api->set_error(exchange, next_text(program)); break;
        case ON_CANCELLED: exchange_api->on_cancelled(exchange, call & 0x80 ? NULL : work, NULL); break;
        case COMPLETE: completed |= exchange_api->complete(exchange, (edgegw_result)(int8_t)next(program)) == EDGEGW_OK && exchange == mine; break;
        case STRANGER: exchange = call & 0x80 ? mine : (edgegw_exchange)next_number(program); break;
        case FIND:
            value = next_text(program);
            service_api->find(host_api, value, next_text(program), call & 0x80 ? NULL : &service);
            break;
        case CACHE_GET:
            service = (edgegw_service)next_number(program);
            cache_api->get(exchange, service, next_text(program), call & 0x80 ? NULL : replied, NULL);
            break;
        case LOG_WRITE: log_api->write(host_api, (uint32_t)next_number(program), exchange, next_text(program)); break;
        case CONFIG_GET: config_api->get(host_api, next_text(program), call & 0x80 ? NULL : &value); break;
        case GET_TABLE: host_api->get_table(host_api, next_text(program)); break;
        case POST: schedule_api->post(host_api, call & 0x80 ? NULL : work, NULL); break;
        }
    }
    /* One who says pending must complete; one who has completed, say pending. */
    return completed ? EDGEGW_PENDING : ending == EDGEGW_PENDING ? EDGEGW_OK : ending;
}

static uint8_t digit(uint8_t c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    edgegw_text body;
    (void)instance, (void)route;
    edgegw_result result = exchange_api->body_read_all(request->exchange, 0, &body, ready, NULL);
    if (result != EDGEGW_OK) return result;
    struct program program = {NULL, body.length / 2, 0};
    uint8_t *bytes = malloc(program.length + 1);
    for (size_t i = 0; i < program.length; i++) bytes[i] = (uint8_t)(digit(body.data[2 * i]) << 4 | digit(body.data[2 * i + 1]));
    program.bytes = bytes;
    result = run(&program, request->exchange);
    free(bytes);
    return result;
}

static edgegw_result init(const edgegw_host *host, void **instance)
{
    (void)instance;
    memset(filler, 'f', sizeof filler);
    service_api = (const edgegw_service_v1 *)host->get_table(host, TEXT(EDGEGW_SERVICE_V1));
    cache_api = (const edgegw_cache_v1 *)host->get_table(host, TEXT(EDGEGW_CACHE_V1));
    return service_api && cache_api ? EDGEGW_OK : EDGEGW_UNSUPPORTED;
}

EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host)
{
    static edgegw_handler handler = {.size = sizeof(edgegw_handler), .abi_major = EDGEGW_ABI_MAJOR, .abi_minor = EDGEGW_ABI_MINOR, .init = init, .handle = handle};
    fixture_tables(host);
    handler.manifest = TEXT(MANIFEST_OF("program", "1.0.0", ROUTE("*", "/program")));
    return &handler;
}
