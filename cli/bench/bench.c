// `loopwright bench`: the options, and the order of the work. First everything is emitted,
// disassembled and counted, which may take long and doesn't depend on the clock; then the machine
// does nothing but the runs that are compared.
#include "cli/bench/bench_options.h"

#include "cli/bench/campaign_file.h"
#include "cli/bench/control.h"
#include "cli/bench/counters.h"
#include "cli/bench/machine.h"
#include "cli/bench/own_version.h"
#include "cli/bench/rebench_data.h"
#include "cli/bench/rebench_export.h"
#include "cli/command.h"
#include "cli/process.h"
#include "support/choice.h"
#include "support/output_file.h"
#include "support/shell_word.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MOST_RUNS = 10000, MOST_LAYOUTS = 1000, MOST_SECONDS = 1000000, MOST_SEED = 2147483647 };

// ---- Taking options -----------------------------------------------------------------------------

// The flags are kept as they were written: that is what the report calls the subject.
static int take_variant(const Command *command, void *into, const char *flags) {
    BenchOptions *options = into;
    BenchSubject subject = {.variant = variant_new(), .flags = flags};
    Text error = {0};
    bool good = variant_parse(&subject.variant, options->bench.arena, flags, &error);
    int status =
        good ? EXIT_OK
             : command_usage_error(command, "in --variant='%s': %s", flags, text_chars(&error));
    text_free(&error);
    ARENA_PUSH(options->bench.arena, &options->variants, subject);
    return status;
}

static int take_control(const Command *command, void *into, const char *kind) {
    BenchOptions *options = into;
    BenchSubject subject = {.variant = variant_new(), .control = choice_find(control_kinds, kind)};
    if (subject.control < 0)
        return command_usage_error(command, "--control=%s: it is one of %s", kind, control_kinds);
    ARENA_PUSH(options->bench.arena, &options->controls, subject);
    return EXIT_OK;
}

static int take_peer(const Command *command, void *into, const char *peer) {
    BenchOptions *options = into;
    (void)command;
    ARENA_PUSH(options->bench.arena, &options->peers, peer);
    return EXIT_OK;
}

static int take_words(const Command *command, Arena *arena, const char *option, const char *words,
                      void *list) {
    ARENA_VECTOR(const char *) *vector = list;
    if (!words[strspn(words, " \t\n")])
        return command_usage_error(command, "no program is given by %s=", option);
    ARENA_PUSH(arena, vector, words);
    return EXIT_OK;
}

static int take_program(const Command *command, void *into, const char *words) {
    BenchOptions *options = into;
    return take_words(command, options->bench.arena, "--program", words, &options->programs);
}

static int take_count_arguments(const Command *command, void *into, const char *words) {
    BenchOptions *options = into;
    return take_words(command, options->bench.arena, "--count-args", words,
                      &options->count_arguments);
}

// Words that a variant takes, too.
static int take_loop_flag(const Command *command, BenchOptions *options, const char *name,
                          const char *value) {
    Arena *arena = options->bench.arena;
    const char *word = arena_printf(arena, "--%s=%s", name, value);
    bool known;
    int status = command_try_flag(command, &options->loop, word, &known);
    if (!status)
        ARENA_PUSH(arena, &options->bench.campaign->loop, word);
    return status;
}

static int take_definition(const Command *command, void *into, const char *file) {
    return take_loop_flag(command, into, "definition", file);
}

static int take_runtime(const Command *command, void *into, const char *file) {
    return take_loop_flag(command, into, "runtime", file);
}

static int take_entry(const Command *command, void *into, const char *name) {
    return take_loop_flag(command, into, "entry", name);
}

// What may be exported, in the order of BenchExport.
static const char export_formats[] = "rebench|rebench-data";

