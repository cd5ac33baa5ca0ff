/* The same answer as the other peers', as a module of Kore. */
#include <kore/kore.h>
#include <kore/http.h>

int hello(struct http_request *req);

int hello(struct http_request *req)
{
    static const char body[] = "{\"message\":\"Hello, world\",\"language\":\"en\",\"count\":1}";
    http_response_header(req, "content-type", "application/json");
    http_response(req, HTTP_STATUS_OK, body, sizeof body - 1);
    return KORE_RESULT_OK;
}
