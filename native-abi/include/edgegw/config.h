/* edgegw/config.h: the settings given to this handler at deploy time. SPDX-License-Identifier: MIT */
#ifndef EDGEGW_CONFIG_H
#define EDGEGW_CONFIG_H

#include "host.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EDGEGW_CONFIG_V1 "edgegw.config.v1"

typedef struct edgegw_config_v1 {
    uint32_t size;
    uint32_t reserved;

    /* The value of a key (case-insensitive), EDGEGW_END when it is not set. The text lives until the process ends. Any thread. */
    edgegw_result (*get)(const edgegw_host *host, edgegw_text key, edgegw_text *value);
} edgegw_config_v1;

#ifdef __cplusplus
}
#endif
#endif
