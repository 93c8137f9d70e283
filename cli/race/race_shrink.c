// See race.h. What was found is followed without ever more of its decisions, as long as it fails in
// the same way; and at last for whoever reads it, with lines.
#include "cli/race/race.h"

#include "cli/command.h"
#include "support/output_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// ---- Logs -----------------------------------------------------------------------------------

bool race_read_log(const RaceRequest *request, Arena *arena, ScheduleLog *schedule) {
    Text text = {0};
    bool good = text_read_file_up_to(&text, request->log, LOG_MOST);
    if (!good)
        command_failure("can't read the schedule that was followed: %s", strerror(errno));
    good = good && schedule_log_read(schedule, arena, request->log, &text, stderr);
    text_free(&text);
    return good;
}

// The comment tells who finds the file what it is of.
bool race_write(const char *path, const Race *race) {
    Text text = {0}, schedule = {0};
    const RaceSchedule saved = {.is_replay = true, .replay = path};
    schedule_log_print(&race->before, race->kept, &schedule);
    const char *rest = strchr(text_chars(&schedule), '\n') + 1;
    text_add_bytes(&text, text_chars(&schedule), (size_t)(rest - text_chars(&schedule)));
    text_add(&text, "# ");
    race_command(race->request, &saved, &text);
    text_add(&text, "\n# ");
    verdict_describe(&race->verdict, &text);
    text_addf(&text, "\n%s", rest);
    bool good = command_write(path, &text);
    text_free(&text);
    text_free(&schedule);
    return good;
}

// ---- Shrinking ------------------------------------------------------------------------------

// Followed, a schedule may leave threads without turns: that one comes to the most steps means
// nothing here.
static Verdict judge(const Race *race, const ParallelOutcome *outcome, Arena *arena) {
    const RaceRequest *request = race->request;
    VerdictRules rules = {request->mustnt_match, request->same_output ? &race->output : NULL};
    return verdict_find(&rules, outcome, false, arena);
}

// Of what has been found, a part that fails in the same way won't take many times as long. But many
// parts leave a thread waiting in a loop for another one that has no turn, and all of these come to
// the most steps. (0 steps: it was killed, and nobody has counted them.)
static uint64_t most_steps(const Race *race) {
    enum { TIMES = 8, LEAST = 10000 };
    uint64_t most = (uint64_t)race->request->steps, steps = race->before.steps;
    if (!race->found || !steps || most < LEAST || steps > (most - LEAST) / TIMES)
        return most;
    return steps * TIMES + LEAST;
}

static RaceSchedule replay_of(const Race *race) {
    return (RaceSchedule){
        .is_replay = true, .replay = race->request->replay, .most = most_steps(race)};
}

// Writes the decisions where interpreters read them.
static bool write_replay(const Race *race, const bool *kept) {
    Text text = {0};
    schedule_log_print(&race->before, kept, &text);
    bool good = output_file_write(race->request->replay, &text);
    text_free(&text);
    return good;
}

// A DdminTest.
static bool still_fails(void *context, const bool *kept, size_t count) {
    (void)count;
    const Race *race = context;
    const RaceRequest *request = race->request;
    if (!write_replay(race, kept))
        return false;
    Arena *arena = arena_new();
    RaceSchedule schedule = replay_of(race);
    ParallelOutcome outcome = race_run(request, arena, &schedule, RACE_NO_LOG);
    Verdict verdict = judge(race, &outcome, arena);
    bool same = verdict_is_same(&verdict, &race->verdict);
    parallel_outcome_free(&outcome);
    arena_free(arena);
    return same;
}

void race_shrink(Race *race) {
    race->was_shrunk = race->request->shrinking > 0;
    if (!race->was_shrunk)
        return;
    bool *kept = ARENA_ARRAY(race->arena, bool, race->before.switches + 1);
    race->shrinking =
        shrink(kept, race->before.switches, (size_t)race->request->shrinking, still_fails, race);
    race->kept = kept;
}

// ---- Looking --------------------------------------------------------------------------------

static int compare(const void *one, const void *other) {
    const LogRecord *a = *(const LogRecord *const *)one, *b = *(const LogRecord *const *)other;
    const uint64_t keys[][2] = {{a->thread, b->thread}, {a->count, b->count}, {a->next, b->next}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

// The switches in an order of their own.
static const LogRecord **sorted(const ScheduleLog *schedule, Arena *scratch) {
    const LogRecord **switches = ARENA_ARRAY(scratch, const LogRecord *, schedule->switches + 1);
    size_t count = 0;
    for (size_t i = 0; i < schedule->records.count; i++)
        if (schedule->records.items[i].kind != LOG_LINE)
            switches[count++] = &schedule->records.items[i];
    qsort(switches, count, sizeof *switches, compare);
    return switches;
}

const LogRecord *race_decided_twice(const ScheduleLog *schedule) {
    Arena *scratch = arena_new();
    const LogRecord **switches = sorted(schedule, scratch), *twice = NULL;
    for (size_t i = 1; i < schedule->switches && !twice; i++)
        if (switches[i - 1]->thread == switches[i]->thread &&
            switches[i - 1]->count == switches[i]->count)
            twice = switches[i];
    arena_free(scratch);
    return twice;
}

// How many of the decisions didn't come about.
static size_t count_not_taken(const ScheduleLog *decisions, const ScheduleLog *log) {
    Arena *scratch = arena_new();
    const LogRecord **wanted = sorted(decisions, scratch), **taken = sorted(log, scratch);
    size_t missing = 0, at = 0;
    for (size_t i = 0; i < decisions->switches; i++) {
        while (at < log->switches && compare(&taken[at], &wanted[i]) < 0)
            at++;
        missing += at == log->switches || compare(&taken[at], &wanted[i]) != 0;
    }
    arena_free(scratch);
    return missing;
}

// Runs it for the last time; false after an error on stderr.
static bool run_last(Race *race, const RaceSchedule *schedule, RaceLog log) {
    const RaceRequest *request = race->request;
    ParallelOutcome outcome = race_run(request, race->arena, schedule, log);
    Verdict verdict = judge(race, &outcome, race->arena);
    race->output_text = outcome.output;
    race->errors_text = outcome.errors;
    if (race->found)
        race->repeats &= verdict_is_same(&verdict, &race->verdict);
    else
        race->verdict = verdict;
    if (verdict.kind != VERDICT_UNSTARTED && verdict.kind != VERDICT_LATE)
        return true;
    Text text = {0};
    verdict_describe(&verdict, &text);
    command_failure("%s: %s", request->executable, text_chars(&text));
    text_free(&text);
    return false;
}

bool race_look(Race *race) {
    return run_last(race, &race->schedule, RACE_NO_LOG);
}

bool race_follow(Race *race) {
    const RaceRequest *request = race->request;
    if (!write_replay(race, race->kept))
        return command_failure("can't write %s: %s", request->replay, strerror(errno)) == EXIT_OK;
    RaceSchedule schedule = replay_of(race);
    if (!run_last(race, &schedule, RACE_LOG_LINES) ||
        !race_read_log(request, race->arena, &race->after))
        return false;
    race->was_followed = true;
    race->not_taken = race->found ? 0 : count_not_taken(&race->before, &race->after);
    interleaving_make(&race->interleaving, race->arena, &race->after);
    return true;
}
