// The interpreter lock by itself, with threads that do nothing but take and pass it: who gets it,
// who is asked, who sleeps and who is woken. Nothing here depends on how fast a thread is.
#include "runtime/threads/lock.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { THREADS = 8, ROUNDS = 200 };

typedef struct Worker {
    Lock *lock;
    LockSeat seat;
    int64_t request;
    pthread_t thread;
    char name;
    char *log; // shared: who has come by, in turn; written by whoever holds the lock
    LockWake wake;
    uint64_t deadline;
} Worker;

static void note(const Worker *worker) {
    size_t length = strlen(worker->log);
    worker->log[length] = worker->name;
    worker->log[length + 1] = '\0';
}

static void sit_down(Worker *worker, Lock *lock, char name, char *log) {
    *worker = (Worker){.lock = lock, .name = name, .log = log, .deadline = LOCK_FOR_EVER};
    lock_sit_down(lock, &worker->seat, &worker->request);
}

// The thread that runs the test is one of those at the lock: the first, `m`.
static void open_for(Worker *main, Lock *lock, char *log) {
    lock_open(lock);
    sit_down(main, lock, 'm', log);
}

// It holds the lock, and is the last.
static void close_after(Worker *main) {
    lock_get_up(main->lock, &main->seat);
    lock_close(main->lock);
}

static void start(Worker *worker, void *(*work)(void *worker)) {
    assert_int_equal(pthread_create(&worker->thread, NULL, work, worker), 0);
}

static void join(Worker *worker) {
    pthread_join(worker->thread, NULL);
}

static void nap(void) {
    const struct timespec millisecond = {0, 1000000};
    nanosleep(&millisecond, NULL);
}

// How many wait in line.
static int waiting(Lock *lock) {
    int count = 0;
    pthread_mutex_lock(&lock->mutex);
    for (const LockSeat *seat = lock->first; seat; seat = seat->next)
        count++;
    pthread_mutex_unlock(&lock->mutex);
    return count;
}

static void wait_for_line(Lock *lock, int count) {
    while (waiting(lock) != count)
        nap();
}

static void wait_until_parked(Lock *lock, const LockSeat *seat) {
    for (bool parked = false; !parked; nap()) {
        pthread_mutex_lock(&lock->mutex);
        parked = seat->is_parked;
        pthread_mutex_unlock(&lock->mutex);
    }
}

static void *note_once(void *argument) {
    Worker *worker = argument;
    lock_take(worker->lock, &worker->seat);
    note(worker);
    lock_get_up(worker->lock, &worker->seat);
    return NULL;
}

static void who_has_waited_longest_comes_next(void **state) {
    (void)state;
    Lock lock;
    Worker main, workers[THREADS];
    char log[THREADS + 2] = "";
    open_for(&main, &lock, log);
    lock_take(&lock, &main.seat);
    for (int i = 0; i < THREADS; i++) {
        sit_down(&workers[i], &lock, (char)('a' + i), log);
        start(&workers[i], note_once);
        wait_for_line(&lock, i + 1);
    }
    lock_let_go(&lock);
    for (int i = 0; i < THREADS; i++)
        join(&workers[i]);
    assert_string_equal(log, "abcdefgh");
    lock_take(&lock, &main.seat);
    close_after(&main);
}

static void *pass_round(void *argument) {
    Worker *worker = argument;
    lock_take(worker->lock, &worker->seat);
    for (int i = 0; i < ROUNDS; i++) {
        note(worker);
        lock_yield(worker->lock, &worker->seat);
    }
    lock_get_up(worker->lock, &worker->seat);
    return NULL;
}

static void who_passes_it_on_gets_it_after_all_others(void **state) {
    (void)state;
    Lock lock;
    Worker main, workers[3];
    char log[3 * ROUNDS + 1] = "";
    open_for(&main, &lock, log);
    lock_take(&lock, &main.seat);
    for (int i = 0; i < 3; i++) {
        sit_down(&workers[i], &lock, (char)('a' + i), log);
        start(&workers[i], pass_round);
        wait_for_line(&lock, i + 1);
    }
    lock_get_up(&lock, &main.seat);
    for (int i = 0; i < 3; i++)
        join(&workers[i]);
    for (int i = 0; i < 3 * ROUNDS; i++)
        assert_int_equal(log[i], 'a' + i % 3);
    assert_true(lock.switches >= 3 * ROUNDS);
    lock_close(&lock);
}

