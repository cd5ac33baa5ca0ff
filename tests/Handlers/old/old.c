/* Built against the short table: nothing lies behind it, so that a gateway that reads further reads foreign memory. */
#include "handler.h"
#include "../fixture.h"
#include <sys/mman.h>
#include <unistd.h>

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    (void)instance, (void)route;
    return writef(request->exchange, "old but alive\n");
}

EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uint8_t *room = (uint8_t *)mmap(NULL, page * 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    edgegw_handler *handler;
    if (room == MAP_FAILED || munmap(room + page, page) != 0 || mmap(room + page, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) return NULL;
    fixture_tables(host);
    /* The table ends where its page ends; one byte further is a fault. */
    handler = (edgegw_handler *)(room + page - sizeof *handler);
    handler->size = sizeof *handler;
    handler->abi_major = 1;
    handler->abi_minor = 0;
    handler->manifest = TEXT(MANIFEST_OF("old", "0.1.0", ROUTE("GET", "/old")));
    handler->handle = handle;
    return handler;
}
