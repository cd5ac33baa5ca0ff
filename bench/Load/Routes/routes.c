/* GET /service0/items/{id:int} and so on, ROUTES of them, each with the same answer. */
#include <edgegw.h>
#include <stdio.h>
#include <string.h>

#define TEXT(literal) ((edgegw_text){(const uint8_t *)(literal), sizeof(literal) - 1})

static const edgegw_exchange_v1 *exchange_api;
static char manifest[64 + ROUTES * 64];

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    (void)instance, (void)route;
    exchange_api->response_header(request->exchange, TEXT("Content-Type"), TEXT("application/json"));
    return exchange_api->response_write(request->exchange, TEXT("{\"message\":\"Hello, world\",\"language\":\"en\",\"count\":1}"));
}

static edgegw_result init(const edgegw_host *host, void **instance)
{
    (void)instance;
    exchange_api = (const edgegw_exchange_v1 *)host->get_table(host, TEXT(EDGEGW_EXCHANGE_V1));
    return exchange_api ? EDGEGW_OK : EDGEGW_UNSUPPORTED;
}

EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host)
{
    static edgegw_handler handler = {.size = sizeof(edgegw_handler), .abi_major = EDGEGW_ABI_MAJOR, .abi_minor = EDGEGW_ABI_MINOR, .init = init, .handle = handle};
    int length = sprintf(manifest, "{\"name\":\"routes\",\"version\":\"1.0.0\",\"routes\":[");
    (void)host;
    for (int i = 0; i < ROUTES; i++)
        length += sprintf(manifest + length, "%s{\"method\":\"GET\",\"pattern\":\"/service%d/items/{id:int}\"}", i == 0 ? "" : ",", i);
    length += sprintf(manifest + length, "]}");
    handler.manifest = (edgegw_text){(const uint8_t *)manifest, (size_t)length};
    return &handler;
}
