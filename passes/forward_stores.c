// Where forward-stack drops stores, and moves them to where somebody looks. A backward analysis
// says of which cells somebody may still look at what they hold (liveness, of memory): a store
// to others is dead, as is what lies above the stack pointer when a bytecode ends.
//
// A store that is dead on some ways only is *sunk*: made at the beginning of those ways on which
// it is needed whatever comes, and not on the others (partial dead code elimination: Knoop,
// Rüthing and Steffen, PLDI 1994). Whoever leaves a hot path for a call or an exit thus brings
// memory up to date himself. A store goes down a tree of blocks with one way to each, so it is
// made at most once on each way, and as late as the first place where all ways need it.
#include "passes/forward_stack.h"

// At a block's start, and on the ways out of the region.
typedef struct Sight {
    uint64_t live;    // somebody may look at the cell before it is stored to
    uint64_t certain; // and does, or nothing can pass, on every way
} Sight;

// Where a sunk store is made: before the first instruction of a block, or on an edge.
typedef struct Landing {
    IrBlock *block;            // NULL: on the edge
    IrInstruction *terminator; // of the edge
    size_t edge;
} Landing;

typedef struct Sinking {
    IrInstruction *store;
    ARENA_VECTOR(Landing) landings;
    bool is_spared; // on some way it isn't made any more
    bool is_stuck;  // it can't be made where it had to be
} Sinking;

typedef struct Stores {
    ForwardRegion *region;
    Sight *in; // by position
    ARENA_VECTOR(IrInstruction *) dead;
    ARENA_VECTOR(Sinking) sinkings;
} Stores;

// ---- Who looks ---------------------------------------------------------------------------------

// Where the stack pointer stands for who goes on with those arguments, in bytes from where it
// stood. False: with another frame, or nobody knows where.
static bool find_top(const ForwardRegion *region, const IrPosition *position,
                     IrValue *const *arguments, size_t count, int64_t *top) {
    const IrProgress *progress = region->progress;
    IrDistance stack = position->stack;
    if (count <= IR_FRAME_PARAMETER || !progress->frame ||
        substitution_of(&region->same, arguments[IR_FRAME_PARAMETER]) != progress->frame)
        return false;
    if (progress->stack_parameter >= 0)
        stack = ir_progress_value(progress, arguments[progress->stack_parameter]);
    *top = stack.constant;
    return stack.base == IR_BASE_STACK && !stack.factor;
}

// The cells that somebody may look at who goes on with those arguments: not at free slots.
static uint64_t seen_with(const ForwardRegion *region, const IrPosition *position,
                          IrValue *const *arguments, size_t count) {
    int64_t top;
    uint64_t seen = region->all;
    if (!find_top(region, position, arguments, count, &top))
        return seen;
    for (size_t c = 0; c < region->count; c++)
        if (forward_is_slot(region, (int)c) && region->places[c].offset >= top)
            seen &= ~(UINT64_C(1) << c);
    return seen;
}

static IrPosition position_at_end(const ForwardRegion *region, int block) {
    IrPosition position = region->progress->in[block];
    for (const IrInstruction *at = region->cfg->nodes[block].block->first; at; at = at->next)
        ir_progress_step(region->progress, &position, at);
    return position;
}

// What is seen over one edge.
static Sight sight_over(const Stores *stores, const IrPosition *position, const IrEdge *edge) {
    const ForwardRegion *region = stores->region;
    int target = ir_cfg_position(region->cfg, edge->block);
    if (target >= 0)
        return stores->in[target];
    uint64_t seen = seen_with(region, position, edge->arguments.items, edge->arguments.count);
    return (Sight){seen, seen};
}

static Sight sight_at_end(const Stores *stores, int block) {
    const ForwardRegion *region = stores->region;
    const IrInstruction *last = region->cfg->nodes[block].block->last;
    IrPosition position = position_at_end(region, block);
    Sight sight = {0, region->all};
    if (last->op == IR_UNREACHABLE)
        return (Sight){0, 0};
    if (!last->edges.count) {
        bool goes_on = ir_op_leaves_by_table(last->op) && last->table == region->table;
        uint64_t seen = goes_on ? seen_with(region, &position, last->operands.items + 1,
                                            last->operands.count - 1)
                                : region->all;
        return (Sight){seen, seen};
    }
    for (size_t e = 0; e < last->edges.count; e++) {
        Sight over = sight_over(stores, &position, &last->edges.items[e]);
        sight.live |= over.live;
        sight.certain &= over.certain;
    }
    return sight;
}

// Carries what is seen after an instruction to before it.
static void step_up(const ForwardRegion *region, const IrInstruction *at, Sight *sight) {
    StackTouch touch = forward_touch(region, at);
    uint64_t hides = at->op == IR_STORE && touch.exact >= 0 ? UINT64_C(1) << touch.exact : 0;
    uint64_t seen = touch.reads | touch.renews;
    sight->live = (sight->live & ~hides) | seen;
    // Another store that may be to the same cell must not come first.
    uint64_t stops = seen | (touch.writes & ~hides) | touch.stops;
    sight->certain = ((sight->certain & ~hides) | stops) & sight->live;
}

static Sight sight_at_start(const Stores *stores, int block) {
    const IrBlock *source = stores->region->cfg->nodes[block].block;
    Sight sight = sight_at_end(stores, block);
    for (const IrInstruction *at = source->last; at; at = at->previous)
        step_up(stores->region, at, &sight);
    uint64_t renewed = forward_renewed_by(stores->region, source);
    return (Sight){sight.live | renewed, sight.certain | renewed};
}

