// A compiled program: code, constants, and what errors and the verifier need to know.
#ifndef REED_PROGRAM_H
#define REED_PROGRAM_H

#include "heap.h"
#include "scanner.h"

// What a byte can number, less some that no one has to think of.
enum { REGISTERS_MAX = 250 };

// How a closure that is made gets one of its boxes.
typedef struct Capture {
    bool is_register; // of the function that makes it, else one of those that function has captured
    uint8_t index;
} Capture;

typedef struct Function {
    Place place;
    uint8_t *code;
    Place *places; // where the bytecode at each index of the code comes from
    int64_t code_size;
    Constant *constants;
    int constant_count;
    int parameter_count, register_count;
    Capture *captures;
    int capture_count;
    int64_t quickenings, next_fusing; // see fuse.c
} Function;

typedef struct Program {
    Source source;
    Function **functions; // the first is what stands outside of functions
    int function_count;
    int global_count;
} Program;

// Compiles a file. The program is the caller's, to be freed; its texts are the heap's. The first
// globals have the given names. An error ends the process.
Program *program_compile(const char *file, Heap *heap, const char *const *given, int given_count);
void program_free(Program *program);

// Looks through all code: are operands in range, do windows fit, do jumps lead to bytecodes? What
// doesn't hold is a bug of the compiler's, and aborts.
void program_verify(const Program *program);

#endif
