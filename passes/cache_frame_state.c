// cache-frame-state: fields of the frame that change all the time, `pc` and `sp`,
// become parameters of the loop. Memory may be out of date; a field is written back
// right before something may see it, and read again after what may have changed it.
// A cursor, which only indexes elements, is carried as the address of its element.
// (Compilers call it register promotion: Cooper and Lu, "Register Promotion in C Programs",
// 1997. What authors of interpreters do by hand with LOAD_FRAME and STORE_FRAME macros, this
// does where effects ask for it.)
//
// Legal because of what operations' effects say:
//  - an operation that reads the frame's memory, collects, raises or blocks (others
//    look at this frame then) sees all states up to date; so do `ret` and an edge that
//    goes on with another frame. The fields of that one are what was stored into it
//    here, or is read from it;
//  - an operation that writes the frame's memory may have changed them, so they are
//    read again. What can move is also read again after what collects;
//  - a load or store of the field through another pointer may be this frame's, unless
//    the region is making that record: then it is another one (see const_access_is_being_made);
//  - a store into the frame that the loop goes on with needs no memory if nothing in
//    between can see it.
//
// Worth it for fields that the dispatch reads or half of the bytecodes use.
//
// Costs a register a field, and code for writing back at calls, at returns, and on cold ways.
#include "passes/cache_frame_state.h"
#include "ir/builder.h"
#include "passes/support/tidy.h"

bool cache_accesses_own(const ShapeRegion *region, const IrInstruction *at, const IrField *field) {
    return (at->op == IR_LOAD || at->op == IR_STORE) && at->field == field && region->frame &&
           shape_value(region, at->operands.items[0]) == region->frame &&
           shape_is_inside(region, at->block);
}

// ---- What touches a state ---------------------------------------------------------------

Touch cache_touch(const CacheRegion *region, const CachedField *state, const IrInstruction *at) {
    bool moves = state->field->cell == IR_CELL_VALUE || state->field->cell == IR_CELL_OBJECT;
    if ((at->op == IR_LOAD || at->op == IR_STORE) && at->field) {
        if (at->field != state->field ||
            const_access_is_being_made(region->accesses, at->operands.items[0], at))
            return (Touch){false, false};
        return (Touch){at->op == IR_LOAD, at->op == IR_STORE};
    }
    IrEffects effects = ir_effects(at);
    return (Touch){
        .reads = (effects.reads & state->field->alias_class) || effects.collects ||
                 effects.raises || effects.blocks,
        .writes = (effects.writes & state->field->alias_class) || (effects.collects && moves),
    };
}

// ---- Walking a region ---------------------------------------------------------------------

static void add_event(CacheRegion *region, int position, CacheEvent event) {
    ARENA_PUSH(region->cache->context->scratch, &region->events[position], event);
}

// `load %frame, Frame.pc`: the value that the loop carries. A cursor's index is
// computed from the address, and not at all if nobody needs it in the end.
static void replace_load(CacheRegion *region, IrInstruction *at, const CachedField *state,
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
    const CachedField *state = &region->cache->states[s];
    IrValue *stored = substitution_of(&region->substitution, ir_stored_value(at));
    if (state->elements)
        stored = cursor_stored(region, state, stored, at);
    if (stored->kind == IR_RESULT && !stored->name)
        stored->name = state->field->name;
    current[s] = stored;
    add_event(region, position, (CacheEvent){CACHE_DEFINES, s, stored, NULL});
    ir_remove(at);
    region->cache->counts.stores++;
}

// After something that may have changed the field: memory counts again, and the value starts
// anew.
static IrValue *read_again(CacheRegion *region, const CachedField *state, IrInstruction *place) {
    IrBuilder builder = edit_before(region->cache->shape.module, place);
    IrValue *value = ir_build_load(&builder, region->region->frame, state->field, NULL);
    value->name = state->field->name;
    if (!state->elements)
        return value;
    IrValue *index = value;
    value = cursor_address(region, state, cursor_elements(region, state, place), index, place);
    cursor_note(region, index, value);
    return value;
}

// Both are asked of the state as it is before the instruction. One that reads and writes, as a
// call of the runtime does, needs memory up to date before it and what memory says after it.
static void visit_other(CacheRegion *region, int position, IrInstruction *at, IrValue **current) {
    const Cache *cache = region->cache;
    for (size_t s = 0; s < cache->count; s++) {
        Touch touch = cache_touch(region, &cache->states[s], at);
        if (touch.reads || touch.writes)
            add_event(region, position, (CacheEvent){CACHE_SHOWS, s, current[s], at});
        if (touch.writes)
            current[s] = read_again(region, &cache->states[s], at->next);
    }
    cursor_visit(region, at);
}

// A return, or going on with another frame: this one is put aside, and whoever takes it up
// again reads its fields from memory.
static void visit_terminator(CacheRegion *region, int position, IrInstruction *at,
                             IrValue **current) {
    bool shows = at->op == IR_RET;
    for (size_t i = 0; i < region->region->exits.count; i++) {
        const ShapeExit *exit = &region->region->exits.items[i];
        if (exit->terminator == at && !shape_exit_keeps_frame(region->region, exit))
            shows = true;
    }
    for (size_t s = 0; shows && s < region->cache->count; s++)
        add_event(region, position, (CacheEvent){CACHE_SHOWS, s, current[s], at});
}

