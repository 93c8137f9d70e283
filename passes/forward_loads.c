// Where forward-stack replaces loads: store-to-load forwarding and the reuse of loads. A forward
// analysis says which cells hold a value that is known on every way (an available expression:
// Aho, Lam, Sethi, Ullman, "Compilers", section 9.2.6); a walk then carries the values along,
// and puts a parameter where ways with different ones meet.
//
// Where a load follows on every way from a join, and only some ways to it know the value, the
// others load it, before they join: the load moves up to where it is needed, which is most often
// after a call (partial redundancy elimination: Morel and Renvoise, CACM 1979). On no way are
// there more loads than before.
#include "ir/builder.h"
#include "passes/forward_stack.h"

#include <string.h>

// What a block does to the cells, by their bits, and what is known at its ends.
typedef struct Facts {
    uint64_t loaded;  // is loaded before it may change
    uint64_t changed; // may change
    uint64_t given;   // is known at the end since the block loads or stores it
    uint64_t in, out; // is known at the start, at the end
    uint64_t wanted;  // a load that it could serve may follow, from the start
    uint64_t certain; // and does so on every way
    uint64_t joined;  // some ways to the block have to load it
} Facts;

typedef struct Loads {
    ForwardRegion *region;
    const bool
        *hot; // by position: what other ways to a hot block know doesn't matter; NULL: it does
    uint64_t reachable;   // the cells that could be loaded everywhere
    Facts *facts;         // by position
    IrValue **at_end;     // position * FORWARD_CELLS + cell; NULL: not known
    uint64_t *parameters; // by position: the cells that the block has got a parameter for
    Substitution substitution;
} Loads;

// ---- Analyses ----------------------------------------------------------------------------------

static void summarise(const ForwardRegion *region, const IrBlock *block, Facts *facts) {
    for (const IrInstruction *at = block->first; at; at = at->next) {
        StackTouch touch = forward_touch(region, at);
        uint64_t exact = touch.exact < 0 ? 0 : UINT64_C(1) << touch.exact;
        if (at->op == IR_LOAD)
            facts->loaded |= exact & ~facts->changed;
        facts->changed |= touch.writes;
        facts->given = (facts->given & ~touch.writes) | exact;
    }
}

static uint64_t known_before(const Loads *loads, int position) {
    const IrCfgNode *node = &loads->region->cfg->nodes[position];
    uint64_t known = position == 0 ? 0 : loads->region->all;
    for (size_t p = 0; p < node->predecessors.count; p++) {
        int from = node->predecessors.items[p];
        bool matters = !loads->hot || !loads->hot[position] || loads->hot[from];
        known &= loads->facts[from].out | (matters ? 0 : loads->reachable);
    }
    return known | loads->facts[position].joined;
}

// What is known at a block's start, and by that at its end. True if the latter is news.
static bool flow_through(const Loads *loads, int position) {
    Facts *facts = &loads->facts[position];
    facts->in = known_before(loads, position);
    uint64_t before = facts->out;
    facts->out = facts->given | (facts->in & ~facts->changed);
    return facts->out != before;
}

static void find_known(const Loads *loads) {
    const IrCfg *cfg = loads->region->cfg;
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < cfg->reachable; i++) {
            int position = cfg->reverse_post_order[i];
            again |= flow_through(loads, position);
        }
    }
}

// Can the region be left from the block's end?
static bool may_leave(const IrCfg *cfg, int position) {
    const IrCfgNode *node = &cfg->nodes[position];
    return node->successors.count == 0 || node->successors.count < node->block->last->edges.count;
}

