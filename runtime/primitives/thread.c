// Primitives of Thread, Mutex and Condition, and those of System that are about threads. What may
// put a thread to sleep is a control primitive, for it may be told to end meanwhile.
#include "runtime/calls/error.h"
#include "runtime/calls/frame.h"
#include "runtime/memory/layouts.h"
#include "runtime/objects/integer.h"
#include "runtime/primitives/primitive.h"
#include "runtime/threads/mutex.h"
#include "runtime/vm.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static Frame *refuse(Thread *thread, Frame *frame, const Value *arguments, int64_t count) {
    return primitive_raise(thread, frame, arguments, frame_site(frame)->selector, count);
}

// ---- Threads ---------------------------------------------------------------------------------

static Value begin(Thread *thread, Frame *frame, Value *arguments) {
    int64_t number = threads_start(thread, frame, arguments[0]);
    if (number)
        return value_of_integer(number);
    if (errno == ENOTSUP)
        return fail(thread, THREADS_NO_POLLS ", so threads can't take turns");
    return fail(thread, "the system gives no more threads: %s", strerror(errno));
}

static Value number_of_running(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame, (void)arguments;
    return value_of_integer(state_of(thread)->number);
}

static Value running(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame, (void)arguments;
    return state_of(thread)->object;
}

static Value set_running(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    return state_of(thread)->object = arguments[1];
}

static Value is_alive(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    if (!value_is_integer(arguments[1]))
        return FAILED;
    return value_of_bool(threads_find(vm_of(thread), value_integer(arguments[1])));
}

static Value yield(Thread *thread, Frame *frame, Value *arguments) {
    threads_yield(thread, frame);
    return arguments[0];
}

// Waits for the end of the thread with that number.
static Frame *await(Thread *thread, Frame *frame, Value *arguments) {
    if (!value_is_integer(arguments[1]))
        return refuse(thread, frame, arguments, 1);
    if (value_integer(arguments[1]) == state_of(thread)->number)
        return error_raise(thread, frame, "a thread can't wait for its own end");
    while (threads_find(vm_of(thread), value_integer(arguments[1])))
        if (!threads_sleep(thread, frame, arguments[1], LOCK_FOR_EVER))
            return threads_leave(thread);
    return frame_answer(frame, arguments, arguments[0]);
}

// ---- Mutexes ---------------------------------------------------------------------------------

// False: the thread is to end.
static bool take(Thread *thread, Frame *frame, const Value *mutex) {
    while (!mutex_try(thread, *mutex))
        if (!threads_sleep(thread, frame, *mutex, LOCK_FOR_EVER))
            return false;
    return true;
}

static Frame *lock(Thread *thread, Frame *frame, Value *arguments) {
    if (!mutex_is_one(vm_of(thread), arguments[0]))
        return refuse(thread, frame, arguments, 0);
    if (!take(thread, frame, arguments))
        return threads_leave(thread);
    return frame_answer(frame, arguments, arguments[0]);
}

static Frame *enter(Thread *thread, Frame *frame, Value *arguments) {
    if (!mutex_is_one(vm_of(thread), arguments[0]))
        return refuse(thread, frame, arguments, 0);
    if (!take(thread, frame, arguments))
        return threads_leave(thread);
    threads_enter_critical(thread, frame, arguments[0]);
    return frame_answer(frame, arguments, arguments[0]);
}

static Value try_lock(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    if (!mutex_is_one(vm_of(thread), arguments[0]))
        return FAILED;
    return value_of_bool(mutex_try(thread, arguments[0]));
}

static Value unlock(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    if (!mutex_is_one(vm_of(thread), arguments[0]))
        return FAILED;
    return mutex_give_up(thread, arguments[0]) ? arguments[0]
                                               : fail(thread, "this thread hasn't locked it");
}

// A block that has unlocked what it was called with leaves nothing to unlock.
static Value leave(Thread *thread, Frame *frame, Value *arguments) {
    if (!mutex_is_one(vm_of(thread), arguments[0]))
        return FAILED;
    if (!threads_leave_critical(thread, frame, arguments[0]) ||
        !mutex_give_up(thread, arguments[0]))
        return fail(thread, "this thread hasn't locked it");
    return arguments[0];
}

// ---- Conditions ------------------------------------------------------------------------------

// The condition's mutex, which is its first field. NIL: there is none.
static Value mutex_of(const Vm *vm, Value condition) {
    Value *slots;
    if (!value_has_layout(condition, LAYOUT_PLAIN) ||
        object_slots(vm, value_object(condition), &slots) < 1 || !mutex_is_one(vm, slots[0]))
        return NIL;
    return slots[0];
}

