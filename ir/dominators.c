// See dominators.h.
#include "ir/dominators.h"

// The closest dominator of both; walks up by reverse post-order numbers.
static int intersect(const IrDominators *dominators, int a, int b) {
    const IrCfgNode *nodes = dominators->cfg->nodes;
    while (a != b) {
        while (nodes[a].order > nodes[b].order)
            a = dominators->parent[a];
        while (nodes[b].order > nodes[a].order)
            b = dominators->parent[b];
    }
    return a;
}

// The dominator that the predecessors known so far agree on.
static int dominator_of(const IrDominators *dominators, const IrCfgNode *node) {
    int result = -1;
    for (size_t i = 0; i < node->predecessors.count; i++) {
        int predecessor = node->predecessors.items[i];
        if (dominators->parent[predecessor] < 0)
            continue;
        result = result < 0 ? predecessor : intersect(dominators, result, predecessor);
    }
    return result;
}

// Numbers the tree by a walk: a block's numbers enclose those of what it dominates.
static void number_tree(Arena *arena, IrDominators *dominators) {
    const IrCfg *cfg = dominators->cfg;
    int *first_child = ARENA_ARRAY(arena, int, cfg->count);
    int *sibling = ARENA_ARRAY(arena, int, cfg->count);
    for (size_t i = 0; i < cfg->count; i++)
        first_child[i] = sibling[i] = dominators->enter[i] = dominators->leave[i] = -1;
    for (size_t i = cfg->reachable; i-- > 1;) {
        int position = cfg->reverse_post_order[i], parent = dominators->parent[position];
        sibling[position] = first_child[parent];
        first_child[parent] = position;
    }
    int clock = 0, position = cfg->reachable ? cfg->reverse_post_order[0] : -1;
    while (position >= 0) {
        dominators->enter[position] = clock++;
        if (first_child[position] >= 0) {
            position = first_child[position];
            continue;
        }
        while (position >= 0) {
            dominators->leave[position] = clock++;
            if (sibling[position] >= 0) {
                position = sibling[position];
                break;
            }
            position = dominators->parent[position];
        }
    }
}

IrDominators *ir_dominators_compute(Arena *arena, const IrCfg *cfg) {
    IrDominators *dominators = ARENA_NEW(arena, IrDominators);
    dominators->cfg = cfg;
    dominators->parent = ARENA_ARRAY(arena, int, cfg->count);
    dominators->enter = ARENA_ARRAY(arena, int, cfg->count);
    dominators->leave = ARENA_ARRAY(arena, int, cfg->count);
    for (size_t i = 0; i < cfg->count; i++)
        dominators->parent[i] = -1;
    if (!cfg->reachable)
        return dominators;
    int entry = cfg->reverse_post_order[0];
    // While iterating the entry is its own parent, which ends every walk upwards.
    dominators->parent[entry] = entry;
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 1; i < cfg->reachable; i++) {
            int position = cfg->reverse_post_order[i];
            int parent = dominator_of(dominators, &cfg->nodes[position]);
            if (parent != dominators->parent[position]) {
                dominators->parent[position] = parent;
                changed = true;
            }
        }
    }
    dominators->parent[entry] = -1;
    number_tree(arena, dominators);
    return dominators;
}

bool ir_position_dominates(const IrDominators *dominators, int above, int below) {
    if (above < 0 || below < 0)
        return false;
    if (dominators->enter[below] < 0)
        return true;
    return dominators->enter[above] >= 0 && dominators->enter[above] <= dominators->enter[below] &&
           dominators->leave[below] <= dominators->leave[above];
}

bool ir_dominates(const IrDominators *dominators, const IrBlock *above, const IrBlock *below) {
    return ir_position_dominates(dominators, ir_cfg_position(dominators->cfg, above),
                                 ir_cfg_position(dominators->cfg, below));
}

IrBlock *ir_immediate_dominator(const IrDominators *dominators, const IrBlock *block) {
    int position = ir_cfg_position(dominators->cfg, block);
    int parent = position < 0 ? -1 : dominators->parent[position];
    return parent < 0 ? NULL : dominators->cfg->nodes[parent].block;
}
