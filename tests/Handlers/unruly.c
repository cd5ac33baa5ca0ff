/* Takes more than its share, or does to its process what one library of many should not, and does not die of it.
 *   GET /unruly/loop      never comes out of a loop                     GET /unruly/deadlock  locks a mutex that it holds
 *   GET /unruly/threads   starts 1,000 threads that wait for ever       GET /unruly/fork      forks; both processes return from handle()
 *   GET /unruly/setenv    changes the environment on 8 threads at once  GET /unruly/signals   takes SIGSEGV, SIGTERM and SIGCHLD for itself
 *   GET /unruly/leave     forks a child that stays, and answers its process id
 *   GET /unruly/not       answers */
#include "fixture.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

enum { LOOP, DEADLOCK, THREADS, FORK, SETENV, SIGNALS, NOT, LEAVE };

static void *wait_for_ever(void *unused)
{
    for (;;) pause();
    return unused;
}

static void *change(void *seed)
{
    for (int i = 0; i < 2000; i++) {
        char name[32];
        snprintf(name, sizeof name, "UNRULY_%d", (int)(((size_t)seed + (size_t)i) % 64));
        setenv(name, name, 1);
        if (i % 3 == 0) unsetenv(name);
    }
    return NULL;
}

static int start_many(void)
{
    pthread_attr_t small;
    int started = 0;
    pthread_t thread;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 64 * 1024);
    while (started < 1000 && pthread_create(&thread, &small, wait_for_ever, NULL) == 0) {
        pthread_detach(thread);
        started++;
    }
    pthread_attr_destroy(&small);
    return started;
}

static void race(void)
{
    pthread_t threads[8];
    int count = 0;
    while (count < 8 && pthread_create(&threads[count], NULL, change, (void *)(size_t)(count * 7)) == 0) count++;
    while (count > 0) pthread_join(threads[--count], NULL);
}

static void ignore(int signal) { (void)signal; }

static int leave(void)
{
    int child = fork();
    if (child == 0) wait_for_ever(NULL);
    return child;
}

static edgegw_result handle(void *instance, uint32_t route, const edgegw_request *request)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static volatile unsigned long turns;
    (void)instance;
    switch (route) {
    case LOOP: for (;;) turns++;
    case DEADLOCK:
        pthread_mutex_lock(&mutex);
        pthread_mutex_lock(&mutex);
        break;
    case THREADS: return writef(request->exchange, "%d threads\n", start_many());
    case FORK: return writef(request->exchange, fork() < 0 ? "no fork\n" : "forked\n");
    case LEAVE: return writef(request->exchange, "%d", leave());
    case SETENV: race(); break;
    case SIGNALS:
        signal(SIGSEGV, ignore);
        signal(SIGTERM, SIG_IGN);
        signal(SIGCHLD, SIG_IGN);
        break;
    default: break;
    }
    return writef(request->exchange, "alive\n");
}

FIXTURE_ENTRY(MANIFEST_OF("unruly", "1.0.0", ROUTE("GET", "/unruly/loop") "," ROUTE("GET", "/unruly/deadlock") "," ROUTE("GET", "/unruly/threads") "," ROUTE("GET", "/unruly/fork") ","
    ROUTE("GET", "/unruly/setenv") "," ROUTE("GET", "/unruly/signals") "," ROUTE("GET", "/unruly/not") "," ROUTE("GET", "/unruly/leave")))
