// simplify-cfg: fewer and longer blocks. Branches on constants become unconditional, and
// what nothing leads to then goes; a parameter that gets one value from everywhere is that
// value; a block that only branches on is passed by; and a block whose one predecessor
// leads nowhere else becomes part of it.
//
// Legal because each step keeps what is executed on each path. Blocks that others know
// (a region's entry, the loop's header) stay; so does a block that only branches to the
// header, as the round's end is better read in one place.
//
// Costs nothing. Known as clean-up of the flow graph from any compiler (Cooper and Torczon,
// "Engineering a Compiler", section 10.2.2), and by this name from LLVM.
#include "passes/manager/pass.h"
#include "passes/support/edit.h"
#include "passes/support/tidy.h"

typedef struct Simplify {
    PassContext *context;
    IrRegion *region;
    PointerMap positions;
    size_t *edges_to; // by position
    size_t folded, threaded, merged, blocks, parameters;
} Simplify;

static bool is_constant(const IrValue *value) {
    return value->kind == IR_CONSTANT;
}

static bool same_edges(const IrEdge *a, const IrEdge *b) {
    if (a->block != b->block || a->arguments.count != b->arguments.count)
        return false;
    for (size_t i = 0; i < a->arguments.count; i++)
        if (!ir_same_value(a->arguments.items[i], b->arguments.items[i]))
            return false;
    return true;
}

// ---- Branches that are decided -----------------------------------------------------------

// Decided by a constant, or not at all, as all edges do the same. A poll is no decision: its
// edges differ by what happens on them.
static bool fold_terminator(IrInstruction *last) {
    if (last->op == IR_IF && is_constant(last->operands.items[0])) {
        edit_make_branch(last, last->operands.items[0]->integer ? 0 : 1);
        return true;
    }
    if (last->op == IR_SWITCH && is_constant(last->operands.items[0])) {
        size_t chosen = last->edges.count - 1;
        for (size_t e = 0; e + 1 < last->edges.count; e++)
            if (last->edges.items[e].case_value == last->operands.items[0]->integer)
                chosen = e;
        edit_make_branch(last, chosen);
        return true;
    }
    if (last->op != IR_IF && last->op != IR_SWITCH)
        return false;
    for (size_t e = 1; e < last->edges.count; e++)
        if (!same_edges(&last->edges.items[0], &last->edges.items[e]))
            return false;
    edit_make_branch(last, 0);
    return true;
}

// ---- Blocks that only branch on ----------------------------------------------------------

static bool is_own_parameter(const IrValue *value, const IrBlock *block) {
    return value->kind == IR_PARAMETER && value->parameter.block == block;
}

// Marks the blocks whose parameters other blocks use.
static void mark_wanted(const Simplify *simplify, const IrValue *value, const IrBlock *user,
                        bool *wanted) {
    if (value->kind != IR_PARAMETER || value->parameter.block == user)
        return;
    int position = pointer_map_find(&simplify->positions, value->parameter.block);
    if (position >= 0)
        wanted[position] = true;
}

// A parameter may be used in any block that its own dominates. A block that has such a one
// can't be passed by: on the way around it the parameter would not be defined.
static void find_wanted(const Simplify *simplify, bool *wanted) {
    for (size_t b = 0; b < simplify->region->blocks.count; b++) {
        const IrBlock *block = simplify->region->blocks.items[b];
        for (const IrInstruction *at = block->first; at; at = at->next) {
            for (size_t i = 0; i < at->operands.count; i++)
                mark_wanted(simplify, at->operands.items[i], block, wanted);
            for (size_t e = 0; e < at->edges.count; e++)
                for (size_t i = 0; i < at->edges.items[e].arguments.count; i++)
                    mark_wanted(simplify, at->edges.items[e].arguments.items[i], block, wanted);
        }
    }
}

static bool is_fixed(const IrRegion *region, const IrBlock *block) {
    return block == region->blocks.items[0] || edit_is_header(region->function, block);
}

// The edge of a block that leads to itself would be led past it for ever.
static bool only_branches(const Simplify *simplify, const IrBlock *block) {
    const IrInstruction *only = block->first;
    if (only != block->last || only->op != IR_BR || is_fixed(simplify->region, block))
        return false;
    const IrBlock *target = only->edges.items[0].block;
    return target != block && target->region == simplify->region &&
           !edit_is_header(simplify->region->function, target);
}

