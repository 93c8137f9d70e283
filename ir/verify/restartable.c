// The rule `restartable`: a region that claims to be so stores nothing that a second start
// would see before it polls, collects, raises or exits. Who leaves a superinstruction goes on
// at such a region's start, and so does who comes back to it; work that was half done would be
// done twice. A forward search: from each block that stores, all that can be reached from
// there. It is what the authors of instruction sets call precise and restartable.
//
// To store the bytecode's own pc and stack pointer again, as a pass does that keeps them in
// registers, is no work: progress.h tells that they are.
#include "ir/analysis/progress.h"
#include "ir/verify/rules.h"

// For each block an instruction that stores on some way to it, NULL: none does.
typedef struct Stores {
    const IrCfg *cfg;
    const IrProgress *progress;   // NULL: the region is no bytecode's
    const IrInstruction **before; // by position
    int *stack;
    size_t depth;
} Stores;

// Is what is stored where the bytecode began?
static bool stores_start(const IrProgress *progress, const IrInstruction *at) {
    if (at->op != IR_STORE)
        return false;
    IrDistance distance = ir_progress_value(progress, ir_stored_value(at));
    if (distance.constant || distance.factor)
        return false;
    return (distance.base == IR_BASE_PC && ir_progress_is_own(progress, at, progress->pc_field)) ||
           (distance.base == IR_BASE_STACK &&
            ir_progress_is_own(progress, at, progress->input.stack_field));
}

// What the poll's external writes is other threads' work, not this region's.
static bool stores(const Stores *found, const IrInstruction *at) {
    if (ir_lets_others_run(at))
        return false;
    return ir_effects(at).writes & IR_SEEN_AGAIN &&
           !(found->progress && stores_start(found->progress, at));
}

static const IrInstruction *first_store(const Stores *found, const IrBlock *block) {
    for (const IrInstruction *at = block->first; at; at = at->next)
        if (stores(found, at))
            return at;
    return NULL;
}

// Each block is noted once, with one store of perhaps several: one is enough to complain of.
static void reach(Stores *found, int from, const IrInstruction *store) {
    const IrCfgNode *node = &found->cfg->nodes[from];
    for (size_t i = 0; i < node->successors.count; i++) {
        int to = node->successors.items[i];
        if (found->before[to])
            continue;
        found->before[to] = store;
        found->stack[found->depth++] = to;
    }
}

// The blocks' own stores count from where they are, those of others from the start.
static void check_block(IrVerifier *verifier, const Stores *found, int position) {
    const IrInstruction *store = found->before[position];
    for (const IrInstruction *at = found->cfg->nodes[position].block->first; at; at = at->next) {
        IrEffects effects = ir_effects(at);
        bool may_leave =
            at->op == IR_POLL || at->op == IR_EXIT || effects.collects || effects.raises;
        if (store && may_leave) {
            size_t before = verifier->complaints->count;
            verify_complain(
                verifier, "restartable", verify_at_instruction(at),
                "region %s claims to be restartable, but stores by %s at %s before %s at %s",
                found->cfg->region->name, ir_op_text(store->op),
                verify_place_name(verifier, store->at), ir_op_text(at->op),
                verify_place_name(verifier, at->at));
            verify_complain_also(verifier, before, store->at, "it stores here");
            return;
        }
        if (!store && stores(found, at))
            store = at;
    }
}

// The table that has the region as a bytecode's code; NULL if none has.
static const IrTable *find_table(const IrModule *module, const IrRegion *region) {
    for (size_t t = 0; t < module->tables.count; t++) {
        const IrTable *table = module->tables.items[t];
        for (size_t i = 0; i < table->bytecodes.count; i++) {
            const IrBytecode *bytecode = &table->bytecodes.items[i];
            if ((bytecode->block && bytecode->block->region == region) ||
                (bytecode->function && bytecode->function->regions.items[0] == region))
                return table;
        }
    }
    return NULL;
}

// Code that is no bytecode's has no place and no stack to begin from; there every store
// counts.
static const IrProgress *follow(IrVerifier *verifier, const IrCfg *cfg) {
    const IrTable *table = find_table(verifier->module, cfg->region);
    if (!table)
        return NULL;
    return ir_progress_compute(verifier->arena,
                               (IrProgressInput){.module = verifier->module,
                                                 .table = table,
                                                 .cfg = cfg,
                                                 .stack_field = verifier->module->stack_field});
}

void verify_restartable(IrVerifier *verifier, const IrCfg *cfg) {
    if (!cfg->region->restartable)
        return;
    Stores found = {
        .cfg = cfg,
        .progress = follow(verifier, cfg),
        .before = ARENA_ARRAY(verifier->arena, const IrInstruction *, cfg->count),
        .stack = ARENA_ARRAY(verifier->arena, int, cfg->count),
    };
    for (size_t i = 0; i < cfg->reachable; i++) {
        int position = cfg->reverse_post_order[i];
        const IrInstruction *store = first_store(&found, cfg->nodes[position].block);
        if (store)
            reach(&found, position, store);
        while (found.depth) {
            int next = found.stack[--found.depth];
            reach(&found, next, found.before[next]);
        }
    }
    for (size_t i = 0; i < cfg->reachable; i++)
        check_block(verifier, &found, cfg->reverse_post_order[i]);
}
