// Runs nan.mir. A NaN that is made of numbers is quiet and has no payload; only its sign is
// left open, so it isn't looked at. Other bits are compared as they are.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct Frame {
    double d, e;
    int64_t i;
} Frame;

void made(int64_t bits) {
    printf("made %016" PRIx64 "\n", (uint64_t)bits & ~(UINT64_C(1) << 63));
}

void kept(int64_t bits) {
    printf("kept %016" PRIx64 "\n", (uint64_t)bits);
}

static Frame frame = {.d = 3.0, .i = INT64_C(0x7ff4000000000123)};

int run(void (*interpret)(void *thread, void *frame), int argc, char **argv) {
    static const uint64_t payload = UINT64_C(0xfff8000000000077);
    (void)argc, (void)argv;
    memcpy(&frame.e, &payload, sizeof payload);
    interpret(NULL, &frame);
    return 0;
}
