// What each instruction of a dispatch path is for.
#ifndef BACKEND_ANATOMY_DISPATCH_CLASS_H
#define BACKEND_ANATOMY_DISPATCH_CLASS_H

#include "backend/anatomy/dispatch_path.h"

// Gives each step of the path its class.
void dispatch_classify(const MachineCode *code, DispatchPath *path);

// "opcode fetch".
const char *dispatch_class_text(DispatchClass class);

#endif
