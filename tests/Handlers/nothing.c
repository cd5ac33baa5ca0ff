/* GET /nothing: an empty answer, for what the way itself costs. */
#include "fixture.h"

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    (void)instance, (void)route, (void)request;
    return EDGEGW_OK;
}

FIXTURE_ENTRY(MANIFEST_OF("nothing", "1.0.0", ROUTE("GET", "/nothing")))
