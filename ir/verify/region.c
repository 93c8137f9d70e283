// The rules `dominance` and `regions`: where a region's values come from, and where its
// edges lead to. Dominance is what makes SSA mean something: a value may be used where every
// way from the region's entry has come past its definition (Cytron et al., 1991).
#include "ir/verify/rules.h"

// Where a value is used, in the terms in which VerifyDefinition says where it is defined.
typedef struct Use {
    const IrInstruction *at;
    int position; // of the block that uses
    int order;    // of the instruction in it
} Use;

static void check_use(IrVerifier *verifier, const IrCfg *cfg, const IrDominators *dominators,
                      Use use, const IrValue *value) {
    if (value->kind == IR_CONSTANT)
        return;
    const VerifyDefinition *definition = verify_find_definition(verifier, value);
    size_t before = verifier->complaints->count;
    if (!definition) {
        verify_complain(verifier, "dominance", verify_at_instruction(use.at),
                        "a value called %%%s is used and defined nowhere",
                        value->name ? value->name : "t");
        return;
    }
    if (definition->region != cfg->region) {
        verify_complain(verifier, "regions", verify_at_instruction(use.at),
                        "%s is a value of another region", verify_value_name(verifier, value));
        verify_complain_also(verifier, before, verify_definition_place(verifier, value),
                             "it is defined here");
        return;
    }
    // No path leads here, so each of them has defined it.
    if (cfg->nodes[use.position].order < 0)
        return;
    int defined = ir_cfg_position(cfg, definition->block);
    // Within a block the order counts, across blocks dominance. An edge's argument is used at
    // the end of the block that passes it, not in the one that gets it.
    if (defined == use.position ? definition->order < use.order
                                : ir_position_dominates(dominators, defined, use.position))
        return;
    verify_complain(verifier, "dominance", verify_at_instruction(use.at),
                    "%s is used where not every path has defined it",
                    verify_value_name(verifier, value));
    verify_complain_also(verifier, before, verify_definition_place(verifier, value),
                         "it is defined here");
}

// A region stands alone, so that it can be copied, replicated, or made a function as a whole.
static void check_target(IrVerifier *verifier, const IrRegion *region, const IrInstruction *at,
                         const IrBlock *target) {
    const IrRegion *home = verify_home_of(verifier, target);
    if (home == region || verify_leads_to_header(region, target))
        return;
    if (verify_is_trunk(region))
        verify_complain(verifier, "regions", verify_at_instruction(at),
                        "the trunk branches to %s, which is in a region",
                        verify_block_name(verifier, target));
    else
        verify_complain(
            verifier, "regions", verify_at_instruction(at),
            "a region branches to %s, which is neither its own block nor the loop's header",
            verify_block_name(verifier, target));
}

void verify_region(IrVerifier *verifier, const IrCfg *cfg, const IrDominators *dominators) {
    for (size_t b = 0; b < cfg->count; b++) {
        Use use = {.position = (int)b};
        for (use.at = cfg->nodes[b].block->first; use.at; use.at = use.at->next, use.order++) {
            const IrInstruction *at = use.at;
            for (size_t i = 0; i < at->operands.count; i++)
                check_use(verifier, cfg, dominators, use, at->operands.items[i]);
            for (size_t e = 0; e < at->edges.count; e++) {
                const IrEdge *edge = &at->edges.items[e];
                check_target(verifier, cfg->region, at, edge->block);
                for (size_t i = 0; i < edge->arguments.count; i++)
                    check_use(verifier, cfg, dominators, use, edge->arguments.items[i]);
            }
        }
    }
}
