// See race.h. The seeds are run in parallel, and the lowest that fails is what is reported: so the
// result is the same however many run at a time.
#include "cli/race/race.h"

#include "cli/command.h"
#include "support/shell_word.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

// ---- Schedules ------------------------------------------------------------------------------

// The schedule of a seed. How long turns are at random is the seed's remainder by the number of
// such lengths. So which seeds are random must have nothing to do with remainders: with every
// second one half of the lengths might never come.
static RaceSchedule schedule_of(const Race *race, uint64_t seed) {
    const RaceRequest *request = race->request;
    bool is_odd = __builtin_popcountll(seed) % 2;
    bool is_pct = request->strategy == RACE_BOTH ? is_odd : request->strategy == RACE_PCT;
    return (RaceSchedule){
        .seed = seed, .is_pct = is_pct, .depth = request->depth, .length = race->length};
}

static void add_schedule_words(Arena *arena, const RaceSchedule *schedule, char **words,
                               size_t *count) {
    if (schedule->is_replay) {
        words[(*count)++] = arena_printf(arena, "--schedule-replay=%s", schedule->replay);
    } else {
        words[(*count)++] =
            arena_printf(arena, "--schedule-seed=%llu", (unsigned long long)schedule->seed);
        const char *length = arena_printf(arena, ":%llu", (unsigned long long)schedule->length);
        words[(*count)++] =
            schedule->is_pct
                ? arena_printf(arena, "--schedule=pct:%d%s", schedule->depth, length)
                : arena_printf(arena, "--schedule=random%s", schedule->length ? length : "");
    }
    if (schedule->most)
        words[(*count)++] =
            arena_printf(arena, "--schedule-steps=%llu", (unsigned long long)schedule->most);
}

enum { MOST_WORDS = 8 }; // besides the program's

static ParallelProgram program_of(const RaceRequest *request, Arena *arena,
                                  const RaceSchedule *schedule, RaceLog log) {
    char **words = ARENA_ARRAY(arena, char *, request->program_count + MOST_WORDS);
    size_t count = 0;
    words[count++] = (char *)request->executable;
    add_schedule_words(arena, schedule, words, &count);
    if (!schedule->most)
        words[count++] = arena_printf(arena, "--schedule-steps=%d", request->steps);
    if (log != RACE_NO_LOG)
        words[count++] = arena_printf(arena, "--schedule-log=%s", request->log);
    if (log == RACE_LOG_LINES)
        words[count++] = "--schedule-lines";
    if (log == RACE_LOG_TOTAL)
        words[count++] = "--schedule-total";
    for (int i = 0; i < request->program_count; i++)
        words[count++] = request->program[i];
    return (ParallelProgram){
        .words = words, .seconds = request->seconds, .output = RACE_MOST_OUTPUT};
}

ParallelOutcome race_run(const RaceRequest *request, Arena *arena, const RaceSchedule *schedule,
                         RaceLog log) {
    const ParallelProgram program = program_of(request, arena, schedule, log);
    return parallel_run_one(&program);
}

void race_command(const RaceRequest *request, const RaceSchedule *schedule, Text *out) {
    Arena *arena = arena_new();
    char *words[MOST_WORDS];
    size_t count = 0;
    add_schedule_words(arena, schedule, words, &count);
    if (request->flags)
        text_addf(out, "loopwright run %s", request->flags);
    else
        text_add_shell_word(out, request->executable);
    for (size_t i = 0; i < count + (size_t)request->program_count; i++) {
        text_add(out, " ");
        text_add_shell_word(out, i < count ? words[i] : request->program[i - count]);
    }
    arena_free(arena);
}

// ---- The search -----------------------------------------------------------------------------

static VerdictRules rules_of(const Race *race) {
    return (VerdictRules){race->request->mustnt_match,
                          race->request->same_output ? &race->output : NULL};
}

// What couldn't be run at all ends the search.
static bool report_unstarted(const Race *race, const Verdict *verdict) {
    if (verdict->kind != VERDICT_UNSTARTED)
        return false;
    command_failure("can't start %s: %s", race->request->executable, strerror(verdict->number));
    return true;
}

// Interpreters that know no schedules write none, and say that they don't.
static bool report_no_log(const Race *race, const Verdict *verdict, ParallelEnd end) {
    struct stat status;
    if (end != PARALLEL_EXITED || stat(race->request->log, &status) != 0 || status.st_size > 0)
        return false;
    command_failure("%s follows no schedule%s%s", race->request->executable,
                    verdict->line ? ": " : "", verdict->line ? verdict->line : "");
    return true;
}

// The schedule that all others are compared with, and PCT takes the length of: always the same one,
// so that a seed means the same schedule whichever others are tried.
static bool measure(Race *race) {
    enum { UNKNOWN_LENGTH = 1000 };
    const RaceRequest *request = race->request;
    const RaceSchedule first = {.seed = 0};
    ParallelOutcome outcome = race_run(request, race->arena, &first, RACE_LOG_TOTAL);
    race->output = verdict_hash(&outcome);
    Verdict verdict = verdict_find(&(VerdictRules){0}, &outcome, true, race->arena);
    ParallelEnd end = outcome.end;
    parallel_outcome_free(&outcome);
    if (end == PARALLEL_LATE) {
        command_failure("the first schedule was not over in %d s of real time (--timeout=SECONDS)",
                        request->seconds);
        return false;
    }
    if (report_unstarted(race, &verdict) || report_no_log(race, &verdict, end))
        return false;
    // Of what was killed the end of the log isn't there.
    ScheduleLog log = {0};
    if (end == PARALLEL_EXITED && !race_read_log(request, race->arena, &log))
        return false;
    race->length = end != PARALLEL_EXITED ? UNKNOWN_LENGTH : log.steps ? log.steps : 1;
    return true;
}

