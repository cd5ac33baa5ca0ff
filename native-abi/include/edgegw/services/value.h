/* edgegw/services/value.h: one typed value, as parameters and results of services use it. SPDX-License-Identifier: MIT */
#ifndef EDGEGW_SERVICES_VALUE_H
#define EDGEGW_SERVICES_VALUE_H

#include "../types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a value is, and which member of the union holds it. A kind that a reader does not know is read as
 * EDGEGW_VALUE_TEXT when it has a length, else as EDGEGW_VALUE_NULL. */
enum {
    EDGEGW_VALUE_NULL = 0,       /* SQL NULL, or absent */
    EDGEGW_VALUE_BOOL = 1,       /* integer: 0 or 1 */
    EDGEGW_VALUE_INT64 = 2,      /* integer */
    EDGEGW_VALUE_DOUBLE = 3,     /* real; NaN and the infinities included */
    EDGEGW_VALUE_TEXT = 4,       /* data, length bytes, UTF-8 */
    EDGEGW_VALUE_BLOB = 5,       /* data, length bytes */
    EDGEGW_VALUE_NUMERIC = 6,    /* data, length bytes: an exact decimal of any size as text, "-12.50" or "NaN" */
    EDGEGW_VALUE_UUID = 7,       /* data, 16 bytes in the order of the text form (RFC 9562, section 4) */
    EDGEGW_VALUE_TIMESTAMP = 8,  /* integer: microseconds since 1970-01-01T00:00:00Z; INT64_MAX and INT64_MIN are infinity, -infinity */
    EDGEGW_VALUE_LOCAL_TIMESTAMP = 9, /* integer: the same without a time zone */
    EDGEGW_VALUE_DATE = 10,      /* integer: days since 1970-01-01; INT64_MAX and INT64_MIN as above */
    EDGEGW_VALUE_TIME = 11,      /* integer: microseconds since midnight */
    EDGEGW_VALUE_INTERVAL = 12,  /* data, length bytes: an ISO 8601 duration, "P1M2DT3.5S" */
    EDGEGW_VALUE_JSON = 13,      /* data, length bytes, JSON text (RFC 8259) */
    EDGEGW_VALUE_ARRAY = 14,     /* items, length values; their kinds may differ only by NULL */
    EDGEGW_VALUE_OTHER = 15      /* data, length bytes: any other type of the backend's, in its own text form */
};

/* What a value holds, by its kind. */
typedef union edgegw_value_as {
    int64_t integer;
    double real;
    const uint8_t *data;
    const struct edgegw_value *items;
} edgegw_value_as;

/* One value, 16 bytes, read in place. Who owns what `data` points to is said where the value is used. */
typedef struct edgegw_value {
    uint32_t kind;   /* EDGEGW_VALUE_* */
    uint32_t length; /* bytes at data, or values at items; 0 for the kinds held by integer or real */
    edgegw_value_as as;
} edgegw_value;

#ifdef __cplusplus
}
#endif
#endif
