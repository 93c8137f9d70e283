// See print_analysis.h. Each printer gets one region with its graph and appends lines about
// it; the walk over functions and regions is shared. It is the quickest way to see what a
// pass will see: `loopwright opt --analyze=ranges file.mir`.
#include "ir/analysis/print_analysis.h"

#include "ir/analysis/dominators.h"
#include "ir/analysis/liveness.h"
#include "ir/analysis/loops.h"
#include "ir/analysis/ranges.h"
#include "ir/text/print.h"

#include <inttypes.h>
#include <string.h>

typedef struct Listing {
    Printer printer;
    Text *out;
    const IrRegion *region;
    const IrCfg *cfg;
    Arena *arena; // what lives as long as the region's text is made
} Listing;

static const char *name_of(const Listing *listing, const void *thing) {
    return ir_name(listing->printer.names, thing);
}

static const char *name_at(const Listing *listing, int position) {
    return name_of(listing, listing->region->blocks.items[position]);
}

static void begin_block(const Listing *listing, size_t position) {
    text_addf(listing->out, "  ^%s:", name_at(listing, (int)position));
    if (listing->cfg->nodes[position].order < 0)
        text_add(listing->out, " unreachable");
}

// ---- dominators -----------------------------------------------------------------------

static void print_dominators(const Listing *listing) {
    const IrDominators *dominators = ir_dominators_compute(listing->arena, listing->cfg);
    // What each block is over, in ascending order: 1 + the first, 1 + the next; 0: none.
    size_t count = listing->cfg->count;
    size_t *first = ARENA_ARRAY(listing->arena, size_t, count + 1);
    size_t *next = ARENA_ARRAY(listing->arena, size_t, count + 1);
    for (size_t b = count; b-- > 0;) {
        int parent = dominators->parent[b];
        if (parent < 0)
            continue;
        next[b] = first[parent];
        first[parent] = b + 1;
    }
    for (size_t b = 0; b < count; b++) {
        begin_block(listing, b);
        if (dominators->parent[b] >= 0)
            text_addf(listing->out, " by ^%s", name_at(listing, dominators->parent[b]));
        for (size_t below = first[b]; below; below = next[below - 1])
            text_addf(listing->out, "%s ^%s", below == first[b] ? " over" : "",
                      name_at(listing, (int)below - 1));
        text_add(listing->out, "\n");
    }
}

// ---- loops ----------------------------------------------------------------------------

// The region's block at `position`, if it is the header of a loop.
static const IrLoop *loop_at(const IrLoops *loops, size_t position) {
    for (size_t i = 0; i < loops->count; i++)
        if (loops->loops[i].header == (int)position)
            return &loops->loops[i];
    return NULL;
}

// Positions in ascending order, whatever the vector's: the order in which an analysis comes
// upon blocks is nobody's business, and a test that depends on it would break without a fault.
static void print_positions(const Listing *listing, const int *items, size_t count) {
    bool *there = ARENA_ARRAY(listing->arena, bool, listing->cfg->count + 1);
    for (size_t i = 0; i < count; i++)
        there[items[i]] = true;
    for (size_t b = 0; b < listing->cfg->count; b++)
        if (there[b])
            text_addf(listing->out, " ^%s", name_at(listing, (int)b));
}

static void print_loops(const Listing *listing) {
    const IrDominators *dominators = ir_dominators_compute(listing->arena, listing->cfg);
    const IrLoops *loops = ir_loops_compute(listing->arena, listing->cfg, dominators);
    if (loops->count == 0)
        text_add(listing->out, "  no loops\n");
    for (size_t b = 0; b < listing->cfg->count; b++) {
        const IrLoop *loop = loop_at(loops, b);
        if (!loop)
            continue;
        text_addf(listing->out, "  loop ^%s depth %d", name_at(listing, loop->header), loop->depth);
        if (loop->parent >= 0)
            text_addf(listing->out, " in ^%s", name_at(listing, loops->loops[loop->parent].header));
        text_add(listing->out, ":");
        print_positions(listing, loop->blocks.items, loop->blocks.count);
        text_add(listing->out, "; back from");
        print_positions(listing, loop->back_from.items, loop->back_from.count);
        text_add(listing->out, "\n");
    }
}

