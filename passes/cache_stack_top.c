// cache-stack-top: the values on top of the operand stack stay in registers from one bytecode to
// the next. What a bytecode pushes is passed to the next one as a parameter, and written to memory
// only where something looks at it or another push lies on top of it. (Ertl, "Stack Caching for
// Interpreters", PLDI 1995; vmgen has it for Forth, with states chosen by hand.)
//
// How many values are in registers is the *state* of the loop, and differs: after a push one is,
// after a store to a local none. A register that always holds the top would have to hold
// something where the stack is empty, and write it back below the stack, onto a local. So there is
// a table for each state, which leads to copies of the bytecodes that begin in it, and a dispatch
// goes on through the table of the state that it has come to: the state is kept in the jump, and
// costs nothing (Ertl's dynamic caching).
//
// A bytecode passes on what it knows anyway: a slot that it has stored, loaded or got on every way
// to that dispatch, but for cold ones (passes/support/coldness.h), which load it again. Nothing
// else is loaded for the next one on suspicion. So a pop goes on with a value less, and whoever
// needs that one loads it.
//
// How: each copy begins with stores of the slots that it was given, and each dispatch is preceded
// by loads of the slots that it passes on. That is right as it stands, as memory is up to date
// throughout. Then forward-stack's work is done on each bytecode, with one fact more: a slot that
// is passed on in a parameter is looked at by nobody (docs/ir.md, `as stack`). So the stores go,
// or move to the cold ways that need them, and the loads become values.
//
// Legal for forward-stack's reasons: what may collect, raise, block, or reads the stack finds it
// in memory, and what can move is loaded again after what collects. An exit passes nothing on, as
// plain code begins with all of its stack in memory. So does a dispatch with another frame.
//
// It costs code: each bytecode stands there once more for each slot. And it costs a register for
// each; slots that find none are refused. It saves memory accesses, not dispatches. In form
// `replicated` a dispatch takes an instruction more (backend/llvm/lower_control.c), and LLVM, for
// hundreds of superinstructions, half a minute; not so in form `handlers`. What was only loaded is
// passed on as well, and so is stored once more if another push covers it: measured, that gains
// more than it loses.
#include "ir/builder.h"
#include "passes/forward_stack.h"
#include "passes/support/coldness.h"
#include "passes/support/copy.h"

#include <stdlib.h>

enum { MOST_SLOTS = 8 };

// The loop in each of its states, from 0 slots in parameters on.
typedef struct States {
    PassContext *context;
    int slots, stack_parameter;
    IrTable *tables[MOST_SLOTS + 1];
    PointerMap copied; // regions of table 0, as numbers into `originals`
    ARENA_VECTOR(IrRegion *) originals;
    ARENA_VECTOR(IrRegion *) copies; // those of state s: from (s - 1) * originals.count on
    int64_t passing, plain;          // dispatches that pass slots on, and others
} States;

bool cache_stack_top_check(const char *parameter, Text *error) {
    char *end;
    long slots = strtol(parameter, &end, 10);
    if (*parameter >= '1' && *parameter <= '9' && !*end && slots <= MOST_SLOTS)
        return true;
    text_addf(error, "cache-stack-top takes a number of slots from 1 to %d, not '%.40s'",
              MOST_SLOTS, parameter);
    return false;
}

// ---- What a dispatch can pass on ---------------------------------------------------------------

// How many slots from the top on are known where the block ends in a dispatch. One that goes on
// with another frame knows none: it can't be told there whether the stack has any.
static int count_known(const ForwardRegion *region, uint64_t known, const IrInstruction *dispatch,
                       int most) {
    IrValue *const *arguments = dispatch->operands.items + 1;
    int count = 0;
    if (!forward_keeps_frame(region, arguments, dispatch->operands.count - 1))
        return 0;
    for (; count < most; count++) {
        int cell =
            forward_find_slot(region, arguments[region->progress->stack_parameter], count + 1);
        if (cell < 0 || !(known & UINT64_C(1) << cell))
            break;
    }
    return count;
}

// Loads the slots that a dispatch passes on, and lets it go on through the table for them.
static void pass_on(const States *states, const ForwardRegion *region, IrInstruction *dispatch,
                    int count) {
    IrBuilder builder = edit_before(region->module, dispatch);
    IrValue *top = dispatch->operands.items[1 + region->progress->stack_parameter];
    for (int slot = 1; slot <= count; slot++) {
        IrValue *value =
            ir_build_load_element(&builder, region->module->stack_cell, top,
                                  ir_integer(region->module, IR_I64, -slot), IR_ALIAS_STACK);
        ARENA_PUSH(region->module->arena, &dispatch->operands, value);
    }
    dispatch->table = states->tables[count];
}

