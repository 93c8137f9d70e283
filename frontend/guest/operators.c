// See operators.h.
#include "frontend/guest/operators.h"

#include "interpreter.h"

#include <string.h>

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
