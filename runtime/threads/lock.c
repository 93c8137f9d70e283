// See lock.h. Everything that is shared stands under one mutex, which nobody holds for long; each
// thread sleeps at a condition of its own, so that a switch wakes two: who gets the lock, and who
// is at the head of the line now and begins to look at the clock.
#include "runtime/threads/lock.h"

#include "support/internal_error.h"

#include <errno.h>
#include <stdatomic.h>
#include <time.h>

enum { PER_SECOND = 1000000 };

static uint64_t system_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * PER_SECOND + (uint64_t)now.tv_nsec / 1000;
}

// ---- A process that was forked ------------------------------------------------------------------

// How often this process, or one that it was forked from, has been the new one. To ask the system
// at every step whose process it is would cost more than the step.
static atomic_uint forks;

static void note_fork(void) {
    forks++;
}

static void watch_forks(void) {
    pthread_atfork(NULL, NULL, note_fork);
}

// Every step begins so. In a child of the process the mutex may be locked by a thread that isn't
// there.
static void enter(Lock *lock) {
    if (lock->forks != forks) {
        if (lock->seats > 1)
            internal_error("this process was forked while there were several threads");
        lock->forks = forks;
    }
    pthread_mutex_lock(&lock->mutex);
}

uint64_t lock_now(const Lock *lock) {
    return lock->plan ? lock->clock : system_now();
}

void lock_open(Lock *lock) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch_forks);
    *lock = (Lock){.interval = LOCK_INTERVAL, .forks = forks};
    pthread_mutex_init(&lock->mutex, NULL);
}

