// Where cache-frame-state meets memory. A forward analysis says where memory is stale, so that
// each write-back happens once, where somebody first may look (a state is a line of a
// write-back cache, *dirty* after it was set). An exit with another frame passes that frame's
// state: what was stored there on every way to the exit, or what is read from it. And stores
// into a frame that the loop goes on with are dropped, if on each way nothing looks at them
// before the loop, which carries the value, takes over (dead store elimination).
#include "ir/builder.h"
#include "passes/cache_frame_state.h"

// ---- Write backs -------------------------------------------------------------------------

// The states of which memory is stale at each block's start: a forward analysis over the
// events, a bit a state (there are fewer than registers, so they fit). Where paths meet, stale
// on any of them is stale: a write-back too many costs a store, one too few is a wrong frame.
// At the region's start all are, since the bytecode before has left them in parameters.
static uint64_t *find_stale(const CacheRegion *region, Arena *scratch) {
    const IrCfg *cfg = region->region->cfg;
    uint64_t *at_start = ARENA_ARRAY(scratch, uint64_t, cfg->count + 1);
    uint64_t *at_end = ARENA_ARRAY(scratch, uint64_t, cfg->count + 1);
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < cfg->reachable; i++) {
            int position = cfg->reverse_post_order[i];
            const IrCfgNode *node = &cfg->nodes[position];
            uint64_t stale = node->block == region->region->start ? ~UINT64_C(0) : 0;
            for (size_t p = 0; p < node->predecessors.count; p++)
                stale |= at_end[node->predecessors.items[p]];
            at_start[position] = stale;
            const CacheEvents *events = &region->events[position];
            for (size_t e = 0; e < events->count; e++) {
                uint64_t bit = UINT64_C(1) << events->items[e].state;
                stale = events->items[e].kind == CACHE_DEFINES ? stale | bit : stale & ~bit;
            }
            again |= at_end[position] != stale;
            at_end[position] = stale;
        }
    }
    return at_start;
}

// A cursor is carried as an address, and memory holds the index.
static void write_back(CacheRegion *region, const CacheEvent *event) {
    const CachedField *state = &region->cache->states[event->state];
    IrValue *value = substitution_of(&region->substitution, event->value);
    if (state->elements)
        value = cursor_index(region, state, value, event->before);
    IrBuilder builder = edit_before(region->cache->shape.module, event->before);
    ir_build_store(&builder, IR_STORE, region->region->frame, state->field, NULL, value);
    region->cache->counts.written_back++;
}

// The same walk again, this time with the stores: once written back, a state is up to date
// until it is set anew.
void cache_write_back(CacheRegion *region) {
    const IrCfg *cfg = region->region->cfg;
    const uint64_t *at_start = find_stale(region, region->cache->context->scratch);
    for (size_t b = 0; b < cfg->count; b++) {
        uint64_t stale = at_start[b];
        const CacheEvents *events = &region->events[b];
        for (size_t e = 0; e < events->count; e++) {
            const CacheEvent *event = &events->items[e];
            uint64_t bit = UINT64_C(1) << event->state;
            if (event->kind == CACHE_SHOWS && stale & bit)
                write_back(region, event);
            stale = event->kind == CACHE_DEFINES ? stale | bit : stale & ~bit;
        }
    }
}

// ---- What a new frame's state is ---------------------------------------------------------

// Looks upwards from an exit for the store that has set a state of the new frame.
typedef struct StoreSearch {
    const CacheRegion *region;
    const CachedField *state;
    const IrValue *frame;
    IrInstruction *found;
    bool failed;
    bool *visited; // blocks that have been searched from their end
    ARENA_VECTOR(int) work;
} StoreSearch;

static bool defines_here(const IrBlock *block, const IrInstruction *at, const IrValue *value) {
    if (at)
        return at->result == value;
    return value->kind == IR_PARAMETER && value->parameter.block == block;
}

static bool may_change(const StoreSearch *search, const IrInstruction *at) {
    const CacheRegion *region = search->region;
    // A write back to the own frame is no store into one that is being made here.
    if (at->op == IR_STORE && at->field == search->state->field &&
        at->operands.items[0] == region->region->frame &&
        const_access_is_being_made(region->accesses, search->frame, at))
        return false;
    return cache_touch(region, search->state, at).writes;
}

