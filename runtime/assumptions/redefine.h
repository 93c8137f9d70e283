// Changing what a class understands while the program runs: which method may take the place of
// another, and how everything that was found or compiled before learns of it. What was found is
// forgotten, what was inlined is given up (inlined.h). Frames of the method that was replaced go
// on with its code.
#ifndef RUNTIME_ASSUMPTIONS_REDEFINE_H
#define RUNTIME_ASSUMPTIONS_REDEFINE_H

#include "runtime/objects/class.h"

// What storing into an element of `methods` (from 0) does: from then on the class does
// this when it is sent the selector of that element. Only a method will do that takes as
// many arguments, and whose holder is the class or one that it inherits from, for such a
// method runs on any receiver it can get. False otherwise, with the failure noted, and
// nothing has changed.
bool redefine_method(Thread *thread, MethodArray *methods, size_t index, Value value);

#endif
