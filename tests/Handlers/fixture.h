/* What every fixture library needs: the tables, text, and the entry. A fixture defines MANIFEST and handle(), includes this and
 * ends with FIXTURE_ENTRY or its own entry. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <edgegw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STRINGIFY_(value) #value
#define STRINGIFY(value) STRINGIFY_(value)
#define TEXT(literal) ((edgegw_text){(const uint8_t *)(literal), sizeof(literal) - 1})

static const edgegw_host *host_api;
static const edgegw_exchange_v1 *exchange_api;
static const edgegw_schedule_v1 *schedule_api;
static const edgegw_config_v1 *config_api;
static const edgegw_log_v1 *log_api;

static inline edgegw_text text(const char *value) { return (edgegw_text){(const uint8_t *)value, strlen(value)}; }

/* Fetches the tables; NULL where the gateway has none. */
static inline void fixture_tables(const edgegw_host *host)
{
    host_api = host;
    exchange_api = (const edgegw_exchange_v1 *)host->get_table(host, TEXT(EDGEGW_EXCHANGE_V1));
    schedule_api = (const edgegw_schedule_v1 *)host->get_table(host, TEXT(EDGEGW_SCHEDULE_V1));
    config_api = (const edgegw_config_v1 *)host->get_table(host, TEXT(EDGEGW_CONFIG_V1));
    log_api = (const edgegw_log_v1 *)host->get_table(host, TEXT(EDGEGW_LOG_V1));
}

static inline edgegw_result writef(edgegw_exchange exchange, const char *format, ...)
{
    char buffer[4096];
    int length;
    va_list arguments;
    va_start(arguments, format);
    length = vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof buffer) return EDGEGW_INTERNAL;
    return exchange_api->response_write(exchange, (edgegw_text){(const uint8_t *)buffer, (size_t)length});
}

/* A path parameter of decimal digits. */
static inline uint64_t number(edgegw_text digits)
{
    uint64_t value = 0;
    for (size_t i = 0; i < digits.length; i++) value = value * 10 + (uint64_t)(digits.data[i] - '0');
    return value;
}

/* One line: NAME=hexadecimal bytes. Shows exactly what crossed, whatever the bytes are. */
static inline void write_hex(edgegw_exchange exchange, const char *name, edgegw_text value)
{
    writef(exchange, "%s=", name);
    for (size_t i = 0; i < value.length; i++) writef(exchange, "%02x", value.data[i]);
    writef(exchange, "\n");
}

#define ROUTE(method, pattern) "{\"method\":\"" method "\",\"pattern\":\"" pattern "\"}"
#define MANIFEST_OF(name, version, routes) "{\"name\":\"" name "\",\"version\":\"" version "\",\"routes\":[" routes "]}"

#define FIXTURE_ENTRY(manifest_text)                                                                                       \
    static edgegw_result fixture_init(const edgegw_host *host, void **instance)                                            \
    {                                                                                                                      \
        (void)host, (void)instance;                                                                                        \
        return exchange_api ? EDGEGW_OK : EDGEGW_UNSUPPORTED;                                                              \
    }                                                                                                                      \
    EDGEGW_EXPORT const edgegw_handler *edgegw_handler_entry(const edgegw_host *host)                                      \
    {                                                                                                                      \
        static edgegw_handler handler = {.size = sizeof(edgegw_handler), .abi_major = EDGEGW_ABI_MAJOR,                    \
            .abi_minor = EDGEGW_ABI_MINOR, .init = fixture_init, .handle = handle};                                        \
        fixture_tables(host);                                                                                              \
        handler.manifest = TEXT(manifest_text);                                                                            \
        return &handler;                                                                                                   \
    }

#endif
