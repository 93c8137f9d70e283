// Where sink-address-arithmetic moves instructions down within a region. Blocks are visited from
// the last to the first, and so are their instructions: the uses of a value have found their own
// place before its definition looks for one. All uses of an instruction's result come after it,
// so they have a common dominator; from that the way leads up the tree until it is in no loop
// that the instruction wasn't in.
#include "ir/analysis/loops.h"
#include "passes/sink_address_arithmetic.h"

typedef struct Sinking {
    Arena *scratch;
    const IrCfg *cfg;
    const IrDominators *dominators;
    const IrLoops *loops;
    bool has_inner_addresses; // some pointer may point into an object
    PointerMap numbers;       // of values that are used
    ARENA_VECTOR(int) places; // by number: the position of the uses' common dominator
    bool *seen;               // by position
    int *stack;
} Sinking;

// ---- Where values are used ---------------------------------------------------------------------

static int common_dominator(const Sinking *sinking, int one, int other) {
    while (!ir_position_dominates(sinking->dominators, one, other))
        one = sinking->dominators->parent[one];
    return one;
}

static void note_use(Sinking *sinking, const IrValue *value, int position) {
    if (value->kind != IR_RESULT)
        return;
    int number = pointer_map_find(&sinking->numbers, value);
    if (number < 0) {
        pointer_map_add(sinking->scratch, &sinking->numbers, value, (int)sinking->places.count);
        ARENA_PUSH(sinking->scratch, &sinking->places, position);
        return;
    }
    int *place = &sinking->places.items[number];
    *place = common_dominator(sinking, *place, position);
}

static void note_uses(Sinking *sinking, const IrInstruction *at, int position) {
    for (size_t i = 0; i < at->operands.count; i++)
        note_use(sinking, at->operands.items[i], position);
    for (size_t e = 0; e < at->edges.count; e++)
        for (size_t i = 0; i < at->edges.items[e].arguments.count; i++)
            note_use(sinking, at->edges.items[e].arguments.items[i], position);
}

// ---- Where an instruction may go ---------------------------------------------------------------

// Is the block in each loop that the other one is in?
static bool shares_loops(const Sinking *sinking, int position, int other) {
    int loop = sinking->loops->innermost[position];
    while (loop >= 0 && loop != sinking->loops->innermost[other])
        loop = sinking->loops->loops[loop].parent;
    return loop == sinking->loops->innermost[other];
}

static bool may_leave(const IrCfgNode *node) {
    return node->successors.count == 0 || node->successors.count < node->block->last->edges.count;
}

// Is there a way on from the block, out of the region or back to the block, that doesn't come
// through the place?
static bool has_way_past(const Sinking *sinking, int from, int place) {
    size_t depth = 0;
    for (size_t b = 0; b < sinking->cfg->count; b++)
        sinking->seen[b] = false;
    sinking->stack[depth++] = from;
    while (depth) {
        const IrCfgNode *node = &sinking->cfg->nodes[sinking->stack[--depth]];
        if (may_leave(node))
            return true;
        for (size_t s = 0; s < node->successors.count; s++) {
            int to = node->successors.items[s];
            if (to == from)
                return true;
            if (to == place || sinking->seen[to])
                continue;
            sinking->seen[to] = true;
            sinking->stack[depth++] = to;
        }
    }
    return false;
}

static bool stays(const Sinking *sinking, const IrInstruction *at) {
    if (!at->result || !sink_is_arithmetic(at))
        return true;
    for (size_t i = 0; i < at->operands.count; i++)
        if (sinking->has_inner_addresses && at->operands.items[i]->type == IR_PTR)
            return true;
    return pointer_map_find(&sinking->numbers, at->result) < 0;
}

// Moves the instruction, if that spares it some way. Where it stands afterwards.
static int place_instruction(Sinking *sinking, IrInstruction *at, int position, size_t *moved) {
    if (stays(sinking, at))
        return position;
    int place = sinking->places.items[pointer_map_find(&sinking->numbers, at->result)];
    while (!shares_loops(sinking, position, place))
        place = sinking->dominators->parent[place];
    if (place == position || !has_way_past(sinking, position, place))
        return position;
    IrBlock *block = sinking->cfg->nodes[place].block;
    ir_remove(at);
    ir_insert(at, block, block->first);
    (*moved)++;
    return place;
}

// ---- The region --------------------------------------------------------------------------------

// A cycle that no block of it dominates is no loop to the analysis.
static bool has_irreducible_cycle(const Sinking *sinking) {
    const IrCfg *cfg = sinking->cfg;
    for (size_t i = 0; i < cfg->reachable; i++) {
        int from = cfg->reverse_post_order[i];
        for (size_t s = 0; s < cfg->nodes[from].successors.count; s++) {
            int to = cfg->nodes[from].successors.items[s];
            if (cfg->nodes[to].order <= (int)i &&
                !ir_position_dominates(sinking->dominators, to, from))
                return true;
        }
    }
    return false;
}

// Looks at what decides about the whole region. True if nothing may move in it.
static bool look_at_region(Sinking *sinking, const IrRegion *region) {
    for (size_t b = 0; b < region->blocks.count; b++)
        for (const IrInstruction *at = region->blocks.items[b]->first; at; at = at->next) {
            if (at->op == IR_COMPONENT)
                return true;
            sinking->has_inner_addresses |=
                at->op == IR_ADDRESS && at->operands.items[0]->type == IR_OBJECT;
        }
    return has_irreducible_cycle(sinking);
}

size_t sink_in_region(IrRegion *region, Arena *scratch) {
    Sinking sinking = {.scratch = scratch, .cfg = ir_cfg_compute(scratch, region)};
    sinking.dominators = ir_dominators_compute(scratch, sinking.cfg);
    sinking.loops = ir_loops_compute(scratch, sinking.cfg, sinking.dominators);
    size_t moved = 0;
    if (look_at_region(&sinking, region))
        return 0;
    sinking.seen = ARENA_ARRAY(scratch, bool, sinking.cfg->count);
    sinking.stack = ARENA_ARRAY(scratch, int, sinking.cfg->count + 1);
    for (size_t i = sinking.cfg->reachable; i-- > 0;) {
        int position = sinking.cfg->reverse_post_order[i];
        IrBlock *block = sinking.cfg->nodes[position].block;
        for (IrInstruction *at = block->last, *previous; at; at = previous) {
            previous = at->previous;
            note_uses(&sinking, at, place_instruction(&sinking, at, position, &moved));
        }
    }
    return moved;
}