// The arguments are those of the branch that is passed by, with the block's own parameters
// replaced by what this edge passed for them.
static void pass_by(Simplify *simplify, IrEdge *edge) {
    const IrBlock *passed = edge->block;
    const IrEdge *on = &passed->first->edges.items[0];
    IrValue **old = edge->arguments.items;
    edge->block = on->block;
    edge->arguments.items = NULL;
    edge->arguments.count = edge->arguments.capacity = 0;
    for (size_t i = 0; i < on->arguments.count; i++) {
        IrValue *argument = on->arguments.items[i];
        if (is_own_parameter(argument, passed))
            argument = old[argument->parameter.index];
        ir_edge_argument(simplify->context->module, edge, argument);
    }
}

static int position_of(const Simplify *simplify, const IrBlock *block) {
    return pointer_map_find(&simplify->positions, block);
}

// The one edge of a block that only branches on.
static IrEdge *only_edge(const Simplify *simplify, int position) {
    return &simplify->region->blocks.items[position]->first->edges.items[0];
}

typedef enum Shortening { UNSEEN, ON_WAY, SHORTENED } Shortening;

// Follows the passable blocks from `position`, and lets each of them lead where the last one
// leads: so an edge is led past all of them in one step, however many edges come and however
// long the way is (path compression, as in union-find). Those that lead in a circle are not
// passable: nothing would leave it. `way` has room for all blocks.
static void shorten(Simplify *simplify, int position, bool *passable, Shortening *states,
                    int *way) {
    size_t length = 0;
    while (position >= 0 && passable[position] && states[position] == UNSEEN) {
        states[position] = ON_WAY;
        way[length++] = position;
        position = position_of(simplify, only_edge(simplify, position)->block);
    }
    bool is_circle = position >= 0 && states[position] == ON_WAY;
    for (int last = -1; is_circle && last != position;) {
        last = way[--length];
        passable[last] = false;
    }
    while (length) {
        int at = way[--length];
        IrEdge *edge = only_edge(simplify, at);
        int target = position_of(simplify, edge->block);
        states[at] = SHORTENED;
        if (target >= 0 && passable[target])
            pass_by(simplify, edge);
    }
}

// A poll's cold edge keeps its block; that one holds the call, so it doesn't qualify.
static bool thread_edges(Simplify *simplify, bool *passable, Arena *scratch) {
    size_t before = simplify->threaded, count = simplify->region->blocks.count;
    Shortening *states = ARENA_ARRAY(scratch, Shortening, count + 1);
    int *way = ARENA_ARRAY(scratch, int, count + 1);
    for (size_t b = 0; b < count; b++) {
        IrInstruction *last = simplify->region->blocks.items[b]->last;
        for (size_t e = 0; !passable[b] && e < last->edges.count; e++) {
            int target = position_of(simplify, last->edges.items[e].block);
            shorten(simplify, target, passable, states, way);
            if (target < 0 || !passable[target])
                continue;
            pass_by(simplify, &last->edges.items[e]);
            simplify->threaded++;
        }
    }
    return simplify->threaded != before;
}

// ---- Blocks that belong together -----------------------------------------------------------

// Appends to `block` what its one successor does, as long as that has no other
// predecessor.
// What the next block's parameters stand for is known: there is one edge, and this is it.
static bool absorb(Simplify *simplify, IrBlock *block, Substitution *substitution) {
    IrInstruction *last = block->last;
    if (last->op != IR_BR)
        return false;
    IrBlock *next = last->edges.items[0].block;
    int position = pointer_map_find(&simplify->positions, next);
    if (position < 0 || next == block || is_fixed(simplify->region, next) ||
        simplify->edges_to[position] != 1)
        return false;
    for (size_t i = 0; i < next->parameters.count; i++)
        substitution_add(substitution, next->parameters.items[i],
                         substitution_of(substitution, last->edges.items[0].arguments.items[i]));
    ir_remove(last);
    for (IrInstruction *at = next->first; at; at = at->next)
        at->block = block;
    if (block->last) {
        block->last->next = next->first;
        next->first->previous = block->last;
    } else {
        block->first = next->first;
    }
    block->last = next->last;
    next->first = next->last = NULL;
    simplify->merged++;
    return true;
}