static void the_holder_is_asked_when_somebody_waits_and_its_time_is_up(void **state) {
    (void)state;
    Lock lock;
    Worker main, other;
    char log[4] = "";
    open_for(&main, &lock, log);
    lock_set_interval(&lock, 1000);
    lock_take(&lock, &main.seat);
    nap();
    nap();
    assert_int_equal(__atomic_load_n(&main.request, __ATOMIC_RELAXED), 0);
    lock_poll(&lock, &main.seat); // nobody waits
    sit_down(&other, &lock, 'o', log);
    start(&other, note_once);
    while (!__atomic_load_n(&main.request, __ATOMIC_RELAXED))
        nap();
    note(&main);
    lock_poll(&lock, &main.seat);
    note(&main);
    join(&other);
    assert_string_equal(log, "mom");
    close_after(&main);
}

static void who_was_not_asked_keeps_it_at_a_poll(void **state) {
    (void)state;
    Lock lock;
    Worker main, other;
    char log[4] = "";
    open_for(&main, &lock, log);
    lock_set_interval(&lock, UINT64_C(1000000000000)); // a million seconds
    lock_take(&lock, &main.seat);
    sit_down(&other, &lock, 'o', log);
    start(&other, note_once);
    wait_for_line(&lock, 1);
    lock_poll(&lock, &main.seat);
    note(&main);
    assert_int_equal(main.request, 0);
    lock_set_interval(&lock, 0); // who waits looks again
    while (!__atomic_load_n(&main.request, __ATOMIC_RELAXED))
        nap();
    lock_poll(&lock, &main.seat);
    note(&main);
    join(&other);
    assert_string_equal(log, "mom");
    close_after(&main);
}

// How long it took until the holder was asked, once another thread waited.
static uint64_t turn_until_asked(Worker *main, Worker *other) {
    __atomic_store_n(&main->request, 0, __ATOMIC_RELAXED);
    start(other, note_once);
    while (!__atomic_load_n(&main->request, __ATOMIC_RELAXED))
        nap();
    return lock_now(main->lock) - main->lock->taken_at;
}

// How soon it is asked is the system's matter, so it is tried until it was soon enough.
static void a_turn_that_was_too_long_makes_the_next_one_shorter(void **state) {
    (void)state;
    enum { INTERVAL = 40000, TRIES = 200 };
    Lock lock;
    Worker main, other;
    char log[2 * TRIES] = "";
    bool was_shorter = false;
    open_for(&main, &lock, log);
    lock_set_interval(&lock, INTERVAL);
    lock_take(&lock, &main.seat);
    for (int i = 0; i < TRIES && !was_shorter; i++) {
        sit_down(&other, &lock, 'o', log);
        (void)turn_until_asked(&main, &other);
        while (lock_now(&lock) < lock.taken_at + 2 * INTERVAL)
            nap();
        lock_poll(&lock, &main.seat);
        join(&other);
        assert_true(main.seat.overtime >= INTERVAL);
        sit_down(&other, &lock, 'o', log);
        was_shorter = turn_until_asked(&main, &other) < INTERVAL;
        lock_poll(&lock, &main.seat);
        join(&other);
    }
    assert_true(was_shorter);
    close_after(&main);
}

static void *park(void *argument) {
    Worker *worker = argument;
    lock_take(worker->lock, &worker->seat);
    worker->wake = lock_park(worker->lock, &worker->seat, worker->deadline);
    note(worker);
    lock_get_up(worker->lock, &worker->seat);
    return NULL;
}

static void a_parked_thread_sleeps_until_it_is_woken(void **state) {
    (void)state;
    Lock lock;
    Worker main, other;
    char log[4] = "";
    open_for(&main, &lock, log);
    sit_down(&other, &lock, 'o', log);
    start(&other, park);
    wait_until_parked(&lock, &other.seat);
    lock_take(&lock, &main.seat);
    assert_false(lock_wake(&lock, &main.seat));
    note(&main);
    assert_true(lock_wake(&lock, &other.seat));
    assert_false(lock_wake(&lock, &other.seat));
    note(&main);
    lock_let_go(&lock);
    join(&other);
    assert_string_equal(log, "mmo");
    assert_int_equal(other.wake, LOCK_WOKEN);
    lock_take(&lock, &main.seat);
    close_after(&main);
}

