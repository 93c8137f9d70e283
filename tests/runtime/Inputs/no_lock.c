// An interpreter lock that locks nothing, for a test that shows what ThreadSanitizer says then:
// linked before the runtime it takes the place of runtime/threads/lock.c. Nobody waits, and who
// would park sleeps for a moment.
#include "runtime/threads/lock.h"

#include <time.h>

uint64_t lock_now(const Lock *lock) {
    (void)lock;
    return 0;
}

void lock_open(Lock *lock) {
    *lock = (Lock){0};
}

void lock_close(Lock *lock) {
    (void)lock;
}

void lock_follow(Lock *lock, const LockPlan *plan) {
    (void)lock, (void)plan;
}

void lock_sit_down(Lock *lock, LockSeat *seat, int64_t *request) {
    (void)lock;
    *seat = (LockSeat){.request = request};
}

bool lock_leaves_only_parked(Lock *lock) {
    (void)lock;
    return false;
}

void lock_get_up(Lock *lock, LockSeat *seat) {
    (void)lock, (void)seat;
}

void lock_stay_away(Lock *lock, LockSeat *seat) {
    (void)lock, (void)seat;
}

void lock_take(Lock *lock, LockSeat *seat) {
    (void)lock, (void)seat;
}

void lock_line_up(Lock *lock, LockSeat *seat) {
    (void)lock, (void)seat;
}

void lock_await_turn(Lock *lock, LockSeat *seat) {
    (void)lock, (void)seat;
}

void lock_let_go(Lock *lock) {
    (void)lock;
}

void lock_poll(Lock *lock, LockSeat *seat) {
    (void)lock, (void)seat;
}

void lock_yield(Lock *lock, LockSeat *seat) {
    (void)lock, (void)seat;
}

LockWake lock_park(Lock *lock, LockSeat *seat, uint64_t deadline) {
    static const struct timespec moment = {0, 1000000};
    (void)lock, (void)seat, (void)deadline;
    nanosleep(&moment, NULL);
    return LOCK_WOKEN;
}

bool lock_wake(Lock *lock, LockSeat *seat) {
    (void)lock, (void)seat;
    return false;
}

void lock_set_interval(Lock *lock, uint64_t microseconds) {
    (void)lock, (void)microseconds;
}