// A block that has been absorbed is empty, and may have been the one to look at next.
static bool merge_blocks(Simplify *simplify, Arena *scratch) {
    IrRegion *region = simplify->region;
    Substitution substitution = {.arena = scratch};
    size_t kept = 0;
    for (size_t b = 0; b < region->blocks.count; b++)
        while (region->blocks.items[b]->last &&
               absorb(simplify, region->blocks.items[b], &substitution))
            ;
    for (size_t b = 0; b < region->blocks.count; b++)
        if (region->blocks.items[b]->last)
            region->blocks.items[kept++] = region->blocks.items[b];
    bool changed = kept != region->blocks.count;
    region->blocks.count = kept;
    substitution_apply(&substitution, region);
    return changed;
}

// ---- One region ------------------------------------------------------------------------

static void number_blocks(Simplify *simplify, Arena *scratch) {
    const IrRegion *region = simplify->region;
    simplify->positions = (PointerMap){0};
    simplify->edges_to = ARENA_ARRAY(scratch, size_t, region->blocks.count + 1);
    for (size_t b = 0; b < region->blocks.count; b++)
        pointer_map_add(scratch, &simplify->positions, region->blocks.items[b], (int)b);
    for (size_t b = 0; b < region->blocks.count; b++) {
        const IrInstruction *last = region->blocks.items[b]->last;
        for (size_t e = 0; e < last->edges.count; e++) {
            int target = pointer_map_find(&simplify->positions, last->edges.items[e].block);
            if (target >= 0)
                simplify->edges_to[target]++;
        }
    }
}

// One step makes room for the next: a decided branch leaves blocks without a way to them, with
// those gone a parameter gets one value, and then a block has nothing left but its branch.
static bool simplify_once(Simplify *simplify) {
    IrRegion *region = simplify->region;
    Arena *scratch = arena_new();
    size_t folded = simplify->folded;
    for (size_t b = 0; b < region->blocks.count; b++)
        simplify->folded += fold_terminator(region->blocks.items[b]->last);
    bool changed = simplify->folded != folded;
    simplify->blocks += tidy_remove_unreachable(region);
    simplify->parameters += tidy_remove_redundant_parameters(region, NULL);
    number_blocks(simplify, scratch);
    bool *passable = ARENA_ARRAY(scratch, bool, region->blocks.count + 1);
    bool *wanted = ARENA_ARRAY(scratch, bool, region->blocks.count + 1);
    find_wanted(simplify, wanted);
    for (size_t b = 0; b < region->blocks.count; b++)
        passable[b] = !wanted[b] && only_branches(simplify, region->blocks.items[b]);
    changed |= thread_edges(simplify, passable, scratch);
    simplify->blocks += tidy_remove_unreachable(region);
    number_blocks(simplify, scratch);
    changed |= merge_blocks(simplify, scratch);
    arena_free(scratch);
    return changed;
}

void simplify_cfg_run(PassContext *context) {
    IrModule *module = context->module;
    Simplify simplify = {.context = context};
    for (size_t f = 0; f < module->functions.count; f++) {
        IrFunction *function = module->functions.items[f];
        for (size_t r = 0; r < function->regions.count; r++) {
            simplify.region = function->regions.items[r];
            // Each round that changes something makes the region smaller, or a way in it shorter.
            // The bound is against a mistake of ours: better a block too many than no end.
            size_t most = simplify.region->blocks.count + 2;
            while (most-- > 0 && simplify_once(&simplify))
                ;
        }
        ir_renumber(function);
    }
    pass_count_add(context->report, "branches decided", (int64_t)simplify.folded);
    pass_count_add(context->report, "edges past empty blocks", (int64_t)simplify.threaded);
    pass_count_add(context->report, "blocks merged", (int64_t)simplify.merged);
    pass_count_add(context->report, "blocks removed", (int64_t)simplify.blocks);
    pass_count_add(context->report, "block parameters removed", (int64_t)simplify.parameters);
}
