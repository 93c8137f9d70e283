// A variant: one interpreter, as flags describe it. Every subcommand that makes an
// interpreter takes the same flags, and all of them come through here: which passes run on
// which definition, and what LLVM is told of the rest. Two variants that differ in one flag
// are an experiment; that nothing else differs is what makes it one.
#ifndef CLI_VARIANT_H
#define CLI_VARIANT_H

#include "backend/llvm/flags/llvm_flags.h"
#include "ir/ir.h"
#include "passes/manager/pass.h"
#include "support/text.h"

#include <stdbool.h>

// The versions of LLVM that there can be a helper for, the newest first.
#define VARIANT_LLVM_VERSIONS "22|19"
// What --code= may be.
#define VARIANT_CODE_CHOICES "verified|any"

// How many files a runtime may consist of.
enum { VARIANT_MOST_RUNTIME = 256 };

// What a runtime's entry is called unless --entry= says otherwise.
#define LOOP_RUNTIME_ENTRY "run"

// All zero: every flag at its default.
typedef struct Variant {
    PipelineRequest passes; // which, and with what parameters
    const char *definition; // NULL: the default loop's
    // What it is linked with; none: the default loop's. And the entry's name; NULL: the usual one.
    const char *runtime[VARIANT_MOST_RUNTIME];
    size_t runtime_count;
    const char *entry;
    int code; // what the loop is to run. 0: verified code only, 1: any
    LlvmFlags llvm;
    int llvm_version; // 0: the newest that there is
    // Any was taken, be it for what is so without it. But for --load-pass: it says only which
    // passes there are, and what was emitted before is read with the flags that it was made of.
    bool has_flags;
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

// The loop of `other` (definition, runtime, entry), as far as the variant names none itself.
void variant_default_loop(Variant *variant, const Variant *other);

// Parses flags separated by white space (`-O0 -fno-dce`). The pieces live in `arena`.
bool variant_parse(Variant *variant, Arena *arena, const char *flags, Text *error);

// The flags in a fixed order, on one line: equal for variants that were asked for the same,
// and enough to make the interpreter again (but for the module, plug-ins, LLVM's version).
void variant_print(const Variant *variant, Text *out);

// What a level (-O0 …) runs, for help texts; may have several lines.
void variant_describe_level(int level, Text *out);
// The list of flags for --help, each with its line.
void variant_describe_flags(Text *out);

// Does variant_module read it, by its name: a .mir, "-", or a definition .som?
bool variant_reads(const char *file);

// The variant's module: `file` (a .mir, "-", or a definition .som; NULL: the
// variant's definition) read, checked, and put through the variant's passes. Where no
// level was asked for, a .mir gets no pass if `lenient_mir`, all else -O2. Errors are
// reported to stderr: NULL then. The report may be NULL.
IrModule *variant_module(const Variant *variant, Arena *arena, const char *file, bool lenient_mir,
                         PipelineRun *run);

// The C header of the variant's loop, and what it is called. A loop that is a module has none:
// `name` is NULL then, and nothing is wrong. False after an error on stderr.
bool variant_header(const Variant *variant, Arena *arena, Text *header, const char **name);

#endif