static const Option option_list[] = {
    {OPTION_HEADING, .help = "What is run:"},
    {OPTION_TEXT, "--campaign", "FILE",
     "options from a file, one a line, before those that are given here",
     .offset = offsetof(BenchOptions, campaign)},
    {OPTION_CALL, "--variant", "'FLAGS'",
     "one interpreter; the first is the baseline (default: -O0 and -O2)", .take = take_variant},
    {OPTION_CALL, "--control", "switch|goto",
     "also the loop that is written by hand in C (bench/control), built\n"
     "with clang of the same LLVM if it is found, else with cc",
     .take = take_control},
    {OPTION_CALL, "--peer", "NAME[=COMMAND]",
     "also another system: COMMAND is started with what follows the\n"
     "program's class Harness; without it one of a checkout of\n"
     "Are-We-Fast-Yet. `all`: all of these that are found here",
     .take = take_peer},
    {OPTION_TEXT, "--awfy", "DIR", "that checkout (default: are-we-fast-yet in the folder $PEERS)",
     .offset = offsetof(BenchOptions, awfy)},
    {OPTION_CALL, "--definition", "FILE",
     "another loop than SOM's, for all variants that name none themselves:\n"
     "a definition (.som) or a module (.mir)",
     .take = take_definition},
    {OPTION_CALL, "--runtime", "FILE",
     "what such a loop is linked with: C sources, objects, archives,\n"
     "shared libraries, -lNAME; once for each",
     .take = take_runtime},
    {OPTION_CALL, "--entry", "NAME",
     "its function that runs a program (default: " LOOP_RUNTIME_ENTRY ")", .take = take_entry},
    {OPTION_SWITCH, "--aa", NULL, "also the first variant once more: what differs then is noise",
     .offset = offsetof(BenchOptions, bench.with_aa)},
    {OPTION_SWITCH, "--with-llvm-tail-dup", NULL,
     "each variant again with LLVM's own tail duplication, where that\nchanges its machine code",
     .offset = offsetof(BenchOptions, bench.with_tail_duplication)},
    {OPTION_CALL, "--program", "'CLASS ARGS'", "a program; may be given several times",
     .take = take_program},
    {OPTION_TEXT, "-cp", "DIR[:DIR...]", "where the programs' classes are",
     .offset = offsetof(BenchOptions, class_path)},
    {OPTION_CALL, "--count-args", "'CLASS ARGS'",
     "the program to count on with the evaluator: a small size. Once for\n"
     "all programs or once for each. Without it there are no frame\n"
     "reads, and dispatch figures are unweighted",
     .take = take_count_arguments},
    {OPTION_HEADING, .help = "How:"},
    {OPTION_NUMBER, "--runs", "N",
     "how often each is run (default 9; a single run gives no interval)",
     .offset = offsetof(BenchOptions, runs), .least = 1, .most = MOST_RUNS},
    {OPTION_NUMBER, "--layouts", "N",
     "each variant in N placements of its code, and the spread of their\n"
     "medians (default 1: as the variant's flags say)",
     .offset = offsetof(BenchOptions, layouts), .least = 1, .most = MOST_LAYOUTS},
    {OPTION_CHOICE, "--time", "harness|process",
     "what counts: the times that the harness prints (default), or that of\nthe whole process",
     .offset = offsetof(BenchOptions, clock)},
    {OPTION_TEXT, "--time-line", "REGEX",
     "what counts: the times in lines that the program prints, as an\n"
     "extended regular expression; its first group is a time, the second,\n"
     "if there is one, the unit: s, ms, us (default) or ns",
     .offset = offsetof(BenchOptions, time_line)},
    {OPTION_TEXT, "--check", "COMMAND",
     "a result is right if this shell command exits with 0; it gets what\n"
     "the program printed as its input, and the program's words as $1, $2, ...",
     .offset = offsetof(BenchOptions, bench.check)},
    {OPTION_NUMBER, "--warmup", "N", "runs of each before those that count (default 0)",
     .offset = offsetof(BenchOptions, warmups), .least = 0, .most = MOST_RUNS},
    {OPTION_NUMBER, "--timeout", "SECONDS", "the most that a run may take (default 600)",
     .offset = offsetof(BenchOptions, limit), .least = 1, .most = MOST_SECONDS},
    {OPTION_CHOICE, "--pin", "on|off", "keep runs on one processor (default: on)",
     .offset = offsetof(BenchOptions, pin)},
    {OPTION_NUMBER, "--seed", "N", "of the order of runs (default: by the clock)",
     .offset = offsetof(BenchOptions, seed), .least = 0, .most = MOST_SEED},
    {OPTION_SWITCH, "--counters", NULL, "also the processor's: instructions, branch misses, IPC",
     .offset = offsetof(BenchOptions, bench.with_counters)},
    {OPTION_HEADING, .help = "Data:"},
    {OPTION_TEXT, "--raw", "FILE.jsonl", "write each run there as soon as it is made",
     .offset = offsetof(BenchOptions, data.raw)},
    {OPTION_SWITCH, "--resume", NULL, "go on with the campaign in that file",
     .offset = offsetof(BenchOptions, data.resume)},
    {OPTION_TEXT, "--import", "FILE",
     "run nothing, report what is there: raw data, or a data file of\nReBench",
     .offset = offsetof(BenchOptions, data.import)},
    {OPTION_TEXT, "--compare", "OLD.jsonl",
     "what became faster or slower since then: exit status 1 if anything\nbecame slower",
     .offset = offsetof(BenchOptions, data.compare)},
    {OPTION_TEXT, "--with", "NEW.jsonl",
     "with --compare: this campaign, and not one that is run now",
     .offset = offsetof(BenchOptions, data.with)},
    {OPTION_TEXT, "--html", "FILE.html", "also a report with pictures",
     .offset = offsetof(BenchOptions, data.html)},
    {OPTION_TEXT, "--history", "DIR",
     "with --html: what the .json files there say of releases, too",
     .offset = offsetof(BenchOptions, data.history)},
    {OPTION_TEXT, "--release", "NAME", "write NAME.json there, for later reports",
     .offset = offsetof(BenchOptions, data.release)},
    {OPTION_CHOICE, "--export", export_formats,
     "for ReBench: its configuration of the same campaign, which isn't run\n"
     "then, or the runs as a data file, instead of a table",
     .offset = offsetof(BenchOptions, export_format)},
    {OPTION_SWITCH, "--json", NULL, "data instead of a table (times in microseconds)",
     .offset = offsetof(BenchOptions, json), .is_format = true},
    {OPTION_SWITCH, "--csv", NULL, "the figures of rows, one line for each",
     .offset = offsetof(BenchOptions, csv), .is_format = true},
    {OPTION_TEXT, "-o", "FILE", "where to (default: standard output, also `-`)",
     .offset = offsetof(BenchOptions, output)},
};

