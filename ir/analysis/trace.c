// See trace.h.
#include "ir/analysis/trace.h"

#include <string.h>

enum { SEEN_AGAIN = IR_MEMORY_FRAME | IR_MEMORY_STACK | IR_MEMORY_HEAP | IR_MEMORY_CODE };

static const IrTraceValue unknown = {IR_TRACE_UNKNOWN, 0};

// ---- What there is to follow -----------------------------------------------------------

// The frame's cursor whose elements are the table's code units.
static const IrField *find_pc(const IrModule *module, const IrTable *table) {
    for (size_t i = 0; module->frame && i < module->frame->fields.count; i++) {
        const IrField *field = module->frame->fields.items[i];
        if (field->cursor && field->cursor_cell == table->unit)
            return field;
    }
    return NULL;
}

// The parameter that mirrors a field of the frame.
static int find_mirror(const IrTable *table, const IrField *field) {
    for (size_t i = 0; field && i < table->parameters.count; i++) {
        const IrPath *path = table->parameters.items[i].mirrors;
        if (path && path->fields.count == 1 && path->fields.items[0] == field)
            return (int)i;
    }
    return -1;
}

static void find_depths(IrTrace *trace, Arena *arena) {
    const IrOpcodes *components = &trace->entry->components;
    trace->depths = ARENA_ARRAY(arena, int, components->count + 1);
    trace->lows = ARENA_ARRAY(arena, int, components->count + 1);
    for (size_t i = 0; i < components->count; i++) {
        int pushed = trace->table->entries.items[components->items[i]].stack.constant;
        int depth = trace->depths[i] + pushed;
        trace->depths[i + 1] = depth;
        trace->lows[i + 1] = depth < trace->lows[i] ? depth : trace->lows[i];
    }
}

static void number_values(IrTrace *trace, Arena *arena) {
    int count = 0;
    for (size_t b = 0; b < trace->cfg->count; b++) {
        const IrBlock *block = trace->cfg->nodes[b].block;
        for (size_t i = 0; i < block->parameters.count; i++)
            pointer_map_add(arena, &trace->numbers, block->parameters.items[i], count++);
        for (const IrInstruction *at = block->first; at; at = at->next)
            if (at->result)
                pointer_map_add(arena, &trace->numbers, at->result, count++);
    }
    trace->values = ARENA_ARRAY(arena, IrTraceValue, count + 1);
    trace->owners = ARENA_ARRAY(arena, int, count + 1);
}

// ---- Values ----------------------------------------------------------------------------

IrTraceValue ir_trace_value(const IrTrace *trace, const IrValue *value) {
    int number = value->kind == IR_CONSTANT ? -1 : pointer_map_find(&trace->numbers, value);
    return number < 0 ? unknown : trace->values[number];
}

static bool is_constant(const IrValue *value, int64_t *number) {
    if (value->kind != IR_CONSTANT || !ir_type_bits(value->type))
        return false;
    *number = value->integer;
    return true;
}

static IrTraceValue moved(IrTraceValue value, int64_t by) {
    if (value.base >= IR_TRACE_PC)
        value.offset = (int64_t)((uint64_t)value.offset + (uint64_t)by);
    return value;
}

// Between units and bytes: `bytes` is the size of a unit if the operation asks for it.
static IrTraceValue scaled(const IrTrace *trace, IrTraceValue value, IrTraceBase from,
                           IrTraceBase to, int64_t bytes) {
    int64_t unit = ir_cell_size(trace->table->unit);
    if (value.base != from || bytes != unit)
        return value.base == IR_TRACE_UNSEEN ? value : unknown;
    if (to == IR_TRACE_PC_BYTES)
        return (IrTraceValue){to, (int64_t)((uint64_t)value.offset * (uint64_t)unit)};
    return value.offset % unit ? unknown : (IrTraceValue){to, value.offset / unit};
}

static IrTraceValue rebased(IrTraceValue value, IrTraceBase from, IrTraceBase to) {
    if (value.base == IR_TRACE_UNSEEN)
        return value;
    return value.base == from ? (IrTraceValue){to, value.offset} : unknown;
}

