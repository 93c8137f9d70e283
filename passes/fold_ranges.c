// fold-ranges: comparisons, overflow tests and branches whose outcome follows from what
// their operands can be: because a constant or a narrow load says so, or because a branch
// on the way there has asked the same or more already (RPython's loop, for one, checks
// the opcode's range twice). A comparison becomes the constant, a branch goes its one way.
//
// Legal because a range holds whatever the value can be (ir/analysis/ranges.h: abstract
// interpretation over intervals, Cousot and Cousot 1977), and where a value is never
// computed nothing is folded. What nothing leads to afterwards is left to dce.
//
// Costs nothing.
#include "ir/analysis/ranges.h"
#include "passes/manager/pass.h"
#include "passes/support/edit.h"

enum { ROUNDS = 4 }; // a branch that is gone can narrow what follows it

typedef struct FoldRanges {
    PassContext *context;
    size_t comparisons, branches;
} FoldRanges;

static bool is_comparison(const IrInstruction *at) {
    return ir_op_shape(at->op) == IR_SHAPE_COMPARE && ir_type_bits(at->operands.items[0]->type);
}

// What it gives, if that is known. Empty where it isn't executed.
static IrRange outcome(const IrRanges *ranges, const IrInstruction *at) {
    IrRange left = ir_range_at(ranges, at->operands.items[0], at->block);
    IrRange right = ir_range_at(ranges, at->operands.items[1], at->block);
    if (ir_range_is_empty(left) || ir_range_is_empty(right))
        return ir_range_empty();
    return ir_range_binary(at->op, at->operands.items[0]->type, left, right);
}

// Substituted at the region's end only: `ranges` is a snapshot, and must not see what is
// changed.
static bool fold_comparisons(FoldRanges *fold, IrRegion *region, const IrRanges *ranges) {
    Substitution substitution = {.arena = fold->context->scratch};
    size_t before = fold->comparisons;
    for (size_t b = 0; b < region->blocks.count; b++)
        for (IrInstruction *at = region->blocks.items[b]->first, *next; at; at = next) {
            next = at->next;
            if (!is_comparison(at))
                continue;
            IrRange known = outcome(ranges, at);
            if (ir_range_is_empty(known) || !ir_range_is_constant(known))
                continue;
            substitution_add(&substitution, at->result,
                             ir_integer(fold->context->module, IR_I1, known.low));
            ir_remove(at);
            fold->comparisons++;
        }
    substitution_apply(&substitution, region);
    return fold->comparisons != before;
}

static bool fold_branches(FoldRanges *fold, const IrRegion *region, const IrRanges *ranges) {
    size_t before = fold->branches;
    for (size_t b = 0; b < region->blocks.count; b++) {
        IrInstruction *last = region->blocks.items[b]->last;
        if (last->op != IR_IF)
            continue;
        IrRange range = ir_range_at(ranges, last->operands.items[0], last->block);
        if (ir_range_is_empty(range) || !ir_range_is_constant(range))
            continue;
        edit_make_branch(last, range.low ? 0 : 1);
        fold->branches++;
    }
    return fold->branches != before;
}

void fold_ranges_run(PassContext *context) {
    IrModule *module = context->module;
    FoldRanges fold = {.context = context};
    for (size_t f = 0; f < module->functions.count; f++)
        for (size_t r = 0; r < module->functions.items[f]->regions.count; r++) {
            IrRegion *region = module->functions.items[f]->regions.items[r];
            bool again = true;
            // New ranges for each round, since the old ones are stale.
            for (int round = 0; again && round < ROUNDS; round++) {
                const IrRanges *ranges = ir_ranges_compute(context->scratch, module, region);
                again = fold_comparisons(&fold, region, ranges);
                again |= fold_branches(&fold, region, ranges);
            }
        }
    pass_count_add(context->report, "comparisons decided", (int64_t)fold.comparisons);
    pass_count_add(context->report, "branches decided", (int64_t)fold.branches);
}
