// Names that are nearly right: which one was meant. For messages about a name that there is not.
#ifndef SUPPORT_SPELLING_H
#define SUPPORT_SPELLING_H

#include <stddef.h>

// A search for the name that is most like `wanted`. To begin: {.wanted = …}.
typedef struct Spelling {
    const char *wanted;
    const char *nearest; // so far; NULL: none is near
    size_t distance;     // how far that is
} Spelling;

// Looks at one more name. Of names that are equally far the first counts; one of which more than
// half of the letters would have to change is another word and no slip.
void spelling_try(Spelling *spelling, const char *name);

#endif
