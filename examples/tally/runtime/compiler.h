// Tally's front end: source text to the bytecode of Tally.som, in one pass.
#ifndef TALLY_COMPILER_H
#define TALLY_COMPILER_H

#include "scanner.h"
#include "tally.h" // generated from Tally.som

enum { FUNCTIONS_MAX = 256, ARRAYS_MAX = 256 }; // what a byte can number

// A compiled program. Function 0 is what stands outside of functions; its first local is
// the program's `size`.
typedef struct Program {
    const char *file, *source;
    Function functions[FUNCTIONS_MAX];
    int64_t code_sizes[FUNCTIONS_MAX]; // in bytes
    Place *places[FUNCTIONS_MAX];      // where the bytecode at each index of the code comes from
    Array arrays[ARRAYS_MAX];
    Token *texts;
    int text_count;
} Program;

// Compiles a file. The program is the caller's, to be freed. An error ends the process.
Program *tally_compile(const char *file);

// Writes the interpreter's superinstructions, those that its image names, into the code.
void tally_fuse(Program *program, const char *image);

void tally_free(Program *program);

#endif
