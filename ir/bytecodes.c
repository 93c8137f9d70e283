// A table's bytecodes: how long their code is, what lies where in it, and whether one can
// stand in the place of another. Quickening (Brunthaler, "Inline Caching Meets Quickening",
// 2010) has the runtime overwrite an instruction with one that is specialised to what it has
// met there; fusing overwrites the first of several with one that does the work of all. In
// both cases whoever reads code has to find out what the compiler wrote, which is what `bases`
// are for.
#include "ir/ir.h"

#include <limits.h>
#include <string.h>

int ir_bytecode_default_length(const IrTable *table, const IrBytecode *bytecode) {
    if (bytecode->components.count)
        return ir_component_offset(table, bytecode, bytecode->components.count);
    int length = 1, unit = ir_cell_size(table->unit);
    for (size_t i = 0; i < bytecode->operands.count; i++) {
        int size = ir_cell_size(bytecode->operands.items[i].cell);
        // What is narrower than a unit still takes one.
        length += size > unit ? size / unit : 1;
    }
    return length;
}

// Asked by the parser too, before anything was verified: hence the test of each opcode, and
// a sum that can't overflow.
int ir_component_offset(const IrTable *table, const IrBytecode *bytecode, size_t component) {
    int offset = 0;
    for (size_t i = 0; i < component && i < bytecode->components.count; i++) {
        int opcode = bytecode->components.items[i];
        if (opcode >= 0 && (size_t)opcode < table->bytecodes.count &&
            __builtin_add_overflow(offset, table->bytecodes.items[opcode].length, &offset))
            return INT_MAX;
    }
    return offset;
}

// What a bytecode's base is when another one that quickens to it is found to have `base`.
static int joined_base(int before, int base) {
    return before == IR_NO_BASE || before == base ? base : IR_TWO_BASES;
}

// Hands bases on to what bytecodes quicken to. Whoever got a new one hands it on in turn; that
// happens at most twice to each, from none to one and from one to two, so it ends, also where
// bytecodes quicken to each other in a circle.
static void spread_bases(const IrTable *table, int *bases) {
    Arena *scratch = arena_new();
    ARENA_VECTOR(size_t) changed = {0};
    for (size_t i = 0; i < table->bytecodes.count; i++)
        if (bases[i] != IR_NO_BASE)
            ARENA_PUSH(scratch, &changed, i);
    while (changed.count) {
        size_t from = changed.items[--changed.count];
        const IrOpcodes *quickens = &table->bytecodes.items[from].quickens;
        for (size_t j = 0; j < quickens->count; j++) {
            size_t to = (size_t)quickens->items[j];
            int base = joined_base(bases[to], bases[from]);
            if (table->bytecodes.items[to].origin != IR_ORIGIN_QUICKENED || base == bases[to])
                continue;
            bases[to] = base;
            ARENA_PUSH(scratch, &changed, to);
        }
    }
    arena_free(scratch);
}

void ir_find_bases(const IrTable *table, int *bases) {
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        IrOrigin origin = table->bytecodes.items[i].origin;
        bool is_own = origin == IR_ORIGIN_BASE || origin == IR_ORIGIN_RESERVED;
        bases[i] = is_own ? (int)i : IR_NO_BASE;
    }
    spread_bases(table, bases);
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        const IrBytecode *bytecode = &table->bytecodes.items[i];
        // Components are never fused themselves, so their bases are known.
        if (bytecode->origin == IR_ORIGIN_FUSED && bytecode->components.count)
            bases[i] = bases[bytecode->components.items[0]];
    }
}

const IrBytecode *ir_exit_bytecode(const IrInstruction *instruction) {
    const IrTable *table = instruction->table;
    const IrValue *value = instruction->operands.items[0];
    int64_t opcode = value->kind == IR_CONSTANT && ir_type_bits(value->type) ? value->integer : -1;
    return opcode >= 0 && opcode < (int64_t)table->bytecodes.count ? &table->bytecodes.items[opcode]
                                                                   : NULL;
}

bool ir_operand_is_jump(const IrOperand *operand) {
    return operand->role && !strcmp(operand->role, "jump");
}

static bool same_slots(IrSlots a, IrSlots b) {
    return a.constant == b.constant && a.factor == b.factor &&
           (a.factor == 0 || a.operand == b.operand);
}

bool ir_cell_holds(IrCell cell, int64_t number) {
    int bits = 8 * ir_cell_size(cell);
    bool is_signed = cell == IR_CELL_I8 || cell == IR_CELL_I16 || cell == IR_CELL_I32;
    int64_t least = is_signed ? -(INT64_C(1) << (bits - 1)) : 0;
    return number >= least && number - least <= (INT64_C(1) << bits) - 1;
}

static bool same_role(const char *a, const char *b) {
    return a == b || (a && b && !strcmp(a, b));
}

// Is it never more than the other, whose operand may be 0?
static bool is_within(IrSlots slots, IrSlots most) {
    return same_slots(slots, most) ||
           (!slots.factor && most.factor >= 0 && slots.constant <= most.constant);
}

// What a number of slots is where the operands have the values that one of two bytecodes fixes.
static IrSlots where_fixed(IrSlots slots, const IrBytecode *a, const IrBytecode *b) {
    const IrBytecode *both[] = {a, b};
    for (int i = 0; i < 2 && slots.factor; i++) {
        const IrOperand *operand = &both[i]->operands.items[slots.operand];
        int64_t fixed = slots.constant + slots.factor * operand->fixed;
        if (operand->is_fixed && fixed >= INT_MIN && fixed <= INT_MAX)
            slots = (IrSlots){(int)fixed, 0, -1};
    }
    return slots;
}

static const char *operand_fault(const IrOperand *left, const IrOperand *right) {
    if (left->cell != right->cell || !same_role(left->role, right->role) ||
        (left->is_fixed && right->is_fixed && left->fixed != right->fixed))
        return "other operands";
    if (ir_operand_is_jump(left) && !same_slots(left->jump, right->jump))
        return "another stack effect";
    return NULL;
}

static bool same_further(const IrBytecode *a, const IrBytecode *b) {
    bool same = a->further.count == b->further.count;
    for (size_t i = 0; same && i < a->further.count; i++) {
        const IrStackEffect *left = &a->further.items[i], *right = &b->further.items[i];
        same = same_slots(where_fixed(left->stack, a, b), where_fixed(right->stack, a, b)) &&
               same_slots(where_fixed(left->jumped, a, b), where_fixed(right->jumped, a, b)) &&
               is_within(where_fixed(right->needs, a, b), where_fixed(left->needs, a, b));
    }
    return same;
}

// Code is rewritten in place while frames are in it: the next instruction has to lie where it
// did, and the stack to be as the bytecode verifier has found it for what the compiler wrote.
const char *ir_quickening_fault(const IrBytecode *a, const IrBytecode *b) {
    if (a->length != b->length)
        return "another length";
    if (a->operands.count != b->operands.count)
        return "other operands";
    for (size_t i = 0; i < a->operands.count; i++) {
        const char *fault = operand_fault(&a->operands.items[i], &b->operands.items[i]);
        if (fault)
            return fault;
    }
    if (!same_slots(where_fixed(a->stack, a, b), where_fixed(b->stack, a, b)) ||
        !same_further(a, b) || a->leaves != b->leaves || a->jumps != b->jumps ||
        (a->jumps && !same_slots(where_fixed(a->jumped, a, b), where_fixed(b->jumped, a, b))))
        return "another stack effect";
    return is_within(where_fixed(b->needs, a, b), where_fixed(a->needs, a, b))
               ? NULL
               : "more to find on the stack";
}
