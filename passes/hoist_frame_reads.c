// hoist-frame-reads: what a chain of const fields gives, `frame.method.code`, is the
// same as long as the frame is. So the loop carries it along as a parameter. An edge
// to the header that keeps the frame passes the parameter on; one that changes it
// reads the chain again from the new frame, or takes what the region has just stored
// there.
//
// Legal because
//  - a const field is written once, when its record is made, before anyone reads it;
//  - reading early is harmless: fields of the frame itself can always be read, and
//    through a chain's pointer only what lies in a record that each round reads from
//    before it does anything else. Other chains are refused;
//  - what moves (`value`, `object`) changes its address where something collects, and
//    is read again behind each such operation.
//
// Worth it only for chains that are read on a way that keeps the frame. A chain that
// only leads to others that are hoisted gets no parameter of its own.
#include "passes/manager/pass.h"
#include "passes/support/frame_paths.h"
#include "passes/support/variables.h"

// What is known of each chain, by its number.
typedef struct ChainUse {
    bool in_trunk;   // used in the dispatch
    int regions;     // bytecodes that use it where the frame is kept
    int last_region; // the last one counted
    bool leaving;    // used where the frame is left
    bool loaded;     // at all
    bool is_base;    // each round reads from what it points to
    bool accepted, wanted;
} ChainUse;

typedef struct Hoist {
    PassContext *context;
    LoopShape shape;
    FramePaths *paths;
    LoopRegion **regions; // of the function's, in order
    PathValues **values;
    ChainUse *uses;
    PathReads reads;
    size_t kept, changed, replaced, again;
} Hoist;

// ---- What is read where ----------------------------------------------------------------

static void note_use(Hoist *hoist, const FramePath *path, size_t r, bool keeps) {
    ChainUse *use = &hoist->uses[path->number];
    if (!keeps) {
        use->leaving = true;
    } else if (r == 0) {
        use->in_trunk = true;
    } else if (use->last_region != (int)r) {
        use->last_region = (int)r;
        use->regions++;
    }
}

// A chain is used where what it gives is, except to read on along the chain.
static void note_uses_in(Hoist *hoist, size_t r, const IrInstruction *at, bool keeps) {
    const PathValues *values = hoist->values[r];
    if (at->result && is_const_load(at)) {
        const FramePath *path = path_of_value(values, at->result);
        if (path) {
            hoist->uses[path->number].loaded = true;
            // Its own reading is noted as a use if the chain ends here; see `wanted`.
            return;
        }
    }
    for (size_t i = 0; i < at->operands.count; i++) {
        const FramePath *path = path_of_value(values, at->operands.items[i]);
        if (path && path->parent)
            note_use(hoist, path, r, keeps);
    }
    for (size_t e = 0; e < at->edges.count; e++)
        for (size_t i = 0; i < at->edges.items[e].arguments.count; i++) {
            const FramePath *path = path_of_value(values, at->edges.items[e].arguments.items[i]);
            // What an exit passes for a parameter that mirrors the chain is no use of it.
            if (path && path->parent && path->table_parameter < 0)
                note_use(hoist, path, r, keeps);
        }
}

static void note_uses(Hoist *hoist, size_t r) {
    const LoopRegion *region = hoist->regions[r];
    const bool *keeping = loop_leads_to_keeping(region, hoist->context->scratch);
    for (size_t b = 0; b < region->cfg->count; b++) {
        const IrBlock *block = region->cfg->nodes[b].block;
        if (!loop_is_inside(region, block))
            continue;
        for (const IrInstruction *at = block->first; at; at = at->next)
            note_uses_in(hoist, r, at, keeping[b]);
    }
}

