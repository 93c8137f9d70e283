// From a validated body to the loop's code. compile.c goes through the instructions,
// compile_values.c keeps what is on the stack where it is until somebody needs it elsewhere,
// compile_forms.c knows which bytecode does what, encode.c writes the code.
#ifndef WASM_COMPILE_H
#define WASM_COMPILE_H

#include "module.h"
#include "wasm.h"

typedef struct Code {
    uint16_t *units; // in the pool
    size_t count;
    int slots; // of a frame, with its head and without the arguments
} Code;

// What code has to know of the instance that it is for: the store's numbers of functions and
// types, by the module's.
typedef struct CodeNumbers {
    const uint32_t *functions, *types;
} CodeNumbers;

// Compiles a body, by its index among the module's. Raises UNSUPPORTED where the code would need
// more than the loop's operands can say.
Code compile_body(const Module *module, uint32_t body, const CodeNumbers *numbers, Pool *pool,
                  Failure *failure);

#endif
