// Finding the method for a class and a selector, by way of a cache for the machine.
#ifndef RUNTIME_CALLS_LOOKUP_H
#define RUNTIME_CALLS_LOOKUP_H

#include "runtime/objects/class.h"

// The method that instances of `class` have for `selector`, or NULL.
Method *lookup_method(Vm *vm, const Class *class, const Symbol *selector);

// Forgets what was found.
void lookup_forget(Vm *vm);

#endif
