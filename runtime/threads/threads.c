// See threads.h. Everything here that several threads read or write is done by the holder of the
// lock.
#include "runtime/threads/threads.h"

#include "runtime/calls/error.h"
#include "runtime/process/output.h"
#include "runtime/process/signals.h"
#include "runtime/threads/mutex.h"
#include "runtime/vm.h"
#include "support/memory.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

// What the main thread waits for at the end: that it is the only one. No thread has the number.
static const int64_t nobody_else = 0;

// How often a main thread that sleeps looks whether it has been interrupted.
enum { LOOKING_MICROSECONDS = 50000 };

// ---- Coming and going ------------------------------------------------------------------------

static void join_in(Vm *vm, Thread *thread) {
    Threads *threads = &vm->threads;
    ThreadState *state = state_of(thread);
    state->number = ++threads->begun;
    if (threads->last)
        state_of(threads->last)->next = thread;
    else
        threads->first = thread;
    threads->last = thread;
    threads->alive++;
    lock_sit_down(&threads->lock, &state->seat, &thread->request);
}

static void drop_out(Vm *vm, const Thread *thread) {
    Threads *threads = &vm->threads;
    Thread *before = NULL;
    for (Thread *each = threads->first; each != thread; each = state_of(each)->next)
        before = each;
    Thread *after = state_of(thread)->next;
    if (before)
        state_of(before)->next = after;
    else
        threads->first = after;
    if (threads->last == thread)
        threads->last = before;
    threads->alive--;
}

bool threads_open(Vm *vm) {
    lock_open(&vm->threads.lock);
    if (vm->threads.schedule)
        lock_follow(&vm->threads.lock, schedule_plan(vm->threads.schedule));
    vm->thread = thread_new(vm);
    if (!vm->thread)
        return false;
    join_in(vm, vm->thread);
    lock_take(&vm->threads.lock, &state_of(vm->thread)->seat);
    return true;
}

bool threads_close(Vm *vm) {
    Thread *main = vm->thread;
    if (vm->threads.alive > 1)
        return false;
    if (main) {
        lock_get_up(&vm->threads.lock, &state_of(main)->seat);
        thread_free(main);
    }
    lock_close(&vm->threads.lock);
    schedule_free(vm->threads.schedule);
    return true;
}

Thread *threads_find(const Vm *vm, int64_t number) {
    for (Thread *each = vm->threads.first; each; each = state_of(each)->next)
        if (state_of(each)->number == number)
            return each;
    return NULL;
}

// Others may ask it at the same time.
static void ask_to_poll(Thread *thread) {
    __atomic_store_n(&thread->request, 1, __ATOMIC_RELAXED);
}

static void ask_all_to_stop(Vm *vm, int status) {
    Threads *threads = &vm->threads;
    threads->stops = true;
    threads->status = status;
    for (Thread *each = threads->first; each; each = state_of(each)->next) {
        ask_to_poll(each);
        lock_wake(&threads->lock, &state_of(each)->seat);
    }
}

static void end_in_deadlock(Vm *vm);

// The whole life of a thread, in the system's.
static void *live(void *argument) {
    Thread *thread = argument;
    ThreadState *state = state_of(thread);
    Vm *vm = state->vm;
    lock_await_turn(&vm->threads.lock, &state->seat);
    if (!vm->threads.stops) {
        thread_start_bottom(thread, vm->threads.running);
        thread_push(thread, state->object);
        thread_interpret(thread, state->bottom);
        if (state->exited)
            ask_all_to_stop(vm, state->status);
    }
    heap_give_up_piece(vm->heap, thread);
    drop_out(vm, thread);
    state->top = NULL;
    threads_wake(vm, value_of_integer(state->number), true);
    threads_wake(vm, value_of_integer(nobody_else), true);
    if (lock_leaves_only_parked(&vm->threads.lock))
        end_in_deadlock(vm);
    lock_get_up(&vm->threads.lock, &state->seat);
    thread_free(thread);
    return NULL;
}

