// What Loopwright was built from, which is kept with what it measures.
#ifndef CLI_BENCH_OWN_VERSION_H
#define CLI_BENCH_OWN_VERSION_H

#include "support/arena.h"

// "loopwright 0.1.0 (1a2b3c4)", with "-dirty" behind a commit that was changed; without one where
// it isn't known.
const char *own_version(Arena *arena);

#endif
