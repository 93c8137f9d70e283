// See profile_programs.h.
#include "cli/profile/profile_programs.h"

#include "support/interruption.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Running {
    const ProfileOptions *options;
    const ProfiledLoop *loop;
    const bool *ends;
    ProfiledPrograms *programs;
} Running;

// ---- The loop ------------------------------------------------------------------------------

static bool has_superinstructions(const IrTable *table) {
    for (size_t i = 0; i < table->bytecodes.count; i++)
        if (table->bytecodes.items[i].origin == IR_ORIGIN_FUSED)
            return true;
    return false;
}

// The naive loop, unless another is asked for.
static void choose_passes(Variant *variant) {
    Text error = {0};
    if (!variant->passes.passes && !variant->passes.has_level)
        variant_take_flag(variant, "-O0", &error);
    if (!variant->passes.passes)
        variant_take_flag(variant, "-fno-superinstructions", &error);
    text_free(&error);
}

bool profile_read_loop(ProfileOptions *options, Arena *arena, ProfiledLoop *loop) {
    choose_passes(&options->variant);
    IrModule *module = variant_module(&options->variant, arena, NULL, false, NULL);
    if (!module)
        return false;
    if (module->form != IR_FORM_LOOP || !module->functions.count || !module->tables.count) {
        command_failure("bytecodes are profiled in form `loop`; leave out replicate-dispatch and "
                        "tail-call-handlers");
        return false;
    }
    if (has_superinstructions(module->tables.items[0])) {
        command_failure("bytecodes are profiled without superinstructions; leave them out");
        return false;
    }
    *loop = (ProfiledLoop){arena, module, module->tables.items[0]};
    return true;
}

// ---- Running -------------------------------------------------------------------------------

pid_t profile_fork(void) {
    fflush(NULL);
    pid_t child = child_fork();
    if (child != 0)
        return child;
    int empty = open("/dev/null", O_RDONLY);
    if (empty < 0 || dup2(empty, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        _exit(EXIT_FAILED);
    return child;
}

// In the child: never returns.
static void run_recorded(const Running *running, int argc, char **argv, FILE *stream) {
    Arena *arena = running->loop->arena;
    RunRecorder *recorder = run_recorder_new(arena, running->loop->table, running->ends);
    EvalObserver observer = run_recorder_observer(recorder);
    Evaluation evaluation = running->options->evaluation;
    evaluation.variant = &running->options->variant;
    evaluation.observer = &observer;
    int status = evaluation_run(&evaluation, arena, running->loop->module, argc, argv);
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
static bool record(const Running *running, int argc, char **argv) {
    Arena *arena = running->loop->arena;
    ProfiledProgram program = {.words = join_words(arena, argc, argv)};
    FILE *stream = tmpfile();
    if (!stream)
        return command_failure("can't make a temporary file: %s", strerror(errno)) == EXIT_OK;
    pid_t child = profile_fork();
    if (child == 0)
        run_recorded(running, argc, argv, stream);
    int status = child < 0 ? -1 : child_wait(child);
    rewind(stream);
    bool good = status == 0 && straight_runs_read(stream, arena, &program.runs);
    if (status == -1)
        command_failure("can't run %s: %s", program.words, strerror(errno));
    else if (!good && WIFEXITED(status))
        command_failure("%s failed: exit status %d", program.words, WEXITSTATUS(status));
    else if (!good)
        command_failure("%s was ended by signal %d", program.words, WTERMSIG(status));
    fclose(stream);
    if (good)
        ARENA_PUSH(arena, running->programs, program);
    return good;
}

// The words of a --program, after the class path of the program at the end if there is none.
static bool record_words(const Running *running, const char *words) {
    Arena *arena = running->loop->arena;
    const OptionProgram *main_program = &running->options->program;
    ARENA_VECTOR(char *) argv = {0};
    char *rest = arena_strdup(arena, words);
    for (char *word; (word = strtok_r(rest, " \t\n", &rest));)
        ARENA_PUSH(arena, &argv, word);
    bool has_path = strcmp(argv.items[0], "-cp") == 0;
    if (!has_path && main_program->count > 2 && strcmp(main_program->words[0], "-cp") == 0) {
        char **whole = ARENA_ARRAY(arena, char *, argv.count + 2);
        memcpy(whole, main_program->words, sizeof *whole * 2);
        memcpy(whole + 2, argv.items, sizeof *whole * argv.count);
        return record(running, (int)argv.count + 2, whole);
    }
    return record(running, (int)argv.count, argv.items);
}

// One program's counts stay what they are. With several, each is taken for a million bytecodes.
static void weigh(ProfiledPrograms *programs) {
    for (size_t p = 0; p < programs->count; p++) {
        ProfiledProgram *program = &programs->items[p];
        double bytecodes = 0;
        for (size_t r = 0; r < program->runs.count; r++)
            bytecodes += (double)program->runs.items[r].times * program->runs.items[r].count;
        program->weight = programs->count == 1 || bytecodes == 0 ? 1 : 1e6 / bytecodes;
    }
}

bool profile_run_programs(const ProfileOptions *options, const ProfiledLoop *loop, const bool *ends,
                          ProfiledPrograms *programs) {
    Running running = {options, loop, ends, programs};
    for (int i = 0; i < options->more_count; i++)
        if (!record_words(&running, options->more[i]))
            return false;
    bool has_main = options->program.count || !options->more_count;
    if (has_main && !record(&running, options->program.count, options->program.words))
        return false;
    weigh(programs);
    return true;
}
