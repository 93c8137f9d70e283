// `loopwright profile`: what programs execute, for passes that want to know. There is one kind:
// --bytecodes chooses the sequences of bytecodes that are worth a superinstruction, and prints
// them as a profile that the pass superinstructions reads (or as JSON).
//
// Programs run in the reference evaluator, each in a process of its own, since a runtime may keep
// what it likes in global variables. What they print goes to standard error: standard output is
// the profile's.
#include "cli/choose_sequences.h"
#include "cli/command.h"
#include "cli/default_loop.h"
#include "cli/evaluation.h"
#include "passes/superinstructions.h"
#include "support/interruption.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROGRAMS_MOST = 100 };

typedef struct ProfileOptions {
    Variant variant;
    Evaluation evaluation;
    int bytecodes; // 0: not asked for
    SequenceBounds bounds;
    bool json;
    const char *output;
    const char *more[PROGRAMS_MOST]; // of --program
    int more_count;
    OptionProgram program;
} ProfileOptions;

static int take_program(const Command *command, void *into, const char *words) {
    ProfileOptions *options = into;
    if (!words[strspn(words, " \t\n")])
        return command_usage_error(command, "no program is given by --program=");
    if (options->more_count == PROGRAMS_MOST)
        return command_usage_error(command, "there are more than %d programs", PROGRAMS_MOST);
    options->more[options->more_count++] = words;
    return EXIT_OK;
}

static const Option option_list[] = {
    {OPTION_NUMBER, "--bytecodes", "N",
     "sequences of bytecodes that are worth a superinstruction, N at\nmost (default: 250)",
     .offset = offsetof(ProfileOptions, bytecodes), .without = "250", .least = 1,
     .most = SEQUENCE_MOST},
    {OPTION_NUMBER, "--most-code", "N",
     "so many instructions of IR may their superinstructions have,\ntogether (default: 40000)",
     .offset = offsetof(ProfileOptions, bounds.most_code), .least = 1, .most = 1000000},
    {OPTION_SWITCH, "--for-others", NULL,
     "sequences for programs other than these: what only one of them\nexecutes doesn't count",
     .offset = offsetof(ProfileOptions, bounds.for_others)},
    {OPTION_CALL, "--program", "'[-cp DIR] CLASS ARGS'",
     "another program; all count alike, however long they run. Without a\n"
     "-cp of its own it has that of the one at the end",
     .take = take_program},
    {OPTION_SWITCH, "--json", NULL, "data instead of a profile",
     .offset = offsetof(ProfileOptions, json)},
    {OPTION_TEXT, "-o", "FILE", "where to (default: standard output, also `-`)",
     .offset = offsetof(ProfileOptions, output)},
    {OPTION_TEXT, "--externals", "LIB.so", "the functions of a loop that is not SOM",
     .offset = offsetof(ProfileOptions, evaluation.externals)},
    {OPTION_TEXT, "--entry", "NAME", "with --externals: the library's entry function",
     .offset = offsetof(ProfileOptions, evaluation.entry)},
};

const OptionTable command_profile_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_PROGRAM,
    .words_offset = offsetof(ProfileOptions, program),
    .takes_flags = true,
    .variant_offset = offsetof(ProfileOptions, variant),
};

typedef struct Profile {
    const ProfileOptions *options;
    Arena *arena;
    IrModule *module;
    IrTable *table;
    SequenceParts parts;
    ProfiledPrograms programs;
    ChosenSequences chosen;
} Profile;

// ---- The loop ------------------------------------------------------------------------------

static bool has_superinstructions(const IrTable *table) {
    for (size_t i = 0; i < table->bytecodes.count; i++)
        if (table->bytecodes.items[i].origin == IR_ORIGIN_FUSED)
            return true;
    return false;
}

// The pass's own analysis says where a sequence ends. It looks at form `loop`.
static bool read_loop(Profile *profile) {
    IrModule *module = profile->module =
        variant_module(&profile->options->variant, profile->arena, NULL, false, NULL);
    if (!module)
        return false;
    if (module->form != IR_FORM_LOOP || !module->functions.count || !module->tables.count) {
        command_failure("bytecodes are profiled in form `loop`; leave out replicate-dispatch and "
                        "tail-call-handlers");
        return false;
    }
    IrTable *table = profile->table = module->tables.items[0];
    if (has_superinstructions(table)) {
        command_failure("bytecodes are profiled without superinstructions; leave them out");
        return false;
    }
    size_t count = table->bytecodes.count;
    SequenceParts *parts = &profile->parts;
    *parts = (SequenceParts){.count = count,
                             .ends = ARENA_ARRAY(profile->arena, bool, count),
                             .sizes = ARENA_ARRAY(profile->arena, int, count),
                             .ending_sizes = ARENA_ARRAY(profile->arena, int, count)};
    for (size_t i = 0; i < count; i++) {
        Part part = part_find(module, table, (int)i, profile->arena);
        parts->ends[i] = part_refusal(table, (int)i, &part, false) != NULL;
        parts->sizes[i] = parts->ends[i] ? 0 : part_size(&part, false);
        parts->ending_sizes[i] = part.region ? part_size(&part, true) : 0;
    }
    return true;
}

