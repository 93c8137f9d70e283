// See parallel.h. One process of ours watches all: what runs has ended when both its streams have,
// and when it is gone, which is soon after that. Poll tells both, the latter by a file that stands
// for the process: to look now and then would make times longer by chance. A run that is no longer
// wanted is ended by force, as it has nothing that it could lose.
#define _GNU_SOURCE // sched_getaffinity, syscall
#include "cli/parallel.h"

#include "cli/process.h"
#include "support/interruption.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STREAMS = 2 };

// A place for a program that runs.
typedef struct Slot {
    bool runs;
    size_t index;
    int child;
    int gone;             // can be read once it is; -1: there is none
    int streams[STREAMS]; // -1: it has ended
    double begun, deadline;
    size_t room; // for what it may yet print
    const volatile sig_atomic_t *stop;
    ParallelOutcome outcome;
    bool stopped; // by us: `outcome.end` says why
} Slot;

typedef struct Pool {
    const ParallelRuns *runs;
    Slot slots[CHILDREN_MOST];
    size_t next;    // the first that hasn't begun
    size_t wanted;  // those before it are
    size_t running; // how many slots are taken
} Pool;

void parallel_outcome_free(ParallelOutcome *outcome) {
    text_free(&outcome->output);
    text_free(&outcome->errors);
}

int parallel_status(const ParallelOutcome *outcome) {
    switch (outcome->end) {
    case PARALLEL_EXITED: return outcome->number;
    case PARALLEL_KILLED: return 128 + outcome->number;
    case PARALLEL_LATE:
    case PARALLEL_TALKATIVE: return 128 + SIGKILL;
    case PARALLEL_UNSTARTED: break;
    }
    errno = outcome->number;
    return -1;
}

// In seconds.
static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// ---- One run --------------------------------------------------------------------------------

static bool is_open(const Slot *slot) {
    return slot->streams[0] >= 0 || slot->streams[1] >= 0;
}

static void close_stream(int *stream) {
    if (*stream >= 0)
        close(*stream);
    *stream = -1;
}

// What it has left in other groups may keep its streams open: they aren't waited for.
static void stop(Slot *slot, ParallelEnd end) {
    slot->stopped = true;
    slot->outcome.end = end;
    child_kill(slot->child);
    for (int i = 0; i < STREAMS; i++)
        close_stream(&slot->streams[i]);
}

// Texts of a program may have any bytes in them; ours, which are searched and compared, end with
// the first NUL.
static void take(Slot *slot, int stream) {
    char chunk[8192];
    ssize_t count = read(slot->streams[stream], chunk, sizeof chunk);
    if (count < 0 && errno == EINTR)
        return;
    if (count <= 0) {
        close_stream(&slot->streams[stream]);
        return;
    }
    size_t length = (size_t)count < slot->room ? (size_t)count : slot->room;
    for (size_t i = 0; i < length; i++)
        if (!chunk[i])
            chunk[i] = '?';
    text_add_bytes(stream ? &slot->outcome.errors : &slot->outcome.output, chunk, length);
    slot->room -= length;
    if (length < (size_t)count)
        stop(slot, PARALLEL_TALKATIVE);
}

// ---- All of them ----------------------------------------------------------------------------

static void hand_over(Pool *pool, size_t index, ParallelOutcome *outcome) {
    if (!pool->runs->end(pool->runs->context, index, outcome) && index + 1 < pool->wanted)
        pool->wanted = index + 1;
}

// Its streams are closed.
static void finish(Pool *pool, Slot *slot) {
    ParallelOutcome *outcome = &slot->outcome;
    int status = child_wait(slot->child);
    close_stream(&slot->gone);
    slot->runs = false;
    pool->running--;
    if (slot->index >= pool->wanted) {
        parallel_outcome_free(outcome);
        return;
    }
    outcome->seconds = now() - slot->begun;
    if (!slot->stopped) {
        outcome->end = WIFSIGNALED(status) ? PARALLEL_KILLED : PARALLEL_EXITED;
        outcome->number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    }
    hand_over(pool, slot->index, outcome);
}

