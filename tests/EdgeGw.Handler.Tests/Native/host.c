/* A gateway of one thread, for a test that counts threads: loads libraries, sends requests to every route, and never
 * answers at once where it may answer later. Prints one line of figures.
 * usage: host REQUESTS LIBRARY... */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <edgegw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CHUNK "0123456789abcdef"
#define CHUNKS 5

typedef struct work {
    struct work *next;
    int64_t due;
    edgegw_work run;
    void *state;
} work;

typedef struct exchange {
    uint64_t id;
    edgegw_request request;
    uint32_t cancelled;
    edgegw_work on_cancelled;
    void *on_cancelled_state;
    edgegw_ready ready;
    void *ready_state;
    int calls, chunks_read, is_over;
    size_t written;
    edgegw_result outcome;
    uint8_t room[4096];
} exchange;

static work *queue;
static exchange *all[4096];
static uint64_t last;
static int running, succeeded, failed, cancelled;
static int64_t hour = 3600LL * 1000000000;

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static edgegw_text text(const char *s) { return (edgegw_text){(const uint8_t *)s, strlen(s)}; }
static int is(edgegw_text t, const char *s) { return t.length == strlen(s) && memcmp(t.data, s, t.length) == 0; }
static exchange *find(uint64_t id) { exchange *x = all[id % 4096]; return x && x->id == id && !x->is_over ? x : NULL; }

static void later(int64_t nanoseconds, edgegw_work run, void *state) {
    work *w = malloc(sizeof *w), **p = &queue;
    *w = (work){NULL, now() + nanoseconds, run, state};
    while (*p && (*p)->due <= w->due) p = &(*p)->next;
    w->next = *p;
    *p = w;
}

static edgegw_result post(const edgegw_host *h, edgegw_work run, void *state) { (void)h; later(0, run, state); return EDGEGW_OK; }
static edgegw_result post_after(const edgegw_host *h, uint32_t ms, edgegw_work run, void *state) {
    (void)h;
    later((int64_t)ms * 1000000, run, state);
    return EDGEGW_OK;
}

/* Every operation that may wait does so each second time. */
static void run_ready(void *state) {
    exchange *x = find((uint64_t)(uintptr_t)state);
    if (x) x->ready(x->ready_state, EDGEGW_OK);
}
static int must_wait(exchange *x, edgegw_ready ready, void *state) {
    if (x->calls++ % 2) return 0;
    x->ready = ready;
    x->ready_state = state;
    later(0, run_ready, (void *)(uintptr_t)x->id);
    return 1;
}

static edgegw_result property(edgegw_exchange id, uint32_t p, edgegw_text *v) {
    if (!find(id)) return EDGEGW_INVALID_STATE;
    *v = text(p == EDGEGW_PROPERTY_REQUEST_ID ? "r1" : "");
    return EDGEGW_OK;
}
static edgegw_result header(edgegw_exchange id, edgegw_text n, edgegw_text *v) { (void)n; (void)v; return find(id) ? EDGEGW_END : EDGEGW_INVALID_STATE; }
static edgegw_result next_header(edgegw_exchange id, uint32_t *c, edgegw_text *n, edgegw_text *v) { (void)c; (void)n; (void)v; return find(id) ? EDGEGW_END : EDGEGW_INVALID_STATE; }