static bool is_own_field(const IrTrace *trace, const IrInstruction *at, const IrField *field) {
    return field && at->field == field && at->operands.items[0] == trace->frame;
}

static IrTraceValue evaluate(const IrTrace *trace, const IrTraceState *state,
                             const IrInstruction *at) {
    if (at->op == IR_LOAD && is_own_field(trace, at, trace->pc_field))
        return state->pc;
    if (at->op == IR_LOAD && is_own_field(trace, at, trace->module->stack_field))
        return state->sp;
    if (at->operands.count != 2 || at->op == IR_LOAD)
        return unknown;
    IrTraceValue left = ir_trace_value(trace, at->operands.items[0]);
    IrTraceValue right = ir_trace_value(trace, at->operands.items[1]);
    int64_t number = 0, other = 0;
    bool has_number = is_constant(at->operands.items[1], &number);
    switch (at->op) {
    case IR_ADD:
        if (is_constant(at->operands.items[0], &other))
            return moved(right, other);
        return has_number ? moved(left, number) : unknown;
    case IR_SUB: return has_number ? moved(left, (int64_t)(0 - (uint64_t)number)) : unknown;
    case IR_MUL:
        return has_number ? scaled(trace, left, IR_TRACE_PC, IR_TRACE_PC_BYTES, number) : unknown;
    case IR_SHL:
    case IR_ASHR:
        if (!has_number || number < 0 || number > 2)
            return unknown;
        return at->op == IR_SHL
                   ? scaled(trace, left, IR_TRACE_PC, IR_TRACE_PC_BYTES, INT64_C(1) << number)
                   : scaled(trace, left, IR_TRACE_PC_BYTES, IR_TRACE_PC, INT64_C(1) << number);
    case IR_PTR_ADD:
        return has_number ? moved(left, number)
                          : rebased(right, IR_TRACE_PC_BYTES, IR_TRACE_PC_ADDRESS);
    case IR_PTR_SUB: return rebased(left, IR_TRACE_PC_ADDRESS, IR_TRACE_PC_BYTES);
    default: return unknown;
    }
}

static IrTraceValue joined(IrTraceValue a, IrTraceValue b) {
    if (a.base == IR_TRACE_UNSEEN)
        return b;
    if (b.base == IR_TRACE_UNSEEN || (a.base == b.base && a.offset == b.offset))
        return a;
    return unknown;
}

// ---- Places and slots --------------------------------------------------------------------

int ir_trace_place(const IrTrace *trace, int component) {
    return ir_component_offset(trace->table, trace->entry, (size_t)component);
}

bool ir_trace_is_pc(const IrTrace *trace, IrTraceValue value, int component) {
    int64_t place = ir_trace_place(trace, component), unit = ir_cell_size(trace->table->unit);
    return (value.base == IR_TRACE_PC && value.offset == place) ||
           (value.base == IR_TRACE_PC_ADDRESS && value.offset == place * unit);
}

static int64_t slot_size(const IrTrace *trace) {
    return ir_cell_size(trace->module->stack_cell);
}

bool ir_trace_is_stack(const IrTrace *trace, IrTraceValue value, int component) {
    return value.base == IR_TRACE_STACK &&
           value.offset == trace->depths[component] * slot_size(trace);
}

uint64_t ir_trace_pushed(const IrTrace *trace, int component) {
    uint64_t slots = 0;
    for (int i = trace->lows[component]; i < trace->depths[component]; i++)
        if (i >= -IR_TRACE_SLOTS && i < IR_TRACE_SLOTS)
            slots |= UINT64_C(1) << (IR_TRACE_SLOTS + i);
    return slots;
}

// The slot that an element's store is to.
static bool find_slot(const IrTrace *trace, const IrInstruction *at, int64_t *slot) {
    const IrValue *index = ir_access_index(at);
    int64_t number, size = slot_size(trace);
    if (at->field || !index || !is_constant(index, &number) || number < -1000 || number > 1000)
        return false;
    IrTraceValue base = ir_trace_value(trace, at->operands.items[0]);
    int64_t offset = base.offset + number * ir_cell_size(at->cell);
    if (base.base != IR_TRACE_STACK || base.offset < -100000 || base.offset > 100000 ||
        offset % size != 0)
        return false;
    *slot = offset / size;
    return *slot >= -IR_TRACE_SLOTS && *slot < IR_TRACE_SLOTS;
}

