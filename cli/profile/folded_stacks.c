// See folded_stacks.h.
#include "cli/profile/folded_stacks.h"

#include <inttypes.h>
#include <stdlib.h>

void folded_stacks_add(FoldedStacks *stacks, Arena *arena, const char *const *frames,
                       size_t frame_count, uint64_t count) {
    if (count == 0)
        return;
    Text text = {0};
    for (size_t i = 0; i < frame_count; i++) {
        if (i > 0)
            text_add(&text, ";");
        for (const char *at = frames[i]; *at; at++)
            text_add_bytes(&text, *at == ';' || (unsigned char)*at < ' ' ? " " : at, 1);
    }
    FoldedStack stack = {arena_strdup(arena, text_chars(&text)), count};
    text_free(&text);
    ARENA_PUSH(arena, stacks, stack);
}

// What ends a frame comes before all that a name has, so that a frame is not parted from those
// within it by another whose name goes on.
static int rank(char letter) {
    return letter == '\0' ? 0 : letter == ';' ? 1 : 2 + (unsigned char)letter;
}

static int by_frames(const void *left, const void *right) {
    const char *a = ((const FoldedStack *)left)->frames;
    const char *b = ((const FoldedStack *)right)->frames;
    while (*a && *a == *b)
        a++, b++;
    return rank(*a) - rank(*b);
}

void folded_stacks_sort(FoldedStacks *stacks) {
    if (stacks->count > 0)
        qsort(stacks->items, stacks->count, sizeof *stacks->items, by_frames);
}

void folded_stacks_print(const FoldedStacks *stacks, Text *out) {
    for (size_t i = 0; i < stacks->count; i++)
        text_addf(out, "%s %" PRIu64 "\n", stacks->items[i].frames, stacks->items[i].count);
}