// The records that each round reads from before anything else: those that the blocks
// which always follow the header read, and those that the loop's parameters come from.
static void note_sure_bases(Hoist *hoist) {
    const LoopRegion *trunk = hoist->regions[0];
    const IrBlock *block = trunk->start;
    for (size_t steps = 0; block && steps <= trunk->cfg->count; steps++) {
        for (const IrInstruction *at = block->first; at && at->op != IR_CALL; at = at->next) {
            const FramePath *path =
                is_const_load(at) ? path_of_value(hoist->values[0], at->result) : NULL;
            if (path && path->parent)
                hoist->uses[path->parent->number].is_base = true;
        }
        block = block->last->op == IR_BR ? block->last->edges.items[0].block : NULL;
    }
    for (size_t i = 0; i < hoist->paths->all.count; i++)
        if (hoist->paths->all.items[i]->table_parameter >= 0)
            for (FramePath *path = hoist->paths->all.items[i]->parent; path; path = path->parent)
                hoist->uses[path->number].is_base = true;
    // A cursor's address is computed from the elements that its path leads to.
    for (size_t i = 0; i < hoist->shape.table->parameters.count; i++) {
        const IrTableParameter *parameter = &hoist->shape.table->parameters.items[i];
        if (!parameter->mirrors || !parameter->is_cursor)
            continue;
        const IrPath *cursor =
            parameter->mirrors->fields.items[parameter->mirrors->fields.count - 1]->cursor;
        FramePath *path = hoist->paths->all.items[0];
        for (size_t k = 0; cursor && k < cursor->fields.count; k++) {
            const IrField *field = cursor->fields.items[k];
            FramePath *child = NULL;
            for (size_t p = 0; p < hoist->paths->all.count; p++)
                if (hoist->paths->all.items[p]->parent == path &&
                    hoist->paths->all.items[p]->field == field)
                    child = hoist->paths->all.items[p];
            hoist->uses[path->number].is_base = true;
            if (!child)
                break;
            path = child;
        }
    }
}

// ---- Which chains get a parameter ----------------------------------------------------------

static const char *reason_against(const Hoist *hoist, const FramePath *path) {
    const ChainUse *use = &hoist->uses[path->number];
    if (!use->in_trunk && !use->regions)
        return use->leaving ? "only read where the frame is left" : "";
    if (path->depth > 1 && !hoist->uses[path->parent->number].is_base)
        return arena_printf(hoist->context->scratch,
                            "nothing says that %s always points to something",
                            frame_path_text(hoist->paths, path->parent));
    return NULL;
}

static void accept(Hoist *hoist, FramePath *path) {
    PassReport *report = hoist->context->report;
    const ChainUse *use = &hoist->uses[path->number];
    const char *name = frame_path_text(hoist->paths, path);
    if (!loop_has_room(&hoist->shape, path->type)) {
        pass_remark(report, "refused %s: the loop has as many parameters as registers", name);
        return;
    }
    IrPath *mirror = frame_path_mirror(hoist->paths, path);
    path->table_parameter = (int)ir_table_parameter_new(
        hoist->shape.table, hoist->shape.function, path->field->name, path->type, mirror, false);
    hoist->uses[path->number].accepted = true;
    pass_count_add(report, "parameters added", 1);
    pass_remark(report, "hoisted %s: read in %s%d bytecode%s", name,
                use->in_trunk ? "the dispatch and in " : "", use->regions,
                use->regions == 1 ? "" : "s");
}

// The dispatch's first, then those that most bytecodes read, so that what the budget
// refuses is what matters least. A chain that stays a load makes a use of its parent.
static void choose(Hoist *hoist) {
    size_t count = hoist->paths->all.count;
    for (size_t i = count; i-- > 1;) {
        const FramePath *path = hoist->paths->all.items[i];
        const ChainUse *use = &hoist->uses[i];
        if (path->table_parameter >= 0 || (!use->in_trunk && !use->regions && !use->leaving))
            continue;
        const char *reason = reason_against(hoist, path);
        hoist->uses[i].wanted = !reason;
        if (!reason)
            continue;
        pass_remark(hoist->context->report, "refused %s: %s", frame_path_text(hoist->paths, path),
                    reason);
        // The loads stay; so their base is read for good, wherever they are.
        ChainUse *parent = &hoist->uses[path->parent->number];
        parent->in_trunk |= use->in_trunk;
        parent->leaving |= use->leaving;
        if (parent->regions < use->regions)
            parent->regions = use->regions;
    }
    for (;;) {
        int best = -1;
        for (size_t i = 1; i < count; i++) {
            const ChainUse *use = &hoist->uses[i], *most = best < 0 ? NULL : &hoist->uses[best];
            if (use->wanted && (!most || use->in_trunk > most->in_trunk ||
                                (use->in_trunk == most->in_trunk && use->regions > most->regions)))
                best = (int)i;
        }
        if (best < 0)
            return;
        hoist->uses[best].wanted = false;
        accept(hoist, hoist->paths->all.items[best]);
    }
}

