// dce: takes out what can't be reached and what nobody uses: blocks without a way to them,
// instructions (loads included) whose only effect is an unused result, and parameters of
// blocks that nobody reads or that get the same value from everywhere.
//
// Legal because what goes has no effect: ir_is_removable asks the operation's. How the dead
// is found is told in passes/support/tidy.c. The passes before leave it what they don't need
// any more, each with one idea in mind.
//
// Costs nothing. Known as dead code elimination from any compiler (in SSA: Cytron et al., 1991,
// section 7.1).
#include "passes/manager/pass.h"
#include "passes/support/tidy.h"

void dce_run(PassContext *context) {
    IrModule *module = context->module;
    TidyRemoved total = {0};
    size_t blocks = 0;
    for (size_t f = 0; f < module->functions.count; f++) {
        IrFunction *function = module->functions.items[f];
        for (size_t r = 0; r < function->regions.count; r++) {
            IrRegion *region = function->regions.items[r];
            blocks += tidy_remove_unreachable(region);
            total.parameters += tidy_remove_redundant_parameters(region, NULL);
            TidyRemoved removed = tidy_remove_dead(region, NULL);
            total.instructions += removed.instructions;
            total.parameters += removed.parameters;
        }
    }
    pass_count_add(context->report, "instructions removed", (int64_t)total.instructions);
    pass_count_add(context->report, "block parameters removed", (int64_t)total.parameters);
    pass_count_add(context->report, "blocks removed", (int64_t)blocks);
}
