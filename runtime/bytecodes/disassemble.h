// A compiled method as text, for people and tests: `pc  name operands  ; meaning`. Where an
// opcode has been rewritten, its name is followed by that of what the compiler wrote, in
// parentheses; operands and what follows are as they were written.
#ifndef RUNTIME_BYTECODES_DISASSEMBLE_H
#define RUNTIME_BYTECODES_DISASSEMBLE_H

#include "frontend/guest/compile.h"
#include "runtime/bytecodes/bytecode.h"
#include "support/text.h"

// Appends the method's code, which has been verified, and, indented, that of its blocks after
// it. `class` is for the fields' names and may be NULL. Operands stand as they are in the code,
// jumps as the pc that they lead to. `with_lines` puts a column in front: the source line, where
// another one begins.
void disassemble_method(Text *text, const Bytecodes *bytecodes, const GuestMethod *method,
                        const GuestClassScope *class, bool with_lines);

// Appends a literal as SOM would write it.
void disassemble_literal(Text *text, const GuestLiteral *literal);

#endif
