// sink-frame-reads: what hoist-frame-reads has made a parameter of the loop goes back to where it
// is read, if that is seldom. It is the same question, asked again when other passes have been
// there: in SOM the address of the code is hoisted because every dispatch reads an opcode by it;
// then cache-frame-state makes the pc an address, and what is left is that calls and slow ways need
// the code to tell how far the pc has come. For that all bytecodes hand a register on, and each
// call and return sets it.
//
// A parameter goes if no way that a bytecode usually takes, and that stays in the frame, uses what
// it holds, other than to pass it on. Arithmetic with it counts where its result is needed, and
// moves there as well.
//
// Legal because the chain, `frame.method.code`, is of const fields, so the frame gives the same
// wherever the region reads it; and what it leads through is what the parameter was read from. What
// can move stays, as it would have to be read again after each collection.
//
// It costs the loads where the value is needed: calls, returns, what polls do when they have to.
// Of the registers of a loop the last ones count: where there is one too few, something that each
// bytecode needs is kept on the machine's stack. (Register allocators have the same choice, to keep
// a value or to compute it again: Briggs, Cooper and Torczon, "Rematerialization", PLDI 1992. But
// they see one function and don't know which memory is const. Lua's loop reads the constants' place
// from the frame's closure for some instructions, and keeps it for others, by hand.)
#include "ir/builder.h"
#include "passes/manager/pass.h"
#include "passes/sink_address_arithmetic.h"
#include "passes/support/coldness.h"
#include "passes/support/copy.h"
#include "passes/support/frame_paths.h"
#include "passes/support/tidy.h"

typedef struct Sinking {
    PassContext *context;
    Shape shape;
    FramePaths *paths;
    size_t sunk, moved; // parameters; places that read one again
} Sinking;

// A region as one parameter is looked for in it. `derived` are the results of arithmetic with it
// that usual ways compute and don't need.
typedef struct Looking {
    Sinking *sinking;
    const ShapeRegion *region;
    const FramePath *path;
    const IrValue *parameter;
    const bool *hot, *keeps; // by position: taken usually, staying in the frame
    PointerMap derived;
} Looking;

// ---- Who uses it ------------------------------------------------------------------------------

static Looking look(Sinking *sinking, const ShapeRegion *region, const FramePath *path) {
    Arena *scratch = sinking->context->scratch;
    return (Looking){
        .sinking = sinking,
        .region = region,
        .path = path,
        .parameter = shape_parameter(region, (size_t)path->table_parameter),
        .hot = coldness_find_hot(coldness_compute(region->cfg, scratch), scratch),
        .keeps = shape_leads_to_keeping(region, scratch),
    };
}

static bool is_usual(const Looking *looking, int position) {
    return looking->hot[position] && looking->keeps[position];
}

static bool is_parameter(const Looking *looking, IrValue *value) {
    return shape_value(looking->region, value) == looking->parameter;
}

static bool is_needed(const Looking *looking, IrValue *value) {
    return is_parameter(looking, value) || pointer_map_find(&looking->derived, value) >= 0;
}

static bool uses(const Looking *looking, const IrInstruction *at) {
    size_t passed = 1 + (size_t)looking->path->table_parameter;
    for (size_t i = 0; i < at->operands.count; i++)
        if (is_needed(looking, at->operands.items[i]) &&
            !(ir_op_leaves_by_table(at->op) && i == passed))
            return true;
    return false;
}

// What an edge passes for a parameter that gets the same from everywhere is no use: where that
// parameter is used counts.
static bool passes_on(const Looking *looking, const IrEdge *edge, size_t index) {
    if (edit_is_header(looking->sinking->shape.function, edge->block))
        return index == (size_t)looking->path->table_parameter;
    return is_parameter(looking, edge->block->parameters.items[index]);
}

static bool edge_uses(const Looking *looking, const IrInstruction *last) {
    for (size_t e = 0; e < last->edges.count; e++)
        for (size_t i = 0; i < last->edges.items[e].arguments.count; i++)
            if (is_needed(looking, last->edges.items[e].arguments.items[i]) &&
                !passes_on(looking, &last->edges.items[e], i))
                return true;
    return false;
}

// Fills `derived`. False if a usual way needs the parameter. In reverse post-order a value comes
// before its uses, but for those in a parameter of a block, which are needs.
static bool is_seldom_needed(Looking *looking) {
    const IrCfg *cfg = looking->region->cfg;
    for (size_t i = 0; i < cfg->reachable; i++) {
        int position = cfg->reverse_post_order[i];
        const IrBlock *block = cfg->nodes[position].block;
        for (const IrInstruction *at = block->first; at && is_usual(looking, position);
             at = at->next) {
            if (edge_uses(looking, at))
                return false;
            if (!uses(looking, at))
                continue;
            if (!at->result || !sink_is_arithmetic(at))
                return false;
            pointer_map_add(looking->sinking->context->scratch, &looking->derived, at->result, 0);
        }
    }
    return true;
}

// NULL: the parameter may go.
static const char *reason_against(Sinking *sinking, const ShapeRegions *regions,
                                  const FramePath *path) {
    for (size_t r = 0; r < regions->count; r++) {
        const ShapeRegion *region = regions->items[r];
        if (!region->frame || !shape_parameter_stays(region, (size_t)path->table_parameter))
            return arena_printf(sinking->context->scratch, "%s begins again with another",
                                region->region->name);
        Looking looking = look(sinking, region, path);
        if (!is_seldom_needed(&looking))
            return r == 0 ? "the dispatch needs it"
                          : arena_printf(sinking->context->scratch, "%s needs it on its usual way",
                                         region->region->name);
    }
    return NULL;
}

// ---- Reading it again -------------------------------------------------------------------------