// ---- liveness -------------------------------------------------------------------------

static void print_live(const Listing *listing, const char *where, const IrLiveness *liveness,
                       const IrNumbers *numbers) {
    text_addf(listing->out, " %s", where);
    for (size_t i = 0; i < numbers->count; i++)
        text_addf(listing->out, " %%%s", name_of(listing, liveness->values[numbers->items[i]]));
    if (numbers->count == 0)
        text_add(listing->out, " nothing");
}

static void print_liveness(const Listing *listing) {
    const IrLiveness *liveness = ir_liveness_compute(listing->arena, listing->cfg, NULL, NULL);
    for (size_t b = 0; b < listing->cfg->count; b++) {
        begin_block(listing, b);
        print_live(listing, "in", liveness, &liveness->live_in[b]);
        text_add(listing->out, ";");
        print_live(listing, "out", liveness, &liveness->live_out[b]);
        text_add(listing->out, "\n");
    }
}

// ---- effects --------------------------------------------------------------------------

static bool has_effect(const IrEffects *effects) {
    return effects->reads || effects->writes || effects->collects || effects->raises ||
           effects->blocks;
}

static void print_effect_words(Text *out, const IrEffects *effects) {
    ir_print_effects(out, effects);
    if (!has_effect(effects))
        text_add(out, " none");
    text_add(out, "\n");
}

// Only what has an effect is shown, and for the region the union of all: that is what a pass
// asks.
static void print_effects(const Listing *listing) {
    IrEffects all = {0};
    for (size_t b = 0; b < listing->cfg->count; b++) {
        begin_block(listing, b);
        text_add(listing->out, "\n");
        const IrBlock *block = listing->region->blocks.items[b];
        for (const IrInstruction *at = block->first; at; at = at->next) {
            IrEffects effects = ir_effects(at);
            if (!has_effect(&effects))
                continue;
            text_add(listing->out, "    ");
            ir_print_instruction_code(&listing->printer, at);
            text_add(listing->out, "  ;");
            print_effect_words(listing->out, &effects);
            all.reads |= effects.reads;
            all.writes |= effects.writes;
            all.collects |= effects.collects;
            all.raises |= effects.raises;
            all.blocks |= effects.blocks;
        }
    }
    text_add(listing->out, "  together:");
    print_effect_words(listing->out, &all);
}

// ---- ranges ---------------------------------------------------------------------------

static void print_interval(Text *out, IrRange range, IrType type) {
    if (ir_range_is_empty(range))
        text_add(out, " never");
    else if (ir_range_equals(range, ir_range_of_type(type)))
        text_add(out, " any");
    else if (ir_range_is_constant(range))
        text_addf(out, " %" PRId64, range.low);
    else
        text_addf(out, " [%" PRId64 ", %" PRId64 "]", range.low, range.high);
}

static void print_range(const Listing *listing, const IrRanges *ranges, const IrValue *value) {
    if (!ir_type_bits(value->type))
        return;
    text_addf(listing->out, "    %%%s: %s", name_of(listing, value), ir_type_text(value->type));
    print_interval(listing->out, ir_range_of(ranges, value), value->type);
    text_add(listing->out, "\n");
}

// What the terminator's own operand can be there, and on each edge where that is less.
static void print_decision(const Listing *listing, const IrRanges *ranges,
                           const IrInstruction *last) {
    const IrValue *value = last->operands.count ? last->operands.items[0] : NULL;
    if ((last->op != IR_SWITCH && last->op != IR_DISPATCH) || value->kind == IR_CONSTANT)
        return;
    text_addf(listing->out, "    %s %%%s:", ir_op_text(last->op), name_of(listing, value));
    print_interval(listing->out,
                   last->op == IR_DISPATCH ? ir_range_of_opcode(ranges, last)
                                           : ir_range_at(ranges, value, last->block),
                   value->type);
    text_add(listing->out, "\n");
}

