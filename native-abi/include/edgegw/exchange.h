/* edgegw/exchange.h: one request and its response. SPDX-License-Identifier: MIT */
#ifndef EDGEGW_EXCHANGE_H
#define EDGEGW_EXCHANGE_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* edgegw_request.flags */
enum {
    EDGEGW_REQUEST_HAS_BODY = 1u, /* a body may follow: body_read is worth calling */
    EDGEGW_REQUEST_SECURE = 2u    /* the client's side of the connection is TLS */
};

/* A request. Owned by the gateway, valid with all it points to until the exchange is complete. */
typedef struct edgegw_request {
    uint32_t size; /* bytes of this struct as the gateway knows it */
    uint32_t flags;
    edgegw_exchange exchange; /* first argument of every function of edgegw_exchange_v1 */
    edgegw_text method;       /* as sent: "GET" (RFC 9110, section 9.1) */
    edgegw_text path;         /* begins with '/'; percent-decoded once, dot segments removed (RFC 3986, section 5.2.4). Bytes:
                                 an encoded %2F is a '/' here, and what was decoded need not be UTF-8 */
    edgegw_text query;        /* as sent, not decoded, without the '?' */
    const edgegw_text *parameters; /* the path parameters, in the order of the route's pattern; percent-decoded bytes */
    size_t parameter_count;
    int64_t content_length; /* bytes of the body, or -1 when unknown (chunked, or HTTP/2 without content-length) */
    int64_t deadline;       /* when the gateway will answer 504 in the handler's place, in nanoseconds of the monotonic clock
                               (CLOCK_MONOTONIC on Linux); 0: never. It no longer applies once the response's head was sent */
    const uint32_t *cancelled; /* becomes non-zero when nobody waits for the answer any more. Read it as often as you
                                  like, from any thread (a relaxed atomic load). A deadline that passes is seen at any
                                  time; a client that leaves, once handle() has returned EDGEGW_PENDING */
} edgegw_request;

/* What property() can be asked for. */
enum {
    EDGEGW_PROPERTY_HOST = 1,           /* the authority's host as sent, without port; may be empty on HTTP/1.0 */
    EDGEGW_PROPERTY_SCHEME = 2,         /* "http" or "https", as the client saw it */
    EDGEGW_PROPERTY_CLIENT_ADDRESS = 3, /* the client's IP address; behind a trusted proxy, the one it forwarded */
    EDGEGW_PROPERTY_REQUEST_ID = 4,     /* the id returned to the client as X-Request-Id and written to every log line */
    EDGEGW_PROPERTY_PROTOCOL = 5,       /* "HTTP/1.1", "HTTP/2" ... */
    EDGEGW_PROPERTY_TARGET = 6,         /* the request target as sent: path and query, not decoded */
    EDGEGW_PROPERTY_ROUTE = 7           /* the pattern of the route that matched */
};

#define EDGEGW_EXCHANGE_V1 "edgegw.exchange.v1"

/* The functions of an exchange. Any thread may call them, one at a time for one exchange: a second call at the same moment gets
 * EDGEGW_BUSY. After completion every one of them answers EDGEGW_INVALID_STATE. After the client has gone or the deadline has
 * passed, those that read a body or write a response answer EDGEGW_CANCELLED; the exchange must still be completed. */
