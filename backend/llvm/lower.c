// A module's functions and blocks. Each IR block becomes an LLVM block whose phis
// are the block's parameters; blocks are filled in an order in which definitions
// come before uses. See lower.h.
//
// Block parameters and phis say the same thing from two sides. A parameter is named where
// control arrives and its value where control leaves; a phi lists the values by the block
// that each comes from. So the phis are made first, empty, and every edge that is lowered
// adds what it passes (llvm_lower_arguments).
#include "backend/llvm/lower.h"

#include "backend/llvm/code_symbols.h"
#include "backend/llvm/lowering.h"
#include "backend/llvm/placement.h"
#include "backend/symbols/loop_symbol.h"
#include "ir/analysis/cfg.h"
#include "ir/text/names.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/Target.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// As clang weighs __builtin_expect: enough for LLVM to move the rare side away, out of the way of
// the usual one.
enum { LIKELY_WEIGHT = 2000, UNLIKELY_WEIGHT = 1 };

void llvm_lowering_error(LlvmLowering *lowering, const char *format, ...) {
    lowering->failed = true;
    fprintf(stderr, "%s: error: ", lowering->request->input);
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

// A tagged word is an integer to LLVM, and an object's reference a plain pointer: what the
// collector needs to know of them (that nothing derived from them is alive where it may run) the
// IR's verifier has checked, and LLVM is told of no collector.
LLVMTypeRef llvm_lowered_type(const LlvmLowering *lowering, IrType type) {
    switch (type) {
    case IR_VOID: return lowering->none;
    case IR_I1: return lowering->i1;
    case IR_I8: return lowering->i8;
    case IR_I16: return lowering->i16;
    case IR_I32: return lowering->i32;
    case IR_I64:
    case IR_VALUE: return lowering->i64;
    case IR_F64: return lowering->f64;
    case IR_PTR:
    case IR_OBJECT: return lowering->ptr;
    }
    abort();
}

// Narrow cells by their size alone: whether such a cell is signed matters to the load that widens
// it, and memory doesn't know.
LLVMTypeRef llvm_lowered_cell(const LlvmLowering *lowering, IrCell cell) {
    if (cell == IR_CELL_F32)
        return lowering->f32;
    switch (ir_cell_size(cell)) {
    case 1: return lowering->i8;
    case 2: return lowering->i16;
    case 4: return lowering->i32;
    default: return llvm_lowered_type(lowering, ir_cell_type(cell));
    }
}

// The IR keeps a narrow constant sign-extended in 64 bits. LLVM wants no bits set beyond the type's
// width, so they are cut off.
static LLVMValueRef lowered_constant(const LlvmLowering *lowering, const IrValue *value) {
    LLVMTypeRef type = llvm_lowered_type(lowering, value->type);
    if (value->type == IR_F64)
        return LLVMConstReal(type, value->number);
    if (type == lowering->ptr) {
        LLVMValueRef bits = LLVMConstInt(lowering->i64, (uint64_t)value->integer, false);
        return value->integer == 0 ? LLVMConstNull(type) : LLVMConstIntToPtr(bits, type);
    }
    unsigned width = LLVMGetIntTypeWidth(type);
    uint64_t mask = width < 64 ? (UINT64_C(1) << width) - 1 : UINT64_MAX;
    return LLVMConstInt(type, (uint64_t)value->integer & mask, false);
}

// Not to be found here is a fault of ours and not of the input: the module was verified, and blocks
// are filled in reverse post-order, in which a definition comes before every use that it dominates
// (a phi's operands, which need not, are found when the edge is lowered).
LLVMValueRef llvm_lowered_value(LlvmLowering *lowering, const IrValue *value) {
    if (value->kind == IR_CONSTANT)
        return lowered_constant(lowering, value);
    int index = pointer_map_find(&lowering->values, value);
    if (index < 0) {
        fprintf(stderr,
                "internal error: a value of a verified module is used before it is defined\n");
        abort();
    }
    return lowering->lowered.items[index];
}

LLVMBasicBlockRef llvm_lowered_block(const LlvmLowering *lowering, const IrBlock *block) {
    int index = pointer_map_find(&lowering->blocks, block);
    if (index < 0) {
        fprintf(stderr, "internal error: a reachable block leads to '%s', which was not lowered\n",
                block->name);
        abort();
    }
    return lowering->llvm_blocks.items[index];
}

LLVMValueRef llvm_lowered_external(const LlvmLowering *lowering, const IrExternal *external) {
    return lowering->symbols.items[pointer_map_find(&lowering->externals, external)];
}

LLVMValueRef llvm_lowered_function(const LlvmLowering *lowering, const IrFunction *function) {
    return lowering->symbols.items[pointer_map_find(&lowering->functions, function)];
}

LLVMBasicBlockRef llvm_append_block(LlvmLowering *lowering, const char *name) {
    return LLVMAppendBasicBlockInContext(lowering->context, lowering->llvm_function, name);
}

void llvm_set_weights(LlvmLowering *lowering, LLVMValueRef branch, bool likely) {
    unsigned first = likely ? LIKELY_WEIGHT : UNLIKELY_WEIGHT;
    unsigned second = likely ? UNLIKELY_WEIGHT : LIKELY_WEIGHT;
    static const char name[] = "branch_weights";
    LLVMMetadataRef parts[] = {
        LLVMMDStringInContext2(lowering->context, name, strlen(name)),
        LLVMValueAsMetadata(LLVMConstInt(lowering->i32, first, false)),
        LLVMValueAsMetadata(LLVMConstInt(lowering->i32, second, false)),
    };
    LLVMMetadataRef node = LLVMMDNodeInContext2(lowering->context, parts, 3);
    LLVMSetMetadata(branch, LLVMGetMDKindIDInContext(lowering->context, "prof", 4),
                    LLVMMetadataAsValue(lowering->context, node));
}

// ---- Functions ---------------------------------------------------------------------

static const IrBlock *entry_block(const IrFunction *function) {
    return function->regions.items[0]->blocks.items[0];
}

// A function takes what its entry block takes.
const IrTable *llvm_longest_table(const IrModule *module) {
    const IrTable *longest = NULL;
    for (size_t t = 0; t < module->tables.count; t++)
        if (!longest || module->tables.items[t]->parameters.count > longest->parameters.count)
            longest = module->tables.items[t];
    return longest;
}

// A tail call that is to be a jump needs one signature on both sides. So handlers that are given
// fewer slots of the stack than others take as many, and don't look at those.
LLVMTypeRef llvm_function_type(const LlvmLowering *lowering, const IrFunction *function) {
    const IrModule *module = lowering->module;
    const IrValues *parameters = &entry_block(function)->parameters;
    const IrTable *table = llvm_longest_table(module);
    bool is_handler = module->form == IR_FORM_HANDLERS && function != module->functions.items[0];
    size_t count = parameters->count;
    if (is_handler && table && table->parameters.count > count)
        count = table->parameters.count;
    LLVMTypeRef *types = ARENA_ARRAY(lowering->arena, LLVMTypeRef, count + 1);
    for (size_t i = 0; i < count; i++)
        types[i] =
            llvm_lowered_type(lowering, i < parameters->count ? parameters->items[i]->type
                                                              : table->parameters.items[i].type);
    return LLVMFunctionType(llvm_lowered_type(lowering, function->result), types, (unsigned)count,
                            false);
}

static void add_attribute(LlvmLowering *lowering, LLVMValueRef function, const char *name) {
    unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
    LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex,
                            LLVMCreateEnumAttribute(lowering->context, kind, 0));
}

