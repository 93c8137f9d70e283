// The rule `moving-value-live`: nothing that the collector may move is live across an
// operation that collects, as it would not be where the collector looks; and no address into
// an object outlives its region. In an interpreter that keeps its state in registers this is
// the bug that shows once in a million bytecodes; here it is a question to the analysis of
// liveness, asked at each operation whose effects say that it collects.
#include "ir/verify/rules.h"

static const char rule[] = "moving-value-live";

// ---- Addresses into objects ----------------------------------------------------------

// The pointers that were derived from objects, in one region. The type `ptr` says that
// something never moves, but the address of an object's field is one, too: it is right until
// the object moves, and then points into what is something else by that time. So these are
// followed.
typedef struct Derived {
    Arena *arena;
    const IrCfg *cfg;
    PointerMap values;
} Derived;

static bool is_derived(const Derived *derived, const IrValue *value) {
    return pointer_map_find(&derived->values, value) >= 0;
}

static bool derive(Derived *derived, const IrValue *value) {
    return value->type == IR_PTR && pointer_map_add(derived->arena, &derived->values, value, 0);
}

// Only operations that give an address: what is loaded through one is a value of its own. An
// integer made of one by ptr.bits is the definition's own affair.
static bool derives(const Derived *derived, const IrInstruction *at) {
    const IrValues *operands = &at->operands;
    switch (at->op) {
    case IR_ADDRESS:
        return operands->items[0]->type == IR_OBJECT || is_derived(derived, operands->items[0]);
    case IR_PTR_ADD: return is_derived(derived, operands->items[0]);
    case IR_SELECT:
        return is_derived(derived, operands->items[1]) || is_derived(derived, operands->items[2]);
    default: return false;
    }
}

// Those that come by the terminator's edges; true if it found new ones.
static bool derive_by_edges(Derived *derived, const IrInstruction *last) {
    bool changed = false;
    for (size_t e = 0; derived->values.count && e < last->edges.count; e++) {
        const IrEdge *edge = &last->edges.items[e];
        if (ir_cfg_position(derived->cfg, edge->block) < 0)
            continue;
        for (size_t i = 0; i < edge->arguments.count; i++)
            if (is_derived(derived, edge->arguments.items[i]) &&
                derive(derived, edge->block->parameters.items[i]))
                changed = true;
    }
    return changed;
}

// One pass over the region's reachable blocks; true if it found new ones. In reverse
// post-order only a back edge brings news for a block that was looked at before, so there are
// as many passes as loops are nested, and not as many as blocks.
static bool find_derived(Derived *derived) {
    const IrCfg *cfg = derived->cfg;
    bool changed = false;
    for (size_t i = 0; i < cfg->reachable; i++) {
        const IrBlock *block = cfg->nodes[cfg->reverse_post_order[i]].block;
        for (const IrInstruction *at = block->first; at; at = at->next)
            if (at->result && derives(derived, at) && derive(derived, at->result))
                changed = true;
        if (derive_by_edges(derived, block->last))
            changed = true;
    }
    return changed;
}

static void check_escaping(IrVerifier *verifier, const Derived *derived, const IrInstruction *at,
                           IrValue *const *values, size_t count, const char *how) {
    for (size_t i = 0; i < count; i++) {
        size_t before = verifier->complaints->count;
        if (!is_derived(derived, values[i]))
            continue;
        verify_complain(verifier, rule, verify_at_instruction(at),
                        "%s is an address into an object and %s",
                        verify_value_name(verifier, values[i]), how);
        verify_complain_also(verifier, before, verify_definition_place(verifier, values[i]),
                             "it is made here");
    }
}

static void check_leaving(IrVerifier *verifier, const Derived *derived, const IrInstruction *at,
                          IrValue *const *values, size_t count) {
    check_escaping(verifier, derived, at, values, count, "leaves its region");
}

// From memory it could be read again when the object has moved, and no analysis follows it
// there.
static void check_stores(IrVerifier *verifier, const Derived *derived, const IrBlock *block) {
    for (const IrInstruction *at = block->first; at; at = at->next) {
        IrValue *stored = ir_stored_value(at);
        if (stored)
            check_escaping(verifier, derived, at, &stored, 1, "is stored");
    }
}

// The other region would take it for a pointer that stays.
static void check_ways_out(IrVerifier *verifier, const Derived *derived) {
    if (!derived->values.count)
        return;
    for (size_t b = 0; b < derived->cfg->count; b++) {
        const IrInstruction *last = derived->cfg->nodes[b].block->last;
        check_stores(verifier, derived, derived->cfg->nodes[b].block);
        if (ir_op_leaves_by_table(last->op))
            check_leaving(verifier, derived, last, last->operands.items + 1,
                          last->operands.count - 1);
        if (last->op == IR_TAIL || last->op == IR_RET)
            check_leaving(verifier, derived, last, last->operands.items, last->operands.count);
        for (size_t e = 0; e < last->edges.count; e++)
            if (verify_leads_to_header(derived->cfg->region, last->edges.items[e].block))
                check_leaving(verifier, derived, last, last->edges.items[e].arguments.items,
                              last->edges.items[e].arguments.count);
    }
}

// ---- Liveness ------------------------------------------------------------------------

// What liveness is asked about, and nothing else: in most regions that is little.
static bool moves(const IrValue *value, const void *context) {
    return value->type == IR_VALUE || value->type == IR_OBJECT || is_derived(context, value);
}

