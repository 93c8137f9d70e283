// See loop_shape.h.
#include "passes/support/loop_shape.h"

#include "passes/support/edit.h"

// Blocks of the trunk that can be reached from the header must be dominated by it.
static bool trunk_is_loop(const LoopShape *shape, Arena *scratch) {
    const IrRegion *trunk = shape->function->regions.items[0];
    IrCfg *cfg = ir_cfg_compute(scratch, trunk);
    IrDominators *dominators = ir_dominators_compute(scratch, cfg);
    for (size_t b = 0; b < trunk->blocks.count; b++) {
        const IrBlock *block = trunk->blocks.items[b];
        if (!ir_dominates(dominators, shape->function->header, block))
            continue;
        for (size_t s = 0; s < cfg->nodes[b].successors.count; s++)
            if (!ir_dominates(dominators, shape->function->header,
                              cfg->nodes[cfg->nodes[b].successors.items[s]].block))
                return false;
    }
    return true;
}

// If the function begins with the header, its parameters are the function's as well;
// they need a block of their own, so that the loop's can grow.
static void give_entry_before_header(const LoopShape *shape) {
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
    IrBuilder builder = {shape->module, entry, NULL, header->first->at};
    ir_build_br(&builder, header, entry->parameters.items, entry->parameters.count);
}

bool loop_shape_prepare(IrModule *module, LoopShape *shape, const char **reason) {
    *shape = (LoopShape){.module = module};
    shape->function = module->functions.count ? module->functions.items[0] : NULL;
    shape->table = shape->function ? edit_dispatch_table(shape->function) : NULL;
    if (!shape->table || !shape->function->header) {
        *reason = "the module has no loop";
        return false;
    }
    if (!module->frame || shape->table->parameters.count <= FRAME_PARAMETER ||
        shape->table->parameters.items[FRAME_PARAMETER].type != IR_PTR) {
        *reason = "the module declares no frame";
        return false;
    }
    if (module->tables.count > 1) {
        *reason = "the module has several tables";
        return false;
    }
    edit_remove_orphans(module);
    give_entry_before_header(shape);
    for (size_t r = 0; r < shape->function->regions.count; r++) {
        IrRegion *region = shape->function->regions.items[r];
        edit_remove_unreachable(module, region);
        if (r > 0)
            edit_give_own_entry(module, region);
        edit_remove_redundant_parameters(module, region);
    }
    ir_renumber(shape->function);
    Arena *scratch = arena_new();
    bool entered = ir_cfg_is_reachable(ir_cfg_compute(scratch, shape->function->regions.items[0]),
                                       shape->function->header);
    bool simple = entered && trunk_is_loop(shape, scratch);
    arena_free(scratch);
    *reason = entered
                  ? "the trunk has blocks that are reached through the loop's header and past it"
                  : "the loop is never entered";
    return simple;
}

bool loop_has_room(const LoopShape *shape, IrType type) {
    int left = type == IR_F64 ? FLOAT_PARAMETERS : INTEGER_PARAMETERS;
    for (size_t i = 0; i < shape->table->parameters.count; i++)
        left -= (shape->table->parameters.items[i].type == IR_F64) == (type == IR_F64);
    return left > 0;
}

static void find_exits(LoopRegion *region, Arena *scratch) {
    region->exits = (LoopExits){0};
    for (size_t b = 0; b < region->region->blocks.count; b++) {
        IrInstruction *last = region->region->blocks.items[b]->last;
        if (!last)
            continue;
        if (ir_op_leaves_by_table(last->op))
            ARENA_PUSH(scratch, &region->exits, ((LoopExit){last, -1}));
        for (size_t e = 0; e < last->edges.count; e++)
            if (edit_is_header(region->shape->function, last->edges.items[e].block))
                ARENA_PUSH(scratch, &region->exits, ((LoopExit){last, (int)e}));
    }
}

static void take_snapshot(LoopRegion *region, Arena *scratch) {
    region->cfg = ir_cfg_compute(scratch, region->region);
    region->dominators = ir_dominators_compute(scratch, region->cfg);
    find_exits(region, scratch);
}

LoopRegion *loop_region_prepare(const LoopShape *shape, IrRegion *source, Arena *scratch) {
    LoopRegion *region = ARENA_NEW(scratch, LoopRegion);
    region->shape = shape;
    region->region = source;
    bool is_trunk = source == shape->function->regions.items[0];
    region->start = is_trunk ? shape->function->header : source->blocks.items[0];
    take_snapshot(region, scratch);
    bool split = false;
    for (size_t i = 0; i < region->exits.count; i++) {
        LoopExit *exit = &region->exits.items[i];
        if (exit->edge < 0 || exit->terminator->edges.count < 2 ||
            loop_exit_keeps_frame(region, exit))
            continue;
        edit_split_edge(shape->module, exit->terminator, (size_t)exit->edge, "leave");
        split = true;
    }
    if (split) {
        ir_renumber(shape->function);
        take_snapshot(region, scratch);
    }
    return region;
}

IrValue *loop_own_frame(const LoopRegion *region) {
    return loop_parameter(region, FRAME_PARAMETER);
}

IrValue *loop_parameter(const LoopRegion *region, size_t index) {
    return region->start->parameters.items[index];
}

bool loop_is_inside(const LoopRegion *region, const IrBlock *block) {
    return ir_dominates(region->dominators, region->start, block);
}

IrValue *loop_exit_argument(const LoopExit *exit, size_t index) {
    if (exit->edge < 0)
        return index + 1 < exit->terminator->operands.count
                   ? exit->terminator->operands.items[index + 1]
                   : NULL;
    const IrEdge *edge = &exit->terminator->edges.items[exit->edge];
    return index < edge->arguments.count ? edge->arguments.items[index] : NULL;
}

void loop_exit_add(const LoopShape *shape, const LoopExit *exit, IrValue *argument) {
    if (exit->edge < 0)
        ARENA_PUSH(shape->module->arena, &exit->terminator->operands, argument);
    else
        ir_edge_argument(shape->module, &exit->terminator->edges.items[exit->edge], argument);
}

bool loop_exit_keeps_frame(const LoopRegion *region, const LoopExit *exit) {
    return loop_exit_argument(exit, FRAME_PARAMETER) == loop_own_frame(region) &&
           loop_is_inside(region, exit->terminator->block);
}

bool *loop_leads_to_keeping(const LoopRegion *region, Arena *scratch) {
    const IrCfg *cfg = region->cfg;
    bool *leads = ARENA_ARRAY(scratch, bool, cfg->count + 1);
    ARENA_VECTOR(int) work = {0};
    for (size_t i = 0; i < region->exits.count; i++) {
        int position = ir_cfg_position(cfg, region->exits.items[i].terminator->block);
        if (position < 0 || leads[position] ||
            !loop_exit_keeps_frame(region, &region->exits.items[i]))
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

bool loop_comes_before(const LoopRegion *region, const IrInstruction *instruction,
                       const IrInstruction *place) {
    if (instruction->block != place->block)
        return ir_dominates(region->dominators, instruction->block, place->block);
    for (const IrInstruction *at = instruction; at; at = at->next)
        if (at == place)
            return at != instruction;
    return false;
}
