// See run_judge.h. A program's own lines count (those of a harness, or such as --time-line=
// describes), or the time of its process; and its result is right if it says so, or if --check=
// does.
#include "cli/bench/run_judge.h"

#include "cli/bench/harness_output.h"
#include "cli/emitter.h"
#include "support/interruption.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- Lines of the program's own ---------------------------------------------------------------

enum { GROUPS = 3 }; // the whole, the time, its unit
enum { CHECK_OUTPUT_MOST = 16 << 20 };

static const char *group_text(Arena *arena, const char *text, const regmatch_t *group) {
    return group->rm_so < 0
               ? NULL
               : arena_strndup(arena, text + group->rm_so, (size_t)(group->rm_eo - group->rm_so));
}

// How many microseconds the unit has; 0: it is none.
static double unit_of(const char *name) {
    static const struct {
        const char *name;
        double microseconds;
    } units[] = {{"us", 1}, {"\u00b5s", 1}, {"ms", 1e3}, {"s", 1e6}, {"ns", 1e-3}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (!name || !*name || strcmp(name, units[i].name) == 0)
            return units[i].microseconds;
    return 0;
}

// Below 0: it is no time.
static double time_of(const char *number, const char *unit) {
    char *end;
    double time = number ? strtod(number, &end) : -1;
    bool good = number && *number && !*end && isfinite(time) && time >= 0;
    return good && unit_of(unit) > 0 ? time * unit_of(unit) : -1;
}

// Any time that can't be read makes the whole run wrong: to leave it out would shift the median
// without a word.
static HarnessRun read_lines(Arena *arena, const regex_t *line, const char *output) {
    ARENA_VECTOR(double) times = {0};
    regmatch_t groups[GROUPS] = {{0}};
    for (const char *at = output;
         regexec(line, at, GROUPS, groups, at > output ? REG_NOTBOL : 0) == 0;) {
        const char *unit = line->re_nsub >= 2 ? group_text(arena, at, &groups[2]) : NULL;
        double time = time_of(group_text(arena, at, &groups[1]), unit);
        if (time < 0)
            return (HarnessRun){
                RUN_WRONG, arena_printf(arena, "not a time: %s", group_text(arena, at, groups)),
                NULL, 0};
        ARENA_PUSH(arena, &times, time);
        at += groups[0].rm_eo;
        at += strcspn(at, "\n");
        if (!*at++)
            break;
    }
    return (HarnessRun){times.count ? RUN_VERIFIED : RUN_WRONG,
                        times.count ? NULL : "no line has a time (--time-line)", times.items,
                        times.count};
}

// ---- Verdicts ---------------------------------------------------------------------------------

// By its own clock, a process need print nothing but what it would.
static void judge_process(Arena *arena, const ParallelOutcome *outcome, const HarnessRun *harness,
                          CampaignRun *run) {
    int status = parallel_status(outcome);
    run->verdict = harness->verdict == RUN_UNKNOWN ? RUN_UNKNOWN
                   : status == 0                   ? RUN_VERIFIED
                                                   : RUN_WRONG;
    run->reason = NULL;
    if (run->verdict != RUN_VERIFIED)
        run->reason = harness->reason
                          ? harness->reason
                          : harness_failure(arena, status, &outcome->output, &outcome->errors);
}

// Asks the user's command. Its input is a file, so that one that reads nothing doesn't end us.
static void check_result(const Bench *bench, const ParallelOutcome *outcome, char *const *words,
                         CampaignRun *run) {
    Arena *arena = bench->arena;
    const char *output = emitter_temporary(arena, &outcome->output);
    ARENA_VECTOR(char *) command = {0};
    ARENA_PUSH(arena, &command, "/bin/sh");
    ARENA_PUSH(arena, &command, "-c");
    ARENA_PUSH(arena, &command, arena_printf(arena, "exec <\"$0\"\n%s", bench->check));
    ARENA_PUSH(arena, &command, (char *)(output ? output : "/dev/null"));
    for (words++; words[-1] && *words; words++)
        ARENA_PUSH(arena, &command, *words);
    ARENA_PUSH(arena, &command, NULL);
    ParallelOutcome checked = parallel_run_one(&(ParallelProgram){
        .words = command.items, .seconds = bench->limit, .output = CHECK_OUTPUT_MOST});
    int status = parallel_status(&checked);
    if (checked.end == PARALLEL_LATE) {
        run->verdict = RUN_WRONG;
        run->reason = arena_printf(arena, "--check: it took more than %g s", bench->limit);
    } else if (status != 0) {
        const Text *last = checked.errors.length ? &checked.errors : &checked.output;
        run->verdict = RUN_WRONG;
        run->reason =
            arena_printf(arena, "--check: exit status %d%s%.*s", status, last->length ? ": " : "",
                         (int)strcspn(text_chars(last), "\n"), text_chars(last));
    }
    parallel_outcome_free(&checked);
    temporary_remove(output);
}

static HarnessRun read_output(const Bench *bench, const ParallelOutcome *outcome) {
    int status = parallel_status(outcome);
    HarnessRun harness = harness_read(bench->arena, status, &outcome->output, &outcome->errors);
    bool has_ended_well = status == 0 && harness.verdict != RUN_UNKNOWN;
    return bench->time_line && has_ended_well
               ? read_lines(bench->arena, bench->time_line, text_chars(&outcome->output))
               : harness;
}

void run_judge(const Bench *bench, const ParallelOutcome *outcome, char *const *words,
               CampaignRun *run) {
    Arena *arena = bench->arena;
    if (outcome->end == PARALLEL_LATE || outcome->end == PARALLEL_TALKATIVE) {
        run->verdict = RUN_WRONG;
        run->reason = outcome->end == PARALLEL_LATE
                          ? arena_printf(arena, "it took more than %g s", bench->limit)
                          : "it printed more than 16 MiB";
        return;
    }
    HarnessRun harness = read_output(bench, outcome);
    bool has_no_time = harness.verdict == RUN_WRONG && parallel_status(outcome) == 0;
    if (bench->campaign->loop.count && has_no_time && !bench->time_line)
        harness.reason = "it prints no line of a harness: use --time=process, or --time-line=";
    run->verdict = harness.verdict;
    run->reason = harness.reason;
    run->iterations = harness.iterations;
    run->iteration_count = harness.count;
    if (bench->is_process)
        judge_process(arena, outcome, &harness, run);
    if (bench->check && run->verdict == RUN_VERIFIED)
        check_result(bench, outcome, words, run);
    if (run->verdict == RUN_VERIFIED)
        run->microseconds = bench->is_process ? run->wall : harness_median(arena, &harness);
}
