// Stack effects, worked out from a region's code: what is known of each value is a
// constant, or a constant and a multiple of an operand, possibly counted from where
// the stack pointer was at first. A data-flow analysis over the blocks follows the
// stack pointer's field; what functions of the runtime do to it doesn't count, for
// one that returns leaves it as it was.
#include "frontend/loop/expand.h"
#include "support/pointer_map.h"

#include <stdlib.h>

typedef struct Known {
    enum { UNSEEN, KNOWN, UNKNOWN } state;
    bool from_start; // counted from the first stack pointer, in bytes
    int64_t constant, factor;
    int operand; // -1 if the factor is 0
} Known;

typedef struct Analysis {
    Lowering *lowering;
    const IrField *stack_pointer;
    PointerMap numbers; // of values
    ARENA_VECTOR(Known) values;
    PointerMap block_numbers; // of LoopBlocks
    Known *in, *out;          // the stack pointer, by block
    bool changed;
} Analysis;

enum { MOST_SLOTS = 1 << 16 };

static const Known unknown = {.state = UNKNOWN, .operand = -1};

static Known constant(int64_t value) {
    return (Known){KNOWN, false, value, 0, -1};
}

static bool same(Known left, Known right) {
    return left.state == right.state &&
           (left.state != KNOWN ||
            (left.from_start == right.from_start && left.constant == right.constant &&
             left.factor == right.factor && left.operand == right.operand));
}

static Known merge(Known left, Known right) {
    if (left.state == UNSEEN)
        return right;
    if (right.state == UNSEEN || same(left, right))
        return left;
    return unknown;
}

static Known *slot_of(Analysis *analysis, const IrValue *value) {
    int number = pointer_map_find(&analysis->numbers, value);
    if (number < 0) {
        number = (int)analysis->values.count;
        pointer_map_add(analysis->lowering->arena, &analysis->numbers, value, number);
        ARENA_PUSH(analysis->lowering->arena, &analysis->values, (Known){.operand = -1});
    }
    return &analysis->values.items[number];
}

static Known value_of(Analysis *analysis, const IrValue *value) {
    if (value->kind == IR_CONSTANT)
        return value->type == IR_F64 ? unknown : constant(value->integer);
    return *slot_of(analysis, value);
}

static void update(Analysis *analysis, Known *place, Known now) {
    now = merge(*place, now);
    analysis->changed = analysis->changed || !same(*place, now);
    *place = now;
}

// left + sign * right
static Known add(Known left, Known right, int64_t sign) {
    if (left.state == UNSEEN || right.state == UNSEEN)
        return (Known){.operand = -1};
    if (left.state != KNOWN || right.state != KNOWN || (right.from_start && sign < 0))
        return unknown;
    if ((left.from_start && right.from_start) ||
        (left.factor && right.factor && left.operand != right.operand))
        return unknown;
    Known sum = {KNOWN, left.from_start || right.from_start, 0, 0,
                 left.factor ? left.operand : right.operand};
    int64_t scaled_constant, scaled_factor;
    if (__builtin_mul_overflow(right.constant, sign, &scaled_constant) ||
        __builtin_mul_overflow(right.factor, sign, &scaled_factor) ||
        __builtin_add_overflow(left.constant, scaled_constant, &sum.constant) ||
        __builtin_add_overflow(left.factor, scaled_factor, &sum.factor))
        return unknown;
    if (!sum.factor)
        sum.operand = -1;
    return sum;
}

static Known multiply(Known left, Known right) {
    if (right.state == KNOWN && !right.factor && left.state == KNOWN && left.factor) {
        Known other = left;
        left = right;
        right = other;
    }
    if (left.state == UNSEEN || right.state == UNSEEN)
        return (Known){.operand = -1};
    if (left.state != KNOWN || right.state != KNOWN || left.factor || left.from_start ||
        right.from_start)
        return unknown;
    Known product = right;
    if (__builtin_mul_overflow(left.constant, right.constant, &product.constant) ||
        __builtin_mul_overflow(left.constant, right.factor, &product.factor))
        return unknown;
    if (!product.factor)
        product.operand = -1;
    return product;
}

