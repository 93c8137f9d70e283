// Which instruction stands for the message that asked for a helper. See debug_info.h.
//
// Helpers are expanded, so nothing is left of the message itself, and a line that does nothing but
// call helpers would have no code: a debugger would pass over the whole of `self push: self nilBits
// asValue`. As a call is an instruction of its caller, so is the first instruction of the helper
// here: it stands at the message's place and in the method that the message is in. What follows it
// stands in the helper.
#include "backend/llvm/debug_info.h"
#include "backend/llvm/lowering.h"
#include "ir/methods.h"

// Will there be machine code of it? What LLVM folds into other instructions or finds done already
// is no good: casts, addresses, and what is read of the frame again and again.
static bool is_substantial(const LlvmLowering *lowering, const IrInstruction *instruction) {
    switch (ir_op_shape(instruction->op)) {
    case IR_SHAPE_LOAD:
        return !instruction->field || ir_access_index(instruction) ||
               instruction->field->record != lowering->module->frame;
    case IR_SHAPE_STORE:
    case IR_SHAPE_CALL:
    case IR_SHAPE_UNARY:
    case IR_SHAPE_BINARY:
    case IR_SHAPE_COMPARE:
    case IR_SHAPE_FLOAT_UNARY:
    case IR_SHAPE_FLOAT_BINARY:
    case IR_SHAPE_FLOAT_COMPARE:
    case IR_SHAPE_SELECT: return true;
    default: return false;
    }
}

// The outermost of the helpers that the instruction is the first of. NULL: it is none's.
static const IrInlining *first_of(LlvmLowering *lowering, const IrInstruction *instruction) {
    const IrInlining *outermost = NULL;
    for (const IrInlining *at = instruction->inlined; at; at = at->within)
        if (!at->is_component && pointer_map_add(lowering->arena, &lowering->debug.called, at, 0))
            outermost = at;
    return outermost;
}

void llvm_debug_calls_find(LlvmLowering *lowering, const IrRegion *region) {
    LlvmDebugInfo *debug = &lowering->debug;
    debug->called = debug->calls = (PointerMap){0};
    debug->callees.count = 0;
    for (size_t b = 0; b < region->blocks.count; b++)
        for (const IrInstruction *i = region->blocks.items[b]->first; i; i = i->next) {
            bool is_work = llvm_mark_of(lowering->marks, i) == LLVM_MARK_WORK;
            const IrInlining *callee =
                is_work && is_substantial(lowering, i) ? first_of(lowering, i) : NULL;
            if (!callee)
                continue;
            pointer_map_add(lowering->arena, &debug->calls, i, (int)debug->callees.count);
            ARENA_PUSH(lowering->arena, &debug->callees, callee);
        }
}

const IrInlining *llvm_debug_callee(const LlvmLowering *lowering,
                                    const IrInstruction *instruction) {
    int index = pointer_map_find(&lowering->debug.calls, instruction);
    return index < 0 ? NULL : lowering->debug.callees.items[index];
}