static edgegw_result body_read(edgegw_exchange id, edgegw_text *chunk, edgegw_ready ready, void *state) {
    exchange *x = find(id);
    if (!x) return EDGEGW_INVALID_STATE;
    if (must_wait(x, ready, state)) return EDGEGW_PENDING;
    if (x->chunks_read == CHUNKS) return EDGEGW_END;
    x->chunks_read++;
    *chunk = text(CHUNK);
    return EDGEGW_OK;
}
static edgegw_result body_read_all(edgegw_exchange id, size_t limit, edgegw_text *body, edgegw_ready ready, void *state) {
    exchange *x = find(id);
    (void)limit;
    if (!x) return EDGEGW_INVALID_STATE;
    if (must_wait(x, ready, state)) return EDGEGW_PENDING;
    *body = text(CHUNK CHUNK CHUNK CHUNK CHUNK);
    return EDGEGW_OK;
}
static edgegw_result response_status(edgegw_exchange id, uint32_t s) { (void)s; return find(id) ? EDGEGW_OK : EDGEGW_INVALID_STATE; }
static edgegw_result response_header(edgegw_exchange id, edgegw_text n, edgegw_text v) { (void)n; (void)v; return find(id) ? EDGEGW_OK : EDGEGW_INVALID_STATE; }
static edgegw_result response_content_length(edgegw_exchange id, uint64_t l) { (void)l; return find(id) ? EDGEGW_OK : EDGEGW_INVALID_STATE; }
static edgegw_result response_span(edgegw_exchange id, size_t hint, edgegw_span *span) {
    exchange *x = find(id);
    (void)hint;
    if (!x) return EDGEGW_INVALID_STATE;
    *span = (edgegw_span){x->room, sizeof x->room};
    return EDGEGW_OK;
}
static edgegw_result response_advance(edgegw_exchange id, size_t n) {
    exchange *x = find(id);
    if (!x) return EDGEGW_INVALID_STATE;
    x->written += n;
    return EDGEGW_OK;
}
static edgegw_result response_write(edgegw_exchange id, edgegw_text b) { return response_advance(id, b.length); }
static edgegw_result response_flush(edgegw_exchange id, edgegw_ready ready, void *state) {
    exchange *x = find(id);
    if (!x) return EDGEGW_INVALID_STATE;
    return must_wait(x, ready, state) ? EDGEGW_PENDING : EDGEGW_OK;
}
static edgegw_result complete(edgegw_exchange id, edgegw_result outcome) {
    exchange *x = find(id);
    if (!x) return EDGEGW_INVALID_STATE;
    x->is_over = 1;
    x->outcome = outcome;
    running--;
    if (outcome == EDGEGW_CANCELLED) cancelled++;
    else if (outcome < 0) failed++;
    else succeeded++;
    return EDGEGW_OK;
}
static edgegw_result set_exchange_error(edgegw_exchange id, edgegw_text m) {
    (void)id;
    fprintf(stderr, "%.*s\n", (int)m.length, (const char *)m.data);
    return EDGEGW_OK;
}
static edgegw_result on_cancelled(edgegw_exchange id, edgegw_work callback, void *state) {
    exchange *x = find(id);
    if (!x) return EDGEGW_INVALID_STATE;
    x->on_cancelled = callback;
    x->on_cancelled_state = state;
    return EDGEGW_OK;
}
static void cancel(void *state) {
    exchange *x = find((uint64_t)(uintptr_t)state);
    if (!x) return;
    x->cancelled = 1;
    if (x->on_cancelled) x->on_cancelled(x->on_cancelled_state);
}

static uint32_t log_enabled(const edgegw_host *h, uint32_t level) { (void)h; return level >= EDGEGW_LOG_WARNING; }
static edgegw_result log_write(const edgegw_host *h, uint32_t level, edgegw_exchange x, edgegw_text m) {
    (void)h; (void)x;
    fprintf(stderr, "%u %.*s\n", level, (int)m.length, (const char *)m.data);
    return EDGEGW_OK;
}
static edgegw_result config_get(const edgegw_host *h, edgegw_text k, edgegw_text *v) { (void)h; (void)k; (void)v; return EDGEGW_END; }

static const edgegw_exchange_v1 exchange_table = {sizeof exchange_table, 0, property, header, next_header, body_read, body_read_all, response_status,
    response_header, response_content_length, response_span, response_advance, response_write, response_flush, complete, set_exchange_error, on_cancelled};
static const edgegw_log_v1 log_table = {sizeof log_table, 0, log_enabled, log_write};
static const edgegw_schedule_v1 schedule_table = {sizeof schedule_table, 0, post, post_after};
static const edgegw_config_v1 config_table = {sizeof config_table, 0, config_get};

