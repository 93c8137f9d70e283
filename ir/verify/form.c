// The rule `form`: what a module in each of the three forms looks like. A form is a shape of
// the whole module (one loop around a table; a dispatch at the end of each bytecode; a
// function a bytecode), and passes say which forms they take, so that none has to ask.
#include "ir/verify/rules.h"

// Where a bytecode may go on to the next one is what makes the forms different.
static bool is_allowed_end(IrForm form, bool in_trunk, IrOp op) {
    switch (op) {
    case IR_DISPATCH: return form != IR_FORM_LOOP || in_trunk;
    case IR_EXIT: return form == IR_FORM_HANDLERS || !in_trunk;
    case IR_TAIL: return form == IR_FORM_HANDLERS;
    default: return true;
    }
}

// How many dispatches the region has: form `loop` has one, which is what most of its passes
// look for.
static size_t check_ends(IrVerifier *verifier, const IrRegion *region) {
    IrForm form = verifier->module->form;
    size_t dispatches = 0;
    for (size_t i = 0; i < region->blocks.count; i++) {
        const IrInstruction *last = region->blocks.items[i]->last;
        if (last->op == IR_DISPATCH)
            dispatches++;
        if (!is_allowed_end(form, verify_is_trunk(region), last->op))
            verify_complain(verifier, "form", verify_at_instruction(last), "%s in %s of form %s",
                            ir_op_text(last->op),
                            verify_is_trunk(region) ? "the trunk" : "a region", ir_form_text(form));
    }
    return dispatches;
}

// In one function a bytecode is a region, so nothing can be entered by a call.
static void check_no_functions(IrVerifier *verifier, const IrTable *table) {
    for (size_t i = 0; i < table->bytecodes.count; i++)
        if (table->bytecodes.items[i].function)
            verify_complain(verifier, "form", verify_at_module(table->bytecodes.items[i].at),
                            "%s of @%s leads to a function in form %s",
                            table->bytecodes.items[i].name, table->name,
                            ir_form_text(verifier->module->form));
    if (table->default_function)
        verify_complain(verifier, "form", verify_at_module(table->at),
                        "the default of @%s leads to a function in form %s", table->name,
                        ir_form_text(verifier->module->form));
}

// Here each bytecode is a function of its own, and a block could only lie inside one of them.
static void check_no_blocks(IrVerifier *verifier, const IrTable *table) {
    for (size_t i = 0; i < table->bytecodes.count; i++)
        if (table->bytecodes.items[i].block)
            verify_complain(verifier, "form", verify_at_module(table->bytecodes.items[i].at),
                            "%s of @%s leads to a block in form handlers",
                            table->bytecodes.items[i].name, table->name);
    if (table->default_block)
        verify_complain(verifier, "form", verify_at_module(table->at),
                        "the default of @%s leads to a block in form handlers", table->name);
}

// Forms `loop` and `replicated`: one function.
static void check_one_function(IrVerifier *verifier) {
    const IrModule *module = verifier->module;
    bool is_loop = module->form == IR_FORM_LOOP;
    if (module->functions.count != 1) {
        verify_complain(verifier, "form", verify_at_module((Location){0, 0}),
                        "form %s has one function, this module %zu", ir_form_text(module->form),
                        module->functions.count);
        return;
    }
    const IrFunction *function = module->functions.items[0];
    VerifyPlace place = verify_at_function(function);
    if (is_loop && !function->header)
        verify_complain(verifier, "form", place, "form loop has a header that regions branch to");
    if (!is_loop && function->header)
        verify_complain(verifier, "form", place, "form %s has no header",
                        ir_form_text(module->form));
    size_t dispatches = 0;
    for (size_t i = 0; i < function->regions.count; i++)
        dispatches += check_ends(verifier, function->regions.items[i]);
    // None is left of one that a pass has found unreachable.
    if (is_loop && dispatches > 1)
        verify_complain(verifier, "form", place, "form loop has one dispatch, this function %zu",
                        dispatches);
    for (size_t i = 0; i < module->tables.count; i++)
        check_no_functions(verifier, module->tables.items[i]);
}