void lock_follow(Lock *lock, const LockPlan *plan) {
    lock->plan = plan;
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
    enter(lock);
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

static void leave_line(Lock *lock, const LockSeat *seat) {
    LockSeat *before = NULL, *each = lock->first;
    for (; each && each != seat; each = each->next)
        before = each;
    if (!each)
        return;
    if (before)
        before->next = each->next;
    else
        lock->first = each->next;
    if (lock->last == each)
        lock->last = before;
}

static void give_to(Lock *lock, LockSeat *seat) {
    lock->holder = seat;
    lock->asked = false;
    lock->taken_at = lock->plan ? 0 : system_now();
    lock->switches += seat != lock->before;
    lock->before = seat;
}

// ---- What a plan has in place of the clock, under the mutex ------------------------------------

static void go_to_sleep(Lock *lock, LockSeat *seat, uint64_t deadline) {
    LockSeat **place = &lock->sleepers;
    while (*place && (*place)->deadline <= deadline)
        place = &(*place)->next_sleeper;
    seat->deadline = deadline;
    seat->overslept = false;
    seat->next_sleeper = *place;
    *place = seat;
}

static void leave_sleepers(Lock *lock, const LockSeat *seat) {
    LockSeat **place = &lock->sleepers;
    while (*place && *place != seat)
        place = &(*place)->next_sleeper;
    if (*place)
        *place = seat->next_sleeper;
}

static void wake_those_whose_time_has_come(Lock *lock) {
    for (LockSeat *seat; (seat = lock->sleepers) && seat->deadline <= lock->clock;) {
        lock->sleepers = seat->next_sleeper;
        seat->is_parked = false;
        seat->overslept = true;
        line_up(lock, seat);
    }
}

// Who goes on after the holder; NULL: the holder itself, or nobody if it can't.
static LockSeat *choose(Lock *lock, LockEvent event) {
    if (event == LOCK_POLL)
        lock->clock++;
    else if (!lock->first && lock->sleepers && event != LOCK_YIELD &&
             lock->clock < lock->sleepers->deadline)
        lock->clock = lock->sleepers->deadline;
    wake_those_whose_time_has_come(lock);
    return lock->plan->choose(lock->plan->context, lock->holder, event, lock->first);
}

// ---- From one to the next, under the mutex ------------------------------------------------------

// Who had less than an interval saves nothing up.
static void note_overtime(const Lock *lock, LockSeat *holder) {
    uint64_t had = holder->overtime + (system_now() - lock->taken_at);
    holder->overtime = had > lock->interval ? had - lock->interval : 0;
}

static void hand_to(Lock *lock, LockSeat *next) {
    if (next && lock->holder && !lock->plan)
        note_overtime(lock, lock->holder);
    lock->holder = NULL;
    if (!next)
        return;
    leave_line(lock, next);
    give_to(lock, next);
    pthread_cond_signal(&next->turn);
    if (lock->first && !lock->plan)
        pthread_cond_signal(&lock->first->turn);
}

static void hand_over(Lock *lock, LockEvent event) {
    hand_to(lock, lock->plan ? choose(lock, event) : lock->first);
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

// How long the holder may keep it: some of each turn is left, so that it gets on.
static uint64_t turn_of(const Lock *lock) {
    uint64_t least = (lock->interval + 3) / 4, overtime = lock->holder->overtime;
    return overtime < lock->interval - least ? lock->interval - overtime : least;
}

static void ask(Lock *lock) {
    lock->asked = true;
    __atomic_store_n(lock->holder->request, 1, __ATOMIC_RELAXED);
}

// Until the lock has been handed to this thread. Only the head of the line looks at the clock: so
// a holder is asked once, however many wait.
static void wait_in_line(Lock *lock, LockSeat *seat) {
    while (lock->holder != seat) {
        bool asks = !lock->plan && lock->first == seat && lock->holder && !lock->asked;
        uint64_t end = asks ? later(lock->taken_at, turn_of(lock)) : LOCK_FOR_EVER;
        if (asks && system_now() >= end)
            ask(lock);
        else
            sleep_until(lock, seat, end);
    }
}

// ---- Taking, handing over ---------------------------------------------------------------------

static void take_or_line_up(Lock *lock, LockSeat *seat) {
    if (lock->holder)
        line_up(lock, seat);
    else
        give_to(lock, seat);
}

void lock_take(Lock *lock, LockSeat *seat) {
    lock_line_up(lock, seat);
    lock_await_turn(lock, seat);
}

void lock_line_up(Lock *lock, LockSeat *seat) {
    enter(lock);
    take_or_line_up(lock, seat);
    pthread_mutex_unlock(&lock->mutex);
}

void lock_await_turn(Lock *lock, LockSeat *seat) {
    enter(lock);
    wait_in_line(lock, seat);
    pthread_mutex_unlock(&lock->mutex);
}

void lock_let_go(Lock *lock) {
    enter(lock);
    hand_over(lock, LOCK_WAIT);
    pthread_mutex_unlock(&lock->mutex);
}

bool lock_leaves_only_parked(Lock *lock) {
    enter(lock);
    bool leaves = lock->seats > 1 && lock->parked + 1 == lock->seats;
    pthread_mutex_unlock(&lock->mutex);
    return leaves;
}

void lock_get_up(Lock *lock, LockSeat *seat) {
    enter(lock);
    lock->seats--;
    if (lock->before == seat)
        lock->before = NULL;
    hand_over(lock, LOCK_END);
    pthread_mutex_unlock(&lock->mutex);
    pthread_cond_destroy(&seat->turn);
}

void lock_stay_away(Lock *lock, LockSeat *seat) {
    enter(lock);
    lock->seats--;
    leave_line(lock, seat);
    // It may have been the head, and then another is now.
    if (lock->first)
        pthread_cond_signal(&lock->first->turn);
    pthread_mutex_unlock(&lock->mutex);
    pthread_cond_destroy(&seat->turn);
}

// Whose turn it is now that the holder has come by. NULL: the holder's.
static LockSeat *find_next(Lock *lock, LockEvent event) {
    if (lock->plan)
        return choose(lock, event);
    return event == LOCK_YIELD || lock->asked ? lock->first : NULL;
}

static void pass(Lock *lock, LockSeat *seat, LockEvent event) {
    enter(lock);
    LockSeat *next = find_next(lock, event);
    if (next) {
        line_up(lock, seat);
        hand_to(lock, next);
        wait_in_line(lock, seat);
    }
    pthread_mutex_unlock(&lock->mutex);
}

void lock_poll(Lock *lock, LockSeat *seat) {
    pass(lock, seat, LOCK_POLL);
}

void lock_yield(Lock *lock, LockSeat *seat) {
    pass(lock, seat, LOCK_YIELD);
}

// ---- Sleeping until woken ---------------------------------------------------------------------

// Until another wakes it, or the time has come. It is in line afterwards, or has the lock.
static LockWake sleep_parked(Lock *lock, LockSeat *seat, uint64_t deadline) {
    while (seat->is_parked && sleep_until(lock, seat, lock->plan ? LOCK_FOR_EVER : deadline))
        ;
    if (lock->plan)
        return seat->overslept ? LOCK_TIME_IS_UP : LOCK_WOKEN;
    if (!seat->is_parked)
        return LOCK_WOKEN;
    seat->is_parked = false; // nobody has put it in line
    take_or_line_up(lock, seat);
    return LOCK_TIME_IS_UP;
}

// Who has a deadline can wake others after it, and so can who is away.
LockWake lock_park(Lock *lock, LockSeat *seat, uint64_t deadline) {
    bool counts = deadline == LOCK_FOR_EVER;
    enter(lock);
    if (counts && lock->parked + 1 == lock->seats) {
        pthread_mutex_unlock(&lock->mutex);
        return LOCK_DEADLOCK;
    }
    seat->is_parked = true;
    seat->counts = counts;
    seat->overslept = false;
    lock->parked += counts;
    if (lock->plan && !counts)
        go_to_sleep(lock, seat, deadline);
    hand_over(lock, LOCK_WAIT);
    LockWake wake = sleep_parked(lock, seat, deadline);
    wait_in_line(lock, seat);
    pthread_mutex_unlock(&lock->mutex);
    return wake;
}

bool lock_wake(Lock *lock, LockSeat *seat) {
    enter(lock);
    bool was = seat->is_parked;
    if (was) {
        seat->is_parked = false;
        lock->parked -= seat->counts;
        leave_sleepers(lock, seat);
        line_up(lock, seat);
        pthread_cond_signal(&seat->turn);
    }
    pthread_mutex_unlock(&lock->mutex);
    return was;
}

void lock_set_interval(Lock *lock, uint64_t microseconds) {
    enter(lock);
    lock->interval = microseconds;
    if (lock->first)
        pthread_cond_signal(&lock->first->turn);
    pthread_mutex_unlock(&lock->mutex);
}