// ---- Rewriting one region ---------------------------------------------------------------

static bool is_hoisted(const FramePath *path) {
    return path && path->parent && path->table_parameter >= 0;
}

// What doesn't move: the parameter stands for the loads everywhere.
static void replace_fixed(Hoist *hoist, size_t r) {
    const LoopRegion *region = hoist->regions[r];
    Substitution substitution = {.arena = hoist->context->scratch};
    for (size_t b = 0; b < region->cfg->count; b++) {
        IrBlock *block = region->cfg->nodes[b].block;
        for (IrInstruction *at = block->first, *next; at; at = next) {
            next = at->next;
            const FramePath *path =
                is_const_load(at) ? path_of_value(hoist->values[r], at->result) : NULL;
            if (!is_hoisted(path) || frame_path_moves(path))
                continue;
            substitution_add(&substitution, at->result,
                             loop_parameter(region, (size_t)path->table_parameter));
            ir_remove(at);
            hoist->replaced++;
        }
    }
    substitution_apply(&substitution, region->region);
}

// What moves, in this region: one variable each, read again behind what collects.
typedef struct Moving {
    FramePath **paths;
    Variable *declared;
    Variables *variables;
    size_t count;
} Moving;

static IrValue *read_from_frame(IrBuilder *builder, const FramePath *path, IrValue *frame) {
    if (!path->parent)
        return frame;
    IrValue *base = read_from_frame(builder, path->parent, frame);
    IrValue *loaded = ir_build_load(builder, base, path->field, NULL);
    loaded->name = path->field->name;
    return loaded;
}

static void walk_moving_block(Hoist *hoist, size_t r, Moving *moving, int position,
                              IrValue **current, Substitution *substitution) {
    const LoopRegion *region = hoist->regions[r];
    IrBlock *block = region->cfg->nodes[position].block;
    variables_enter(moving->variables, position, current);
    for (IrInstruction *at = block->first, *next; at; at = next) {
        next = at->next;
        const FramePath *path =
            is_const_load(at) ? path_of_value(hoist->values[r], at->result) : NULL;
        for (size_t v = 0; path && v < moving->count; v++)
            if (moving->paths[v] == path) {
                substitution_add(substitution, at->result, current[v]);
                ir_remove(at);
                hoist->replaced++;
                break;
            }
        if (!at->block || !ir_effects(at).collects)
            continue;
        IrBuilder builder = edit_behind(hoist->shape.module, at);
        for (size_t v = 0; v < moving->count; v++)
            current[v] = read_from_frame(&builder, moving->paths[v], loop_own_frame(region));
        hoist->again++;
    }
    variables_leave(moving->variables, position, current);
}

static void replace_moving(Hoist *hoist, size_t r, Moving *moving) {
    const LoopRegion *region = hoist->regions[r];
    Arena *scratch = hoist->context->scratch;
    const FramePaths *paths = hoist->paths;
    moving->paths = ARENA_ARRAY(scratch, FramePath *, paths->all.count);
    moving->declared = ARENA_ARRAY(scratch, Variable, paths->all.count);
    for (size_t i = 0; i < paths->all.count; i++) {
        FramePath *path = paths->all.items[i];
        if (!is_hoisted(path) || !hoist->uses[i].accepted || !frame_path_moves(path))
            continue;
        moving->paths[moving->count] = path;
        moving->declared[moving->count++] = (Variable){
            path->field->name, path->type, loop_parameter(region, (size_t)path->table_parameter)};
    }
    if (!moving->count)
        return;
    moving->variables = variables_new(region, moving->declared, moving->count, scratch);
    IrValue **current = ARENA_ARRAY(scratch, IrValue *, moving->count);
    Substitution substitution = {.arena = scratch};
    for (size_t i = 0; i < region->cfg->reachable; i++) {
        int position = region->cfg->reverse_post_order[i];
        if (loop_is_inside(region, region->cfg->nodes[position].block))
            walk_moving_block(hoist, r, moving, position, current, &substitution);
    }
    variables_finish(moving->variables);
    substitution_apply(&substitution, region->region);
}

