// See dominators.h. A block's *semidominator* is, roughly, the earliest block of a
// depth-first walk from which a way leads to it around the walk's own tree; it is found by
// looking at each block's predecessors once, from the last numbered block to the first, with
// a forest whose paths are shortened as they are walked (as in union-find). The immediate
// dominator is then the nearest ancestor in the tree whose number isn't above the
// semidominator's. The simpler algorithm of Cooper, Harvey and Kennedy ("A Simple, Fast
// Dominance Algorithm", 2001) can be quadratic, and generated regions are long.
#include "ir/analysis/dominators.h"

// A depth-first tree over the reachable blocks, numbered in preorder, and what the algorithm
// keeps for each number. In this numbering an ancestor is always less than its descendants,
// which is what lets numbers be compared instead of paths.
typedef struct Tree {
    const IrCfg *cfg;
    int *numbers; // by position
    // -1: not seen yet, and so not reachable.
    int *positions; // by number
    int *parents, *semidominators, *dominators;
    // A forest of the tree's paths looked at so far: `above` skips upwards, to a number's
    // root at last, and `best` has the least semidominator on what is skipped.
    int *above, *best;
    // The walk's stack first, then the way that best_of shortens.
    int *path;
    int count;
} Tree;

// Not the order of cfg.h: the tree's parents are wanted, and numbers given on the way down.
static void walk(Tree *tree, Arena *arena) {
    const IrCfg *cfg = tree->cfg;
    size_t *next = ARENA_ARRAY(arena, size_t, cfg->count);
    for (size_t i = 0; i < cfg->count; i++)
        tree->numbers[i] = -1;
    int depth = 0, entry = cfg->reverse_post_order[0];
    tree->numbers[entry] = 0;
    tree->positions[tree->count++] = entry;
    tree->path[depth++] = entry;
    while (depth) {
        int position = tree->path[depth - 1];
        const IrCfgNode *node = &cfg->nodes[position];
        if (next[position] == node->successors.count) {
            depth--;
            continue;
        }
        int successor = node->successors.items[next[position]++];
        if (tree->numbers[successor] >= 0)
            continue;
        tree->parents[tree->count] = tree->numbers[position];
        tree->numbers[successor] = tree->count;
        tree->positions[tree->count++] = successor;
        tree->path[depth++] = successor;
    }
}

// The number with the least semidominator on the way from `number` up to, and without, its
// root in the forest of those above `limit`: as all of those have their semidominators
// already, the way stands for every path through later blocks. Each block on it is then hung
// directly below the root, with the answer, so a long way is walked once and not for each
// predecessor.
static int best_of(Tree *tree, int number, int limit) {
    int length = 0;
    for (; tree->above[number] > limit; number = tree->above[number])
        tree->path[length++] = number;
    int root = tree->above[number], best = tree->best[number];
    while (length--) {
        int each = tree->path[length];
        if (tree->semidominators[best] < tree->semidominators[tree->best[each]])
            tree->best[each] = best;
        best = tree->best[each];
        tree->above[each] = root;
    }
    return best;
}

static void find_semidominators(Tree *tree) {
    for (int i = 0; i < tree->count; i++) {
        tree->semidominators[i] = tree->best[i] = i;
        tree->above[i] = tree->parents[i];
    }
    for (int i = tree->count - 1; i > 0; i--) {
        const IrCfgNode *node = &tree->cfg->nodes[tree->positions[i]];
        int least = tree->parents[i];
        for (size_t p = 0; p < node->predecessors.count; p++) {
            // A way from an earlier block is the edge itself. One from a later block comes
            // round the tree: its own semidominator counts, or that of an ancestor of it that
            // is later than this.
            int from = tree->numbers[node->predecessors.items[p]];
            if (from < 0)
                continue;
            if (from > i)
                from = tree->semidominators[best_of(tree, from, i)];
            if (from < least)
                least = from;
        }
        tree->semidominators[i] = least;
    }
}

// Numbers the tree by a walk: a block's numbers enclose those of what it dominates, so that
// whether one block dominates another is a comparison and not a climb. Siblings hang in a list
// that is filled from the last, and so is in reverse post-order.
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
        // All below is numbered: go on at the next sibling, or that of the nearest ancestor
        // which has one.
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
    Tree tree = {.cfg = cfg};
    int **const arrays[] = {&tree.numbers,    &tree.positions, &tree.parents, &tree.semidominators,
                            &tree.dominators, &tree.above,     &tree.best,    &tree.path};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        *arrays[i] = ARENA_ARRAY(arena, int, cfg->count);
    walk(&tree, arena);
    find_semidominators(&tree);
    // The nearest dominator of the parent that isn't after the semidominator. Parents come
    // first in this order, so their dominators are known.
    for (int i = 1; i < tree.count; i++) {
        int dominator = tree.parents[i];
        while (dominator > tree.semidominators[i])
            dominator = tree.dominators[dominator];
        tree.dominators[i] = dominator;
        dominators->parent[tree.positions[i]] = tree.positions[dominator];
    }
    number_tree(arena, dominators);
    return dominators;
}

bool ir_position_dominates(const IrDominators *dominators, int above, int below) {
    if (above < 0 || below < 0)
        return false;
    // No path leads to `below`, so each block is on all of them.
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
