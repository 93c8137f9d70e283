// cache-frame-state: fields of the frame that change all the time, `pc` and `sp`,
// become parameters of the loop. In memory they are behind; a field is written back
// right before something may see it, and read again behind what may have changed it.
// A cursor, which only indexes elements, is carried as the address of its element.
//
// Legal because of what operations' effects say:
//  - an operation that reads the frame's memory, collects, raises or blocks (others
//    look at this frame then) sees all states up to date; so do `ret` and an edge that
//    goes on with another frame. The fields of that one are what was stored into it
//    here, or is read from it;
//  - an operation that writes the frame's memory may have changed them, so they are
//    read again. What can move is also read again behind what collects;
//  - a load or store of the field through another pointer may be this frame's, unless
//    the region is making that record: then it is another one (see is_being_made);
//  - a store into the frame that the loop goes on with needs no memory if nothing in
//    between can see it.
//
// Worth it for fields that the dispatch reads or half of the bytecodes use.
#include "passes/cache_frame_state.h"

#include <string.h>

// ---- Which fields ------------------------------------------------------------------------

static bool accesses_own(const LoopRegion *region, const IrInstruction *at, const IrField *field) {
    return (at->op == IR_LOAD || at->op == IR_STORE) && at->field == field &&
           at->operands.items[0] == loop_own_frame(region) && loop_is_inside(region, at->block);
}

static bool region_uses(const LoopRegion *region, const IrField *field) {
    for (size_t b = 0; b < region->region->blocks.count; b++)
        for (const IrInstruction *at = region->region->blocks.items[b]->first; at; at = at->next)
            if (accesses_own(region, at, field))
                return true;
    return false;
}

static bool is_cached(const LoopShape *shape, const IrField *field) {
    for (size_t i = 0; i < shape->table->parameters.count; i++) {
        const IrPath *mirrors = shape->table->parameters.items[i].mirrors;
        if (mirrors && mirrors->fields.count == 1 && mirrors->fields.items[0] == field)
            return true;
    }
    return false;
}

// Can the field be carried as an address? Not if what it indexes may move.
static bool is_fixed_cursor(const IrField *field) {
    if (!field->cursor || field->cell != IR_CELL_I64)
        return false;
    for (size_t i = 0; i < field->cursor->fields.count; i++)
        if (field->cursor->fields.items[i]->cell != IR_CELL_PTR)
            return false;
    return true;
}

static void add_state(Cache *cache, const IrField *field) {
    Arena *arena = cache->shape.module->arena;
    State *state = &cache->states[cache->count++];
    *state = (State){.field = field};
    IrType type = ir_cell_type(field->cell);
    if (is_fixed_cursor(field)) {
        type = IR_PTR;
        state->elements = cache->paths->all.items[0];
        for (size_t i = 0; i < field->cursor->fields.count; i++)
            state->elements =
                frame_path_child(cache->paths, state->elements, field->cursor->fields.items[i]);
        while (1 << state->shift < ir_cell_size(field->cursor_cell))
            state->shift++;
    }
    IrPath *mirror = ARENA_NEW(arena, IrPath);
    mirror->root = cache->shape.table->parameters.items[FRAME_PARAMETER].name;
    ARENA_PUSH(arena, &mirror->fields, field);
    state->parameter = ir_table_parameter_new(cache->shape.table, cache->shape.function,
                                              field->name, type, mirror, state->elements != NULL);
}

// Decides about one field, and says so.
static void consider(Cache *cache, LoopRegion *const *regions, const IrField *field) {
    PassReport *report = cache->context->report;
    int users = 0, bytecodes = (int)cache->shape.function->regions.count - 1;
    bool in_dispatch = region_uses(regions[0], field);
    for (int r = 1; r <= bytecodes; r++)
        users += region_uses(regions[r], field);
    if (!in_dispatch && !users)
        return;
    const char *frame = cache->shape.table->parameters.items[FRAME_PARAMETER].name;
    if (!in_dispatch && 2 * users < bytecodes) {
        pass_remark(report, "refused %s.%s: used by %d of %d bytecodes only", frame, field->name,
                    users, bytecodes);
    } else if (ir_cell_size(field->cell) < 8) {
        pass_remark(report, "refused %s.%s: narrower than a register", frame, field->name);
    } else if (!loop_has_room(&cache->shape, ir_cell_type(field->cell))) {
        pass_remark(report, "refused %s.%s: the loop has as many parameters as registers", frame,
                    field->name);
    } else {
        add_state(cache, field);
        pass_count_add(report, "parameters added", 1);
        pass_remark(report, "cached %s.%s%s: %sused by %d of %d bytecodes", frame, field->name,
                    cache->states[cache->count - 1].elements ? " as an address" : "",
                    in_dispatch ? "read in the dispatch, " : "", users, bytecodes);
    }
}