const OptionTable command_bench_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_PROGRAM,
    .words_offset = offsetof(BenchOptions, program),
};

// ---- From options to a campaign -----------------------------------------------------------------

static const char *join(Arena *arena, char *const *words, size_t count) {
    Text text = {0};
    for (size_t i = 0; i < count; i++)
        text_addf(&text, "%s%s", i ? " " : "", words[i]);
    const char *joined = arena_strdup(arena, text_chars(&text));
    text_free(&text);
    return joined;
}

static void add_program(BenchOptions *options, char *const *words, size_t count) {
    Bench *bench = &options->bench;
    BenchProgram program = {.class_path = options->class_path};
    ARENA_VECTOR(char *) all = {0};
    if (options->class_path) {
        ARENA_PUSH(bench->arena, &all, "-cp");
        ARENA_PUSH(bench->arena, &all, (char *)options->class_path);
    }
    for (size_t i = 0; i < count; i++)
        ARENA_PUSH(bench->arena, &all, words[i]);
    program.words = all.items;
    program.count = all.count;
    ARENA_PUSH(bench->arena, &bench->programs, program);
    ARENA_PUSH(bench->arena, &bench->campaign->programs, join(bench->arena, all.items, all.count));
}

static void add_program_text(BenchOptions *options, const char *text) {
    Arena *arena = options->bench.arena;
    ARENA_VECTOR(char *) words = {0};
    char *rest = arena_strdup(arena, text);
    for (char *word; (word = strtok_r(rest, " \t\n", &rest));)
        ARENA_PUSH(arena, &words, word);
    add_program(options, words.items, words.count);
}

