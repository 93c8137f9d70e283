// The runs of a campaign. They are interleaved, so that what disturbs the machine disturbs all
// subjects alike: in each round every subject runs every program once in every placement, in an
// order that is drawn anew. Those that are compared, the subjects on one program, are neighbours in
// time. (All runs of one subject first, then all of the next, would compare two hours of the day.)
//
// What the environment of a process is like moves its stack, which a program's time may depend on
// for no reason of its own (Mytkowicz, Diwan, Hauswirth and Sweeney, "Producing Wrong Data Without
// Doing Anything Obviously Wrong!", ASPLOS 2009). So its size is drawn anew for each run, too: what
// it does becomes noise, which intervals show.
#include "cli/bench/bench.h"
#include "cli/bench/counters.h"
#include "cli/bench/machine.h"
#include "cli/bench/random_numbers.h"
#include "cli/bench/raw_file.h"
#include "cli/bench/run_judge.h"
#include "cli/command.h"
#include "cli/parallel.h"
#include "cli/progress.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

// A run is made again so often if the machine was away, and a subject that failed so often in a row
// isn't run on that program any more.
enum { REPEATS_MOST = 2, FAILURES_MOST = 2, OUTPUT_MOST = 16 << 20, PADDING_MOST = 4096 };

// The clock showed that much more than the processor's time: a tenth, and not just the time in
// which a process is made.
static const double AWAY_PART = 0.1, AWAY_LEAST = 10000;

// One subject on one program, in all placements.
typedef struct Cell {
    int failures; // in a row
    int away;     // how often in a row it was so however often it was repeated
} Cell;

typedef struct Measuring {
    Bench *bench;
    Campaign *campaign;
    Cell *cells; // a row of programs for each subject
    bool *done;  // by subject, program, placement, run: those that the campaign has
    // Apart, as some runs may be there already, whose sizes needn't be drawn.
    RandomNumbers order;   // of runs
    RandomNumbers padding; // sizes of environments
    size_t made, all;      // runs
} Measuring;

static volatile sig_atomic_t interrupted;

static void note_interruption(int number) {
    (void)number;
    interrupted = 1;
}

// ---- One run ------------------------------------------------------------------------------------