static const void *get_table(const edgegw_host *h, edgegw_text id) {
    (void)h;
    if (is(id, EDGEGW_EXCHANGE_V1)) return &exchange_table;
    if (is(id, EDGEGW_LOG_V1)) return &log_table;
    if (is(id, EDGEGW_SCHEDULE_V1)) return &schedule_table;
    if (is(id, EDGEGW_CONFIG_V1)) return &config_table;
    return NULL;
}
static void set_error(const edgegw_host *h, edgegw_text m) { (void)h; fprintf(stderr, "%.*s\n", (int)m.length, (const char *)m.data); }

static void start(const edgegw_handler *handler, void *instance, uint32_t route, const char *method, const char *path) {
    exchange *x = calloc(1, sizeof *x);
    x->id = ++last;
    free(all[x->id % 4096]);
    all[x->id % 4096] = x;
    x->request = (edgegw_request){sizeof x->request, strcmp(method, "POST") ? 0 : EDGEGW_REQUEST_HAS_BODY, x->id, text(method), text(path),
        {NULL, 0}, NULL, 0, -1, now() + hour, &x->cancelled};
    running++;
    if (strstr(path, "cancel")) later(3000000, cancel, (void *)(uintptr_t)x->id);
    edgegw_result result = handler->handle(instance, route, &x->request);
    if (result != EDGEGW_PENDING) complete(x->id, result);
}

static void run_until_idle(void) {
    int64_t end = now() + 60LL * 1000000000;
    while (running > 0 && now() < end) {
        work *w = queue;
        if (!w || w->due > now()) {
            nanosleep(&(struct timespec){0, 50000}, NULL);
            continue;
        }
        queue = w->next;
        w->run(w->state);
        free(w);
    }
}

/* The next "method" and "pattern" of the manifest; the SDK writes them in this order. */
static const char *next_route(const char *at, char *method, char *pattern) {
    at = strstr(at, "\"method\":\"");
    if (!at || sscanf(at, "\"method\":\"%15[^\"]\",\"pattern\":\"%255[^\"]\"", method, pattern) != 2) return NULL;
    return at + 1;
}

static long figure(const char *name) {
    char line[256];
    long value = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, name, strlen(name)) == 0) value = strtol(line + strlen(name), NULL, 10);
    if (f) fclose(f);
    return value;
}

static void print_threads(void) {
    DIR *d = opendir("/proc/self/task");
    struct dirent *e;
    while (d && (e = readdir(d))) {
        char path[512], name[64] = "";
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", e->d_name);
        FILE *f = e->d_name[0] == '.' ? NULL : fopen(path, "r");
        if (f && fgets(name, sizeof name, f)) printf("thread=%s", name);
        if (f) fclose(f);
    }
    if (d) closedir(d);
}

int main(int argc, char **argv) {
    edgegw_host host = {sizeof host, EDGEGW_ABI_MAJOR, EDGEGW_ABI_MINOR, NULL, get_table, set_error};
    long rss = figure("VmRSS:"), threads = figure("Threads:");
    if (argc < 3) return 2;
    for (int l = 2; l < argc; l++) {
        void *library = dlopen(argv[l], RTLD_NOW | RTLD_LOCAL);
        if (!library) return fprintf(stderr, "%s\n", dlerror()), 1;
        const edgegw_handler *(*entry)(const edgegw_host *) = (const edgegw_handler *(*)(const edgegw_host *))dlsym(library, "edgegw_handler_entry");
        const edgegw_handler *handler = entry ? entry(&host) : NULL;
        void *instance = NULL;
        if (!handler || handler->init(&host, &instance) != EDGEGW_OK) return 1;
        char *manifest = strndup((const char *)handler->manifest.data, handler->manifest.length), method[16], pattern[256];
        for (int i = 0; i < atoi(argv[1]); i++) {
            uint32_t route = 0;
            for (const char *at = manifest; (at = next_route(at, method, pattern)); route++) start(handler, instance, route, method, pattern);
            if (i % 8 == 7) run_until_idle();
        }
        run_until_idle();
        free(manifest);
    }
    printf("succeeded=%d\ncancelled=%d\nfailed=%d\nunfinished=%d\n", succeeded, cancelled, failed, running);
    printf("libraries=%d\nnewThreads=%ld\nnewKiB=%ld\n", argc - 2, figure("Threads:") - threads, figure("VmRSS:") - rss);
    print_threads();
    return 0;
}
