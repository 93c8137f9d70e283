// Operators are sent by bytecodes of their own, which do the arithmetic of small integers and
// Doubles by themselves and send the message to everything else, as in most Smalltalks since
// Smalltalk-80. Which ones is in inlined.def; what the operands of all bytecodes mean is said in
// the definition, and so in the generated header.
#ifndef FRONTEND_GUEST_OPERATORS_H
#define FRONTEND_GUEST_OPERATORS_H

#include <stdbool.h>

// The bytecode for a selector, or -1; and whether a bytecode is one of these. OP_SEND_OPERATOR
// is as long, and really sends.
int guest_operator(const char *selector);
bool guest_is_operator(int opcode);

#endif
