// `loopwright run`: a program on the interpreter that the flags describe, as machine code in
// a process that takes our place, or in the reference evaluator. Taking our place means that
// signals, streams and the exit status are the program's own, with nobody in between.
#define _GNU_SOURCE // environ
#include "cli/command.h"
#include "cli/default_loop.h"
#include "cli/emitted_cache.h"
#include "cli/evaluation.h"
#include "support/interruption.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ENGINE_NATIVE, ENGINE_EVALUATOR };

typedef struct RunOptions {
    Variant variant;
    Evaluation evaluation; // ENGINE_EVALUATOR only
    int engine;
    OptionProgram program;
} RunOptions;

static const Option option_list[] = {
    {OPTION_CHOICE, "--engine", "native|eval",
     "machine code, or the reference evaluator (default: native)",
     .offset = offsetof(RunOptions, engine)},
    {OPTION_TEXT, "--counts", "FILE.json",
     "with eval: what was executed, as JSON (default: standard error)",
     .offset = offsetof(RunOptions, evaluation.counts), .without = "/dev/stderr"},
    {OPTION_TEXT, "--externals", "LIB.so", "with eval: the functions of a loop that is not SOM",
     .offset = offsetof(RunOptions, evaluation.externals)},
    {OPTION_TEXT, "--entry", "NAME", "with --externals: the library's entry function",
     .offset = offsetof(RunOptions, evaluation.entry)},
};

const OptionTable command_run_options = {
    .options = option_list,
    .count = sizeof option_list / sizeof *option_list,
    .words = WORDS_PROGRAM_OR_UNKNOWN,
    .words_offset = offsetof(RunOptions, program),
    .takes_flags = true,
    .variant_offset = offsetof(RunOptions, variant),
};

static bool is_module(const char *word) {
    size_t length = strlen(word);
    return length > 4 && strcmp(word + length - 4, ".mir") == 0;
}

// What goes with what.
static int check_options(const Command *command, const RunOptions *options) {
    const Evaluation *evaluation = &options->evaluation;
    const OptionProgram *program = &options->program;
    if (options->engine != ENGINE_EVALUATOR &&
        (evaluation->counts || evaluation->externals || evaluation->entry))
        return command_usage_error(command,
                                   "--counts, --externals and --entry go with --engine=eval");
    if (!evaluation->externals != !evaluation->entry)
        return command_usage_error(command, "--externals and --entry go together");
    if (program->count == 0 && !evaluation->externals)
        return command_usage_error(command, "no program is given");
    if (program->count && !evaluation->externals && is_module(program->words[0]))
        return command_usage_error(command,
                                   "'%s' is no " DEFAULT_LOOP_NAME
                                   " program; a module is run by --engine=eval --definition=%s "
                                   "--externals=LIB.so --entry=NAME",
                                   program->words[0], program->words[0]);
    return EXIT_OK;
}

// Becomes the emitted interpreter: its exit status is ours. Answers only on failure. What we have
// in buffers is written before, as exec would drop it.
static int run_native(const RunOptions *options, Arena *arena, const IrModule *module) {
    Emitted emitted;
    if (!emitted_cache_get(&options->variant, arena, module, &emitted))
        return EXIT_FAILED;
    const OptionProgram *program = &options->program;
    char **argv = ARENA_ARRAY(arena, char *, program->count + 2);
    argv[0] = (char *)emitted.executable;
    memcpy(argv + 1, program->words, sizeof *argv * (size_t)program->count);
    fflush(NULL);
    if (emitted.is_temporary) {
        // A program that is open can be started when its file is gone. Nobody else removes
        // it, after that.
        int file = open(emitted.executable, O_RDONLY | O_CLOEXEC);
        temporary_remove_all();
        if (file >= 0)
            fexecve(file, argv, environ);
    } else {
        execv(argv[0], argv);
    }
    return command_failure("can't start %s: %s", argv[0], strerror(errno));
}

static int run(RunOptions *options) {
    Arena *arena = arena_new();
    int status = EXIT_FAILED;
    IrModule *module = variant_module(&options->variant, arena, NULL, false, NULL);
    if (module && options->engine == ENGINE_EVALUATOR) {
        Text flags = {0};
        variant_print(&options->variant, &flags);
        options->evaluation.flags = text_chars(&flags);
        status = evaluation_run(&options->evaluation, arena, module, options->program.count,
                                options->program.words);
        text_free(&flags);
    } else if (module) {
        status = run_native(options, arena, module);
    }
    arena_free(arena);
    return status;
}

int command_run(const Command *command, int argc, char **argv) {
    RunOptions options = {.variant = variant_new()};
    int status;
    if (!options_parse(command, &options, argc, argv, &status))
        return status;
    status = check_options(command, &options);
    return status ? status : run(&options);
}
