// Reading the image of an interpreter, which is told at the start what it can do: see
// docs/loop-language.md, "What an interpreter says of itself", for the text.
#ifndef RUNTIME_BYTECODES_IMAGE_H
#define RUNTIME_BYTECODES_IMAGE_H

#include "runtime/bytecodes/bytecode.h"
#include "support/arena.h"

#include <stdio.h>

// Reads the opcodes. NULL, with the reason on `errors`, if the image can't be read, or if the
// interpreter was made for another runtime than this: its records, functions or bytecodes are
// not those of the generated header. Passes may add opcodes, but those that compilers and
// this runtime write are the same in every image. All that is returned is in the arena; the
// image needn't live on.
const Bytecodes *image_read(Arena *arena, const char *image, FILE *errors);

// What follows `key` on its line of an image, up to the end of the line; NULL if there is no such
// line.
const char *image_line(const char *image, const char *key);

#endif