static const char *kind_of(const IrValue *value) {
    return value->type == IR_VALUE    ? "a value"
           : value->type == IR_OBJECT ? "an object"
                                      : "an address into an object";
}

static const char *what_collects(IrVerifier *verifier, const IrInstruction *at) {
    if (at->op == IR_CALL)
        return arena_printf(verifier->arena, "the call of @%s", at->external->name);
    return ir_op_text(at->op);
}

static void complain_live(IrVerifier *verifier, const IrValue *value, const IrInstruction *at) {
    size_t before = verifier->complaints->count;
    if (verify_is_full(verifier))
        return;
    Location defined = verify_definition_place(verifier, value);
    verify_complain(verifier, rule, verify_at_instruction(at),
                    "%s, %s from %s, is live across %s at %s, which collects",
                    verify_value_name(verifier, value), kind_of(value),
                    verify_place_name(verifier, defined), what_collects(verifier, at),
                    verify_place_name(verifier, at->at));
    verify_complain_also(
        verifier, before, defined,
        arena_printf(verifier->arena, "%s is defined here", verify_value_name(verifier, value)));
}

// The values live at one place of a block, walking up from its end: a list, and by number
// where in it, so that adding and removing cost nothing. (Briggs and Torczon, "An Efficient
// Representation for Sparse Sets", 1993.)
typedef struct LiveSet {
    int *items;
    int *places; // by number: 1 + index in `items`, 0: not live
    int count;
} LiveSet;

static void make_live(LiveSet *live, int number) {
    if (number < 0 || live->places[number])
        return;
    live->items[live->count++] = number;
    live->places[number] = live->count;
}

static void make_dead(LiveSet *live, int number) {
    if (number < 0 || !live->places[number])
        return;
    int last = live->items[--live->count];
    live->items[live->places[number] - 1] = last;
    live->places[last] = live->places[number];
    live->places[number] = 0;
}

static void use_all(LiveSet *live, const IrLiveness *liveness, IrValue *const *values,
                    size_t count) {
    for (size_t i = 0; i < count; i++)
        make_live(live, pointer_map_find(&liveness->numbers, values[i]));
}

// Complaints come bottom up; a reader wants them top down.
static void reverse_from(IrComplaints *complaints, size_t first) {
    for (size_t last = complaints->count; first + 1 < last; first++) {
        IrComplaint other = complaints->items[--last];
        complaints->items[last] = complaints->items[first];
        complaints->items[first] = other;
    }
}

// Upwards from the end, as liveness is defined by what comes after. The order within one
// instruction is what matters: its result isn't live across it, its operands are only if
// somebody uses them later, for the operation has taken them before it collects.
static void check_block(IrVerifier *verifier, const IrLiveness *liveness, LiveSet *live, size_t b) {
    size_t before = verifier->complaints->count;
    const IrNumbers *out = &liveness->live_out[b];
    for (size_t i = 0; i < out->count; i++)
        make_live(live, out->items[i]);
    const IrBlock *block = liveness->cfg->nodes[b].block;
    for (const IrInstruction *at = block->last; at; at = at->previous) {
        make_dead(live, pointer_map_find(&liveness->numbers, at->result));
        // As much may be live as there is to collect: enough is enough.
        if (live->count && ir_effects(at).collects)
            for (int i = 0; i < live->count && !verify_is_full(verifier); i++)
                complain_live(verifier, liveness->values[live->items[i]], at);
        use_all(live, liveness, at->operands.items, at->operands.count);
        for (size_t e = 0; e < at->edges.count; e++)
            use_all(live, liveness, at->edges.items[e].arguments.items,
                    at->edges.items[e].arguments.count);
    }
    reverse_from(verifier->complaints, before);
    while (live->count)
        make_dead(live, live->items[0]);
}

// Any one will do: the message needs an example.
static const IrInstruction *find_collecting(const IrFunction *function) {
    for (size_t r = 1; r < function->regions.count; r++) {
        const IrRegion *region = function->regions.items[r];
        for (size_t b = 0; b < region->blocks.count; b++)
            for (const IrInstruction *at = region->blocks.items[b]->first; at; at = at->next)
                if (ir_effects(at).collects)
                    return at;
    }
    return NULL;
}

// What the trunk uses again in the header's next round is live across all regions.
static void check_dispatch(IrVerifier *verifier, const IrLiveness *liveness, size_t b) {
    const IrNumbers *out = &liveness->live_out[b];
    if (liveness->cfg->nodes[b].block->last->op != IR_DISPATCH || !out->count)
        return;
    const IrInstruction *collecting = find_collecting(liveness->cfg->region->function);
    for (size_t i = 0; collecting && i < out->count; i++)
        complain_live(verifier, liveness->values[out->items[i]], collecting);
}

// First which pointers count, by following them to the end; then where those are live.
void verify_moving_values(IrVerifier *verifier, const IrCfg *cfg) {
    Derived derived = {.arena = verifier->arena, .cfg = cfg};
    while (find_derived(&derived))
        continue;
    check_ways_out(verifier, &derived);
    IrLiveness *liveness = ir_liveness_compute(verifier->arena, cfg, moves, &derived);
    if (!liveness->count)
        return;
    LiveSet live = {
        .items = ARENA_ARRAY(verifier->arena, int, liveness->count),
        .places = ARENA_ARRAY(verifier->arena, int, liveness->count),
    };
    for (size_t b = 0; b < cfg->count; b++) {
        if (cfg->nodes[b].order < 0)
            continue;
        check_dispatch(verifier, liveness, b);
        check_block(verifier, liveness, &live, b);
    }
}
