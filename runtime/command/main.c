// The main program of an emitted `som`: the interpreter is in the object that it is
// linked with.
#include "runtime/som.h"

static bool interpret_native(Thread *thread, Frame *frame, void *context) {
    (void)context;
    interpret(thread, frame);
    return true;
}

int main(int argc, char **argv) {
    const SomEngine engine = {.interpret = interpret_native, .image = loopwright_image};
    return som_main(argc, argv, &engine);
}
