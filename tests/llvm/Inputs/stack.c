// Runs the stack machine of stack-*.mir on a loop of 1000 rounds, then on an opcode
// outside of its table.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct Thread {
    int32_t request;
} Thread;

typedef struct Method {
    const uint16_t *code;
} Method;

typedef struct Frame {
    Method *method;
    int64_t pc;
    int64_t *sp, *locals;
} Frame;

extern const char loopwright_image[];
void interpret(Thread *thread, Frame *frame);

void yield(Thread *thread, Frame *frame) {
    (void)frame;
    puts("yield");
    thread->request = 0;
}

void report(Thread *thread, Frame *frame, int64_t value) {
    (void)thread, (void)frame;
    printf("report %ld\n", (long)value);
}

void unknown_bytecode(Thread *thread, Frame *frame) {
    (void)thread, (void)frame;
    puts("unknown bytecode");
}

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