// From `at` upwards to the block's start. False: the search ends here.
static bool search_up(StoreSearch *search, const IrBlock *block, IrInstruction *at) {
    for (; at; at = at->previous) {
        if (at->op == IR_STORE && at->field == search->state->field &&
            at->operands.items[0] == search->frame) {
            search->failed |= search->found && search->found != at;
            search->found = at;
            return false;
        }
        if (may_change(search, at) || defines_here(block, at, search->frame)) {
            search->failed = true;
            return false;
        }
    }
    search->failed |= defines_here(block, NULL, search->frame) ||
                      block == search->region->region->start ||
                      block == search->region->region->region->blocks.items[0];
    return !search->failed;
}

// The one store that sets the state of `frame` on every way to `place`, with nothing
// after it that may change it; NULL: there is none.
// From the exit upwards. The search fails where it comes upon a second store, something that
// may have changed the field, the place where the frame's value is made, or the region's
// start: then memory knows better, and is read.
static IrInstruction *find_store(const CacheRegion *region, const CachedField *state,
                                 const IrValue *frame, IrInstruction *place) {
    const IrCfg *cfg = region->region->cfg;
    Arena *scratch = arena_new();
    StoreSearch search = {.region = region, .state = state, .frame = frame};
    search.visited = ARENA_ARRAY(scratch, bool, cfg->count + 1);
    int position = ir_cfg_position(cfg, place->block);
    bool on = search_up(&search, place->block, place->previous);
    for (;;) {
        const IrCfgNode *node = &cfg->nodes[position];
        for (size_t i = 0; on && i < node->predecessors.count; i++) {
            int before = node->predecessors.items[i];
            if (!search.visited[before]) {
                search.visited[before] = true;
                ARENA_PUSH(scratch, &search.work, before);
            }
        }
        if (search.failed || !search.work.count)
            break;
        position = search.work.items[--search.work.count];
        on = search_up(&search, cfg->nodes[position].block, cfg->nodes[position].block->last);
    }
    arena_free(scratch);
    return search.failed ? NULL : search.found;
}

static IrValue *state_of_new_frame(CacheRegion *region, const CachedField *state,
                                   const ShapeExit *exit) {
    Cache *cache = region->cache;
    IrValue *frame = shape_exit_argument(exit, IR_FRAME_PARAMETER);
    IrInstruction *place = exit->terminator, *store = find_store(region, state, frame, place);
    IrValue *value;
    if (store) {
        value = ir_stored_value(store);
        cache->counts.forwarded++;
    } else {
        IrBuilder builder = edit_before(cache->shape.module, place);
        value = ir_build_load(&builder, frame, state->field, NULL);
        value->name = state->field->name;
        cache->counts.loaded++;
    }
    if (!state->elements)
        return value;
    // The elements may be on their way to the header already.
    IrValue *elements = state->elements->table_parameter >= 0
                            ? shape_exit_argument(exit, (size_t)state->elements->table_parameter)
                            : frame_path_read(region->paths, region->accesses, state->elements,
                                              frame, place, &region->reads);
    return cursor_address(region, state, elements, value, place);
}

// Every exit passes every state: the current value, or that of the frame that it goes on with.
void cache_complete_exits(CacheRegion *region) {
    Cache *cache = region->cache;
    for (size_t i = 0; i < region->region->exits.count; i++) {
        const ShapeExit *exit = &region->region->exits.items[i];
        bool keeps = shape_exit_keeps_frame(region->region, exit);
        size_t position =
            (size_t)ir_cfg_position(region->region->cfg, exit->terminator->block) * cache->count;
        for (size_t s = 0; s < cache->count; s++) {
            IrValue *value = keeps ? substitution_of(&region->substitution,
                                                     region->variables->at_end[position + s])
                                   : state_of_new_frame(region, &cache->states[s], exit);
            shape_exit_add(&cache->shape, exit, value);
        }
        if (exit->edge >= 0) {
            cache->counts.kept += keeps;
            cache->counts.changed += !keeps;
        }
    }
}

