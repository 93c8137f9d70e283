// See dispatch_weights.h.
#include "cli/dispatch/dispatch_weights.h"

#include "cli/counting.h"
#include "support/interruption.h"

#include <string.h>

int dispatch_weights_check(const Command *command, const DispatchWeights *weights) {
    if (weights->program && !weights->program[strspn(weights->program, " \t\n")])
        return command_usage_error(command, "no program is given by --count-args=");
    if (weights->counts && weights->program)
        return command_usage_error(command,
                                   "--counts and --count-args are two sources; choose one");
    if (weights->class_path && !weights->program)
        return command_usage_error(command, "-cp goes with --count-args");
    return EXIT_OK;
}

static bool count(const DispatchWeights *weights, Arena *arena, const Variant *variant,
                  const DispatchSubject *subject) {
    if (!subject->module) {
        command_failure("%s doesn't tell which flags and definition it was made of, so nothing can "
                        "be counted with it: give its flags, or --counts=FILE.json",
                        subject->name);
        return false;
    }
    const char *path = counting_file(arena);
    const CountingJob job = {weights->class_path, weights->program, path};
    CountingInterpreter interpreter;
    if (!path)
        return false;
    bool good = counting_begin(&interpreter, arena, subject->name, variant, subject->module) &&
                counting_run(&interpreter, &job, 1) && dispatch_report_weigh(subject->report, path);
    counting_end(&interpreter);
    temporary_remove(path);
    return good;
}

bool dispatch_weights_apply(const DispatchWeights *weights, Arena *arena, const Variant *variant,
                            const DispatchSubject *subject) {
    if (weights->program)
        return count(weights, arena, variant, subject);
    return !weights->counts || dispatch_report_weigh(subject->report, weights->counts);
}