// LLVM would make a call of `memset` of a loop that clears a new frame's few locals, and a bytecode
// that calls has a machine frame, on every way, where it is a handler.
static void forbid_filling(LlvmLowering *lowering, LLVMValueRef function) {
    static const char name[] = "no-builtin-memset";
    LLVMAddAttributeAtIndex(
        function, LLVMAttributeFunctionIndex,
        LLVMCreateStringAttribute(lowering->context, name, strlen(name), "", 0));
}

// The convention that handlers use has registers for a few integers only, and a tail call through
// the table needs one of them for its target: LLVM ends the process where none is left. So it is an
// error here, with the name of the handler. Doubles have registers of their own, and go by the
// machine's stack beyond those.
static void check_budget(LlvmLowering *lowering, const IrFunction *function) {
    int integers = 0;
    const IrValues *parameters = &entry_block(function)->parameters;
    for (size_t i = 0; i < parameters->count; i++)
        integers += parameters->items[i]->type != IR_F64;
    if (integers > IR_INTEGER_REGISTERS)
        llvm_lowering_error(
            lowering, "'%s' has %d integer parameters; handlers have registers for at most %d",
            function->name, integers, IR_INTEGER_REGISTERS);
}

static bool is_default_case(const IrModule *module, const IrFunction *function) {
    for (size_t i = 0; i < module->tables.count; i++)
        if (module->tables.items[i]->default_function == function)
            return true;
    return false;
}