static double microseconds_of(struct timeval time) {
    return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

static void vary_environment(Measuring *measuring) {
    char padding[PADDING_MOST];
    size_t length = random_numbers_below(&measuring->padding, PADDING_MOST);
    memset(padding, '.', length);
    padding[length] = '\0';
    setenv("LOOPWRIGHT_PADDING", padding, 1);
}

// What a program is started with, NULL at the end.
static PeerCommand command_of(const Measuring *measuring, size_t index, size_t program_index,
                              int placement) {
    const Bench *bench = measuring->bench;
    const BenchSubject *subject = &bench->subjects.items[index];
    const BenchProgram *program = &bench->programs.items[program_index];
    if (subject->commands)
        return subject->commands[program_index];
    ARENA_VECTOR(char *) words = {0};
    ARENA_PUSH(bench->arena, &words, (char *)subject->placements[placement].executable);
    for (size_t i = 0; i < program->count; i++)
        ARENA_PUSH(bench->arena, &words, program->words[i]);
    ARENA_PUSH(bench->arena, &words, NULL);
    return (PeerCommand){.words = words.items};
}

static CampaignRun run_once(Measuring *measuring, CampaignRun run) {
    const Bench *bench = measuring->bench;
    const PeerCommand command = command_of(measuring, run.subject, run.program, run.placement);
    struct rusage before, after;
    Counters counters;
    vary_environment(measuring);
    if (bench->with_counters)
        counters_begin(&counters);
    getrusage(RUSAGE_CHILDREN, &before);
    ParallelOutcome outcome = parallel_run_one(&(ParallelProgram){.words = command.words,
                                                                  .directory = command.directory,
                                                                  .seconds = bench->limit,
                                                                  .output = OUTPUT_MOST,
                                                                  .stop = &interrupted});
    getrusage(RUSAGE_CHILDREN, &after);
    if (bench->with_counters) {
        CounterFigures figures = counters_end(&counters);
        run.instructions = figures.instructions;
        run.cycles = figures.cycles;
        run.branch_misses = figures.branch_misses;
    }
    run.wall = outcome.seconds * 1e6;
    run.user = microseconds_of(after.ru_utime) - microseconds_of(before.ru_utime);
    run.system = microseconds_of(after.ru_stime) - microseconds_of(before.ru_stime);
    run_judge(bench, &outcome, command.words, &run);
    parallel_outcome_free(&outcome);
    return run;
}

static bool machine_was_away(const CampaignRun *run) {
    double away = run->wall - run->user - run->system;
    return away > AWAY_LEAST && away > AWAY_PART * run->wall;
}

// A program that waits by itself, for a clock or for its threads, looks as if the machine were
// away. So one that always does is taken as it is.
static CampaignRun run_undisturbed(Measuring *measuring, Cell *cell, const CampaignRun *plan) {
    CampaignRun run = run_once(measuring, *plan);
    while (machine_was_away(&run) && run.verdict == RUN_VERIFIED && !interrupted &&
           run.repeated < REPEATS_MOST && cell->away < REPEATS_MOST) {
        CampaignRun next = *plan;
        next.repeated = run.repeated + 1;
        run = run_once(measuring, next);
    }
    cell->away = machine_was_away(&run) ? cell->away + 1 : 0;
    return run;
}

// ---- The order ----------------------------------------------------------------------------------

static void shuffle(RandomNumbers *random, size_t *numbers, size_t count) {
    for (size_t i = 0; i < count; i++)
        numbers[i] = i;
    for (size_t left = count; left > 1; left--) {
        size_t chosen = random_numbers_below(random, left), last = numbers[left - 1];
        numbers[left - 1] = numbers[chosen];
        numbers[chosen] = last;
    }
}

static bool *done_at(const Measuring *measuring, const CampaignRun *run) {
    const Campaign *campaign = measuring->campaign;
    size_t index = run->subject * campaign->programs.count + run->program;
    index = index * campaign->layouts + (size_t)run->placement;
    return &measuring->done[index * campaign->runs + (size_t)run->run];
}

static Cell *cell_of(const Measuring *measuring, const CampaignRun *run) {
    return &measuring->cells[run->subject * measuring->campaign->programs.count + run->program];
}

static void count_failure(Cell *cell, const CampaignRun *run) {
    cell->failures = run->verdict == RUN_VERIFIED ? 0 : cell->failures + 1;
}

// Makes the run, unless it was made. False if it can't be written.
static bool make_run(Measuring *measuring, CampaignRun plan) {
    Bench *bench = measuring->bench;
    Campaign *campaign = measuring->campaign;
    Cell *cell = cell_of(measuring, &plan);
    bool *done = done_at(measuring, &plan);
    if (*done || cell->failures >= FAILURES_MOST || interrupted)
        return true;
    CampaignRun run = run_undisturbed(measuring, cell, &plan);
    if (interrupted)
        return true; // it was ended by us
    *done = true;
    count_failure(cell, &run);
    ARENA_PUSH(bench->arena, &campaign->measured, run);
    return !bench->raw || raw_file_put_run(bench->raw, campaign, &run);
}

static CampaignRun plan_of(size_t subject, size_t program, size_t placement, size_t run) {
    return (CampaignRun){.subject = subject,
                         .program = program,
                         .placement = (int)placement,
                         .run = (int)run,
                         .microseconds = RUN_NO_FIGURE,
                         .instructions = RUN_NO_FIGURE,
                         .cycles = RUN_NO_FIGURE,
                         .branch_misses = RUN_NO_FIGURE};
}

// All subjects on one program in one placement; a peer has but one.
static bool run_group(Measuring *measuring, size_t program, size_t placement, size_t round) {
    size_t count = measuring->campaign->subjects.count;
    size_t *order = ARENA_ARRAY(measuring->bench->arena, size_t, count);
    shuffle(&measuring->order, order, count);
    for (size_t i = 0; i < count; i++) {
        const CampaignRun plan = plan_of(order[i], program, placement, round);
        bool was_there = *done_at(measuring, &plan);
        if (!make_run(measuring, plan))
            return false;
        if (!was_there && !interrupted)
            progress_tell("run", ++measuring->made, measuring->all);
    }
    return true;
}

// The order of a round is the seed's and its own number's, so that a campaign that is gone on with
// has the order that it would have had.
static bool run_round(Measuring *measuring, size_t round) {
    const Campaign *campaign = measuring->campaign;
    size_t groups = campaign->programs.count * campaign->layouts;
    size_t *order = ARENA_ARRAY(measuring->bench->arena, size_t, groups);
    measuring->order = random_numbers_begin(campaign->seed + round);
    shuffle(&measuring->order, order, groups);
    for (size_t i = 0; i < groups && !interrupted; i++)
        if (!run_group(measuring, order[i] / campaign->layouts, order[i] % campaign->layouts,
                       round))
            return false;
    return true;
}

// ---- All of it ----------------------------------------------------------------------------------

// Those that are there were made in this order, so a subject that had failed too often before isn't
// run any more.
static void note_what_is_done(Measuring *measuring) {
    const Campaign *campaign = measuring->campaign;
    for (size_t i = 0; i < campaign->measured.count; i++) {
        const CampaignRun *run = &campaign->measured.items[i];
        count_failure(cell_of(measuring, run), run);
        if ((size_t)run->placement >= campaign->layouts || (size_t)run->run >= campaign->runs)
            continue;
        measuring->made += !*done_at(measuring, run);
        *done_at(measuring, run) = true;
    }
}

static void warm_up(Measuring *measuring) {
    const Campaign *campaign = measuring->campaign;
    size_t cells = campaign->subjects.count * campaign->programs.count;
    size_t all = cells * (size_t)measuring->bench->warmups;
    for (size_t i = 0; i < all && !interrupted; i++) {
        size_t cell = i % cells;
        (void)run_once(measuring, plan_of(cell / campaign->programs.count,
                                          cell % campaign->programs.count, 0, 0));
        progress_tell("warmed up", i + 1, all);
    }
}

static bool run_all(Measuring *measuring) {
    if (measuring->made < measuring->all)
        warm_up(measuring);
    for (size_t round = 0; round < measuring->campaign->runs && !interrupted; round++)
        if (!run_round(measuring, round))
            return !command_failure("the raw data can't be written: %s", strerror(errno));
    return true;
}

// Ctrl-C ends the run that is on, and the report is about those before it.
bool bench_measure(Bench *bench) {
    Campaign *campaign = bench->campaign;
    size_t cells = campaign->subjects.count * campaign->programs.count,
           all = cells * campaign->layouts * campaign->runs;
    Measuring measuring = {.bench = bench,
                           .campaign = campaign,
                           .cells = ARENA_ARRAY(bench->arena, Cell, cells),
                           .done = ARENA_ARRAY(bench->arena, bool, all),
                           .padding = random_numbers_begin(campaign->seed),
                           .all = all};
    const struct sigaction ours = {.sa_handler = note_interruption};
    struct sigaction before;
    note_what_is_done(&measuring);
    if (bench->is_pinned && !machine_pin())
        command_warning("runs can't be kept on one processor: %s", strerror(errno));
    sigaction(SIGINT, &ours, &before);
    bool good = run_all(&measuring);
    progress_end();
    sigaction(SIGINT, &before, NULL);
    machine_unpin();
    unsetenv("LOOPWRIGHT_PADDING");
    bench->was_interrupted = interrupted;
    return good;
}
