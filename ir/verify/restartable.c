// The rule `restartable`: a region that claims to be so stores nothing that a second start
// would see before it polls, collects, raises or exits. A forward search: from each block
// that stores, all that can be reached from there. It is what the authors of instruction
// sets call precise and restartable: whoever stops in the middle can begin again.
#include "ir/verify/rules.h"

enum { SEEN_AGAIN = IR_ALIAS_FRAME | IR_ALIAS_STACK | IR_ALIAS_HEAP | IR_ALIAS_CODE };

// For each block an instruction that stores on some way to it, NULL: none does.
typedef struct Stores {
    const IrCfg *cfg;
    const IrInstruction **before; // by position
    int *stack;
    size_t depth;
} Stores;

// What the poll's external writes is other threads' work, not this region's.
static bool stores(const IrModule *module, const IrInstruction *at) {
    if (at->op == IR_CALL && at->external == module->poll_external)
        return false;
    return (ir_effects(at).writes & SEEN_AGAIN) != 0;
}

static const IrInstruction *first_store(const IrModule *module, const IrBlock *block) {
    for (const IrInstruction *at = block->first; at; at = at->next)
        if (stores(module, at))
            return at;
    return NULL;
}

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

static void check_block(IrVerifier *verifier, const Stores *found, int position) {
    const IrInstruction *store = found->before[position];
    for (const IrInstruction *at = found->cfg->nodes[position].block->first; at; at = at->next) {
        IrEffects effects = ir_effects(at);
        bool may_leave =
            at->op == IR_POLL || at->op == IR_EXIT || effects.collects || effects.raises;
        if (store && may_leave) {
            size_t before = verifier->complaints->count;
            complain(verifier, "restartable", at_instruction(at),
                     "region %s claims to be restartable, but stores by %s at %s before %s at %s",
                     found->cfg->region->name, ir_op_text(store->op),
                     place_name(verifier, store->at), ir_op_text(at->op),
                     place_name(verifier, at->at));
            complain_also(verifier, before, store->at, "it stores here");
            return;
        }
        if (!store && stores(verifier->module, at))
            store = at;
    }
}

void verify_restartable(IrVerifier *verifier, const IrCfg *cfg) {
    if (!cfg->region->restartable)
        return;
    Stores found = {
        .cfg = cfg,
        .before = ARENA_ARRAY(verifier->arena, const IrInstruction *, cfg->count),
        .stack = ARENA_ARRAY(verifier->arena, int, cfg->count),
    };
    for (size_t i = 0; i < cfg->reachable; i++) {
        int position = cfg->reverse_post_order[i];
        const IrInstruction *store = first_store(verifier->module, cfg->nodes[position].block);
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
