// See ssa.h. A region is small, so what a block defines is a list that is searched, not a table.
#include "frontend/loop/expand.h"
#include "ir/builder.h"
#include "support/pointer_map.h"

// ir_block_new appends; it is taken out of the list again, see loop_start_block.
LoopBlock *loop_block_new(LoopLowering *lowering, const char *name) {
    LoopBlock *block = ARENA_NEW(lowering->arena, LoopBlock);
    block->ir = ir_block_new(lowering->region, name);
    lowering->region->blocks.count--;
    return block;
}

void loop_start_block(LoopLowering *lowering, LoopBlock *block) {
    ARENA_PUSH(lowering->arena, &lowering->region->blocks, block->ir);
    ARENA_PUSH(lowering->arena, &lowering->blocks, block);
    lowering->block = block;
}

static void add_predecessor(LoopLowering *lowering, LoopBlock *block, LoopBlock *from,
                            size_t edge) {
    LoopPredecessor predecessor = {from, from->ir->last, edge};
    ARENA_PUSH(lowering->arena, &block->predecessors, predecessor);
}

// After a branch control is nowhere until a block is started. What is lowered in the meantime
// goes into a block that is in no region: so code that can't be reached is checked like any
// other and leaves no trace, and nobody has to ask before building an instruction.
void loop_go_to(LoopLowering *lowering, LoopBlock *target, Location at) {
    if (!loop_is_live(lowering))
        return;
    ir_build_br(loop_builder(lowering, at), target->ir, NULL, 0);
    add_predecessor(lowering, target, lowering->block, 0);
    lowering->block = lowering->dead;
}

void loop_branch(LoopLowering *lowering, IrValue *condition, IrLikely likely, LoopBlock *yes,
                 LoopBlock *no, Location at) {
    if (!loop_is_live(lowering))
        return;
    ir_build_if(loop_builder(lowering, at), condition, yes->ir, no->ir, likely);
    add_predecessor(lowering, yes, lowering->block, 0);
    add_predecessor(lowering, no, lowering->block, 1);
    lowering->block = lowering->dead;
}

// The default is the last edge, wherever it was added.
void loop_switch(LoopLowering *lowering, IrValue *value, const LoopCases *cases,
                 LoopBlock *otherwise, Location at) {
    if (!loop_is_live(lowering))
        return;
    IrInstruction *last = ir_build_switch(loop_builder(lowering, at), value, otherwise->ir);
    for (size_t i = 0; i < cases->count; i++)
        ir_switch_case(lowering->module, last, cases->items[i].number, cases->items[i].block->ir);
    for (size_t i = 0; i < cases->count; i++)
        add_predecessor(lowering, cases->items[i].block, lowering->block, i);
    add_predecessor(lowering, otherwise, lowering->block, cases->count);
    lowering->block = lowering->dead;
}

size_t loop_parameter_new(LoopBlock *block, IrType type, const char *name) {
    ir_parameter_new(block->ir, type, name);
    return block->ir->parameters.count - 1;
}

// Arguments come in any order, since a block may have several pending parameters: the places
// before this one are filled with something, and overwritten when their turn comes.
void loop_set_argument(LoopLowering *lowering, const LoopPredecessor *edge, size_t parameter,
                       IrValue *value) {
    IrEdge *ir = &edge->terminator->edges.items[edge->edge];
    while (ir->arguments.count <= parameter)
        ir_edge_argument(lowering->module, ir, value);
    ir->arguments.items[parameter] = value;
}

static void define_in(LoopLowering *lowering, LoopBlock *block, LoopVariable *variable,
                      IrValue *value) {
    for (size_t i = 0; i < block->defined.count; i++) {
        if (block->defined.items[i].variable == variable) {
            block->defined.items[i].value = value;
            return;
        }
    }
    LoopDefined defined = {variable, value};
    ARENA_PUSH(lowering->arena, &block->defined, defined);
}

void loop_define(LoopLowering *lowering, LoopVariable *variable, IrValue *value) {
    define_in(lowering, lowering->block, variable, value);
}

static IrValue *find_in(const LoopBlock *block, const LoopVariable *variable) {
    for (size_t i = 0; i < block->defined.count; i++) {
        if (block->defined.items[i].variable == variable)
            return block->defined.items[i].value;
    }
    return NULL;
}

// Any value of the type, where there is none or after an error.
static IrValue *placeholder(LoopLowering *lowering, LoopType type) {
    IrType ir = loop_ir_type(type);
    return ir == IR_F64 ? ir_number(lowering->module, 0) : ir_integer(lowering->module, ir, 0);
}

static IrValue *read_in(LoopLowering *lowering, LoopBlock *block, LoopVariable *variable,
                        Location at);

static void fill_parameter(LoopLowering *lowering, LoopBlock *block, LoopVariable *variable,
                           size_t parameter, Location at) {
    for (size_t i = 0; i < block->predecessors.count; i++) {
        LoopPredecessor edge = block->predecessors.items[i];
        loop_set_argument(lowering, &edge, parameter, read_in(lowering, edge.from, variable, at));
    }
}

// The value at the block's start, where the block is entered from several places or
// not all of them are known.
static IrValue *read_merged(LoopLowering *lowering, LoopBlock *block, LoopVariable *variable,
                            Location at) {
    size_t parameter = loop_parameter_new(block, loop_ir_type(variable->type), variable->name);
    IrValue *value = block->ir->parameters.items[parameter];
    // Noted before the predecessors are asked: in a loop one of them leads back here, and has
    // to find this parameter instead of asking without end.
    define_in(lowering, block, variable, value);
    if (block->sealed) {
        fill_parameter(lowering, block, variable, parameter, at);
    } else {
        LoopPending pending = {variable, parameter, at};
        ARENA_PUSH(lowering->arena, &block->pending, pending);
    }
    return value;
}

