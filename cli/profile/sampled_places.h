// What an address of a sampled process is: of which file it was, where in that, and in which
// function. Symbols are read where a file has any; nothing is fetched from elsewhere.
#ifndef CLI_PROFILE_SAMPLED_PLACES_H
#define CLI_PROFILE_SAMPLED_PLACES_H

#include "cli/profile/sampler.h"

typedef struct SampledPlaces SampledPlaces;

typedef struct SampledPlace {
    const char *file;     // "/lib/libc.so.6", "[vdso]"; NULL: nothing was mapped there
    uint64_t address;     // in that file, as its symbols and debug information count
    const char *function; // NULL: no symbol tells
} SampledPlace;

// For what the samples' files are. Lives in the arena; what it opens is closed by the second.
SampledPlaces *sampled_places_new(Arena *arena, const Samples *samples);
void sampled_places_close(SampledPlaces *places);

SampledPlace sampled_place(SampledPlaces *places, uint64_t address);

#endif