static void a_deadline_ends_a_sleep(void **state) {
    (void)state;
    Lock lock;
    Worker main;
    char log[2] = "";
    open_for(&main, &lock, log);
    lock_take(&lock, &main.seat);
    uint64_t deadline = lock_now(&lock) + 3000;
    assert_int_equal(lock_park(&lock, &main.seat, deadline), LOCK_TIME_IS_UP);
    assert_true(lock_now(&lock) >= deadline);
    assert_int_equal(lock_park(&lock, &main.seat, 0), LOCK_TIME_IS_UP);
    assert_ptr_equal(lock.holder, &main.seat);
    close_after(&main);
}

static void the_last_one_that_could_wake_anybody_cannot_park(void **state) {
    (void)state;
    Lock lock;
    Worker main, other;
    char log[4] = "";
    open_for(&main, &lock, log);
    sit_down(&other, &lock, 'o', log);
    start(&other, park);
    wait_until_parked(&lock, &other.seat);
    lock_take(&lock, &main.seat);
    assert_int_equal(lock_park(&lock, &main.seat, LOCK_FOR_EVER), LOCK_DEADLOCK);
    assert_ptr_equal(lock.holder, &main.seat);
    assert_int_equal(lock_park(&lock, &main.seat, 0), LOCK_TIME_IS_UP); // with a deadline it can
    lock_wake(&lock, &other.seat); // in line, though it hasn't run yet: it may wake us
    assert_int_equal(lock.parked, 0);
    lock_get_up(&lock, &main.seat);
    join(&other);
    lock_close(&lock);
}

static void the_last_one_that_could_wake_anybody_is_told_before_it_gets_up(void **state) {
    (void)state;
    Lock lock;
    Worker main, other;
    char log[4] = "";
    open_for(&main, &lock, log);
    lock_take(&lock, &main.seat);
    assert_false(lock_leaves_only_parked(&lock)); // nobody is left
    sit_down(&other, &lock, 'o', log);
    assert_false(lock_leaves_only_parked(&lock)); // it is still to come
    lock_let_go(&lock);
    start(&other, park);
    wait_until_parked(&lock, &other.seat);
    lock_take(&lock, &main.seat);
    assert_true(lock_leaves_only_parked(&lock));
    lock_wake(&lock, &other.seat);
    assert_false(lock_leaves_only_parked(&lock));
    lock_get_up(&lock, &main.seat);
    join(&other);
    lock_close(&lock);
}

// Who stands behind it isn't the head, and sleeps without looking at the clock.
static void
when_a_seat_at_the_head_of_the_line_stays_away_the_next_one_looks_at_the_clock(void **state) {
    (void)state;
    Lock lock;
    Worker main, absent, other;
    char log[4] = "";
    open_for(&main, &lock, log);
    lock_set_interval(&lock, 0);
    lock_take(&lock, &main.seat);
    sit_down(&absent, &lock, 'a', log);
    lock_line_up(&lock, &absent.seat);
    sit_down(&other, &lock, 'o', log);
    start(&other, note_once);
    wait_for_line(&lock, 2);
    nap();
    assert_int_equal(__atomic_load_n(&main.request, __ATOMIC_RELAXED), 0);
    lock_stay_away(&lock, &absent.seat);
    while (!__atomic_load_n(&main.request, __ATOMIC_RELAXED))
        nap();
    lock_poll(&lock, &main.seat);
    note(&main);
    join(&other);
    assert_string_equal(log, "om");
    close_after(&main);
}

static void *take_turns(void *argument) {
    Worker *worker = argument;
    for (int i = 0; i < ROUNDS; i++) {
        lock_take(worker->lock, &worker->seat);
        int *count = (int *)worker->log;
        lock_poll(worker->lock, &worker->seat);
        if (i % 7 == 0)
            lock_park(worker->lock, &worker->seat, 0);
        int old = *count;
        *count = old + 1;
        lock_let_go(worker->lock);
    }
    lock_take(worker->lock, &worker->seat);
    lock_get_up(worker->lock, &worker->seat);
    return NULL;
}

static void of_many_threads_one_at_a_time_has_it(void **state) {
    (void)state;
    Lock lock;
    Worker workers[THREADS];
    int count = 0;
    lock_open(&lock);
    lock_set_interval(&lock, 1);
    for (int i = 0; i < THREADS; i++)
        sit_down(&workers[i], &lock, 'w', (char *)&count);
    for (int i = 0; i < THREADS; i++)
        start(&workers[i], take_turns);
    for (int i = 0; i < THREADS; i++)
        join(&workers[i]);
    assert_int_equal(count, THREADS * ROUNDS);
    assert_null(lock.holder);
    assert_null(lock.first);
    assert_int_equal(lock.seats, 0);
    lock_close(&lock);
}