// ---- Running -------------------------------------------------------------------------------

// In the child: never returns.
static void run_recorded(const Profile *profile, int argc, char **argv, FILE *stream) {
    int empty = open("/dev/null", O_RDONLY);
    if (empty < 0 || dup2(empty, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        _exit(EXIT_FAILED);
    RunRecorder *recorder = run_recorder_new(profile->arena, profile->table, profile->parts.ends);
    EvalObserver observer = run_recorder_observer(recorder);
    Evaluation evaluation = profile->options->evaluation;
    Text flags = {0};
    variant_print(&profile->options->variant, &flags);
    evaluation.flags = text_chars(&flags);
    evaluation.observer = &observer;
    int status = evaluation_run(&evaluation, profile->arena, profile->module, argc, argv);
    fflush(stdout);
    _exit(run_recorder_write(recorder, stream) ? status : EXIT_FAILED);
}

static const char *join_words(Arena *arena, int count, char *const *words) {
    const char *joined = "";
    for (int i = 0; i < count; i++)
        joined = arena_printf(arena, "%s%s%s", joined, i ? " " : "", words[i]);
    return joined;
}

// Runs a program and keeps what it executed; false after an error on stderr.
static bool record(Profile *profile, int argc, char **argv) {
    ProfiledProgram program = {.words = join_words(profile->arena, argc, argv)};
    FILE *stream = tmpfile();
    if (!stream)
        return command_failure("can't make a temporary file: %s", strerror(errno)) == EXIT_OK;
    fflush(NULL);
    pid_t child = child_fork();
    if (child == 0)
        run_recorded(profile, argc, argv, stream);
    int status = child < 0 ? -1 : child_wait(child);
    rewind(stream);
    bool good = status == 0 && straight_runs_read(stream, profile->arena, &program.runs);
    if (status == -1)
        command_failure("can't run %s: %s", program.words, strerror(errno));
    else if (!good && WIFEXITED(status))
        command_failure("%s failed: exit status %d", program.words, WEXITSTATUS(status));
    else if (!good)
        command_failure("%s was ended by signal %d", program.words, WTERMSIG(status));
    fclose(stream);
    if (good)
        ARENA_PUSH(profile->arena, &profile->programs, program);
    return good;
}

// The words of a --program, after the class path of the program at the end if there is none.
static bool record_words(Profile *profile, const char *words) {
    const OptionProgram *main_program = &profile->options->program;
    ARENA_VECTOR(char *) argv = {0};
    char *rest = arena_strdup(profile->arena, words);
    for (char *word; (word = strtok_r(rest, " \t\n", &rest));)
        ARENA_PUSH(profile->arena, &argv, word);
    bool has_path = strcmp(argv.items[0], "-cp") == 0;
    if (!has_path && main_program->count > 2 && strcmp(main_program->words[0], "-cp") == 0) {
        char **whole = ARENA_ARRAY(profile->arena, char *, argv.count + 2);
        memcpy(whole, main_program->words, sizeof *whole * 2);
        memcpy(whole + 2, argv.items, sizeof *whole * argv.count);
        return record(profile, (int)argv.count + 2, whole);
    }
    return record(profile, (int)argv.count, argv.items);
}

// One program's counts stay what they are. With several, each is taken for a million bytecodes.
static void weigh(Profile *profile) {
    for (size_t p = 0; p < profile->programs.count; p++) {
        ProfiledProgram *program = &profile->programs.items[p];
        double bytecodes = 0;
        for (size_t r = 0; r < program->runs.count; r++)
            bytecodes += (double)program->runs.items[r].times * program->runs.items[r].count;
        program->weight = profile->programs.count == 1 || bytecodes == 0 ? 1 : 1e6 / bytecodes;
    }
}

static bool record_all(Profile *profile) {
    const ProfileOptions *options = profile->options;
    for (int i = 0; i < options->more_count; i++)
        if (!record_words(profile, options->more[i]))
            return false;
    bool has_main = options->program.count || !options->more_count;
    return !has_main || record(profile, options->program.count, options->program.words);
}

// ---- Printing ------------------------------------------------------------------------------

static const char *name_at(const Profile *profile, const Sequence *sequence, int index) {
    return profile->table->bytecodes.items[sequence->opcodes[index]].name;
}

static long long rounded(double number) {
    return llround(number);
}

static void print_profile(const Profile *profile, Text *out) {
    const SequenceBounds *bounds = &profile->options->bounds;
    text_add(out,
             "# Sequences of bytecodes that are worth a superinstruction, after how often each "
             "is executed.\n# Made by\n#   loopwright profile ");
    variant_print(&profile->options->variant, out);
    text_addf(out, " --bytecodes=%zu --most-code=%d%s\n", bounds->most, bounds->most_code,
              bounds->for_others ? " --for-others" : "");
    text_add(out, profile->programs.count == 1
                      ? "# from the program\n"
                      : "# from these programs, a million bytecodes of each:\n");
    for (size_t p = 0; p < profile->programs.count; p++) {
        const ProfiledProgram *program = &profile->programs.items[p];
        double plain = program->plain_dispatches, joined = program->joined_dispatches;
        text_addf(out, "#   %s\n#       %lld dispatches become %lld (%.3f)\n", program->words,
                  rounded(plain), rounded(joined), plain > 0 ? joined / plain : 1);
    }
    text_add(out, "\n");
    for (size_t i = 0; i < profile->chosen.count; i++) {
        const ChosenSequence *chosen = &profile->chosen.items[i];
        text_addf(out, "%lld", rounded(chosen->times));
        for (int k = 0; k < chosen->sequence.count; k++)
            text_addf(out, " %s", name_at(profile, &chosen->sequence, k));
        text_add(out, "\n");
    }
}

static json_t *sequence_json(const Profile *profile, const ChosenSequence *chosen) {
    json_t *names = json_array();
    for (int k = 0; k < chosen->sequence.count; k++)
        json_array_append_new(names, json_string(name_at(profile, &chosen->sequence, k)));
    return json_pack("{s:o, s:I}", "bytecodes", names, "count", (json_int_t)rounded(chosen->times));
}

static void print_json(const Profile *profile, Text *out) {
    json_t *programs = json_array(), *sequences = json_array();
    for (size_t p = 0; p < profile->programs.count; p++) {
        const ProfiledProgram *program = &profile->programs.items[p];
        json_array_append_new(
            programs, json_pack("{s:s, s:I, s:I}", "program", program->words, "plain_dispatches",
                                (json_int_t)rounded(program->plain_dispatches), "joined_dispatches",
                                (json_int_t)rounded(program->joined_dispatches)));
    }
    for (size_t i = 0; i < profile->chosen.count; i++)
        json_array_append_new(sequences, sequence_json(profile, &profile->chosen.items[i]));
    json_t *root = json_pack("{s:o, s:o}", "programs", programs, "sequences", sequences);
    char *chars = json_dumps(root, JSON_INDENT(2));
    text_addf(out, "%s\n", chars);
    free(chars);
    json_decref(root);
}

static bool print(const Profile *profile) {
    Text text = {0};
    (profile->options->json ? print_json : print_profile)(profile, &text);
    bool good = command_write(profile->options->output, &text);
    text_free(&text);
    return good;
}

// ---- The command ---------------------------------------------------------------------------

static int check_options(const Command *command, const ProfileOptions *options) {
    const Evaluation *evaluation = &options->evaluation;
    if (!options->bytecodes)
        return command_usage_error(command, "say what to profile: --bytecodes[=N] (sequences for "
                                            "superinstructions) is what there is");
    if (!evaluation->externals != !evaluation->entry)
        return command_usage_error(command, "--externals and --entry go together");
    if (!options->program.count && !options->more_count && !evaluation->externals)
        return command_usage_error(command, "no program is given");
    return EXIT_OK;
}

// The naive loop, unless another is asked for; in any case without superinstructions, which would
// hide the bytecodes that they are made of.
static void choose_passes(Variant *variant) {
    Text error = {0};
    if (!variant->passes.passes && !variant->passes.has_level)
        variant_take_flag(variant, "-O0", &error);
    if (!variant->passes.passes)
        variant_take_flag(variant, "-fno-superinstructions", &error);
    text_free(&error);
}

int command_profile(const Command *command, int argc, char **argv) {
    ProfileOptions options = {
        .variant = variant_new(), .output = "-", .bounds = {.most_code = 40000}};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    status = check_options(command, &options);
    if (status)
        return status;
    choose_passes(&options.variant);
    options.bounds.most = (size_t)options.bytecodes;
    Arena *arena = arena_new();
    Profile profile = {.options = &options, .arena = arena};
    bool good = read_loop(&profile) && record_all(&profile);
    if (good) {
        weigh(&profile);
        profile.chosen = choose_sequences(arena, &profile.programs, &profile.parts, options.bounds);
        good = print(&profile);
    }
    arena_free(arena);
    return good ? EXIT_OK : EXIT_FAILED;
}
