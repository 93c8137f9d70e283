// A table's parameters: which of them are the loop's state, what the others point to, and
// how many find a register. Every part that asks where thread and frame are asks here.
#include "ir/ir.h"

#include <string.h>

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

int ir_table_mirror(const IrTable *table, const IrField *field) {
    for (size_t i = 0; field && i < table->parameters.count; i++) {
        const IrPath *path = table->parameters.items[i].mirrors;
        if (path && path->fields.count == 1 && path->fields.items[0] == field)
            return (int)i;
    }
    return -1;
}

int ir_table_slots(const IrTable *table) {
    int slots = 0;
    for (size_t i = 0; i < table->parameters.count; i++)
        slots += table->parameters.items[i].slot > 0;
    return slots;
}

static bool is_same_parameter(const IrTableParameter *one, const IrTableParameter *other) {
    const IrPath *path = one->mirrors, *other_path = other->mirrors;
    if (one->type != other->type || one->is_cursor != other->is_cursor || !path != !other_path)
        return false;
    if (!path)
        return true;
    bool same = path->fields.count == other_path->fields.count;
    for (size_t i = 0; same && i < path->fields.count; i++)
        same = path->fields.items[i] == other_path->fields.items[i];
    return same;
}

bool ir_tables_match(const IrTable *one, const IrTable *other) {
    if (one == other)
        return true;
    size_t shared = one->parameters.count - (size_t)ir_table_slots(one);
    if (shared != other->parameters.count - (size_t)ir_table_slots(other) ||
        one->bytecodes.count != other->bytecodes.count || one->unit != other->unit)
        return false;
    for (size_t i = 0; i < shared; i++)
        if (!is_same_parameter(&one->parameters.items[i], &other->parameters.items[i]))
            return false;
    for (size_t i = 0; i < one->bytecodes.count; i++)
        if (strcmp(one->bytecodes.items[i].name, other->bytecodes.items[i].name) != 0)
            return false;
    return true;
}

int ir_registers_left(const IrTable *table, IrType type) {
    bool is_float = type == IR_F64;
    int left = is_float ? IR_FLOAT_REGISTERS : IR_INTEGER_REGISTERS;
    for (size_t i = 0; i < table->parameters.count; i++)
        left -= (table->parameters.items[i].type == IR_F64) == is_float;
    return left;
}