// The first function is the one that C calls, by its own convention and by name. The others are
// handlers: no one outside knows them, so LLVM may drop those that nothing leads to.
static void declare_function(LlvmLowering *lowering, const IrFunction *function, bool is_handler,
                             bool is_cold) {
    // A bytecode may be called `memset`, say, which LLVM would take for C's. Where bytecodes are no
    // functions they have the same symbols (loop_symbol.h).
    const char *entry = lowering->module->functions.items[0]->name;
    const char *symbol = is_handler
                             ? loop_symbol_of_bytecode(lowering->arena, entry, function->name)
                             : function->name;
    if (LLVMGetNamedFunction(lowering->llvm, symbol)) {
        llvm_lowering_error(lowering, "two symbols are named '%s'", symbol);
        return;
    }
    LLVMValueRef declared =
        LLVMAddFunction(lowering->llvm, symbol, llvm_function_type(lowering, function));
    const LlvmFlags *flags = &lowering->request->flags;
    llvm_placement_align(flags, declared, is_handler);
    add_attribute(lowering, declared, "nounwind");
    forbid_filling(lowering, declared);
    if (llvm_flags_is(flags, LLVM_FLAG_SANITIZER, "address"))
        add_attribute(lowering, declared, "sanitize_address");
    if (llvm_flags_is(flags, LLVM_FLAG_SANITIZER, "thread"))
        add_attribute(lowering, declared, "sanitize_thread");
    if (is_handler) {
        check_budget(lowering, function);
        LLVMSetFunctionCallConv(declared, LLVM_PRESERVE_NONE);
        LLVMSetLinkage(declared, LLVMInternalLinkage);
    }
    if (is_cold)
        add_attribute(lowering, declared, "cold");
    // Or LLVM would put what is cold back to where it is called from; and a short base bytecode
    // into its quickened forms, which leave for it seldom, and would save registers for its calls
    // always. (The default case is as well off in each place: there it needs no machine frame.)
    if (is_cold || (is_handler && !is_default_case(lowering->module, function)))
        add_attribute(lowering, declared, "noinline");
    pointer_map_add(lowering->arena, &lowering->functions, function, (int)lowering->symbols.count);
    ARENA_PUSH(lowering->arena, &lowering->symbols, declared);
}

// ---- Blocks ------------------------------------------------------------------------

// Does the trunk get to a dispatch? Every way into a region begins with one of the trunk's, in
// form replicated, too, where the regions' own dispatches lead on.
static bool dispatches(const IrCfg *trunk) {
    for (size_t i = 0; i < trunk->reachable; i++)
        if (trunk->nodes[trunk->reverse_post_order[i]].block->last->op == IR_DISPATCH)
            return true;
    return false;
}

// Regions that no table leads to have no way in, and none has where nothing dispatches.
static bool is_entered(const LlvmLowering *lowering, const IrRegion *region, const IrCfg *trunk) {
    if (region == lowering->function->regions.items[0])
        return true;
    if (!dispatches(trunk))
        return false;
    for (size_t i = 0; i < lowering->module->tables.count; i++)
        if (ir_leads_to(lowering->module->tables.items[i], region->blocks.items[0]))
            return true;
    return false;
}

static void add_value(LlvmLowering *lowering, const IrValue *value, LLVMValueRef lowered) {
    pointer_map_add(lowering->arena, &lowering->values, value, (int)lowering->lowered.count);
    ARENA_PUSH(lowering->arena, &lowering->lowered, lowered);
}

// As the IR's text has it, where the trunk needs none.
static const char *region_name(const LlvmLowering *lowering, const IrRegion *region) {
    bool is_trunk = region == lowering->function->regions.items[0];
    return is_trunk ? LLVM_TRUNK_NAME : ir_name(lowering->names, region);
}

