// Stack effects: what a bytecode has to find on the stack, and what it leaves there. The
// definition's author writes neither down; both follow from the body, by the analysis that
// tells how far the stack pointer has come at each place (ir/analysis/progress.h). At an
// ending that is the effect, and all endings of a kind have to agree, so that whoever
// compiles or verifies code knows the stack's depth at each instruction without running it
// (as the Java Virtual Machine Specification demands of its code, 4.10). Where a slot is
// accessed, or the stack pointer goes down, that many have to be there.
//
// A definition is believed in two things: a function of the runtime that returns has left
// the stack pointer as it was, and what isn't the loop's own frame is another one. So only
// stores to the loop's own frame move the stack pointer here.
#include "frontend/loop/expand.h"
#include "ir/analysis/progress.h"

#include <stdlib.h>

// What is worked out for one bytecode, whose region stands complete.
typedef struct Effects {
    LoopLowering *lowering;
    const LoopBytecode *source;
    IrBytecode *bytecode;
    IrCfg *cfg;
    const IrProgress *progress; // NULL: the definition names no stack pointer
    int slot_size;
    IrSlots *needs; // of the stack at hand
    bool *is_taken; // by operand: it is a displacement
} Effects;

// More can't be meant, and sums of a few such numbers fit into an int.
enum { MOST_SLOTS = 1 << 16 };

static const char *slots_text(const Effects *effects, const IrSlots *slots) {
    Arena *arena = effects->lowering->arena;
    if (!slots->factor)
        return arena_printf(arena, "%d", slots->constant);
    return arena_printf(arena, "%d + %d * %s", slots->constant, slots->factor,
                        effects->bytecode->operands.items[slots->operand].name);
}

static bool same_slots(const IrSlots *left, const IrSlots *right) {
    return left->constant == right->constant && left->factor == right->factor &&
           (!left->factor || left->operand == right->operand);
}

static bool to_slots(IrDistance distance, IrSlots *slots) {
    if (distance.base != IR_BASE_NUMBER || llabs(distance.constant) > MOST_SLOTS ||
        llabs(distance.factor) > MOST_SLOTS)
        return false;
    *slots = (IrSlots){(int)distance.constant, (int)distance.factor, distance.operand};
    return true;
}

// A distance in bytes from the first stack pointer, in slots; unknown if it isn't one, or is
// no whole number of slots. Partly used ones count if they lie below.
static IrDistance in_slots(const Effects *effects, IrDistance distance, bool rounds) {
    int64_t size = effects->slot_size;
    int64_t rest = (distance.constant % size + size) % size;
    if (distance.base != IR_BASE_STACK || distance.factor % size || (rest && !rounds))
        return (IrDistance){.base = IR_BASE_UNKNOWN, .operand = -1};
    return (IrDistance){IR_BASE_NUMBER, distance.operand, (distance.constant - rest) / size,
                        distance.factor / size};
}

// ---- What a bytecode leaves --------------------------------------------------------------

static IrDistance stack_at(const Effects *effects, const LoopEnding *ending) {
    int position = ir_cfg_position(effects->cfg, ending->branch->block);
    return effects->progress->out[position].stack;
}

// The change in slots at an ending. False if it isn't known. At a call it is the change when the
// callee is back, which has taken its arguments (`dropping:`) and left one result.
static bool change_at(const Effects *effects, const LoopEnding *ending, IrSlots *slots) {
    IrDistance change = in_slots(effects, stack_at(effects, ending), false);
    if (ending->dropped) {
        IrDistance dropped = ir_progress_value(effects->progress, ending->dropped);
        change = ir_distance_add(change, dropped, -1);
        change = ir_distance_add(change, ir_distance_number(1), 1);
    }
    return to_slots(change, slots);
}

// Compares an ending's effect with what another one had (`first` NULL: none before it).
static void agree(const Effects *effects, IrSlots *agreed, const IrSlots *slots,
                  const LoopEnding **first, const LoopEnding *ending) {
    if (!*first) {
        *first = ending;
        *agreed = *slots;
        return;
    }
    if (same_slots(agreed, slots) || !loop_first_error(effects->lowering, ending->at))
        return;
    Diagnostics *diagnostics = effects->lowering->definition->diagnostics;
    diagnostic_error(
        diagnostics, ending->at, "`%s` changes the stack by %s here, but by %s on another path",
        effects->bytecode->name, slots_text(effects, slots), slots_text(effects, agreed));
    diagnostic_note(diagnostics, (*first)->at, "the other path ends here");
}

// The operand that a displacement is, or -1.
static int displacement_operand(const LoopEnding *ending, IrValue **operands, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (operands[i] && operands[i] == ending->displacement)
            return (int)i;
    return -1;
}

// Notes that an operand is a displacement, which is a role, said or not.
static void note_jump(const Effects *effects, const LoopEnding *ending, int index) {
    IrOperand *operand = &effects->bytecode->operands.items[index];
    if (operand->role && !ir_operand_is_jump(operand))
        LOOP_ERROR(effects->lowering, ending->at,
                   "the displacement `%s` has the role `%s`, and not `jump`", operand->name,
                   operand->role);
    operand->role = "jump";
    effects->is_taken[index] = true;
}

