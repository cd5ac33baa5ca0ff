/* edgegw/services/cache.h: bytes by key, for a while. SPDX-License-Identifier: MIT */
#ifndef EDGEGW_SERVICES_CACHE_H
#define EDGEGW_SERVICES_CACHE_H

#include "service.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EDGEGW_CACHE_V1 "edgegw.cache.v1"

/* edgegw_cache_v1.set: when to write. */
enum {
    EDGEGW_CACHE_ALWAYS = 0,
    EDGEGW_CACHE_IF_ABSENT = 1,
    EDGEGW_CACHE_IF_PRESENT = 2
};

/* A key in a list of keys. */
typedef struct edgegw_cache_key {
    edgegw_text key;
} edgegw_cache_key;

/* A key and its value. */
typedef struct edgegw_cache_entry {
    edgegw_text key;
    edgegw_text value;
} edgegw_cache_entry;

/* A cache. Keys are 1 to 1024 bytes, values any bytes up to the service's limit (EDGEGW_TOO_LARGE beyond). Times to live are in
 * milliseconds; 0 means until evicted. service.h says what holds for every function. */
typedef struct edgegw_cache_v1 {
    uint32_t size; /* bytes of this table as the gateway knows it */
    uint32_t reserved;

    /* values[0] is the value (BLOB); result EDGEGW_END when there is none. */
    edgegw_result (*get)(edgegw_exchange exchange, edgegw_service service, edgegw_text key, edgegw_replied replied, void *state);

    /* values[i] is the value of keys[i], NULL when there is none. At most 1024 keys. */
    edgegw_result (*get_many)(edgegw_exchange exchange, edgegw_service service, const edgegw_cache_key *keys, size_t count, edgegw_replied replied, void *state);

    /* Writes when `condition` (EDGEGW_CACHE_*) holds; result EDGEGW_END when it does not. */
    edgegw_result (*set)(edgegw_exchange exchange, edgegw_service service, edgegw_text key, edgegw_text value, uint64_t ttl, uint32_t condition, edgegw_replied replied, void *state);

    /* Writes all entries, with one time to live; not atomic. At most 1024. */
    edgegw_result (*set_many)(edgegw_exchange exchange, edgegw_service service, const edgegw_cache_entry *entries, size_t count, uint64_t ttl, edgegw_replied replied, void *state);

    /* affected: how many of the keys were there. At most 1024. */
    edgegw_result (*remove)(edgegw_exchange exchange, edgegw_service service, const edgegw_cache_key *keys, size_t count, edgegw_replied replied, void *state);

    /* result EDGEGW_OK when the key is there, EDGEGW_END when not. */
    edgegw_result (*exists)(edgegw_exchange exchange, edgegw_service service, edgegw_text key, edgegw_replied replied, void *state);

    /* Adds to the decimal number under the key, an absent one being 0, atomically; values[0] is the sum (INT64). `ttl` applies when
     * the key was absent; a key that was there keeps its own. EDGEGW_REFUSED when the value is not such a number or the sum overflows. */
    edgegw_result (*add)(edgegw_exchange exchange, edgegw_service service, edgegw_text key, int64_t delta, uint64_t ttl, edgegw_replied replied, void *state);

    /* Gives a key another time to live; result EDGEGW_END when it is not there. */
    edgegw_result (*expire)(edgegw_exchange exchange, edgegw_service service, edgegw_text key, uint64_t ttl, edgegw_replied replied, void *state);

    /* Publishes a message on a channel; affected: how many received it, as far as the backend knows. */
    edgegw_result (*publish)(edgegw_exchange exchange, edgegw_service service, edgegw_text channel, edgegw_text message, edgegw_replied replied, void *state);

    /* As get; but when there is no value, one caller at a time becomes the leader: its reply has result EDGEGW_END and
     * `open` set, and it makes the value and calls settle. The others wait for it: they get what it settled, or one of them leads
     * next when it gave up, or when its exchange ended. The waiting is within this gateway process, not across several. */
    edgegw_result (*get_or_lead)(edgegw_exchange exchange, edgegw_service service, edgegw_text key, edgegw_replied replied, void *state);

    /* Ends a lead: with EDGEGW_OK writes `value` and gives it to those who wait, with any other `outcome` gives up. */
    edgegw_result (*settle)(edgegw_exchange exchange, edgegw_open lead, edgegw_result outcome, edgegw_text value, uint64_t ttl, edgegw_replied replied, void *state);
} edgegw_cache_v1;

#ifdef __cplusplus
}
#endif
#endif
