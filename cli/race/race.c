// `loopwright race`: the command line, and the order of the work.
#include "cli/race/race.h"

#include "cli/command.h"
#include "cli/emitted_cache.h"
#include "cli/parallel.h"
#include "support/interruption.h"
#include "support/json/json_text.h"
#include "support/shell_word.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEFAULT_SEEDS = 100,
    DEFAULT_DEPTH = 3,
    DEFAULT_STEPS = 2000000,
    DEFAULT_SECONDS = 300,
    DEFAULT_SHRINKING = 2000,
    DEFAULT_LINES = 24,
    UNSET = -1,
};

static const char policy_pass[] = "place-gil-checks", policy[] = "visible-effects";

typedef struct RaceOptions {
    Variant variant;
    int seeds, strategy, depth, jobs, steps, seconds, shrinking, lines;
    bool has_first;       // --first-seed
    bool has_seed;        // --seed
    uint64_t first, seed; // if they are given
    const char *fail_on, *save, *replay, *executable;
    bool fail_on_output, counts, json;
    OptionProgram program;
} RaceOptions;

// ---- Options --------------------------------------------------------------------------------

static int take_seed(const Command *command, const char *option, const char *value,
                     uint64_t *seed) {
    char *end;
    errno = 0;
    unsigned long long number = strtoull(value, &end, 10);
    if (errno || *value < '0' || *value > '9' || *end)
        return command_usage_error(command, "%s=%s: a number from 0 to 2^64-1 is wanted", option,
                                   value);
    *seed = number;
    return EXIT_OK;
}

static int take_one_seed(const Command *command, void *into, const char *value) {
    RaceOptions *options = into;
    options->has_seed = true;
    return take_seed(command, "--seed", value, &options->seed);
}

static int take_first_seed(const Command *command, void *into, const char *value) {
    RaceOptions *options = into;
    options->has_first = true;
    return take_seed(command, "--first-seed", value, &options->first);
}

static const Option option_list[] = {
    {OPTION_NUMBER, "--seeds", "N", "how many schedules (default 100)",
     .offset = offsetof(RaceOptions, seeds), .least = 1, .most = 1000000},
    {OPTION_CALL, "--first-seed", "N", "the seed of the first (default 0)",
     .take = take_first_seed},
    {OPTION_CALL, "--seed", "N", "this one only", .take = take_one_seed},
    {OPTION_CHOICE, "--strategy", RACE_STRATEGIES,
     "random: turns of random lengths. pct: random priorities, which change\n"
     "at DEPTH-1 places. both: half of the seeds each (default)",
     .offset = offsetof(RaceOptions, strategy)},
    {OPTION_NUMBER, "--depth", "N",
     "of pct: how many events the fault needs in a certain order\n(default 3)",
     .offset = offsetof(RaceOptions, depth), .least = 1, .most = 1000},
    {OPTION_TEXT, "--fail-on", "REGEX",
     "also a run fails that prints a line which this extended regular\n"
     "expression matches",
     .offset = offsetof(RaceOptions, fail_on)},
    {OPTION_SWITCH, "--fail-on-output", NULL,
     "also a run that prints something else than the first",
     .offset = offsetof(RaceOptions, fail_on_output)},
    {OPTION_SWITCH, "--count", NULL, "how many fail, of all: the first is no end, and isn't shown",
     .offset = offsetof(RaceOptions, counts)},
    {OPTION_NUMBER, "--steps", "N", "the most that a run may take (default 2000000)",
     .offset = offsetof(RaceOptions, steps), .least = 1, .most = 2000000000},
    {OPTION_NUMBER, "--timeout", "SECONDS",
     "the most of real time, for what takes no steps (default 300)",
     .offset = offsetof(RaceOptions, seconds), .least = 1, .most = 86400},
    {OPTION_NUMBER, "--jobs", "N", "so many at a time (default: one for each processor)",
     .offset = offsetof(RaceOptions, jobs), .least = 1, .most = CHILDREN_MOST},
    {OPTION_NUMBER, "--shrink", "N",
     "the most runs to find out which switches are needed (default 2000;\n"
     "0: the schedule is left as it is)",
     .offset = offsetof(RaceOptions, shrinking), .least = 0, .most = 1000000},
    {OPTION_TEXT, "--save", "FILE", "where to write what is left of the schedule that fails",
     .offset = offsetof(RaceOptions, save)},
    {OPTION_TEXT, "-o", "FILE", "the same", .offset = offsetof(RaceOptions, save)},
    {OPTION_TEXT, "--replay", "FILE", "no search: what happens under this schedule",
     .offset = offsetof(RaceOptions, replay)},
    {OPTION_TEXT, "--executable", "FILE",
     "an interpreter that was emitted before, instead of FLAGS",
     .offset = offsetof(RaceOptions, executable)},
    {OPTION_NUMBER, "--lines", "N",
     "the most lines of source that are shown of a turn (default 24; 0: all)",
     .offset = offsetof(RaceOptions, lines), .least = 0, .most = 1000000000},
    {OPTION_SWITCH, "--json", NULL, "data instead of text", .offset = offsetof(RaceOptions, json),
     .is_format = true},
};