// First who may look, which grows from nobody; then who does on every way, which shrinks from
// all of those. Each settles, as long as the other stands still.
static void find_sight(Stores *stores) {
    const IrCfg *cfg = stores->region->cfg;
    stores->in = ARENA_ARRAY(stores->region->scratch, Sight, cfg->count);
    for (bool again = true; again;) {
        again = false;
        for (size_t i = cfg->reachable; i-- > 0;) {
            Sight *in = &stores->in[cfg->reverse_post_order[i]];
            uint64_t live = sight_at_start(stores, cfg->reverse_post_order[i]).live;
            again |= live != in->live;
            in->live = live;
        }
    }
    for (size_t b = 0; b < cfg->count; b++)
        stores->in[b].certain = stores->in[b].live;
    for (bool again = true; again;) {
        again = false;
        for (size_t i = cfg->reachable; i-- > 0;) {
            Sight *in = &stores->in[cfg->reverse_post_order[i]];
            uint64_t certain = sight_at_start(stores, cfg->reverse_post_order[i]).certain;
            again |= certain != in->certain;
            in->certain = certain;
        }
    }
}

// ---- Sinking -----------------------------------------------------------------------------------

static void land(Stores *stores, Sinking *sinking, Landing landing) {
    ARENA_PUSH(stores->region->scratch, &sinking->landings, landing);
}

// A poll's cold edge leads right to the block that calls (rule `poll`).
static void land_on_edge(Stores *stores, Sinking *sinking, IrInstruction *last, size_t edge) {
    sinking->is_stuck |= last->op == IR_POLL && edge == 1;
    land(stores, sinking, (Landing){NULL, last, edge});
}

// Follows a store, which nobody needs before the block's end, to where it is needed. Blocks with
// one way to them form trees, so each is visited once.
static void sink_from(Stores *stores, Sinking *sinking, int start, uint64_t cell) {
    const ForwardRegion *region = stores->region;
    ARENA_VECTOR(int) work = {0};
    ARENA_PUSH(region->scratch, &work, start);
    while (work.count) {
        int block = work.items[--work.count];
        IrInstruction *last = region->cfg->nodes[block].block->last;
        IrPosition position = position_at_end(region, block);
        for (size_t e = 0; e < last->edges.count; e++) {
            Sight sight = sight_over(stores, &position, &last->edges.items[e]);
            int target = ir_cfg_position(region->cfg, last->edges.items[e].block);
            bool is_only_way = target > 0 && region->cfg->nodes[target].predecessors.count == 1;
            if (!(sight.live & cell))
                sinking->is_spared = true;
            else if (!is_only_way)
                land_on_edge(stores, sinking, last, e);
            else if (sight.certain & cell)
                land(stores, sinking, (Landing){.block = last->edges.items[e].block});
            else
                ARENA_PUSH(region->scratch, &work, target);
        }
    }
}

static void look_at_stores(Stores *stores, int block) {
    const ForwardRegion *region = stores->region;
    Sight sight = sight_at_end(stores, block);
    for (IrInstruction *at = region->cfg->nodes[block].block->last; at; at = at->previous) {
        StackTouch touch = forward_touch(region, at);
        uint64_t cell = touch.exact < 0 ? 0 : UINT64_C(1) << touch.exact;
        if (at->op == IR_STORE && cell & ~sight.live) {
            ARENA_PUSH(region->scratch, &stores->dead, at);
        } else if (at->op == IR_STORE && cell & ~sight.certain) {
            Sinking sinking = {.store = at};
            sink_from(stores, &sinking, block, cell);
            if (sinking.is_spared && !sinking.is_stuck)
                ARENA_PUSH(region->scratch, &stores->sinkings, sinking);
        }
        step_up(region, at, &sight);
    }
}

// The instruction before which the store is made. The edge may have been split for another one.
static IrInstruction *open_landing(const ForwardRegion *region, const Landing *landing) {
    if (landing->block)
        return landing->block->first;
    IrInstruction *last = landing->terminator;
    if (last->edges.count == 1)
        return last;
    IrBlock *target = last->edges.items[landing->edge].block;
    bool is_split = ir_cfg_position(region->cfg, target) < 0 &&
                    !edit_is_header(region->region->function, target);
    return is_split ? target->last
                    : edit_split_edge(region->module, last, landing->edge, "store")->last;
}

static void store_before(const ForwardRegion *region, const IrInstruction *store,
                         IrInstruction *place) {
    IrBuilder builder = edit_before(region->module, place);
    builder.at = store->at;
    IrValue *base = store->operands.items[0], *index = ir_access_index(store);
    if (store->field)
        ir_build_store(&builder, IR_STORE, base, store->field, index, ir_stored_value(store));
    else
        ir_build_store_element(&builder, IR_STORE, store->cell, base, index, ir_stored_value(store),
                               store->alias_class);
}

bool forward_stores(ForwardRegion *region) {
    Stores stores = {.region = region};
    find_sight(&stores);
    for (size_t i = 0; i < region->cfg->reachable; i++)
        look_at_stores(&stores, region->cfg->reverse_post_order[i]);
    for (size_t i = 0; i < stores.sinkings.count; i++) {
        const Sinking *sinking = &stores.sinkings.items[i];
        for (size_t l = 0; l < sinking->landings.count; l++)
            store_before(region, sinking->store, open_landing(region, &sinking->landings.items[l]));
        ir_remove(sinking->store);
    }
    for (size_t i = 0; i < stores.dead.count; i++)
        ir_remove(stores.dead.items[i]);
    region->counts->stores += (int64_t)stores.dead.count;
    region->counts->sunk += (int64_t)stores.sinkings.count;
    return stores.dead.count + stores.sinkings.count > 0;
}
