// Where sink-address-arithmetic takes parameters out of the loop. The dispatch passes an argument
// for each parameter of its table. One that is arithmetic over the others says nothing that the
// bytecodes couldn't compute by themselves, from what they get anyway.
#include "passes/sink_address_arithmetic.h"
#include "passes/support/copy.h"
#include "passes/support/tidy.h"

typedef struct Parameters {
    PassContext *context;
    IrFunction *function;
    IrTable *table;
    IrInstruction *dispatch;
    size_t sunk, copies;
} Parameters;

// The instructions that one argument is computed by, each after its operands.
typedef struct Sum {
    size_t index; // of the parameter
    ARENA_VECTOR(const IrInstruction *) instructions;
} Sum;

// What the dispatch or exit passes for a parameter.
static IrValue **argument(const IrInstruction *leaving, size_t index) {
    return &leaving->operands.items[1 + index];
}

static IrInstruction *find_dispatch(const IrFunction *function) {
    const IrRegion *trunk = function->regions.items[0];
    for (size_t b = 0; b < trunk->blocks.count; b++)
        if (trunk->blocks.items[b]->last->op == IR_DISPATCH)
            return trunk->blocks.items[b]->last;
    return NULL;
}

// ---- What the argument is ----------------------------------------------------------------------

// Which other parameter the value is passed for, -1: none.
static int passed_for(const Parameters *parameters, const IrValue *value, size_t index) {
    for (size_t i = 0; i < parameters->table->parameters.count; i++)
        if (i != index && *argument(parameters->dispatch, i) == value)
            return (int)i;
    return -1;
}

static bool is_in_sum(const Sum *sum, const IrInstruction *at) {
    for (size_t i = 0; i < sum->instructions.count; i++)
        if (sum->instructions.items[i] == at)
            return true;
    return false;
}

// Adds what the value is computed by. False if that is more than arithmetic over what bytecodes
// get. As deep as expressions are nested.
static bool add_to_sum(const Parameters *parameters, Sum *sum, const IrValue *value) {
    if (value->kind == IR_CONSTANT || passed_for(parameters, value, sum->index) >= 0)
        return true;
    if (value->kind != IR_RESULT || !sink_is_arithmetic(value->instruction))
        return false;
    const IrInstruction *at = value->instruction;
    if (is_in_sum(sum, at))
        return true;
    for (size_t i = 0; i < at->operands.count; i++)
        if (!add_to_sum(parameters, sum, at->operands.items[i]))
            return false;
    ARENA_PUSH(parameters->context->scratch, &sum->instructions, at);
    return true;
}

// ---- Who uses the parameter --------------------------------------------------------------------

static bool uses_argument(const IrEdge *edge, const IrBlock *header, const IrValue *value,
                          size_t index) {
    for (size_t i = 0; i < edge->arguments.count; i++)
        if (edge->arguments.items[i] == value && (edge->block != header || i != index))
            return true;
    return false;
}

// Does anything use the value, other than to pass it on to the loop for that parameter?
static bool is_used(const Parameters *parameters, const IrRegion *region, const IrValue *value,
                    size_t index) {
    for (size_t b = 0; b < region->blocks.count; b++)
        for (const IrInstruction *at = region->blocks.items[b]->first; at; at = at->next) {
            bool passes_on = ir_op_leaves_by_table(at->op);
            for (size_t i = 0; i < at->operands.count; i++)
                if (at->operands.items[i] == value && !(passes_on && i == 1 + index))
                    return true;
            for (size_t e = 0; e < at->edges.count; e++)
                if (uses_argument(&at->edges.items[e], parameters->function->header, value, index))
                    return true;
        }
    return false;
}

// Does an exit pass what its own bytecode has got, for the parameter and for what it is the sum
// of?
static bool exits_keep(const Parameters *parameters, const Sum *sum, const IrRegion *region) {
    const IrBlock *entry = region->blocks.items[0];
    for (size_t b = 0; b < region->blocks.count; b++) {
        const IrInstruction *last = region->blocks.items[b]->last;
        if (last->op != IR_EXIT)
            continue;
        for (size_t i = 0; i < parameters->table->parameters.count; i++) {
            const IrValue *passed = *argument(parameters->dispatch, i);
            bool matters = passed == *argument(parameters->dispatch, sum->index);
            for (size_t s = 0; s < sum->instructions.count; s++)
                matters |= ir_uses(sum->instructions.items[s], passed);
            if (matters && *argument(last, i) != entry->parameters.items[i])
                return false;
        }
    }
    return true;
}