// Endings of a kind have to agree: those that go on to the next bytecode, those that jump by the
// same operand, and those that jump to a computed place. An ending that leaves the frame for good
// has no effect to agree on. A bytecode leaves unless one of its paths goes on.
static void follow_endings(const Effects *effects, IrValue **operands) {
    LoopLowering *lowering = effects->lowering;
    IrBytecode *bytecode = effects->bytecode;
    size_t count = bytecode->operands.count;
    const LoopEnding *next = NULL, *jump_to = NULL;
    const LoopEnding **jumps = ARENA_ARRAY(lowering->arena, const LoopEnding *, count + 1);
    bytecode->leaves = true;
    for (size_t i = 0; i < lowering->endings.count; i++) {
        const LoopEnding *ending = &lowering->endings.items[i];
        IrSlots slots = {0, 0, -1};
        int operand = displacement_operand(ending, operands, count);
        if (ending->kind == LOOP_ENDING_JUMP && operand < 0)
            LOOP_ERROR(lowering, ending->at,
                       "a displacement must be one of the bytecode's operands as it is");
        if (operand >= 0)
            note_jump(effects, ending, operand);
        bool goes_on = ending->kind == LOOP_ENDING_NEXT || ending->kind == LOOP_ENDING_CALL;
        bool is_computed = ending->kind == LOOP_ENDING_JUMP_TO;
        if (goes_on)
            bytecode->leaves = false;
        if (is_computed)
            bytecode->jumps = true;
        if (!effects->progress || (!goes_on && !is_computed && operand < 0))
            continue;
        if (!change_at(effects, ending, &slots))
            LOOP_ERROR(lowering, ending->at,
                       "`%s`: how far the stack has grown here is neither a constant nor a "
                       "constant and a multiple of one operand",
                       bytecode->name);
        else if (goes_on)
            agree(effects, &bytecode->stack, &slots, &next, ending);
        else if (is_computed)
            agree(effects, &bytecode->jumped, &slots, &jump_to, ending);
        else
            agree(effects, &bytecode->operands.items[operand].jump, &slots, &jumps[operand],
                  ending);
    }
    for (size_t i = 0; i < count; i++)
        if (ir_operand_is_jump(&bytecode->operands.items[i]) && !effects->is_taken[i])
            LOOP_ERROR(lowering, effects->source->ast->arguments.items[i].at,
                       "`%s` has the role `jump`, but no `jumpBy:` takes it",
                       bytecode->operands.items[i].name);
}

// ---- What a bytecode needs ---------------------------------------------------------------

static bool may_be_negative(const Effects *effects, int operand) {
    if (operand < 0)
        return false;
    IrCell cell = effects->bytecode->operands.items[operand].cell;
    return cell == IR_CELL_I8 || cell == IR_CELL_I16 || cell == IR_CELL_I32;
}

// `most` becomes the larger of both, whatever their operand is, or a bit more: of the two
// constants and of the two factors the larger one each. To need more than is read is safe, it
// only refuses code; two different operands have no sum in this form. False if no number of
// slots is enough.
static bool join_needs(const Effects *effects, IrSlots *most, IrSlots *needs) {
    // An unsigned operand that lessens the need does so by nothing at worst.
    if (needs->factor < 0 && !may_be_negative(effects, needs->operand))
        *needs = (IrSlots){needs->constant, 0, -1};
    if (same_slots(most, needs) || (!needs->factor && needs->constant <= 0))
        return true;
    if (!most->factor && !most->constant) {
        *most = *needs;
        return true;
    }
    int operand = most->factor ? most->operand : needs->operand;
    if ((needs->factor && needs->operand != operand) || may_be_negative(effects, operand))
        return false;
    most->constant = needs->constant > most->constant ? needs->constant : most->constant;
    most->factor = needs->factor > most->factor ? needs->factor : most->factor;
    most->operand = most->factor ? operand : -1;
    return true;
}

// What lies from `lowest` on, in slots from the first stack pointer, has to be there.
static void need(const Effects *effects, IrDistance lowest, Location at) {
    IrSlots needs;
    if (!to_slots(ir_distance_add(ir_distance_number(0), lowest, -1), &needs) ||
        !join_needs(effects, effects->needs, &needs))
        LOOP_ERROR(effects->lowering, at,
                   "`%s`: how much it needs on the stack is neither a constant nor a constant "
                   "and a multiple of one operand",
                   effects->bytecode->name);
}

// The same for an address, if it is one on the stack.
static void need_at(const Effects *effects, IrDistance address, Location at) {
    if (address.base == IR_BASE_STACK)
        need(effects, in_slots(effects, address, true), at);
}

