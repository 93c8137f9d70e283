// Runs through the types of a slot, with those that C sees beside them.
#include "slots.h"

#include <stdio.h>

void host_report(Thread *thread, Frame *frame, int64_t number) {
    (void)thread;
    const Slot *top = frame_sp(frame) - 1;
    printf("%016llx %g %g %08x %08x\n", (unsigned long long)number, slot_double(top),
           (double)slot_single(top), (unsigned)slot_low(top), (unsigned)slot_high(top));
}

int run(void (*interpret)(Thread *, Frame *), int argc, char **argv) {
    (void)argc, (void)argv;
    uint8_t code[] = {OP_PUSH, 13,           OP_SHOW, OP_AS_DOUBLE, OP_SHOW, OP_HALF,
                      OP_SHOW, OP_AS_SINGLE, OP_SHOW, OP_WIDEN,     OP_SHOW, OP_SWAP_HALVES,
                      OP_HALT};
    Thread thread = {0};
    Slot slots[4];
    slot_set_double(&slots[0], 1.5);
    Frame frame = {.code = code, .sp = slots};
    interpret(&thread, &frame);
    return 0;
}
