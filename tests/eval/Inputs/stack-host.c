// The host of ../llvm/Inputs/stack-*.mir for the evaluator: the externals, and entries that
// each run a program on an interpreter of the loop.
#include "../../llvm/Inputs/stack-machine.h"

typedef void Interpret(void *thread, void *frame);

static int run(Interpret *interpret, const uint16_t *code) {
    int64_t stack[8], locals[2] = {0, 100};
    Method method = {code};
    Frame frame = {&method, 0, stack, locals};
    Thread thread = {1};
    interpret(&thread, &frame);
    return 0;
}

// while (a < b) a = a + 1; report(mix10(a))
int rounds(Interpret *interpret, int argc, char **argv) {
    static const uint16_t code[] = {3,      0, 1, 1,  0, 2, 0, 3, 0, 3, 1, 4, 5, (uint16_t)-15,
                                    0xFFFF, 3, 0, 10, 6};
    (void)argc, (void)argv;
    return run(interpret, code);
}

// An opcode after the table's last.
int outside(Interpret *interpret, int argc, char **argv) {
    static const uint16_t code[] = {24};
    (void)argc, (void)argv;
    return run(interpret, code);
}
