// Stacks and how often each was found, *folded*: a line a stack, its frames from the outermost on
// with `;` between them, then a blank and the count. It is what flame graphs are drawn from
// (flame_graph.h), here and by the tools that go by this format (Gregg, "The Flame Graph",
// Communications of the ACM 59(6), 2016).
//
// What a frame is, is up to who makes the stacks: a bytecode, a function, a method of a guest.
#ifndef CLI_PROFILE_FOLDED_STACKS_H
#define CLI_PROFILE_FOLDED_STACKS_H

#include "support/arena.h"
#include "support/text.h"

#include <stddef.h>
#include <stdint.h>

typedef struct FoldedStack {
    const char *frames; // "program;interpret;add"
    uint64_t count;
} FoldedStack;

typedef ARENA_VECTOR(FoldedStack) FoldedStacks;

// Adds a stack of so many frames, from the outermost on; it is copied. In a name, what would part
// frames or lines becomes a blank. A count of 0 is not added.
void folded_stacks_add(FoldedStacks *stacks, Arena *arena, const char *const *frames,
                       size_t frame_count, uint64_t count);

// Sorts them by their frames, one after the other: those with a frame in common follow each other.
void folded_stacks_sort(FoldedStacks *stacks);

// Appends the lines, in the order in which they stand.
void folded_stacks_print(const FoldedStacks *stacks, Text *out);

#endif