// Why the parameter stays; NULL: it need not.
static const char *find_refusal(const Parameters *parameters, const Sum *sum) {
    const IrFunction *function = parameters->function;
    size_t index = sum->index, used = 0, regions = 0;
    if (is_used(parameters, function->regions.items[0], function->header->parameters.items[index],
                index))
        return "the dispatch uses what the bytecode before has passed for it";
    for (size_t r = 1; r < function->regions.count; r++) {
        const IrRegion *region = function->regions.items[r];
        if (!ir_leads_to(parameters->table, region->blocks.items[0]))
            continue;
        if (!exits_keep(parameters, sum, region))
            return "an exit passes something else for it";
        regions++;
        used +=
            is_used(parameters, region, region->blocks.items[0]->parameters.items[index], index);
    }
    return used == regions ? "all bytecodes use it" : NULL;
}

// ---- Taking it out -----------------------------------------------------------------------------

// Computes the sum at the region's start.
static IrValue *copy_sum(Parameters *parameters, const Sum *sum, IrRegion *region) {
    IrBlock *entry = region->blocks.items[0];
    IrInstruction *before = entry->first;
    Copy copy = copy_new(parameters->context->module, region, parameters->context->scratch);
    for (size_t i = 0; i < parameters->table->parameters.count; i++)
        if (i != sum->index)
            substitution_add(&copy.values, *argument(parameters->dispatch, i),
                             entry->parameters.items[i]);
    for (size_t s = 0; s < sum->instructions.count; s++) {
        IrInstruction *made = copy_instruction(&copy, sum->instructions.items[s], entry);
        ir_remove(made);
        ir_insert(made, entry, before);
    }
    parameters->copies += sum->instructions.count > 0;
    return substitution_of(&copy.values, *argument(parameters->dispatch, sum->index));
}

static void sink(Parameters *parameters, const Sum *sum) {
    IrFunction *function = parameters->function;
    IrTable *table = parameters->table;
    for (size_t r = 1; r < function->regions.count; r++) {
        IrRegion *region = function->regions.items[r];
        if (!ir_leads_to(table, region->blocks.items[0]))
            continue;
        edit_give_own_entry(parameters->context->module, region);
        const IrValue *parameter = region->blocks.items[0]->parameters.items[sum->index];
        if (is_used(parameters, region, parameter, sum->index))
            ir_replace_uses(region, parameter, copy_sum(parameters, sum, region));
    }
    edit_remove_table_parameter(function, table, sum->index);
    parameters->sunk++;
}

// True if the parameter has gone.
static bool look_at(Parameters *parameters, size_t index) {
    const IrTableParameter *parameter = &parameters->table->parameters.items[index];
    const IrValue *passed = *argument(parameters->dispatch, index);
    Sum sum = {.index = index};
    if (parameter->mirrors || passed->kind != IR_RESULT || !sink_is_arithmetic(passed->instruction))
        return false;
    const char *refusal = add_to_sum(parameters, &sum, passed)
                              ? find_refusal(parameters, &sum)
                              : "it is computed from what bytecodes don't get";
    if (refusal) {
        pass_remark(parameters->context->report, "refused %%%s: %s", parameter->name, refusal);
        return false;
    }
    sink(parameters, &sum);
    return true;
}

void sink_parameters(PassContext *context) {
    IrModule *module = context->module;
    IrFunction *function = module->functions.count ? module->functions.items[0] : NULL;
    Parameters parameters = {.context = context, .function = function};
    if (function && function->header)
        parameters.dispatch = find_dispatch(function);
    if (!parameters.dispatch)
        return;
    if (module->tables.count > 1) {
        pass_remark(context->report, "all parameters stay: bytecodes may begin by other tables");
        return;
    }
    parameters.table = parameters.dispatch->table;
    TidyBaseline *before = tidy_baseline(function->regions.items[0], context->scratch);
    for (size_t i = IR_STATE_PARAMETERS; i < parameters.table->parameters.count;)
        i += !look_at(&parameters, i);
    if (parameters.sunk)
        tidy_remove_dead(function->regions.items[0], before);
    pass_count_add(context->report, "parameters of the loop sunk", (int64_t)parameters.sunk);
    pass_count_add(context->report, "bytecodes that compute one", (int64_t)parameters.copies);
}
