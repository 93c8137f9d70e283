// Runs sequences in which one bytecode reads the register that the one before it has written, and
// others in which it doesn't.
#include "registers.h"

#include <stdio.h>

typedef struct Space {
    Frame frame;
    char gap[64 - sizeof(Frame)];
    Value registers[8];
} Space;

void host_report(Thread *thread, Frame *frame, int64_t count) {
    (void)thread;
    Value *registers = frame_registers(frame);
    printf("%lld:", (long long)count);
    for (int i = 0; i < 4; i++)
        printf(" %lld", (long long)registers[i]);
    puts("");
}

// A superinstruction stands where the sequence begins; a loop without it has no such opcode.
int run(void (*interpret)(Thread *, Frame *), int argc, char **argv) {
    (void)argc, (void)argv;
    uint8_t joined = argc > 0 ? 1 : 0;
    uint8_t add = joined ? OP_COUNT + 1 : OP_ADD_BC, accumulate = joined ? OP_COUNT : OP_ACCUMULATE;
    uint8_t load = joined ? OP_COUNT + 2 : OP_LOAD_TO;
    for (uint8_t first = 0; first < 4; first++)
        for (uint8_t second = 0; second < 4; second++) {
            uint8_t code[] = {load,       3,         1,
                              OP_LOAD_TO, 5,         2,
                              load,       7,         3,
                              OP_LOAD_TO, 11,        0, //
                              add,        first,     1,
                              2,          OP_ADD_BC, second,
                              first,      3, //
                              accumulate, second,    OP_ACCUMULATE,
                              first,      OP_HALT};
            Thread thread = {0};
            Space space = {.frame = {.code = code}};
            interpret(&thread, &space.frame);
        }
    return 0;
}
