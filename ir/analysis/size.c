// See size.h. Nothing is weighed: how often code is executed, only a run can tell.
#include "ir/analysis/size.h"

static bool accesses_stack(const IrInstruction *instruction) {
    unsigned alias_class =
        instruction->field ? instruction->field->alias_class : instruction->alias_class;
    return alias_class == IR_ALIAS_STACK;
}

static void add_instruction(IrSize *size, const IrModule *module,
                            const IrInstruction *instruction) {
    size->instructions++;
    IrShape shape = ir_op_shape(instruction->op);
    if (shape != IR_SHAPE_LOAD && shape != IR_SHAPE_STORE)
        return;
    size->frame_reads += shape == IR_SHAPE_LOAD && ir_is_frame_read(module, instruction);
    size->frame_writes += shape == IR_SHAPE_STORE && ir_is_frame_write(module, instruction);
    size->stack_accesses += accesses_stack(instruction);
}

void ir_size_add(IrSize *size, const IrModule *module, const IrRegion *region) {
    for (size_t b = 0; b < region->blocks.count; b++) {
        size->blocks++;
        for (const IrInstruction *at = region->blocks.items[b]->first; at; at = at->next)
            add_instruction(size, module, at);
    }
}
