// A variant: one interpreter, as flags describe it. Every subcommand that makes an
// interpreter takes the same flags, and all of them come through here.
#ifndef CLI_VARIANT_H
#define CLI_VARIANT_H

#include "ir/ir.h"
#include "passes/manager/pass.h"
#include "support/text.h"

#include <stdbool.h>
#include <stdio.h>

typedef struct Variant {
    PipelineRequest passes;
    const char *definition; // NULL: SOM's
    const char *code;       // "verified" or "any"
    const char *tail_dup;   // "off" or "on"
    const char *alias;      // "none" or "full"
    const char *sanitize;   // NULL, "address" or "thread"
    int llvm;               // 0: the newest that there is
} Variant;

// A variant with every flag at its default.
Variant variant_new(void);

// Takes one argument that begins with `-`. PIPELINE_NOT_MINE if it is no variant's
// flag; PIPELINE_WRONG with a line in `error`. Strings are borrowed.
PipelineFlag variant_take_flag(Variant *variant, const char *flag, Text *error);

// Loads the plug-ins that the arguments name, wherever they stand, before any flag is
// taken that may name their passes: with `leading` up to the first that can't be one of
// ours, in any case up to `--`. PIPELINE_FAILED with a line in `error`.
PipelineFlag variant_load_passes(int argc, char *const *argv, bool leading, Text *error);

// Parses flags separated by white space (`-O0 -fno-dce`). The pieces live in `arena`.
bool variant_parse(Variant *variant, Arena *arena, const char *flags, Text *error);

// The list of flags for --help, each with its one line.
void variant_describe_flags(Text *out);

// The variant's module: `file` (a .mir, "-", or a definition .som; NULL: the
// variant's definition) read, checked, and put through the variant's passes. Where no
// level was asked for, a .mir gets no pass if `lenient_mir`, all else -O2. Errors are
// reported to stderr: NULL then. The report may be NULL.
IrModule *variant_module(const Variant *variant, Arena *arena, const char *file, bool lenient_mir,
                         PipelineRun *run);

// What makes the variant's machine code what it is, beside its module: "llvm-tail-dup
// off, …", for the image and the cache.
void variant_identity(const Variant *variant, Text *out);

#endif
