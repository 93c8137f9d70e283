// Computes with each of the calculator's operations.
#include "calculator.h"

#include <stdio.h>

typedef struct Space {
    Frame frame;
    char gap[64 - sizeof(Frame)];
    int64_t slots[8];
} Space;

void host_report(Thread *thread, Frame *frame, int64_t count) {
    (void)frame;
    printf("%lld after %lld\n", (long long)count, (long long)thread->answers);
}

int run(void (*interpret)(Thread *, Frame *), int argc, char **argv) {
    static const uint8_t operations[] = {0, 1, 2, 12, 3, 4, 255};
    (void)argc, (void)argv;
    for (size_t i = 0; i < sizeof operations; i++) {
        uint8_t code[] = {OP_PUSH,  40,         OP_PUSH,    (uint8_t)-7,   OP_MARK,
                          5,        OP_MARK,    6,          OP_MARK,       7,
                          OP_KNOWN, (uint8_t)i, OP_COMPUTE, operations[i], OP_HALT};
        Thread thread = {0};
        Space space = {.frame = {.code = code, .sp = space.slots}};
        interpret(&thread, &space.frame);
    }
    return 0;
}
