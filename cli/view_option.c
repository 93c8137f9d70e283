// See view_option.h.
#include "cli/view_option.h"

// Whether there are bytecodes of these names shows once the passes have run, as they make some.
int view_option_take(const Command *command, const char **into, const char *names) {
    Arena *scratch = arena_new();
    bool good = ir_view_new(scratch, names) != NULL;
    arena_free(scratch);
    if (!good)
        return command_usage_error(command, "--bytecode=%s: the name of a bytecode is empty",
                                   names);
    *into = names;
    return EXIT_OK;
}

bool view_option_check(const IrModule *module, const IrView *view) {
    const char *unknown = view ? ir_view_unknown(module, view) : NULL;
    if (!unknown)
        return true;
    const char *nearest = ir_view_nearest(module, unknown);
    if (nearest)
        command_failure("%s has no bytecode '%s', did you mean '%s'?", module->name, unknown,
                        nearest);
    else
        command_failure("%s has no bytecode '%s'", module->name, unknown);
    return false;
}
