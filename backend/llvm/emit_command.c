// See emit_command.h. The steps of an emission in order: read and verify the module, set
// LLVM's options, lower, optimise, write. The module is verified although who sent it has done
// so: the lowering relies on it at every step, and a user may call this program by hand.
#include "backend/llvm/emit_command.h"

#include "backend/llvm/llvm_options.h"
#include "backend/llvm/lower.h"
#include "backend/llvm/request.h"
#include "backend/llvm/target.h"
#include "ir/text/text.h"
#include "ir/verify/verify.h"
#include "support/text.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int usage_error(const char *message, const char *argument) {
    fprintf(stderr, "loopwright-llvm emit: %s%s%s (--help lists the options)\n", message,
            *argument ? ": " : "", argument);
    return 2;
}

// Takes an argument that begins with a dash. 0, or the exit status of an error.
static int take_option(LlvmRequest *request, const char *argument) {
    static const char kind[] = "--kind=", variant[] = "--flags=";
    if (strncmp(argument, kind, sizeof kind - 1) == 0) {
        request->kind = llvm_kind_named(argument + sizeof kind - 1);
        return request->kind < LLVM_KINDS ? 0 : usage_error("no such choice", argument);
    }
    if (strncmp(argument, variant, sizeof variant - 1) == 0) {
        request->variant = argument + sizeof variant - 1;
        return strchr(request->variant, '\n') ? usage_error("the flags must be one line", "") : 0;
    }
    Text error = {0};
    int status = 0;
    switch (llvm_flags_take(&request->flags, argument, &error)) {
    case LLVM_FLAG_TAKEN: break;
    case LLVM_FLAG_NOT_MINE: status = usage_error("unknown option", argument); break;
    case LLVM_FLAG_WRONG: status = usage_error(text_chars(&error), ""); break;
    }
    text_free(&error);
    return status;
}

static int take_arguments(LlvmRequest *request, int count, char **arguments) {
    for (int i = 0; i < count; i++) {
        const char *argument = arguments[i];
        if (strcmp(argument, "-o") == 0) {
            if (++i == count)
                return usage_error("-o needs a file", "");
            request->output = arguments[i];
        } else if (*argument == '-' && argument[1]) {
            int status = take_option(request, argument);
            if (status != 0)
                return status;
        } else if (request->input) {
            return usage_error("more than one input", argument);
        } else {
            request->input = argument;
        }
    }
    return request->input ? 0 : usage_error("no input", "");
}

// An object is no text to print at somebody.
static const char *default_output(LlvmKind kind) {
    return kind == LLVM_KIND_OBJECT ? "interpreter.o" : "-";
}

static IrModule *read_module(Arena *arena, const char *path, Text *text) {
    if (!text_read_file(text, path)) {
        fprintf(stderr, "%s: error: the file can't be read: %s\n", path, strerror(errno));
        return NULL;
    }
    Diagnostics diagnostics = {
        .source = {.name = path, .text = text_chars(text), .length = text->length},
        .stream = stderr};
    IrModule *module = ir_parse(arena, &diagnostics);
    return module && ir_verify_or_report(module, stderr) ? module : NULL;
}

// Of LLVM's things, what a module was made in has to outlive it: the module goes first, its context
// after it.
static bool emit(Arena *arena, const IrModule *module, const LlvmRequest *request) {
    LLVMTargetMachineRef machine = llvm_target_new(&request->flags);
    if (!machine)
        return false;
    LLVMContextRef context = LLVMContextCreate();
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine);
    char *triple = LLVMGetTargetMachineTriple(machine);
    LlvmPlaces places = {.arena = arena};
    LLVMModuleRef lowered =
        llvm_lower_module(context, module, request, triple, layout, &places, arena);
    bool done = lowered && llvm_target_optimise(machine, lowered, request, arena) &&
                llvm_target_write(machine, lowered, request, module, &places);
    if (lowered)
        LLVMDisposeModule(lowered);
    LLVMDisposeMessage(triple);
    LLVMDisposeTargetData(layout);
    LLVMContextDispose(context);
    LLVMDisposeTargetMachine(machine);
    return done;
}

int llvm_emit_command(int count, char **arguments) {
    LlvmRequest request = {.kind = LLVM_KIND_OBJECT};
    int status = take_arguments(&request, count, arguments);
    if (status != 0)
        return status;
    if (!request.output)
        request.output = default_output(request.kind);
    Arena *arena = arena_new();
    Text text = {0};
    IrModule *module = read_module(arena, request.input, &text);
    // Options are set before LLVM does anything, since some are read when a target machine is made;
    // but after the module is known to be good, as looking them up starts a process.
    bool done =
        module && llvm_options_set(&request.flags, module, arena) && emit(arena, module, &request);
    text_free(&text);
    arena_free(arena);
    return done ? 0 : 1;
}
