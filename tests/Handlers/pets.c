/* A database of a gateway, from C, on whatever is behind it: a table pets (id, name). POST and GET /pets/{id:int}; POST /held: inserts number 7 in a transaction and never ends
 * it; POST /late: the same, until its deadline; POST /broken: inserts number 7 in a transaction and fails; GET /kinds: a value of every kind there and back. */
#include "fixture.h"

enum { ADD, GET, HOLD, LATE, BREAK, KINDS };

static const edgegw_database_v1 *database_api;
static edgegw_service database;

static edgegw_exchange exchange_of(void *state) { return (edgegw_exchange)(uintptr_t)state; }

static void replied(void *state, const edgegw_reply *reply)
{
    edgegw_exchange exchange = exchange_of(state);
    if (reply->result < 0) {
        exchange_api->response_status(exchange, reply->result == EDGEGW_REFUSED ? 409 : 503);
        writef(exchange, "%.*s %.*s\n", (int)reply->code.length, (const char *)reply->code.data, (int)reply->error.length, (const char *)reply->error.data);
    } else if (reply->row_count == 1) {
        exchange_api->response_write(exchange, (edgegw_text){reply->values[0].as.data, reply->values[0].length});
    } else if (reply->affected == 0) {
        exchange_api->response_status(exchange, 404);
    }
    exchange_api->complete(exchange, EDGEGW_OK);
}

static edgegw_result run(edgegw_exchange exchange, edgegw_open transaction, const char *sql, uint64_t id, edgegw_replied callback)
{
    edgegw_value parameter = {.kind = EDGEGW_VALUE_INT64, .as = {.integer = (int64_t)id}};
    edgegw_statement statement = {text(sql), &parameter, 1};
    return database_api->query(exchange, database, transaction, &statement, 0, callback, (void *)(uintptr_t)exchange);
}

static void replied_held(void *state, const edgegw_reply *reply)
{
    if (reply->result < 0) replied(state, reply);
}

static void replied_broken(void *state, const edgegw_reply *reply)
{
    if (reply->result < 0) replied(state, reply);
    else exchange_api->complete(exchange_of(state), EDGEGW_INTERNAL);
}

static void insert(edgegw_exchange exchange, const edgegw_reply *begun, edgegw_replied callback)
{
    if (begun->result < 0) replied((void *)(uintptr_t)exchange, begun);
    else if (run(exchange, begun->open, "insert into pets values ($1, 'held')", 7, callback) != EDGEGW_PENDING) exchange_api->complete(exchange, EDGEGW_INTERNAL);
}

static void replied_begun(void *state, const edgegw_reply *reply) { insert(exchange_of(state), reply, replied_held); }

static void replied_begun_broken(void *state, const edgegw_reply *reply) { insert(exchange_of(state), reply, replied_broken); }

static void leave(void *state) { exchange_api->complete(exchange_of(state), EDGEGW_CANCELLED); }

static void write_kind(edgegw_exchange exchange, const edgegw_value *value)
{
    writef(exchange, "%u", value->kind);
    if (value->kind != EDGEGW_VALUE_ARRAY) return;
    for (uint32_t i = 0; i < value->length; i++) writef(exchange, i ? "," : "("), write_kind(exchange, &value->as.items[i]);
    writef(exchange, ")");
}

static void replied_kinds(void *state, const edgegw_reply *reply)
{
    edgegw_exchange exchange = exchange_of(state);
    if (reply->result < 0) { replied(state, reply); return; }
    for (size_t i = 0; i < reply->value_count; i++) write_kind(exchange, &reply->values[i]), writef(exchange, " ");
    exchange_api->complete(exchange, EDGEGW_OK);
}

#define DATA(value_kind, literal) {.kind = value_kind, .length = sizeof(literal) - 1, .as = {.data = (const uint8_t *)(literal)}}

