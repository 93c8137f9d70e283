// Methods that need no frame: they answer a field or a constant, or set a field. A call site does
// that by itself and enters nothing. In object-oriented programs they are a large part of all
// calls.
#ifndef FRONTEND_GUEST_SHAPE_H
#define FRONTEND_GUEST_SHAPE_H

#include "frontend/guest/code.h"

// Sets `shape` and `trivial` of the method that was compiled from `body`. Adds a literal
// for a constant that the code has in an instruction.
void guest_find_shape(GuestCode *code, const AstBlock *body);

#endif