// The variable's value at the end of the block as it is. Blocks with one predecessor are passed
// in a loop, so that the recursion (through fill_parameter) is as deep as there are joins on the
// way; the number of a bytecode's messages bounds these. Where nothing precedes, the entry has
// been reached: the variable isn't assigned on this path.
static IrValue *read_in(LoopLowering *lowering, LoopBlock *block, LoopVariable *variable,
                        Location at) {
    LoopBlock *place = block;
    IrValue *value;
    while (!(value = find_in(place, variable)) && place->sealed && place->predecessors.count == 1)
        place = place->predecessors.items[0].from;
    if (!value && place->sealed && place->predecessors.count == 0) {
        if (place != lowering->dead)
            LOOP_ERROR(lowering, at, "`%s` may be read before it is assigned", variable->name);
        value = placeholder(lowering, variable->type);
    }
    if (!value)
        value = read_merged(lowering, place, variable, at);
    define_in(lowering, block, variable, value);
    return value;
}

IrValue *loop_read(LoopLowering *lowering, LoopVariable *variable, Location at) {
    return read_in(lowering, lowering->block, variable, at);
}

void loop_seal_block(LoopLowering *lowering, LoopBlock *block) {
    block->sealed = true;
    for (size_t i = 0; i < block->pending.count; i++) {
        LoopPending pending = block->pending.items[i];
        fill_parameter(lowering, block, pending.variable, pending.parameter, pending.at);
    }
}

// ---- Trivial parameters ------------------------------------------------------------------

// Parameters that were found to be another value.
typedef struct Aliases {
    PointerMap numbers;
    IrValues values; // by number
} Aliases;

static IrValue *resolve(const Aliases *aliases, IrValue *value) {
    int number;
    while ((number = pointer_map_find(&aliases->numbers, value)) >= 0)
        value = aliases->values.items[number];
    return value;
}

// Constants are values of their own each time, so equal ones have to be compared.
static bool same_value(const IrValue *left, const IrValue *right) {
    if (left == right)
        return true;
    return left->kind == IR_CONSTANT && right->kind == IR_CONSTANT && left->type == right->type &&
           left->integer == right->integer;
}

// What a parameter always is, other than itself; NULL if it may be several things.
static IrValue *only_argument(const Aliases *aliases, const LoopBlock *block, size_t parameter) {
    IrValue *self = block->ir->parameters.items[parameter], *only = NULL;
    for (size_t i = 0; i < block->predecessors.count; i++) {
        const LoopPredecessor *edge = &block->predecessors.items[i];
        IrEdge *ir = &edge->terminator->edges.items[edge->edge];
        IrValue *argument = resolve(aliases, ir->arguments.items[parameter]);
        if (argument == self || (only && same_value(argument, only)))
            continue;
        if (only)
            return NULL;
        only = argument;
    }
    return only;
}

static void remove_parameter(LoopBlock *block, size_t parameter) {
    ir_remove_parameter(block->ir, parameter);
    for (size_t i = 0; i < block->predecessors.count; i++) {
        const LoopPredecessor *edge = &block->predecessors.items[i];
        IrEdge *ir = &edge->terminator->edges.items[edge->edge];
        for (size_t j = parameter; j + 1 < ir->arguments.count; j++)
            ir->arguments.items[j] = ir->arguments.items[j + 1];
        ir->arguments.count--;
    }
}

// One round over all blocks but the first, whose parameters are the table's. From the last
// parameter to the first, because removing one moves those after it.
static bool find_aliases(LoopLowering *lowering, Aliases *aliases) {
    bool found = false;
    for (size_t i = 1; i < lowering->blocks.count; i++) {
        LoopBlock *block = lowering->blocks.items[i];
        for (size_t j = block->ir->parameters.count; j-- > 0;) {
            IrValue *only = only_argument(aliases, block, j);
            if (!only)
                continue;
            pointer_map_add(lowering->arena, &aliases->numbers, block->ir->parameters.items[j],
                            (int)aliases->values.count);
            ARENA_PUSH(lowering->arena, &aliases->values, only);
            remove_parameter(block, j);
            found = true;
        }
    }
    return found;
}

static void replace(const Aliases *aliases, IrValue **items, size_t count) {
    for (size_t i = 0; i < count; i++)
        items[i] = resolve(aliases, items[i]);
}

// Rounds until nothing is found: that one parameter goes may make another one trivial (an outer
// loop's, once the inner loop's is gone). Uses are rewritten once, at the end. Since control is
// structured, hence reducible, what is left is the least that there can be (Braun et al.).
void loop_remove_trivial_parameters(LoopLowering *lowering) {
    Aliases aliases = {0};
    while (find_aliases(lowering, &aliases))
        continue;
    for (size_t i = 0; aliases.values.count && i < lowering->blocks.count; i++) {
        for (IrInstruction *at = lowering->blocks.items[i]->ir->first; at; at = at->next) {
            replace(&aliases, at->operands.items, at->operands.count);
            for (size_t j = 0; j < at->edges.count; j++)
                replace(&aliases, at->edges.items[j].arguments.items,
                        at->edges.items[j].arguments.count);
        }
    }
    // The stack effects (effects.c) will ask for these values by their address.
    for (size_t i = 0; i < lowering->endings.count; i++) {
        LoopEnding *ending = &lowering->endings.items[i];
        if (ending->displacement)
            ending->displacement = resolve(&aliases, ending->displacement);
        if (ending->dropped)
            ending->dropped = resolve(&aliases, ending->dropped);
    }
}
