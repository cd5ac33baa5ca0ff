/* edgegw/types.h: the version, and the few types that every other header uses. SPDX-License-Identifier: MIT */
#ifndef EDGEGW_TYPES_H
#define EDGEGW_TYPES_H

#include <stddef.h>
#include <stdint.h>

/* The version of this contract. A new major breaks; a new minor only adds at the end of tables, or adds tables.
 * A gateway runs a library whose major is its own and whose minor is not above its own, and refuses any other. */
#define EDGEGW_ABI_MAJOR 1
#define EDGEGW_ABI_MINOR 1

#if defined(_WIN32)
#define EDGEGW_EXPORT __declspec(dllexport)
#else
#define EDGEGW_EXPORT __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What a call came to. Zero and above is not an error. A value that a reader does not know is read as
 * EDGEGW_INTERNAL when negative and as EDGEGW_OK when positive. */
typedef int32_t edgegw_result;
enum {
    EDGEGW_OK = 0,                /* done */
    EDGEGW_PENDING = 1,           /* not done yet: the callback given will be called, exactly once */
    EDGEGW_END = 2,               /* nothing (more) there: end of the body, header absent, key absent */
    EDGEGW_INVALID_ARGUMENT = -1, /* an argument is out of its documented range; nothing was changed */
    EDGEGW_INVALID_STATE = -2,    /* not now: after completion, or while the same operation is pending */
    EDGEGW_BUSY = -3,             /* another thread is inside a call on the same exchange, or a bound is reached */
    EDGEGW_CANCELLED = -4,        /* the client has gone, the deadline has passed, or the gateway is stopping */
    EDGEGW_TOO_LARGE = -5,        /* a configured limit (body, header, parameter) is exceeded */
    EDGEGW_UNSUPPORTED = -6,      /* this gateway does not offer it */
    EDGEGW_OUT_OF_MEMORY = -7,    /* memory or the handler's heap limit is exhausted */
    EDGEGW_IO_ERROR = -8,         /* the connection or a file failed */
    EDGEGW_INTERNAL = -9,         /* anything else; the gateway's log has the reason */
    EDGEGW_UNAVAILABLE = -10,     /* a service's backend does not answer, or the service is stopping: answer 503 */
    EDGEGW_TIMED_OUT = -11,       /* a service's own timeout has passed; what the backend did with the call is not known */
    EDGEGW_REFUSED = -12,         /* a backend refused the call, or it broke a rule of the backend's: the reply has error and code */
    EDGEGW_NOT_BOUND = -13        /* no service of that name and kind is bound to this library */
};

/* Bytes to read: UTF-8 where the comment says text, any bytes elsewhere. Never zero-terminated.
 * data may be NULL only when length is 0. How long it lives is said where it is used. */
typedef struct edgegw_text {
    const uint8_t *data;
    size_t length; /* bytes */
} edgegw_text;

/* Room to write into. */
typedef struct edgegw_span {
    uint8_t *data;
    size_t length; /* bytes */
} edgegw_span;

/* Names one request being answered. A number, not an address: a stale one is recognised and refused with
 * EDGEGW_INVALID_STATE, whatever request the gateway is serving in its place by then. Never 0. */
typedef uint64_t edgegw_exchange;

/* Tells that a pending operation has ended, with EDGEGW_OK, EDGEGW_END or an error. Called exactly once per
 * EDGEGW_PENDING, on a gateway thread, perhaps before the call that returned EDGEGW_PENDING has returned. Never called after
 * complete() of the same exchange has returned. It may call any function of the exchange; it must not block. A function that
 * takes one refuses NULL with EDGEGW_INVALID_ARGUMENT. */
typedef void (*edgegw_ready)(void *state, edgegw_result result);

/* Work to run on a gateway thread. It must not block for long and must not throw. */
typedef void (*edgegw_work)(void *state);

#ifdef __cplusplus
}
#endif
#endif
