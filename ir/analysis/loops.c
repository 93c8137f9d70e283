// See loops.h. An edge to a block that dominates its source closes a natural loop (Aho, Lam,
// Sethi, Ullman, "Compilers", section 9.6); its body is found backwards from that source, up
// to the header. As the header dominates the source, no way from the entry comes into the body
// but through the header: that is why whoever moves code out of a loop has one place to put
// it.
#include "ir/analysis/loops.h"

// `mark` holds, for each block, the tag of the loop that took it last, so it need not be
// cleared between loops. A header that branches to itself is marked already and is not taken
// twice.
static void collect_body(Arena *arena, const IrCfg *cfg, IrLoop *loop, int *mark, int tag) {
    mark[loop->header] = tag;
    ARENA_PUSH(arena, &loop->blocks, loop->header);
    for (size_t i = 0; i < loop->back_from.count; i++) {
        int from = loop->back_from.items[i];
        if (mark[from] != tag) {
            mark[from] = tag;
            ARENA_PUSH(arena, &loop->blocks, from);
        }
    }
    // The list is its own worklist. It begins after the header, whose predecessors are either
    // outside the loop or, as the sources of back edges, in the list already.
    for (size_t i = 1; i < loop->blocks.count; i++) {
        const IrCfgNode *node = &cfg->nodes[loop->blocks.items[i]];
        for (size_t p = 0; p < node->predecessors.count; p++) {
            int above = node->predecessors.items[p];
            if (mark[above] != tag && cfg->nodes[above].order >= 0) {
                mark[above] = tag;
                ARENA_PUSH(arena, &loop->blocks, above);
            }
        }
    }
}

// Two natural loops with different headers are apart, or one holds the other. They are found
// by their headers in reverse post-order, where a header comes after those that dominate it,
// so outer ones come first, and the last loop to claim a block is its innermost one.
static void nest(IrLoops *loops) {
    for (size_t i = 0; i < loops->cfg->count; i++)
        loops->innermost[i] = -1;
    for (size_t i = 0; i < loops->count; i++) {
        IrLoop *loop = &loops->loops[i];
        loop->parent = loops->innermost[loop->header];
        loop->depth = loop->parent < 0 ? 1 : loops->loops[loop->parent].depth + 1;
        for (size_t b = 0; b < loop->blocks.count; b++)
            loops->innermost[loop->blocks.items[b]] = (int)i;
    }
}

IrLoops *ir_loops_compute(Arena *arena, const IrCfg *cfg, const IrDominators *dominators) {
    IrLoops *loops = ARENA_NEW(arena, IrLoops);
    loops->cfg = cfg;
    loops->innermost = ARENA_ARRAY(arena, int, cfg->count);
    loops->loops = ARENA_ARRAY(arena, IrLoop, cfg->reachable);
    int *mark = ARENA_ARRAY(arena, int, cfg->count);
    for (size_t i = 0; i < cfg->reachable; i++) {
        int header = cfg->reverse_post_order[i];
        IrLoop *loop = &loops->loops[loops->count];
        const IrCfgNode *node = &cfg->nodes[header];
        for (size_t p = 0; p < node->predecessors.count; p++) {
            int from = node->predecessors.items[p];
            if (cfg->nodes[from].order >= 0 && ir_position_dominates(dominators, header, from))
                ARENA_PUSH(arena, &loop->back_from, from);
        }
        if (!loop->back_from.count)
            continue;
        loop->header = header;
        collect_body(arena, cfg, loop, mark, (int)++loops->count);
    }
    nest(loops);
    return loops;
}

int ir_loop_depth(const IrLoops *loops, const IrBlock *block) {
    int position = ir_cfg_position(loops->cfg, block);
    int loop = position < 0 ? -1 : loops->innermost[position];
    return loop < 0 ? 0 : loops->loops[loop].depth;
}