static void choose(Cache *cache, LoopRegion *const *regions) {
    const IrRecord *frame = cache->shape.module->frame;
    cache->states = ARENA_ARRAY(cache->context->scratch, State, frame->fields.count + 1);
    for (size_t i = 0; i < frame->fields.count; i++) {
        const IrField *field = frame->fields.items[i];
        if (!field->is_const && !field->is_array && field->memory == IR_MEMORY_FRAME &&
            !is_cached(&cache->shape, field))
            consider(cache, regions, field);
    }
}

// ---- What touches a state ---------------------------------------------------------------

Touch cache_touch(const CacheRegion *region, const State *state, const IrInstruction *at) {
    bool moves = state->field->cell == IR_CELL_VALUE || state->field->cell == IR_CELL_OBJECT;
    if ((at->op == IR_LOAD || at->op == IR_STORE) && at->field) {
        if (at->field != state->field || is_being_made(region->accesses, at->operands.items[0], at))
            return (Touch){false, false};
        return (Touch){at->op == IR_LOAD, at->op == IR_STORE};
    }
    IrEffects effects = ir_effects(at);
    return (Touch){
        .reads = (effects.reads & state->field->memory) || effects.collects || effects.raises ||
                 effects.blocks,
        .writes = (effects.writes & state->field->memory) || (effects.collects && moves),
    };
}

// ---- Walking a region ---------------------------------------------------------------------

static void add_event(CacheRegion *region, int position, CacheEvent event) {
    ARENA_PUSH(region->cache->context->scratch, &region->events[position], event);
}

// `load %frame, Frame.pc`: the value that the loop carries. A cursor's index is
// computed from the address, and not at all if nobody needs it in the end.
static void replace_load(CacheRegion *region, IrInstruction *at, const State *state,
                         IrValue *current) {
    IrValue *value = current;
    if (state->elements) {
        value = cursor_index(region, state, current, at);
        value->name = at->result->name;
        cursor_note(region, value, current);
    }
    substitution_add(&region->substitution, at->result, value);
    ir_remove(at);
    region->cache->counts.loads++;
}

static void replace_store(CacheRegion *region, int position, IrInstruction *at, size_t s,
                          IrValue **current) {
    const State *state = &region->cache->states[s];
    IrValue *stored = substitution_of(&region->substitution, ir_stored_value(at));
    if (state->elements)
        stored = cursor_stored(region, state, stored, at);
    if (stored->kind == IR_RESULT && !stored->name)
        stored->name = state->field->name;
    current[s] = stored;
    add_event(region, position, (CacheEvent){true, s, stored, NULL});
    ir_remove(at);
    region->cache->counts.stores++;
}

static IrValue *read_again(CacheRegion *region, const State *state, IrInstruction *place) {
    IrBuilder builder = edit_before(region->cache->shape.module, place);
    IrValue *value = ir_build_load(&builder, loop_own_frame(region->region), state->field, NULL);
    value->name = state->field->name;
    if (!state->elements)
        return value;
    IrValue *index = value;
    value = cursor_address(region, state, cursor_elements(region, state, place), index, place);
    cursor_note(region, index, value);
    return value;
}

static void visit_other(CacheRegion *region, int position, IrInstruction *at, IrValue **current) {
    const Cache *cache = region->cache;
    for (size_t s = 0; s < cache->count; s++) {
        Touch touch = cache_touch(region, &cache->states[s], at);
        if (touch.reads || touch.writes)
            add_event(region, position, (CacheEvent){false, s, current[s], at});
        if (touch.writes)
            current[s] = read_again(region, &cache->states[s], at->next);
    }
    cursor_visit(region, at);
}

static void visit_terminator(CacheRegion *region, int position, IrInstruction *at,
                             IrValue **current) {
    bool shows = at->op == IR_RET;
    for (size_t i = 0; i < region->region->exits.count; i++) {
        const LoopExit *exit = &region->region->exits.items[i];
        if (exit->terminator == at && !loop_exit_keeps_frame(region->region, exit))
            shows = true;
    }
    for (size_t s = 0; shows && s < region->cache->count; s++)
        add_event(region, position, (CacheEvent){false, s, current[s], at});
}

