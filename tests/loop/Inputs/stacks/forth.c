// A few words that use both stacks, and what the header says of the second one.
#include "forth.h"

#include <stdio.h>

typedef struct Space {
    Frame frame;
    char gap[64 - sizeof(Frame)];
    int64_t slots[16], returns[16];
} Space;

void host_report(Thread *thread, Frame *frame, int64_t number) {
    (void)thread;
    Space *space = (Space *)frame;
    printf("%lld, %d on the return stack\n", (long long)number, (int)(frame->rsp - space->returns));
}

static void list(const uint8_t *code, size_t length) {
    for (size_t at = 0; at < length; at += forth_bytecodes[code[at]].length) {
        const ForthBytecode *bytecode = &forth_bytecodes[code[at]];
        printf("%s: %s needs %lld, grows by %lld, jumping by %lld%s\n", bytecode->name,
               forth_stacks[0],
               (long long)forth_slots(code + at, bytecode, &bytecode->further[0].needs),
               (long long)forth_slots(code + at, bytecode, &bytecode->further[0].stack),
               (long long)forth_slots(code + at, bytecode, &bytecode->further[0].jumped),
               bytecode->jumps ? ", anywhere" : "");
    }
}

int run(void (*interpret)(Thread *, Frame *), int argc, char **argv) {
    // Five below; seven goes over the return stack; a word at 23 doubles what is on top; then the
    // numbers from 1 to 3 are added.
    uint8_t code[] = {OP_PUSH,
                      5,
                      OP_PUSH,
                      7,
                      OP_TO_RETURN,
                      OP_DUP,
                      OP_TO_RETURN,
                      OP_FROM_RETURN,
                      OP_FROM_RETURN,
                      OP_ADD,
                      OP_CALL,
                      23,
                      OP_ADD,
                      OP_PUSH,
                      4,
                      OP_PUSH,
                      1,
                      OP_DO,
                      OP_FETCH_RETURN,
                      OP_ADD,
                      OP_LOOP,
                      (uint8_t)-4,
                      OP_HALT, //
                      OP_DUP,
                      OP_TO_RETURN,
                      OP_FETCH_RETURN,
                      OP_ADD,
                      OP_DROP_RETURNS,
                      1,
                      OP_RETURN};
    (void)argv;
    if (argc > 0)
        list(code, sizeof code);
    Thread thread = {0};
    Space space = {.frame = {.code = code}};
    space.frame.sp = space.slots;
    space.frame.rsp = space.returns;
    interpret(&thread, &space.frame);
    return 0;
}
