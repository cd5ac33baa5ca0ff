/* One handler whose promises change: -DCONTRACT=CONTRACT_1 and others. 2 adds a route; 3 takes one away; 4 lowers limits; 5 needs a service; 6 widens a route. */
#include "fixture.h"

#define CONTRACT_1 1
#define CONTRACT_2 2
#define CONTRACT_3 3
#define CONTRACT_4 4
#define CONTRACT_5 5
#define CONTRACT_6 6
#define VERSION CONTRACT

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    (void)instance;
    return writef(request->exchange, "version %d route %u\n", VERSION, route);
}

#define ORDERS(limits) "{\"method\":\"GET\",\"pattern\":\"/orders/{id:int}\"" limits "}"
#define NEW_ORDER ROUTE("POST", "/orders")
#if VERSION == 1
#define ROUTES ORDERS(",\"deadlineMs\":5000,\"maxBodyBytes\":1000") "," NEW_ORDER
#elif VERSION == 2
#define ROUTES ORDERS(",\"deadlineMs\":5000,\"maxBodyBytes\":1000") "," NEW_ORDER "," ROUTE("DELETE", "/orders/{id:int}")
#elif VERSION == 3
#define ROUTES ORDERS(",\"deadlineMs\":5000,\"maxBodyBytes\":1000")
#elif VERSION == 4
#define ROUTES ORDERS(",\"deadlineMs\":1000,\"maxBodyBytes\":2000") "," NEW_ORDER
#elif VERSION == 5
#define ROUTES ORDERS(",\"deadlineMs\":5000,\"maxBodyBytes\":1000") "," NEW_ORDER
#else
#define ROUTES "{\"method\":\"GET\",\"pattern\":\"/orders/{name}\",\"deadlineMs\":5000,\"maxBodyBytes\":1000}," NEW_ORDER
#endif

#if VERSION == 5
FIXTURE_ENTRY("{\"name\":\"contract\",\"version\":\"" STRINGIFY(VERSION) "\",\"routes\":[" ROUTES "],\"services\":[\"cache:default\"]}")
#else
FIXTURE_ENTRY(MANIFEST_OF("contract", STRINGIFY(VERSION), ROUTES))
#endif
