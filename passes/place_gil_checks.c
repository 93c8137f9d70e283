// place-gil-checks: where a thread may let others run. A poll tests whether it was asked to: its
// fast edge goes on, its cold one calls the module's poll external with thread and frame, then goes
// on. The definition marks where a poll may go within a bytecode (`poll.site call`, `poll.site
// backEdge`); and before a bytecode has done anything there may always be one. Which of these
// places get one is the policy, and with it what a program may rely on:
//
// - `calls-and-back-edges`: the marks. As CPython since 3.10.
// - `every-bytecode`: before each that does more than move values between stack, locals and
//   constants, or jump forward. As CPython up to 3.9.
// - `visible-effects`: before each that on its usual way reads or writes what other threads may
//   see, and at the marks of the others. The runtime makes of every poll a switch. So whatever
//   another thread might do in between, it does: a way to test programs against the guarantees
//   that they were never given. (Exploring schedules is known, from CHESS, PCT, and rr's chaos
//   mode. That it is a pass over an interpreter's IR is new.)
// - `none`: nowhere.
//
// What a bytecode does is computed, from the effects of its operations. What is quickened from
// another polls where that one does, whatever is known there: it stands for the same message of
// the program, and whether it has been quickened must not show. Nor where its guard fails, after
// which the base does all of the work, and polls. So a quickened bytecode never takes a poll: asked
// to, before it has done anything, it leaves for its base, whose poll is the one that is taken.
//
// Legal where the definition has put a mark, or at the start: nothing has been taken off the stack
// yet, and nothing that moves is held in a value. Other passes keep it so, as a mark has the
// effects of the poll that it may become (ir_effects). Not when the loop has come to carry state
// of the frame, or what moves, in its parameters: a poll would neither show nor renew it. So this
// pass goes before those that do that, and else places none.
//
// Costs a load, a test and a branch at each poll, and more where LLVM makes room on the usual way
// for what has to outlive the call on the other one.
#include "ir/analysis/dominators.h"
#include "ir/builder.h"
#include "passes/manager/pass.h"
#include "passes/support/coldness.h"
#include "passes/support/edit.h"
#include "passes/support/shape.h"

#include <string.h>

typedef struct Placing Placing;

typedef struct Policy {
    const char *name;
    bool marks; // become polls, where the bytecode has no other
    // Has the bytecode a poll at its start? NULL: none has.
    bool (*polls_first)(const Placing *placing, const ShapeRegion *region);
} Policy;

struct Placing {
    PassContext *context;
    IrModule *module;
    const Policy *policy;
};

// ---- What bytecodes do --------------------------------------------------------------------------

// Of the blocks that are taken usually, or of all; without the marks, which do nothing yet.
static IrEffects effects_of(const Placing *placing, const ShapeRegion *region, bool usually) {
    Arena *scratch = placing->context->scratch;
    const bool *hot = coldness_find_hot(coldness_compute(region->cfg, scratch), scratch);
    IrEffects all = {0};
    for (size_t i = 0; i < region->cfg->reachable; i++) {
        int position = region->cfg->reverse_post_order[i];
        const IrBlock *block = region->cfg->nodes[position].block;
        for (const IrInstruction *at = block->first; at && (hot[position] || !usually);
             at = at->next) {
            IrEffects effects = at->op == IR_POLL_SITE ? (IrEffects){0} : ir_effects(at);
            all.reads |= effects.reads;
            all.writes |= effects.writes;
            all.collects |= effects.collects;
            all.raises |= effects.raises;
            all.blocks |= effects.blocks;
        }
    }
    return all;
}

static bool has_mark(const ShapeRegion *region, IrPollKind kind) {
    for (size_t b = 0; b < region->region->blocks.count; b++)
        for (const IrInstruction *at = region->region->blocks.items[b]->first; at; at = at->next)
            if (at->op == IR_POLL_SITE && at->poll_kind == kind)
                return true;
    return false;
}

static bool changes_frame(const ShapeRegion *region) {
    for (size_t i = 0; i < region->exits.count; i++)
        if (!shape_exit_keeps_frame(region, &region->exits.items[i]))
            return true;
    return false;
}

static bool does_more_than_move(const Placing *placing, const ShapeRegion *region) {
    const unsigned moving = IR_ALIAS_FRAME | IR_ALIAS_STACK;
    IrEffects effects = effects_of(placing, region, false);
    return (effects.reads & ~(moving | IR_ALIAS_CODE)) || (effects.writes & ~moving) ||
           effects.collects || effects.raises || effects.blocks || changes_frame(region) ||
           has_mark(region, IR_POLL_BACK_EDGE);
}