// ---- With a plan ------------------------------------------------------------------------------

// Always the last of those that could go on; at a poll too, every `every`th time.
typedef struct Contrary {
    int every, polls;
} Contrary;

static LockSeat *choose_last(void *context, LockSeat *holder, LockEvent event, LockSeat *first) {
    (void)holder;
    Contrary *contrary = context;
    if (event == LOCK_POLL && (!contrary->every || ++contrary->polls % contrary->every))
        return NULL;
    while (first && first->next)
        first = first->next;
    return first;
}

static void *note_and_poll(void *argument) {
    Worker *worker = argument;
    lock_await_turn(worker->lock, &worker->seat);
    for (int i = 0; i < 4; i++) {
        note(worker);
        lock_poll(worker->lock, &worker->seat);
    }
    lock_get_up(worker->lock, &worker->seat);
    return NULL;
}

static void a_plan_says_who_is_next_and_when(void **state) {
    (void)state;
    Lock lock;
    Contrary contrary = {.every = 3};
    const LockPlan plan = {choose_last, &contrary};
    Worker main, workers[3];
    char log[16] = "";
    lock_open(&lock);
    lock_follow(&lock, &plan);
    sit_down(&main, &lock, 'm', log);
    lock_take(&lock, &main.seat);
    for (int i = 0; i < 3; i++) {
        sit_down(&workers[i], &lock, (char)('a' + i), log);
        lock_line_up(&lock, &workers[i].seat);
    }
    // They begin in another order than they stand in line, which changes nothing.
    for (int i = 3; i-- > 0;)
        start(&workers[i], note_and_poll);
    lock_yield(&lock, &main.seat);
    for (int i = 0; i < 3; i++)
        lock_poll(&lock, &main.seat);
    lock_let_go(&lock);
    for (int i = 0; i < 3; i++)
        join(&workers[i]);
    // c's third poll is a switch to m, and m's third to c, which ends; m lets go. Of the polls
    // after the eighth each third is a switch again, from b to a and from a to b.
    assert_string_equal(log, "ccccbbaaabba");
    lock_take(&lock, &main.seat);
    close_after(&main);
}

static void with_a_plan_time_passes_by_polls_and_while_all_sleep(void **state) {
    (void)state;
    Lock lock;
    Contrary contrary = {0};
    const LockPlan plan = {choose_last, &contrary};
    Worker main;
    char log[2] = "";
    lock_open(&lock);
    lock_follow(&lock, &plan);
    sit_down(&main, &lock, 'm', log);
    lock_take(&lock, &main.seat);
    assert_int_equal(lock_now(&lock), 0);
    lock_poll(&lock, &main.seat);
    lock_poll(&lock, &main.seat);
    assert_int_equal(lock_now(&lock), 2);
    // A day and more, which passes at once.
    assert_int_equal(lock_park(&lock, &main.seat, UINT64_C(100000000000)), LOCK_TIME_IS_UP);
    assert_int_equal(lock_now(&lock), UINT64_C(100000000000));
    // A time that has passed doesn't come back.
    assert_int_equal(lock_park(&lock, &main.seat, 1), LOCK_TIME_IS_UP);
    assert_int_equal(lock_now(&lock), UINT64_C(100000000000));
    assert_int_equal(lock_park(&lock, &main.seat, LOCK_FOR_EVER), LOCK_DEADLOCK);
    close_after(&main);
}

static void *sleep_and_note(void *argument) {
    Worker *worker = argument;
    lock_await_turn(worker->lock, &worker->seat);
    worker->wake = lock_park(worker->lock, &worker->seat, worker->deadline);
    note(worker);
    lock_get_up(worker->lock, &worker->seat);
    return NULL;
}

