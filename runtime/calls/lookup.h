// Finding the method for a class and a selector. Call sites remember what they found (site.c);
// what they miss is found in one cache for the whole machine, and only then class by class (T.
// Conroy, E. Pelegri-Llopart, "An Assessment of Method-Lookup Caches for Smalltalk-80
// Implementations", in "Smalltalk-80: Bits of History", 1983).
#ifndef RUNTIME_CALLS_LOOKUP_H
#define RUNTIME_CALLS_LOOKUP_H

#include "runtime/objects/class.h"

// The method that instances of `class` have for `selector`, or NULL.
Method *lookup_method(Vm *vm, const Class *class, const Symbol *selector);

// Forgets what was found.
void lookup_forget(Vm *vm);

#endif
