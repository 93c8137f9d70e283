// Runs the stack machine of stack-*.mir on a loop of 1000 rounds, then on an opcode
// outside of its table.
#include "stack-machine.h"

#include <string.h>

extern const char loopwright_image[];
void interpret(Thread *thread, Frame *frame);

static void run(const uint16_t *code) {
    int64_t stack[8], locals[2] = {0, 1000};
    Method method = {code};
    Frame frame = {&method, 0, stack, locals};
    Thread thread = {1};
    interpret(&thread, &frame);
}

int main(void) {
    // while (a < b) a = a + 1; report(mix10(a))
    static const uint16_t rounds[] = {3,      0, 1, 1,  0, 2, 0, 3, 0, 3, 1, 4, 5, (uint16_t)-15,
                                      0xFFFF, 3, 0, 10, 6};
    static const uint16_t unknown[] = {24};
    run(rounds);
    if (strstr(loopwright_image, "default kept"))
        run(unknown);
    return 0;
}
