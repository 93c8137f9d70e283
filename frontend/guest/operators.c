// See operators.h.
#include "frontend/guest/operators.h"

#include "interpreter.h"

#include <string.h>

static const struct {
    const char *selector;
    int opcode;
} operators[] = {
#define OPERATOR(selector, opcode, receivers) {selector, OP_##opcode},
#include "frontend/guest/inlined.def"
};

enum { OPERATORS = sizeof operators / sizeof *operators };
_Static_assert(OPERATORS <= 32, "sets of operators are words of 32 bits");

int guest_operator(const char *selector) {
    for (int i = 0; i < OPERATORS; i++)
        if (!strcmp(operators[i].selector, selector))
            return operators[i].opcode;
    return -1;
}

uint32_t guest_operators_of(int opcode) {
    uint32_t set = 0;
    for (int i = 0; i < OPERATORS; i++)
        if (operators[i].opcode == opcode)
            set |= UINT32_C(1) << i;
    return set;
}

// A send takes its arguments from the stack, and the answer comes in the receiver's place.
int guest_sent_operator(int opcode) {
    static const int sent[] = {OP_SEND_UNARY_OPERATOR, OP_SEND_OPERATOR, OP_SEND_TERNARY_OPERATOR};
    return sent[-interpreter_bytecodes[opcode].stack.constant];
}
