// One side of a comparison, as `--diff A B` gives it: flags that are added to those that hold for
// both, or a file.
#ifndef CLI_VARIANT_SIDE_H
#define CLI_VARIANT_SIDE_H

#include "cli/command.h"

typedef struct VariantSide {
    Variant variant;
    const char *input; // a file; NULL: the variant's definition
} VariantSide;

// The variant with its loop, whichever of the two names it.
Variant variant_side_loop(const VariantSide *side);

// Reads a word of --diff; `side` holds what is given for both. Answers EXIT_OK, or the exit status
// of an error that was reported.
int variant_side_read(const Command *command, Arena *arena, const char *word, VariantSide *side);

#endif
