// Operators are messages that bytecodes of their own send. These do the usual case by themselves
// (the arithmetic of small integers and Doubles, an element of an Array, the test for nil) and send
// the message in all others, as in most Smalltalks since Smalltalk-80. Which ones is in
// inlined.def; what the operands of all bytecodes mean is said in the definition, and so in the
// generated header.
#ifndef FRONTEND_GUEST_OPERATORS_H
#define FRONTEND_GUEST_OPERATORS_H

#include <stdint.h>

// The bytecode for a selector, or -1. The operators that a bytecode stands for, as a set in which
// each has the bit of its number; 0 for other bytecodes. The bytecode that really sends what an
// operator's does: it takes as much from the stack and is as long, so it may be written over the
// other.
int guest_operator(const char *selector);
uint32_t guest_operators_of(int opcode);
int guest_sent_operator(int opcode);

#endif
