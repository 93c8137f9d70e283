// See ddmin.h. Takes out chunks, large ones first: a half, a quarter, … single items, and
// begins again with what is left as long as anything went. Most of a big input is usually
// irrelevant in large pieces, so few tests take most of it away.
//
// The result is 1-minimal: nothing can be taken from it alone. Something smaller may still show
// the failure (without two items at once, say); to find the least there is would take a test for
// every subset.
#include "cli/reduce/ddmin.h"

#include "support/arena.h"

#include <string.h>

typedef struct Search {
    bool *kept;      // for which the test holds: it did when this was last written
    bool *candidate; // what is being tested
    size_t count;    // of all items
    size_t left;     // of those kept
    DdminTest *test;
    void *context;
} Search;

// Tests the kept items of chunk `chunk` out of `chunks`, or all kept ones but those;
// keeps no more than them if the test holds.
static bool try_chunk(Search *search, size_t chunk, size_t chunks, bool complement) {
    size_t from = search->left * chunk / chunks, to = search->left * (chunk + 1) / chunks;
    size_t seen = 0, left = 0;
    for (size_t i = 0; i < search->count; i++) {
        bool inside = search->kept[i] && seen >= from && seen < to;
        seen += search->kept[i];
        search->candidate[i] = search->kept[i] && inside != complement;
        left += search->candidate[i];
    }
    if (!search->test(search->context, search->candidate, search->count))
        return false;
    memcpy(search->kept, search->candidate, search->count * sizeof *search->kept);
    search->left = left;
    return true;
}

// One round at a granularity. The next granularity, 0 if this was the finest in vain.
static size_t next_granularity(Search *search, size_t chunks) {
    // A chunk alone first ("reduce to subset"): of two, each is the other's complement.
    for (size_t chunk = 0; chunk < chunks && chunks > 2; chunk++)
        if (try_chunk(search, chunk, chunks, false))
            return 2;
    bool any = false;
    // Chunks after one that went are tried at once: their places are still free.
    for (size_t chunk = 0; chunk < chunks; chunk++) {
        if (search->left < chunks)
            chunks = search->left;
        if (chunk < chunks && try_chunk(search, chunk, chunks, true)) {
            any = true;
            if (chunks > 1)
                chunks--;
            chunk--;
        }
    }
    if (any)
        return chunks < 2 ? 2 : chunks;
    if (chunks >= search->left)
        return 0;
    return chunks * 2 < search->left ? chunks * 2 : search->left;
}

size_t ddmin(bool *kept, size_t count, DdminTest *test, void *context) {
    Arena *arena = arena_new();
    Search search = {.kept = kept,
                     .candidate = ARENA_ARRAY(arena, bool, count + 1),
                     .count = count,
                     .left = count,
                     .test = test,
                     .context = context};
    // Nothing at all is worth one test: often it is the module that fails, and none of these items
    // matters.
    bool none = count > 0 && test(context, search.candidate, count);
    if (none) {
        memset(kept, 0, count * sizeof *kept);
        search.left = 0;
    }
    size_t chunks = 2;
    while (search.left > 0 && chunks > 0) {
        if (chunks > search.left)
            chunks = search.left;
        chunks = next_granularity(&search, chunks);
        // A single item that is left was shown to be needed: nothing at all fails.
        if (search.left == 1)
            break;
    }
    arena_free(arena);
    return search.left;
}
