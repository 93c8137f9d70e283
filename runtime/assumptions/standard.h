// Whether a method of a core class means what our own library means by it.
#ifndef RUNTIME_ASSUMPTIONS_STANDARD_H
#define RUNTIME_ASSUMPTIONS_STANDARD_H

#include "runtime/objects/class.h"

typedef enum Standard {
    STANDARD_NOT,
    STANDARD_KNOWN, // its syntax tree is one that is known to mean nearly the same
    STANDARD_OURS,  // a primitive, a method of our own library, or one with the same tree
} Standard;

// What instances of `class` answer the selector with. The names of variables don't matter;
// what the method sends may still mean something else. NOT if they don't understand it.
Standard standard_method(Vm *vm, const Class *class, const char *selector);

#endif
