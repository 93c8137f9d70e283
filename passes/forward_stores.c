// Where forward-stack drops stores, and moves them to where somebody looks. A backward analysis
// says of which cells somebody may still look at what they hold (liveness, of memory): a store
// to others is dead, as is what lies above the stack pointer when a bytecode ends.
//
// A store that is dead on some ways only is *sunk*: made at the beginning of those ways on which
// it is needed whatever comes, and not on the others (partial dead code elimination: Knoop,
// Rüthing and Steffen, PLDI 1994). Whoever leaves a hot path for a call or an exit thus brings
// memory up to date himself. Until then it is *pending*. Where ways join on each of which a store
// of the cell is pending, it stays so, and a parameter says what is to be stored. So it is made
// at most once on each way, and as late as the first place where all ways need it.
#include "ir/builder.h"
#include "passes/forward_stack.h"

// At a block's start, and on the ways out of the region.
typedef struct Sight {
    uint64_t live;    // somebody may look at the cell before it is stored to
    uint64_t certain; // and does, or nothing can pass, on every way
} Sight;

// Of which cells a store is pending at a block's start and end, and of which it begins to be there.
typedef struct Pending {
    uint64_t in, out, begun;
} Pending;

// The blocks through which stores of one cell are pending together, known by one of them. Where
// one is made at a block's start, and another begins to be pending in it, they count as one web.
typedef struct Web {
    int parent;     // position of another one of its blocks, or its own
    int stores;     // how many begin to be pending in it
    bool is_spared; // on some way none of them is made any more
    bool is_stuck;  // it would have to be made where it can't be
} Web;

typedef struct Stores {
    ForwardRegion *region;
    bool *abandoned;        // by position: at the block's end the region's frame is
    Sight *in;              // by position
    Pending *pending;       // by position
    uint64_t *moved;        // by position: the cells whose pending stores are moved
    IrInstruction **begins; // position * FORWARD_CELLS + cell: the store that is pending from there
    IrValue **values;       // the same: what is to be stored, at the block's end
    IrValue **entering;     // the same, at its start
    ARENA_VECTOR(IrInstruction *) dead;
} Stores;

// ---- Who looks ---------------------------------------------------------------------------------

// The slots that the table's parameters hold.
static uint64_t passed_with(const ForwardRegion *region, const IrTable *table,
                            IrValue *const *arguments) {
    uint64_t passed = 0;
    for (int slot = 1; slot <= ir_table_slots(table); slot++) {
        int cell = forward_find_slot(region, arguments[region->progress->stack_parameter], slot);
        passed |= cell < 0 ? 0 : UINT64_C(1) << cell;
    }
    return passed;
}

// Does who goes on with those arguments have another frame, which doesn't lie on the stack of the
// region's own, and was that abandoned? Nobody looks at its slots then.
static bool leaves_stack(const Stores *stores, int block, IrValue *const *arguments, size_t count) {
    if (count <= IR_FRAME_PARAMETER || !stores->abandoned[block])
        return false;
    IrDistance frame = ir_progress_value(stores->region->progress, arguments[IR_FRAME_PARAMETER]);
    return frame.base != IR_BASE_STACK;
}

// The cells that somebody may look at who goes on through the table with those arguments: not at
// free slots, nor at those that are passed on in parameters.
static uint64_t seen_with(const Stores *stores, int block, const IrPosition *position,
                          const IrTable *table, IrValue *const *arguments, size_t count) {
    const ForwardRegion *region = stores->region;
    int64_t top = INT64_MIN;
    uint64_t seen = region->all;
    bool keeps = forward_keeps_frame(region, arguments, count);
    if (keeps && region->progress->stack_parameter >= 0)
        seen &= ~passed_with(region, table, arguments);
    bool knows = keeps ? forward_find_top(region, position, arguments, count, &top)
                       : leaves_stack(stores, block, arguments, count);
    for (size_t c = 0; knows && c < region->count; c++)
        if (forward_is_slot(region, (int)c) && region->places[c].offset >= top)
            seen &= ~(UINT64_C(1) << c);
    return seen;
}