// Does so for each dispatch of the region, or only asks how many could pass something on.
static int64_t visit_dispatches(States *states, const IrTable *table, IrRegion *code, bool asks) {
    Arena *scratch = arena_new();
    ForwardRegion region = {
        .module = states->context->module, .region = code, .table = table, .scratch = scratch};
    int64_t passing = 0;
    bool followed = forward_open(&region, NULL, 0);
    const Coldness *coldness = coldness_compute(region.cfg, scratch);
    const uint64_t *known =
        followed ? forward_known(&region, coldness_find_hot(coldness, scratch)) : NULL;
    for (size_t i = 0; i < region.cfg->reachable; i++) {
        int block = region.cfg->reverse_post_order[i];
        IrInstruction *last = region.cfg->nodes[block].block->last;
        if (last->op != IR_DISPATCH)
            continue;
        int count = followed ? count_known(&region, known[block], last, states->slots) : 0;
        passing += count > 0;
        states->plain += !asks && !count;
        if (count && !asks)
            pass_on(states, &region, last, count);
    }
    arena_free(scratch);
    return passing;
}

// ---- The loop's code in another state ----------------------------------------------------------

static void note_original(States *states, IrRegion *region) {
    Arena *scratch = states->context->scratch;
    if (region && pointer_map_add(scratch, &states->copied, region, (int)states->originals.count))
        ARENA_PUSH(scratch, &states->originals, region);
}

static void find_originals(States *states) {
    const IrTable *table = states->tables[0];
    for (size_t i = 0; i < table->bytecodes.count; i++)
        note_original(states, edit_code_of(table->bytecodes.items[i].block,
                                           table->bytecodes.items[i].function));
    note_original(states, edit_code_of(table->default_block, table->default_function));
}

// In form `handlers` the copy is a function of its own.
static IrRegion *make_region(IrModule *module, const IrRegion *original) {
    IrFunction *function = original->function;
    if (module->form != IR_FORM_HANDLERS)
        return ir_region_new(function, original->name);
    IrFunction *made =
        ir_function_new(module, edit_free_name(module, function->name), function->result);
    made->at = function->at;
    return made->regions.items[0];
}

// The copy is given slots, and puts them where its original finds them. As it stores first, it
// doesn't claim to be restartable.
static IrRegion *copy_region(const States *states, const IrRegion *original, int state) {
    IrModule *module = states->context->module;
    IrRegion *made = make_region(module, original);
    Copy copy = copy_new(module, made, states->context->scratch);
    copy_declare(&copy, original->blocks.items, original->blocks.count);
    copy_fill(&copy, original->blocks.items, original->blocks.count);
    IrBlock *entry = made->blocks.items[0];
    IrBuilder builder = edit_before(module, entry->first);
    IrValue *pointer = entry->parameters.items[states->stack_parameter];
    for (int slot = 1; slot <= state; slot++) {
        IrValue *given = ir_parameter_new(entry, ir_cell_type(module->stack_cell), "slot");
        ir_build_store_element(&builder, IR_STORE, module->stack_cell, pointer,
                               ir_integer(module, IR_I64, -slot), given, IR_ALIAS_STACK);
    }
    return made;
}

static IrRegion *copy_of(const States *states, const IrRegion *original, int state) {
    size_t number = (size_t)pointer_map_find(&states->copied, original);
    return states->copies.items[(size_t)(state - 1) * states->originals.count + number];
}

// Has an entry that leads to the original lead to its copy.
static void lead_to_copy(const States *states, int state, IrBlock **block, IrFunction **function) {
    const IrRegion *original = edit_code_of(*block, *function);
    if (!original)
        return;
    IrRegion *copy = copy_of(states, original, state);
    if (*function)
        *function = copy->function;
    else
        *block = copy->blocks.items[0];
}

static void make_table(States *states, int state) {
    IrModule *module = states->context->module;
    const IrTable *plain = states->tables[0];
    IrTable *table = ir_table_new(module, edit_free_name(module, plain->name));
    const char *name = table->name;
    *table = *plain;
    table->name = name;
    table->parameters.items = NULL;
    table->parameters.count = table->parameters.capacity = 0;
    table->bytecodes.items = NULL;
    table->bytecodes.count = table->bytecodes.capacity = 0;
    for (size_t i = 0; i < plain->parameters.count; i++)
        ARENA_PUSH(module->arena, &table->parameters, plain->parameters.items[i]);
    for (int slot = 1; slot <= state; slot++)
        ARENA_PUSH(module->arena, &table->parameters,
                   ((IrTableParameter){.name = arena_printf(module->arena, "slot%d", slot),
                                       .type = ir_cell_type(module->stack_cell),
                                       .slot = slot}));
    for (size_t i = 0; i < plain->bytecodes.count; i++) {
        IrBytecode bytecode = plain->bytecodes.items[i];
        lead_to_copy(states, state, &bytecode.block, &bytecode.function);
        ARENA_PUSH(module->arena, &table->bytecodes, bytecode);
    }
    lead_to_copy(states, state, &table->default_block, &table->default_function);
    states->tables[state] = table;
}

