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

static _Noreturn void bug(const Verifier *v, int64_t at, const char *what) {
    fprintf(stderr, "reed: bug: %s in the code of line %d, at %lld (%s)\n", what,
            v->function->place.line, (long long)at, reed_bytecodes[v->function->code[at]].name);
    abort();
}

static void require(const Verifier *v, int64_t at, bool holds, const char *what) {
    if (!holds)
        bug(v, at, what);
}

static void check_constant(const Verifier *v, int64_t at, int64_t index, int64_t kind) {
    require(v, at, index < v->function->constant_count, "a constant that there isn't");
    require(v, at, kind < 0 || v->function->constants[index].kind == kind,
            "a constant of another kind");
}

static void check_operand(const Verifier *v, int64_t at, const ReedBytecode *bytecode, int index) {
    const uint8_t *code = v->function->code + at;
    int64_t value = reed_operand(code, &bytecode->operands[index]);
    int64_t registers = v->function->register_count, target = at + bytecode->length + value;
    switch (bytecode->operands[index].role) {
    case ROLE_REGISTER: require(v, at, value < registers, "a register beyond the window"); break;
    case ROLE_WINDOW: // the number of registers is the next operand
        value += reed_operand(code, &bytecode->operands[index + 1]);
        require(v, at, value <= registers, "arguments beyond the window");
        break;
    case ROLE_LOOP: require(v, at, value + 2 < registers, "a loop beyond the window"); break;
    case ROLE_CONSTANT: check_constant(v, at, value, -1); break;
    case ROLE_DOUBLE: check_constant(v, at, value, REED_DOUBLE_KIND); break;
    case ROLE_TEXT: check_constant(v, at, value, REED_TEXT_KIND); break;
    case ROLE_GLOBAL:
        require(v, at, value < v->program->global_count, "a global that there isn't");
        break;
    case ROLE_CAPTURED:
        require(v, at, value < v->function->capture_count, "a box that there isn't");
        break;
    case ROLE_FUNCTION:
        require(v, at, value < v->program->function_count, "a function that there isn't");
        break;
    case ROLE_DIVISOR: require(v, at, value > 0, "a division by zero"); break;
    case ROLE_JUMP:
        require(v, at, target >= 0 && target < v->function->code_size && v->starts[target],
                "a jump to where no bytecode begins");
        break;
    default: break;
    }
}

// Each window has to begin after the one before it.
static void check_call(const Verifier *v, int64_t at, const ReedBytecode *bytecode) {
    if (v->function->code[at] == OP_CALL_FIRST_COUNT_INTO)
        require(v, at, reed_operand(v->function->code + at, &bytecode->operands[1]) > 0,
                "a call whose window begins at its own");
}

static void verify_function(const Program *program, const Function *function) {
    Verifier v = {program, function, grown(NULL, (size_t)function->code_size)};
    int64_t last = 0;
    memset(v.starts, 0, (size_t)function->code_size);
    for (int64_t at = 0; at < function->code_size;
         at += reed_bytecodes[function->code[at]].length) {
        require(&v, at,
                function->code[at] < OP_COUNT && reed_bytecodes[function->code[at]].admitted,
                "an opcode that no code may have");
        v.starts[at] = true;
        last = at;
    }
    const ReedBytecode *end = &reed_bytecodes[function->code[last]];
    require(&v, last, last + end->length == function->code_size && end->leaves,
            "an end over which the code runs");
    require(&v, last, function->register_count <= REGISTERS_MAX, "a window that is too large");
    require(&v, last, function->parameter_count <= function->register_count,
            "parameters beyond the window");
    for (int64_t at = 0; at < function->code_size; at++) {
        if (!v.starts[at])
            continue;
        const ReedBytecode *bytecode = &reed_bytecodes[function->code[at]];
        for (int i = 0; i < bytecode->operand_count; i++)
            check_operand(&v, at, bytecode, i);
        check_call(&v, at, bytecode);
    }
    free(v.starts);
}

void program_verify(const Program *program) {
    for (int i = 0; i < program->function_count; i++)
        verify_function(program, program->functions[i]);
}
