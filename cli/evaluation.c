// See evaluation.h. A library's entry gets the loop as a C function, made at run time
// (eval_native_new), so that it can't tell the evaluator from an emitted object.
#include "cli/evaluation.h"

#include "backend/eval/eval.h"
#include "cli/command.h"
#include "cli/default_loop.h"
#include "cli/linking/loop_runtime.h"
#include "ir/image.h"
#include "support/interruption.h"
#include "support/output_file.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

// The function that the loop is: the first of the module, in every form.
static const IrFunction *loop_function(const IrModule *module) {
    return module->functions.count ? module->functions.items[0] : NULL;
}

static void *look_up_library(void *library, const char *name) {
    return dlsym(library, name);
}

typedef int Entry(void (*interpret)(void *thread, void *frame), int argc, char **argv,
                  const char *image);

// The entry is the user's main program. Like `main` it may have fewer parameters. It doesn't learn
// of a failure in the loop (eval_native_new), so that is reported after it, and is the exit status.
static int run_library(EvalProgram *program, const IrModule *module, Entry *entry, int argc,
                       char **argv) {
    const IrFunction *function = loop_function(module);
    EvalNative *native = eval_native_new(program, function);
    if (!native)
        return command_failure(
            "this machine allows no code made at run time, which a runtime in the evaluator needs");
    void (*interpret)(void *, void *);
    void *address = eval_native_address(native);
    memcpy(&interpret, &address, sizeof interpret);
    Text image = {0};
    ir_image(module, &image);
    int status = entry(interpret, argc, argv, text_chars(&image));
    text_free(&image);
    EvalFailure failure = eval_native_failure(native);
    if (failure.message) {
        eval_report(program, &failure, stderr);
        status = EXIT_FAILED;
    }
    eval_native_free(native);
    return status;
}

// What the runtime calls is its own, even if this program has a function of the same name. (In a
// build of ours with a sanitizer it isn't: their functions have to come before C's.)
static void *open_library(const char *path) {
    void *library = dlopen(path, RTLD_NOW | (*LOOPWRIGHT_SANITIZE ? 0 : RTLD_DEEPBIND));
    if (!library)
        command_failure("can't load the runtime: %s", dlerror());
    return library;
}

// Counts are written also after a program has failed: what was executed up to there was.
static bool write_counts(const EvalProgram *program, const char *path) {
    Text text = {0};
    eval_counts_json(program, &text);
    bool good = output_file_write(path, &text);
    if (!good)
        command_failure("can't write %s: %s", command_output_name(path), strerror(errno));
    text_free(&text);
    return good;
}

// A runtime may end the process by itself. What was executed up to there was, so it is written
// then.
static struct {
    const EvalProgram *program;
    const char *path; // NULL: written, or not wanted
} at_exit;

static void write_counts_at_exit(void) {
    if (at_exit.path)
        write_counts(at_exit.program, at_exit.path);
    at_exit.path = NULL;
}

// Loads the runtime, and finds its entry. NULL after an error on stderr.
static void *load_runtime(const Evaluation *evaluation, Arena *arena, const IrModule *module,
                          Entry **entry) {
    LoopRuntime runtime;
    if (!loop_runtime_make(evaluation->variant, arena, module, &runtime))
        return NULL;
    const char *path = loop_runtime_library(&runtime, arena);
    void *library = path ? open_library(path) : NULL;
    temporary_remove(path); // not at the end: the program may end where it likes
    if (!library)
        return NULL;
    void *address = dlsym(library, runtime.entry);
    memcpy(entry, &address, sizeof *entry);
    if (!address)
        command_failure("the runtime has no function `%s`, which would be its entry",
                        runtime.entry);
    return address ? library : NULL;
}

// The library is never closed: the program may have left threads, or functions to be called at
// exit.
int evaluation_run(const Evaluation *evaluation, Arena *arena, const IrModule *module, int argc,
                   char **argv) {
    if (!loop_function(module))
        return command_failure("the module has no function to run");
    void *library = NULL;
    Entry *entry = NULL;
    if (evaluation->variant->runtime_count &&
        !(library = load_runtime(evaluation, arena, module, &entry)))
        return EXIT_FAILED;
    EvalProgram *program =
        eval_prepare_observed(arena, module, library ? look_up_library : default_loop_external,
                              library, evaluation->observer, stderr);
    if (!program)
        return EXIT_FAILED;
    at_exit.program = program;
    at_exit.path = evaluation->counts;
    if (evaluation->counts)
        atexit(write_counts_at_exit);
    int status;
    if (library) {
        status = run_library(program, module, entry, argc, argv);
    } else {
        Text flags = {0};
        variant_print(evaluation->variant, &flags);
        status = default_loop_run(program, module, text_chars(&flags), arena, argc, argv);
        text_free(&flags);
    }
    at_exit.path = NULL;
    return evaluation->counts && !write_counts(program, evaluation->counts) ? EXIT_FAILED : status;
}
