// Whether a bytecode's code begins with a machine frame. In form `handlers` each bytecode is a
// function, and room on the machine's stack is best made where it is needed. If a function makes
// it at its beginning, all its ways pay for that, and for taking it away again.
#ifndef BACKEND_ANATOMY_MACHINE_FRAME_H
#define BACKEND_ANATOMY_MACHINE_FRAME_H

#include "backend/anatomy/machine_code.h"

// Does the code that begins with `block` make a frame first of all, though it has ways that might
// need none? It has none if it calls before it branches, and where it returns there is no way.
bool machine_frame_is_always_made(const MachineCode *code, int block);

#endif
