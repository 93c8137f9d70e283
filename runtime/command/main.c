// The main program of an emitted `som`: the interpreter is in the object that it is linked with. It
// is in no library, so that other programs with an engine of their own (tests, the evaluator) can
// be linked with the same runtime.
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
