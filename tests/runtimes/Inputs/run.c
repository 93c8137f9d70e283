// Adder's entries: each adds its first argument, 7 unless there is one, until there is half of
// 1000.
#include "adder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t *emit(uint8_t *to, int opcode, int64_t first, int64_t second) {
    const AdderBytecode *bytecode = &adder_bytecodes[opcode];
    int64_t values[] = {first, second};
    *to = (uint8_t)opcode;
    for (int i = 0; i < bytecode->operand_count; i++)
        adder_set_operand(to, &bytecode->operands[i], values[i]);
    return to + bytecode->length;
}

static int add(void (*loop)(Thread *, Frame *), int number) {
    uint8_t code[16], *end = emit(code, OP_ADD, number, 0);
    int back = -(adder_bytecodes[OP_ADD].length + adder_bytecodes[OP_ADD_AGAIN_WHILE].length);
    end = emit(end, OP_ADD_AGAIN_WHILE, back, 500);
    emit(end, OP_HALT, 0, 0);
    Thread thread = {0};
    Frame frame = {.code = code};
    loop(&thread, &frame);
    return thread.answers == 1 ? 0 : 1;
}

int run(void (*loop)(Thread *, Frame *), int argc, char **argv, const char *image) {
    printf("%d argument%s, %s\n", argc, argc == 1 ? "" : "s",
           strstr(image, "module Adder") ? "the image of Adder" : "no image");
    return add(loop, argc ? atoi(argv[0]) : 7);
}

int twice(void (*loop)(Thread *, Frame *)) {
    return add(loop, 7) + add(loop, 9);
}

int times(void (*loop)(Thread *, Frame *)) {
    puts("lap 1 ms\nlap 0.002 s\nlap 3000 us\nbare 12.5\nword seven");
    return add(loop, 7);
}
