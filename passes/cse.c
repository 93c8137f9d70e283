// cse: what has been computed on every way here is not computed again. A table holds what
// has been computed so far, found by hashing operation and operands; blocks are visited in
// preorder of the dominator tree, and what was found serves where its block dominates, which
// is until the walk leaves that block's subtree (dominator-based value numbering: Briggs,
// Cooper and Simpson, "Value Numbering", 1997; in SSA two computations with the same operands
// are the same).
//
// Legal because it only takes operations that depend on nothing but their operands, and
// reads of const fields; nothing moves up, so nothing is executed that wasn't before. What
// can move, and addresses into it, must not live across something that collects, so these
// are shared only within a block, up to there.
//
// Costs a register for as long as the value lives that isn't computed again.
#include "ir/analysis/dominators.h"
#include "passes/manager/pass.h"
#include "passes/support/edit.h"
#include "support/hash.h"

// What was computed, for who comes later and may use it.
typedef struct Seen {
    IrInstruction *instruction;
    size_t collections; // of Cse, when it was computed
    size_t next;        // 1 + index of the next older one with this hash, 0: none
} Seen;

typedef struct Cse {
    PassContext *context;
    Substitution substitution;
    size_t removed;
    size_t collections; // how many operations that collect were passed
    ARENA_VECTOR(Seen) seen;
    size_t *heads; // by hash: 1 + index of the newest, 0: none
    size_t size;   // a power of two
} Cse;

// Loads of const fields count as pure: ir_effects says that they read no memory.
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
    return hash_more(hash, &value, sizeof value);
}

static uint64_t hash_of_value(const IrValue *value) {
    return value->kind == IR_CONSTANT
               ? mix(mix(HASH_OF_NOTHING, value->type), (uint64_t)value->integer)
               : (uint64_t)(uintptr_t)value;
}

static uint64_t hash_of(const IrInstruction *at) {
    uint64_t hash = mix(mix(HASH_OF_NOTHING, at->op), at->result->type);
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
        if (!ir_same_value(a->operands.items[i], b->operands.items[i]))
            return false;
    return true;
}

// May what was computed earlier be used in `block` still?
static bool serves(const Cse *cse, const IrDominators *dominators, const Seen *earlier,
                   const IrBlock *block) {
    const IrInstruction *instruction = earlier->instruction;
    if (moves(instruction))
        return instruction->block == block && earlier->collections == cse->collections;
    return ir_dominates(dominators, instruction->block, block);
}

static void visit(Cse *cse, const IrDominators *dominators, IrInstruction *at) {
    for (size_t i = 0; i < at->operands.count; i++)
        at->operands.items[i] = substitution_of(&cse->substitution, at->operands.items[i]);
    cse->collections += ir_effects(at).collects;
    if (!is_pure(at))
        return;
    size_t *head = &cse->heads[hash_of(at) & (cse->size - 1)];
    // In this order what doesn't serve here will not serve later either, and so must not be
    // looked at again for each of its many likes.
    while (*head && !serves(cse, dominators, &cse->seen.items[*head - 1], at->block))
        *head = cse->seen.items[*head - 1].next;
    for (size_t i = *head; i; i = cse->seen.items[i - 1].next) {
        const Seen *earlier = &cse->seen.items[i - 1];
        if (!same(earlier->instruction, at) || !serves(cse, dominators, earlier, at->block))
            continue;
        substitution_add(&cse->substitution, at->result, earlier->instruction->result);
        ir_remove(at);
        cse->removed++;
        return;
    }
    ARENA_PUSH(cse->context->scratch, &cse->seen, ((Seen){at, cse->collections, *head}));
    *head = cse->seen.count;
}

// The positions of the reachable blocks in preorder of the dominator tree: the numbers of its
// walk, entering and leaving, are as many as twice those of blocks.
static int *in_preorder(const IrDominators *dominators, Arena *scratch) {
    const IrCfg *cfg = dominators->cfg;
    int *entered = ARENA_ARRAY(scratch, int, 2 * cfg->reachable + 1); // 1 + position, 0: none
    int *order = ARENA_ARRAY(scratch, int, cfg->reachable + 1);
    size_t count = 0;
    for (size_t b = 0; b < cfg->count; b++)
        if (dominators->enter[b] >= 0)
            entered[dominators->enter[b]] = (int)b + 1;
    for (size_t i = 0; i < 2 * cfg->reachable; i++)
        if (entered[i])
            order[count++] = entered[i] - 1;
    return order;
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
    const int *order = in_preorder(dominators, scratch);
    for (size_t i = 0; i < cfg->reachable; i++) {
        IrBlock *block = cfg->nodes[order[i]].block;
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
