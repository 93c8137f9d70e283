// From a variant to machine code: starts the LLVM helper, and has the result linked. The helper is
// a process of its own, so that two versions of LLVM never share one, and LLVM's process-wide
// options belong to one variant.
#ifndef CLI_EMITTER_H
#define CLI_EMITTER_H

#include "cli/variant.h"

// What can be emitted: the module, what the helper makes of it, and what is linked of that with the
// loop's runtime.
typedef enum EmitterKind {
    EMITTER_MIR,
#define LLVM_KIND(id, name, ending) EMITTER_##id,
#include "backend/llvm/flags/llvm_flags.def"
    EMITTER_SHARED,
    EMITTER_EXECUTABLE,
} EmitterKind;

// What they are called, in that order: "mir|…|executable".
extern const char emitter_kinds[];

// How a file of the kind ends: ".o".
const char *emitter_ending(EmitterKind kind);

// Which LLVM the variant gets, and the path of the helper for it; 0 and NULL, after an
// error on stderr, if that LLVM was not found when this was built.
typedef struct EmitterHelper {
    int version;
    const char *path;
} EmitterHelper;
EmitterHelper emitter_helper(const Variant *variant, Arena *arena);

// The versions of LLVM that there is a helper for, as choices: "22|19"; "": none.
const char *emitter_llvm_versions(Arena *arena);

// Emits a module to `path` as KIND ("-" for stdout, but for executables); what is there is
// replaced by the whole of it or not at all. False after an error on stderr.
bool emitter_emit(const Variant *variant, Arena *arena, const IrModule *module, EmitterKind kind,
                  const char *path);

// ---- The single steps, for who keeps what is between (emitted_cache.h) -------------------
// All of them report errors on stderr.

// Writes the text to a new temporary file, or the module as the helper reads it: with the
// places of its own text, for debuggers. Its path, or NULL.
const char *emitter_temporary(Arena *arena, const Text *text);
const char *emitter_temporary_module(Arena *arena, const IrModule *module);

// Appends what the helper makes of a module: assembly, an object, LLVM IR. `goal` is what that is
// for, on which it depends whether the code is for a fixed address.
bool emitter_compile(const Variant *variant, Arena *arena, EmitterKind kind, EmitterKind goal,
                     const char *mir, Text *out);

// Is the variant's code for a fixed address, in something of that kind?
bool emitter_is_placed(const Variant *variant, EmitterKind goal);

#endif