static void begin(Pool *pool, Slot *slot) {
    size_t index = pool->next++;
    const ParallelProgram program = pool->runs->begin(pool->runs->context, index);
    double time = now();
    *slot = (Slot){.index = index,
                   .begun = time,
                   .deadline = time + program.seconds,
                   .room = program.output,
                   .stop = program.stop};
    Process process;
    if (process_start(&(ProcessStart){.words = program.words,
                                      .directory = program.directory,
                                      .output = true,
                                      .errors = true},
                      &process)) {
        slot->runs = true;
        slot->child = process.id;
        slot->gone = (int)syscall(SYS_pidfd_open, process.id, 0); // since Linux 5.3
        slot->streams[0] = process.output;
        slot->streams[1] = process.errors;
        pool->running++;
        return;
    }
    slot->outcome.end = PARALLEL_UNSTARTED;
    slot->outcome.number = errno;
    hand_over(pool, index, &slot->outcome);
}

static void fill(Pool *pool) {
    for (size_t i = 0; i < pool->runs->width; i++)
        while (!pool->slots[i].runs && pool->next < pool->wanted)
            begin(pool, &pool->slots[i]);
}

// Ends those that are out of time, or that nobody wants any more.
static void stop_some(Pool *pool) {
    double time = now();
    for (size_t i = 0; i < pool->runs->width; i++) {
        Slot *slot = &pool->slots[i];
        bool unwanted =
            slot->index >= pool->wanted || time >= slot->deadline || (slot->stop && *slot->stop);
        if (slot->runs && !slot->stopped && unwanted)
            stop(slot, PARALLEL_LATE);
    }
}

// How long there is nothing to do for a slot unless something comes, in milliseconds. Who has
// closed its streams is about to end, which has to be looked for where no file tells it.
static double patience_of(const Slot *slot, double time, double most) {
    if (!slot->runs)
        return most;
    if (!is_open(slot) && slot->gone < 0)
        return 0;
    return slot->stopped ? most : 1e3 * (slot->deadline - time);
}

static int patience(const Pool *pool) {
    double time = now(), least = 1e6;
    for (size_t i = 0; i < pool->runs->width; i++) {
        double left = patience_of(&pool->slots[i], time, least);
        least = left < least ? left : least;
    }
    return least < 0 ? 0 : (int)least + 1;
}

static void listen(Pool *pool) {
    struct pollfd polls[(STREAMS + 1) * CHILDREN_MOST];
    size_t width = pool->runs->width, count = STREAMS * width;
    for (size_t i = 0; i < count; i++) {
        const Slot *slot = &pool->slots[i / STREAMS];
        int stream = slot->runs ? slot->streams[i % STREAMS] : -1;
        polls[i] = (struct pollfd){.fd = stream, .events = POLLIN};
    }
    for (size_t i = 0; i < width; i++) {
        const Slot *slot = &pool->slots[i];
        bool is_ending = slot->runs && !is_open(slot);
        polls[count + i] = (struct pollfd){.fd = is_ending ? slot->gone : -1, .events = POLLIN};
    }
    if (poll(polls, count + width, patience(pool)) <= 0)
        return;
    for (size_t i = 0; i < count; i++) {
        Slot *slot = &pool->slots[i / STREAMS];
        if (polls[i].fd >= 0 && polls[i].revents && slot->streams[i % STREAMS] >= 0)
            take(slot, (int)(i % STREAMS));
    }
}

void parallel_run(const ParallelRuns *runs) {
    assert(runs->width > 0 && runs->width <= CHILDREN_MOST);
    Pool pool = {.runs = runs, .wanted = runs->count};
    for (fill(&pool); pool.running; fill(&pool)) {
        listen(&pool);
        stop_some(&pool);
        for (size_t i = 0; i < runs->width; i++) {
            Slot *slot = &pool.slots[i];
            if (slot->runs && !is_open(slot) && child_has_ended(slot->child))
                finish(&pool, slot);
        }
    }
}

// ---- A single one ---------------------------------------------------------------------------

typedef struct Single {
    const ParallelProgram *program;
    ParallelOutcome outcome;
} Single;

static ParallelProgram begin_single(void *context, size_t index) {
    (void)index;
    return *((const Single *)context)->program;
}

static bool end_single(void *context, size_t index, ParallelOutcome *outcome) {
    (void)index;
    ((Single *)context)->outcome = *outcome;
    return true;
}

ParallelOutcome parallel_run_one(const ParallelProgram *program) {
    Single single = {.program = program};
    parallel_run(&(ParallelRuns){
        .count = 1, .width = 1, .context = &single, .begin = begin_single, .end = end_single});
    return single.outcome;
}

size_t parallel_processors(void) {
    cpu_set_t processors;
    if (sched_getaffinity(0, sizeof processors, &processors) != 0)
        return 1;
    size_t count = (size_t)CPU_COUNT(&processors);
    return count > CHILDREN_MOST ? CHILDREN_MOST : count;
}
