// See ticks.h. The timer goes by the world's clock, which ticks finely; the kernel looks at a
// clock of processor time only a few hundred times a second. A tick that comes while we are not
// running is delivered when we are again.
#include "runtime/process/ticks.h"

#include <signal.h>
#include <time.h>

static timer_t timer;
static Thread *volatile asked;
static volatile sig_atomic_t pending;

static void tick(int number) {
    (void)number;
    pending = 1;
    Thread *thread = asked;
    if (thread)
        __atomic_store_n(&thread->request, 1, __ATOMIC_RELAXED);
}

// A tick may still be under way: then there is nobody to ask, and the handler stays.
void ticks_stop(void) {
    asked = NULL;
    timer_delete(timer);
}

// With SA_RESTART: a read that waits for somebody goes on.
bool ticks_start(Thread *thread, unsigned microseconds) {
    struct sigaction ours = {.sa_handler = tick, .sa_flags = SA_RESTART};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGPROF};
    const struct timespec often = {microseconds / 1000000, (long)(microseconds % 1000000) * 1000};
    const struct itimerspec period = {often, often};
    sigemptyset(&ours.sa_mask);
    if (timer_create(CLOCK_MONOTONIC, &event, &timer))
        return false;
    asked = thread;
    sigaction(SIGPROF, &ours, NULL);
    if (!timer_settime(timer, 0, &period, NULL))
        return true;
    ticks_stop();
    return false;
}

bool ticks_pending(void) {
    bool was = pending;
    pending = 0;
    return was;
}

uint64_t ticks_processor_time(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
