// Primitives of blocks. `value` and its like are entered by the interpreter itself
// where the class says how many arguments a block has.
#include "runtime/calls/error.h"
#include "runtime/calls/frame.h"
#include "runtime/primitives/primitive.h"
#include "runtime/vm.h"

// Starts the method that sent it from its beginning.
static Frame *restart(Thread *thread, Frame *frame, Value *arguments) {
    (void)arguments;
    return frame_restart(thread, frame);
}

static Value argument_count(Thread *thread, Frame *frame, Value *arguments) {
    (void)thread, (void)frame;
    if (!value_has_layout(arguments[0], LAYOUT_BLOCK))
        return FAILED;
    return value_of_integer(value_block(arguments[0])->method->argument_count);
}

const Primitive block_primitives[] = {
    BLOCK_PRIMITIVE("Block", "value", 0),
    BLOCK_PRIMITIVE("Block", "value:", 1),
    BLOCK_PRIMITIVE("Block", "value:with:", 2),
    BLOCK_PRIMITIVE("Block", "value:with:with:", 3),
    BLOCK_PRIMITIVE("Block1", "value", 0),
    BLOCK_PRIMITIVE("Block2", "value:", 1),
    BLOCK_PRIMITIVE("Block3", "value:with:", 2),
    VALUE_PRIMITIVE("Block", "numArgs", argument_count),
    CONTROL_PRIMITIVE("Block", "restart", restart),
    {0},
};
