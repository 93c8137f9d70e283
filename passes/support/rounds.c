// See rounds.h.
#include "passes/support/rounds.h"

// ---- Finding --------------------------------------------------------------------------------

static bool is_in(const Rounds *rounds, const IrBlock *block) {
    for (size_t i = 0; i < rounds->blocks.count; i++)
        if (rounds->blocks.items[i] == block)
            return true;
    return false;
}

// The blocks that the header leads to by edges: a dispatch ends the round.
static void find_blocks(Rounds *rounds, IrBlock *header, Arena *scratch) {
    ARENA_PUSH(scratch, &rounds->blocks, header);
    for (size_t i = 0; i < rounds->blocks.count; i++) {
        const IrInstruction *last = rounds->blocks.items[i]->last;
        for (size_t e = 0; e < last->edges.count; e++) {
            IrBlock *block = last->edges.items[e].block;
            rounds->is_turning |= block == header;
            if (!is_in(rounds, block))
                ARENA_PUSH(scratch, &rounds->blocks, block);
        }
    }
}

static bool is_known(const Rounds *rounds, const IrValue *value) {
    switch (value->kind) {
    case IR_CONSTANT: return true;
    case IR_PARAMETER: return is_in(rounds, value->parameter.block);
    case IR_RESULT: return is_in(rounds, value->instruction->block);
    }
    return false;
}

static bool all_known(const Rounds *rounds, IrValue *const *values, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!is_known(rounds, values[i]))
            return false;
    return true;
}

static bool uses_only_its_own(const Rounds *rounds) {
    for (size_t i = 0; i < rounds->blocks.count; i++)
        for (const IrInstruction *at = rounds->blocks.items[i]->first; at; at = at->next) {
            bool known = all_known(rounds, at->operands.items, at->operands.count);
            for (size_t e = 0; known && e < at->edges.count; e++)
                known = all_known(rounds, at->edges.items[e].arguments.items,
                                  at->edges.items[e].arguments.count);
            if (!known)
                return false;
        }
    return true;
}

bool rounds_find(IrModule *module, Rounds *rounds, Arena *scratch, const char **reason) {
    *rounds = (Rounds){.module = module};
    if (module->functions.count)
        rounds->function = module->functions.items[0];
    if (!rounds->function || !rounds->function->header) {
        *reason = "there is no loop";
        return false;
    }
    find_blocks(rounds, rounds->function->header, scratch);
    if (uses_only_its_own(rounds))
        return true;
    *reason = "the loop's round uses values of what comes before the loop";
    return false;
}

size_t rounds_length(const Rounds *rounds) {
    size_t length = 0;
    for (size_t i = 0; i < rounds->blocks.count; i++)
        for (const IrInstruction *at = rounds->blocks.items[i]->first; at; at = at->next)
            length++;
    return length;
}

// ---- Replicating ----------------------------------------------------------------------------

static void pass_arguments(Copy *copy, const IrBlock *header, const IrEdge *edge) {
    for (size_t i = 0; i < header->parameters.count; i++)
        substitution_add(&copy->values, header->parameters.items[i], edge->arguments.items[i]);
}

// The round of a block that does nothing after what it did but to go on: the header's part
// stands right there, with the block's values in the place of parameters.
static void end_in_round(const Rounds *rounds, IrBlock *block, Arena *scratch) {
    IrBlock *const *blocks = rounds->blocks.items;
    Copy copy = copy_new(rounds->module, block->region, scratch);
    pass_arguments(&copy, blocks[0], &block->last->edges.items[0]);
    ir_remove(block->last);
    copy_declare(&copy, blocks + 1, rounds->blocks.count - 1);
    for (const IrInstruction *at = blocks[0]->first; at; at = at->next)
        copy_instruction(&copy, at, block);
    copy_fill(&copy, blocks + 1, rounds->blocks.count - 1);
}

// The round that one of several edges leads to is a block of its own.
static void lead_to_round(const Rounds *rounds, IrRegion *region, IrEdge *edge, Arena *scratch) {
    IrBlock *const *blocks = rounds->blocks.items;
    Copy copy = copy_new(rounds->module, region, scratch);
    if (!rounds->is_turning)
        pass_arguments(&copy, blocks[0], edge);
    copy_declare(&copy, blocks, rounds->blocks.count);
    copy_fill(&copy, blocks, rounds->blocks.count);
    edge->block = copy_of_block(&copy, blocks[0]);
    if (!rounds->is_turning)
        edge->arguments.count = 0;
}

static size_t replicate_in_region(const Rounds *rounds, IrRegion *region, Arena *scratch) {
    const IrBlock *header = rounds->blocks.items[0];
    size_t copies = 0;
    // Those that are added have no way to the header, and are not looked at.
    for (size_t b = 0, count = region->blocks.count; b < count; b++) {
        IrBlock *block = region->blocks.items[b];
        if (block->last->op == IR_BR && block->last->edges.items[0].block == header &&
            !rounds->is_turning) {
            end_in_round(rounds, block, scratch);
            copies++;
            continue;
        }
        for (size_t e = 0; e < block->last->edges.count; e++)
            if (block->last->edges.items[e].block == header) {
                lead_to_round(rounds, region, &block->last->edges.items[e], scratch);
                copies++;
            }
    }
    return copies;
}

size_t rounds_replicate(const Rounds *rounds) {
    IrFunction *function = rounds->function;
    size_t copies = 0;
    for (size_t r = 1; r < function->regions.count; r++) {
        Arena *scratch = arena_new();
        copies += replicate_in_region(rounds, function->regions.items[r], scratch);
        arena_free(scratch);
    }
    function->header = NULL;
    rounds->module->form = IR_FORM_REPLICATED;
    ir_renumber(function);
    return copies;
}