// A block in which the value is needed, and what it has there already.
typedef struct Place {
    const Looking *looking;
    Copy *made;
    IrBlock *block;
} Place;

static IrValue *value_before(Place *place, IrValue *value, IrInstruction *before);

// The same arithmetic, with what its operands are here.
static void compute_before(Place *place, IrInstruction *original, IrInstruction *before) {
    for (size_t i = 0; i < original->operands.count; i++)
        value_before(place, original->operands.items[i], before);
    IrInstruction *copied = copy_instruction(place->made, original, place->block);
    ir_remove(copied);
    ir_insert(copied, place->block, before);
}

static IrValue *value_before(Place *place, IrValue *value, IrInstruction *before) {
    const Looking *looking = place->looking;
    if (!is_needed(looking, value))
        return value;
    bool is_read = is_parameter(looking, value);
    IrValue *known = substitution_of(&place->made->values, value);
    if (known != value)
        return known;
    if (!is_read) {
        compute_before(place, value->instruction, before);
    } else {
        IrBuilder builder = edit_before(looking->sinking->shape.module, before);
        substitution_add(&place->made->values, value,
                         frame_path_load(&builder, looking->path, looking->region->frame));
        looking->sinking->moved++;
    }
    return substitution_of(&place->made->values, value);
}

static void read_in_block(const Looking *looking, IrBlock *block) {
    Sinking *sinking = looking->sinking;
    Copy made = copy_new(sinking->shape.module, block->region, sinking->context->scratch);
    Place place = {looking, &made, block};
    size_t passed = 1 + (size_t)looking->path->table_parameter;
    for (IrInstruction *at = block->first; at; at = at->next) {
        bool leaves = ir_op_leaves_by_table(at->op);
        for (size_t i = 0; i < at->operands.count; i++)
            if (!(leaves && i == passed))
                at->operands.items[i] = value_before(&place, at->operands.items[i], at);
        for (size_t e = 0; e < at->edges.count; e++) {
            IrEdge *edge = &at->edges.items[e];
            for (size_t i = 0; i < edge->arguments.count; i++)
                if (!passes_on(looking, edge, i))
                    edge->arguments.items[i] = value_before(&place, edge->arguments.items[i], at);
        }
    }
}

// Nobody uses it on usual ways any more.
static void remove_derived(const Looking *looking) {
    const IrRegion *region = looking->region->region;
    for (size_t b = 0; b < region->blocks.count; b++)
        for (IrInstruction *at = region->blocks.items[b]->first, *next; at; at = next) {
            next = at->next;
            if (at->result && pointer_map_find(&looking->derived, at->result) >= 0)
                ir_remove(at);
        }
}

static void read_in_region(Sinking *sinking, const ShapeRegion *region, const FramePath *path) {
    Looking looking = look(sinking, region, path);
    is_seldom_needed(&looking);
    for (size_t i = 0; i < region->cfg->reachable; i++) {
        int position = region->cfg->reverse_post_order[i];
        IrBlock *block = region->cfg->nodes[position].block;
        if (!is_usual(&looking, position) && shape_is_inside(region, block))
            read_in_block(&looking, block);
    }
    remove_derived(&looking);
    tidy_remove_redundant_parameters(region->region, NULL);
}

static void sink(Sinking *sinking, const FramePath *path) {
    const Shape *shape = &sinking->shape;
    Arena *scratch = sinking->context->scratch;
    shape_open(shape);
    ShapeRegions regions = shape_regions(shape, scratch);
    const TidyBaseline **baselines = ARENA_ARRAY(scratch, const TidyBaseline *, regions.count);
    for (size_t r = 0; r < regions.count; r++) {
        baselines[r] = tidy_baseline(regions.items[r]->region, scratch);
        read_in_region(sinking, regions.items[r], path);
    }
    edit_remove_table_parameter(shape->function, shape->table, (size_t)path->table_parameter);
    for (size_t r = 0; r < regions.count; r++)
        tidy_remove_dead(regions.items[r]->region, baselines[r]);
    sinking->sunk++;
}

// The first chain that may go, and has. False: there is none.
static bool sink_next(Sinking *sinking, PointerMap *refused) {
    Arena *scratch = sinking->context->scratch;
    sinking->paths = frame_paths_new(&sinking->shape, scratch);
    ShapeRegions regions = shape_regions(&sinking->shape, scratch);
    for (size_t i = 0; i < sinking->paths->all.count; i++) {
        const FramePath *path = sinking->paths->all.items[i];
        if (!path->parent || path->table_parameter < 0 ||
            pointer_map_find(refused, path->field) >= 0)
            continue;
        const char *text = frame_path_text(sinking->paths, path);
        const char *reason =
            frame_path_moves(path) ? "it may move" : reason_against(sinking, &regions, path);
        if (!reason) {
            pass_remark(sinking->context->report, "sunk %s", text);
            sink(sinking, path);
            return true;
        }
        pass_remark(sinking->context->report, "refused %s: %s", text, reason);
        pointer_map_add(scratch, refused, path->field, 0);
    }
    return false;
}

void sink_frame_reads_run(PassContext *context) {
    Sinking sinking = {.context = context};
    PointerMap refused = {0};
    const char *reason;
    if (!shape_find(context->module, &sinking.shape, &reason)) {
        pass_remark(context->report, "nothing done: %s", reason);
        return;
    }
    if (context->module->tables.count > 1) {
        pass_remark(context->report, "nothing done: bytecodes may begin by other tables");
        return;
    }
    while (sink_next(&sinking, &refused))
        ;
    pass_count_add(context->report, "parameters of the loop sunk", (int64_t)sinking.sunk);
    pass_count_add(context->report, "places that read one again", (int64_t)sinking.moved);
}