static bool is_visible(const Placing *placing, const ShapeRegion *region) {
    IrEffects effects = effects_of(placing, region, true);
    return (effects.reads | effects.writes) & IR_ALIAS_HEAP || effects.blocks;
}

// ---- Policies -----------------------------------------------------------------------------------

static const Policy policies[] = {
    {"none", false, NULL},
    {"calls-and-back-edges", true, NULL},
    {"every-bytecode", true, does_more_than_move},
    {"visible-effects", true, is_visible},
};

enum { POLICIES = sizeof policies / sizeof policies[0] };

static const Policy *find_policy(const char *name) {
    for (size_t i = 0; i < POLICIES; i++)
        if (strcmp(policies[i].name, name) == 0)
            return &policies[i];
    return NULL;
}

bool place_gil_checks_check(const char *parameter, Text *error) {
    if (find_policy(parameter))
        return true;
    text_addf(error, "place-gil-checks has no policy '%.40s'; there are", parameter);
    for (size_t i = 0; i < POLICIES; i++)
        text_addf(error, "%s '%s'", i ? i + 1 == POLICIES ? " and" : "," : "", policies[i].name);
    return false;
}

// ---- Placing ------------------------------------------------------------------------------------

// A bytecode that has another one's poll taken: where it is asked, it goes on as that one.
typedef struct Leaving {
    const IrRegion *region;
    IrTable *table;
    int base;
} Leaving;

typedef ARENA_VECTOR(Leaving) Leavings;

static const Leaving *find_leaving(const Leavings *leavings, const IrRegion *region) {
    for (size_t i = 0; i < leavings->count; i++)
        if (leavings->items[i].region == region)
            return &leavings->items[i];
    return NULL;
}

// Does the block no more than leave for the bytecode, with the state that the region got?
static bool only_leaves(const IrBlock *block, int opcode, const IrBlock *state) {
    const IrInstruction *exit = block->first;
    if (!exit || exit->op != IR_EXIT || ir_exit_bytecode(exit)->opcode != opcode)
        return false;
    // After the opcode.
    size_t count = state->parameters.count;
    bool same = exit->operands.count == count + 1 && !block->parameters.count;
    for (size_t i = 0; same && i < count; i++)
        same = exit->operands.items[i + 1] == state->parameters.items[i];
    return same;
}

// There is such a block already where a guard fails.
static IrBlock *leaving_block(IrModule *module, const Leaving *leaving, IrRegion *region,
                              const IrInstruction *before, const IrBlock *state) {
    for (size_t b = 0; b < region->blocks.count; b++)
        if (only_leaves(region->blocks.items[b], leaving->base, state))
            return region->blocks.items[b];
    IrBlock *block = ir_block_new(region, "poll");
    IrBuilder builder = {module, block, NULL, before->at, before->inlined};
    ir_build_exit(&builder, leaving->table, leaving->base, state->parameters.items,
                  state->parameters.count);
    return block;
}

// The block of `before` ends in the poll; that instruction and what follows goes on in `polled`.
static void place_poll(IrModule *module, IrInstruction *before, IrPollKind kind,
                       const IrBlock *state, const Leaving *leaving) {
    IrRegion *region = before->block->region;
    IrBlock *block = before->block, *polled = ir_split_before(module, before, "polled");
    IrBlock *cold = leaving ? leaving_block(module, leaving, region, before, state)
                            : ir_block_new(region, "poll");
    IrBuilder builder = {module, block, NULL, before->at, before->inlined};
    ir_build_poll(&builder, kind, polled, cold);
    if (leaving)
        return;
    builder.block = cold;
    IrValue *arguments[] = {ir_state_value(state, IR_THREAD_PARAMETER),
                            ir_state_value(state, IR_FRAME_PARAMETER)};
    ir_build_call(&builder, module->poll_external, arguments, IR_STATE_PARAMETERS);
    ir_build_br(&builder, polled, NULL, 0);
}

// The block whose parameters are thread and frame at `block`. In the trunk that is the header
// for what each round executes, and the function's entry for what comes before.
static IrBlock *state_at(const IrFunction *function, IrRegion *region, const IrBlock *block,
                         Arena *scratch) {
    if (region != function->regions.items[0] || !function->header)
        return region->blocks.items[0];
    const IrCfg *cfg = ir_cfg_compute(scratch, region);
    const IrDominators *dominators = ir_dominators_compute(scratch, cfg);
    return ir_dominates(dominators, function->header, block) ? function->header
                                                             : region->blocks.items[0];
}

static void count(const Placing *placing, const char *what, IrPollKind kind) {
    Arena *arena = placing->context->scratch;
    pass_count_add(placing->context->report,
                   arena_printf(arena, "%s: %s", what, ir_poll_kind_text(kind)), 1);
}

