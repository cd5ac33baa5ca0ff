/* edgegw/services/database.h: SQL. SPDX-License-Identifier: MIT */
#ifndef EDGEGW_SERVICES_DATABASE_H
#define EDGEGW_SERVICES_DATABASE_H

#include "service.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EDGEGW_DATABASE_V1 "edgegw.database.v1"

/* A statement and its parameters: $1 is parameters[0]. Text of parameters is data, never SQL. */
typedef struct edgegw_statement {
    edgegw_text sql;
    const edgegw_value *parameters;
    size_t parameter_count; /* at most 1000 */
} edgegw_statement;

/* How much of other transactions a transaction sees (ISO/IEC 9075, SQL-transaction isolation). SQLite is always serializable. */
enum {
    EDGEGW_ISOLATION_DEFAULT = 0, /* the backend's own */
    EDGEGW_ISOLATION_READ_COMMITTED = 1,
    EDGEGW_ISOLATION_REPEATABLE_READ = 2,
    EDGEGW_ISOLATION_SERIALIZABLE = 3
};

/* edgegw_database_v1.begin: flags. */
enum {
    EDGEGW_TRANSACTION_READ_ONLY = 1u
};

/* A database. `transaction` is what begin opened, or 0 for a statement by itself; the calls of one transaction come one at a time:
 * EDGEGW_BUSY otherwise. service.h says what holds for every function. */
typedef struct edgegw_database_v1 {
    uint32_t size; /* bytes of this table as the gateway knows it */
    uint32_t reserved;

    /* Runs one statement that may give rows. The first page: row_count rows of name_count values, one row after the other;
     * `page` is the most rows wanted in one reply, 0 for the gateway's choice (a page ends before 1 MiB of values as well). When there
     * are more rows, `open` is a cursor for next. affected: rows changed by INSERT, UPDATE and DELETE. */
    edgegw_result (*query)(edgegw_exchange exchange, edgegw_service service, edgegw_open transaction, const edgegw_statement *statement, uint32_t page, edgegw_replied replied, void *state);

    /* The next page of a cursor; result EDGEGW_END with no rows when there are none left, and the cursor is closed. `open` is the
     * cursor again while there may be more. One call at a time per cursor. */
    edgegw_result (*next)(edgegw_exchange exchange, edgegw_open cursor, edgegw_replied replied, void *state);

    /* Ends a cursor early, a transaction by rollback. EDGEGW_INVALID_STATE when it is not open. */
    edgegw_result (*close)(edgegw_exchange exchange, edgegw_open open, edgegw_replied replied, void *state);

    /* Runs one statement; affected: rows changed. Rows are not fetched. */
    edgegw_result (*execute)(edgegw_exchange exchange, edgegw_service service, edgegw_open transaction, const edgegw_statement *statement, edgegw_replied replied, void *state);

    /* Runs statements in order, in one transaction of their own when `transaction` is 0: all of them or none. values[i] is the number
     * of rows that statements[i] changed (INT64). At most 1000 statements. */
    edgegw_result (*batch)(edgegw_exchange exchange, edgegw_service service, edgegw_open transaction, const edgegw_statement *statements, size_t count, edgegw_replied replied, void *state);

    /* Begins a transaction on a connection of its own; `open` names it. Unless committed it is rolled back: by close, when the
     * exchange is cancelled or ends however it ends, and when the worker dies. */
    edgegw_result (*begin)(edgegw_exchange exchange, edgegw_service service, uint32_t isolation, uint32_t flags, edgegw_replied replied, void *state);

    /* Commits. Whatever the result, the transaction is over. */
    edgegw_result (*commit)(edgegw_exchange exchange, edgegw_open transaction, edgegw_replied replied, void *state);
} edgegw_database_v1;

#ifdef __cplusplus
}
#endif
#endif