// Whether the region's frame was abandoned, on every way: nobody looks at its stack any more.
static void find_abandoned(Stores *stores) {
    const ForwardRegion *region = stores->region;
    const IrCfg *cfg = region->cfg;
    bool *does = ARENA_ARRAY(region->scratch, bool, cfg->count);
    stores->abandoned = ARENA_ARRAY(region->scratch, bool, cfg->count);
    for (size_t b = 0; b < cfg->count; b++) {
        for (const IrInstruction *at = cfg->nodes[b].block->first; at; at = at->next)
            does[b] |=
                at->op == IR_ABANDON &&
                substitution_of(&region->same, at->operands.items[0]) == region->progress->frame;
        stores->abandoned[b] = b > 0 || does[b];
    }
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 1; i < cfg->reachable; i++) {
            int block = cfg->reverse_post_order[i];
            bool before = true;
            for (size_t p = 0; p < cfg->nodes[block].predecessors.count; p++)
                before &= stores->abandoned[cfg->nodes[block].predecessors.items[p]];
            again |= stores->abandoned[block] && !before && !does[block];
            stores->abandoned[block] = before || does[block];
        }
    }
}

// What is seen over one edge of a block.
static Sight sight_over(const Stores *stores, int block, const IrPosition *position,
                        const IrEdge *edge) {
    const ForwardRegion *region = stores->region;
    int target = ir_cfg_position(region->cfg, edge->block);
    if (target >= 0)
        return stores->in[target];
    uint64_t seen = seen_with(stores, block, position, region->table, edge->arguments.items,
                              edge->arguments.count);
    return (Sight){seen, seen};
}

static Sight sight_at_end(const Stores *stores, int block) {
    const ForwardRegion *region = stores->region;
    const IrInstruction *last = region->cfg->nodes[block].block->last;
    IrPosition position = forward_position_at_end(region, block);
    Sight sight = {0, region->all};
    if (last->op == IR_UNREACHABLE)
        return (Sight){0, 0};
    if (!last->edges.count) {
        bool goes_on =
            ir_op_leaves_by_table(last->op) && ir_tables_match(last->table, region->table);
        uint64_t seen = goes_on ? seen_with(stores, block, &position, last->table,
                                            last->operands.items + 1, last->operands.count - 1)
                                : region->all;
        return (Sight){seen, seen};
    }
    for (size_t e = 0; e < last->edges.count; e++) {
        Sight over = sight_over(stores, block, &position, &last->edges.items[e]);
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

// ---- Pending stores ----------------------------------------------------------------------------

// Finds the dead ones, and those that nobody needs for certain. As these pass all that is left
// of their block, they are pending at its end.
static void look_at_stores(Stores *stores, int block) {
    const ForwardRegion *region = stores->region;
    Sight sight = sight_at_end(stores, block);
    for (IrInstruction *at = region->cfg->nodes[block].block->last; at; at = at->previous) {
        StackTouch touch = forward_touch(region, at);
        uint64_t cell = touch.exact < 0 ? 0 : UINT64_C(1) << touch.exact;
        if (at->op == IR_STORE && cell & ~sight.live) {
            ARENA_PUSH(region->scratch, &stores->dead, at);
        } else if (at->op == IR_STORE && cell & ~sight.certain) {
            stores->pending[block].begun |= cell;
            stores->begins[block * FORWARD_CELLS + touch.exact] = at;
        }
        step_up(region, at, &sight);
    }
}

// They stay pending as long as they are on all ways, and not all ways from there need them.
static void find_pending(Stores *stores) {
    const IrCfg *cfg = stores->region->cfg;
    for (size_t i = 0; i < cfg->reachable; i++)
        stores->pending[cfg->reverse_post_order[i]].out = stores->region->all;
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < cfg->reachable; i++) {
            int block = cfg->reverse_post_order[i];
            const IrCfgNode *node = &cfg->nodes[block];
            Pending *pending = &stores->pending[block];
            pending->in = block ? stores->in[block].live : 0;
            for (size_t p = 0; p < node->predecessors.count; p++)
                pending->in &= stores->pending[node->predecessors.items[p]].out;
            uint64_t out = pending->begun | (pending->in & ~stores->in[block].certain);
            again |= out != pending->out;
            pending->out = out;
        }
    }
}

// ---- Webs --------------------------------------------------------------------------------------

static int web_of(Web *webs, int block) {
    while (webs[block].parent != block)
        block = webs[block].parent = webs[webs[block].parent].parent;
    return block;
}

static void join_webs(Web *webs, int one, int other) {
    one = web_of(webs, one);
    other = web_of(webs, other);
    if (one == other)
        return;
    webs[one].parent = other;
    webs[other].stores += webs[one].stores;
}

// What becomes of a pending store on the ways from a block's end. A poll's cold edge leads right
// to the block that calls (rule `poll`), so nothing can be put on it.
static void look_ahead(const Stores *stores, Web *web, int block, uint64_t cell) {
    const ForwardRegion *region = stores->region;
    const IrInstruction *last = region->cfg->nodes[block].block->last;
    IrPosition position = forward_position_at_end(region, block);
    for (size_t e = 0; e < last->edges.count; e++) {
        int target = ir_cfg_position(region->cfg, last->edges.items[e].block);
        if (!(sight_over(stores, block, &position, &last->edges.items[e]).live & cell))
            web->is_spared = true;
        else if (target < 0 || !(stores->pending[target].in & cell))
            web->is_stuck |= last->op == IR_POLL && e == 1;
    }
}

