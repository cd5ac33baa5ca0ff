/* edgegw/services/http.h: requests to other servers. SPDX-License-Identifier: MIT */
#ifndef EDGEGW_SERVICES_HTTP_H
#define EDGEGW_SERVICES_HTTP_H

#include "service.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EDGEGW_HTTP_V1 "edgegw.http.v1"

/* A header line. The name is a token (RFC 9110, section 5.1); the value has no CR, LF or NUL. */
typedef struct edgegw_http_header {
    edgegw_text name;
    edgegw_text value;
} edgegw_http_header;

/* A request. */
typedef struct edgegw_http_request {
    uint32_t size;        /* sizeof(edgegw_http_request) as the caller knows it */
    uint32_t header_count; /* at most 100 */
    edgegw_text method;   /* "GET" */
    edgegw_text url;      /* absolute, http or https */
    const edgegw_http_header *headers;
    edgegw_text body;       /* with body_length -2 only */
    int64_t body_length;    /* -2: `body` is the whole body; -1: it comes by write, of unknown length; else so many bytes by write */
    uint32_t timeout;       /* milliseconds for the response's head, 0 for the service's own; the exchange's deadline holds anyway */
    uint32_t max_redirects; /* 0: a redirect is an answer like any other */
} edgegw_http_request;

/* A client for HTTP. Where it may connect to is the service's setting, not the handler's: EDGEGW_REFUSED with the code "not-allowed"
 * beyond; addresses of link-local networks and of cloud metadata are never connected to unless named there.
 * service.h says what holds for every function. */
typedef struct edgegw_http_v1 {
    uint32_t size; /* bytes of this table as the gateway knows it */
    uint32_t reserved;

    /* Sends a request. With a whole body the reply is the response's head: values[0] is the status (INT64), then pairs of header name and
     * value (TEXT, repeated ones included); `open` names the response's body. With a body by write, the reply comes as soon as the
     * body may be written: no values, and `open` names the request. A whole body of more bytes than the
     * service takes at once (setting maxPieceBytes) is EDGEGW_TOO_LARGE: write it by pieces. */
    edgegw_result (*send)(edgegw_exchange exchange, edgegw_service service, const edgegw_http_request *request, edgegw_replied replied, void *state);

    /* The next bytes of a request's body, maxPieceBytes at most, else EDGEGW_TOO_LARGE. EDGEGW_END: the server has answered already and
     * wants no more. One call at a time. */
    edgegw_result (*write)(edgegw_exchange exchange, edgegw_open request, edgegw_text bytes, edgegw_replied replied, void *state);

    /* Ends the request's body; the reply is the response's head as above, and `open` names its body from now on. */
    edgegw_result (*finish)(edgegw_exchange exchange, edgegw_open request, edgegw_replied replied, void *state);

    /* The next bytes of a response's body: values[0] (BLOB), at least one byte; EDGEGW_END at its end, and it is closed. One call at a
     * time. */
    edgegw_result (*read)(edgegw_exchange exchange, edgegw_open response, edgegw_replied replied, void *state);

    /* Gives a request or a response's body up. */
    edgegw_result (*close)(edgegw_exchange exchange, edgegw_open open, edgegw_replied replied, void *state);
} edgegw_http_v1;

#ifdef __cplusplus
}
#endif
#endif