static bool is_stack_pointer(const Analysis *analysis, const IrInstruction *at) {
    return at->field == analysis->stack_pointer &&
           at->operands.items[0] == analysis->lowering->frame;
}

static Known evaluate(Analysis *analysis, const IrInstruction *at, Known stack_pointer) {
    if (at->op == IR_LOAD && is_stack_pointer(analysis, at))
        return stack_pointer;
    if (at->op != IR_ADD && at->op != IR_SUB && at->op != IR_MUL && at->op != IR_PTR_ADD)
        return unknown;
    Known left = value_of(analysis, at->operands.items[0]);
    Known right = value_of(analysis, at->operands.items[1]);
    if (at->op == IR_MUL)
        return multiply(left, right);
    return add(left, right, at->op == IR_SUB ? -1 : 1);
}

static void enter_block(Analysis *analysis, size_t number) {
    const LoopBlock *block = analysis->lowering->blocks.items[number];
    for (size_t i = 0; i < block->predecessors.count; i++) {
        const LoopPredecessor *edge = &block->predecessors.items[i];
        const IrEdge *ir = &edge->terminator->edges.items[edge->edge];
        int from = pointer_map_find(&analysis->block_numbers, edge->from);
        update(analysis, &analysis->in[number], analysis->out[from]);
        for (size_t j = 0; j < block->ir->parameters.count; j++) {
            Known argument = value_of(analysis, ir->arguments.items[j]);
            update(analysis, slot_of(analysis, block->ir->parameters.items[j]), argument);
        }
    }
}

static void visit_block(Analysis *analysis, size_t number) {
    const LoopBlock *block = analysis->lowering->blocks.items[number];
    enter_block(analysis, number);
    Known stack_pointer = analysis->in[number];
    if (stack_pointer.state == UNSEEN)
        return;
    for (const IrInstruction *at = block->ir->first; at; at = at->next) {
        if (at->op == IR_STORE && is_stack_pointer(analysis, at)) {
            stack_pointer = value_of(analysis, at->operands.items[1]);
        } else if (at->result) {
            Known *place = slot_of(analysis, at->result);
            // Operands are known from the start, however they are read.
            if (place->state != KNOWN || !place->factor) {
                Known now = evaluate(analysis, at, stack_pointer);
                update(analysis, slot_of(analysis, at->result), now);
            }
        }
    }
    update(analysis, &analysis->out[number], stack_pointer);
}

static void analyse(Analysis *analysis, IrValue **operands, size_t operand_count) {
    Lowering *lowering = analysis->lowering;
    size_t count = lowering->blocks.count;
    analysis->in = ARENA_ARRAY(lowering->arena, Known, count);
    analysis->out = ARENA_ARRAY(lowering->arena, Known, count);
    for (size_t i = 0; i < count; i++)
        pointer_map_add(lowering->arena, &analysis->block_numbers, lowering->blocks.items[i],
                        (int)i);
    for (size_t i = 0; i < operand_count; i++)
        *slot_of(analysis, operands[i]) = (Known){KNOWN, false, 0, 1, (int)i};
    analysis->in[0] = (Known){KNOWN, true, 0, 0, -1};
    do {
        analysis->changed = false;
        for (size_t i = 0; i < count; i++)
            visit_block(analysis, i);
    } while (analysis->changed);
}

// ---- Endings -----------------------------------------------------------------------------

// The change in slots at an ending. False if it isn't known or no whole number of slots.
static bool effect_at(Analysis *analysis, const LoopEnding *ending, size_t block, IrSlots *effect) {
    Known change = analysis->out[block];
    int64_t size = analysis->lowering->definition->slot_size;
    if (change.state != KNOWN || !change.from_start || change.constant % size ||
        change.factor % size)
        return false;
    change.from_start = false;
    change.constant /= size;
    change.factor /= size;
    if (ending->dropped)
        change = add(add(change, value_of(analysis, ending->dropped), -1), constant(1), 1);
    if (change.state != KNOWN || llabs(change.constant) > MOST_SLOTS ||
        llabs(change.factor) > MOST_SLOTS)
        return false;
    *effect = (IrSlots){(int)change.constant, (int)change.factor, change.operand};
    return true;
}

