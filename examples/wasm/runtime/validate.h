// The two parts of validation: modules (validate.c) and bodies of functions (validate_body.c).
#ifndef WASM_VALIDATE_H
#define WASM_VALIDATE_H

#include "instructions.h"
#include "module.h"

#include <stdlib.h>

// Checks one body, by its index among the bodies, as the standard's appendix describes it: a
// stack of types and a stack of blocks.
void validate_body(const Module *module, uint32_t body, Failure *failure);

#endif
