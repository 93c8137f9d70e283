// What `loopwright dispatch` measures: the interpreter that flags ask for, emitted now, or an
// object or a program that was emitted before; with the module that it comes from, where that
// can be had.
#ifndef CLI_DISPATCH_DISPATCH_SUBJECT_H
#define CLI_DISPATCH_DISPATCH_SUBJECT_H

#include "backend/anatomy/dispatch_report.h"
#include "cli/variant.h"

typedef struct DispatchSubject {
    const char *name;       // as messages and reports call it
    ObjectFile *object;     // NULL: not opened
    DispatchReport *report; // with the operations of the module, if there is one
    const IrModule *module; // NULL: not known
    int llvm_version;       // that made it, as in "19"; 0: not known
} DispatchSubject;

// Is the input something that is measured as it is? (Else it is the loop that flags are about.)
bool dispatch_subject_is_made(const char *input);

// Reads or emits it. `input` is an object, a program, a module or definition (variant_reads), or
// NULL for the variant's. False after an error on stderr; a subject is closed in any case.
bool dispatch_subject_read(DispatchSubject *subject, Arena *arena, const Variant *variant,
                           const char *input);

// The same of what flags ask for, in two steps: makes the module, which `run` may watch, and emits
// it. False after an error on stderr.
bool dispatch_subject_make(DispatchSubject *subject, Arena *arena, const Variant *variant,
                           const char *input, PipelineRun *run);
bool dispatch_subject_emit(DispatchSubject *subject, Arena *arena, const Variant *variant);

void dispatch_subject_close(DispatchSubject *subject);

#endif
