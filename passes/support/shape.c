// See shape.h. The only question that takes thought is what a region's own frame is: its
// entry's parameter, as long as the region, where it loops back to its own entry, passes
// that parameter on.
#include "passes/support/shape.h"

#include "ir/builder.h"
#include "passes/support/tidy.h"

// An unreachable block is dominated by every block, but nobody executes it.
static bool dominates(const IrDominators *dominators, const IrBlock *above, int position) {
    const IrCfg *cfg = dominators->cfg;
    return cfg->nodes[position].order >= 0 &&
           ir_position_dominates(dominators, ir_cfg_position(cfg, above), position);
}

// Is each block that is reached through the header reached through it only?
// If a block that the header leads to could be reached past it as well, it would be executed
// both in rounds and outside of them, and a value that each round carries would not be defined
// on the way past.
static bool is_loop(const IrFunction *function, const IrDominators *dominators) {
    const IrCfg *cfg = dominators->cfg;
    for (size_t b = 0; b < cfg->count; b++) {
        if (!dominates(dominators, function->header, (int)b))
            continue;
        for (size_t s = 0; s < cfg->nodes[b].successors.count; s++)
            if (!dominates(dominators, function->header, cfg->nodes[b].successors.items[s]))
                return false;
    }
    return true;
}

static const char *fault_of_trunk(const IrFunction *function) {
    const char *fault = NULL;
    Arena *scratch = arena_new();
    const IrCfg *cfg = ir_cfg_compute(scratch, function->regions.items[0]);
    if (!ir_cfg_is_reachable(cfg, function->header))
        fault = "the loop is never entered";
    else if (!is_loop(function, ir_dominators_compute(scratch, cfg)))
        fault = "the trunk has blocks that are reached through the loop's header and past it";
    arena_free(scratch);
    return fault;
}

// The cheap questions first: only the last one looks at the flow of control.
bool shape_find(IrModule *module, Shape *shape, const char **reason) {
    *shape = (Shape){.module = module};
    shape->function = module->functions.count ? module->functions.items[0] : NULL;
    shape->table = shape->function ? edit_dispatch_table(shape->function) : NULL;
    if (!shape->table || !shape->function->header)
        *reason = "the module has no loop";
    else if (!module->frame || shape->table->parameters.count < IR_STATE_PARAMETERS ||
             shape->table->parameters.items[IR_FRAME_PARAMETER].type != IR_PTR)
        *reason = "the module declares no frame";
    else if (module->tables.count > 1)
        *reason = "the module has several tables";
    else
        *reason = fault_of_trunk(shape->function);
    return !*reason;
}

// ---- Regions ---------------------------------------------------------------------------

// An edge that leads to the header and a dispatch are the same to a pass: both hand the loop's
// parameters to the next bytecode. In the trunk an edge from before the header is one, too,
// since the first round needs its parameters as any other.
static void find_exits(ShapeRegion *region, Arena *scratch) {
    for (size_t b = 0; b < region->region->blocks.count; b++) {
        IrInstruction *last = region->region->blocks.items[b]->last;
        if (ir_op_leaves_by_table(last->op))
            ARENA_PUSH(scratch, &region->exits, ((ShapeExit){last, -1}));
        for (size_t e = 0; e < last->edges.count; e++)
            if (edit_is_header(region->shape->function, last->edges.items[e].block))
                ARENA_PUSH(scratch, &region->exits, ((ShapeExit){last, (int)e}));
    }
}

static bool is_trunk(const Shape *shape, const IrRegion *region) {
    return region == shape->function->regions.items[0];
}

static ShapeRegion *region_new(const Shape *shape, IrRegion *source, Arena *scratch) {
    ShapeRegion *region = ARENA_NEW(scratch, ShapeRegion);
    region->shape = shape;
    region->region = source;
    region->start = is_trunk(shape, source) ? shape->function->header : source->blocks.items[0];
    region->cfg = ir_cfg_compute(scratch, source);
    region->dominators = ir_dominators_compute(scratch, region->cfg);
    // A frame that went through a block's parameter and came out the same is the same frame.
    // Without this a loop in a region would seem to change it.
    region->same = tidy_find_redundant_parameters(source, scratch);
    if (shape_parameter_stays(region, IR_FRAME_PARAMETER))
        region->frame = ir_state_value(region->start, IR_FRAME_PARAMETER);
    find_exits(region, scratch);
    return region;
}

ShapeRegions shape_regions(const Shape *shape, Arena *scratch) {
    ShapeRegions regions = {0};
    PointerMap targets = {0};
    ir_add_targets(shape->table, scratch, &targets);
    for (size_t r = 0; r < shape->function->regions.count; r++) {
        IrRegion *region = shape->function->regions.items[r];
        if (is_trunk(shape, region) || pointer_map_find(&targets, region->blocks.items[0]) >= 0)
            ARENA_PUSH(scratch, &regions, region_new(shape, region, scratch));
    }
    return regions;
}

IrValue *shape_parameter(const ShapeRegion *region, size_t index) {
    return region->start->parameters.items[index];
}

bool shape_parameter_stays(const ShapeRegion *region, size_t index) {
    // A way back to the header is a round's end, with arguments of its own.
    return is_trunk(region->shape, region->region) || edit_entry_keeps(region->region, index);
}