// -cp may stand before the program, as `som` has it.
static void take_class_path(BenchOptions *options) {
    OptionProgram *program = &options->program;
    if (program->count < 2 || strcmp(program->words[0], "-cp") != 0)
        return;
    options->class_path = program->words[1];
    program->words += 2;
    program->count -= 2;
}

// A time has to be told from the rest of its line.
static int take_time_line(const Command *command, BenchOptions *options) {
    enum { REASON = 256 };
    if (!options->time_line)
        return EXIT_OK;
    regex_t *compiled = ARENA_NEW(options->bench.arena, regex_t);
    int error = regcomp(compiled, options->time_line, REG_EXTENDED | REG_NEWLINE);
    if (error) {
        char reason[REASON];
        regerror(error, compiled, reason, sizeof reason);
        return command_usage_error(command, "--time-line=%s: %s", options->time_line, reason);
    }
    if (compiled->re_nsub < 1)
        return command_usage_error(command,
                                   "--time-line=%s: a group, in parentheses, has to be "
                                   "around the time",
                                   options->time_line);
    options->bench.time_line = compiled;
    return EXIT_OK;
}

static int add_programs(const Command *command, BenchOptions *options) {
    Bench *bench = &options->bench;
    take_class_path(options);
    for (size_t i = 0; i < options->programs.count; i++)
        add_program_text(options, options->programs.items[i]);
    if (options->program.count)
        add_program(options, options->program.words, (size_t)options->program.count);
    size_t programs = bench->programs.count, counted = options->count_arguments.count;
    if (!programs)
        return command_usage_error(command, "no program is given");
    for (size_t i = 0; i < programs; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(bench->campaign->programs.items[i], bench->campaign->programs.items[j]) == 0)
                return command_usage_error(command, "the program `%s` is given twice",
                                           bench->campaign->programs.items[i]);
    if (counted > 1 && counted != programs)
        return command_usage_error(command,
                                   "--count-args= is given once for all programs, or once for "
                                   "each: here %zu times for %zu",
                                   counted, programs);
    for (size_t i = 0; i < programs && counted; i++)
        bench->programs.items[i].count_arguments =
            options->count_arguments.items[counted > 1 ? i : 0];
    bench->campaign->count_arguments = counted == 1 ? options->count_arguments.items[0] : NULL;
    return EXIT_OK;
}

// Who gives a variant twice wants to see what noise is: then it has to be told from the first.
static void add_subject(Bench *bench, const BenchSubject *subject, SubjectKind kind,
                        const char *name) {
    CampaignSubject facts = {.name = name, .kind = kind};
    size_t other;
    for (int again = 2; campaign_find_subject(bench->campaign, facts.name, &other); again++)
        facts.name = arena_printf(bench->arena, "%s (%d)", name, again);
    ARENA_PUSH(bench->arena, &bench->subjects, *subject);
    ARENA_PUSH(bench->arena, &bench->campaign->subjects, facts);
}

static bool add_peer(Bench *bench, const Peer *peer) {
    PeerCommand *commands = ARENA_ARRAY(bench->arena, PeerCommand, bench->programs.count);
    for (size_t i = 0; i < bench->programs.count; i++) {
        const BenchProgram *program = &bench->programs.items[i];
        if (!peer_command(bench->arena, peer, (const char *const *)program->words, program->count,
                          &commands[i]))
            return false;
    }
    add_subject(bench,
                &(BenchSubject){.variant = variant_new(), .peer = peer, .commands = commands},
                SUBJECT_PEER, peer->name);
    CampaignSubject *facts = &bench->campaign->subjects.items[bench->subjects.count - 1];
    facts->made_by = peer->version;
    facts->command = peer->command;
    return true;
}

static int add_peers(const Command *command, BenchOptions *options) {
    Arena *arena = options->bench.arena;
    PeerList peers = {0};
    for (size_t i = 0; i < options->peers.count; i++) {
        int status = peer_find(command, arena, options->peers.items[i], options->awfy, &peers);
        if (status)
            return status;
    }
    for (size_t i = 0; i < peers.count; i++)
        if (!add_peer(&options->bench, &peers.items[i]))
            return EXIT_FAILED;
    return EXIT_OK;
}

