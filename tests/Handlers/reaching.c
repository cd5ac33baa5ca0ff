/* Imports what few handlers do: -DMODE=1 looks into processes and starts them, and is linked with a library beyond libc; -DMODE=2 calls a function that is nowhere to be found. */
#include "fixture.h"
#include <sys/ptrace.h>
#include <unistd.h>

#if MODE == 1
extern int _Unwind_Backtrace(int (*each)(void *, void *), void *state);

static int each(void *context, void *state) { return (void)context, (void)state, 0; }
#else
extern int nowhere_to_be_found(int);
#endif

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    (void)instance, (void)route;
#if MODE == 1
    if (request->parameter_count > 99) return (edgegw_result)(ptrace(PTRACE_TRACEME, 0, 0, 0) + fork());
    return writef(request->exchange, "%d\n", _Unwind_Backtrace(each, NULL));
#else
    return writef(request->exchange, "%d\n", nowhere_to_be_found(1));
#endif
}

FIXTURE_ENTRY(MANIFEST_OF("reaching", "1.0.0", ROUTE("GET", "/reaching")))
