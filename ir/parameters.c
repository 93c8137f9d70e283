// A table's parameters: which of them are the loop's state, what the others point to, and
// how many find a register. Every part that asks where thread and frame are asks here.
#include "ir/ir.h"

IrValue *ir_state_value(const IrBlock *block, IrStateParameter which) {
    return (size_t)which < block->parameters.count ? block->parameters.items[which] : NULL;
}

const char *ir_state_name(const IrTable *table, IrStateParameter which) {
    return table->parameters.items[which].name;
}

const IrRecord *ir_parameter_record(const IrModule *module, const IrTable *table, size_t index) {
    if (index == IR_THREAD_PARAMETER)
        return module->thread;
    if (index == IR_FRAME_PARAMETER)
        return module->frame;
    const IrTableParameter *parameter = &table->parameters.items[index];
    // A cursor's parameter points to an element, which is no record.
    if (!parameter->mirrors || parameter->is_cursor)
        return NULL;
    return parameter->mirrors->fields.items[parameter->mirrors->fields.count - 1]->pointee;
}

int ir_registers_left(const IrTable *table, IrType type) {
    bool is_float = type == IR_F64;
    int left = is_float ? IR_FLOAT_REGISTERS : IR_INTEGER_REGISTERS;
    for (size_t i = 0; i < table->parameters.count; i++)
        left -= (table->parameters.items[i].type == IR_F64) == is_float;
    return left;
}