// Without a variant: the naive loop and the usual one. Controls and peers are no baseline.
static int add_subjects(const Command *command, BenchOptions *options) {
    Bench *bench = &options->bench;
    int status = EXIT_OK;
    if (!options->variants.count)
        status = take_variant(command, options, "-O0") | take_variant(command, options, "-O2");
    for (size_t i = 0; i < options->variants.count; i++) {
        BenchSubject *subject = &options->variants.items[i];
        if (subject->variant.runtime_count && options->loop.runtime_count)
            return command_usage_error(command, "--variant='%s' has a runtime, and so have all",
                                       subject->flags);
        variant_default_loop(&subject->variant, &options->loop);
        add_subject(bench, subject, SUBJECT_VARIANT, subject->flags);
    }
    for (size_t i = 0; i < options->controls.count; i++)
        add_subject(bench, &options->controls.items[i], SUBJECT_CONTROL,
                    arena_printf(bench->arena, "control %s",
                                 choice_at(control_kinds, options->controls.items[i].control,
                                           bench->arena)));
    return status ? status : add_peers(command, options);
}

static const char *date_now(Arena *arena) {
    char text[32];
    time_t now = time(NULL);
    struct tm parts;
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &parts));
    return arena_strdup(arena, text);
}

static void describe(BenchOptions *options) {
    Bench *bench = &options->bench;
    Campaign *campaign = bench->campaign;
    campaign->machine = machine_describe(bench->arena);
    campaign->date = date_now(bench->arena);
    campaign->version = own_version(bench->arena);
    campaign->clock = options->time_line ? "lines" : options->clock ? "process" : "harness";
    campaign->runs = (size_t)options->runs;
    campaign->layouts = (size_t)options->layouts;
    campaign->seed = options->seed >= 0 ? (uint64_t)options->seed : (uint64_t)time(NULL);
    bench->warmups = options->warmups;
    bench->limit = options->limit;
    bench->is_pinned = options->pin == 0;
    bench->is_process = options->clock != 0;
}

// ---- The work -----------------------------------------------------------------------------------

// The data have the hints in any case; to somebody who watches they are of use before the work.
static void say_what_is_doubtful(const Bench *bench) {
    const char *missing = bench->with_counters ? counters_missing() : NULL;
    if (missing)
        command_warning("--counters: there are none: %s", missing);
    for (size_t i = 0; isatty(STDERR_FILENO) && i < bench->campaign->machine.hints.count; i++)
        command_note("%s", bench->campaign->machine.hints.items[i]);
}

// The campaign's runs, made now. False: not all of them could be kept.
static bool measure(BenchOptions *options) {
    Bench *bench = &options->bench;
    say_what_is_doubtful(bench);
    bool good = bench_measure(bench);
    campaign_count_rounds(bench->campaign); // a file that is gone on with may have more
    return bench_data_close(bench, &options->data) && good;
}

static BenchFormat format_of(const BenchOptions *options) {
    return options->export_format == EXPORT_DATA ? BENCH_REBENCH_DATA
           : options->json                       ? BENCH_JSON
           : options->csv                        ? BENCH_CSV
                                                 : BENCH_TABLE;
}

// Nothing is made: the configuration has the flags.
static int export_configuration(BenchOptions *options, Text *out) {
    Bench *bench = &options->bench;
    if (bench->with_aa)
        add_subject(bench, &bench->subjects.items[0], SUBJECT_AA,
                    arena_printf(bench->arena, "%s%s", bench->campaign->subjects.items[0].name,
                                 rebench_again));
    size_t subjects = bench->subjects.count, programs = bench->programs.count;
    RebenchSubject *exported = ARENA_ARRAY(bench->arena, RebenchSubject, subjects);
    RebenchProgram *words = ARENA_ARRAY(bench->arena, RebenchProgram, programs);
    for (size_t i = 0; i < subjects; i++) {
        const BenchSubject *subject = &bench->subjects.items[i];
        exported[i] = (RebenchSubject){subject->flags, subject->peer};
    }
    for (size_t i = 0; i < programs; i++)
        words[i] = (RebenchProgram){(const char *const *)bench->programs.items[i].words,
                                    bench->programs.items[i].count};
    rebench_export(&(RebenchExport){.campaign = bench->campaign,
                                    .subjects = exported,
                                    .programs = words,
                                    .loopwright = arena_printf(bench->arena, "%s/loopwright",
                                                               process_own_folder()),
                                    .file = options->output},
                   out);
    return EXIT_OK;
}