// Slots are accessed in place, or by a function that gets their address: it is taken to use what
// lies from there up to the top. To move the stack pointer down counts as an access, since what
// lay above is gone.
static void need_accessed(const Effects *effects, const IrInstruction *at) {
    const IrProgress *progress = effects->progress;
    switch (at->op) {
    case IR_LOAD:
    case IR_STORE:
    case IR_STORE_REF: need_at(effects, ir_progress_access(progress, at), at->at); break;
    case IR_CALL:
        for (size_t i = 0; i < at->operands.count; i++)
            need_at(effects, ir_progress_value(progress, at->operands.items[i]), at->at);
        break;
    default: break;
    }
    if (at->op == IR_STORE && ir_progress_is_own(progress, at, progress->input.stack_field))
        need_at(effects, ir_progress_value(progress, ir_stored_value(at)), at->at);
}

// All accesses, then what calls drop: `dropping: n` takes n slots below the stack pointer, which
// no instruction need have read.
static void follow_accesses(const Effects *effects) {
    const IrCfg *cfg = effects->cfg;
    for (size_t i = 0; i < cfg->reachable; i++) {
        const IrBlock *block = cfg->nodes[cfg->reverse_post_order[i]].block;
        for (const IrInstruction *at = block->first; at; at = at->next)
            need_accessed(effects, at);
    }
    for (size_t i = 0; i < effects->lowering->endings.count; i++) {
        const LoopEnding *ending = &effects->lowering->endings.items[i];
        IrSlots change;
        if (!ending->dropped || !change_at(effects, ending, &change))
            continue; // what can't be told has been reported
        IrDistance top = {IR_BASE_NUMBER, change.operand, change.constant, change.factor};
        need(effects, ir_distance_add(top, ir_distance_number(1), -1), ending->at);
    }
}

static const IrProgress *follow_stack(const Effects *effects, const IrField *field,
                                      IrValue **operands) {
    LoopLowering *lowering = effects->lowering;
    return ir_progress_compute(lowering->arena,
                               (IrProgressInput){.module = lowering->module,
                                                 .table = lowering->definition->table,
                                                 .cfg = effects->cfg,
                                                 .stack_field = field,
                                                 .operands = operands,
                                                 .operand_count = effects->bytecode->operands.count,
                                                 .only_own_stores = true});
}

// On a further stack there are two effects: where the next bytecode follows, and after a jump,
// which is one for all jumps. What is called leaves the stack as it was.
static void follow_further(Effects *effects, IrStackEffect *effect) {
    LoopLowering *lowering = effects->lowering;
    const LoopEnding *next = NULL, *jump = NULL;
    for (size_t i = 0; i < lowering->endings.count; i++) {
        LoopEnding *ending = &lowering->endings.items[i];
        IrSlots slots = {0, 0, -1};
        if (ending->kind == LOOP_ENDING_LEAVE)
            continue;
        bool jumps = ending->kind == LOOP_ENDING_JUMP || ending->kind == LOOP_ENDING_JUMP_TO;
        if (to_slots(in_slots(effects, stack_at(effects, ending), false), &slots))
            agree(effects, jumps ? &effect->jumped : &effect->stack, &slots, jumps ? &jump : &next,
                  ending);
        else
            LOOP_ERROR(lowering, ending->at,
                       "`%s`: how far a further stack has grown here is neither a constant nor a "
                       "constant and a multiple of one operand",
                       effects->bytecode->name);
    }
    const IrCfg *cfg = effects->cfg;
    for (size_t i = 0; i < cfg->reachable; i++) {
        const IrBlock *block = cfg->nodes[cfg->reverse_post_order[i]].block;
        for (const IrInstruction *at = block->first; at; at = at->next)
            need_accessed(effects, at);
    }
}

static void further_effects(Effects *effects, IrValue **operands) {
    const LoopDefinition *definition = effects->lowering->definition;
    for (size_t i = 0; i < definition->further_stacks.count; i++) {
        const IrStack *stack = &definition->module->further_stacks.items[i];
        IrStackEffect effect = {{.operand = -1}, {.operand = -1}, {.operand = -1}};
        effects->progress = follow_stack(effects, stack->field, operands);
        effects->slot_size = ir_cell_size(stack->cell);
        effects->needs = &effect.needs;
        follow_further(effects, &effect);
        ARENA_PUSH(definition->arena, &effects->bytecode->further, effect);
    }
}

void loop_stack_effects(LoopLowering *lowering, const LoopBytecode *source, IrValue **operands) {
    const LoopField *field = lowering->definition->stack_pointer;
    IrTable *table = lowering->definition->table;
    Effects effects = {.lowering = lowering,
                       .source = source,
                       .bytecode = &table->bytecodes.items[source->opcode],
                       .cfg = ir_cfg_compute(lowering->arena, lowering->region),
                       .slot_size = lowering->definition->slot_size};
    effects.needs = &effects.bytecode->needs;
    effects.is_taken = ARENA_ARRAY(lowering->arena, bool, effects.bytecode->operands.count + 1);
    if (field)
        effects.progress = follow_stack(&effects, field->ir, operands);
    // If the endings are wrong, so are the depths that accesses would be measured by.
    const Diagnostics *diagnostics = lowering->definition->diagnostics;
    int errors = diagnostics->errors;
    follow_endings(&effects, operands);
    if (field && diagnostics->errors == errors)
        follow_accesses(&effects);
    if (diagnostics->errors == errors)
        further_effects(&effects, operands);
}
