// How often each bytecode counts where dispatch is measured: as often as a program executes it,
// which the evaluator counts, now or before. Commands that weigh so have these options.
#ifndef CLI_DISPATCH_DISPATCH_WEIGHTS_H
#define CLI_DISPATCH_DISPATCH_WEIGHTS_H

#include "cli/command.h"
#include "cli/dispatch/dispatch_subject.h"

typedef struct DispatchWeights {
    const char *program, *class_path; // a class and its arguments; NULL: none
    const char *counts;               // a file of counts; NULL: none
} DispatchWeights;

// The rows of an option table for the field `weights` of the command's structure.
#define DISPATCH_WEIGHTS_OPTIONS(structure)                                                        \
    {OPTION_TEXT, "--count-args", "'CLASS ARGS'",                                                  \
     "weigh the bytecodes by what this program executes, counted by the\n"                         \
     "evaluator: a small size",                                                                    \
     .offset = offsetof(structure, weights.program)},                                              \
        {OPTION_TEXT, "-cp", "DIR[:DIR...]", "with --count-args: where its classes are",           \
         .offset = offsetof(structure, weights.class_path)},                                       \
    {                                                                                              \
        OPTION_TEXT, "--counts", "FILE.json",                                                      \
            "weigh them by counts there are already (`loopwright run\n--engine=eval --counts=`)",  \
            .offset = offsetof(structure, weights.counts)                                          \
    }

// Are they such as go together? Answers EXIT_OK, or the exit status of an error that was reported.
int dispatch_weights_check(const Command *command, const DispatchWeights *weights);

// Weighs the subject's bytecodes, if there is anything to do it by. False after an error on stderr.
// The variant says what the subject's loop is linked with.
bool dispatch_weights_apply(const DispatchWeights *weights, Arena *arena, const Variant *variant,
                            const DispatchSubject *subject);

#endif
