// See variables.h. A block with several predecessors gets a parameter for each variable when
// it is entered; the arguments follow at the end, when the values at each predecessor's end
// are known, those of back edges included.
#include "passes/support/variables.h"

#include <string.h>

Variables *variables_new(const ShapeRegion *region, const Variable *declared, size_t count,
                         Arena *scratch) {
    Variables *variables = ARENA_NEW(scratch, Variables);
    variables->region = region;
    variables->declared = declared;
    variables->count = count;
    variables->at_end = ARENA_ARRAY(scratch, IrValue *, region->cfg->count * count + 1);
    variables->joins_before = ARENA_ARRAY(scratch, int, region->cfg->count + 1);
    for (size_t i = 0; i < region->cfg->count; i++)
        variables->joins_before[i] = -1;
    return variables;
}

// A block with one predecessor goes on with what that left, which exists by then, as a single
// predecessor comes before it in this order. Only a join needs a parameter.
void variables_enter(Variables *variables, int position, IrValue **current) {
    const IrCfgNode *node = &variables->region->cfg->nodes[position];
    if (node->block == variables->region->start) {
        for (size_t v = 0; v < variables->count; v++)
            current[v] = variables->declared[v].initial;
        return;
    }
    if (node->predecessors.count == 1) {
        size_t from = (size_t)node->predecessors.items[0] * variables->count;
        memcpy(current, variables->at_end + from, variables->count * sizeof *current);
        return;
    }
    // Each variable gets one, needed or not. To find out which are needed one would have to
    // know the ends of blocks that come later, by back edges; so what turns out to be
    // superfluous is tidied away afterwards.
    variables->joins_before[position] = (int)node->block->parameters.count;
    for (size_t v = 0; v < variables->count; v++)
        current[v] =
            ir_parameter_new(node->block, variables->declared[v].type, variables->declared[v].name);
}

void variables_leave(Variables *variables, int position, IrValue *const *current) {
    memcpy(variables->at_end + (size_t)position * variables->count, current,
           variables->count * sizeof *current);
}

void variables_finish(Variables *variables) {
    const IrCfg *cfg = variables->region->cfg;
    for (size_t b = 0; b < cfg->count; b++) {
        IrInstruction *last = cfg->nodes[b].block->last;
        for (size_t e = 0; last && e < last->edges.count; e++) {
            int target = ir_cfg_position(cfg, last->edges.items[e].block);
            if (target < 0 || variables->joins_before[target] < 0)
                continue;
            for (size_t v = 0; v < variables->count; v++)
                ir_edge_argument(variables->region->shape->module, &last->edges.items[e],
                                 variables->at_end[b * variables->count + v]);
        }
    }
}