static void find_wanted(const Loads *loads) {
    const IrCfg *cfg = loads->region->cfg;
    for (bool again = true; again;) {
        again = false;
        for (size_t i = cfg->reachable; i-- > 0;) {
            int position = cfg->reverse_post_order[i];
            const IrCfgNode *node = &cfg->nodes[position];
            Facts *facts = &loads->facts[position];
            uint64_t wanted = 0, certain = may_leave(cfg, position) ? 0 : loads->region->all;
            for (size_t s = 0; s < node->successors.count; s++) {
                wanted |= loads->facts[node->successors.items[s]].wanted;
                certain &= loads->facts[node->successors.items[s]].certain;
            }
            wanted = facts->loaded | (wanted & ~facts->changed);
            certain = facts->loaded | (certain & ~facts->changed);
            again |= wanted != facts->wanted || certain != facts->certain;
            facts->wanted = wanted;
            facts->certain = certain;
        }
    }
}

// What ways to a join could load so that all of them know it.
static uint64_t worth_loading(const Loads *loads, int position) {
    const IrCfg *cfg = loads->region->cfg;
    const IrCfgNode *node = &cfg->nodes[position];
    const Facts *facts = &loads->facts[position];
    uint64_t some = 0;
    if (position == 0)
        return 0;
    for (size_t p = 0; p < node->predecessors.count; p++) {
        int before = node->predecessors.items[p];
        if (cfg->nodes[before].order < 0)
            return 0;
        some |= loads->facts[before].out;
    }
    return some & facts->certain & ~known_before(loads, position) & loads->reachable;
}

// In reverse post-order, so that what one join comes to know reaches the next in the same round.
static void find_joined(const Loads *loads) {
    const IrCfg *cfg = loads->region->cfg;
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < cfg->reachable; i++) {
            int position = cfg->reverse_post_order[i];
            loads->facts[position].joined |= worth_loading(loads, position);
            again |= flow_through(loads, position);
        }
    }
}

// Is any load served by what is known?
static bool serves_any(const Loads *loads) {
    const IrCfg *cfg = loads->region->cfg;
    for (size_t i = 0; i < cfg->reachable; i++) {
        int position = cfg->reverse_post_order[i];
        uint64_t known = loads->facts[position].in;
        for (const IrInstruction *at = cfg->nodes[position].block->first; at; at = at->next) {
            StackTouch touch = forward_touch(loads->region, at);
            uint64_t exact = touch.exact < 0 ? 0 : UINT64_C(1) << touch.exact;
            if (at->op == IR_LOAD && known & exact)
                return true;
            known = (known & ~touch.writes) | exact;
        }
    }
    return false;
}

// ---- Changing ----------------------------------------------------------------------------------

static void enter(Loads *loads, int position, IrValue **current) {
    const IrCfgNode *node = &loads->region->cfg->nodes[position];
    const Facts *facts = &loads->facts[position];
    memset(current, 0, FORWARD_CELLS * sizeof *current);
    if (position == 0)
        return;
    bool is_join = node->predecessors.count > 1;
    size_t from = (size_t)node->predecessors.items[0] * FORWARD_CELLS;
    for (size_t c = 0; c < loads->region->count; c++) {
        uint64_t bit = UINT64_C(1) << c;
        if (!(facts->in & facts->wanted & bit))
            continue;
        if (!is_join) {
            current[c] = loads->at_end[from + c];
            continue;
        }
        IrType type = ir_cell_type(loads->region->places[c].cell);
        current[c] = ir_parameter_new(node->block, type, "slot");
        loads->parameters[position] |= bit;
    }
}

static void walk(Loads *loads, int position, IrValue **current) {
    ForwardRegion *region = loads->region;
    for (IrInstruction *at = region->cfg->nodes[position].block->first, *next; at; at = next) {
        next = at->next;
        StackTouch touch = forward_touch(region, at);
        for (size_t c = 0; c < region->count; c++)
            if (touch.writes & UINT64_C(1) << c)
                current[c] = NULL;
        if (touch.exact < 0)
            continue;
        IrValue **held = &current[touch.exact];
        if (at->op == IR_STORE) {
            *held = substitution_of(&loads->substitution, ir_stored_value(at));
        } else if (!*held) {
            *held = at->result;
        } else {
            if (!(*held)->name)
                (*held)->name = at->result->name;
            substitution_add(&loads->substitution, at->result, *held);
            ir_remove(at);
            region->counts->loads++;
        }
    }
    memcpy(loads->at_end + (size_t)position * FORWARD_CELLS, current,
           FORWARD_CELLS * sizeof *current);
}