static void with_a_plan_sleepers_wake_when_their_time_comes_or_when_they_are_woken(void **state) {
    (void)state;
    Lock lock;
    Contrary contrary = {0};
    const LockPlan plan = {choose_last, &contrary};
    const uint64_t deadlines[] = {3000, 1000, 2000, LOCK_FOR_EVER};
    Worker main, workers[4];
    char log[8] = "";
    lock_open(&lock);
    lock_follow(&lock, &plan);
    sit_down(&main, &lock, 'm', log);
    lock_take(&lock, &main.seat);
    for (int i = 0; i < 4; i++) {
        sit_down(&workers[i], &lock, (char)('a' + i), log);
        workers[i].deadline = deadlines[i];
        lock_line_up(&lock, &workers[i].seat);
        start(&workers[i], sleep_and_note);
    }
    assert_int_equal(lock_park(&lock, &main.seat, 1500), LOCK_TIME_IS_UP);
    note(&main);
    assert_true(lock_wake(&lock, &workers[0].seat));
    assert_true(lock_wake(&lock, &workers[3].seat));
    assert_false(lock_wake(&lock, &workers[3].seat));
    assert_int_equal(lock_park(&lock, &main.seat, 5000), LOCK_TIME_IS_UP);
    note(&main);
    for (int i = 0; i < 4; i++)
        join(&workers[i]);
    assert_string_equal(log, "bmdacm");
    assert_int_equal(workers[0].wake, LOCK_WOKEN);
    assert_int_equal(workers[1].wake, LOCK_TIME_IS_UP);
    assert_int_equal(workers[2].wake, LOCK_TIME_IS_UP);
    assert_int_equal(workers[3].wake, LOCK_WOKEN);
    assert_null(lock.sleepers);
    close_after(&main);
}

static void who_could_not_begin_leaves_the_line(void **state) {
    (void)state;
    Lock lock;
    Worker main, other, third;
    char log[2] = "";
    open_for(&main, &lock, log);
    lock_take(&lock, &main.seat);
    sit_down(&other, &lock, 'o', log);
    sit_down(&third, &lock, 't', log);
    lock_line_up(&lock, &other.seat);
    lock_line_up(&lock, &third.seat);
    lock_stay_away(&lock, &third.seat);
    assert_ptr_equal(lock.last, &other.seat);
    lock_stay_away(&lock, &other.seat);
    assert_null(lock.first);
    assert_null(lock.last);
    close_after(&main);
}

// ---- A process that is forked ------------------------------------------------------------------

static int status_of(pid_t child) {
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void a_forked_process_goes_on_if_it_has_all_threads(void **state) {
    (void)state;
    Lock lock;
    Worker main, other;
    char log[2] = "";
    open_for(&main, &lock, log);
    lock_take(&lock, &main.seat);
    pid_t child = fork();
    if (!child) {
        lock_yield(&lock, &main.seat);
        _exit(lock_park(&lock, &main.seat, 0) == LOCK_TIME_IS_UP ? 7 : 1);
    }
    int status = status_of(child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
    sit_down(&other, &lock, 'o', log);
    child = fork();
    if (!child) {
        close(STDERR_FILENO);
        lock_yield(&lock, &main.seat);
        _exit(7);
    }
    status = status_of(child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    lock_stay_away(&lock, &other.seat);
    close_after(&main);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_waited_longest_comes_next),
        cmocka_unit_test(who_passes_it_on_gets_it_after_all_others),
        cmocka_unit_test(the_holder_is_asked_when_somebody_waits_and_its_time_is_up),
        cmocka_unit_test(who_was_not_asked_keeps_it_at_a_poll),
        cmocka_unit_test(a_turn_that_was_too_long_makes_the_next_one_shorter),
        cmocka_unit_test(a_parked_thread_sleeps_until_it_is_woken),
        cmocka_unit_test(a_deadline_ends_a_sleep),
        cmocka_unit_test(the_last_one_that_could_wake_anybody_cannot_park),
        cmocka_unit_test(the_last_one_that_could_wake_anybody_is_told_before_it_gets_up),
        cmocka_unit_test(
            when_a_seat_at_the_head_of_the_line_stays_away_the_next_one_looks_at_the_clock),
        cmocka_unit_test(of_many_threads_one_at_a_time_has_it),
        cmocka_unit_test(a_plan_says_who_is_next_and_when),
        cmocka_unit_test(with_a_plan_time_passes_by_polls_and_while_all_sleep),
        cmocka_unit_test(with_a_plan_sleepers_wake_when_their_time_comes_or_when_they_are_woken),
        cmocka_unit_test(who_could_not_begin_leaves_the_line),
        cmocka_unit_test(a_forked_process_goes_on_if_it_has_all_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