// The operands of comparisons, on the edges of the branch that they decide.
static void print_narrowed(const Listing *listing, const IrRanges *ranges,
                           const IrInstruction *last) {
    if (last->op != IR_IF || last->operands.items[0]->kind != IR_RESULT)
        return;
    const IrInstruction *test = last->operands.items[0]->instruction;
    for (size_t e = 0; e < last->edges.count; e++)
        for (size_t i = 0; i < test->operands.count; i++) {
            const IrValue *value = test->operands.items[i];
            if (value->kind == IR_CONSTANT || !ir_type_bits(value->type))
                continue;
            IrRange there = ir_range_on_edge(ranges, value, last, e);
            if (ir_range_equals(there, ir_range_of(ranges, value)))
                continue;
            text_addf(listing->out, "    to ^%s: %%%s",
                      name_of(listing, last->edges.items[e].block), name_of(listing, value));
            print_interval(listing->out, there, value->type);
            text_add(listing->out, "\n");
        }
}

static void print_ranges(const Listing *listing) {
    const IrRanges *ranges =
        ir_ranges_compute(listing->arena, listing->printer.module, listing->region);
    for (size_t b = 0; b < listing->cfg->count; b++) {
        begin_block(listing, b);
        text_add(listing->out, "\n");
        const IrBlock *block = listing->region->blocks.items[b];
        for (size_t i = 0; i < block->parameters.count; i++)
            print_range(listing, ranges, block->parameters.items[i]);
        for (const IrInstruction *at = block->first; at; at = at->next)
            if (at->result)
                print_range(listing, ranges, at->result);
        print_decision(listing, ranges, block->last);
        print_narrowed(listing, ranges, block->last);
    }
}

// ---- All of them ------------------------------------------------------------------------

#define ANALYSES(X) X(dominators) X(loops) X(liveness) X(effects) X(ranges)

static const struct {
    const char *name;
    void (*print)(const Listing *listing);
} analyses[] = {
#define ANALYSIS(name) {#name, print_##name},
    ANALYSES(ANALYSIS)
#undef ANALYSIS
};

static int find(const char *name) {
    for (int i = 0; i < (int)(sizeof analyses / sizeof *analyses); i++)
        if (strcmp(analyses[i].name, name) == 0)
            return i;
    return -1;
}

const char *ir_analysis_names(void) {
#define ANALYSIS(name) ", " #name
    static const char names[] = ANALYSES(ANALYSIS);
#undef ANALYSIS
    return names + 2; // after the first comma
}

bool ir_analysis_exists(const char *name) {
    return find(name) >= 0;
}

void ir_print_analysis(const IrModule *module, const IrView *view, const char *name, Text *out) {
    int which = find(name);
    if (which < 0)
        return;
    Arena *arena = arena_new();
    Listing listing = {.printer = {module, ir_names_new(module, arena), out}, .out = out};
    IrShownRegions regions = ir_view_regions(module, view, arena);
    text_addf(out, "%s of module %s\n", name, module->name);
    for (size_t i = 0; i < regions.count; i++) {
        listing.region = regions.items[i];
        listing.arena = arena_new();
        listing.cfg = ir_cfg_compute(listing.arena, listing.region);
        text_addf(out, "\n@%s ", listing.region->function->name);
        if (ir_is_trunk(listing.region))
            text_add(out, "trunk\n");
        else
            text_addf(out, "region %s\n", name_of(&listing, listing.region));
        analyses[which].print(&listing);
        arena_free(listing.arena);
    }
    arena_free(arena);
}