// Unlocks the mutex and sleeps, in one step; locks it again before it goes on.
static Frame *sleep_until(Thread *thread, Frame *frame, Value *arguments, int64_t count,
                          uint64_t deadline) {
    const Vm *vm = vm_of(thread);
    Value mutex = mutex_of(vm, arguments[0]);
    if (mutex == NIL)
        return refuse(thread, frame, arguments, count);
    int64_t depth = mutex_give_up_wholly(thread, mutex);
    if (!depth)
        return error_raise(thread, frame, "this thread hasn't locked the condition's mutex");
    bool woken;
    if (!threads_sleep_until(thread, frame, arguments[0], deadline, &woken))
        return threads_leave(thread);
    // Objects move meanwhile, and a program may change even this.
    while ((mutex = mutex_of(vm, arguments[0])) != NIL && !mutex_try(thread, mutex))
        if (!threads_sleep(thread, frame, mutex, LOCK_FOR_EVER))
            return threads_leave(thread);
    if (mutex == NIL)
        return refuse(thread, frame, arguments, count);
    mutex_lock_again(thread, mutex, depth);
    return frame_answer(frame, arguments, count ? value_of_bool(woken) : arguments[0]);
}

static Frame *wait(Thread *thread, Frame *frame, Value *arguments) {
    return sleep_until(thread, frame, arguments, 0, LOCK_FOR_EVER);
}

// So many milliseconds from now, at once if that is negative. False: it is no number, or a NaN.
// Under a schedule the clock may have come as far as any program wants, but it doesn't begin anew.
static bool find_deadline(const Vm *vm, Value milliseconds, uint64_t *deadline) {
    if (!value_is_number(milliseconds))
        return false;
    double number = value_is_double(milliseconds) ? value_double(milliseconds)
                                                  : integer_as_double(milliseconds);
    double microseconds = 1000 * number;
    if (isnan(microseconds))
        return false;
    uint64_t now = lock_now(&vm->threads.lock);
    *deadline = microseconds <= 0                     ? now
                : microseconds < 0x1p62 - (double)now ? now + (uint64_t)microseconds
                                                      : LOCK_FOR_EVER;
    return true;
}

static Frame *wait_for(Thread *thread, Frame *frame, Value *arguments) {
    uint64_t deadline;
    if (!find_deadline(vm_of(thread), arguments[1], &deadline))
        return refuse(thread, frame, arguments, 1);
    return sleep_until(thread, frame, arguments, 1, deadline);
}

static Value wake(Thread *thread, Value *arguments, bool all) {
    Vm *vm = vm_of(thread);
    if (mutex_of(vm, arguments[0]) == NIL)
        return FAILED;
    threads_wake(vm, arguments[0], all);
    return arguments[0];
}

static Value signal_one(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    return wake(thread, arguments, false);
}

static Value broadcast(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    return wake(thread, arguments, true);
}

// ---- System ----------------------------------------------------------------------------------

static Frame *system_sleep(Thread *thread, Frame *frame, Value *arguments) {
    uint64_t deadline;
    if (!find_deadline(vm_of(thread), arguments[1], &deadline))
        return refuse(thread, frame, arguments, 1);
    if (!threads_sleep(thread, frame, NIL, deadline))
        return threads_leave(thread);
    return frame_answer(frame, arguments, arguments[0]);
}

static Value switch_interval(Thread *thread, Frame *frame, Value *arguments) {
    (void)arguments;
    return integer_new(thread, frame, (int64_t)vm_of(thread)->threads.lock.interval);
}

static Value set_switch_interval(Thread *thread, Frame *frame, Value *arguments) {
    (void)frame;
    if (!value_is_integer(arguments[1]) || value_integer(arguments[1]) < 0)
        return fail(thread, "an interval is a whole number of microseconds, from 0 to 2^48-1");
    lock_set_interval(&vm_of(thread)->threads.lock, (uint64_t)value_integer(arguments[1]));
    return arguments[0];
}

const Primitive thread_primitives[] = {
    VALUE_PRIMITIVE("Thread", "begin", begin),
    VALUE_PRIMITIVE("Thread class", "numberOfRunning", number_of_running),
    VALUE_PRIMITIVE("Thread class", "running", running),
    VALUE_PRIMITIVE("Thread class", "running:", set_running),
    VALUE_PRIMITIVE("Thread class", "isAlive:", is_alive),
    VALUE_PRIMITIVE("Thread class", "yield", yield),
    CONTROL_PRIMITIVE("Thread class", "await:", await),
    CONTROL_PRIMITIVE("Mutex", "lock", lock),
    VALUE_PRIMITIVE("Mutex", "tryLock", try_lock),
    VALUE_PRIMITIVE("Mutex", "unlock", unlock),
    CONTROL_PRIMITIVE("Mutex", "enter", enter),
    VALUE_PRIMITIVE("Mutex", "leave", leave),
    CONTROL_PRIMITIVE("Condition", "wait", wait),
    CONTROL_PRIMITIVE("Condition", "waitFor:", wait_for),
    VALUE_PRIMITIVE("Condition", "signal", signal_one),
    VALUE_PRIMITIVE("Condition", "broadcast", broadcast),
    CONTROL_PRIMITIVE("System", "sleep:", system_sleep),
    VALUE_PRIMITIVE("System", "switchInterval", switch_interval),
    VALUE_PRIMITIVE("System", "switchInterval:", set_switch_interval),
    {0},
};