const OptionTable command_race_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_PROGRAM,
    .options_behind = true,
    .words_offset = offsetof(RaceOptions, program),
    .takes_flags = true,
    .variant_offset = offsetof(RaceOptions, variant),
};

static int check_replay(const Command *command, const RaceOptions *options) {
    bool searches = options->counts || options->seeds != UNSET || options->has_first ||
                    options->has_seed || options->strategy != UNSET || options->depth != UNSET ||
                    options->shrinking != UNSET || options->jobs != UNSET || options->save;
    if (searches)
        return command_usage_error(
            command, "--replay searches for nothing: --seeds, --first-seed, --seed, --strategy, "
                     "--depth, --jobs, --count, --shrink and --save go without it");
    if (options->fail_on_output)
        return command_usage_error(command, "--fail-on-output compares several schedules: it goes "
                                            "without --replay");
    return EXIT_OK;
}

static int check_program(const Command *command, const OptionProgram *program) {
    if (program->count == 0 || (strcmp(program->words[0], "-cp") == 0 && program->count < 3))
        return command_usage_error(command, "no program is given");
    return EXIT_OK;
}

static int check_options(const Command *command, const RaceOptions *options) {
    if (options->executable && options->variant.has_flags)
        return command_usage_error(command, "what --executable names is emitted already: it has "
                                            "the flags that it was made with");
    if (options->replay)
        return check_replay(command, options);
    if (options->has_seed && (options->has_first || options->seeds != UNSET))
        return command_usage_error(command,
                                   "--seed is one schedule: --seeds and --first-seed go without");
    uint64_t seeds = options->seeds == UNSET ? DEFAULT_SEEDS : (uint64_t)options->seeds;
    if (options->has_first && options->first > UINT64_MAX - (seeds - 1))
        return command_usage_error(command, "there are no %llu seeds from %llu on",
                                   (unsigned long long)seeds, (unsigned long long)options->first);
    if (options->counts && (options->shrinking != UNSET || options->save))
        return command_usage_error(command, "--count shows no schedule: --shrink and --save go "
                                            "without it");
    if (options->depth != UNSET && options->strategy == RACE_RANDOM)
        return command_usage_error(command, "--depth is of pct: it goes without --strategy=random");
    return EXIT_OK;
}

static int compile_expression(const Command *command, const char *text, regex_t *expression) {
    int error = regcomp(expression, text, REG_EXTENDED | REG_NEWLINE);
    if (!error)
        return EXIT_OK;
    char message[256];
    regerror(error, expression, message, sizeof message);
    return command_usage_error(command, "--fail-on=%s: %s", text, message);
}

// ---- The command ----------------------------------------------------------------------------

static bool make_temporary_files(RaceRequest *request, Arena *arena) {
    request->log = command_temporary(arena, ".log");
    request->replay = request->log ? command_temporary(arena, ".schedule") : NULL;
    return request->replay;
}

// What to give `loopwright run` for the same interpreter.
static const char *flags_of(const Variant *variant, Arena *arena, int argc, char **argv) {
    static const char plugin[] = "--load-pass=";
    Text flags = {0};
    for (int i = 0; i < argc; i++)
        if (strncmp(argv[i], plugin, strlen(plugin)) == 0) {
            text_add_shell_word(&flags, argv[i]);
            text_add(&flags, " ");
        }
    variant_print(variant, &flags);
    if (variant->definition) {
        text_add(&flags, " ");
        text_add_shell_word(&flags, arena_printf(arena, "--definition=%s", variant->definition));
    }
    if (variant->llvm_version)
        text_addf(&flags, " --llvm=%d", variant->llvm_version);
    const char *kept = arena_strdup(arena, text_chars(&flags));
    text_free(&flags);
    return kept;
}

