// The records and the externals of the stack machine of stack-*.mir, for who runs it.
#include <stdint.h>
#include <stdio.h>

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
