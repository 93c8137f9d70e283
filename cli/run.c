// `loopwright run`: a program on the interpreter that the flags describe, as machine
// code in a process that takes our place, or in the reference evaluator.
#include "cli/command.h"
#include "cli/emitter.h"
#include "cli/evaluation.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct RunOptions {
    Variant variant;
    Evaluation evaluation;
    bool evaluate, help;
    char **program; // the words for the program, behind our own
    int program_count;
} RunOptions;

// Takes one of run's own flags; false if it is none of them.
static bool take_own(RunOptions *options, const char *word) {
    Evaluation *evaluation = &options->evaluation;
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        options->help = true;
    else if (strcmp(word, "--engine=eval") == 0)
        options->evaluate = true;
    else if (strcmp(word, "--engine=native") == 0)
        options->evaluate = false;
    else if (strcmp(word, "--counts") == 0)
        evaluation->counts = "/dev/stderr";
    else if (strncmp(word, "--counts=", 9) == 0)
        evaluation->counts = word + 9;
    else if (strncmp(word, "--externals=", 12) == 0)
        evaluation->externals = word + 12;
    else if (strncmp(word, "--entry=", 8) == 0)
        evaluation->entry = word + 8;
    else
        return false;
    return true;
}

static bool is_module(const char *word) {
    size_t length = strlen(word);
    return length > 4 && strcmp(word + length - 4, ".mir") == 0;
}

static int parse_options(const Command *command, RunOptions *options, int argc, char **argv) {
    int loaded = command_load_passes(command, argc, argv, true);
    if (loaded)
        return loaded;
    int i = 0;
    // What is no flag of ours is the program's: -cp, its class, its arguments.
    for (; i < argc && argv[i][0] == '-' && strcmp(argv[i], "--") != 0; i++) {
        if (take_own(options, argv[i]))
            continue;
        bool known;
        int status = command_try_flag(command, &options->variant, argv[i], &known);
        if (status)
            return status;
        if (!known)
            break;
    }
    if (i < argc && strcmp(argv[i], "--") == 0)
        i++;
    options->program = argv + i;
    options->program_count = argc - i;
    const Evaluation *evaluation = &options->evaluation;
    if (options->help)
        return EXIT_OK;
    if (i < argc && strncmp(argv[i], "--engine=", 9) == 0)
        return command_usage_error(command, "'%s' is not one of --engine=native|eval", argv[i]);
    if (!options->evaluate && (evaluation->counts || evaluation->externals || evaluation->entry))
        return command_usage_error(command,
                                   "--counts, --externals and --entry go with --engine=eval");
    if (!evaluation->externals != !evaluation->entry)
        return command_usage_error(command, "--externals and --entry go together");
    if (options->program_count == 0 && !evaluation->externals)
        return command_usage_error(command, "no program is given");
    if (options->program_count && !evaluation->externals && is_module(options->program[0]))
        return command_usage_error(command,
                                   "'%s' is no SOM program; a module is run by --engine=eval "
                                   "--definition=%s --externals=LIB.so --entry=NAME",
                                   options->program[0], options->program[0]);
    return EXIT_OK;
}

// Becomes the emitted interpreter: its exit status is ours. Answers only on failure.
static int run_native(const RunOptions *options, Arena *arena, const IrModule *module) {
    Emitted emitted;
    if (!emitter_cached(&options->variant, arena, module, &emitted))
        return EXIT_FAILED;
    char **argv = ARENA_ARRAY(arena, char *, options->program_count + 2);
    argv[0] = (char *)emitted.executable;
    memcpy(argv + 1, options->program, sizeof *argv * (size_t)options->program_count);
    fflush(NULL);
    execv(argv[0], argv);
    return command_failure("can't start %s: %s", argv[0], strerror(errno));
}

int command_run(const Command *command, int argc, char **argv) {
    RunOptions options = {.variant = variant_new()};
    int status = parse_options(command, &options, argc, argv);
    if (status)
        return status;
    if (options.help)
        return command_help(command);
    Arena *arena = arena_new();
    IrModule *module = variant_module(&options.variant, arena, NULL, false, NULL);
    if (!module)
        status = EXIT_FAILED;
    else if (options.evaluate)
        status = evaluation_run(&options.evaluation, arena, module, options.program_count,
                                options.program);
    else
        status = run_native(&options, arena, module);
    arena_free(arena);
    return status;
}
