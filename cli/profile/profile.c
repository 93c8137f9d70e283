// `loopwright profile`: what programs spend their time on, and what they execute. Here are the
// command line and what all kinds of profile share; each kind has a file of its own (profile.h).
#include "cli/profile/profile.h"

#include "cli/profile/flame_graph.h"
#include "cli/profile/sampler.h"
#include "passes/superinstructions.h"
#include "runtime/command/profiling.h"
#include "runtime/profile/profile.h"

#include <string.h>
#include <sys/wait.h>

// What isn't said. Macros, as the help has them in its text.
#define ROWS_USUALLY 20
// A prime, so that samples don't keep step with what a program does a thousand times a second.
#define FREQUENCY_USUALLY 997
// Some four times as much as SOM's naive loop has. LLVM's time grows with the code, and the
// sequences of a single program hardly ever come to as much.
#define CODE_USUALLY         40000
#define TEXT_OF(number)      TEXT_OF_TOKEN(number)
#define TEXT_OF_TOKEN(token) #token

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
    {OPTION_SWITCH, "--exact", NULL,
     "executions instead of time, counted by the reference evaluator: the\nsame in every run",
     .offset = offsetof(ProfileOptions, exact)},
    {OPTION_TEXT, "--guest", "PART[,PART...]",
     "the program as its author knows it: of `time` by method and line,\n"
     "`allocation` by site, `sends` and what they miss, these parts\n"
     "(default: all). To know of each object slows a program down",
     .offset = offsetof(ProfileOptions, guest), .without = "time,allocation,sends"},
    {OPTION_NUMBER, "--bytecodes", "N",
     "how often bytecodes and sequences of up to N (default: 3) are\n"
     "executed, within basic blocks of the program's code",
     .offset = offsetof(ProfileOptions, bytecodes), .without = "3", .least = 1,
     .most = SEQUENCE_LONGEST},
    {OPTION_SWITCH, "--superinstructions", NULL,
     "the sequences that are worth a superinstruction, as the profile\n"
     "that -fsuperinstructions=PROFILE reads",
     .offset = offsetof(ProfileOptions, superinstructions)},
    {OPTION_HEADING, .help = "What comes out:"},
    {OPTION_SWITCH, "--json", NULL, "data instead of text",
     .offset = offsetof(ProfileOptions, json), .is_format = true},
    {OPTION_SWITCH, "--matrix", NULL, "with --bytecodes: which follows which, as a matrix",
     .offset = offsetof(ProfileOptions, matrix), .is_format = true},
    {OPTION_TEXT, "--folded", "FILE",
     "of time, executions, a guest: stacks and their counts, a line each, for\n"
     "flame graphs (default: instead of the report)",
     .offset = offsetof(ProfileOptions, folded), .without = "-"},
    {OPTION_TEXT, "--flame", "FILE.svg", "likewise: a flame graph",
     .offset = offsetof(ProfileOptions, flame)},
    {OPTION_NUMBER, "--most", "N",
     "so many sequences has a profile for superinstructions (default:\n"
     "250), so many rows each list of a text (default: " TEXT_OF(ROWS_USUALLY) ")",
     .offset = offsetof(ProfileOptions, most), .least = 1, .most = SEQUENCE_MOST},
    {OPTION_TEXT, "-o", "FILE", "where to (default: standard output, also `-`)",
     .offset = offsetof(ProfileOptions, output)},
    {OPTION_HEADING, .help = "Time:"},
    {OPTION_NUMBER, "--frequency", "HZ",
     "samples in a second of the processor's time (default: " TEXT_OF(FREQUENCY_USUALLY) ")",
     .offset = offsetof(ProfileOptions, frequency), .least = 1, .most = SAMPLER_FREQUENCY_MOST},
    {OPTION_TEXT, "--bytecode", "NAME",
     "whose instructions are shown (default: the shared dispatch, else\nthe bytecode that took "
     "most)",
     .offset = offsetof(ProfileOptions, bytecode)},
    {OPTION_TEXT, "--executable", "FILE",
     "an interpreter that was emitted before; for --guest, too",
     .offset = offsetof(ProfileOptions, executable)},
    {OPTION_HEADING, .help = "Programs in the evaluator:"},
    {OPTION_CALL, "--program", "'[-cp DIR] CLASS ARGS'",
     "with --bytecodes and --superinstructions: another program; all count\n"
     "alike, however long they run. Without a -cp of its own it has that\n"
     "of the one at the end",
     .take = take_program},
    {OPTION_NUMBER, "--most-code", "N",
     "so many instructions of IR may the superinstructions have,\n"
     "together (default: " TEXT_OF(CODE_USUALLY) ")",
     .offset = offsetof(ProfileOptions, bounds.most_code), .least = 1, .most = 1000000},
    {OPTION_SWITCH, "--for-others", NULL,
     "superinstructions for programs other than these: what only one of\nthem executes doesn't "
     "count",
     .offset = offsetof(ProfileOptions, bounds.for_others)},
};

