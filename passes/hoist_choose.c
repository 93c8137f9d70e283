// Which chains (access paths of const fields, frame_paths.h) hoist-frame-reads gives a parameter:
// those that are read where the frame stays, that may be read early, as every round is sure to
// access what they are read from (anticipated.h), and for which there is a register. The
// dispatch's come first, then those that most bytecodes read, so that what finds no register
// matters least.
#include "passes/hoist_frame_reads.h"
#include "passes/support/anticipated.h"

// Where what a chain gives is used, other than to read on along the chain.
typedef struct ChainUses {
    bool in_dispatch;   // in the trunk
    bool where_left;    // on a way that leaves the frame
    size_t bytecodes;   // how many use it on a way that keeps the frame
    size_t last_region; // the last one counted
} ChainUses;

typedef struct Counting {
    const HoistView *view;
    ChainUses *uses; // by the chain's number
    size_t region;   // being looked at
    bool keeps;      // the block at hand leads on to an exit that keeps the frame
} Counting;

// ---- Uses ----------------------------------------------------------------------------------

// Counted are bytecodes, not reads: of several in one bytecode cse leaves the first. Regions are
// looked at one after another, so the last one counted tells whether this one has been.
static void count_use(Counting *counting, const FramePath *path) {
    if (!path || !path->parent)
        return;
    ChainUses *uses = &counting->uses[path->number];
    if (!counting->keeps) {
        uses->where_left = true;
    } else if (counting->region == 0) {
        uses->in_dispatch = true;
    } else if (uses->last_region != counting->region) {
        uses->last_region = counting->region;
        uses->bytecodes++;
    }
}

static void count_instruction(Counting *counting, const IrInstruction *at) {
    const FramePathValues *values = counting->view->values[counting->region];
    // A read along a chain: what it gives is used somewhere else, or makes no use.
    if (const_access_is_load(at) && frame_path_of_value(values, at->result))
        return;
    for (size_t i = 0; i < at->operands.count; i++)
        count_use(counting, frame_path_of_value(values, at->operands.items[i]));
    for (size_t e = 0; e < at->edges.count; e++)
        for (size_t i = 0; i < at->edges.items[e].arguments.count; i++) {
            const FramePath *path =
                frame_path_of_value(values, at->edges.items[e].arguments.items[i]);
            // What an exit passes for a parameter that mirrors the chain is no use of it.
            if (path && path->table_parameter < 0)
                count_use(counting, path);
        }
}

// A use counts by where the block leads: a read on a way that only leaves the frame would gain
// nothing from a parameter, which would have to be read again for the next frame just the
// same.
static ChainUses *count_uses(const HoistView *view) {
    Arena *scratch = view->context->scratch;
    Counting counting = {.view = view,
                         .uses = ARENA_ARRAY(scratch, ChainUses, view->paths->all.count)};
    for (size_t r = 0; r < view->regions.count; r++) {
        const ShapeRegion *region = view->regions.items[r];
        const bool *keeping = shape_leads_to_keeping(region, scratch);
        counting.region = r;
        for (size_t b = 0; b < region->cfg->count; b++) {
            const IrBlock *block = region->cfg->nodes[b].block;
            counting.keeps = keeping[b];
            for (const IrInstruction *at = block->first; at && shape_is_inside(region, block);
                 at = at->next)
                count_instruction(&counting, at);
        }
    }
    return counting.uses;
}

// ---- The choice ----------------------------------------------------------------------------

static bool is_used(const ChainUses *uses) {
    return uses->in_dispatch || uses->bytecodes || uses->where_left;
}

// NULL: it may get a parameter.
// Its parent has to be accessed in each round, as it is what the chain's last field is read
// from.
static const char *reason_against(const HoistView *view, const FramePath *path,
                                  const ChainUses *uses, const bool *anticipated) {
    if (!uses->in_dispatch && !uses->bytecodes)
        return "only read where the frame is left";
    if (!anticipated[path->parent->number])
        return arena_printf(view->context->scratch,
                            "nothing says that %s always points to something",
                            frame_path_text(view->paths, path->parent));
    return NULL;
}

// The loads of a refused chain stay, so its base is used wherever they are: by at least as many
// bytecodes as either has. (Where a chain is refused later, for want of a register, it is too late
// for that: the candidates are fixed by then.)
static void refuse(const HoistView *view, const FramePath *path, const char *reason,
                   ChainUses *uses) {
    const ChainUses *own = &uses[path->number];
    ChainUses *parent = &uses[path->parent->number];
    pass_remark(view->context->report, "refused %s: %s", frame_path_text(view->paths, path),
                reason);
    parent->in_dispatch |= own->in_dispatch;
    parent->where_left |= own->where_left;
    if (parent->bytecodes < own->bytecodes)
        parent->bytecodes = own->bytecodes;
}

// The dispatch is executed for each bytecode, so it outweighs any number of them.
static bool matters_more(const ChainUses *left, const ChainUses *right) {
    if (left->in_dispatch != right->in_dispatch)
        return left->in_dispatch;
    return left->bytecodes > right->bytecodes;
}

// Takes the one that matters most out of the candidates, the first of equals. NULL: there
// is none left.
static FramePath *take_best(FramePath **candidates, size_t count, const ChainUses *uses) {
    FramePath **best = NULL;
    for (size_t i = 0; i < count; i++)
        if (candidates[i] &&
            (!best || matters_more(&uses[candidates[i]->number], &uses[(*best)->number])))
            best = &candidates[i];
    FramePath *path = best ? *best : NULL;
    if (best)
        *best = NULL;
    return path;
}

static void report_chosen(const HoistView *view, const FramePath *path, const ChainUses *uses) {
    pass_remark(view->context->report, "hoisted %s: read in %s%zu bytecode%s",
                frame_path_text(view->paths, path), uses->in_dispatch ? "the dispatch and in " : "",
                uses->bytecodes, uses->bytecodes == 1 ? "" : "s");
}

// First what is worth it and legal, then which of those get the registers that there are.
HoistChoice hoist_choose(const HoistView *view) {
    Arena *scratch = view->context->scratch;
    size_t count = view->paths->all.count;
    ChainUses *uses = count_uses(view);
    const bool *anticipated =
        anticipated_paths(view->paths, view->values, view->regions.count, scratch);
    FramePath **candidates = ARENA_ARRAY(scratch, FramePath *, count);
    // The longest first, as a refused one makes a use of what it goes on from.
    for (size_t i = count; i-- > 1;) {
        FramePath *path = view->paths->all.items[i];
        if (path->table_parameter >= 0 || !is_used(&uses[i]))
            continue;
        const char *reason = reason_against(view, path, &uses[i], anticipated);
        if (reason)
            refuse(view, path, reason, uses);
        else
            candidates[i] = path;
    }
    HoistChoice choice = {0};
    int integers = ir_registers_left(view->shape.table, IR_I64);
    int floats = ir_registers_left(view->shape.table, IR_F64);
    for (FramePath *path; (path = take_best(candidates, count, uses));) {
        int *left = path->type == IR_F64 ? &floats : &integers;
        if ((*left)-- <= 0) {
            pass_remark(view->context->report,
                        "refused %s: the loop has as many parameters as registers",
                        frame_path_text(view->paths, path));
            continue;
        }
        report_chosen(view, path, &uses[path->number]);
        ARENA_PUSH(scratch, &choice, path);
    }
    return choice;
}
