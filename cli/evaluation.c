// See evaluation.h. A library's entry gets the loop as a C function, made at run time
// (eval_native_new), so that it can't tell the evaluator from an emitted object.
#include "cli/evaluation.h"

#include "backend/eval/eval.h"
#include "cli/command.h"
#include "cli/default_loop.h"
#include "ir/image.h"
#include "support/output_file.h"

#include <dlfcn.h>
#include <errno.h>
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
        return command_failure("this machine allows no code made at run time, which --entry needs");
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

static void *open_library(const char *path, Arena *arena) {
    // A bare name is a file here, not one of the system's libraries.
    void *library = dlopen(strchr(path, '/') ? path : arena_printf(arena, "./%s", path), RTLD_NOW);
    if (!library)
        command_failure("can't load the externals: %s", dlerror());
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

// The library is never closed: the program may have left threads, or functions to be called at
// exit.
int evaluation_run(const Evaluation *evaluation, Arena *arena, const IrModule *module, int argc,
                   char **argv) {
    if (!loop_function(module))
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
        eval_prepare_observed(arena, module, library ? look_up_library : default_loop_external,
                              library, evaluation->observer, stderr);
    if (!program)
        return EXIT_FAILED;
    int status = library ? run_library(program, module, entry, argc, argv)
                         : default_loop_run(program, module, evaluation->flags, arena, argc, argv);
    return evaluation->counts && !write_counts(program, evaluation->counts) ? EXIT_FAILED : status;
}