// The LLVM blocks of what is reachable in a region, with their phis. What can't be reached isn't
// lowered at all: its values may be used before they are defined, which is right in the IR
// (nothing dominates there) and no valid LLVM IR.
static void declare_blocks(LlvmLowering *lowering, const IrRegion *region, const IrCfg *cfg) {
    for (size_t i = 0; i < cfg->reachable; i++) {
        const IrBlock *block = cfg->nodes[cfg->reverse_post_order[i]].block;
        // The name says which region, for readers of the LLVM IR, and for code_symbols.h.
        char *name =
            arena_printf(lowering->arena, "%s.%s", region_name(lowering, region), block->name);
        LLVMBasicBlockRef made = llvm_append_block(lowering, name);
        pointer_map_add(lowering->arena, &lowering->blocks, block,
                        (int)lowering->llvm_blocks.count);
        ARENA_PUSH(lowering->arena, &lowering->llvm_blocks, made);
        LLVMPositionBuilderAtEnd(lowering->builder, made);
        for (size_t p = 0; p < block->parameters.count; p++) {
            const IrValue *parameter = block->parameters.items[p];
            add_value(lowering, parameter,
                      LLVMBuildPhi(lowering->builder, llvm_lowered_type(lowering, parameter->type),
                                   parameter->name ? parameter->name : ""));
        }
    }
}

// Reverse post-order visits a block after all that dominate it, so operands are there when they are
// asked for. A poll and a barrier need the thread, which is no operand of theirs: it is the
// region's parameter for it.
static void fill_blocks(LlvmLowering *lowering, const IrRegion *region, const IrCfg *cfg) {
    lowering->entry = region->blocks.items[0];
    const IrValue *thread = ir_state_value(lowering->entry, IR_THREAD_PARAMETER);
    lowering->thread = thread ? llvm_lowered_value(lowering, thread) : NULL;
    llvm_debug_info_region(lowering, region);
    for (size_t i = 0; i < cfg->reachable; i++) {
        const IrBlock *block = cfg->nodes[cfg->reverse_post_order[i]].block;
        LLVMPositionBuilderAtEnd(lowering->builder, llvm_lowered_block(lowering, block));
        llvm_debug_info_block(lowering, block);
        for (const IrInstruction *instruction = block->first; instruction;
             instruction = instruction->next) {
            llvm_debug_info_locate(lowering, instruction);
            if (instruction->next)
                llvm_lower_operation(lowering, instruction);
            else
                llvm_lower_terminator(lowering, instruction);
        }
    }
}

// LLVM's entry block can't be branched to, the IR's can: one in front passes the
// function's parameters on.
static void lower_prologue(LlvmLowering *lowering, LLVMBasicBlockRef prologue) {
    const IrBlock *entry = entry_block(lowering->function);
    LLVMPositionBuilderAtEnd(lowering->builder, prologue);
    llvm_debug_info_locate_prologue(lowering);
    LLVMBuildBr(lowering->builder, llvm_lowered_block(lowering, entry));
    for (size_t i = 0; i < entry->parameters.count; i++) {
        LLVMValueRef value = LLVMGetParam(lowering->llvm_function, (unsigned)i);
        LLVMAddIncoming(llvm_lowered_value(lowering, entry->parameters.items[i]), &value, &prologue,
                        1);
    }
}

// Blocks of all regions are declared before any is filled: a dispatch of the trunk leads into every
// region, and the regions of form loop back to the trunk's header.
static void lower_function(LlvmLowering *lowering, const IrFunction *function) {
    size_t count = function->regions.count;
    const size_t *order = llvm_placement_order(&lowering->request->flags, count, lowering->arena);
    const IrCfg **cfgs = ARENA_ARRAY(lowering->arena, const IrCfg *, count);
    lowering->function = function;
    lowering->llvm_function = llvm_lowered_function(lowering, function);
    llvm_debug_info_function(lowering);
    LLVMBasicBlockRef prologue = llvm_append_block(lowering, "prologue");
    LLVMSetCurrentDebugLocation2(lowering->builder, NULL); // a phi becomes no instruction
    for (size_t i = 0; i < count; i++) {
        size_t r = order[i];
        const IrRegion *region = function->regions.items[r];
        if (!is_entered(lowering, region, cfgs[0]))
            continue;
        cfgs[r] = ir_cfg_compute(lowering->arena, region);
        declare_blocks(lowering, region, cfgs[r]);
    }
    for (size_t r = 0; r < count; r++)
        if (cfgs[r])
            fill_blocks(lowering, function->regions.items[r], cfgs[r]);
    lower_prologue(lowering, prologue);
}

// ---- The module --------------------------------------------------------------------