// Answers the exit status; below 0: there is nothing to print. What was measured is reported even
// if it can't be kept.
static int do_work(BenchOptions *options, Text *out) {
    Bench *bench = &options->bench;
    BenchData *data = &options->data;
    if (options->export_format == EXPORT_CONFIGURATION)
        return export_configuration(options, out);
    bool is_ready = bench_data_check(bench, data) &&
                    (data->is_measured ? bench_prepare(bench) && bench_data_open(bench, data)
                                       : bench_data_read(bench, data));
    if (!is_ready) {
        (void)bench_data_close(bench, data);
        return -1;
    }
    bool is_kept = !data->is_measured || measure(options);
    int status = bench_data_report(bench, data, format_of(options), out);
    return is_kept ? status : EXIT_FAILED;
}

// Whether the report can be written is better known before the work than after it. The page comes
// last, as it may take minutes, in which somebody may lose patience.
static int run(BenchOptions *options) {
    OutputFile output;
    if (!output_file_begin(&output, options->bench.arena, options->output))
        return command_failure("can't write %s: %s", command_output_name(options->output),
                               strerror(errno));
    Text text = {0};
    int status = do_work(options, &text);
    if (status < 0) {
        output_file_abandon(&output);
        status = EXIT_FAILED;
    } else if (!output_file_put(&output, &text) || !output_file_finish(&output, false)) {
        status = command_failure("can't write %s: %s", command_output_name(options->output),
                                 strerror(errno));
    }
    text_free(&text);
    if (!bench_data_write_files(&options->bench, &options->data) && status == EXIT_OK)
        status = EXIT_FAILED;
    return status;
}

static int complete(const Command *command, BenchOptions *options) {
    int status = bench_options_check(command, options);
    if (status || !options->data.is_measured)
        return status;
    describe(options);
    status = take_time_line(command, options);
    if (!status)
        status = add_programs(command, options);
    return status ? status : add_subjects(command, options);
}

// The command line as a shell takes it, an option a line. Whoever repeats it has no use for the raw
// file, which is there already.
static const char *command_text(Arena *arena, int argc, char *const *argv) {
    Text text = {0};
    text_add(&text, "loopwright bench");
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "--raw=", 6) == 0 || strcmp(argv[i], "--resume") == 0)
            continue;
        text_add(&text, argv[i][0] == '-' ? " \\\n    " : " ");
        text_add_shell_word(&text, argv[i]);
    }
    const char *copy = arena_strdup(arena, text_chars(&text));
    text_free(&text);
    return copy;
}

int command_bench(const Command *command, int argc, char **argv) {
    Arena *arena = arena_new();
    BenchOptions options = {.bench = {.arena = arena, .campaign = campaign_new(arena)},
                            .export_format = EXPORT_NOTHING,
                            .runs = 9,
                            .layouts = 1,
                            .limit = 600,
                            .seed = -1,
                            .output = "-"};
    int status;
    OptionFile file = {0};
    options.bench.campaign->command = command_text(arena, argc, argv);
    const char *named = campaign_file_named(argc, argv);
    if (named && !campaign_file_read(arena, named, &file)) {
        arena_free(arena);
        return EXIT_FAILED;
    }
    char **words = campaign_file_splice(arena, &file, &argc, argv);
    if (options_parse_file(command, &options, &file, argc, words, &status)) {
        status = complete(command, &options);
        if (!status)
            status = run(&options);
    }
    arena_free(arena);
    return status;
}
