// What an interpreter is linked with: the runtime of its loop. Any loop has one, of files that
// --runtime= names: C sources, which are compiled here, objects, archives, shared libraries. SOM's
// is the one that there is unless another is named (default_loop.h), and nothing else about it is
// different: both are checked against the loop's externals, and linked in the same way.
#ifndef CLI_LINKING_LOOP_RUNTIME_H
#define CLI_LINKING_LOOP_RUNTIME_H

#include "cli/variant.h"

typedef struct LoopRuntime {
    bool is_default;
    bool has_main; // and so is a whole program with the interpreter; else we add a `main`
    const char *entry;
    ARENA_VECTOR(const char *) needed; // functions that whoever links an archive must ask for
    ARENA_VECTOR(const char *) files;  // for the linker: sources are objects now, `-lm` is itself
    ARENA_VECTOR(const char *) names;  // of each, as it was given; none of the default runtime
    const char *sanitizers;            // what it is instrumented with: "address"; "": nothing
    uint64_t hash;                     // of all that decides what it is, unless it is_elsewhere:
    bool is_elsewhere;                 // the linker looks for some of it in folders of the user's
} LoopRuntime;

// What is made of an interpreter and its runtime.
typedef enum LinkGoal { LINK_EXECUTABLE, LINK_SHARED_LIBRARY } LinkGoal;

// Prepares the runtime that the variant names for a loop: compiles its sources, unless they were
// compiled before (cache.h), and sees that it has what the loop needs (runtime_check.h). False
// after an error on stderr.
bool loop_runtime_make(const Variant *variant, Arena *arena, const IrModule *module,
                       LoopRuntime *runtime);

// Links an interpreter's object with the runtime into the file `path`, which messages call `name`.
// `is_placed`: the object is for a fixed address, and so is the program. False after an error.
bool loop_runtime_link(const LoopRuntime *runtime, Arena *arena, LinkGoal goal, bool is_placed,
                       const char *object, const char *path, const char *name);

// The runtime alone as a shared library, for the evaluator: its path. NULL after an error on
// stderr. Not of the default one.
const char *loop_runtime_library(const LoopRuntime *runtime, Arena *arena);

#endif