/* Every kind, then an array of each that can be in one, then an array of arrays. */
static edgegw_result kinds(edgegw_exchange exchange)
{
    static const edgegw_value scalars[] = {
        {.kind = EDGEGW_VALUE_NULL}, {.kind = EDGEGW_VALUE_BOOL, .as = {.integer = 1}}, {.kind = EDGEGW_VALUE_INT64, .as = {.integer = 5000000000}}, {.kind = EDGEGW_VALUE_DOUBLE, .as = {.real = 0.5}},
        DATA(EDGEGW_VALUE_TEXT, "text"), DATA(EDGEGW_VALUE_BLOB, "blob"), DATA(EDGEGW_VALUE_NUMERIC, "-12.50"), DATA(EDGEGW_VALUE_UUID, "0123456789abcdef"),
        {.kind = EDGEGW_VALUE_TIMESTAMP, .as = {.integer = 1}}, {.kind = EDGEGW_VALUE_LOCAL_TIMESTAMP, .as = {.integer = 1}}, {.kind = EDGEGW_VALUE_DATE, .as = {.integer = 1}},
        {.kind = EDGEGW_VALUE_TIME, .as = {.integer = 1}}, DATA(EDGEGW_VALUE_INTERVAL, "P1D"), DATA(EDGEGW_VALUE_JSON, "{}")};
    enum { SCALARS = sizeof scalars / sizeof scalars[0] };
    static edgegw_value parameters[2 * SCALARS], pairs[SCALARS][2], matrix[2];
    static char sql[1024] = "select $1";
    edgegw_statement statement;
    if (sql[9] == 0) {
        for (size_t i = 0; i < SCALARS; i++) {
            parameters[i] = pairs[i][0] = scalars[i];
            parameters[SCALARS + i] = (edgegw_value){.kind = EDGEGW_VALUE_ARRAY, .length = 2, .as = {.items = pairs[i]}};
        }
        matrix[0] = matrix[1] = parameters[SCALARS + 2];
        parameters[SCALARS] = (edgegw_value){.kind = EDGEGW_VALUE_ARRAY, .length = 2, .as = {.items = matrix}};
        for (size_t i = 1; i < 2 * SCALARS; i++) snprintf(sql + strlen(sql), sizeof sql - strlen(sql), ", $%zu", i + 1);
    }
    statement = (edgegw_statement){text(sql), parameters, 2 * SCALARS};
    return database_api->query(exchange, database, 0, &statement, 0, replied_kinds, (void *)(uintptr_t)exchange);
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    edgegw_exchange exchange = request->exchange;
    (void)instance;
    switch (route) {
    case ADD: return run(exchange, 0, "insert into pets values ($1, 'pet ' || cast($1 as text))", number(request->parameters[0]), replied);
    case GET: return run(exchange, 0, "select name from pets where id = $1", number(request->parameters[0]), replied);
    case LATE: exchange_api->on_cancelled(exchange, leave, (void *)(uintptr_t)exchange); /* fall through */
    case HOLD: return database_api->begin(exchange, database, EDGEGW_ISOLATION_DEFAULT, 0, replied_begun, (void *)(uintptr_t)exchange);
    case BREAK: return database_api->begin(exchange, database, EDGEGW_ISOLATION_DEFAULT, 0, replied_begun_broken, (void *)(uintptr_t)exchange);
    default: return kinds(exchange);
    }
}

static edgegw_result init(const edgegw_host *host, void **instance)
{
    const edgegw_service_v1 *services = (const edgegw_service_v1 *)host->get_table(host, TEXT(EDGEGW_SERVICE_V1));
    (void)instance;
    database_api = (const edgegw_database_v1 *)host->get_table(host, TEXT(EDGEGW_DATABASE_V1));
    return services && database_api ? services->find(host, TEXT("database"), TEXT("main"), &database) : EDGEGW_UNSUPPORTED;
}

EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host)
{
    static edgegw_handler handler = {.size = sizeof(edgegw_handler), .abi_major = EDGEGW_ABI_MAJOR, .abi_minor = EDGEGW_ABI_MINOR, .init = init, .handle = handle};
    fixture_tables(host);
    handler.manifest = TEXT("{\"name\":\"pets\",\"version\":\"1.0.0\",\"services\":[\"database:main\"],\"routes\":["
        ROUTE("POST", "/pets/{id:int}") "," ROUTE("GET", "/pets/{id:int}") "," ROUTE("POST", "/held") ","
        "{\"method\":\"POST\",\"pattern\":\"/late\",\"deadlineMs\":300}," ROUTE("POST", "/broken") "," ROUTE("GET", "/kinds") "]}");
    return &handler;
}
