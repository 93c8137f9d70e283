// `loopwright run`: a program on the interpreter that the flags describe, as machine code in
// a process that takes our place, or in the reference evaluator. Taking our place means that
// signals, streams and the exit status are the program's own, with nobody in between.
#define _GNU_SOURCE // environ
#include "cli/command.h"
#include "cli/default_loop.h"
#include "cli/emitted_cache.h"
#include "cli/evaluation.h"
#include "cli/trace.h"
#include "support/interruption.h"
#include "support/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENGINE_NATIVE, ENGINE_EVALUATOR };

typedef struct RunOptions {
    Variant variant;
    Evaluation evaluation; // ENGINE_EVALUATOR only
    TraceRequest trace;    // likewise; no file: no trace
    int engine;
    OptionProgram program;
} RunOptions;

// The number of a bytecode; a run may have more of them than an int can hold.
static int take_count(const Command *command, const char *option, const char *value,
                      uint64_t *count) {
    char *end;
    errno = 0;
    unsigned long long number = strtoull(value, &end, 10);
    if (errno || *value < '0' || *value > '9' || *end || number == 0)
        return command_usage_error(command, "%s=%s: the number of a bytecode is wanted, from 1 on",
                                   option, value);
    *count = number;
    return EXIT_OK;
}

static int take_from(const Command *command, void *into, const char *value) {
    return take_count(command, "--from", value, &((RunOptions *)into)->trace.from);
}

static int take_to(const Command *command, void *into, const char *value) {
    return take_count(command, "--to", value, &((RunOptions *)into)->trace.to);
}

static const Option option_list[] = {
    {OPTION_CHOICE, "--engine", "native|eval",
     "machine code, or the reference evaluator (default: native). There\n"
     "`System ticks` and `time`, and so the times that benchmarks print, are\n"
     "the number of bytecodes executed: the same in every run and variant",
     .offset = offsetof(RunOptions, engine)},
    {OPTION_TEXT, "--counts", "FILE.json",
     "with eval: what was executed, as JSON (default: standard error)",
     .offset = offsetof(RunOptions, evaluation.counts), .without = "/dev/stderr"},
    {OPTION_TEXT, "--trace", "FILE",
     "with eval: each bytecode before it is executed, with its number, its\n"
     "method and line, operands, and the depth and the top of the stack;\n"
     "calls are indented (default: standard error; `-`: standard output)",
     .offset = offsetof(RunOptions, trace.file), .without = "/dev/stderr"},
    {OPTION_TEXT, "--method", "[CLASS>>]SELECTOR",
     "trace the bytecodes of that method only, and of its blocks",
     .offset = offsetof(RunOptions, trace.method)},
    {OPTION_CALL, "--from", "N", "trace from the Nth bytecode on", .take = take_from},
    {OPTION_CALL, "--to", "N", "and up to the Nth", .take = take_to},
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
    return text_ends_with(word, ".mir");
}

// The program's word after a class path, if that is a file of some other loop's: `primes.forth`;
// else NULL.
static const char *program_of_another_loop(const OptionProgram *program) {
    int at = program->count > 2 && strcmp(program->words[0], "-cp") == 0 ? 2 : 0;
    const char *word = at < program->count ? program->words[at] : "";
    const char *slash = strrchr(word, '/'), *name = slash ? slash + 1 : word;
    bool is_file = *word != '-' && *name != '.' && strchr(name, '.') && access(word, R_OK) == 0;
    return is_file && !text_ends_with(word, ".som") && !is_module(word) ? word : NULL;
}

static int check_trace(const Command *command, const RunOptions *options) {
    const TraceRequest *trace = &options->trace;
    if (options->engine != ENGINE_EVALUATOR && trace->file)
        return command_usage_error(command, "--trace goes with --engine=eval");
    if (!trace->file && (trace->method || trace->from || trace->to))
        return command_usage_error(command, "--method, --from and --to go with --trace");
    if (trace->to && trace->from > trace->to)
        return command_usage_error(command, "--from is after --to");
    const char *counts = options->evaluation.counts;
    if (trace->file && counts && strcmp(trace->file, counts) == 0 && strcmp(counts, "-") != 0)
        return command_usage_error(command, "--trace and --counts would both write %s", counts);
    return EXIT_OK;
}

// What goes with what.
static int check_options(const Command *command, const RunOptions *options) {
    const Evaluation *evaluation = &options->evaluation;
    const OptionProgram *program = &options->program;
    bool is_default = !options->variant.runtime_count;
    if (options->engine != ENGINE_EVALUATOR && evaluation->counts)
        return command_usage_error(command, "--counts goes with --engine=eval");
    if (options->variant.entry && is_default)
        return command_usage_error(command, "--entry goes with --runtime");
    int status = check_trace(command, options);
    if (status)
        return status;
    if (program->count == 0 && is_default)
        return command_usage_error(command, "no program is given");
    const char *other = is_default ? program_of_another_loop(program) : NULL;
    if (other)
        return command_usage_error(command,
                                   "'%s' is no " DEFAULT_LOOP_NAME
                                   " program; --definition= and --runtime= name another loop",
                                   other);
    if (program->count && is_default && is_module(program->words[0]))
        return command_usage_error(command,
                                   "'%s' is no " DEFAULT_LOOP_NAME
                                   " program; a module is run by --definition=%s --runtime=FILE",
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
        temporary_remove_all(); // what it was made of
        execv(argv[0], argv);
    }
    return command_failure("can't start %s: %s", argv[0], strerror(errno));
}

static int evaluate(RunOptions *options, Arena *arena, const IrModule *module) {
    Evaluation *evaluation = &options->evaluation;
    Trace *trace = NULL;
    if (options->trace.file) {
        bool is_default = !options->variant.runtime_count;
        const TraceWords *words = is_default ? &default_loop_words : NULL;
        trace = trace_begin(arena, module, &options->trace, words);
        if (!trace)
            return EXIT_FAILED;
        evaluation->observer = trace_observer(trace);
    }
    evaluation->variant = &options->variant;
    int status =
        evaluation_run(evaluation, arena, module, options->program.count, options->program.words);
    return trace && !trace_end(trace) ? EXIT_FAILED : status;
}

static int run(RunOptions *options) {
    Arena *arena = arena_new();
    int status = EXIT_FAILED;
    IrModule *module = variant_module(&options->variant, arena, NULL, false, NULL);
    if (module)
        status = options->engine == ENGINE_EVALUATOR ? evaluate(options, arena, module)
                                                     : run_native(options, arena, module);
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
