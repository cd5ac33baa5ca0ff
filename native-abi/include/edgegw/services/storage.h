/* edgegw/services/storage.h: objects by key, of any size. SPDX-License-Identifier: MIT */
#ifndef EDGEGW_SERVICES_STORAGE_H
#define EDGEGW_SERVICES_STORAGE_H

#include "service.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EDGEGW_STORAGE_V1 "edgegw.storage.v1"

/* A piece of metadata of an object: a name of letters, digits and '-', case-insensitive, and UTF-8 text. */
typedef struct edgegw_metadata {
    edgegw_text name;
    edgegw_text value;
} edgegw_metadata;

/* edgegw_storage_v1.presign: what the URL allows. */
enum {
    EDGEGW_PRESIGN_GET = 1,
    EDGEGW_PRESIGN_PUT = 2
};

/* Where the facts about an object are in edgegw_reply.values of get, open_read and stat; its metadata follows as pairs of
 * name and value (TEXT). In a list every row has those up to EDGEGW_OBJECT_FACTS, and no metadata. */
enum {
    EDGEGW_OBJECT_KEY = 0,          /* TEXT; in a list with a delimiter, a common prefix has only this, the others being NULL */
    EDGEGW_OBJECT_SIZE = 1,         /* INT64, bytes of the whole object */
    EDGEGW_OBJECT_MODIFIED = 2,     /* TIMESTAMP */
    EDGEGW_OBJECT_ETAG = 3,         /* TEXT, without quotes */
    EDGEGW_OBJECT_CONTENT_TYPE = 4, /* TEXT; NULL in a list of a backend that does not list it */
    EDGEGW_OBJECT_FACTS = 5
};

/* A store of objects. Keys are 1 to 1024 bytes of UTF-8 without NUL, "/" separating their parts, none of which is "", "." or "..".
 * An absent object is EDGEGW_END. service.h says what holds for every function. */
typedef struct edgegw_storage_v1 {
    uint32_t size; /* bytes of this table as the gateway knows it */
    uint32_t reserved;

    /* Writes an object whole, replacing one of the same key at once: a reader sees the old one or the new one. An empty content
     * type is application/octet-stream. At most 64 metadata. More bytes than the service takes at once (setting maxPieceBytes) are
     * EDGEGW_TOO_LARGE: write a stream. */
    edgegw_result (*put)(edgegw_exchange exchange, edgegw_service service, edgegw_text key, edgegw_text body, edgegw_text content_type, const edgegw_metadata *metadata, size_t metadata_count, edgegw_replied replied, void *state);

    /* Begins an object of any size: `open` names the upload. `length` in bytes, or -1 when it is not known. The object is there when
     * finish has succeeded, and not before. */
    edgegw_result (*open_write)(edgegw_exchange exchange, edgegw_service service, edgegw_text key, int64_t length, edgegw_text content_type, const edgegw_metadata *metadata, size_t metadata_count, edgegw_replied replied, void *state);

    /* The next bytes of an upload, at most the service's limit for one piece: EDGEGW_TOO_LARGE beyond. Copied before it returns. One
     * call at a time. */
    edgegw_result (*write)(edgegw_exchange exchange, edgegw_open upload, edgegw_text bytes, edgegw_replied replied, void *state);

    /* Ends an upload: the object is there when the reply is EDGEGW_OK. values as of stat, as far as the backend tells. */
    edgegw_result (*finish)(edgegw_exchange exchange, edgegw_open upload, edgegw_replied replied, void *state);

    /* An object, or `length` bytes of it from `offset` (length 0: to its end), as one piece of at most the service's limit:
     * EDGEGW_TOO_LARGE beyond. values as EDGEGW_OBJECT_* say, and before the metadata one more, the bytes (BLOB), at EDGEGW_OBJECT_FACTS. */
    edgegw_result (*get)(edgegw_exchange exchange, edgegw_service service, edgegw_text key, uint64_t offset, uint64_t length, edgegw_replied replied, void *state);

    /* Opens an object for reading in pieces: values as of stat, `open` names the download. */
    edgegw_result (*open_read)(edgegw_exchange exchange, edgegw_service service, edgegw_text key, uint64_t offset, uint64_t length, edgegw_replied replied, void *state);

    /* The next bytes of a download: values[0] (BLOB), at least one byte; EDGEGW_END at the end, and the download is closed. One call
     * at a time. */
    edgegw_result (*read)(edgegw_exchange exchange, edgegw_open download, edgegw_replied replied, void *state);

    /* Ends a download early, or discards an upload. */
    edgegw_result (*close)(edgegw_exchange exchange, edgegw_open open, edgegw_replied replied, void *state);

    /* The facts about an object. */
    edgegw_result (*stat)(edgegw_exchange exchange, edgegw_service service, edgegw_text key, edgegw_replied replied, void *state);

    /* Objects whose keys begin with `prefix`, in the order of their keys' bytes, as rows; with a delimiter, keys that go on after it are
     * rolled up into one row. `after` is the key to begin after, empty for the first page; the last row's key is the next one's. `limit`
     * 1 to 1000; fewer rows than that is the end. */
    edgegw_result (*list)(edgegw_exchange exchange, edgegw_service service, edgegw_text prefix, edgegw_text delimiter, edgegw_text after, uint32_t limit, edgegw_replied replied, void *state);

    /* Removes an object; EDGEGW_OK too when there was none. */
    edgegw_result (*remove)(edgegw_exchange exchange, edgegw_service service, edgegw_text key, edgegw_replied replied, void *state);

    /* Copies an object within the service, metadata and content type included. */
    edgegw_result (*copy)(edgegw_exchange exchange, edgegw_service service, edgegw_text from, edgegw_text to, edgegw_replied replied, void *state);

    /* A URL that lets whoever has it do one thing (EDGEGW_PRESIGN_*) with one key, for `seconds` (1 to 604800): values[0] (TEXT). */
    edgegw_result (*presign)(edgegw_exchange exchange, edgegw_service service, uint32_t method, edgegw_text key, uint32_t seconds, edgegw_replied replied, void *state);
} edgegw_storage_v1;

#ifdef __cplusplus
}
#endif
#endif