const OptionTable command_profile_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_PROGRAM,
    .words_offset = offsetof(ProfileOptions, program),
    .takes_flags = true,
    .variant_offset = offsetof(ProfileOptions, variant),
};

// ---- What the kinds share ------------------------------------------------------------------

size_t profile_rows(const ProfileOptions *options) {
    return options->most ? (size_t)options->most : ROWS_USUALLY;
}

const char *profile_program(const ProfileOptions *options, Arena *arena) {
    const OptionProgram *program = &options->program;
    int first = program->count > 2 && strcmp(program->words[0], "-cp") == 0 ? 2 : 0;
    const char *joined = "";
    for (int i = first; i < program->count; i++)
        joined = arena_printf(arena, "%s%s%s", joined, i > first ? " " : "", program->words[i]);
    return joined;
}

int profile_status(int status) {
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool profile_has_report(const ProfileOptions *options) {
    return !options->folded || strcmp(options->folded, "-") != 0;
}

bool profile_write_stacks(const ProfileOptions *options, const char *program, const char *unit,
                          FoldedStacks *stacks) {
    Text text = {0};
    bool good = true;
    if (options->folded) {
        folded_stacks_print(stacks, &text);
        good =
            command_write(profile_has_report(options) ? options->folded : options->output, &text);
        text_free(&text);
    }
    if (good && options->flame) {
        flame_graph_draw(stacks, &(FlameGraphWords){program, unit}, &text);
        good = command_write(options->flame, &text);
        text_free(&text);
    }
    return good;
}

// ---- The command ---------------------------------------------------------------------------

// One kind at a time.
static int check_kind(const Command *command, const ProfileOptions *options) {
    if (options->exact + !!options->guest + !!options->bytecodes + options->superinstructions > 1)
        return command_usage_error(command, "--exact, --guest, --bytecodes and --superinstructions "
                                            "are different profiles; choose one");
    return EXIT_OK;
}

static int check_guest(const Command *command, const ProfileOptions *options) {
    if (!options->guest)
        return EXIT_OK;
    unsigned parts = profiling_parts(options->guest);
    if (!parts)
        return command_usage_error(command,
                                   "--guest=%s: time, allocation or sends is wanted, with commas "
                                   "between them",
                                   options->guest);
    if (!(parts & PROFILE_TIME) && (options->folded || options->flame))
        return command_usage_error(command,
                                   "stacks are of time: --folded and --flame don't go "
                                   "with --guest=%s",
                                   options->guest);
    if (options->frequency || options->bytecode)
        return command_usage_error(command, "--frequency and --bytecode don't go with --guest");
    return EXIT_OK;
}

// What goes with what.
static int check_options(const Command *command, const ProfileOptions *options) {
    bool counts = options->exact || options->bytecodes || options->superinstructions;
    bool several = options->bytecodes || options->superinstructions;
    bool is_default = !options->variant.runtime_count;
    if (counts && (options->frequency || options->bytecode || options->executable))
        return command_usage_error(command,
                                   "--frequency, --bytecode and --executable go with time");
    if (options->variant.entry && is_default)
        return command_usage_error(command, "--entry goes with --runtime");
    if (options->guest && !is_default)
        return command_usage_error(command, "--guest is of SOM's programs: it doesn't go with "
                                            "--runtime");
    if (several && (options->folded || options->flame))
        return command_usage_error(command, "stacks are of time or of --exact: --folded and "
                                            "--flame don't go with sequences");
    if (options->matrix && !options->bytecodes)
        return command_usage_error(command, "--matrix goes with --bytecodes");
    if (!several && options->more_count)
        return command_usage_error(command,
                                   "--program goes with --bytecodes and --superinstructions");
    if (!options->superinstructions && (options->bounds.for_others || options->bounds.most_code))
        return command_usage_error(command,
                                   "--most-code and --for-others go with --superinstructions");
    if (options->executable && options->variant.has_flags)
        return command_usage_error(command,
                                   "%s is made already: flags are for what is yet to be emitted",
                                   options->executable);
    if (!options->program.count && !options->more_count && is_default)
        return command_usage_error(command, "no program is given");
    return EXIT_OK;
}

int command_profile(const Command *command, int argc, char **argv) {
    ProfileOptions options = {.variant = variant_new(), .output = "-"};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    status = check_kind(command, &options);
    if (!status)
        status = check_guest(command, &options);
    if (!status)
        status = check_options(command, &options);
    if (status)
        return status;
    if (!options.frequency)
        options.frequency = FREQUENCY_USUALLY;
    if (!options.bounds.most_code)
        options.bounds.most_code = CODE_USUALLY;
    return options.exact               ? profile_exact(&options)
           : options.guest             ? profile_guest(&options)
           : options.bytecodes         ? profile_bytecodes(&options)
           : options.superinstructions ? profile_superinstructions(&options)
                                       : profile_time(&options);
}