IrValue *shape_value(const ShapeRegion *region, IrValue *value) {
    return substitution_of(&region->same, value);
}

bool shape_is_inside(const ShapeRegion *region, const IrBlock *block) {
    return dominates(region->dominators, region->start, ir_cfg_position(region->cfg, block));
}

// ---- Exits -----------------------------------------------------------------------------

IrValue *shape_exit_argument(const ShapeExit *exit, size_t index) {
    if (exit->edge < 0)
        return index + 1 < exit->terminator->operands.count
                   ? exit->terminator->operands.items[index + 1]
                   : NULL;
    const IrEdge *edge = &exit->terminator->edges.items[exit->edge];
    return index < edge->arguments.count ? edge->arguments.items[index] : NULL;
}

void shape_exit_add(const Shape *shape, const ShapeExit *exit, IrValue *argument) {
    if (exit->edge < 0)
        ARENA_PUSH(shape->module->arena, &exit->terminator->operands, argument);
    else
        ir_edge_argument(shape->module, &exit->terminator->edges.items[exit->edge], argument);
}

// Before the header there is no frame of the loop that could be kept.
bool shape_exit_keeps_frame(const ShapeRegion *region, const ShapeExit *exit) {
    return region->frame &&
           shape_value(region, shape_exit_argument(exit, IR_FRAME_PARAMETER)) == region->frame &&
           shape_is_inside(region, exit->terminator->block);
}

// Upwards from the exits that keep it, each block once.
bool *shape_leads_to_keeping(const ShapeRegion *region, Arena *scratch) {
    const IrCfg *cfg = region->cfg;
    bool *leads = ARENA_ARRAY(scratch, bool, cfg->count + 1);
    ARENA_VECTOR(int) work = {0};
    for (size_t i = 0; i < region->exits.count; i++) {
        int position = ir_cfg_position(cfg, region->exits.items[i].terminator->block);
        if (leads[position] || !shape_exit_keeps_frame(region, &region->exits.items[i]))
            continue;
        leads[position] = true;
        ARENA_PUSH(scratch, &work, position);
    }
    while (work.count) {
        const IrCfgNode *node = &cfg->nodes[work.items[--work.count]];
        for (size_t i = 0; i < node->predecessors.count; i++) {
            int before = node->predecessors.items[i];
            if (leads[before])
                continue;
            leads[before] = true;
            ARENA_PUSH(scratch, &work, before);
        }
    }
    return leads;
}

// Across blocks dominance decides, within one the order. The walk down from `instruction` is
// as long as what lies between the two.
bool shape_comes_before(const ShapeRegion *region, const IrInstruction *instruction,
                        const IrInstruction *place) {
    if (instruction->block != place->block)
        return ir_dominates(region->dominators, instruction->block, place->block);
    for (const IrInstruction *at = instruction; at; at = at->next)
        if (at == place)
            return at != instruction;
    return false;
}

// ---- Opening ---------------------------------------------------------------------------

// If the function begins with the header, its parameters are the function's as well;
// they need a block of their own, so that the loop's can grow.
static void give_entry_before_header(const Shape *shape) {
    IrRegion *trunk = shape->function->regions.items[0];
    IrBlock *header = shape->function->header;
    if (trunk->blocks.items[0] != header)
        return;
    IrBlock *entry = ir_block_new(trunk, "entry");
    for (size_t i = trunk->blocks.count - 1; i > 0; i--)
        trunk->blocks.items[i] = trunk->blocks.items[i - 1];
    trunk->blocks.items[0] = entry;
    for (size_t i = 0; i < header->parameters.count; i++) {
        const IrValue *parameter = header->parameters.items[i];
        ir_parameter_new(entry, parameter->type, parameter->name);
    }
    IrBuilder builder = {shape->module, entry, NULL, header->first->at, header->first->inlined};
    ir_build_br(&builder, header, entry->parameters.items, entry->parameters.count);
}

// What reads the new frame's fields goes on the edge, not into the block that it leaves: there
// it would be executed on the other ways out as well, with a frame that may be none.
static void split_changing_exits(const ShapeRegion *region) {
    for (size_t i = 0; i < region->exits.count; i++) {
        const ShapeExit *exit = &region->exits.items[i];
        if (exit->edge >= 0 && exit->terminator->edges.count > 1 &&
            !shape_exit_keeps_frame(region, exit))
            edit_split_edge(region->shape->module, exit->terminator, (size_t)exit->edge, "leave");
    }
}

// Regions first, since what goes with them needn't be split; exits last, as an entry of its
// own may turn a change of the frame into none.
void shape_open(const Shape *shape) {
    Arena *scratch = arena_new();
    tidy_remove_orphans(shape->module);
    give_entry_before_header(shape);
    for (size_t r = 0; r < shape->function->regions.count; r++) {
        IrRegion *region = shape->function->regions.items[r];
        tidy_remove_unreachable(region);
        if (r > 0)
            edit_give_own_entry(shape->module, region);
    }
    ShapeRegions regions = shape_regions(shape, scratch);
    for (size_t r = 0; r < regions.count; r++)
        split_changing_exits(regions.items[r]);
    ir_renumber(shape->function);
    arena_free(scratch);
}
