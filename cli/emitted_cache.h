// Emitted interpreters, kept from one run to the next. An interpreter has a name that is a
// hash of all that makes it what it is, so an entry is never out of date; but it may be
// damaged (a disk that was full, a power loss after a rename), so each has a record of the
// sizes and hashes of its files. What doesn't match its record is made again.
//
// A cache is a convenience: where none can be written, what is emitted is temporary.
#ifndef CLI_EMITTED_CACHE_H
#define CLI_EMITTED_CACHE_H

#include "cli/variant.h"

// What an emitted interpreter consists of; the paths live in the arena.
typedef struct Emitted {
    const char *object, *executable;
    bool is_temporary; // removed when we end (interruption.h)
} Emitted;

// The folder of the cache, which exists, for whatever else is made once and kept. NULL after a
// warning: there can't be one.
const char *emitted_cache_folder(Arena *arena);

// The variant's interpreter out of the cache, emitted now if it is not there. The key is a
// hash of the module's text, the variant's flags, and the programs that make and link it.
// False after an error on stderr.
bool emitted_cache_get(const Variant *variant, Arena *arena, const IrModule *module,
                       Emitted *emitted);

// An interpreter that was emitted before: the path to start it by, which may live in the arena.
// NULL after an error on stderr.
const char *emitted_before(const char *path, Arena *arena);

#endif
