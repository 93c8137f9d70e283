// The columns of `loopwright gil`: an interpreter a policy, which differ in nothing else, and the
// Pythons of this machine.
#include "cli/gil/gil.h"
#include "cli/process.h"
#include "cli/progress.h"

#include <errno.h>
#include <string.h>

// ---- Policies -------------------------------------------------------------------------------

// NULL after an error on stderr.
static const char *emit(Gil *gil, const char *policy) {
    Variant variant = gil->variant;
    Text error = {0};
    Emitted emitted;
    PipelineFlag taken = variant_take_flag(
        &variant, arena_printf(gil->arena, "-fplace-gil-checks=%s", policy), &error);
    if (taken != PIPELINE_TAKEN)
        command_failure("%s", text_chars(&error));
    text_free(&error);
    IrModule *module =
        taken == PIPELINE_TAKEN ? variant_module(&variant, gil->arena, NULL, false, NULL) : NULL;
    return module && emitted_cache_get(&variant, gil->arena, module, &emitted) ? emitted.executable
                                                                               : NULL;
}

static bool add_policies(Gil *gil) {
    for (size_t i = 0; i < gil->policies.count; i++) {
        const GilColumn column = {.name = gil->policies.items[i],
                                  .program = emit(gil, gil->policies.items[i])};
        if (!column.program)
            return false;
        ARENA_PUSH(gil->arena, &gil->columns, column);
        progress_tell("emitted", i + 1, gil->policies.count);
    }
    return true;
}

// ---- Pythons --------------------------------------------------------------------------------

// The implementation's name and version, and whether its threads have a lock; then its executable,
// as `python3` may be a script that looks for one, at length.
static const char who[] = "import platform, sys\n"
                          "free = not getattr(sys, '_is_gil_enabled', lambda: True)()\n"
                          "print(platform.python_implementation(), platform.python_version() + "
                          "(' without lock' if free else ''))\n"
                          "print(sys.executable)\n";

// Takes the two lines apart; false if there aren't two.
static bool read_who(Arena *arena, const char *text, GilColumn *column) {
    size_t name = strcspn(text, "\n");
    if (!name || !text[name])
        return false;
    const char *second = text + name + 1;
    size_t program = strcspn(second, "\n");
    column->name = arena_strndup(arena, text, name);
    column->program = arena_strndup(arena, second, program);
    return program && strcmp(second + program, "\n") == 0;
}

// Makes the column of a Python. False if it can't be asked, and `why` says why not.
static bool ask(Arena *arena, const char *program, GilColumn *column, const char **why) {
    const char *argv[] = {process_path(arena, program), "-c", who, NULL};
    Text output = {0}, errors = {0};
    int status = process_run((char *const *)argv, &output, &errors);
    *why = NULL;
    if (status < 0)
        *why = strerror(errno);
    else if (status > 0)
        *why = arena_printf(arena, "exit status %d", status);
    else if (!read_who(arena, text_chars(&output), column))
        *why = "it doesn't say which it is";
    column->is_python = true;
    text_free(&output);
    text_free(&errors);
    return !*why;
}

static bool has_counterparts(const Gil *gil) {
    for (size_t i = 0; i < gil->demos.count; i++)
        if (gil->demos.items[i].python)
            return true;
    return false;
}

// One that was asked for has to be there; `python3` is taken if it is.
static bool add_pythons(Gil *gil) {
    const char *why;
    GilColumn column = {0};
    for (size_t i = 0; i < gil->pythons.count; i++) {
        if (!ask(gil->arena, gil->pythons.items[i], &column, &why))
            return !command_failure("--python=%s can't be used: %s", gil->pythons.items[i], why);
        ARENA_PUSH(gil->arena, &gil->columns, column);
    }
    if (gil->pythons.count || !has_counterparts(gil))
        return true;
    if (ask(gil->arena, "python3", &column, &why))
        ARENA_PUSH(gil->arena, &gil->columns, column);
    else
        command_note("no Python is measured: python3 can't be used: %s", why);
    return true;
}

bool gil_make_columns(Gil *gil) {
    return add_policies(gil) && (gil->no_python || add_pythons(gil));
}
