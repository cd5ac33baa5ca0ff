/* edgegw.h: the contract between Edge Gateway and a native request handler.
 *
 * A handler is a shared library that exports one symbol, edgegw_handler_entry (edgegw/handler.h). The gateway hands it
 * an edgegw_host (edgegw/host.h) and gets an edgegw_handler back. Requests then arrive as edgegw_request
 * (edgegw/exchange.h) and are answered through the function tables that edgegw_host.get_table returns.
 *
 * Needs C11 or C++17 and nothing else. No function of this contract throws, and none may be left by an exception or
 * by longjmp. SPDX-License-Identifier: MIT */
#ifndef EDGEGW_H
#define EDGEGW_H

#include "edgegw/types.h"
#include "edgegw/host.h"
#include "edgegw/exchange.h"
#include "edgegw/handler.h"
#include "edgegw/log.h"
#include "edgegw/schedule.h"
#include "edgegw/config.h"
#include "edgegw/stats.h"
#include "edgegw/services/value.h"
#include "edgegw/services/service.h"
#include "edgegw/services/cache.h"
#include "edgegw/services/database.h"
#include "edgegw/services/storage.h"
#include "edgegw/services/http.h"

#endif
