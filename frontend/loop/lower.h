// Lowering of the bodies: each bytecode becomes a region of the loop's function,
// its helpers expanded in place. Called once the declarations are checked.
#ifndef FRONTEND_LOOP_LOWER_H
#define FRONTEND_LOOP_LOWER_H

#include "frontend/loop/definition.h"

// Adds the function `interpret` to the module and completes the table's bytecodes:
// blocks, stack effects, which operands are displacements. False after errors.
bool loop_lower_bodies(LoopDefinition *definition);

#endif
