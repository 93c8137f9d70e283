// Whether a method of a core class means what our own library means by it. That is undecidable in
// general, and easy for the methods in question: somebody who brings a core library of their own
// nearly always has the same text, up to the names of variables. So syntax trees are compared. A
// text that isn't known is not understood, and its message is sent, which is always right.
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