// `abandon %frame`: whatever memory holds of this frame, nobody will ask for it.
static bool abandons_own(const CacheRegion *region, const IrInstruction *at) {
    return at->op == IR_ABANDON &&
           shape_value(region->region, at->operands.items[0]) == region->region->frame;
}

static void abandon(CacheRegion *region, int position) {
    for (size_t s = 0; s < region->cache->count; s++)
        add_event(region, position, (CacheEvent){CACHE_ABANDONS, s, NULL, NULL});
}

// The states at a block's start come from its predecessors' ends, so blocks are walked in an
// order in which those come first; back edges get a parameter (passes/support/variables.h).
static void walk_block(CacheRegion *region, int position, IrValue **current) {
    const Cache *cache = region->cache;
    IrBlock *block = region->region->cfg->nodes[position].block;
    variables_enter(region->variables, position, current);
    bool is_abandoned = false; // in this block
    for (IrInstruction *at = block->first, *next; at; at = next) {
        next = at->next;
        size_t s = 0;
        if (abandons_own(region, at)) {
            abandon(region, position);
            is_abandoned = true;
        }
        while (s < cache->count && !cache_accesses_own(region->region, at, cache->states[s].field))
            s++;
        if (s < cache->count && at->op == IR_LOAD)
            replace_load(region, at, &cache->states[s], current[s]);
        else if (s < cache->count)
            replace_store(region, position, at, s, current);
        else if (is_abandoned)
            cursor_visit(region, at);
        else if (ir_op_is_terminator(at->op))
            visit_terminator(region, position, at, current);
        else
            visit_other(region, position, at, current);
    }
    variables_leave(region->variables, position, current);
}

// Reads again that turned out to be needed: the region's own have been replaced.
static size_t count_reads(const Cache *cache, const ShapeRegion *source) {
    size_t reads = 0;
    for (size_t b = 0; b < source->region->blocks.count; b++)
        for (IrInstruction *at = source->region->blocks.items[b]->first; at; at = at->next)
            for (size_t s = 0; s < cache->count; s++)
                reads +=
                    at->op == IR_LOAD && cache_accesses_own(source, at, cache->states[s].field);
    return reads;
}

static void rewrite_region(Cache *cache, const ShapeRegion *source) {
    Arena *scratch = cache->context->scratch;
    const IrCfg *cfg = source->cfg;
    // The order of what follows matters. Loads and stores become values first; then it is
    // known where memory is stale, and write-backs are put in; the exits pass what the last
    // block's values are; and only then can it be seen which stores into new frames are seen
    // by nobody.
    TidyBaseline *before = tidy_baseline(source->region, scratch);
    CacheRegion region = {.cache = cache, .region = source};
    region.paths = frame_path_values_new(cache->paths, source, scratch);
    region.accesses = const_accesses_new(source, scratch);
    region.substitution.arena = scratch;
    region.events = ARENA_ARRAY(scratch, CacheEvents, cfg->count);
    Variable *declared = ARENA_ARRAY(scratch, Variable, cache->count);
    for (size_t s = 0; s < cache->count; s++) {
        IrValue *parameter = shape_parameter(source, cache->states[s].parameter);
        declared[s] = (Variable){cache->states[s].field->name, parameter->type, parameter};
    }
    region.variables = variables_new(source, declared, cache->count, scratch);
    IrValue **current = ARENA_ARRAY(scratch, IrValue *, cache->count);
    for (size_t i = 0; i < cfg->reachable; i++) {
        int position = cfg->reverse_post_order[i];
        if (shape_is_inside(source, cfg->nodes[position].block))
            walk_block(&region, position, current);
    }
    variables_finish(region.variables);
    substitution_apply(&region.substitution, source->region);
    // The bases of accesses may have been loads of states themselves.
    region.accesses = const_accesses_new(source, scratch);
    cache_write_back(&region);
    cache_complete_exits(&region);
    cache_drop_stores(&region);
    tidy_remove_redundant_parameters(source->region, before);
    tidy_remove_dead(source->region, before);
    cache->counts.read_again += count_reads(cache, source);
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

// The loop's parameters for the states.
// The parameter's path tells passes that come later what it stands for.
static void add_parameters(Cache *cache) {
    Arena *arena = cache->shape.module->arena;
    for (size_t s = 0; s < cache->count; s++) {
        CachedField *state = &cache->states[s];
        IrPath *mirror = ARENA_NEW(arena, IrPath);
        mirror->root = ir_state_name(cache->shape.table, IR_FRAME_PARAMETER);
        ARENA_PUSH(arena, &mirror->fields, state->field);
        IrType type = state->elements ? IR_PTR : ir_cell_type(state->field->cell);
        state->parameter =
            ir_table_parameter_new(cache->shape.table, cache->shape.function, state->field->name,
                                   type, mirror, state->elements != NULL);
    }
    pass_count_add(cache->context->report, "parameters added", (int64_t)cache->count);
}

void cache_frame_state_run(PassContext *context) {
    Cache cache = {.context = context};
    const char *reason;
    if (!shape_find(context->module, &cache.shape, &reason)) {
        pass_remark(context->report, "nothing done: %s", reason);
        return;
    }
    cache.paths = frame_paths_new(&cache.shape, context->scratch);
    cache_choose(&cache);
    if (!cache.count)
        return;
    shape_open(&cache.shape);
    add_parameters(&cache);
    ShapeRegions regions = shape_regions(&cache.shape, context->scratch);
    for (size_t r = 0; r < regions.count; r++)
        rewrite_region(&cache, regions.items[r]);
    count(&cache);
}
