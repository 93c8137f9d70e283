#include "adder.h"

#include <stdio.h>

void host_report(Thread *thread, Frame *frame, int64_t count) {
    (void)frame;
    printf("%lld\n", (long long)count);
    thread->answers++;
}

void host_unknown(Thread *thread, Frame *frame, int64_t opcode) {
    (void)thread;
    printf("opcode %lld at %lld\n", (long long)opcode, (long long)frame->pc);
}

// Appends a bytecode; what it is like comes from the definition.
static uint8_t *emit(uint8_t *to, int opcode, int64_t first, int64_t second) {
    const AdderBytecode *bytecode = &adder_bytecodes[opcode];
    int64_t values[] = {first, second};
    *to = (uint8_t)opcode;
    for (int i = 0; i < bytecode->operand_count; i++)
        adder_set_operand(to, &bytecode->operands[i], values[i]);
    return to + bytecode->length;
}

// Prints code: of a displacement, the place that it leads to.
static void list(const uint8_t *code, const uint8_t *end) {
    for (const uint8_t *at = code; at < end; at += adder_bytecodes[*at].length) {
        const AdderBytecode *bytecode = &adder_bytecodes[*at];
        printf("%2d  %s", (int)(at - code), bytecode->name);
        for (int i = 0; i < bytecode->operand_count; i++) {
            long long value = adder_operand(at, &bytecode->operands[i]);
            if (bytecode->operands[i].role == ROLE_JUMP)
                printf(" to %lld", (at - code) + bytecode->length + value);
            else
                printf(" %lld", value);
        }
        puts("");
    }
}

int run(void (*loop)(Thread *, Frame *), int argc, char **argv) {
    (void)argc, (void)argv;
    uint8_t code[16], *end = emit(code, OP_ADD, 7, 0);
    int back = -(adder_bytecodes[OP_ADD].length + adder_bytecodes[OP_ADD_AGAIN_WHILE].length);
    end = emit(end, OP_ADD_AGAIN_WHILE, back, 1000);
    end = emit(end, OP_HALT, 0, 0);
    list(code, end);
    Thread thread = {0};
    Frame frame = {.code = code};
    loop(&thread, &frame);
    return thread.answers == 1 ? 0 : 1;
}
