// See operand.h. A bytecode that is added to the definition is admitted by a line here.
#include "frontend/guest/operand.h"

#include "interpreter.h"

static_assert((int)GUEST_OPERANDS >= (int)INTERPRETER_OPERANDS_MAX,
              "the table has a column for each");

typedef struct Meaning {
    bool is_admitted;
    GuestOperand operands[GUEST_OPERANDS];
} Meaning;

#define OPERANDS(...)                                                                              \
    {                                                                                              \
        true, {                                                                                    \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define NO_OPERANDS                                                                                \
    {                                                                                              \
        true, {                                                                                    \
            GUEST_OPERAND_NONE                                                                     \
        }                                                                                          \
    }

static const Meaning meanings[OP_COUNT] = {
    [OP_DUP] = NO_OPERANDS,
    [OP_POP] = NO_OPERANDS,
    [OP_PUSH_LOCAL] = OPERANDS(GUEST_OPERAND_LOCAL),
    [OP_POP_LOCAL] = OPERANDS(GUEST_OPERAND_LOCAL),
    [OP_PUSH_ARGUMENT] = OPERANDS(GUEST_OPERAND_ARGUMENT),
    [OP_POP_ARGUMENT] = OPERANDS(GUEST_OPERAND_ASSIGNED),
    [OP_PUSH_CONSTANT] = OPERANDS(GUEST_OPERAND_LITERAL),
    [OP_PUSH_INTEGER] = OPERANDS(GUEST_OPERAND_NUMBER),
    [OP_PUSH_NIL] = NO_OPERANDS,
    [OP_PUSH_TRUE] = NO_OPERANDS,
    [OP_PUSH_FALSE] = NO_OPERANDS,
    [OP_PUSH_FIELD_RECEIVER] = OPERANDS(GUEST_OPERAND_FIELD, GUEST_OPERAND_RECEIVER),
    [OP_POP_FIELD_RECEIVER] = OPERANDS(GUEST_OPERAND_FIELD, GUEST_OPERAND_RECEIVER),
    [OP_PUSH_CAPTURED_DEPTH] = OPERANDS(GUEST_OPERAND_SLOT, GUEST_OPERAND_DEPTH),
    [OP_POP_CAPTURED_DEPTH] = OPERANDS(GUEST_OPERAND_SLOT, GUEST_OPERAND_DEPTH),
    [OP_PUSH_CONTEXT] = OPERANDS(GUEST_OPERAND_SIZE),
    [OP_PUSH_HOME] = OPERANDS(GUEST_OPERAND_SIZE),
    [OP_POP_CONTEXT] = NO_OPERANDS,
    [OP_POP_HOME] = NO_OPERANDS,
    [OP_PUSH_GLOBAL] = OPERANDS(GUEST_OPERAND_GLOBAL_SITE),
    [OP_PUSH_BLOCK_RECEIVER] = OPERANDS(GUEST_OPERAND_BLOCK, GUEST_OPERAND_RECEIVER),
    [OP_SEND_ARGUMENTS] = OPERANDS(GUEST_OPERAND_SITE, GUEST_OPERAND_COUNT),
    [OP_SUPER_SEND_ARGUMENTS] = OPERANDS(GUEST_OPERAND_SUPER_SITE, GUEST_OPERAND_COUNT),
    [OP_ADD] = OPERANDS(GUEST_OPERAND_SITE),
    [OP_SUBTRACT] = OPERANDS(GUEST_OPERAND_SITE),
    [OP_MULTIPLY] = OPERANDS(GUEST_OPERAND_SITE),
    [OP_DIVIDE_FLOAT] = OPERANDS(GUEST_OPERAND_SITE),
    [OP_BIT_AND] = OPERANDS(GUEST_OPERAND_SITE),
    [OP_LESS] = OPERANDS(GUEST_OPERAND_SITE),
    [OP_LESS_OR_EQUAL] = OPERANDS(GUEST_OPERAND_SITE),
    [OP_GREATER] = OPERANDS(GUEST_OPERAND_SITE),
    [OP_GREATER_OR_EQUAL] = OPERANDS(GUEST_OPERAND_SITE),
    [OP_EQUAL] = OPERANDS(GUEST_OPERAND_SITE),
    [OP_UNEQUAL] = OPERANDS(GUEST_OPERAND_SITE),
    [OP_JUMP] = OPERANDS(GUEST_OPERAND_JUMP),
    [OP_JUMP_BACK] = OPERANDS(GUEST_OPERAND_JUMP),
    [OP_JUMP_IF_TRUE_OTHER] = OPERANDS(GUEST_OPERAND_JUMP, GUEST_OPERAND_JUMP),
    [OP_JUMP_IF_FALSE_OTHER] = OPERANDS(GUEST_OPERAND_JUMP, GUEST_OPERAND_JUMP),
    [OP_JUMP_IF_NOT_NIL] = OPERANDS(GUEST_OPERAND_JUMP),
    [OP_JUMP_IF_NIL] = OPERANDS(GUEST_OPERAND_JUMP),
    [OP_JUMP_UNLESS_INTEGERS] = OPERANDS(GUEST_OPERAND_JUMP),
    [OP_RETURN_LOCAL] = OPERANDS(GUEST_OPERAND_RECEIVER),
    [OP_RETURN_SELF] = OPERANDS(GUEST_OPERAND_RECEIVER),
    [OP_RETURN_HOME] = OPERANDS(GUEST_OPERAND_RECEIVER),
    [OP_RETURN_NON_LOCAL] = NO_OPERANDS,
};

GuestOperand guest_operand(int opcode, int index) {
    return guest_is_admitted(opcode) && index < GUEST_OPERANDS ? meanings[opcode].operands[index]
                                                               : GUEST_OPERAND_NONE;
}

bool guest_is_admitted(int opcode) {
    return opcode >= 0 && opcode < OP_COUNT && meanings[opcode].is_admitted;
}
