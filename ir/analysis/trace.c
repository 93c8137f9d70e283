// See trace.h. A superinstruction is a straight trace with side exits, as a tracing compiler
// makes them (Bala, Duesterwald, Banerjia, "Dynamo", 2000): between exits stores may be left
// out and values kept in registers, and each exit makes up for what was left out. What this
// follows is whether it was made up for. Of paths that meet, the worst counts: a slot is
// stored to only if it is on all paths, and something was done if it was on any.
#include "ir/analysis/trace.h"

static int least(int one, int other) {
    return one < other ? one : other;
}

// A component may reach down into what was there before the superinstruction began, and push
// afterwards. So three numbers each: where the stack ends, how far down it has been changed (what
// lies between them is what the components have pushed), and how far down an operand was taken,
// where a result may stand in its place. Slots that the bytecode gets in parameters are not in
// memory when it begins, so they count as if they had been pushed before the first component.
static void find_depths(IrTrace *trace, Arena *arena) {
    const IrOpcodes *components = &trace->bytecode->components;
    trace->depths = ARENA_ARRAY(arena, int, components->count + 1);
    trace->lows = ARENA_ARRAY(arena, int, components->count + 1);
    trace->reaches = ARENA_ARRAY(arena, int, components->count + 1);
    trace->lows[0] = trace->reaches[0] = -ir_table_slots(trace->table);
    // Nobody asks where the last component leaves the stack, and that has no bound.
    for (size_t i = 0; i + 1 < components->count; i++) {
        const IrBytecode *component = &trace->table->bytecodes.items[components->items[i]];
        int depth = trace->depths[i] + component->stack.constant;
        int taken = trace->depths[i] - (component->needs.factor ? 0 : component->needs.constant);
        trace->depths[i + 1] = depth;
        trace->lows[i + 1] = least(trace->lows[i], depth);
        trace->reaches[i + 1] = least(trace->reaches[i], least(taken, depth));
    }
}

// ---- Places and slots --------------------------------------------------------------------

int ir_trace_place(const IrTrace *trace, int component) {
    return ir_component_offset(trace->table, trace->bytecode, (size_t)component);
}

// In whichever way the loop holds its place: as an index, or, once a pass keeps it in a
// register, as an address.
bool ir_trace_is_pc(const IrTrace *trace, IrDistance distance, int component) {
    int64_t place = ir_trace_place(trace, component), unit = ir_cell_size(trace->table->unit);
    return !distance.factor &&
           ((distance.base == IR_BASE_PC && distance.constant == place) ||
            (distance.base == IR_BASE_PC_ADDRESS && distance.constant == place * unit));
}

static int64_t slot_size(const IrTrace *trace) {
    return ir_cell_size(trace->module->stack_cell);
}

bool ir_trace_is_stack(const IrTrace *trace, IrDistance distance, int component) {
    return distance.base == IR_BASE_STACK && !distance.factor &&
           distance.constant == trace->depths[component] * slot_size(trace);
}

bool ir_trace_may_restore(const IrTrace *trace, int64_t slot, int component) {
    return slot >= trace->reaches[component] && slot < trace->depths[component];
}

uint64_t ir_trace_pushed(const IrTrace *trace, int component) {
    uint64_t slots = 0;
    for (int i = trace->lows[component]; i < trace->depths[component]; i++)
        slots |= UINT64_C(1) << (IR_TRACE_SLOTS + i);
    return slots;
}

// The slot that an element's store is to.
static bool find_slot(const IrTrace *trace, const IrInstruction *at, int64_t *slot) {
    if (at->field || at->alias_class != IR_ALIAS_STACK)
        return false;
    IrDistance place = ir_progress_access(trace->progress, at);
    if (place.base != IR_BASE_STACK || place.factor || place.constant % slot_size(trace))
        return false;
    *slot = place.constant / slot_size(trace);
    return *slot >= -IR_TRACE_SLOTS && *slot < IR_TRACE_SLOTS;
}

// ---- Steps -------------------------------------------------------------------------------

// The component that computes the value; before all of them come constants, and what the
// region is given.
static int owner_of(const IrTrace *trace, const IrValue *value) {
    int number =
        value->kind == IR_CONSTANT ? -1 : pointer_map_find(&trace->progress->numbers, value);
    return number < 0 ? -1 : trace->owners[number];
}

// Was the value there when the component began? Only such a value may be stored as a part of
// the component's start: what it computes itself is its own work.
static bool is_from_before(const IrTrace *trace, const IrValue *value, int component) {
    return owner_of(trace, value) < component;
}

// Is the store a part of making what the component found when it began: its place, its stack
// pointer, something computed before in a slot that was pushed before? To make that in memory
// is what an exit has to do, and it may be done any number of times.
static bool makes_start(const IrTrace *trace, const IrTraceState *state, const IrInstruction *at) {
    const IrProgress *progress = trace->progress;
    const IrValue *value = ir_stored_value(at);
    int64_t slot;
    if (at->op != IR_STORE || state->component < 0)
        return false;
    if (ir_progress_is_own(progress, at, progress->pc_field))
        return ir_trace_is_pc(trace, ir_progress_value(progress, value), state->component);
    if (ir_progress_is_own(progress, at, progress->input.stack_field))
        return ir_trace_is_stack(trace, ir_progress_value(progress, value), state->component);
    return find_slot(trace, at, &slot) && ir_trace_may_restore(trace, slot, state->component) &&
           is_from_before(trace, value, state->component);
}

