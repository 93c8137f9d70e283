// Looks through compiled code before it runs. The loop takes for granted what is proven here.
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Verifier {
    const Program *program;
    const Function *function;
    bool *starts; // a bytecode begins at this index of the code
} Verifier;

static _Noreturn void bug(const Verifier *verifier, int64_t at, const char *what) {
    fprintf(stderr, "reed: bug: %s in the code of line %d, at %lld (%s)\n", what,
            verifier->function->place.line, (long long)at,
            reed_bytecodes[verifier->function->code[at]].name);
    abort();
}

static void require(const Verifier *verifier, int64_t at, bool holds, const char *what) {
    if (!holds)
        bug(verifier, at, what);
}

static void check_constant(const Verifier *verifier, int64_t at, int64_t index, int64_t kind) {
    require(verifier, at, index < verifier->function->constant_count,
            "a constant that there isn't");
    require(verifier, at, kind < 0 || verifier->function->constants[index].kind == kind,
            "a constant of another kind");
}

static void check_operand(const Verifier *verifier, int64_t at, const ReedBytecode *bytecode,
                          int index) {
    const uint8_t *code = verifier->function->code + at;
    int64_t value = reed_operand(code, &bytecode->operands[index]);
    int64_t registers = verifier->function->register_count, target = at + bytecode->length + value;
    switch (bytecode->operands[index].role) {
    case ROLE_REGISTER:
        require(verifier, at, value < registers, "a register beyond the window");
        break;
    case ROLE_WINDOW: // the number of registers is the next operand
        value += reed_operand(code, &bytecode->operands[index + 1]);
        require(verifier, at, value <= registers, "arguments beyond the window");
        break;
    case ROLE_LOOP: require(verifier, at, value + 2 < registers, "a loop beyond the window"); break;
    case ROLE_CONSTANT: check_constant(verifier, at, value, -1); break;
    case ROLE_DOUBLE: check_constant(verifier, at, value, REED_DOUBLE_KIND); break;
    case ROLE_TEXT: check_constant(verifier, at, value, REED_TEXT_KIND); break;
    case ROLE_GLOBAL:
        require(verifier, at, value < verifier->program->global_count, "a global that there isn't");
        break;
    case ROLE_CAPTURED:
        require(verifier, at, value < verifier->function->capture_count, "a box that there isn't");
        break;
    case ROLE_FUNCTION:
        require(verifier, at, value < verifier->program->function_count,
                "a function that there isn't");
        break;
    case ROLE_DIVISOR: require(verifier, at, value > 0, "a division by zero"); break;
    case ROLE_JUMP:
        require(verifier, at,
                target >= 0 && target < verifier->function->code_size && verifier->starts[target],
                "a jump to where no bytecode begins");
        break;
    default: break;
    }
}

// Each window has to begin after the one before it.
static void check_call(const Verifier *verifier, int64_t at, const ReedBytecode *bytecode) {
    if (verifier->function->code[at] == OP_CALL_FIRST_COUNT_INTO)
        require(verifier, at,
                reed_operand(verifier->function->code + at, &bytecode->operands[1]) > 0,
                "a call whose window begins at its own");
}

static void verify_function(const Program *program, const Function *function) {
    Verifier verifier = {program, function, grown(NULL, (size_t)function->code_size)};
    int64_t last = 0;
    memset(verifier.starts, 0, (size_t)function->code_size);
    for (int64_t at = 0; at < function->code_size;
         at += reed_bytecodes[function->code[at]].length) {
        require(&verifier, at,
                function->code[at] < OP_COUNT && reed_bytecodes[function->code[at]].admitted,
                "an opcode that no code may have");
        verifier.starts[at] = true;
        last = at;
    }
    const ReedBytecode *end = &reed_bytecodes[function->code[last]];
    require(&verifier, last, last + end->length == function->code_size && end->leaves,
            "an end over which the code runs");
    require(&verifier, last, function->register_count <= REGISTERS_MAX,
            "a window that is too large");
    require(&verifier, last, function->parameter_count <= function->register_count,
            "parameters beyond the window");
    for (int64_t at = 0; at < function->code_size; at++) {
        if (!verifier.starts[at])
            continue;
        const ReedBytecode *bytecode = &reed_bytecodes[function->code[at]];
        for (int i = 0; i < bytecode->operand_count; i++)
            check_operand(&verifier, at, bytecode, i);
        check_call(&verifier, at, bytecode);
    }
    free(verifier.starts);
}

void program_verify(const Program *program) {
    for (int i = 0; i < program->function_count; i++)
        verify_function(program, program->functions[i]);
}
