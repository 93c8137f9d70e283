// See operand.h. A bytecode that is added to the definition is admitted by a line here.
#include "frontend/guest/operand.h"

#include "interpreter.h"

#include <string.h>

static_assert((int)GUEST_OPERANDS >= (int)INTERPRETER_OPERANDS_MAX,
              "the table has a column for each");

typedef struct Meaning {
    bool is_admitted;
    int needs;
    GuestOperand operands[GUEST_OPERANDS];
} Meaning;

static const Meaning meanings[OP_COUNT] = {
    [OP_DUP] = {true, 1, {GUEST_OPERAND_NONE}},
    [OP_POP] = {true, 1, {GUEST_OPERAND_NONE}},
    [OP_PUSH_LOCAL] = {true, 0, {GUEST_OPERAND_LOCAL}},
    [OP_POP_LOCAL] = {true, 1, {GUEST_OPERAND_LOCAL}},
    [OP_PUSH_ARGUMENT] = {true, 0, {GUEST_OPERAND_ARGUMENT}},
    [OP_POP_ARGUMENT] = {true, 1, {GUEST_OPERAND_ASSIGNED}},
    [OP_PUSH_CONSTANT] = {true, 0, {GUEST_OPERAND_LITERAL}},
    [OP_PUSH_INTEGER] = {true, 0, {GUEST_OPERAND_NUMBER}},
    [OP_PUSH_NIL] = {true, 0, {GUEST_OPERAND_NONE}},
    [OP_PUSH_TRUE] = {true, 0, {GUEST_OPERAND_NONE}},
    [OP_PUSH_FALSE] = {true, 0, {GUEST_OPERAND_NONE}},
    [OP_PUSH_FIELD_RECEIVER] = {true, 0, {GUEST_OPERAND_FIELD, GUEST_OPERAND_RECEIVER}},
    [OP_POP_FIELD_RECEIVER] = {true, 1, {GUEST_OPERAND_FIELD, GUEST_OPERAND_RECEIVER}},
    [OP_PUSH_CAPTURED_DEPTH] = {true, 0, {GUEST_OPERAND_SLOT, GUEST_OPERAND_DEPTH}},
    [OP_POP_CAPTURED_DEPTH] = {true, 1, {GUEST_OPERAND_SLOT, GUEST_OPERAND_DEPTH}},
    [OP_PUSH_CONTEXT] = {true, 0, {GUEST_OPERAND_SIZE}},
    [OP_PUSH_HOME] = {true, 0, {GUEST_OPERAND_SIZE}},
    [OP_OPEN_HOME] = {true, 0, {GUEST_OPERAND_NONE}},
    [OP_PUSH_LINK] = {true, 0, {GUEST_OPERAND_SIZE}},
    [OP_BOX] = {true, 1, {GUEST_OPERAND_NONE}},
    [OP_UNBOX] = {true, 1, {GUEST_OPERAND_NONE}},
    [OP_SET_BOX] = {true, 2, {GUEST_OPERAND_NONE}},
    [OP_DETOUR] = {true, 0, {GUEST_OPERAND_NONE}},
    [OP_POP_CONTEXT] = {true, 0, {GUEST_OPERAND_NONE}},
    [OP_POP_HOME] = {true, 0, {GUEST_OPERAND_NONE}},
    [OP_PUSH_GLOBAL] = {true, 0, {GUEST_OPERAND_GLOBAL_SITE}},
    [OP_PUSH_BLOCK_RECEIVER] = {true, 0, {GUEST_OPERAND_BLOCK, GUEST_OPERAND_RECEIVER}},
    [OP_SEND_ARGUMENTS] = {true, 1, {GUEST_OPERAND_SITE, GUEST_OPERAND_COUNT}},
    [OP_SUPER_SEND_ARGUMENTS] = {true, 1, {GUEST_OPERAND_SUPER_SITE, GUEST_OPERAND_COUNT}},
    [OP_ADD] = {true, 2, {GUEST_OPERAND_SITE}},
    [OP_SUBTRACT] = {true, 2, {GUEST_OPERAND_SITE}},
    [OP_MULTIPLY] = {true, 2, {GUEST_OPERAND_SITE}},
    [OP_DIVIDE_FLOAT] = {true, 2, {GUEST_OPERAND_SITE}},
    [OP_BIT_AND] = {true, 2, {GUEST_OPERAND_SITE}},
    [OP_LESS] = {true, 2, {GUEST_OPERAND_SITE}},
    [OP_LESS_OR_EQUAL] = {true, 2, {GUEST_OPERAND_SITE}},
    [OP_GREATER] = {true, 2, {GUEST_OPERAND_SITE}},
    [OP_GREATER_OR_EQUAL] = {true, 2, {GUEST_OPERAND_SITE}},
    [OP_EQUAL] = {true, 2, {GUEST_OPERAND_SITE}},
    [OP_UNEQUAL] = {true, 2, {GUEST_OPERAND_SITE}},
    [OP_SEND_OPERATOR] = {true, 2, {GUEST_OPERAND_SITE}},
    [OP_JUMP] = {true, 0, {GUEST_OPERAND_JUMP}},
    [OP_JUMP_BACK] = {true, 0, {GUEST_OPERAND_JUMP}},
    [OP_JUMP_IF_TRUE_OTHER] = {true, 1, {GUEST_OPERAND_JUMP, GUEST_OPERAND_JUMP}},
    [OP_JUMP_IF_FALSE_OTHER] = {true, 1, {GUEST_OPERAND_JUMP, GUEST_OPERAND_JUMP}},
    [OP_JUMP_IF_NOT_NIL] = {true, 1, {GUEST_OPERAND_JUMP}},
    [OP_JUMP_IF_NIL] = {true, 1, {GUEST_OPERAND_JUMP}},
    [OP_JUMP_UNLESS_INTEGERS] = {true, 2, {GUEST_OPERAND_JUMP}},
    [OP_RETURN_LOCAL] = {true, 1, {GUEST_OPERAND_RECEIVER}},
    [OP_RETURN_SELF] = {true, 0, {GUEST_OPERAND_RECEIVER}},
    [OP_RETURN_HOME] = {true, 1, {GUEST_OPERAND_RECEIVER}},
    [OP_RETURN_NON_LOCAL] = {true, 1, {GUEST_OPERAND_NONE}},
};

