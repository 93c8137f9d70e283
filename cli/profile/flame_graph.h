// A flame graph: stacks as an SVG picture, in the look that Gregg gave it. A frame is a box as wide
// as its part of all counts, and stands on the frame that it is within; from left to right the
// boxes are in the order of their names, so the axis is no time. A colour means nothing but the
// name: the same one has the same colour in every picture.
//
// The picture is a file that needs nothing else, no network and no script: each box has a title,
// which viewers show where the pointer is.
#ifndef CLI_PROFILE_FLAME_GRAPH_H
#define CLI_PROFILE_FLAME_GRAPH_H

#include "cli/profile/folded_stacks.h"

typedef struct FlameGraphWords {
    const char *title;
    const char *unit; // of counts: "samples"
} FlameGraphWords;

// Appends the picture. Sorts the stacks.
void flame_graph_draw(FoldedStacks *stacks, const FlameGraphWords *words, Text *out);

#endif
