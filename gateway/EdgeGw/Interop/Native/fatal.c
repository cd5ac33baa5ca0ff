/* Writes down how this process dies, for the process that started it. Linked into the published program.
 *
 * It is installed before the .NET runtime starts, so it is the last in the chain of handlers: the gateway's runtime, and those of NativeAOT libraries, turn the faults of their managed code
 * into exceptions and pass on only what is nobody's. What runs here runs in a process that is about to die, on a thread in any state: it calls nothing but system calls, takes no lock, and
 * allocates nothing. A library that installs a handler of its own and does not pass on is not seen here; the slots still say who was inside which call. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { NOTHING, SIGNAL, EXIT };

/* BlameFatal mirrors it. */
struct fatal {
    uint32_t kind;
    int32_t process, thread, signal, code;
    uint32_t stack_bytes;
    uint64_t instruction, stack_pointer, address;
};

static struct fatal *volatile fatal;
static uint8_t *stack;
static uint32_t stack_room;
static int forked;

/* The kernel reads the mask before it looks at `how`, which is wrong: EFAULT when it cannot be read, EINVAL when it can, and nothing else happens. */
static int is_readable(const uint8_t *address) { return syscall(SYS_rt_sigprocmask, ~0, address, NULL, 8) == 0 || errno != EFAULT; }

static void copy_stack(struct fatal *to, const uint8_t *from)
{
    const uintptr_t page = 4096;
    while (to->stack_bytes < stack_room) {
        uint32_t part = (uint32_t)(page - (uintptr_t)from % page);
        if (part > stack_room - to->stack_bytes) part = stack_room - to->stack_bytes;
        if (!is_readable((const uint8_t *)((uintptr_t)from & ~(uintptr_t)7))) return;
        for (uint32_t i = 0; i < part; i++) stack[to->stack_bytes + i] = from[i];
        to->stack_bytes += part;
        from += part;
    }
}

/* The first one to die is the one that matters. */
static void remember(uint32_t kind, int number, int code, uint64_t instruction, uint64_t stack_pointer, uint64_t address)
{
    struct fatal *to = fatal;
    if (!to || !__sync_bool_compare_and_swap(&to->kind, NOTHING, kind)) return;
    to->process = (int32_t)syscall(SYS_getpid);
    to->thread = (int32_t)syscall(SYS_gettid);
    to->signal = number;
    to->code = code;
    to->instruction = instruction;
    to->stack_pointer = stack_pointer;
    to->address = address;
    copy_stack(to, (const uint8_t *)(uintptr_t)(stack_pointer & ~(uint64_t)7));
}

static void die(int number, siginfo_t *info, void *context)
{
    struct sigaction ordinary;
    uint64_t instruction = 0, stack_pointer = 0;
    memset(&ordinary, 0, sizeof ordinary);
    ordinary.sa_handler = SIG_DFL;
    sigaction(number, &ordinary, NULL);
    if (context) {
        const mcontext_t *machine = &((const ucontext_t *)context)->uc_mcontext;
#if defined(__x86_64__)
        instruction = (uint64_t)machine->gregs[REG_RIP];
        stack_pointer = (uint64_t)machine->gregs[REG_RSP];
#elif defined(__aarch64__)
        instruction = machine->pc;
        stack_pointer = machine->sp;
#else
        (void)machine;
#endif
    }
    remember(SIGNAL, number, info ? info->si_code : 0, instruction, stack_pointer, info && (number == SIGSEGV || number == SIGBUS) ? (uint64_t)(uintptr_t)info->si_addr : 0);
    /* A fault happens again on return, and is fatal now; one that was sent has to be sent again. */
    if (!info || info->si_code <= 0) syscall(SYS_tgkill, syscall(SYS_getpid), syscall(SYS_gettid), number);
}

/* exit(): the gateway itself ends with _exit, so a library did this. */
static void leave(void) { remember(EXIT, 0, 0, (uint64_t)(uintptr_t)__builtin_return_address(0), (uint64_t)(uintptr_t)__builtin_frame_address(0), 0); }

/* A child that a library forked: what becomes of it is not the worker's end. */
static void in_child(void)
{
    forked = 1;
    fatal = NULL;
}

__attribute__((constructor)) static void install(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = die;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (unsigned i = 0; i < sizeof signals / sizeof signals[0]; i++) sigaction(signals[i], &action, NULL);
}

/* Gives the calling thread a stack for signal handlers, unless it has one: without, a thread that has used its stack up dies before any handler runs. `kept` is the stack that was made for
 * a thread that has ended since, or NULL; returns the one in use, NULL when the thread needed none or there is no memory. */
__attribute__((visibility("default"))) void *edgegw_fatal_stack(void *kept)
{
    const size_t bytes = 64 * 1024;
    stack_t now, own;
    if (sigaltstack(NULL, &now) != 0 || !(now.ss_flags & SS_DISABLE)) return kept;
    if (!kept) {
        kept = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
        if (kept == MAP_FAILED) return NULL;
    }
    memset(&own, 0, sizeof own);
    own.ss_sp = kept;
    own.ss_size = bytes;
    sigaltstack(&own, NULL);
    return kept;
}

/* Begins to watch. `stack_bytes` bytes at `stack_copy` take the stack. All of it must stay as long as the process. Returns a flag that is not 0 in a forked child. Called once, on one
 * thread, before any library is loaded. */
__attribute__((visibility("default"))) int *edgegw_fatal_watch(struct fatal *record, uint8_t *stack_copy, uint32_t stack_bytes)
{
    stack = stack_copy;
    stack_room = stack_bytes;
    fatal = record;
    atexit(leave);
    pthread_atfork(NULL, NULL, in_child);
    return &forked;
}