// Decides for one cell which of its pending stores are moved: those that some way is spared. Of
// several that join, the address has to be computed anew.
static void choose_webs(Stores *stores, size_t cell) {
    const ForwardRegion *region = stores->region;
    const IrCfg *cfg = region->cfg;
    uint64_t bit = UINT64_C(1) << cell;
    Web *webs = ARENA_ARRAY(region->scratch, Web, cfg->count);
    for (size_t b = 0; b < cfg->count; b++)
        webs[b] = (Web){.parent = (int)b, .stores = (stores->pending[b].begun & bit) != 0};
    for (size_t b = 0; b < cfg->count; b++)
        for (size_t p = 0; stores->pending[b].in & bit && p < cfg->nodes[b].predecessors.count; p++)
            join_webs(webs, cfg->nodes[b].predecessors.items[p], (int)b);
    for (size_t b = 0; b < cfg->count; b++)
        if (cfg->nodes[b].order >= 0 && stores->pending[b].out & bit)
            look_ahead(stores, &webs[web_of(webs, (int)b)], (int)b, bit);
    bool has_address = forward_can_reach(region, (int)cell);
    for (size_t b = 0; b < cfg->count; b++) {
        const Web *web = &webs[web_of(webs, (int)b)];
        if (web->is_spared && !web->is_stuck && (web->stores == 1 || has_address))
            stores->moved[b] |= bit & (stores->pending[b].in | stores->pending[b].out);
    }
}

// ---- Moving ------------------------------------------------------------------------------------

static bool is_join(const ForwardRegion *region, int block) {
    return region->cfg->nodes[block].predecessors.count > 1;
}

// What is pending where the block begins, and the store that it comes from.
static void enter(Stores *stores, int block, size_t cell) {
    const ForwardRegion *region = stores->region;
    const IrCfgNode *node = &region->cfg->nodes[block];
    size_t here = (size_t)block * FORWARD_CELLS + cell;
    IrType type = ir_cell_type(region->places[cell].cell);
    stores->entering[here] =
        is_join(region, block)
            ? ir_parameter_new(node->block, type, "slot")
            : stores->values[(size_t)node->predecessors.items[0] * FORWARD_CELLS + cell];
    for (size_t p = 0; p < node->predecessors.count && !stores->begins[here]; p++)
        stores->begins[here] =
            stores->begins[(size_t)node->predecessors.items[p] * FORWARD_CELLS + cell];
}

// Carries what is pending to the block's end. It may be needed at the block's start, and another
// store of the cell begin to be pending after that.
static void carry(Stores *stores, int block) {
    const Pending *pending = &stores->pending[block];
    for (size_t c = 0; c < stores->region->count; c++) {
        uint64_t bit = UINT64_C(1) << c;
        size_t here = (size_t)block * FORWARD_CELLS + c;
        if (!(stores->moved[block] & bit))
            continue;
        if (pending->in & bit)
            enter(stores, block, c);
        stores->values[here] =
            pending->begun & bit ? ir_stored_value(stores->begins[here]) : stores->entering[here];
    }
}

static void pass_on(const Stores *stores, int block) {
    const ForwardRegion *region = stores->region;
    IrInstruction *last = region->cfg->nodes[block].block->last;
    for (size_t e = 0; e < last->edges.count; e++) {
        int target = ir_cfg_position(region->cfg, last->edges.items[e].block);
        for (size_t c = 0; target >= 0 && is_join(region, target) && c < region->count; c++)
            if (stores->moved[target] & stores->pending[target].in & UINT64_C(1) << c)
                ir_edge_argument(region->module, &last->edges.items[e],
                                 stores->values[(size_t)block * FORWARD_CELLS + c]);
    }
}

// Makes the store that is pending in `block`. One that is there on all ways to it comes before it;
// where several are, the slot's address is computed from what comes before all of them.
static void store_before(const Stores *stores, int block, size_t cell, IrValue *value,
                         IrInstruction *place) {
    const ForwardRegion *region = stores->region;
    const IrInstruction *store = stores->begins[(size_t)block * FORWARD_CELLS + cell];
    IrBuilder builder = edit_before(region->module, place);
    builder.at = store->at;
    builder.inlined = store->inlined;
    IrValue *base = store->operands.items[0], *index = ir_access_index(store);
    if (forward_can_reach(region, (int)cell))
        ir_build_store_element(&builder, IR_STORE, store->cell, region->anchor,
                               forward_index(region, (int)cell), value, IR_ALIAS_STACK);
    else if (store->field)
        ir_build_store(&builder, IR_STORE, base, store->field, index, value);
    else
        ir_build_store_element(&builder, IR_STORE, store->cell, base, index, value,
                               store->alias_class);
}

