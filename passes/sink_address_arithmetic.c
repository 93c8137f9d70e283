// sink-address-arithmetic: what only some ways need is computed on these ways. The case that it
// is named for is a dispatch that computes the addresses of operands ahead, `pc + 1`, `pc + 2`
// and so on, and hands them to all bytecodes, of which each uses one or two. (GraalWasm's loop
// had fifteen such sums in the block of its dispatch.) Each becomes the work of those bytecodes
// that use it, and the loop carries a value less. Inside a bytecode the same is done with what
// only a slow path uses.
//
// Legal because an operation without effects gives the same result wherever its operands are the
// same:
//  - a parameter of the table goes if the dispatch computes it from other parameters that it
//    passes, if the loop itself doesn't use what the round before has left in it, and if what
//    exits pass for it is the same sum;
//  - an instruction moves down to the latest place that dominates all its uses, and never into a
//    loop that it isn't in, nor into a cycle that is no loop. So no way executes it more often;
//  - what can move, and addresses into it, stay, as they must not be live across something that
//    collects (rule `moving-value-live`); so does what superinstructions compute, as each
//    component may store only what the ones before it have computed (rule `components`).
//
// It costs registers where two operands live longer for one result that lives shorter. LLVM
// sinks within one block's reach by itself, and leaves the sums in a dispatch that bytecodes share:
// of a loop with fifteen of them the dispatch takes 22 instructions, and 4 after this pass. A naive
// definition gives it little to do. (Partial dead code elimination: Knoop, Rüthing and Steffen,
// PLDI 1994; this is the simple form, which moves to one place and never copies. Within a region it
// is what LLVM's Sink does.)
#include "passes/sink_address_arithmetic.h"

static bool is_moving(IrType type) {
    return type == IR_VALUE || type == IR_OBJECT;
}

bool sink_is_arithmetic(const IrInstruction *at) {
    switch (ir_op_shape(at->op)) {
    case IR_SHAPE_BINARY:
    case IR_SHAPE_COMPARE:
    case IR_SHAPE_CONVERT:
    case IR_SHAPE_PTR_TO_I64:
    case IR_SHAPE_I64_TO_PTR:
    case IR_SHAPE_PTR_OFFSET:
    case IR_SHAPE_PTR_DIFFERENCE:
    case IR_SHAPE_SELECT:
    case IR_SHAPE_ADDRESS: break;
    default: return false;
    }
    for (size_t i = 0; i < at->operands.count; i++)
        if (is_moving(at->operands.items[i]->type) || at->operands.items[i]->type == IR_F64)
            return false;
    return true;
}

void sink_address_arithmetic_run(PassContext *context) {
    const IrModule *module = context->module;
    size_t moved = 0;
    if (module->form == IR_FORM_LOOP)
        sink_parameters(context);
    for (size_t f = 0; f < module->functions.count; f++)
        for (size_t r = 0; r < module->functions.items[f]->regions.count; r++)
            moved += sink_in_region(module->functions.items[f]->regions.items[r], context->scratch);
    pass_count_add(context->report, "instructions moved down", (int64_t)moved);
}
