// See evaluation.h.
#include "cli/evaluation.h"

#include "backend/eval/eval.h"
#include "cli/command.h"
#include "runtime/som.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

// The function that the loop is: the first of the module, in every form.
static const IrFunction *loop_function(const IrModule *module) {
    return module->functions.count ? module->functions.items[0] : NULL;
}

// ---- SOM ------------------------------------------------------------------------------

typedef struct SomLoop {
    EvalProgram *program;
    const IrFunction *function;
} SomLoop;

static bool interpret_som(Thread *thread, Frame *frame, void *context) {
    SomLoop *loop = context;
    EvalWord arguments[] = {{.pointer = thread}, {.pointer = frame}};
    EvalFailure failure = {0};
    if (eval_call(loop->program, loop->function, arguments, 2, NULL, &failure))
        return true;
    eval_report(loop->program, &failure, stderr);
    return false;
}

static void *look_up_som(void *context, const char *name) {
    (void)context;
    return som_external(name);
}

static int run_som(EvalProgram *program, const IrFunction *function, Arena *arena, int argc,
                   char **argv) {
    SomLoop loop = {program, function};
    SomEngine engine = {.interpret = interpret_som, .context = &loop, .clock = eval_clock(program)};
    char **words = ARENA_ARRAY(arena, char *, argc + 2);
    words[0] = "som";
    memcpy(words + 1, argv, sizeof *words * (size_t)argc);
    return som_main(argc + 1, words, &engine);
}

// ---- Another loop ---------------------------------------------------------------------

static void *look_up_library(void *library, const char *name) {
    return dlsym(library, name);
}

typedef int Entry(void (*interpret)(void *thread, void *frame), int argc, char **argv);

static int run_library(EvalProgram *program, const IrFunction *function, Entry *entry, int argc,
                       char **argv) {
    EvalNative *native = eval_native_new(program, function);
    if (!native)
        return command_failure("this machine allows no code made at run time, which --entry needs");
    void (*interpret)(void *, void *);
    void *address = eval_native_address(native);
    memcpy(&interpret, &address, sizeof interpret);
    int status = entry(interpret, argc, argv);
    EvalFailure failure = eval_native_failure(native);
    if (failure.message) {
        eval_report(program, &failure, stderr);
        status = EXIT_FAILED;
    }
    eval_native_free(native);
    return status;
}

static void *open_library(const char *path, Arena *arena) {
    // A bare name is a file here, not one of the system's libraries.
    void *library = dlopen(strchr(path, '/') ? path : arena_printf(arena, "./%s", path), RTLD_NOW);
    if (!library)
        command_failure("can't load the externals: %s", dlerror());
    return library;
}

int evaluation_run(const Evaluation *evaluation, Arena *arena, const IrModule *module, int argc,
                   char **argv) {
    const IrFunction *function = loop_function(module);
    if (!function)
        return command_failure("the module has no function to run");
    void *library = NULL;
    Entry *entry = NULL;
    if (evaluation->externals) {
        library = open_library(evaluation->externals, arena);
        if (!library)
            return EXIT_FAILED;
        void *address = dlsym(library, evaluation->entry);
        memcpy(&entry, &address, sizeof entry);
        if (!entry)
            return command_failure("%s has no function '%s'", evaluation->externals,
                                   evaluation->entry);
    }
    EvalProgram *program =
        eval_prepare(arena, module, library ? look_up_library : look_up_som, library, stderr);
    if (!program)
        return EXIT_FAILED;
    int status = library ? run_library(program, function, entry, argc, argv)
                         : run_som(program, function, arena, argc, argv);
    if (evaluation->counts && !eval_counts_json(program, evaluation->counts))
        return command_failure("can't write %s: %s", evaluation->counts, strerror(errno));
    return status;
}