static const struct {
    const char *selector;
    int opcode;
} operators[] = {
    {"+", OP_ADD},
    {"-", OP_SUBTRACT},
    {"*", OP_MULTIPLY},
    {"//", OP_DIVIDE_FLOAT},
    {"&", OP_BIT_AND},
    {"<", OP_LESS},
    {"<=", OP_LESS_OR_EQUAL},
    {">", OP_GREATER},
    {">=", OP_GREATER_OR_EQUAL},
    {"=", OP_EQUAL},
    {"<>", OP_UNEQUAL},
};

enum { OPERATORS = sizeof operators / sizeof *operators };

int guest_operator(const char *selector) {
    for (int i = 0; i < OPERATORS; i++)
        if (!strcmp(operators[i].selector, selector))
            return operators[i].opcode;
    return -1;
}

bool guest_is_operator(int opcode) {
    for (int i = 0; i < OPERATORS; i++)
        if (operators[i].opcode == opcode)
            return true;
    return false;
}

GuestOperand guest_operand(int opcode, int index) {
    return guest_is_admitted(opcode) && index < GUEST_OPERANDS ? meanings[opcode].operands[index]
                                                               : GUEST_OPERAND_NONE;
}

bool guest_is_admitted(int opcode) {
    return opcode >= 0 && opcode < OP_COUNT && meanings[opcode].is_admitted &&
           !interpreter_bytecodes[opcode].quickened;
}

int guest_needs(int opcode) {
    return guest_is_admitted(opcode) ? meanings[opcode].needs : 0;
}
