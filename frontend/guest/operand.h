// What the operands of the bytecodes mean. The generated header says how long they are;
// this says what they index, for who reads code: the disassembler and the verifier.
#ifndef FRONTEND_GUEST_OPERAND_H
#define FRONTEND_GUEST_OPERAND_H

#include <stdbool.h>

typedef enum GuestOperand {
    GUEST_OPERAND_NONE,
    GUEST_OPERAND_LOCAL,
    GUEST_OPERAND_ARGUMENT, // an argument or the receiver
    GUEST_OPERAND_ASSIGNED, // an argument, not the receiver
    GUEST_OPERAND_RECEIVER, // the argument index of the receiver, nothing else
    GUEST_OPERAND_FIELD,
    GUEST_OPERAND_LITERAL, // any but a block
    GUEST_OPERAND_BLOCK,   // a literal that is a block
    GUEST_OPERAND_NUMBER,  // itself
    GUEST_OPERAND_SLOT,    // of the context that the next operand says
    GUEST_OPERAND_DEPTH,
    GUEST_OPERAND_SIZE, // of a new context
    GUEST_OPERAND_SITE, // a send's
    GUEST_OPERAND_SUPER_SITE,
    GUEST_OPERAND_GLOBAL_SITE,
    GUEST_OPERAND_COUNT, // arguments of the site before it
    GUEST_OPERAND_JUMP,
} GuestOperand;

enum { GUEST_OPERANDS = 2 }; // at most

// The meaning of an operand. A bytecode that code must not hold, or that isn't one, is
// not admitted.
GuestOperand guest_operand(int opcode, int index);
bool guest_is_admitted(int opcode);

// How many values must be on the stack, beside those that a GUEST_OPERAND_COUNT counts.
int guest_needs(int opcode);

// Operators are sent by bytecodes of their own, which do the arithmetic of small integers
// and Doubles by themselves: the bytecode for a selector, or -1; and whether a bytecode is
// one of these. OP_SEND_OPERATOR is as long, and really sends.
int guest_operator(const char *selector);
bool guest_is_operator(int opcode);

#endif