static const char *effect_text(Lowering *lowering, const IrEntry *entry, const IrSlots *effect) {
    if (!effect->factor)
        return arena_printf(lowering->arena, "%d", effect->constant);
    return arena_printf(lowering->arena, "%d + %d * %s", effect->constant, effect->factor,
                        entry->operands.items[effect->operand].name);
}

static bool same_effect(const IrSlots *left, const IrSlots *right) {
    return left->constant == right->constant && left->factor == right->factor &&
           (!left->factor || left->operand == right->operand);
}

// Compares an ending's effect with what another one had (`first` NULL: none before it).
static void agree(Lowering *lowering, const IrEntry *entry, IrSlots *agreed, const IrSlots *effect,
                  const LoopEnding **first, const LoopEnding *ending) {
    if (!*first) {
        *first = ending;
        *agreed = *effect;
        return;
    }
    if (same_effect(agreed, effect) || !loop_first_error(lowering, ending->at))
        return;
    Diagnostics *diagnostics = lowering->definition->diagnostics;
    diagnostic_error(diagnostics, ending->at,
                     "`%s` changes the stack by %s here, but by %s on another path", entry->name,
                     effect_text(lowering, entry, effect), effect_text(lowering, entry, agreed));
    diagnostic_note(diagnostics, (*first)->at, "the other path ends here");
}

// The operand that a displacement is, or -1.
static int displacement_operand(const LoopEnding *ending, IrValue **operands, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (operands[i] == ending->displacement)
            return (int)i;
    }
    return -1;
}

static size_t block_of(const Lowering *lowering, const LoopEnding *ending) {
    for (size_t i = 0; i < lowering->blocks.count; i++) {
        if (lowering->blocks.items[i]->ir == ending->branch->block)
            return i;
    }
    abort();
}

void loop_stack_effects(Lowering *lowering, IrEntry *entry, IrValue **operands) {
    const LoopField *field = lowering->definition->stack_pointer;
    Analysis analysis = {.lowering = lowering, .stack_pointer = field ? field->ir : NULL};
    size_t count = entry->operands.count;
    const LoopEnding *next = NULL;
    const LoopEnding **jumps = ARENA_ARRAY(lowering->arena, const LoopEnding *, count + 1);
    entry->leaves = true;
    if (field)
        analyse(&analysis, operands, count);
    for (size_t i = 0; i < lowering->endings.count; i++) {
        const LoopEnding *ending = &lowering->endings.items[i];
        IrSlots effect = {0, 0, -1};
        int operand = displacement_operand(ending, operands, count);
        if (ending->kind == LOOP_ENDING_JUMP && operand < 0)
            LOOP_ERROR(lowering, ending->at,
                       "a displacement must be one of the bytecode's operands as it is");
        if (operand >= 0)
            entry->operands.items[operand].role = "jump";
        bool goes_on = ending->kind == LOOP_ENDING_NEXT || ending->kind == LOOP_ENDING_CALL;
        if (goes_on)
            entry->leaves = false;
        if (!field || (!goes_on && operand < 0))
            continue;
        if (!effect_at(&analysis, ending, block_of(lowering, ending), &effect))
            LOOP_ERROR(lowering, ending->at,
                       "`%s`: how far the stack has grown here is neither a constant nor a "
                       "constant and a multiple of one operand",
                       entry->name);
        else if (goes_on)
            agree(lowering, entry, &entry->stack, &effect, &next, ending);
        else
            agree(lowering, entry, &entry->operands.items[operand].jump, &effect, &jumps[operand],
                  ending);
    }
}
