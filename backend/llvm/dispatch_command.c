// See dispatch_command.h.
#include "backend/llvm/dispatch_command.h"

#include "backend/anatomy/dispatch_report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

typedef struct DispatchOptions {
    const char *input, *counts, *bytecode;
    bool as_json;
} DispatchOptions;

static int usage_error(const char *message, const char *argument) {
    fprintf(stderr, "loopwright-llvm dispatch: %s%s%s (--help lists the options)\n", message,
            *argument ? ": " : "", argument);
    return 2;
}

static int take_arguments(DispatchOptions *options, int count, char **arguments) {
    for (int i = 0; i < count; i++) {
        const char *argument = arguments[i];
        if (strcmp(argument, "--json") == 0)
            options->as_json = true;
        else if (strncmp(argument, "--counts=", 9) == 0)
            options->counts = argument + 9;
        else if (strncmp(argument, "--bytecode=", 11) == 0)
            options->bytecode = argument + 11;
        else if (*argument == '-')
            return usage_error("unknown option", argument);
        else if (options->input)
            return usage_error("more than one input", argument);
        else
            options->input = argument;
    }
    return options->input ? 0 : usage_error("no input", "");
}

static bool measure(Arena *arena, const ObjectFile *object, const DispatchOptions *options) {
    const Attribution *attribution = attribution_read(arena, object);
    const MachineCode *code = attribution ? machine_code_read(arena, object, attribution) : NULL;
    const DispatchSites *sites = code ? dispatch_sites_find(arena, object, code) : NULL;
    if (!sites)
        return false;
    DispatchReport *report = dispatch_report_new(arena, code, sites);
    if (options->counts && !dispatch_report_weigh(report, options->counts))
        return false;
    if (options->bytecode && !dispatch_report_choose(report, options->bytecode))
        return false;
    if (!dispatch_report_write(report, options->as_json)) {
        fprintf(stderr, "error: the report can't be written: %s\n", strerror(errno));
        return false;
    }
    return true;
}

int dispatch_command(int count, char **arguments) {
    DispatchOptions options = {0};
    int status = take_arguments(&options, count, arguments);
    if (status != 0)
        return status;
    Arena *arena = arena_new();
    ObjectFile *object = object_file_open(arena, options.input);
    bool done = object && measure(arena, object, &options);
    if (object)
        object_file_close(object);
    arena_free(arena);
    return done ? 0 : 1;
}
