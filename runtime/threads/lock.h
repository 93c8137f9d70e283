// The interpreter lock of a machine: of all its threads one holds it, and runs. The others wait in
// line, sleep, or are away in something that blocks, which needs nothing of the machine. So
// objects, call sites and code are changed by one thread at a time, and the collector has nobody
// to stop: whoever doesn't hold the lock stands where it can be looked at.
//
// Who waits doesn't get the lock when it happens to be free, it is handed over, to the one that
// has waited longest. That is fair, and a holder that lets go because it was asked never gets it
// back before another has had it: what CPython calls forced switching (Python/ceval_gil.c, since
// 3.2; it has no line, and leaves to the system who comes next).
//
// The one at the head of the line asks the holder to let go when that has had the lock for an
// interval, by a word that polls look at (Thread.request). No clock ticks while nobody waits. A
// turn lasts longer where the system has no processor for who asks; what it was too long by is
// taken off the thread's next ones, so that shares are equal over several (Shreedhar and Varghese,
// Efficient Fair Queuing Using Deficit Round-Robin, SIGCOMM 1995; but nobody saves up).
//
// A thread that sleeps until another wakes it is *parked*. When the last one parks that could have
// woken anybody, nobody ever runs again: a deadlock, which parking tells instead.
//
// All that depends on how fast a thread is can be decided by a *plan* instead: whether a poll is a
// switch, and who comes next. Time is virtual then. A poll takes a microsecond, and when all sleep
// it is at once as late as the first of them waits for. So a run is the same whenever the plan's
// decisions are.
//
// A process that is forked has one thread. If that is the only one at the lock, it goes on with it;
// else the others, which are not there, would be waited for, and the process is aborted instead.
//
// It knows nothing of SOM. What it promises, but of processes that are forked, is checked in a
// model of it, tests/models/lock.pml, which is changed with it.
#ifndef RUNTIME_THREADS_LOCK_H
#define RUNTIME_THREADS_LOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

// How long a thread may keep the lock while others want it, in microseconds, unless told otherwise.
enum { LOCK_INTERVAL = 5000 };

// No deadline: as long as it takes.
#define LOCK_FOR_EVER UINT64_MAX

typedef struct LockSeat LockSeat;

// What the holder has come to.
typedef enum LockEvent {
    LOCK_POLL,
    LOCK_YIELD, // it lets others go first, if there are any
    LOCK_WAIT,  // it can't go on, unless its time comes at once
    LOCK_END,
} LockEvent;

// Who answers, in the place of the line and the clock. `first` is the head of those that could go
// on (LockSeat.next), in the order in which they came; NULL: nobody could. The answer is one of
// them, or NULL for the holder to go on, which must be so if there is nobody and can't be after
// LOCK_WAIT and LOCK_END if there is somebody. (After LOCK_WAIT the holder may be among them: its
// time has come.) It is asked in the middle of a step, so it calls nothing of this file.
typedef struct LockPlan {
    LockSeat *(*choose)(void *context, LockSeat *holder, LockEvent event, LockSeat *first);
    void *context;
} LockPlan;

// A thread as the lock sees it. Belongs to one lock, and to the thread that opened it; others may
// only wake it.
struct LockSeat {
    int64_t *request;       // set to 1 when the thread is asked to let go
    pthread_cond_t turn;    // something has changed for this thread
    LockSeat *next;         // in line
    bool is_parked, counts; // counts: without a deadline
    uint64_t overtime; // microseconds that its turns were too long by, and are not yet made up for
    // With a plan, of a thread that is parked until a time.
    LockSeat *next_sleeper;
    uint64_t deadline;
    bool overslept; // it was the time that ended it
};

typedef struct Lock {
    pthread_mutex_t mutex;  // of all that follows; held for a few instructions
    LockSeat *holder;       // NULL: nobody
    LockSeat *first, *last; // the line
    bool asked;             // the holder, to let go
    uint64_t interval;      // microseconds
    uint64_t taken_at;      // when the holder got it, by lock_now
    uint64_t switches;      // how often another thread got it than had it before
    const LockSeat *before; // who had it last
    unsigned forks;         // of which process these are threads: see lock.c
    int seats, parked;      // that are open; of these, that wait for another thread to wake them
    const LockPlan *plan;   // NULL: the line and the clock decide
    uint64_t clock;         // with a plan: its time
    LockSeat *sleepers;     // likewise: who is parked until a time, the earliest first
} Lock;

typedef enum LockWake {
    LOCK_WOKEN,
    LOCK_TIME_IS_UP,
    LOCK_DEADLOCK, // nobody is left to wake anybody; the lock was never let go
} LockWake;

// Microseconds of a clock that never goes back, as deadlines have them: the plan's, if there is
// one.
uint64_t lock_now(const Lock *lock);

void lock_open(Lock *lock);

// While nobody has sat down. The plan is borrowed.
void lock_follow(Lock *lock, const LockPlan *plan);

// When nobody sits at it any more.
void lock_close(Lock *lock);

// A new thread's seat, which doesn't hold the lock. `request` must live as long as it does.
void lock_sit_down(Lock *lock, LockSeat *seat, int64_t *request);

// Asked by the holder before it gets up: is it the last one that could wake any of those that stay?
// That is a deadlock, too, which nobody would tell afterwards.
bool lock_leaves_only_parked(Lock *lock);

// The thread is gone. It holds the lock, and lets go.
void lock_get_up(Lock *lock, LockSeat *seat);

// The same for one that never held it, as it could not be started. It may stand in line.
void lock_stay_away(Lock *lock, LockSeat *seat);

// Waits in line for the lock.
void lock_take(Lock *lock, LockSeat *seat);

// The same in two steps, where another thread, which holds the lock, takes the first in its place:
// so a thread's place doesn't depend on when the system lets it begin.
void lock_line_up(Lock *lock, LockSeat *seat);
void lock_await_turn(Lock *lock, LockSeat *seat);

// By the holder: hands the lock over to whoever has waited longest.
void lock_let_go(Lock *lock);

// At a poll: if the holder was asked to let go and somebody still waits, lets go and waits in line.
// With a plan: if that says so.
void lock_poll(Lock *lock, LockSeat *seat);

// The same, asked or not.
void lock_yield(Lock *lock, LockSeat *seat);

// The holder lets go and sleeps until lock_wake is called for it or the deadline has come, then
// waits in line. LOCK_FOR_EVER: no deadline.
LockWake lock_park(Lock *lock, LockSeat *seat, uint64_t deadline);

// By the holder: a parked thread goes to the end of the line. False: it isn't parked.
bool lock_wake(Lock *lock, LockSeat *seat);

// How long the holder may keep it, from now on.
void lock_set_interval(Lock *lock, uint64_t microseconds);

#endif