static int value_or(int value, int otherwise) {
    return value == UNSET ? otherwise : value;
}

static RaceRequest request_of(const RaceOptions *options) {
    return (RaceRequest){
        .program = options->program.words,
        .program_count = options->program.count,
        .first_seed = options->has_seed    ? options->seed
                      : options->has_first ? options->first
                                           : 0,
        .seeds = options->has_seed ? 1 : (size_t)value_or(options->seeds, DEFAULT_SEEDS),
        .strategy = (RaceStrategy)value_or(options->strategy, RACE_BOTH),
        .depth = value_or(options->depth, DEFAULT_DEPTH),
        .jobs = value_or(options->jobs, (int)parallel_processors()),
        .steps = options->steps,
        .seconds = options->seconds,
        .shrinking = value_or(options->shrinking, DEFAULT_SHRINKING),
        .most_lines = (size_t)options->lines,
        .same_output = options->fail_on_output,
        .save = options->save,
        .counts = options->counts,
    };
}

// Schedules of which nothing is known are no schedules without a failure.
static int conclude(const Race *race, const RaceOptions *options) {
    Text text = {0};
    (options->json ? race_json : race_report)(race, &text);
    bool written = command_write("-", &text);
    text_free(&text);
    if (!written)
        return EXIT_FAILED;
    if (race->found || (options->counts && race->failing[0] + race->failing[1]))
        return EXIT_FAILED;
    if (options->replay)
        return verdict_fails(&race->verdict) ? EXIT_FAILED : EXIT_OK;
    if (race->late)
        return command_failure(
            "%zu of %zu schedules were not over in %d s of real time: nothing is "
            "known of them (--timeout=SECONDS)",
            race->late, race->tried, options->seconds);
    return EXIT_OK;
}

static const char *emit(const Variant *variant, Arena *arena) {
    IrModule *module = variant_module(variant, arena, NULL, false, NULL);
    Emitted emitted;
    return module && emitted_cache_get(variant, arena, module, &emitted) ? emitted.executable
                                                                         : NULL;
}

static int run(const RaceOptions *options, RaceRequest *request, Arena *arena) {
    request->executable = options->executable ? emitted_before(options->executable, arena)
                                              : emit(&options->variant, arena);
    if (!request->executable || !make_temporary_files(request, arena))
        return EXIT_FAILED;
    Race *race = ARENA_NEW(arena, Race);
    race->request = request;
    race->arena = arena;
    bool good = options->replay ? race_replay(race, options->replay) : race_search(race);
    if (good && race->found && request->save)
        good = race_write(request->save, race);
    int status = good ? conclude(race, options) : EXIT_FAILED;
    text_free(&race->output_text);
    text_free(&race->errors_text);
    temporary_remove_all(); // an interpreter may be among them, that no cache could take
    return status;
}

// Schedules that nobody has promised not to be are what is looked for.
static void choose_policy(Variant *variant) {
    struct PipelineToggle *toggle = &variant->passes.toggles[pass_index(pass_find(policy_pass))];
    if (!variant->passes.passes && !toggle->given)
        *toggle = (struct PipelineToggle){true, true, policy};
}

int command_race(const Command *command, int argc, char **argv) {
    RaceOptions options = {.variant = variant_new(),
                           .seeds = UNSET,
                           .strategy = UNSET,
                           .depth = UNSET,
                           .jobs = UNSET,
                           .shrinking = UNSET,
                           .steps = DEFAULT_STEPS,
                           .seconds = DEFAULT_SECONDS,
                           .lines = DEFAULT_LINES};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    regex_t expression;
    status = check_program(command, &options.program);
    if (!status)
        status = check_options(command, &options);
    if (!status && options.fail_on)
        status = compile_expression(command, options.fail_on, &expression);
    if (status)
        return status;
    Arena *arena = arena_new();
    RaceRequest request = request_of(&options);
    request.mustnt_match = options.fail_on ? &expression : NULL;
    choose_policy(&options.variant);
    if (!options.executable)
        request.flags = flags_of(&options.variant, arena, argc - options.program.count, argv);
    status = run(&options, &request, arena);
    if (options.fail_on)
        regfree(&expression);
    arena_free(arena);
    return status;
}