typedef struct edgegw_exchange_v1 {
    uint32_t size; /* bytes of this table as the gateway knows it */
    uint32_t reserved;

    /* Reads one of EDGEGW_PROPERTY_*. The value lives until completion. EDGEGW_UNSUPPORTED for an unknown property. */
    edgegw_result (*property)(edgegw_exchange exchange, uint32_t property, edgegw_text *value);

    /* The first value of a request header, by name, case-insensitive. Bytes as received; it lives until completion.
     * EDGEGW_END when there is none. */
    edgegw_result (*header)(edgegw_exchange exchange, edgegw_text name, edgegw_text *value);

    /* Walks all request headers, repeated ones included: begin with *cursor = 0 and call until EDGEGW_END. The order of
     * equal names is the order sent. Names and values live until completion. */
    edgegw_result (*next_header)(edgegw_exchange exchange, uint32_t *cursor, edgegw_text *name, edgegw_text *value);

    /* The next bytes of the body, in the server's own buffer. They live until the next body_read, body_read_all or completion.
     * EDGEGW_OK     *chunk holds at least one byte
     * EDGEGW_END    the body has been read to its end
     * EDGEGW_PENDING  nothing has arrived yet: `ready` will be called; then call body_read again
     * EDGEGW_TOO_LARGE  the body exceeds the route's limit (answer 413) */
    edgegw_result (*body_read)(edgegw_exchange exchange, edgegw_text *chunk, edgegw_ready ready, void *state);

    /* The whole body as one piece, copied only if it did not arrive in one piece; it lives until completion. `limit` in bytes,
     * 0 for the route's own. EDGEGW_PENDING: `ready` will be called; then call again. EDGEGW_TOO_LARGE as above.
     * Not after body_read. An absent body is EDGEGW_OK with length 0. */
    edgegw_result (*body_read_all)(edgegw_exchange exchange, size_t limit, edgegw_text *body, edgegw_ready ready, void *state);

    /* Sets the status, 200 to 599; 200 when never called. EDGEGW_INVALID_STATE once the head was sent. */
    edgegw_result (*response_status)(edgegw_exchange exchange, uint32_t status);

    /* Appends a response header; the same name again adds a line of its own (Set-Cookie). The name is a token (RFC 9110,
     * section 5.1); the value has no CR, LF or NUL. Both are copied. Content-Length may be given here or by
     * response_content_length; Connection, Keep-Alive, Transfer-Encoding, Upgrade, Proxy-Connection and TE are the gateway's own:
     * EDGEGW_INVALID_ARGUMENT. EDGEGW_INVALID_STATE once the head was sent. */
    edgegw_result (*response_header)(edgegw_exchange exchange, edgegw_text name, edgegw_text value);

    /* Announces the exact length of the body. Then spans are the server's own output buffer, and a body of another length is a
     * fault: more is refused, less closes the connection. Without it, a body that fits the gateway's staging buffer
     * gets its length by itself, and a longer one is sent in chunks. */
    edgegw_result (*response_content_length)(edgegw_exchange exchange, uint64_t length);

    /* Room for body bytes: at least 1, about `hint` (at most 4096 are promised). Valid until response_advance, flush or
     * completion. A second call before response_advance gives the same room again. */
    edgegw_result (*response_span)(edgegw_exchange exchange, size_t hint, edgegw_span *span);

    /* Says how many bytes of the last span were written (0 is fine). */
    edgegw_result (*response_advance)(edgegw_exchange exchange, size_t written);

    /* Copies bytes into the response: span and advance in a loop. For those who have the bytes already. */
    edgegw_result (*response_write)(edgegw_exchange exchange, edgegw_text bytes);

    /* Sends what was written, head first. EDGEGW_PENDING: the client reads slowly; write on after `ready`. A handler
     * that writes much must flush now and then and heed EDGEGW_PENDING, or its response is kept in memory up to a bound and then
     * refused with EDGEGW_BUSY. */
    edgegw_result (*response_flush)(edgegw_exchange exchange, edgegw_ready ready, void *state);

    /* Ends the exchange, when handle() returned or will return EDGEGW_PENDING. EDGEGW_OK: what was written is the response.
     * Negative: as if handle() had returned it. Exactly once; whatever the request pointed to is gone when it returns. */
    edgegw_result (*complete)(edgegw_exchange exchange, edgegw_result outcome);

    /* Says why the exchange is about to end with an error. For the log only, never for the client. Copied, cut at
     * 16 KiB. */
    edgegw_result (*set_error)(edgegw_exchange exchange, edgegw_text message);

    /* Asks for `callback(state)` when *cancelled becomes non-zero; at most one per exchange, a new one replaces the old, NULL
     * removes it. Called at most once, on a gateway thread, at once if it has happened already (EDGEGW_CANCELLED is
     * returned then, and the callback is not kept). It is not running any more, and will not run, when complete() has returned
     * (unless complete() was called by the callback itself). It must be short and must not block. */
    edgegw_result (*on_cancelled)(edgegw_exchange exchange, edgegw_work callback, void *state);
} edgegw_exchange_v1;

#ifdef __cplusplus
}
#endif
#endif
