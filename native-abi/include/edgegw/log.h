/* edgegw/log.h: log lines into the gateway's log. SPDX-License-Identifier: MIT */
#ifndef EDGEGW_LOG_H
#define EDGEGW_LOG_H

#include "host.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Levels, as in Microsoft.Extensions.Logging. */
enum { EDGEGW_LOG_TRACE = 0, EDGEGW_LOG_DEBUG = 1, EDGEGW_LOG_INFO = 2, EDGEGW_LOG_WARNING = 3, EDGEGW_LOG_ERROR = 4, EDGEGW_LOG_CRITICAL = 5 };

#define EDGEGW_LOG_V1 "edgegw.log.v1"

typedef struct edgegw_log_v1 {
    uint32_t size;
    uint32_t reserved;

    /* Non-zero when lines of this level are kept: ask before formatting an expensive one. Any thread. */
    uint32_t (*is_enabled)(const edgegw_host *host, uint32_t level);

    /* Writes one line. `exchange` ties it to a request's id, 0 to none (a stale one counts as 0). UTF-8 text, copied, cut at
     * 16 KiB. Never blocks: when the log's queue is full the line is dropped and counted (EDGEGW_BUSY). Any thread. */
    edgegw_result (*write)(const edgegw_host *host, uint32_t level, edgegw_exchange exchange, edgegw_text message);
} edgegw_log_v1;

#ifdef __cplusplus
}
#endif
#endif
