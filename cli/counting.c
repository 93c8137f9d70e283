// See counting.h. Starts ourselves: the evaluator runs in a process of its own, as every
// interpreter does. The counts are of a smaller run of the same program, as the evaluator is much
// slower than machine code; whoever gives its size sees to it that it executes the same bytecodes
// as often, relative to one another.
#include "cli/counting.h"

#include "cli/bench/harness_output.h"
#include "cli/command.h"
#include "cli/linking/loop_runtime.h"
#include "cli/parallel.h"
#include "cli/process.h"
#include "ir/text/text.h"
#include "support/interruption.h"
#include "support/output_file.h"

#include <errno.h>
#include <math.h>
#include <string.h>

typedef ARENA_VECTOR(char *) Words;

static void add_words(Arena *arena, Words *words, const char *text) {
    char *rest = arena_strdup(arena, text);
    for (char *word; (word = strtok_r(rest, " \t\n", &rest));)
        ARENA_PUSH(arena, words, word);
}

// Words and a NULL at their end; `interpreter` begins the list, and is gone on with.
static char *const *complete(Arena *arena, Words interpreter, const CountingJob *job) {
    Words *words = &interpreter;
    if (job->class_path) {
        ARENA_PUSH(arena, words, "-cp");
        ARENA_PUSH(arena, words, arena_strdup(arena, job->class_path));
    }
    add_words(arena, words, job->program);
    ARENA_PUSH(arena, words, NULL);
    return words->items;
}

static bool is_good(Arena *arena, const char *name, const char *program, int status,
                    const Text *output, const Text *errors) {
    return status == 0 || !command_failure("counting %s (%s) failed: %s", name, program,
                                           harness_failure(arena, status, output, errors));
}

// ---- The interpreter ----------------------------------------------------------------------------

// As text, so that plug-ins need not be loaded again, and standard input not be read again. A
// runtime is a library by now, so that it isn't compiled for each program.
bool counting_begin(CountingInterpreter *interpreter, Arena *arena, const char *name,
                    const Variant *variant, const IrModule *module) {
    const char *path = command_temporary(arena, ".mir");
    *interpreter = (CountingInterpreter){.arena = arena, .name = name, .module = path};
    if (!path)
        return false;
    Text text = {0};
    ir_print(module, &text);
    bool good = command_write(path, &text);
    text_free(&text);
    if (!good)
        return false;
    LoopRuntime runtime;
    if (!variant->runtime_count)
        return true;
    if (!loop_runtime_make(variant, arena, module, &runtime))
        return false;
    interpreter->entry = runtime.entry;
    interpreter->runtime = loop_runtime_library(&runtime, arena);
    return interpreter->runtime != NULL;
}

void counting_end(const CountingInterpreter *interpreter) {
    temporary_remove(interpreter->module);
}

static Words words_for(const CountingInterpreter *interpreter, const char *counts) {
    Arena *arena = interpreter->arena;
    Words words = {0};
    ARENA_PUSH(arena, &words, arena_printf(arena, "%s/loopwright", process_own_folder()));
    ARENA_PUSH(arena, &words, "run");
    ARENA_PUSH(arena, &words, "--engine=eval");
    ARENA_PUSH(arena, &words, arena_printf(arena, "--counts=%s", counts));
    ARENA_PUSH(arena, &words, "--passes=");
    ARENA_PUSH(arena, &words, arena_printf(arena, "--definition=%s", interpreter->module));
    if (interpreter->runtime) {
        ARENA_PUSH(arena, &words, arena_printf(arena, "--runtime=%s", interpreter->runtime));
        ARENA_PUSH(arena, &words, arena_printf(arena, "--entry=%s", interpreter->entry));
    }
    ARENA_PUSH(arena, &words, "--");
    return words;
}

// ---- Programs -----------------------------------------------------------------------------------

// A program that is counted prints what it printed before; this much is none.
enum { OUTPUT_MOST = 256 << 20 };

typedef struct Counting {
    const CountingInterpreter *interpreter;
    const CountingJob *jobs;
    bool good;
} Counting;

static ParallelProgram begin_job(void *context, size_t index) {
    const Counting *counting = context;
    const CountingJob *job = &counting->jobs[index];
    return (ParallelProgram){.words = complete(counting->interpreter->arena,
                                               words_for(counting->interpreter, job->counts), job),
                             .seconds = HUGE_VAL,
                             .output = OUTPUT_MOST};
}

static bool end_job(void *context, size_t index, ParallelOutcome *outcome) {
    Counting *counting = context;
    int status = parallel_status(outcome);
    counting->good &=
        is_good(counting->interpreter->arena, counting->interpreter->name,
                counting->jobs[index].program, status, &outcome->output, &outcome->errors);
    parallel_outcome_free(outcome);
    return counting->good;
}

bool counting_run(const CountingInterpreter *interpreter, const CountingJob *jobs, size_t count) {
    Counting counting = {interpreter, jobs, true};
    parallel_run(&(ParallelRuns){.count = count,
                                 .width = parallel_processors(),
                                 .context = &counting,
                                 .begin = begin_job,
                                 .end = end_job});
    return counting.good;
}

const char *counting_file(Arena *arena) {
    return command_temporary(arena, ".counts");
}
