/* Not a handler: LD_PRELOAD it to have the n-th write below a folder go wrong. DISKFAULT_BELOW is the folder, DISKFAULT_PLAN a file that the test maps as well, DISKFAULT_ROLES
 * the first arguments of the processes it is for ("run,scout"). Counted is what changes the folder: open with O_CREAT or O_TRUNC, write, fsync, rename, link, unlink, mkdir, rmdir,
 * chmod, ftruncate. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { KILL = 1, FULL = 2, BROKEN = 3 };

struct plan {
    int32_t at;    /* which call goes wrong, from 1; 0: none */
    int32_t kind;  /* KILL: the process dies, in the middle of what it writes. FULL: from then on nothing can be added. BROKEN: that one call answers EIO */
    int32_t count; /* calls so far */
    char calls[4084]; /* their names, a line each */
};

static struct plan *plan;
static char below[512];

static void *next(const char *name)
{
    /* dlsym itself is replaced below. */
    static void *(*real)(void *, const char *);
    if (!real) real = (void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
    if (!real) real = (void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    if (!real) real = (void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.17");
    return real(RTLD_NEXT, name);
}

#define NEXT(name) ((__typeof__(&name))next(#name))

__attribute__((constructor)) static void begin(int argc, char **argv)
{
    const char *file = getenv("DISKFAULT_PLAN"), *folder = getenv("DISKFAULT_BELOW"), *roles = getenv("DISKFAULT_ROLES");
    if (!file || !folder || !roles || argc < 2 || !strstr(roles, argv[1])) return;
    snprintf(below, sizeof below, "%s/", folder);
    int descriptor = NEXT(open64)(file, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return;
    void *memory = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (memory != MAP_FAILED) plan = memory;
}

/* The log of what was done (control.db) is left out: a deploy is made or refused whatever becomes of its line there. */
static int is_log(const char *path) { return strstr(path, "/control.db") != NULL; }

static int is_below(const char *path) { return path && strncmp(path, below, strlen(below)) == 0 && !is_log(path); }

static int descriptor_is_below(int descriptor)
{
    char link[64], path[512];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return !is_log(path) && (is_below(path) || strncmp(path, below, strlen(below) - 1) == 0);
}

/* Whether a call goes wrong: 0 for no, else the kind. */
static int faulty(const char *name, int here, int adds)
{
    if (!plan || !__atomic_load_n(&plan->at, __ATOMIC_SEQ_CST) || !here) return 0;
    int saved = errno, number = __atomic_add_fetch(&plan->count, 1, __ATOMIC_SEQ_CST);
    size_t used = strnlen(plan->calls, sizeof plan->calls);
    if (used + 32 < sizeof plan->calls) snprintf(plan->calls + used, sizeof plan->calls - used, "%s\n", name);
    errno = saved;
    if (plan->kind == FULL) return number >= plan->at && adds ? FULL : 0;
    return number == plan->at ? plan->kind : 0;
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static int fail(int kind)
{
    if (kind == KILL) die();
    errno = kind == FULL ? ENOSPC : EIO;
    return -1;
}

#define STEP(name, here, adds)                          \
    int kind = faulty(name, here, adds);                \
    if (kind) return fail(kind)

int open64(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    if (flags & (O_CREAT | O_TRUNC)) {
        STEP("open", is_below(path), 1);
    }
    return NEXT(open64)(path, flags, mode);
}

ssize_t write(int descriptor, const void *bytes, size_t count)
{
    int kind = faulty("write", plan && descriptor_is_below(descriptor), 1);
    if (kind == KILL) NEXT(write)(descriptor, bytes, count / 2);
    return kind ? fail(kind) : NEXT(write)(descriptor, bytes, count);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset)
{
    int kind = faulty("write", plan && descriptor_is_below(descriptor), 1);
    if (kind == KILL) NEXT(pwrite64)(descriptor, bytes, count / 2, offset);
    return kind ? fail(kind) : NEXT(pwrite64)(descriptor, bytes, count, offset);
}

ssize_t pwritev64(int descriptor, const struct iovec *pieces, int count, off64_t offset)
{
    STEP("write", plan && descriptor_is_below(descriptor), 1);
    return NEXT(pwritev64)(descriptor, pieces, count, offset);
}

int fsync(int descriptor)
{
    STEP("fsync", plan && descriptor_is_below(descriptor), 1);
    return NEXT(fsync)(descriptor);
}

int ftruncate64(int descriptor, off64_t length)
{
    STEP("ftruncate", plan && descriptor_is_below(descriptor), 0);
    return NEXT(ftruncate64)(descriptor, length);
}

int fchmod(int descriptor, mode_t mode)
{
    STEP("fchmod", plan && descriptor_is_below(descriptor), 0);
    return NEXT(fchmod)(descriptor, mode);
}

int chmod(const char *path, mode_t mode)
{
    STEP("chmod", is_below(path), 0);
    return NEXT(chmod)(path, mode);
}

int rename(const char *from, const char *to)
{
    STEP("rename", is_below(from) || is_below(to), 0);
    return NEXT(rename)(from, to);
}

int link(const char *from, const char *to)
{
    STEP("link", is_below(to), 1);
    return NEXT(link)(from, to);
}

int unlink(const char *path)
{
    STEP("unlink", is_below(path), 0);
    return NEXT(unlink)(path);
}

int mkdir(const char *path, mode_t mode)
{
    STEP("mkdir", is_below(path), 1);
    return NEXT(mkdir)(path, mode);
}

int rmdir(const char *path)
{
    STEP("rmdir", is_below(path), 0);
    return NEXT(rmdir)(path);
}

/* .NET looks functions up by name in the C library itself, past whatever stands before it. */
void *dlsym(void *library, const char *name)
{
    static void *(*real)(void *, const char *);
    if (!real) real = (void *(*)(void *, const char *))next("dlsym");
    return strcmp(name, "fsync") == 0 ? (void *)fsync : real(library, name);
}