// ---- Stores that nobody sees ----------------------------------------------------------------

typedef enum Sight {
    GOES_ON,
    UNSEEN, // whatever comes, memory is not looked at before it is set again
    SEEN,
} Sight;

static Sight sight_of(const CacheRegion *region, const CachedField *state,
                      const IrInstruction *store, const IrInstruction *at) {
    const IrValue *frame = store->operands.items[0];
    // Where the frame's value is made anew, later stores through it are to another one.
    if (at->op == IR_RET || at->op == IR_TAIL || at->result == frame)
        return SEEN;
    if (at->op == IR_UNREACHABLE)
        return UNSEEN;
    if ((at->op == IR_LOAD || at->op == IR_STORE) && at->field) {
        if (at->field != state->field)
            return GOES_ON;
        const IrValue *base = at->operands.items[0];
        if (at->op == IR_STORE)
            return base == frame ? UNSEEN : GOES_ON;
        bool apart = base == region->region->frame &&
                     const_access_is_being_made(region->accesses, frame, at);
        return apart ? GOES_ON : SEEN;
    }
    if (cache_touch(region, state, at).reads)
        return SEEN;
    return GOES_ON;
}

// What an exit does: the loop carries the states of the frame that it goes on with.
static bool leaves_with(const IrInstruction *at, const ShapeRegion *region, const IrValue *frame,
                        bool *leaves) {
    for (size_t i = 0; i < region->exits.count; i++) {
        const ShapeExit *exit = &region->exits.items[i];
        if (exit->terminator != at)
            continue;
        *leaves = true;
        if (shape_exit_argument(exit, IR_FRAME_PARAMETER) != frame)
            return false;
    }
    return true;
}

// A search downwards from the store, each block once: is there a way on which somebody reads
// the field before it is set again, or before the loop takes over the frame, whose state it
// carries? A store through another pointer might be to the same frame, or not, so it settles
// nothing.
static bool is_unseen(const CacheRegion *region, const CachedField *state,
                      const IrInstruction *store) {
    const IrCfg *cfg = region->region->cfg;
    Arena *scratch = arena_new();
    bool *visited = ARENA_ARRAY(scratch, bool, cfg->count + 1), unseen = true;
    ARENA_VECTOR(int) work = {0};
    const IrInstruction *at = store->next;
    int position = ir_cfg_position(cfg, store->block);
    while (unseen) {
        const IrValue *frame = store->operands.items[0];
        Sight sight = at == cfg->nodes[position].block->first &&
                              defines_here(cfg->nodes[position].block, NULL, frame)
                          ? SEEN
                          : GOES_ON;
        for (; at && sight == GOES_ON; at = at->next)
            sight = sight_of(region, state, store, at);
        unseen = sight != SEEN;
        bool leaves = false;
        const IrInstruction *last = cfg->nodes[position].block->last;
        if (sight == GOES_ON)
            unseen &= leaves_with(last, region->region, frame, &leaves);
        const IrCfgNode *node = &cfg->nodes[position];
        for (size_t i = 0;
             sight == GOES_ON && last->op != IR_DISPATCH && i < node->successors.count; i++) {
            int next = node->successors.items[i];
            if (visited[next] || cfg->nodes[next].block == region->region->start)
                continue;
            visited[next] = true;
            ARENA_PUSH(scratch, &work, next);
        }
        if (!work.count)
            break;
        position = work.items[--work.count];
        at = cfg->nodes[position].block->first;
    }
    arena_free(scratch);
    return unseen;
}

void cache_drop_stores(CacheRegion *region) {
    Cache *cache = region->cache;
    const IrRegion *source = region->region->region;
    for (size_t b = 0; b < source->blocks.count; b++)
        for (IrInstruction *at = source->blocks.items[b]->first, *next; at; at = next) {
            next = at->next;
            // The removal takes the store's block off, which ends the loop.
            for (size_t s = 0; at->block && at->op == IR_STORE && s < cache->count; s++) {
                if (at->field != cache->states[s].field ||
                    !is_unseen(region, &cache->states[s], at))
                    continue;
                ir_remove(at);
                cache->counts.dropped++;
            }
        }
}
