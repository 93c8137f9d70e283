// A compiled method as text, for people and tests: `pc  name operands  ; meaning`.
#ifndef FRONTEND_GUEST_DISASSEMBLE_H
#define FRONTEND_GUEST_DISASSEMBLE_H

#include "frontend/guest/compile.h"
#include "support/text.h"

// Appends the method's code and, indented, that of its blocks behind it. `class` is for
// the fields' names and may be NULL. Operands stand as they are in the code, jumps as the
// pc that they lead to. `with_lines` puts a column in front: the source line, where
// another one begins.
void guest_disassemble(Text *text, const GuestMethod *method, const GuestClassScope *class,
                       bool with_lines);

// Appends a literal as SOM would write it.
void guest_disassemble_literal(Text *text, const GuestLiteral *literal);

#endif
