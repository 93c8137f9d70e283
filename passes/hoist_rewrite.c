// How hoist-frame-reads lets the loop use its new parameters: reads of the chains become
// the parameter, and every way to the header, and to a bytecode, passes what the chain
// gives there.
#include "ir/builder.h"
#include "passes/hoist_frame_reads.h"
#include "passes/support/tidy.h"
#include "passes/support/variables.h"

typedef struct Rewrite {
    PassContext *context;
    Shape shape;
    FramePaths *paths;
    const HoistChoice *chosen;
    FramePathReads reads;
    size_t kept, changed, replaced, again;
} Rewrite;

// The chosen chains that can move are variables in a region, as they are read again
// after what collects.
typedef struct Moving {
    FramePath **paths;
    Variables *variables;
    size_t count;
} Moving;

// ---- Reads that become a parameter -----------------------------------------------------------

// After this the table's parameters are more than what dispatches and edges pass: until
// complete_exits has been at each region the module is not one that the verifier would take.
static void add_parameters(Rewrite *rewrite) {
    for (size_t i = 0; i < rewrite->chosen->count; i++) {
        FramePath *path = rewrite->chosen->items[i];
        IrPath *mirror = frame_path_mirror(rewrite->paths, path);
        path->table_parameter =
            (int)ir_table_parameter_new(rewrite->shape.table, rewrite->shape.function,
                                        path->field->name, path->type, mirror, false);
    }
    pass_count_add(rewrite->context->report, "parameters added", (int64_t)rewrite->chosen->count);
}

const FramePath *hoist_fixed_parameter(const FramePathValues *values, const IrInstruction *at) {
    const FramePath *path =
        const_access_is_load(at) ? frame_path_of_value(values, at->result) : NULL;
    return path && path->table_parameter >= 0 && !frame_path_moves(path) ? path : NULL;
}

// What doesn't move: the parameter stands for the loads everywhere.
static void replace_fixed(Rewrite *rewrite, const FramePathValues *values) {
    const ShapeRegion *region = values->region;
    Substitution substitution = {.arena = rewrite->context->scratch};
    for (size_t b = 0; b < region->cfg->count; b++)
        for (IrInstruction *at = region->cfg->nodes[b].block->first, *next; at; at = next) {
            next = at->next;
            const FramePath *path = hoist_fixed_parameter(values, at);
            if (!path)
                continue;
            substitution_add(&substitution, at->result,
                             shape_parameter(region, (size_t)path->table_parameter));
            ir_remove(at);
            rewrite->replaced++;
        }
    substitution_apply(&substitution, region->region);
}

static size_t find_moving(const Moving *moving, const FramePath *path) {
    size_t v = 0;
    while (v < moving->count && moving->paths[v] != path)
        v++;
    return v;
}

// Reads are replaced by the value as it is at that point; after what collects all are read
// again, from the frame, as what lies on the way may have moved as well. Those that nobody needs go
// with the dead code.
static void walk_moving_block(Rewrite *rewrite, const FramePathValues *values, Moving *moving,
                              int position, IrValue **current, Substitution *substitution) {
    const ShapeRegion *region = values->region;
    IrBlock *block = region->cfg->nodes[position].block;
    variables_enter(moving->variables, position, current);
    for (IrInstruction *at = block->first, *next; at; at = next) {
        next = at->next;
        const FramePath *path =
            const_access_is_load(at) ? frame_path_of_value(values, at->result) : NULL;
        size_t found = path ? find_moving(moving, path) : moving->count;
        if (found < moving->count) {
            substitution_add(substitution, at->result, current[found]);
            ir_remove(at);
            rewrite->replaced++;
            continue;
        }
        if (!ir_effects(at).collects)
            continue;
        IrBuilder builder = edit_after(rewrite->shape.module, at);
        for (size_t v = 0; v < moving->count; v++)
            current[v] = frame_path_load(&builder, moving->paths[v], region->frame);
        rewrite->again++;
    }
    variables_leave(moving->variables, position, current);
}

