// The threads of a machine: how one begins and ends, waits for something and is woken, and how the
// program ends with them. Each is a thread of the system with a VM stack of its own; which of them
// runs is a matter of the interpreter lock (lock.h).
//
// As in Python, a program is over when all its threads are: the main thread, done or ended by an
// error, waits for the others. `exit:` ends all of them, whoever says it.
//
// What a thread is in SOM, with its name and its result, is SOM's matter (corelib/Thread.som). Here
// it has a number.
#ifndef RUNTIME_THREADS_THREADS_H
#define RUNTIME_THREADS_THREADS_H

#include "interpreter.h"
#include "runtime/objects/value.h"
#include "runtime/threads/lock.h"
#include "runtime/threads/schedule.h"

enum { THREADS_MAIN = 1 };

// What is said where threads, or what looks at them, would need polls.
#define THREADS_NO_POLLS "this interpreter has no polls (place-gil-checks=none)"

typedef struct Threads {
    Lock lock;
    Schedule *schedule;   // decides who runs; NULL: the lock's line and the clock do
    Thread *first, *last; // that are alive, in the order in which they began
    int64_t begun;        // how many ever; numbers are given in turn
    int64_t alive;
    uint64_t sleeps; // how many ever
    Method *running; // the bottom frame's: sends `run`
    bool stops;      // all are to end,
    int status;      // and the process with this
} Threads;

// A stretch of a program that leaves a mutex locked if it is left by no way of its own: whoever
// unwinds past its frame unlocks the mutex.
typedef struct CriticalSection {
    Frame *frame;
    Value mutex;
} CriticalSection;

typedef struct CriticalSections {
    CriticalSection *items;
    size_t count, capacity;
} CriticalSections;

// The main thread, which holds the lock from here on. False if there is no memory. The machine's
// schedule is made before, if it has one, and freed at the end.
bool threads_open(Vm *vm);

// False: a thread is still in something that blocks. Then nothing that it may come back to can be
// freed.
bool threads_close(Vm *vm);

// A new thread, which sends `run` to the receiver. Answers its number; 0 with errno set if the
// system gives none, ENOTSUP if the interpreter doesn't poll, so that no other would ever run.
// Collects.
int64_t threads_start(Thread *thread, Frame *frame, Value receiver);

// The one with that number; NULL if it has ended, or never began.
Thread *threads_find(const Vm *vm, int64_t number);

// The main thread has ended, by itself, by an error, or by `exit:`. Waits for the others; answers
// the status for the process.
int threads_finish(Vm *vm);

// ---- Waiting ---------------------------------------------------------------------------------

// Sleeps until threads_wake is told the same value, or the deadline comes (lock_now's time;
// LOCK_FOR_EVER). Others run and may collect meanwhile: `frame` is the youngest one. False: the
// thread is to end at once, in the frame that threads_leave answers.
bool threads_sleep(Thread *thread, Frame *frame, Value awaited, uint64_t deadline);

// The same; true in `woken` if it wasn't the deadline.
bool threads_sleep_until(Thread *thread, Frame *frame, Value awaited, uint64_t deadline,
                         bool *woken);

// Wakes who has slept longest for that value, or all. Nothing if nobody does.
void threads_wake(Vm *vm, Value awaited, bool all);

// Ends the run of a thread that is to end: where it goes on, as run_end answers it.
Frame *threads_leave(Thread *thread);

// At a poll: lets others run, if they want to. True if the thread is to end.
bool threads_poll(Thread *thread, Frame *frame);

// Lets others run at once, if there are any.
void threads_yield(Thread *thread, Frame *frame);

// Microseconds since the machine began, of the schedule's time if there is one. That goes on by
// being asked for, too: who waits for a time by looking at the clock gets there.
uint64_t threads_clock(Vm *vm);

// Around what blocks outside of the machine, and needs nothing of it: others run meanwhile, and may
// collect.
void threads_go_away(Thread *thread, Frame *frame);
void threads_come_back(Thread *thread);

// ---- Critical sections -----------------------------------------------------------------------

void threads_enter_critical(Thread *thread, Frame *frame, Value mutex);

// False if the frame is in none with that mutex.
bool threads_leave_critical(Thread *thread, const Frame *frame, Value mutex);

// The frames above `frame` are left: unlocks what was locked in their critical sections. NULL: all
// are.
void threads_unwind(Thread *thread, const Frame *frame);

#endif