// What an exit that keeps the frame passes for the chain.
static IrValue *kept_value(const Hoist *hoist, size_t r, const Moving *moving,
                           const FramePath *path, const IrBlock *block) {
    const LoopRegion *region = hoist->regions[r];
    for (size_t v = 0; v < moving->count; v++)
        if (moving->paths[v] == path) {
            size_t position = (size_t)ir_cfg_position(region->cfg, block);
            return moving->variables->at_end[position * moving->count + v];
        }
    return loop_parameter(region, (size_t)path->table_parameter);
}

static void complete_exits(Hoist *hoist, size_t r, const Moving *moving) {
    const LoopRegion *region = hoist->regions[r];
    ConstAccesses *accesses = const_accesses_new(region, hoist->context->scratch);
    for (size_t i = 0; i < region->exits.count; i++) {
        const LoopExit *exit = &region->exits.items[i];
        bool keeps = loop_exit_keeps_frame(region, exit);
        IrValue *frame = loop_exit_argument(exit, FRAME_PARAMETER);
        for (size_t p = 0; p < hoist->shape.table->parameters.count; p++) {
            if (loop_exit_argument(exit, p))
                continue;
            const FramePath *path = NULL;
            for (size_t k = 1; k < hoist->paths->all.count && !path; k++)
                if (hoist->paths->all.items[k]->table_parameter == (int)p)
                    path = hoist->paths->all.items[k];
            IrValue *value = keeps ? kept_value(hoist, r, moving, path, exit->terminator->block)
                                   : frame_path_read(hoist->values[r], accesses, path, frame,
                                                     exit->terminator, &hoist->reads);
            loop_exit_add(&hoist->shape, exit, value);
        }
        if (exit->edge >= 0) {
            hoist->kept += keeps;
            hoist->changed += !keeps;
        }
    }
}

static void rewrite_region(Hoist *hoist, size_t r) {
    // Parameters have been added since the chains were found.
    hoist->values[r] = path_values_new(hoist->paths, hoist->regions[r], hoist->context->scratch);
    Moving moving = {0};
    replace_fixed(hoist, r);
    replace_moving(hoist, r, &moving);
    complete_exits(hoist, r, &moving);
    edit_remove_redundant_parameters(hoist->shape.module, hoist->regions[r]->region);
    edit_remove_dead(hoist->shape.module, hoist->regions[r]->region);
}

void hoist_frame_reads_run(PassContext *context) {
    Hoist hoist = {.context = context};
    const char *reason;
    if (!loop_shape_prepare(context->module, &hoist.shape, &reason)) {
        pass_remark(context->report, "nothing done: %s", reason);
        return;
    }
    size_t count = hoist.shape.function->regions.count;
    hoist.paths = frame_paths_new(&hoist.shape, context->scratch);
    hoist.regions = ARENA_ARRAY(context->scratch, LoopRegion *, count);
    hoist.values = ARENA_ARRAY(context->scratch, PathValues *, count);
    for (size_t r = 0; r < count; r++) {
        IrRegion *region = hoist.shape.function->regions.items[r];
        hoist.regions[r] = loop_region_prepare(&hoist.shape, region, context->scratch);
        hoist.values[r] = path_values_new(hoist.paths, hoist.regions[r], context->scratch);
    }
    hoist.uses = ARENA_ARRAY(context->scratch, ChainUse, hoist.paths->all.count);
    for (size_t r = 0; r < count; r++)
        note_uses(&hoist, r);
    note_sure_bases(&hoist);
    choose(&hoist);
    for (size_t r = 0; r < count; r++)
        rewrite_region(&hoist, r);
    pass_count_add(context->report, "reads replaced by a parameter", (int64_t)hoist.replaced);
    pass_count_add(context->report, "edges that keep the frame", (int64_t)hoist.kept);
    pass_count_add(context->report, "edges that change the frame", (int64_t)hoist.changed);
    pass_count_add(context->report, "  read again there", (int64_t)hoist.reads.loads);
    pass_count_add(context->report, "  forwarded from a store", (int64_t)hoist.reads.forwarded);
    pass_count_add(context->report, "  read there already", (int64_t)hoist.reads.reused);
    if (hoist.again)
        pass_count_add(context->report, "read again behind what collects", (int64_t)hoist.again);
}
