// cse: what has been computed on every way here is not computed again. A table holds what
// has been computed so far, found by hashing operation and operands; blocks are visited in
// an order in which dominators come first, and what was found serves where its block
// dominates (dominator-based value numbering: Briggs, Cooper and Simpson, "Value Numbering",
// 1997; in SSA two computations with the same operands are the same).
//
// Legal because it only takes operations that depend on nothing but their operands, and
// reads of const fields; nothing moves up, so nothing is executed that wasn't before. What
// can move, and addresses into it, must not live across something that collects, so these
// are shared only within a block, up to there.
#include "ir/analysis/dominators.h"
#include "passes/manager/pass.h"
#include "passes/support/edit.h"

#include <stdlib.h>
#include <string.h>

typedef struct Seen {
    IrInstruction *instruction;
    size_t next; // 1 + index of the next one with this hash, 0: none
} Seen;

typedef struct Cse {
    PassContext *context;
    Substitution substitution;
    size_t removed;
    ARENA_VECTOR(Seen) seen;
    size_t *heads; // by hash
    size_t size;   // a power of two
} Cse;

static bool is_pure(const IrInstruction *at) {
    if (!at->result || ir_op_is_terminator(at->op) || at->op == IR_CALL)
        return false;
    IrEffects effects = ir_effects(at);
    return !effects.reads && !effects.writes;
}

// Is the result something that moves, or points into something that does?
static bool moves(const IrInstruction *at) {
    IrType type = at->result->type;
    return type == IR_OBJECT || type == IR_VALUE ||
           (at->op == IR_ADDRESS && at->operands.items[0]->type != IR_PTR) || at->op == IR_PTR_ADD;
}

static uint64_t mix(uint64_t hash, uint64_t value) {
    return (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15) ^ hash >> 29;
}

static uint64_t hash_of_value(const IrValue *value) {
    return value->kind == IR_CONSTANT ? mix(value->type, (uint64_t)value->integer)
                                      : (uint64_t)(uintptr_t)value;
}

static bool same_value(const IrValue *a, const IrValue *b) {
    return a == b || (a->kind == IR_CONSTANT && b->kind == IR_CONSTANT && a->type == b->type &&
                      a->integer == b->integer);
}

static uint64_t hash_of(const IrInstruction *at) {
    uint64_t hash = mix(at->op, at->result->type);
    hash = mix(hash, (uint64_t)(uintptr_t)at->field);
    for (size_t i = 0; i < at->operands.count; i++)
        hash = mix(hash, hash_of_value(at->operands.items[i]));
    return hash;
}

static bool same(const IrInstruction *a, const IrInstruction *b) {
    if (a->op != b->op || a->result->type != b->result->type || a->field != b->field ||
        a->record != b->record || a->operands.count != b->operands.count ||
        (a->op == IR_LOAD && a->cell != b->cell))
        return false;
    for (size_t i = 0; i < a->operands.count; i++)
        if (!same_value(a->operands.items[i], b->operands.items[i]))
            return false;
    return true;
}

static bool collects_between(const IrInstruction *from, const IrInstruction *to) {
    for (const IrInstruction *at = from; at && at != to; at = at->next)
        if (ir_effects(at).collects)
            return true;
    return false;
}

static bool serves(const IrDominators *dominators, const IrInstruction *earlier,
                   const IrInstruction *at) {
    if (moves(at))
        return earlier->block == at->block && !collects_between(earlier, at);
    return ir_dominates(dominators, earlier->block, at->block);
}

static void visit(Cse *cse, const IrDominators *dominators, IrInstruction *at) {
    for (size_t i = 0; i < at->operands.count; i++)
        at->operands.items[i] = substitution_of(&cse->substitution, at->operands.items[i]);
    if (!is_pure(at))
        return;
    size_t *head = &cse->heads[hash_of(at) & (cse->size - 1)];
    for (size_t i = *head; i; i = cse->seen.items[i - 1].next) {
        IrInstruction *earlier = cse->seen.items[i - 1].instruction;
        if (!same(earlier, at) || !serves(dominators, earlier, at))
            continue;
        substitution_add(&cse->substitution, at->result, earlier->result);
        ir_remove(at);
        cse->removed++;
        return;
    }
    ARENA_PUSH(cse->context->scratch, &cse->seen, ((Seen){at, *head}));
    *head = cse->seen.count;
}

static void visit_region(Cse *cse, IrRegion *region) {
    Arena *scratch = cse->context->scratch;
    const IrCfg *cfg = ir_cfg_compute(scratch, region);
    const IrDominators *dominators = ir_dominators_compute(scratch, cfg);
    size_t instructions = 0;
    for (size_t b = 0; b < region->blocks.count; b++)
        for (const IrInstruction *at = region->blocks.items[b]->first; at; at = at->next)
            instructions++;
    for (cse->size = 16; cse->size < instructions;)
        cse->size *= 2;
    cse->heads = ARENA_ARRAY(scratch, size_t, cse->size);
    cse->seen.count = 0;
    // A dominator comes first in reverse post-order.
    for (size_t i = 0; i < cfg->reachable; i++) {
        IrBlock *block = cfg->nodes[cfg->reverse_post_order[i]].block;
        for (IrInstruction *at = block->first, *next; at; at = next) {
            next = at->next;
            visit(cse, dominators, at);
        }
    }
    substitution_apply(&cse->substitution, region);
}

void cse_run(PassContext *context) {
    IrModule *module = context->module;
    Cse cse = {.context = context, .substitution = {.arena = context->scratch}};
    for (size_t f = 0; f < module->functions.count; f++)
        for (size_t r = 0; r < module->functions.items[f]->regions.count; r++)
            visit_region(&cse, module->functions.items[f]->regions.items[r]);
    pass_count_add(context->report, "instructions removed", (int64_t)cse.removed);
}