// The instruction before which the store on an edge is made. The edge may have been split for
// another one.
static IrInstruction *open_edge(const ForwardRegion *region, IrInstruction *last, size_t edge) {
    if (last->edges.count == 1)
        return last;
    IrBlock *target = last->edges.items[edge].block;
    bool is_split = ir_cfg_position(region->cfg, target) < 0 &&
                    !edit_is_header(region->region->function, target);
    return is_split ? target->last : edit_split_edge(region->module, last, edge, "store")->last;
}

static void land_at_start(const Stores *stores, int block, size_t cell) {
    uint64_t bit = UINT64_C(1) << cell;
    if (stores->pending[block].in & stores->in[block].certain & bit)
        store_before(stores, block, cell, stores->entering[(size_t)block * FORWARD_CELLS + cell],
                     stores->region->cfg->nodes[block].block->first);
}

static void land_on_edges(const Stores *stores, int block, uint64_t cells) {
    const ForwardRegion *region = stores->region;
    IrInstruction *last = region->cfg->nodes[block].block->last;
    IrPosition position = forward_position_at_end(region, block);
    for (size_t e = 0; e < last->edges.count; e++) {
        int target = ir_cfg_position(region->cfg, last->edges.items[e].block);
        uint64_t needed = cells & sight_over(stores, block, &position, &last->edges.items[e]).live;
        if (target >= 0)
            needed &= ~stores->pending[target].in;
        for (size_t c = 0; c < region->count; c++)
            if (needed & UINT64_C(1) << c)
                store_before(stores, block, c, stores->values[(size_t)block * FORWARD_CELLS + c],
                             open_edge(region, last, e));
    }
}

// Those of the webs that are moved are made where they land, and not where they were.
static int64_t move_stores(Stores *stores) {
    const ForwardRegion *region = stores->region;
    const IrCfg *cfg = region->cfg;
    ARENA_VECTOR(IrInstruction *) moved = {0};
    for (size_t i = 0; i < cfg->reachable; i++) {
        int block = cfg->reverse_post_order[i];
        for (size_t c = 0; c < region->count; c++)
            if (stores->moved[block] & stores->pending[block].begun & UINT64_C(1) << c)
                ARENA_PUSH(region->scratch, &moved,
                           stores->begins[(size_t)block * FORWARD_CELLS + c]);
        carry(stores, block);
    }
    for (size_t i = 0; moved.count && i < cfg->reachable; i++)
        pass_on(stores, cfg->reverse_post_order[i]);
    for (size_t i = 0; moved.count && i < cfg->reachable; i++) {
        int block = cfg->reverse_post_order[i];
        for (size_t c = 0; c < region->count; c++)
            if (stores->moved[block] & UINT64_C(1) << c)
                land_at_start(stores, block, c);
        land_on_edges(stores, block, stores->moved[block] & stores->pending[block].out);
    }
    for (size_t i = 0; i < moved.count; i++)
        ir_remove(moved.items[i]);
    return (int64_t)moved.count;
}

bool forward_stores(ForwardRegion *region) {
    size_t blocks = region->cfg->count;
    Stores stores = {.region = region};
    stores.pending = ARENA_ARRAY(region->scratch, Pending, blocks);
    stores.moved = ARENA_ARRAY(region->scratch, uint64_t, blocks);
    stores.begins = ARENA_ARRAY(region->scratch, IrInstruction *, blocks * FORWARD_CELLS);
    stores.values = ARENA_ARRAY(region->scratch, IrValue *, blocks * FORWARD_CELLS);
    stores.entering = ARENA_ARRAY(region->scratch, IrValue *, blocks * FORWARD_CELLS);
    find_abandoned(&stores);
    find_sight(&stores);
    for (size_t i = 0; i < region->cfg->reachable; i++)
        look_at_stores(&stores, region->cfg->reverse_post_order[i]);
    find_pending(&stores);
    for (size_t c = 0; c < region->count; c++)
        choose_webs(&stores, c);
    int64_t sunk = move_stores(&stores);
    for (size_t i = 0; i < stores.dead.count; i++)
        ir_remove(stores.dead.items[i]);
    region->counts->stores += (int64_t)stores.dead.count;
    region->counts->sunk += sunk;
    return stores.dead.count + (size_t)sunk > 0;
}
