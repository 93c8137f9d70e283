// See race_run.h. One process of ours watches all: what runs has ended when both its streams have,
// which poll tells, and when it is gone, which is soon after that. A run that is no longer wanted
// is ended by force, as it has nothing that it could lose.
#include "cli/race/race_run.h"

#include "support/interruption.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static_assert((int)RACE_MOST_JOBS <= (int)CHILDREN_MOST, "each job has a child");

typedef struct Slot {
    bool runs;
    size_t index;
    int child;
    int streams[2];   // -1: it has ended
    int64_t deadline; // milliseconds
    RaceOutcome outcome;
    bool stopped; // by us: `outcome.end` says why
} Slot;

typedef struct Pool {
    const RaceRuns *runs;
    Slot slots[RACE_MOST_JOBS];
    size_t next;    // the first that hasn't begun
    size_t wanted;  // those before it are
    size_t running; // how many slots are taken
} Pool;

void race_outcome_free(RaceOutcome *outcome) {
    text_free(&outcome->output);
    text_free(&outcome->errors);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

// ---- One run --------------------------------------------------------------------------------

static bool is_open(const Slot *slot) {
    return slot->streams[0] >= 0 || slot->streams[1] >= 0;
}

// The streams are closed, so that there is nothing more to wait for than its end.
static void stop(Slot *slot, RaceEnd end) {
    slot->stopped = true;
    slot->outcome.end = end;
    child_kill(slot->child);
    for (int i = 0; i < 2; i++) {
        if (slot->streams[i] >= 0)
            close(slot->streams[i]);
        slot->streams[i] = -1;
    }
}

// Texts of a program may have any bytes in them; ours, which are searched and compared, end with
// the first NUL.
static void take(Slot *slot, int stream) {
    char chunk[8192];
    ssize_t count = read(slot->streams[stream], chunk, sizeof chunk);
    if (count < 0 && errno == EINTR)
        return;
    if (count <= 0) {
        close(slot->streams[stream]);
        slot->streams[stream] = -1;
        return;
    }
    for (ssize_t i = 0; i < count; i++)
        if (!chunk[i])
            chunk[i] = '?';
    RaceOutcome *outcome = &slot->outcome;
    text_add_bytes(stream ? &outcome->errors : &outcome->output, chunk, (size_t)count);
    if (outcome->output.length + outcome->errors.length > RACE_MOST_OUTPUT)
        stop(slot, RACE_TOO_TALKATIVE);
}

// ---- All of them ----------------------------------------------------------------------------

static void hand_over(Pool *pool, size_t index, RaceOutcome *outcome) {
    if (!pool->runs->end(pool->runs->context, index, outcome) && index + 1 < pool->wanted)
        pool->wanted = index + 1;
}

// Its streams are closed.
static void finish(Pool *pool, Slot *slot) {
    int status = child_wait(slot->child);
    slot->runs = false;
    pool->running--;
    if (slot->index >= pool->wanted) {
        race_outcome_free(&slot->outcome);
        return;
    }
    if (!slot->stopped) {
        slot->outcome.end = WIFSIGNALED(status) ? RACE_KILLED : RACE_EXITED;
        slot->outcome.number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    }
    hand_over(pool, slot->index, &slot->outcome);
}

static void begin(Pool *pool, Slot *slot) {
    size_t index = pool->next++;
    *slot = (Slot){.index = index, .deadline = now() + (int64_t)pool->runs->seconds * 1000};
    char *const *words = pool->runs->begin(pool->runs->context, index);
    Process process;
    if (process_start(words, true, true, &process)) {
        slot->runs = true;
        slot->child = process.id;
        slot->streams[0] = process.output;
        slot->streams[1] = process.errors;
        pool->running++;
        return;
    }
    slot->outcome.end = RACE_NEVER_STARTED;
    slot->outcome.number = errno;
    hand_over(pool, index, &slot->outcome);
}

static void fill(Pool *pool) {
    for (int i = 0; i < pool->runs->jobs; i++)
        while (!pool->slots[i].runs && pool->next < pool->wanted)
            begin(pool, &pool->slots[i]);
}

// Ends those that are out of time, or that nobody wants any more.
static void stop_some(Pool *pool) {
    int64_t time = now();
    for (int i = 0; i < pool->runs->jobs; i++) {
        Slot *slot = &pool->slots[i];
        if (slot->runs && !slot->stopped && (slot->index >= pool->wanted || time >= slot->deadline))
            stop(slot, RACE_OUT_OF_TIME);
    }
}

// How long there is nothing to do unless something comes, in milliseconds. Who has closed its
// streams is about to end.
static int patience(const Pool *pool) {
    int64_t time = now(), least = INT64_C(1) << 30;
    for (int i = 0; i < pool->runs->jobs; i++) {
        const Slot *slot = &pool->slots[i];
        int64_t left = !slot->runs ? least : is_open(slot) ? slot->deadline - time : 1;
        least = left < least ? left : least;
    }
    return least < 0 ? 0 : (int)least;
}

static void listen(Pool *pool) {
    struct pollfd polls[2 * RACE_MOST_JOBS];
    int count = 2 * pool->runs->jobs;
    for (int i = 0; i < count; i++) {
        const Slot *slot = &pool->slots[i / 2];
        int stream = slot->runs ? slot->streams[i % 2] : -1;
        polls[i] = (struct pollfd){.fd = stream, .events = POLLIN};
    }
    if (poll(polls, (nfds_t)count, patience(pool)) <= 0)
        return;
    for (int i = 0; i < count; i++)
        if (polls[i].fd >= 0 && polls[i].revents && pool->slots[i / 2].streams[i % 2] >= 0)
            take(&pool->slots[i / 2], i % 2);
}

void race_run_all(const RaceRuns *runs) {
    Pool pool = {.runs = runs, .wanted = runs->count};
    for (fill(&pool); pool.running; fill(&pool)) {
        listen(&pool);
        stop_some(&pool);
        for (int i = 0; i < runs->jobs; i++) {
            Slot *slot = &pool.slots[i];
            if (slot->runs && !is_open(slot) && child_has_ended(slot->child))
                finish(&pool, slot);
        }
    }
}

// ---- A single one ---------------------------------------------------------------------------

typedef struct Single {
    char *const *words;
    RaceOutcome outcome;
} Single;

static char *const *begin_single(void *context, size_t index) {
    (void)index;
    return ((Single *)context)->words;
}

static bool end_single(void *context, size_t index, RaceOutcome *outcome) {
    (void)index;
    ((Single *)context)->outcome = *outcome;
    return true;
}

RaceOutcome race_run(char *const *words, int seconds) {
    Single single = {.words = words};
    race_run_all(&(RaceRuns){.count = 1,
                             .jobs = 1,
                             .seconds = seconds,
                             .context = &single,
                             .begin = begin_single,
                             .end = end_single});
    return single.outcome;
}