static const IrBlock *entry_of(const IrFunction *function) {
    return function->regions.items[0]->blocks.items[0];
}

// A handler is entered through a table, so it has the table's signature. Backends count on
// it: one calling convention for all lets a dispatch be a jump that moves no argument. Slots of the
// stack come last, so tables that hold more of them than the handler takes begin alike.
static bool takes_parameters(const IrFunction *function, const IrTable *table) {
    const IrValues *parameters = &entry_of(function)->parameters;
    size_t plain = table->parameters.count - (size_t)ir_table_slots(table);
    if (parameters->count < plain)
        return false;
    for (size_t i = 0; i < parameters->count && i < table->parameters.count; i++)
        if (parameters->items[i]->type != table->parameters.items[i].type)
            return false;
    return true;
}

// It may not take more than any table has, either.
static bool takes_too_many(const IrModule *module, const IrFunction *function) {
    for (size_t i = 0; i < module->tables.count; i++)
        if (entry_of(function)->parameters.count <= module->tables.items[i]->parameters.count)
            return false;
    return module->tables.count > 0;
}

// A tail call leaves no frame to return to, so what the callee gives is what the caller gives.
static void check_tail(IrVerifier *verifier, const IrInstruction *at) {
    const IrValues *parameters = &entry_of(at->callee)->parameters;
    bool fits = parameters->count == at->operands.count;
    for (size_t i = 0; fits && i < parameters->count; i++)
        fits = at->operands.items[i]->type == parameters->items[i]->type;
    if (!fits)
        verify_complain(verifier, "form", verify_at_instruction(at),
                        "tail does not pass what @%s takes", at->callee->name);
    if (at->callee->result != at->block->region->function->result)
        verify_complain(verifier, "form", verify_at_instruction(at),
                        "@%s gives %s, its tail caller %s", at->callee->name,
                        ir_type_text(at->callee->result),
                        ir_type_text(at->block->region->function->result));
}

static void check_handler(IrVerifier *verifier, const IrFunction *function, bool is_entry) {
    const IrModule *module = verifier->module;
    VerifyPlace place = verify_at_function(function);
    if (function->header)
        verify_complain(verifier, "form", place, "form handlers has no header");
    if (function->regions.count != 1)
        verify_complain(verifier, "form", place, "form handlers has no regions in functions");
    for (size_t i = 0; !is_entry && i < module->tables.count; i++)
        if (!takes_parameters(function, module->tables.items[i]) ||
            takes_too_many(module, function))
            verify_complain(verifier, "form", place, "@%s does not take the parameters of @%s",
                            function->name, module->tables.items[i]->name);
    if (function->result != module->functions.items[0]->result)
        verify_complain(verifier, "form", place, "@%s gives %s, the first function %s",
                        function->name, ir_type_text(function->result),
                        ir_type_text(module->functions.items[0]->result));
    for (size_t r = 0; r < function->regions.count; r++) {
        const IrRegion *region = function->regions.items[r];
        check_ends(verifier, region);
        for (size_t b = 0; b < region->blocks.count; b++)
            if (region->blocks.items[b]->last->op == IR_TAIL)
                check_tail(verifier, region->blocks.items[b]->last);
    }
}

void verify_form(IrVerifier *verifier) {
    const IrModule *module = verifier->module;
    if (module->form != IR_FORM_HANDLERS) {
        check_one_function(verifier);
        return;
    }
    if (!module->functions.count)
        verify_complain(verifier, "form", verify_at_module((Location){0, 0}),
                        "the module has no function");
    for (size_t i = 0; i < module->functions.count; i++)
        check_handler(verifier, module->functions.items[i], i == 0);
    for (size_t i = 0; i < module->tables.count; i++)
        check_no_blocks(verifier, module->tables.items[i]);
}