// A value that moves has another address after each collection, so one parameter can't stand
// for all reads of a region: it is a variable, which begins as the parameter and is set anew
// by a read again.
static Moving replace_moving(Rewrite *rewrite, const FramePathValues *values) {
    const ShapeRegion *region = values->region;
    Arena *scratch = rewrite->context->scratch;
    size_t most = rewrite->chosen->count;
    Moving moving = {.paths = ARENA_ARRAY(scratch, FramePath *, most)};
    Variable *declared = ARENA_ARRAY(scratch, Variable, most);
    for (size_t i = 0; i < most; i++) {
        FramePath *path = rewrite->chosen->items[i];
        if (!frame_path_moves(path))
            continue;
        moving.paths[moving.count] = path;
        declared[moving.count++] = (Variable){
            path->field->name, path->type, shape_parameter(region, (size_t)path->table_parameter)};
    }
    if (!moving.count)
        return moving;
    moving.variables = variables_new(region, declared, moving.count, scratch);
    IrValue **current = ARENA_ARRAY(scratch, IrValue *, moving.count);
    Substitution substitution = {.arena = scratch};
    for (size_t i = 0; i < region->cfg->reachable; i++) {
        int position = region->cfg->reverse_post_order[i];
        if (shape_is_inside(region, region->cfg->nodes[position].block))
            walk_moving_block(rewrite, values, &moving, position, current, &substitution);
    }
    variables_finish(moving.variables);
    substitution_apply(&substitution, region->region);
    return moving;
}

// ---- What exits pass -------------------------------------------------------------------------

// What an exit that keeps the frame passes for the chain.
static IrValue *kept_value(const ShapeRegion *region, const Moving *moving, const FramePath *path,
                           const IrBlock *block) {
    size_t v = find_moving(moving, path);
    if (v == moving->count)
        return shape_parameter(region, (size_t)path->table_parameter);
    size_t position = (size_t)ir_cfg_position(region->cfg, block);
    return moving->variables->at_end[position * moving->count + v];
}

// Every exit passes every chain, so that the parameter holds on entry to each bytecode what it
// claims.
static void complete_exits(Rewrite *rewrite, const FramePathValues *values, const Moving *moving) {
    const ShapeRegion *region = values->region;
    // After the reads were replaced, so that what is left is what the region has to read or
    // store itself: for a new frame that is often the very field that is wanted.
    ConstAccesses *accesses = const_accesses_new(region, rewrite->context->scratch);
    for (size_t i = 0; i < region->exits.count; i++) {
        const ShapeExit *exit = &region->exits.items[i];
        bool keeps = shape_exit_keeps_frame(region, exit);
        IrValue *frame = shape_exit_argument(exit, IR_FRAME_PARAMETER);
        for (size_t p = 0; p < rewrite->chosen->count; p++) {
            const FramePath *path = rewrite->chosen->items[p];
            IrValue *value = keeps ? kept_value(region, moving, path, exit->terminator->block)
                                   : frame_path_read(values, accesses, path, frame,
                                                     exit->terminator, &rewrite->reads);
            shape_exit_add(&rewrite->shape, exit, value);
        }
        if (exit->edge >= 0) {
            rewrite->kept += keeps;
            rewrite->changed += !keeps;
        }
    }
}

static void rewrite_region(Rewrite *rewrite, const FramePathValues *values) {
    IrRegion *region = values->region->region;
    // Noted before anything is changed, so that only the pass's own leavings are tidied away.
    TidyBaseline *before = tidy_baseline(region, rewrite->context->scratch);
    replace_fixed(rewrite, values);
    Moving moving = replace_moving(rewrite, values);
    complete_exits(rewrite, values, &moving);
    tidy_remove_redundant_parameters(region, before);
    tidy_remove_dead(region, before);
}

void hoist_rewrite(const HoistView *view, const HoistChoice *choice) {
    PassReport *report = view->context->report;
    Rewrite rewrite = {
        .context = view->context, .shape = view->shape, .paths = view->paths, .chosen = choice};
    shape_open(&rewrite.shape);
    add_parameters(&rewrite);
    ShapeRegions regions = shape_regions(&rewrite.shape, view->context->scratch);
    FramePathValues **values =
        frame_path_values_of_all(view->paths, &regions, view->context->scratch);
    for (size_t r = 0; r < regions.count; r++)
        rewrite_region(&rewrite, values[r]);
    pass_count_add(report, "reads replaced by a parameter", (int64_t)rewrite.replaced);
    pass_count_add(report, "edges that keep the frame", (int64_t)rewrite.kept);
    pass_count_add(report, "edges that change the frame", (int64_t)rewrite.changed);
    pass_count_add(report, "  read again there", (int64_t)rewrite.reads.loads);
    pass_count_add(report, "  forwarded from a store", (int64_t)rewrite.reads.forwarded);
    pass_count_add(report, "  read there already", (int64_t)rewrite.reads.reused);
    if (rewrite.again)
        pass_count_add(report, "read again after what collects", (int64_t)rewrite.again);
}