static void walk_block(CacheRegion *region, int position, IrValue **current) {
    const Cache *cache = region->cache;
    IrBlock *block = region->region->cfg->nodes[position].block;
    variables_enter(region->variables, position, current);
    for (IrInstruction *at = block->first, *next; at; at = next) {
        next = at->next;
        size_t s = 0;
        while (s < cache->count && !accesses_own(region->region, at, cache->states[s].field))
            s++;
        if (s < cache->count && at->op == IR_LOAD)
            replace_load(region, at, &cache->states[s], current[s]);
        else if (s < cache->count)
            replace_store(region, position, at, s, current);
        else if (ir_op_is_terminator(at->op))
            visit_terminator(region, position, at, current);
        else
            visit_other(region, position, at, current);
    }
    variables_leave(region->variables, position, current);
}

static void rewrite_region(Cache *cache, const LoopRegion *source) {
    Arena *scratch = cache->context->scratch;
    const IrCfg *cfg = source->cfg;
    CacheRegion region = {.cache = cache, .region = source};
    region.paths = path_values_new(cache->paths, source, scratch);
    region.accesses = const_accesses_new(source, scratch);
    region.substitution.arena = scratch;
    region.events = ARENA_ARRAY(scratch, CacheEvents, cfg->count);
    Variable *declared = ARENA_ARRAY(scratch, Variable, cache->count);
    for (size_t s = 0; s < cache->count; s++) {
        IrValue *parameter = loop_parameter(source, cache->states[s].parameter);
        declared[s] = (Variable){cache->states[s].field->name, parameter->type, parameter};
    }
    region.variables = variables_new(source, declared, cache->count, scratch);
    IrValue **current = ARENA_ARRAY(scratch, IrValue *, cache->count);
    for (size_t i = 0; i < cfg->reachable; i++) {
        int position = cfg->reverse_post_order[i];
        if (loop_is_inside(source, cfg->nodes[position].block))
            walk_block(&region, position, current);
    }
    variables_finish(region.variables);
    substitution_apply(&region.substitution, source->region);
    // The bases of accesses may have been loads of states themselves.
    region.accesses = const_accesses_new(source, scratch);
    cache_write_back(&region);
    cache_complete_exits(&region);
    cache_drop_stores(&region);
    edit_remove_redundant_parameters(cache->shape.module, source->region);
    edit_remove_dead(cache->shape.module, source->region);
    // The region's own reads are gone, so these are those behind something.
    for (size_t b = 0; b < source->region->blocks.count; b++)
        for (IrInstruction *at = source->region->blocks.items[b]->first; at; at = at->next)
            for (size_t s = 0; s < cache->count; s++)
                cache->counts.read_again +=
                    at->op == IR_LOAD && accesses_own(source, at, cache->states[s].field);
}

static void count(const Cache *cache) {
    PassReport *report = cache->context->report;
    const CacheCounts *counts = &cache->counts;
    pass_count_add(report, "reads replaced by a parameter", (int64_t)counts->loads);
    pass_count_add(report, "writes replaced", (int64_t)counts->stores);
    pass_count_add(report, "written back where something may look", (int64_t)counts->written_back);
    pass_count_add(report, "read again where something may have changed it",
                   (int64_t)counts->read_again);
    pass_count_add(report, "edges that keep the frame", (int64_t)counts->kept);
    pass_count_add(report, "edges that change the frame", (int64_t)counts->changed);
    pass_count_add(report, "  read from the new frame", (int64_t)counts->loaded);
    pass_count_add(report, "  forwarded from a store", (int64_t)counts->forwarded);
    pass_count_add(report, "stores into a new frame dropped", (int64_t)counts->dropped);
}

void cache_frame_state_run(PassContext *context) {
    Cache cache = {.context = context};
    const char *reason;
    if (!loop_shape_prepare(context->module, &cache.shape, &reason)) {
        pass_remark(context->report, "nothing done: %s", reason);
        return;
    }
    cache.paths = frame_paths_new(&cache.shape, context->scratch);
    size_t regions = cache.shape.function->regions.count;
    LoopRegion **prepared = ARENA_ARRAY(context->scratch, LoopRegion *, regions);
    for (size_t r = 0; r < regions; r++)
        prepared[r] = loop_region_prepare(&cache.shape, cache.shape.function->regions.items[r],
                                          context->scratch);
    choose(&cache, prepared);
    for (size_t r = 0; r < regions && cache.count; r++)
        rewrite_region(&cache, prepared[r]);
    count(&cache);
}
