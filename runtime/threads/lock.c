// See lock.h. Everything that is shared stands under one mutex, which nobody holds for long; each
// thread sleeps at a condition of its own, so that a switch wakes two: who gets the lock, and who
// is at the head of the line now and begins to look at the clock.
#include "runtime/threads/lock.h"

#include <errno.h>
#include <time.h>

enum { PER_SECOND = 1000000 };

uint64_t lock_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * PER_SECOND + (uint64_t)now.tv_nsec / 1000;
}

void lock_open(Lock *lock) {
    *lock = (Lock){.interval = LOCK_INTERVAL};
    pthread_mutex_init(&lock->mutex, NULL);
}

void lock_close(Lock *lock) {
    pthread_mutex_destroy(&lock->mutex);
}

void lock_sit_down(Lock *lock, LockSeat *seat, int64_t *request) {
    pthread_condattr_t monotonic;
    *seat = (LockSeat){.request = request};
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&seat->turn, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_lock(&lock->mutex);
    lock->seats++;
    pthread_mutex_unlock(&lock->mutex);
}

// ---- The line, under the mutex --------------------------------------------------------------

static void line_up(Lock *lock, LockSeat *seat) {
    seat->next = NULL;
    if (lock->first)
        lock->last->next = seat;
    else
        lock->first = seat;
    lock->last = seat;
}

static void give_to(Lock *lock, LockSeat *seat) {
    lock->holder = seat;
    lock->asked = false;
    lock->taken_at = lock_now();
    lock->switches += seat != lock->before;
    lock->before = seat;
}

static void hand_over(Lock *lock) {
    LockSeat *next = lock->first;
    lock->holder = NULL;
    if (!next)
        return;
    lock->first = next->next;
    give_to(lock, next);
    pthread_cond_signal(&next->turn);
    if (lock->first)
        pthread_cond_signal(&lock->first->turn);
}

// A million seconds are allowed, so the sum may be more than there is.
static uint64_t later(uint64_t time, uint64_t microseconds) {
    return microseconds < LOCK_FOR_EVER - time ? time + microseconds : LOCK_FOR_EVER;
}

// False: the time has come.
static bool sleep_until(Lock *lock, LockSeat *seat, uint64_t deadline) {
    if (deadline == LOCK_FOR_EVER)
        return pthread_cond_wait(&seat->turn, &lock->mutex) == 0;
    const struct timespec until = {(time_t)(deadline / PER_SECOND),
                                   (long)(deadline % PER_SECOND) * 1000};
    return pthread_cond_timedwait(&seat->turn, &lock->mutex, &until) != ETIMEDOUT;
}

static void ask(Lock *lock) {
    lock->asked = true;
    __atomic_store_n(lock->holder->request, 1, __ATOMIC_RELAXED);
}

// Until the lock has been handed to this thread. Only the head of the line looks at the clock: so
// a holder is asked once, however many wait.
static void wait_in_line(Lock *lock, LockSeat *seat) {
    while (lock->holder != seat) {
        bool asks = lock->first == seat && lock->holder && !lock->asked;
        uint64_t end = asks ? later(lock->taken_at, lock->interval) : LOCK_FOR_EVER;
        if (asks && lock_now() >= end)
            ask(lock);
        else
            sleep_until(lock, seat, end);
    }
}

// ---- Taking, handing over ---------------------------------------------------------------------

void lock_take(Lock *lock, LockSeat *seat) {
    pthread_mutex_lock(&lock->mutex);
    if (!lock->holder) {
        give_to(lock, seat);
    } else {
        line_up(lock, seat);
        wait_in_line(lock, seat);
    }
    pthread_mutex_unlock(&lock->mutex);
}

void lock_let_go(Lock *lock) {
    pthread_mutex_lock(&lock->mutex);
    hand_over(lock);
    pthread_mutex_unlock(&lock->mutex);
}

void lock_get_up(Lock *lock, LockSeat *seat) {
    pthread_mutex_lock(&lock->mutex);
    lock->seats--;
    if (lock->before == seat)
        lock->before = NULL;
    hand_over(lock);
    pthread_mutex_unlock(&lock->mutex);
    pthread_cond_destroy(&seat->turn);
}

void lock_stay_away(Lock *lock, LockSeat *seat) {
    pthread_mutex_lock(&lock->mutex);
    lock->seats--;
    pthread_mutex_unlock(&lock->mutex);
    pthread_cond_destroy(&seat->turn);
}

static void pass(Lock *lock, LockSeat *seat, bool anyhow) {
    pthread_mutex_lock(&lock->mutex);
    if (lock->first && (anyhow || lock->asked)) {
        line_up(lock, seat);
        hand_over(lock);
        wait_in_line(lock, seat);
    }
    pthread_mutex_unlock(&lock->mutex);
}

void lock_poll(Lock *lock, LockSeat *seat) {
    pass(lock, seat, false);
}

void lock_yield(Lock *lock, LockSeat *seat) {
    pass(lock, seat, true);
}

// ---- Sleeping until woken ---------------------------------------------------------------------

// Who has a deadline can wake others after it, and so can who is away.
LockWake lock_park(Lock *lock, LockSeat *seat, uint64_t deadline) {
    bool counts = deadline == LOCK_FOR_EVER;
    LockWake wake = LOCK_WOKEN;
    pthread_mutex_lock(&lock->mutex);
    if (counts && lock->parked + 1 == lock->seats) {
        pthread_mutex_unlock(&lock->mutex);
        return LOCK_DEADLOCK;
    }
    seat->is_parked = true;
    seat->counts = counts;
    lock->parked += counts;
    hand_over(lock);
    while (seat->is_parked && sleep_until(lock, seat, deadline))
        ;
    if (seat->is_parked) {
        // Nobody has put it in line.
        wake = LOCK_TIME_IS_UP;
        seat->is_parked = false;
        if (lock->holder)
            line_up(lock, seat);
        else
            give_to(lock, seat);
    }
    wait_in_line(lock, seat);
    pthread_mutex_unlock(&lock->mutex);
    return wake;
}

bool lock_wake(Lock *lock, LockSeat *seat) {
    pthread_mutex_lock(&lock->mutex);
    bool was = seat->is_parked;
    if (was) {
        seat->is_parked = false;
        lock->parked -= seat->counts;
        line_up(lock, seat);
        pthread_cond_signal(&seat->turn);
    }
    pthread_mutex_unlock(&lock->mutex);
    return was;
}

void lock_set_interval(Lock *lock, uint64_t microseconds) {
    pthread_mutex_lock(&lock->mutex);
    lock->interval = microseconds;
    if (lock->first)
        pthread_cond_signal(&lock->first->turn);
    pthread_mutex_unlock(&lock->mutex);
}