// Before the position is moved on: whether a store makes the start depends on its own
// component.
void ir_trace_step(const IrTrace *trace, IrTraceState *state, const IrInstruction *at) {
    bool is_store = at->op == IR_STORE || at->op == IR_STORE_REF;
    int64_t slot;
    if (at->op == IR_COMPONENT) {
        bool exists =
            at->component >= 0 && (size_t)at->component < trace->bytecode->components.count;
        state->component = exists ? at->component : IR_TRACE_MIXED;
        state->own = NULL;
    }
    // What the poll's external writes is other threads' work, not this region's.
    if (!ir_lets_others_run(at) && !state->own && ir_effects(at).writes & IR_SEEN_AGAIN &&
        !makes_start(trace, state, at))
        state->own = at;
    if ((at->op == IR_CALL || at->op == IR_POLL_SITE) && ir_effects(at).writes & IR_ALIAS_CODE)
        state->rewriting = at;
    if (is_store && find_slot(trace, at, &slot))
        state->stored |= UINT64_C(1) << (IR_TRACE_SLOTS + slot);
    ir_progress_step(trace->progress, &state->position, at);
}

// ---- The analysis ------------------------------------------------------------------------

static void join(IrTraceState *state, const IrTraceState *other, bool is_first) {
    if (is_first) {
        *state = *other;
        return;
    }
    if (state->component != other->component)
        state->component = IR_TRACE_MIXED;
    state->stored &= other->stored;
    if (!state->own)
        state->own = other->own;
    if (!state->rewriting)
        state->rewriting = other->rewriting;
}

// Which store it was doesn't matter, only that there was one: a loop may name a different one
// each time round, and the analysis would never settle. Positions are settled already
// (progress.h).
static bool is_same(const IrTraceState *a, const IrTraceState *b) {
    return a->position.reached == b->position.reached && a->component == b->component &&
           !a->own == !b->own && !a->rewriting == !b->rewriting && a->stored == b->stored;
}

static bool set_owner(IrTrace *trace, const IrValue *value, int component) {
    int *owner = &trace->owners[pointer_map_find(&trace->progress->numbers, value)];
    bool changed = *owner != component;
    *owner = component;
    return changed;
}

// A block's parameter computes nothing: it is one of the arguments, and as old as the latest.
static int owner_of_parameter(const IrTrace *trace, const IrCfgNode *node, size_t index) {
    int latest = -1;
    for (size_t p = 0; p < node->predecessors.count; p++) {
        const IrInstruction *last = trace->cfg->nodes[node->predecessors.items[p]].block->last;
        for (size_t e = 0; e < last->edges.count; e++) {
            const IrEdge *edge = &last->edges.items[e];
            int owner =
                edge->block == node->block ? owner_of(trace, edge->arguments.items[index]) : -1;
            latest = owner > latest ? owner : latest;
        }
    }
    return latest;
}

// Predecessors that have not been reached yet say nothing: a back edge's source is heard in the
// next round. True if that round would find something else here.
static bool visit(IrTrace *trace, int position) {
    const IrCfgNode *node = &trace->cfg->nodes[position];
    IrTraceState state = {0};
    bool is_first = position != 0; // the start is reached from outside, with nothing done
    for (size_t i = 0; i < node->predecessors.count; i++) {
        const IrTraceState *before = &trace->out[node->predecessors.items[i]];
        if (!before->position.reached)
            continue;
        join(&state, before, is_first);
        is_first = false;
    }
    state.position = trace->progress->in[position];
    trace->in[position] = state;
    bool changed = false;
    for (size_t i = 0; position && i < node->block->parameters.count; i++)
        changed |=
            set_owner(trace, node->block->parameters.items[i], owner_of_parameter(trace, node, i));
    for (const IrInstruction *at = node->block->first; at; at = at->next) {
        ir_trace_step(trace, &state, at);
        if (at->result)
            changed |= set_owner(trace, at->result, state.component);
    }
    changed |= !is_same(&state, &trace->out[position]);
    trace->out[position] = state;
    return changed;
}

IrTrace *ir_trace_compute(Arena *arena, const IrModule *module, const IrTable *table,
                          const IrBytecode *bytecode, const IrCfg *cfg) {
    IrTrace *trace = ARENA_NEW(arena, IrTrace);
    *trace = (IrTrace){.module = module, .table = table, .bytecode = bytecode, .cfg = cfg};
    trace->progress = ir_progress_compute(
        arena,
        (IrProgressInput){
            .module = module, .table = table, .cfg = cfg, .stack_field = module->stack_field});
    trace->owners = ARENA_ARRAY(arena, int, trace->progress->value_count + 1);
    for (size_t i = 0; i < trace->progress->value_count; i++)
        trace->owners[i] = -1;
    trace->in = ARENA_ARRAY(arena, IrTraceState, cfg->count);
    trace->out = ARENA_ARRAY(arena, IrTraceState, cfg->count);
    find_depths(trace, arena);
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < cfg->reachable; i++)
            again |= visit(trace, cfg->reverse_post_order[i]);
    }
    return trace;
}
