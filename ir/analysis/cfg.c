// See cfg.h. The order comes from a depth-first walk: a block is numbered when all that can
// be reached from it has been, and the numbers are turned round. In that order, reverse
// post-order, a block comes after all its predecessors but those of back edges, so a forward
// analysis over code without loops needs one round, and a loop costs one more.
#include "ir/analysis/cfg.h"

// Edges that leave the region are left out by their target having no position in it. An edge
// is noted at both ends at once, so successors and predecessors can't disagree.
static void add_edge(Arena *arena, IrCfg *cfg, int from, const IrBlock *target) {
    int to = ir_cfg_position(cfg, target);
    if (to < 0)
        return;
    ARENA_PUSH(arena, &cfg->nodes[from].successors, to);
    ARENA_PUSH(arena, &cfg->nodes[to].predecessors, from);
}

static void add_edges(Arena *arena, IrCfg *cfg, int from) {
    const IrInstruction *last = cfg->nodes[from].block->last;
    if (!last)
        return;
    for (size_t i = 0; i < last->edges.count; i++)
        add_edge(arena, cfg, from, last->edges.items[i].block);
    // The interpreter's own loop: no edge of the trunk says that the bytecodes come back to
    // the header, but each of them does. Without this edge the header's values would seem dead
    // after the dispatch, and the loop would be none. In a region the header has no position,
    // so nothing is added.
    const IrFunction *function = cfg->region->function;
    if (last->op == IR_DISPATCH && function)
        add_edge(arena, cfg, from, function->header);
}

// Depth first with a stack of its own: a generated region may be a chain of a hundred thousand
// blocks, which as many calls in one another would not survive. `next` is where each block on
// the stack has got to among its successors.
static void order_blocks(Arena *arena, IrCfg *cfg) {
    int *stack = ARENA_ARRAY(arena, int, cfg->count);
    size_t *next = ARENA_ARRAY(arena, size_t, cfg->count);
    bool *seen = ARENA_ARRAY(arena, bool, cfg->count);
    int *post_order = ARENA_ARRAY(arena, int, cfg->count);
    size_t depth = 0, done = 0;
    if (cfg->count) {
        seen[0] = true;
        stack[depth++] = 0;
    }
    while (depth) {
        int position = stack[depth - 1];
        IrCfgNode *node = &cfg->nodes[position];
        if (next[position] == node->successors.count) {
            post_order[done++] = position;
            depth--;
            continue;
        }
        int successor = node->successors.items[next[position]++];
        if (!seen[successor]) {
            seen[successor] = true;
            stack[depth++] = successor;
        }
    }
    cfg->reachable = done;
    cfg->reverse_post_order = ARENA_ARRAY(arena, int, cfg->count);
    for (size_t i = 0; i < done; i++) {
        cfg->reverse_post_order[i] = post_order[done - 1 - i];
        cfg->nodes[cfg->reverse_post_order[i]].order = (int)i;
    }
}

IrCfg *ir_cfg_compute(Arena *arena, const IrRegion *region) {
    IrCfg *cfg = ARENA_NEW(arena, IrCfg);
    cfg->region = region;
    cfg->count = region->blocks.count;
    cfg->nodes = ARENA_ARRAY(arena, IrCfgNode, cfg->count);
    for (size_t i = 0; i < cfg->count; i++) {
        cfg->nodes[i].block = region->blocks.items[i];
        cfg->nodes[i].order = -1;
        pointer_map_add(arena, &cfg->positions, cfg->nodes[i].block, (int)i);
    }
    for (size_t i = 0; i < cfg->count; i++)
        add_edges(arena, cfg, (int)i);
    order_blocks(arena, cfg);
    return cfg;
}

int ir_cfg_position(const IrCfg *cfg, const IrBlock *block) {
    return pointer_map_find(&cfg->positions, block);
}

bool ir_cfg_is_reachable(const IrCfg *cfg, const IrBlock *block) {
    int position = ir_cfg_position(cfg, block);
    return position >= 0 && cfg->nodes[position].order >= 0;
}