// ---- Steps -------------------------------------------------------------------------------

static bool is_from_before(const IrTrace *trace, const IrValue *value, int component) {
    int number = value->kind == IR_CONSTANT ? -1 : pointer_map_find(&trace->numbers, value);
    return number < 0 || trace->owners[number] < component;
}

// Is the store a part of making what the component found when it began: its place, its
// stack pointer, something computed before in a slot that was pushed before?
static bool makes_start(const IrTrace *trace, const IrTraceState *state, const IrInstruction *at) {
    const IrValue *value = ir_stored_value(at);
    int64_t slot;
    if (at->op != IR_STORE || state->component < 0)
        return false;
    if (is_own_field(trace, at, trace->pc_field))
        return ir_trace_is_pc(trace, ir_trace_value(trace, value), state->component);
    if (is_own_field(trace, at, trace->module->stack_field))
        return ir_trace_is_stack(trace, ir_trace_value(trace, value), state->component);
    return at->memory == IR_MEMORY_STACK && find_slot(trace, at, &slot) &&
           slot >= trace->lows[state->component] && slot < trace->depths[state->component] &&
           is_from_before(trace, value, state->component);
}

// What memory holds afterwards.
static void write(const IrTrace *trace, IrTraceState *state, const IrInstruction *at) {
    const IrField *stack = trace->module->stack_field;
    int64_t slot;
    if (at->op == IR_STORE || at->op == IR_STORE_REF) {
        bool is_own = at->operands.items[0] == trace->frame;
        if (at->field && at->field == trace->pc_field)
            state->pc = is_own ? ir_trace_value(trace, ir_stored_value(at)) : unknown;
        if (at->field && at->field == stack)
            state->sp = is_own ? ir_trace_value(trace, ir_stored_value(at)) : unknown;
        if (at->memory == IR_MEMORY_STACK && find_slot(trace, at, &slot))
            state->stored |= UINT64_C(1) << (IR_TRACE_SLOTS + slot);
        if (!at->field && at->memory == IR_MEMORY_FRAME)
            state->pc = state->sp = unknown;
    }
    if (at->op != IR_STORE && ir_effects(at).writes & IR_MEMORY_FRAME)
        state->pc = state->sp = unknown;
}

static void set_value(IrTrace *trace, const IrValue *value, IrTraceValue known, int component) {
    int number = pointer_map_find(&trace->numbers, value);
    trace->values[number] = known;
    trace->owners[number] = component;
}

void ir_trace_step(IrTrace *trace, IrTraceState *state, const IrInstruction *at) {
    bool is_poll = at->op == IR_CALL && at->external == trace->module->poll_external;
    if (at->op == IR_COMPONENT) {
        bool exists = at->component >= 0 && (size_t)at->component < trace->entry->components.count;
        state->component = exists ? at->component : IR_TRACE_MIXED;
        state->own = NULL;
    }
    if (at->result)
        set_value(trace, at->result, evaluate(trace, state, at), state->component);
    // What the poll's external writes is other threads' work, not this region's.
    if (is_poll || !ir_effects(at).writes)
        return;
    if (!state->own && ir_effects(at).writes & SEEN_AGAIN && !makes_start(trace, state, at))
        state->own = at;
    write(trace, state, at);
}

// ---- The analysis ------------------------------------------------------------------------

static void join(IrTraceState *state, const IrTraceState *other) {
    if (!state->reached) {
        *state = *other;
        return;
    }
    if (state->component != other->component)
        state->component = IR_TRACE_MIXED;
    state->pc = joined(state->pc, other->pc);
    state->sp = joined(state->sp, other->sp);
    state->stored &= other->stored;
    if (!state->own)
        state->own = other->own;
}

static bool is_same(const IrTraceState *a, const IrTraceState *b) {
    return a->reached == b->reached && a->component == b->component && !a->own == !b->own &&
           a->pc.base == b->pc.base && a->pc.offset == b->pc.offset && a->sp.base == b->sp.base &&
           a->sp.offset == b->sp.offset && a->stored == b->stored;
}