// ---- The pass ----------------------------------------------------------------------------------

// Takes slots off that would find no register. Says why, if nothing is left to do.
static bool can_begin(States *states) {
    PassContext *context = states->context;
    const IrModule *module = context->module;
    if (!module->stack_field || ir_cell_size(module->stack_cell) != 8) {
        pass_remark(context->report, "nothing done: the module declares no stack of 8-byte slots");
        return false;
    }
    if (module->tables.count != 1 || ir_table_slots(module->tables.items[0])) {
        pass_remark(context->report, "nothing done: the loop has %s",
                    module->tables.count ? "states already" : "no table");
        return false;
    }
    states->tables[0] = module->tables.items[0];
    states->stack_parameter = ir_table_mirror(states->tables[0], module->stack_field);
    if (states->stack_parameter < 0) {
        pass_remark(context->report, "nothing done: no parameter of the loop holds the stack "
                                     "pointer; cache-frame-state makes one");
        return false;
    }
    int left = ir_registers_left(states->tables[0], ir_cell_type(module->stack_cell));
    for (; states->slots > left && states->slots; states->slots--)
        pass_remark(context->report,
                    "refused slot %d: the loop has as many parameters as registers", states->slots);
    return states->slots > 0;
}

// The code of a state, in the order of the originals.
static IrRegion *region_in(const States *states, int state, size_t number) {
    IrRegion *original = states->originals.items[number];
    return state ? copy_of(states, original, state) : original;
}

static const IrBytecode *bytecode_of(const IrTable *table, const IrRegion *region) {
    for (size_t i = 0; i < table->bytecodes.count; i++)
        if (edit_code_of(table->bytecodes.items[i].block, table->bytecodes.items[i].function) ==
            region)
            return &table->bytecodes.items[i];
    return NULL;
}

static void make_states(States *states) {
    for (size_t i = 0; i < states->originals.count; i++)
        edit_give_own_entry(states->context->module, states->originals.items[i]);
    for (int state = 1; state <= states->slots; state++) {
        for (size_t i = 0; i < states->originals.count; i++)
            ARENA_PUSH(states->context->scratch, &states->copies,
                       copy_region(states, states->originals.items[i], state));
        make_table(states, state);
    }
    for (int state = 0; state <= states->slots; state++)
        for (size_t i = 0; i < states->originals.count; i++)
            states->passing +=
                visit_dispatches(states, states->tables[state], region_in(states, state, i), false);
}

static void forward_all(const States *states, ForwardCounts *counts) {
    for (int state = 0; state <= states->slots; state++)
        for (size_t i = 0; i < states->originals.count; i++) {
            IrRegion *region = region_in(states, state, i);
            forward_region(states->context->module, states->tables[state],
                           bytecode_of(states->tables[state], region), region, counts);
            ir_renumber(region->function);
        }
}

void cache_stack_top_run(PassContext *context) {
    States states = {.context = context, .slots = atoi(context->parameter)};
    ForwardCounts counts = {0};
    int64_t could = 0;
    if (!can_begin(&states))
        return;
    find_originals(&states);
    for (size_t i = 0; i < states.originals.count; i++)
        could += visit_dispatches(&states, states.tables[0], states.originals.items[i], true);
    if (!could) {
        pass_remark(context->report, "nothing done: no bytecode knows what it leaves on the stack");
        return;
    }
    make_states(&states);
    forward_all(&states, &counts);
    PassReport *report = context->report;
    pass_count_add(report, "slots in parameters", states.slots);
    pass_count_add(report, "bytecodes' regions copied", (int64_t)states.copies.count);
    pass_count_add(report, "dispatches that pass slots on", states.passing);
    pass_count_add(report, "dispatches that pass none", states.plain);
    pass_count_add(report, "loads served by a value that is known", counts.loads);
    pass_count_add(report, "stores that nobody looks at", counts.stores);
    pass_count_add(report, "stores moved to the ways that need them", counts.sunk);
}
