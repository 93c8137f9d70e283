// tail-call-handlers: each bytecode becomes a function, and what was a dispatch in a loop a
// *tail call* from one to the next. The module's form changes from `loop` to `handlers`.
//
// A call after which nothing is left to do needs no machine frame: it is "a goto that passes
// parameters" (Steele, "Debunking the 'Expensive Procedure Call' Myth, or, Procedure Call
// Implementations Considered Harmful, or, LAMBDA: The Ultimate GOTO", 1977). So the loop's
// parameters, being those of each handler, stay in the same argument registers from bytecode
// to bytecode, and the compiler allocates registers for one bytecode at a time, not for a
// function of thousands of lines in which the rarest path spills what the hottest needs. The
// backend asks LLVM for calls that can be nothing but jumps (`musttail`), in a convention in
// which the callee saves nothing (`preserve_none`). Protobuf's parser, wasm3 and Deegen (Xu and
// Kjolstad, "Deegen: A JIT-Capable VM Generator for Dynamic Languages", 2024) are built so by
// hand or by a generator of their own, CPython since 3.14 from its table of bytecodes.
//
// Legal because a region of the loop uses nothing but its own parameters, which become the
// function's. Each way that led to the loop's header ends in a dispatch of its own
// (passes/support/rounds.h), with what that has to ask of the round.
//
// What it costs is registers: more parameters than the convention passes in registers can't
// be lowered, so the pass refuses them. With more than six of them, numbers included, LLVM for
// x86-64 no longer jumps through the table in memory, but loads the address first (its pattern
// X86tcret_6regs wants a register left over for the table's index): an instruction more for each
// bytecode. And a handler that calls a C function in some corner must save around the call what
// the convention doesn't, and may do so on all its ways: outline-cold is for that.
#include "passes/manager/pass.h"
#include "passes/support/rounds.h"
#include "passes/support/tidy.h"

// ---- What is refused ------------------------------------------------------------------------

// Which pass added a parameter: those that the definition has itself mirror nothing.
static const char *pass_of(const IrTableParameter *parameter) {
    if (!parameter->mirrors)
        return NULL;
    const IrPath *path = parameter->mirrors;
    bool is_const = path->fields.items[path->fields.count - 1]->is_const;
    return is_const ? "hoist-frame-reads" : "cache-frame-state";
}

static void name_parameters(PassContext *context, const IrTable *table) {
    for (size_t i = 0; i < table->parameters.count; i++) {
        const IrTableParameter *parameter = &table->parameters.items[i];
        const char *pass = pass_of(parameter);
        if (parameter->type != IR_F64 && pass)
            pass_remark(context->report, "%%%s needs a register; -fno-%s does without it",
                        parameter->name, pass);
    }
}

// Says why, if it can't be done.
static bool has_registers(PassContext *context, const IrTable *table) {
    int left = ir_registers_left(table, IR_I64);
    if (left >= 0)
        return true;
    pass_remark(context->report,
                "nothing done: the loop has %d integer parameters, and handlers get at most %d in "
                "registers",
                IR_INTEGER_REGISTERS - left, IR_INTEGER_REGISTERS);
    name_parameters(context, table);
    return false;
}

// ---- The functions --------------------------------------------------------------------------

// The region as it stands becomes the trunk of a function of its own.
static IrFunction *make_handler(IrModule *module, IrRegion *region) {
    IrFunction *handler =
        ir_function_new(module, edit_free_name(module, region->name), region->function->result);
    const IrRegion *empty = handler->regions.items[0];
    region->name = empty->name;
    region->function = handler;
    handler->regions.items[0] = region;
    ir_renumber(handler);
    return handler;
}

// The handler that `block` begins. NULL: the bytecode is unreachable, and has no block.
static IrFunction *handler_of(IrBlock **block) {
    IrFunction *handler = *block ? (*block)->region->function : NULL;
    *block = NULL;
    return handler;
}

static void lead_to_handlers(IrTable *table) {
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        IrBytecode *bytecode = &table->bytecodes.items[i];
        bytecode->function = handler_of(&bytecode->block);
    }
    table->default_function = handler_of(&table->default_block);
}

static size_t split_into_handlers(IrModule *module, IrFunction *function) {
    size_t count = function->regions.count;
    for (size_t r = 1; r < count; r++)
        make_handler(module, function->regions.items[r]);
    function->regions.count = 1;
    for (size_t t = 0; t < module->tables.count; t++)
        lead_to_handlers(module->tables.items[t]);
    module->form = IR_FORM_HANDLERS;
    return count - 1;
}

void tail_call_handlers_run(PassContext *context) {
    IrModule *module = context->module;
    Rounds rounds;
    const char *reason;
    if (!rounds_find(module, &rounds, context->scratch, &reason)) {
        pass_remark(context->report, "nothing done: %s", reason);
        return;
    }
    // All tables have the header's parameters.
    if (module->tables.count && !has_registers(context, module->tables.items[0]))
        return;
    // What no table leads to need not even take the parameters that all handlers take.
    tidy_remove_orphans(module);
    size_t copies = rounds_replicate(&rounds);
    size_t handlers = split_into_handlers(module, rounds.function);
    pass_count_add(context->report, "functions, with that of the entry", (int64_t)handlers + 1);
    pass_count_add(context->report, "dispatches of their own", (int64_t)copies);
    pass_count_add(context->report, "instructions copied",
                   (int64_t)(copies * rounds_length(&rounds)));
}