typedef struct Search {
    Race *race;
    Arena **arenas; // of each run that is under way, by index
    Verdict *verdicts;
    size_t first_failing; // no run: SIZE_MAX
} Search;

static ParallelProgram begin_seed(void *context, size_t index) {
    const Search *search = context;
    const Race *race = search->race;
    search->arenas[index] = arena_new();
    RaceSchedule schedule = schedule_of(race, race->request->first_seed + index);
    return program_of(race->request, search->arenas[index], &schedule, RACE_NO_LOG);
}

static bool end_seed(void *context, size_t index, ParallelOutcome *outcome) {
    Search *search = context;
    Race *race = search->race;
    VerdictRules rules = rules_of(race);
    Verdict verdict = verdict_find(&rules, outcome, true, race->arena);
    parallel_outcome_free(outcome);
    arena_free(search->arenas[index]);
    search->arenas[index] = NULL;
    search->verdicts[index] = verdict;
    bool goes_on =
        (race->request->counts || !verdict_fails(&verdict)) && verdict.kind != VERDICT_UNSTARTED;
    if (!goes_on && index < search->first_failing)
        search->first_failing = index;
    return goes_on;
}

// Counts those before the first that fails: what else ran by then depends on how many run at a
// time.
static void count_verdicts(const Search *search) {
    Race *race = search->race;
    race->tried = search->first_failing < race->request->seeds ? search->first_failing + 1
                                                               : race->request->seeds;
    for (size_t i = 0; i < race->tried; i++) {
        const Verdict *verdict = &search->verdicts[i];
        bool is_pct = schedule_of(race, race->request->first_seed + i).is_pct;
        race->drawn[is_pct]++;
        race->failing[is_pct] += verdict_fails(verdict);
        race->late += verdict->kind == VERDICT_LATE;
        race->differing += verdict->kind == VERDICT_GOOD && verdict->output != race->output;
    }
}

static bool try_seeds(Race *race) {
    const RaceRequest *request = race->request;
    Search search = {.race = race, .first_failing = SIZE_MAX};
    search.arenas = ARENA_ARRAY(race->arena, Arena *, request->seeds);
    search.verdicts = ARENA_ARRAY(race->arena, Verdict, request->seeds);
    parallel_run(&(ParallelRuns){.count = request->seeds,
                                 .width = (size_t)request->jobs,
                                 .context = &search,
                                 .begin = begin_seed,
                                 .end = end_seed});
    for (size_t i = 0; i < request->seeds; i++)
        if (search.arenas[i])
            arena_free(search.arenas[i]);
    count_verdicts(&search);
    race->found = search.first_failing != SIZE_MAX;
    if (!race->found)
        return true;
    race->verdict = search.verdicts[search.first_failing];
    race->schedule = schedule_of(race, request->first_seed + search.first_failing);
    if (race->verdict.kind == VERDICT_ENDLESS)
        race->schedule.most = (uint64_t)request->steps;
    return !report_unstarted(race, &race->verdict);
}

// ---- What fails -----------------------------------------------------------------------------

// Run again with a log: what is in it is what is shrunk.
static bool run_logged(Race *race) {
    const RaceRequest *request = race->request;
    ParallelOutcome outcome = race_run(request, race->arena, &race->schedule, RACE_LOG_SWITCHES);
    VerdictRules rules = rules_of(race);
    Verdict verdict = verdict_find(&rules, &outcome, true, race->arena);
    race->repeats = verdict_is_same(&verdict, &race->verdict);
    parallel_outcome_free(&outcome);
    return race_read_log(request, race->arena, &race->before);
}

// If the program does something else the second time, it depends on more than its schedule, and
// nothing that is found out by running it is worth anything. What doesn't end isn't shrunk, and its
// log would have no end either.
static bool examine(Race *race) {
    race->repeats = true;
    if (race->verdict.kind == VERDICT_ENDLESS)
        return race_look(race);
    if (!run_logged(race))
        return false;
    if (!race->repeats)
        return race_look(race);
    race_shrink(race);
    return race->was_shrunk && !race->shrinking.fails ? race_look(race) : race_follow(race);
}

// A part of the schedule that is followed is read first, so that what is wrong with it is said with
// its place.
bool race_replay(Race *race, const char *path) {
    Text text = {0};
    bool good = text_read_file_up_to(&text, path, LOG_MOST);
    if (!good)
        command_failure("can't read %s: %s", command_input_name(path), strerror(errno));
    good = good && schedule_log_read(&race->before, race->arena, path, &text, stderr);
    text_free(&text);
    const LogRecord *twice = good ? race_decided_twice(&race->before) : NULL;
    if (twice)
        command_failure("%s: step %llu of thread %llu is decided twice", path,
                        (unsigned long long)twice->count, (unsigned long long)twice->thread);
    race->schedule = (RaceSchedule){.is_replay = true, .replay = path};
    return good && !twice && race_follow(race);
}

bool race_search(Race *race) {
    return measure(race) && try_seeds(race) && (!race->found || examine(race));
}
