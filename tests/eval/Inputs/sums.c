#include <stdint.h>
#include <stdio.h>

typedef struct Frame {
    uint8_t *code;
    int64_t pc, *sp;
} Frame;

void report(void *thread, Frame *frame, int64_t result) {
    (void)thread;
    printf("%lld, with opcode %d for the plain add\n", (long long)result, frame->code[4]);
}

int run(void (*interpret)(void *thread, void *frame), int argc, char **argv) {
    static uint8_t code[] = {0, 1, 0, 2, 1, 4, 20, 2, 4, 120, 2, 3};
    int64_t stack[8], thread = 0;
    Frame frame = {code, 0, stack};
    (void)argc, (void)argv;
    interpret(&thread, &frame);
    return 0;
}
