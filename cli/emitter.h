// From a variant to machine code: starts the LLVM helper and the linker, and keeps
// what was emitted in a cache.
#ifndef CLI_EMITTER_H
#define CLI_EMITTER_H

#include "cli/variant.h"

typedef enum EmitKind {
    EMIT_MIR,
    EMIT_LLVM_IR,
    EMIT_ASSEMBLY,
    EMIT_OBJECT,
    EMIT_EXECUTABLE
} EmitKind;

// What an emitted interpreter consists of in the cache; the paths live in the arena.
typedef struct Emitted {
    const char *mir, *object, *executable;
} Emitted;

// The path of the LLVM helper for the variant; NULL, after an error on stderr, if that
// LLVM was not found when this was built.
const char *emitter_helper(const Variant *variant, Arena *arena);

// Emits a module to `path` as KIND ("-" for stdout, but for executables). False after
// an error on stderr.
bool emitter_emit(const Variant *variant, Arena *arena, const IrModule *module, EmitKind kind,
                  const char *path);

// The variant's interpreter out of the cache, emitted now if it is not there. The key
// is a hash of the module's text, the variant's flags, and the programs that make and
// link it. False after an error on stderr.
bool emitter_cached(const Variant *variant, Arena *arena, const IrModule *module, Emitted *emitted);

#endif