static IrValue *load_slot(const Loads *loads, IrInstruction *before, size_t cell) {
    const ForwardRegion *region = loads->region;
    IrBuilder builder = edit_before(region->module, before);
    region->counts->joined++;
    return ir_build_load_element(&builder, region->places[cell].cell, region->anchor,
                                 forward_index(region, (int)cell), IR_ALIAS_STACK);
}

// Passes along one edge what its block has got parameters for.
static void pass_on(const Loads *loads, int position, size_t edge_index, int target) {
    const ForwardRegion *region = loads->region;
    IrInstruction *last = region->cfg->nodes[position].block->last;
    uint64_t wanted = loads->parameters[target], known = loads->facts[position].out;
    if (wanted & ~known && last->edges.count > 1) {
        last = edit_split_edge(region->module, last, edge_index, "load")->last;
        edge_index = 0;
    }
    for (size_t c = 0; c < region->count; c++) {
        if (!(wanted & UINT64_C(1) << c))
            continue;
        IrValue *held = loads->at_end[(size_t)position * FORWARD_CELLS + c];
        if (!held)
            held = load_slot(loads, last, c);
        ir_edge_argument(region->module, &last->edges.items[edge_index], held);
    }
}

static void replace(Loads *loads) {
    ForwardRegion *region = loads->region;
    const IrCfg *cfg = region->cfg;
    IrValue *current[FORWARD_CELLS];
    loads->at_end = ARENA_ARRAY(region->scratch, IrValue *, cfg->count * FORWARD_CELLS);
    loads->parameters = ARENA_ARRAY(region->scratch, uint64_t, cfg->count);
    for (size_t i = 0; i < cfg->reachable; i++) {
        enter(loads, cfg->reverse_post_order[i], current);
        walk(loads, cfg->reverse_post_order[i], current);
    }
    for (size_t i = 0; i < cfg->reachable; i++) {
        int position = cfg->reverse_post_order[i];
        const IrInstruction *last = cfg->nodes[position].block->last;
        for (size_t e = 0; e < last->edges.count; e++) {
            int target = ir_cfg_position(cfg, last->edges.items[e].block);
            if (target >= 0 && loads->parameters[target])
                pass_on(loads, position, e, target);
        }
    }
    substitution_apply(&loads->substitution, region->region);
}

static Loads open_loads(ForwardRegion *region, const bool *hot) {
    const IrCfg *cfg = region->cfg;
    Loads loads = {.region = region, .hot = hot, .substitution = {.arena = region->scratch}};
    for (size_t c = 0; c < region->count; c++)
        if (forward_can_reach(region, (int)c))
            loads.reachable |= UINT64_C(1) << c;
    loads.facts = ARENA_ARRAY(region->scratch, Facts, cfg->count);
    for (size_t i = 0; i < cfg->reachable; i++) {
        Facts *facts = &loads.facts[cfg->reverse_post_order[i]];
        summarise(region, cfg->nodes[cfg->reverse_post_order[i]].block, facts);
        // What isn't known is found out, and so is what isn't certain.
        facts->out = facts->certain = region->all;
    }
    find_known(&loads);
    return loads;
}

const uint64_t *forward_known(ForwardRegion *region, const bool *hot) {
    Loads loads = open_loads(region, hot);
    uint64_t *known = ARENA_ARRAY(region->scratch, uint64_t, region->cfg->count);
    for (size_t b = 0; b < region->cfg->count; b++)
        known[b] = loads.facts[b].out;
    return known;
}

bool forward_loads(ForwardRegion *region) {
    Loads loads = open_loads(region, NULL);
    find_wanted(&loads);
    find_joined(&loads);
    if (!serves_any(&loads))
        return false;
    replace(&loads);
    return true;
}