// Makes the mark a poll, if it may be one. What has been done before a mark in the midst is not
// done again, so from there nobody leaves.
static bool place_at_mark(const Placing *placing, IrFunction *function, IrInstruction *mark,
                          const Leaving *leaving) {
    const IrModule *module = placing->module;
    const IrBlock *state =
        state_at(function, mark->block->region, mark->block, placing->context->scratch);
    bool places =
        placing->policy->marks && module->poll_field && ir_state_value(state, IR_FRAME_PARAMETER);
    bool is_at_start = mark->block == mark->block->region->blocks.items[0];
    if (places)
        place_poll(placing->module, mark, mark->poll_kind, state, is_at_start ? leaving : NULL);
    count(placing, places ? "polls" : "marks dropped", mark->poll_kind);
    ir_remove(mark);
    return places;
}

static void place_at_marks(const Placing *placing, IrFunction *function, IrRegion *region,
                           bool polls_first, const Leaving *leaving) {
    for (size_t b = 0; b < region->blocks.count; b++)
        for (IrInstruction *at = region->blocks.items[b]->first, *next; at; at = next) {
            next = at->next;
            if (at->op != IR_POLL_SITE)
                continue;
            if (polls_first) {
                count(placing, "marks dropped", at->poll_kind);
                ir_remove(at);
            } else if (place_at_mark(placing, function, at, leaving)) {
                break; // the rest of the block has moved to the next one
            }
        }
}

// ---- Which bytecodes begin with one -------------------------------------------------------------

typedef ARENA_VECTOR(IrRegion *) Regions;

// What is known before anything is placed.
typedef struct Starts {
    Regions first;     // begin with a poll, whatever marks they have
    Leavings leavings; // of those, or of those that begin with a mark
} Starts;

static bool is_among(const Regions *regions, const IrRegion *region) {
    for (size_t i = 0; i < regions->count; i++)
        if (regions->items[i] == region)
            return true;
    return false;
}

static const ShapeRegion *region_of(const ShapeRegions *regions, const IrBytecode *bytecode) {
    for (size_t r = 0; bytecode->block && r < regions->count; r++)
        if (regions->items[r]->region == bytecode->block->region)
            return regions->items[r];
    return NULL;
}

// By opcode: what the policy says of what the compiler writes. What is reserved ends the loop.
static bool *ask_bases(const Placing *placing, const IrTable *table, const ShapeRegions *regions) {
    bool *polls = ARENA_ARRAY(placing->context->scratch, bool, table->bytecodes.count + 1);
    for (size_t i = 0; placing->policy->polls_first && i < table->bytecodes.count; i++) {
        const IrBytecode *bytecode = &table->bytecodes.items[i];
        const ShapeRegion *region = region_of(regions, bytecode);
        polls[i] = bytecode->origin == IR_ORIGIN_BASE && region &&
                   placing->policy->polls_first(placing, region);
    }
    return polls;
}

// A bytecode that two quicken to polls if one of them does.
static void ask_quickened(const IrTable *table, bool *polls) {
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < table->bytecodes.count; i++) {
            const IrOpcodes *quickens = &table->bytecodes.items[i].quickens;
            for (size_t j = 0; polls[i] && j < quickens->count; j++) {
                int to = quickens->items[j];
                bool counts = table->bytecodes.items[to].origin == IR_ORIGIN_QUICKENED;
                changed |= counts && !polls[to];
                polls[to] |= counts;
            }
        }
    }
}

static void find_first(const Placing *placing, const IrTable *table, const ShapeRegions *regions,
                       Regions *first) {
    Arena *scratch = placing->context->scratch;
    bool *polls = ask_bases(placing, table, regions);
    ask_quickened(table, polls);
    Text names = {0};
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        const IrBytecode *bytecode = &table->bytecodes.items[i];
        const ShapeRegion *region = region_of(regions, bytecode);
        if (!polls[i] || !region)
            continue;
        if (!is_among(first, region->region))
            ARENA_PUSH(scratch, first, region->region);
        text_addf(&names, "%s%s", names.length ? ", " : "", bytecode->name);
    }
    if (placing->policy->polls_first)
        pass_remark(placing->context->report, "before %s",
                    names.length ? text_chars(&names) : "none");
    text_free(&names);
}

// Is there a mark before anything is done that would show?
static bool begins_with_mark(const IrRegion *region) {
    for (const IrInstruction *at = region->blocks.items[0]->first; at; at = at->next) {
        IrEffects effects = ir_effects(at);
        if (at->op == IR_POLL_SITE)
            return true;
        if (effects.writes || effects.collects || effects.raises || effects.blocks)
            return false;
    }
    return false;
}