// Where the bytecode begins. Memory is behind the parameters that mirror it.
static void begin(IrTrace *trace, IrTraceState *state) {
    bool is_cursor =
        trace->pc_parameter >= 0 && trace->table->parameters.items[trace->pc_parameter].is_cursor;
    *state = (IrTraceState){.reached = true, .pc = {IR_TRACE_PC, 0}, .sp = {IR_TRACE_STACK, 0}};
    const IrValues *parameters = &trace->cfg->nodes[0].block->parameters;
    for (size_t i = 0; i < parameters->count; i++)
        set_value(trace, parameters->items[i], unknown, -1);
    bool is_start_only = trace->cfg->nodes[0].predecessors.count == 0;
    if (trace->pc_parameter >= 0 || !is_start_only)
        state->pc = unknown;
    if (trace->stack_parameter >= 0 || !is_start_only)
        state->sp = unknown;
    if (!is_start_only)
        return;
    if (trace->pc_parameter >= 0)
        set_value(trace, parameters->items[trace->pc_parameter],
                  (IrTraceValue){is_cursor ? IR_TRACE_PC_ADDRESS : IR_TRACE_PC, 0}, -1);
    if (trace->stack_parameter >= 0)
        set_value(trace, parameters->items[trace->stack_parameter],
                  (IrTraceValue){IR_TRACE_STACK, 0}, -1);
}

static bool join_arguments(IrTrace *trace, const IrEdge *edge) {
    bool changed = false;
    for (size_t i = 0; i < edge->arguments.count; i++) {
        int number = pointer_map_find(&trace->numbers, edge->block->parameters.items[i]);
        IrTraceValue before = trace->values[number];
        IrTraceValue after = joined(before, ir_trace_value(trace, edge->arguments.items[i]));
        trace->values[number] = after;
        changed |= after.base != before.base || after.offset != before.offset;
    }
    return changed;
}

static bool visit(IrTrace *trace, int position) {
    const IrCfgNode *node = &trace->cfg->nodes[position];
    IrTraceState state = {0};
    if (position == 0)
        begin(trace, &state);
    for (size_t i = 0; i < node->predecessors.count; i++)
        if (trace->out[node->predecessors.items[i]].reached)
            join(&state, &trace->out[node->predecessors.items[i]]);
    trace->in[position] = state;
    for (size_t i = 0; position && i < node->block->parameters.count; i++)
        trace->owners[pointer_map_find(&trace->numbers, node->block->parameters.items[i])] =
            state.component;
    for (const IrInstruction *at = node->block->first; at; at = at->next)
        ir_trace_step(trace, &state, at);
    bool changed = !is_same(&state, &trace->out[position]);
    trace->out[position] = state;
    const IrInstruction *last = node->block->last;
    for (size_t e = 0; e < last->edges.count; e++)
        if (ir_cfg_position(trace->cfg, last->edges.items[e].block) > 0)
            changed |= join_arguments(trace, &last->edges.items[e]);
    return changed;
}

IrTrace *ir_trace_compute(Arena *arena, const IrModule *module, const IrTable *table,
                          const IrEntry *entry, const IrCfg *cfg) {
    IrTrace *trace = ARENA_NEW(arena, IrTrace);
    *trace = (IrTrace){.module = module, .table = table, .entry = entry, .cfg = cfg};
    const IrValues *parameters = &cfg->nodes[0].block->parameters;
    bool is_start_only = cfg->nodes[0].predecessors.count == 0;
    trace->frame = parameters->count > 1 && is_start_only ? parameters->items[1] : NULL;
    trace->pc_field = find_pc(module, table);
    trace->pc_parameter = find_mirror(table, trace->pc_field);
    trace->stack_parameter = find_mirror(table, module->stack_field);
    trace->in = ARENA_ARRAY(arena, IrTraceState, cfg->count);
    trace->out = ARENA_ARRAY(arena, IrTraceState, cfg->count);
    find_depths(trace, arena);
    number_values(trace, arena);
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < cfg->reachable; i++)
            again |= visit(trace, cfg->reverse_post_order[i]);
    }
    return trace;
}
