/* edgegw_handler up to its last required field; see README.md. */
#ifndef EDGEGW_HANDLER_H
#define EDGEGW_HANDLER_H

#include <edgegw/exchange.h>
#include <edgegw/host.h>

typedef struct edgegw_handler {
    uint32_t size;
    uint16_t abi_major;
    uint16_t abi_minor;
    edgegw_text manifest;
    edgegw_result (*init)(const edgegw_host *host, void **instance);
    edgegw_result (*handle)(void *instance, uint32_t route, const edgegw_request *request);
} edgegw_handler;

EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host);

#endif
