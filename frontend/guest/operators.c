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
