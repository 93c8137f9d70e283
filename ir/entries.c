// A table's entries: how long their code is, what lies where in it, and whether one can
// stand in the place of another.
#include "ir/ir.h"

int ir_entry_default_length(const IrTable *table, const IrEntry *entry) {
    if (entry->components.count)
        return ir_component_offset(table, entry, entry->components.count);
    int length = 1, unit = ir_cell_size(table->unit);
    for (size_t i = 0; i < entry->operands.count; i++) {
        int size = ir_cell_size(entry->operands.items[i].cell);
        length += size > unit ? size / unit : 1;
    }
    return length;
}

int ir_component_offset(const IrTable *table, const IrEntry *entry, size_t component) {
    int offset = 0;
    for (size_t i = 0; i < component && i < entry->components.count; i++) {
        int opcode = entry->components.items[i];
        if (opcode >= 0 && (size_t)opcode < table->entries.count)
            offset += table->entries.items[opcode].length;
    }
    return offset;
}

const IrEntry *ir_exit_entry(const IrInstruction *instruction) {
    const IrTable *table = instruction->table;
    const IrValue *value = instruction->operands.items[0];
    int64_t opcode = value->kind == IR_CONSTANT && ir_type_bits(value->type) ? value->integer : -1;
    return opcode >= 0 && opcode < (int64_t)table->entries.count ? &table->entries.items[opcode]
                                                                 : NULL;
}

static bool same_effect(const IrStackEffect *a, const IrStackEffect *b) {
    return a->constant == b->constant && a->factor == b->factor &&
           (a->factor == 0 || a->operand == b->operand);
}

const char *ir_quickening_fault(const IrEntry *a, const IrEntry *b) {
    if (a->length != b->length)
        return "another length";
    if (a->operands.count != b->operands.count)
        return "other operands";
    for (size_t i = 0; i < a->operands.count; i++) {
        const IrOperand *left = &a->operands.items[i], *right = &b->operands.items[i];
        if (left->cell != right->cell || left->is_jump != right->is_jump)
            return "other operands";
        if (left->is_jump && !same_effect(&left->jump_effect, &right->jump_effect))
            return "another stack effect";
    }
    return !same_effect(&a->stack, &b->stack) || a->leaves != b->leaves ? "another stack effect"
                                                                        : NULL;
}