static void set_types(LlvmLowering *lowering) {
    LLVMContextRef context = lowering->context;
    lowering->none = LLVMVoidTypeInContext(context);
    lowering->i1 = LLVMInt1TypeInContext(context);
    lowering->i8 = LLVMInt8TypeInContext(context);
    lowering->i16 = LLVMInt16TypeInContext(context);
    lowering->i32 = LLVMInt32TypeInContext(context);
    lowering->i64 = LLVMInt64TypeInContext(context);
    lowering->f32 = LLVMFloatTypeInContext(context);
    lowering->f64 = LLVMDoubleTypeInContext(context);
    lowering->ptr = LLVMPointerTypeInContext(context, 0);
}

// The names that the object shares with C. The IR's text admits more (dots, for one), and what
// begins with `llvm.` would be taken for an intrinsic.
static void check_symbol(LlvmLowering *lowering, const char *name) {
    bool is_symbol = *name && !isdigit((unsigned char)*name);
    for (const char *c = name; *c; c++)
        is_symbol = is_symbol && (isalnum((unsigned char)*c) || *c == '_');
    if (!is_symbol)
        llvm_lowering_error(lowering, "'%s' can't be the name of a C function", name);
}

static void check_symbols(LlvmLowering *lowering) {
    const IrModule *module = lowering->module;
    for (size_t i = 0; i < module->externals.count; i++)
        if (!module->externals.items[i]->indirect)
            check_symbol(lowering, module->externals.items[i]->name);
    if (module->functions.count == 0)
        llvm_lowering_error(lowering, "the module has no function");
    else
        check_symbol(lowering, module->functions.items[0]->name);
}

// Externals first, then all functions, so that whoever is called or tail-called is there; and what
// two of them are called alike is found before anything refers to the wrong one.
static void lower_functions(LlvmLowering *lowering) {
    const IrModule *module = lowering->module;
    llvm_lower_externals(lowering);
    size_t count = module->functions.count;
    const size_t *order = llvm_placement_order(&lowering->request->flags, count, lowering->arena);
    PointerMap in_table = {0};
    for (size_t t = 0; t < module->tables.count; t++)
        ir_add_targets(module->tables.items[t], lowering->arena, &in_table);
    for (size_t i = 0; i < count && !lowering->failed; i++) {
        const IrFunction *function = module->functions.items[order[i]];
        bool is_handler = order[i] > 0;
        declare_function(lowering, function, is_handler,
                         is_handler && pointer_map_find(&in_table, function) < 0);
    }
    if (lowering->failed)
        return;
    lowering->addresses = ARENA_ARRAY(lowering->arena, LLVMValueRef, module->tables.count + 1);
    for (size_t i = 0; i < module->functions.count; i++)
        lower_function(lowering, module->functions.items[i]);
    llvm_lower_address_tables(lowering);
}

// LLVM's passes take a module on trust and would crash, or make something else of it. If it is not
// valid, the fault is ours, whatever the input was.
static void check_lowered(LlvmLowering *lowering) {
    char *message = NULL;
    if (LLVMVerifyModule(lowering->llvm, LLVMReturnStatusAction, &message)) {
        fprintf(stderr, "internal error: the lowered module is not valid LLVM IR:\n%s\n", message);
        abort();
    }
    LLVMDisposeMessage(message);
}

LLVMModuleRef llvm_lower_module(LLVMContextRef context, const IrModule *module,
                                const LlvmRequest *request, const char *triple,
                                LLVMTargetDataRef layout, LlvmPlaces *places, Arena *arena) {
    LlvmLowering lowering = {
        .arena = arena, .module = module, .request = request, .places = places, .context = context};
    set_types(&lowering);
    check_symbols(&lowering);
    if (lowering.failed)
        return NULL;
    lowering.llvm = LLVMModuleCreateWithNameInContext(module->name, context);
    lowering.builder = LLVMCreateBuilderInContext(context);
    llvm_placement_begin(&request->flags, lowering.llvm);
    // Before anything is built: LLVM aligns accesses by the layout while it builds them.
    LLVMSetTarget(lowering.llvm, triple);
    LLVMSetModuleDataLayout(lowering.llvm, layout);
    lowering.marks = llvm_marks_compute(arena, module);
    lowering.names = ir_names_new(module, arena);
    llvm_debug_info_begin(&lowering);
    llvm_alias_facts_begin(&lowering);
    lower_functions(&lowering);
    if (!lowering.failed)
        llvm_lower_image(&lowering);
    llvm_debug_info_end(&lowering);
    LLVMDisposeBuilder(lowering.builder);
    if (lowering.failed) {
        LLVMDisposeModule(lowering.llvm);
        return NULL;
    }
    check_lowered(&lowering);
    return lowering.llvm;
}
