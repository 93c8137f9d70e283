// See coldness.h.
#include "passes/support/coldness.h"

// ---- Loops ----------------------------------------------------------------------------------

// Is the block at `position` (-1: one of another region) in the loop?
static bool is_in(const IrLoops *loops, int loop, int position) {
    int at = position < 0 ? -1 : loops->innermost[position];
    while (at >= 0 && at != loop)
        at = loops->loops[at].parent;
    return at >= 0;
}

static const IrInstruction *terminator_of(const Coldness *coldness, int position) {
    return coldness->cfg->nodes[position].block->last;
}

static int target_of(const Coldness *coldness, const IrInstruction *terminator, size_t edge) {
    return ir_cfg_position(coldness->cfg, terminator->edges.items[edge].block);
}

static bool leaves_loop(const Coldness *coldness, int loop, const IrInstruction *last,
                        size_t edge) {
    return loop >= 0 && !is_in(coldness->loops, loop, target_of(coldness, last, edge));
}

// An edge out of an inner loop may leave outer ones as well, and counts for each.
static void count_ways_out(Coldness *coldness, Arena *scratch) {
    const IrLoops *loops = coldness->loops;
    coldness->ways_out = ARENA_ARRAY(scratch, size_t, loops->count + 1);
    for (size_t b = 0; b < coldness->cfg->count; b++) {
        const IrInstruction *last = terminator_of(coldness, (int)b);
        for (int loop = loops->innermost[b]; loop >= 0; loop = loops->loops[loop].parent)
            for (size_t e = 0; e < last->edges.count; e++)
                coldness->ways_out[loop] += leaves_loop(coldness, loop, last, e);
    }
}

// ---- Calls ----------------------------------------------------------------------------------

static bool is_call(const IrInstruction *at) {
    if (at->op == IR_TAIL)
        return true;
    if (at->op == IR_POLL || at->op == IR_POLL_SITE)
        return at->poll_kind == IR_POLL_CALL;
    IrEffects effects = ir_effects(at);
    return at->op == IR_CALL && (effects.collects || effects.raises || effects.blocks);
}

static bool block_calls(const IrBlock *block) {
    for (const IrInstruction *at = block->first; at; at = at->next)
        if (is_call(at))
            return true;
    return false;
}

static bool is_unlikely(const IrInstruction *last, size_t edge) {
    return last->likely == (edge == 0 ? IR_LIKELY_FALSE : IR_LIKELY_TRUE);
}

// What is marked unlikely is no way that counts.
static bool all_ways_call(const Coldness *coldness, const bool *calls, int position) {
    const IrInstruction *last = terminator_of(coldness, position);
    for (size_t e = 0; e < last->edges.count; e++) {
        int target = target_of(coldness, last, e);
        if (!is_unlikely(last, e) && (target < 0 || !calls[target]))
            return false;
    }
    // Code that can't be reached calls, for all we care.
    return last->edges.count > 0 || last->op == IR_UNREACHABLE;
}

// The largest solution: a way that goes round for ever is no way without a call.
static const bool *find_calls(const Coldness *coldness, Arena *scratch) {
    const IrCfg *cfg = coldness->cfg;
    bool *calls = ARENA_ARRAY(scratch, bool, cfg->count + 1);
    bool *has_call = ARENA_ARRAY(scratch, bool, cfg->count + 1);
    for (size_t b = 0; b < cfg->count; b++) {
        has_call[b] = block_calls(cfg->nodes[b].block);
        calls[b] = true;
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = cfg->reachable; i-- > 0;) {
            int position = cfg->reverse_post_order[i];
            if (!calls[position] || has_call[position] || all_ways_call(coldness, calls, position))
                continue;
            calls[position] = false;
            changed = true;
        }
    }
    return calls;
}

// ---- Edges ----------------------------------------------------------------------------------

static bool avoids_calls(const Coldness *coldness, const IrInstruction *last, size_t edge) {
    int target = target_of(coldness, last, edge);
    return target < 0 || !coldness->calls[target];
}

// Does the block have a way without a call, so that others of its ways are colder? Not where some
// of them stay in a loop that others leave: how often each is taken has nothing to do with calls.
static bool has_choice(const Coldness *coldness, int position) {
    const IrInstruction *last = terminator_of(coldness, position);
    int loop = coldness->loops->innermost[position];
    bool avoids = false;
    for (size_t e = 0; e < last->edges.count; e++) {
        if (leaves_loop(coldness, loop, last, e) != leaves_loop(coldness, loop, last, 0))
            return false;
        avoids |= avoids_calls(coldness, last, e);
    }
    return avoids;
}

static const bool *find_choices(const Coldness *coldness, Arena *scratch) {
    bool *choices = ARENA_ARRAY(scratch, bool, coldness->cfg->count + 1);
    for (size_t b = 0; b < coldness->cfg->count; b++)
        choices[b] = has_choice(coldness, (int)b);
    return choices;
}

Coldness *coldness_compute(const IrCfg *cfg, Arena *scratch) {
    Coldness *coldness = ARENA_NEW(scratch, Coldness);
    coldness->cfg = cfg;
    coldness->loops = ir_loops_compute(scratch, cfg, ir_dominators_compute(scratch, cfg));
    count_ways_out(coldness, scratch);
    coldness->calls = find_calls(coldness, scratch);
    coldness->has_choice = find_choices(coldness, scratch);
    return coldness;
}

bool coldness_of_edge(const Coldness *coldness, int position, size_t edge) {
    const IrInstruction *last = terminator_of(coldness, position);
    int loop = coldness->loops->innermost[position];
    if (last->op != IR_POLL && last->likely == IR_LIKELY_UNKNOWN)
        return coldness->has_choice[position] && !avoids_calls(coldness, last, edge);
    bool marked = last->op == IR_POLL ? edge == 1 : is_unlikely(last, edge);
    return marked && (!leaves_loop(coldness, loop, last, edge) || coldness->ways_out[loop] > 1);
}

bool *coldness_find_hot(const Coldness *coldness, Arena *scratch) {
    const IrCfg *cfg = coldness->cfg;
    bool *hot = ARENA_ARRAY(scratch, bool, cfg->count + 1);
    int *stack = ARENA_ARRAY(scratch, int, cfg->count + 1);
    size_t depth = 0;
    hot[0] = true;
    stack[depth++] = 0;
    while (depth) {
        int from = stack[--depth];
        const IrCfgNode *node = &cfg->nodes[from];
        const IrInstruction *last = node->block->last;
        // Those of a dispatch (to the header, in the trunk) are no edges of its own.
        bool own = last->edges.count > 0;
        size_t count = own ? last->edges.count : node->successors.count;
        for (size_t e = 0; e < count; e++) {
            int to = own ? target_of(coldness, last, e) : node->successors.items[e];
            if (to < 0 || hot[to] || (own && coldness_of_edge(coldness, from, e)))
                continue;
            hot[to] = true;
            stack[depth++] = to;
        }
    }
    return hot;
}
