// Emitted interpreters, kept from one run to the next (cache.h).
#ifndef CLI_EMITTED_CACHE_H
#define CLI_EMITTED_CACHE_H

#include "cli/variant.h"

// What an emitted interpreter consists of; the paths live in the arena.
typedef struct Emitted {
    const char *object, *executable;
    bool is_temporary; // removed when we end (interruption.h)
    uint64_t runtime;  // what it is linked with, as a hash; 0: the default loop's runtime
} Emitted;

// The variant's interpreter out of the cache, emitted now if it is not there. The key is a
// hash of the module's text, the variant's flags, the programs that make it, and its runtime.
// False after an error on stderr.
bool emitted_cache_get(const Variant *variant, Arena *arena, const IrModule *module,
                       Emitted *emitted);

// An interpreter that was emitted before: the path to start it by, which may live in the arena.
// NULL after an error on stderr.
const char *emitted_before(const char *path, Arena *arena);

#endif