// Signals are the main thread's, whatever thread the system would have chosen; so whoever is new
// has them blocked, but for those that its own faults raise.
static int begin(Thread *thread) {
    static const int faults[] = {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE};
    pthread_attr_t attributes;
    pthread_t system_thread;
    sigset_t all, before;
    sigfillset(&all);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        sigdelset(&all, faults[i]);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int error = pthread_create(&system_thread, &attributes, live, thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return error;
}

// Where each is a switch, or the schedule counts it.
static bool each_poll_is_looked_at(const Vm *vm) {
    return vm->bytecodes->polls == POLLS_FORCED || vm->threads.schedule;
}

int64_t threads_start(Thread *thread, Frame *frame, Value receiver) {
    Vm *vm = vm_of(thread);
    Threads *threads = &vm->threads;
    state_of(thread)->top = frame;
    if (vm->bytecodes->polls == POLLS_NONE) {
        errno = ENOTSUP;
        return 0;
    }
    Thread *new = thread_new(vm);
    if (!new) {
        errno = ENOMEM;
        return 0;
    }
    if (!threads->running)
        threads->running = vm_sending_method(vm, "run", 0);
    join_in(vm, new);
    state_of(new)->object = receiver;
    if (each_poll_is_looked_at(vm)) {
        ask_to_poll(thread);
        ask_to_poll(new);
    }
    lock_line_up(&threads->lock, &state_of(new)->seat);
    int64_t number = state_of(new)->number;
    int error = begin(new);
    if (!error)
        return number;
    drop_out(vm, new);
    lock_stay_away(&threads->lock, &state_of(new)->seat);
    thread_free(new);
    errno = error;
    return 0;
}

// ---- The end -----------------------------------------------------------------------------------

static bool all_are_away(const Vm *vm) {
    for (const Thread *each = vm->threads.first; each; each = state_of(each)->next)
        if (each != vm->thread && !state_of(each)->is_away)
            return false;
    return true;
}

// Who is to end does so soon. But a file may be read for ever.
static void wait_for_end(Vm *vm) {
    ThreadState *state = state_of(vm->thread);
    state->awaited = value_of_integer(nobody_else);
    while (!all_are_away(vm))
        lock_park(&vm->threads.lock, &state->seat,
                  lock_now(&vm->threads.lock) + LOOKING_MICROSECONDS);
    state->awaited = NIL;
}

// A signal has come that ends the process, or one that would interrupt a main thread that runs.
static bool is_to_end_early(const Vm *vm) {
    return vm->interruptible && (signals_end_soon() || signals_are_waiting());
}

int threads_finish(Vm *vm) {
    Thread *thread = vm->thread;
    ThreadState *state = state_of(thread);
    Threads *threads = &vm->threads;
    state->top = state->bottom;
    if (state->exited && !threads->stops)
        ask_all_to_stop(vm, state->status);
    while (threads->alive > 1 && !threads->stops)
        if (is_to_end_early(vm))
            ask_all_to_stop(vm, 1);
        else
            threads_sleep(thread, state->top, value_of_integer(nobody_else), LOCK_FOR_EVER);
    wait_for_end(vm);
    int status = threads->stops ? threads->status : state->status;
    threads->stops = false;
    return status;
}

// ---- Waiting -----------------------------------------------------------------------------------

// For a trace: what keeps it from running.
static void describe(const Vm *vm, const Thread *thread) {
    const ThreadState *state = state_of(thread);
    Value awaited = state->awaited;
    fprintf(vm->errors, "thread %lld", (long long)state->number);
    if (awaited == NIL)
        fprintf(vm->errors, " sleeps for ever\n");
    else if (awaited == value_of_integer(nobody_else))
        fprintf(vm->errors, ", the main one, has ended and waits for the others\n");
    else if (value_is_integer(awaited))
        fprintf(vm->errors, " waits for thread %lld to end\n", (long long)value_integer(awaited));
    else
        fprintf(vm->errors, " waits for an instance of %s\n",
                symbol_chars(value_class(vm, awaited)->name));
}

static void report_deadlock(const Vm *vm) {
    output_flush();
    fprintf(vm->errors, "ERROR: deadlock: all threads wait for each other\n");
    for (Thread *each = vm->threads.first; each; each = state_of(each)->next) {
        describe(vm, each);
        error_trace(each, state_of(each)->top);
    }
}

static void end_in_deadlock(Vm *vm) {
    report_deadlock(vm);
    ask_all_to_stop(vm, 1);
}

// The main thread may be interrupted while it sleeps, by a handler that can wake nobody. So it
// wakes by itself and looks, which hides from the others that it sleeps for ever: it has to see
// itself that they all do. (At the prompt a deadlock is left to be interrupted, and so goes on.)
// With a schedule that would be steps, and the others look instead: all polls are theirs.
static LockWake park(Thread *thread, uint64_t deadline) {
    ThreadState *state = state_of(thread);
    Vm *vm = state->vm;
    bool looks = thread == vm->thread && vm->interruptible && !vm->threads.schedule;
    for (;;) {
        if (looks && deadline == LOCK_FOR_EVER && signals_are_delayed() &&
            (vm->threads.alive == 1 || lock_leaves_only_parked(&vm->threads.lock)))
            return LOCK_DEADLOCK;
        uint64_t soon = lock_now(&vm->threads.lock) + LOOKING_MICROSECONDS;
        bool is_last = !looks || deadline <= soon;
        LockWake wake = lock_park(&vm->threads.lock, &state->seat, is_last ? deadline : soon);
        if (wake != LOCK_TIME_IS_UP || is_last || signals_are_waiting())
            return wake;
    }
}

bool threads_sleep_until(Thread *thread, Frame *frame, Value awaited, uint64_t deadline,
                         bool *woken) {
    ThreadState *state = state_of(thread);
    Vm *vm = state->vm;
    if (vm->threads.stops)
        return false;
    state->top = frame;
    state->awaited = awaited;
    state->since = ++vm->threads.sleeps;
    LockWake wake = park(thread, deadline);
    if (wake == LOCK_DEADLOCK)
        end_in_deadlock(vm);
    state->awaited = NIL;
    *woken = wake == LOCK_WOKEN;
    if (thread == vm->thread)
        run_interrupt(thread, frame);
    return !vm->threads.stops;
}

bool threads_sleep(Thread *thread, Frame *frame, Value awaited, uint64_t deadline) {
    bool woken;
    return threads_sleep_until(thread, frame, awaited, deadline, &woken);
}

// Who sleeps for it since the first time after `since`; NULL: nobody.
static Thread *next_sleeper(const Vm *vm, Value awaited, uint64_t since) {
    Thread *found = NULL;
    for (Thread *each = vm->threads.first; each; each = state_of(each)->next) {
        const ThreadState *state = state_of(each);
        if (state->awaited == awaited && state->since > since &&
            (!found || state->since < state_of(found)->since))
            found = each;
    }
    return found;
}

// One whose deadline has come isn't asleep, though it had no time yet to say so: then another is
// woken in its place.
void threads_wake(Vm *vm, Value awaited, bool all) {
    uint64_t since = 0;
    for (Thread *sleeper; (sleeper = next_sleeper(vm, awaited, since));) {
        ThreadState *state = state_of(sleeper);
        since = state->since;
        if (!lock_wake(&vm->threads.lock, &state->seat))
            continue;
        state->awaited = NIL;
        if (!all)
            return;
    }
}

Frame *threads_leave(Thread *thread) {
    ThreadState *state = state_of(thread);
    state->exited = true;
    return run_end(thread, state->vm->threads.status);
}

static void say_that_it_is_over(Vm *vm) {
    output_flush();
    fprintf(vm->errors, "som: error: the schedule has come to %llu steps\n",
            (unsigned long long)schedule_steps(vm->threads.schedule));
    ask_all_to_stop(vm, 1);
}

// Where each poll is looked at, the next one is asked for at once, as long as there are others.
bool threads_poll(Thread *thread, Frame *frame) {
    ThreadState *state = state_of(thread);
    Vm *vm = state->vm;
    Threads *threads = &vm->threads;
    if (threads->schedule && vm->interruptible && signals_are_waiting())
        lock_wake(&threads->lock, &state_of(vm->thread)->seat);
    bool counts = each_poll_is_looked_at(vm) && threads->alive > 1;
    state->top = frame;
    if (threads->schedule ? counts : !counts)
        lock_poll(&threads->lock, &state->seat);
    else if (counts)
        lock_yield(&threads->lock, &state->seat);
    if (threads->schedule && schedule_is_over(threads->schedule) && !threads->stops)
        say_that_it_is_over(vm);
    if (counts)
        ask_to_poll(thread);
    return threads->stops;
}

void threads_yield(Thread *thread, Frame *frame) {
    ThreadState *state = state_of(thread);
    state->top = frame;
    lock_yield(&state->vm->threads.lock, &state->seat);
}

uint64_t threads_clock(Vm *vm) {
    Lock *lock = &vm->threads.lock;
    return lock->plan ? ++lock->clock : vm_microseconds() - vm->started;
}

// With a schedule nobody is ever away, since nobody can say when it comes back. Coming back is a
// step instead.
void threads_go_away(Thread *thread, Frame *frame) {
    ThreadState *state = state_of(thread);
    Threads *threads = &state->vm->threads;
    state->top = frame;
    if (threads->schedule)
        return;
    state->is_away = true;
    lock_let_go(&threads->lock);
}

void threads_come_back(Thread *thread) {
    ThreadState *state = state_of(thread);
    Threads *threads = &state->vm->threads;
    if (threads->schedule && threads->alive > 1)
        lock_poll(&threads->lock, &state->seat);
    if (threads->schedule)
        return;
    lock_take(&threads->lock, &state->seat);
    state->is_away = false;
}

// ---- Critical sections -------------------------------------------------------------------------

// A section of a frame at the same place or above has been left without a word: it is over.
void threads_enter_critical(Thread *thread, Frame *frame, Value mutex) {
    CriticalSections *critical = &state_of(thread)->critical;
    while (critical->count && critical->items[critical->count - 1].frame >= frame)
        critical->count--;
    if (critical->count == critical->capacity) {
        critical->capacity = critical->capacity ? 2 * critical->capacity : 8;
        critical->items =
            memory_resize(critical->items, critical->capacity * sizeof *critical->items);
    }
    critical->items[critical->count++] = (CriticalSection){frame, mutex};
}

bool threads_leave_critical(Thread *thread, const Frame *frame, Value mutex) {
    CriticalSections *critical = &state_of(thread)->critical;
    if (!critical->count)
        return false;
    const CriticalSection *last = &critical->items[critical->count - 1];
    bool is_last = last->frame == frame && last->mutex == mutex;
    critical->count -= is_last;
    return is_last;
}

void threads_unwind(Thread *thread, const Frame *frame) {
    CriticalSections *critical = &state_of(thread)->critical;
    while (critical->count && (!frame || critical->items[critical->count - 1].frame > frame))
        mutex_give_up(thread, critical->items[--critical->count].mutex);
}