static bool begins_with_poll(const Starts *starts, const IrRegion *region) {
    return is_among(&starts->first, region) || begins_with_mark(region);
}

static bool quickens(const IrBytecode *from, int to) {
    for (size_t i = 0; i < from->quickens.count; i++)
        if (from->quickens.items[i] == to)
            return true;
    return false;
}

static bool is_shared(const IrTable *table, const IrBytecode *bytecode) {
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        const IrBytecode *other = &table->bytecodes.items[i];
        if (other != bytecode && other->block && other->block->region == bytecode->block->region)
            return true;
    }
    return false;
}

// Who leaves has to come to a poll, or it would be asked again for ever; and the verifier lets it
// leave for what is one step away.
static void find_leavings(const Placing *placing, IrTable *table, Starts *starts) {
    Arena *scratch = placing->context->scratch;
    int *bases = ARENA_ARRAY(scratch, int, table->bytecodes.count + 1);
    ir_find_bases(table, bases);
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        const IrBytecode *bytecode = &table->bytecodes.items[i];
        const IrBytecode *base = bases[i] >= 0 ? &table->bytecodes.items[bases[i]] : NULL;
        if (bytecode->origin == IR_ORIGIN_QUICKENED && bytecode->block && base && base->block &&
            quickens(base, (int)i) && !is_shared(table, bytecode) &&
            begins_with_poll(starts, bytecode->block->region) &&
            begins_with_poll(starts, base->block->region))
            ARENA_PUSH(scratch, &starts->leavings,
                       ((Leaving){bytecode->block->region, table, bases[i]}));
    }
}

static Starts find_starts(const Placing *placing) {
    Shape shape;
    const char *reason;
    Starts starts = {0};
    if (!placing->policy->marks || !shape_find(placing->module, &shape, &reason))
        return starts;
    ShapeRegions regions = shape_regions(&shape, placing->context->scratch);
    find_first(placing, shape.table, &regions, &starts.first);
    find_leavings(placing, shape.table, &starts);
    return starts;
}

static void place_first(const Placing *placing, const IrRegion *region, const Leaving *leaving) {
    const IrBlock *start = region->blocks.items[0];
    place_poll(placing->module, start->first, IR_POLL_BYTECODE, start, leaving);
    count(placing, "polls", IR_POLL_BYTECODE);
}

static void place_all(const Placing *placing) {
    IrModule *module = placing->module;
    Starts starts = find_starts(placing);
    for (size_t f = 0; f < module->functions.count; f++) {
        IrFunction *function = module->functions.items[f];
        for (size_t r = 0; r < function->regions.count; r++) {
            IrRegion *region = function->regions.items[r];
            bool polls_first = is_among(&starts.first, region);
            const Leaving *leaving = find_leaving(&starts.leavings, region);
            place_at_marks(placing, function, region, polls_first, leaving);
            if (polls_first)
                place_first(placing, region, leaving);
        }
        ir_renumber(function);
    }
}

// ---- The pass -----------------------------------------------------------------------------------

// A parameter of a dispatch table that a poll would have to write back or read again.
static const char *carried(const IrModule *module) {
    for (size_t t = 0; t < module->tables.count; t++) {
        const IrTable *table = module->tables.items[t];
        for (size_t i = 0; i < table->parameters.count; i++) {
            const IrTableParameter *parameter = &table->parameters.items[i];
            const IrPath *path = parameter->mirrors;
            if (parameter->type == IR_VALUE || parameter->type == IR_OBJECT ||
                (path && !path->fields.items[path->fields.count - 1]->is_const))
                return parameter->name;
        }
    }
    return NULL;
}

void place_gil_checks_run(PassContext *context) {
    IrModule *module = context->module;
    if (module->poll_policy) {
        pass_remark(context->report, "nothing done: the module's polls follow policy %s already",
                    module->poll_policy);
        return;
    }
    Placing placing = {context, module, find_policy(context->parameter)};
    if (!module->poll_field || !module->poll_external) {
        placing.policy = find_policy("none");
        pass_remark(context->report,
                    "no polls: the module doesn't declare what they test and call");
    }
    const char *held = carried(module);
    if (held && strcmp(placing.policy->name, "none") != 0) {
        placing.policy = find_policy("none");
        pass_remark(context->report,
                    "no polls: the loop carries %s already; place-gil-checks goes first", held);
    }
    place_all(&placing);
    module->poll_policy = placing.policy->name;
    pass_count_add(context->report, "policy noted in the module", 1);
}
