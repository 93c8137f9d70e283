// Assembles with the forms in which the numbers fit.
#include "counter.h"

#include <stdio.h>

void host_report(Thread *thread, Frame *frame, int64_t count) {
    (void)thread, (void)frame;
    printf("count %lld\n", (long long)count);
}

static uint8_t *emit(uint8_t *to, int opcode, int64_t first, int64_t second, int64_t third) {
    int64_t values[] = {first, second, third};
    int form = counter_form(opcode, values);
    if (form < 0) {
        puts("it fits nowhere");
        return to;
    }
    const CounterBytecode *bytecode = &counter_bytecodes[form];
    *to = (uint8_t)form;
    for (int i = 0; i < bytecode->operand_count; i++)
        counter_set_operand(to, &bytecode->operands[i], values[i]);
    printf("%s %d\n", bytecode->name, bytecode->length);
    return to + bytecode->length;
}

int run(void (*interpret)(Thread *, Frame *), int argc, char **argv) {
    (void)argc, (void)argv;
    uint8_t code[64], *end = emit(code, OP_ADD, -100, 0, 0);
    end = emit(end, OP_ADD, 30000, 0, 0);
    end = emit(end, OP_ADD_SMALL, 1002, 0, 0);
    end = emit(end, OP_ADD, 70000, 0, 0);
    end = emit(end, OP_JUMP_BELOW_ODD, -11, 40000, 1);
    end = emit(end, OP_JUMP_BELOW_ODD, 0, 100000, 1);
    end = emit(end, OP_JUMP_BELOW_ODD, -300, 0, 1);
    end = emit(end, OP_HALT, 0, 0, 0);
    Thread thread = {0};
    Frame frame = {.code = code};
    interpret(&thread, &frame);
    return 0;
}
