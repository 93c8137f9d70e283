// Debug information of variables: where a debugger finds what the definition calls `frame`, `index`
// or `sum`. See debug_info.h.
//
// A named local is the value that was assigned to it; the IR keeps the name with the value, and
// LLVM is told by a record beside the code, which follows the value through all passes as long as
// it lives. Where the loop holds the pc in a register, operands are read where they stand in the
// code, so they are known wherever the pc is, though no instruction may need them.
#include "backend/llvm/debug_info.h"
#include "backend/llvm/lowering.h"
#include "ir/methods.h"

#include <dwarf.h>
#include <string.h>

// ---- Variables -----------------------------------------------------------------------------

static LlvmDebugVariable *find_variable(const LlvmDebugMethod *method, const char *name) {
    for (size_t i = 0; i < method->variables.count; i++)
        if (strcmp(method->variables.items[i].name, name) == 0)
            return &method->variables.items[i];
    return NULL;
}

static LlvmDebugVariable *add_variable(LlvmLowering *lowering, LlvmDebugMethod *method,
                                       const char *name, LLVMMetadataRef type) {
    LlvmDebugInfo *debug = &lowering->debug;
    LlvmDebugVariable *found = find_variable(method, name);
    if (found)
        return found;
    LLVMMetadataRef made = LLVMDIBuilderCreateAutoVariable(
        debug->builder, method->subprogram, name, strlen(name),
        llvm_debug_file(lowering, (int)method->line), llvm_debug_line(lowering, (int)method->line),
        type, true, LLVMDIFlagZero, 0);
    ARENA_PUSH(lowering->arena, &method->variables, ((LlvmDebugVariable){name, made, false}));
    return &method->variables.items[method->variables.count - 1];
}

// Something that each bytecode begins with.
static LLVMMetadataRef given_variable(LlvmLowering *lowering, LlvmDebugMethod *method,
                                      const char *name, LLVMMetadataRef type) {
    LlvmDebugVariable *variable = add_variable(lowering, method, name, type);
    variable->is_given = true;
    return variable->variable;
}

// An operand is as wide as in the code, though the IR computes with more bits.
static const IrOperand *find_operand(const IrModule *module, const char *method, const char *name) {
    for (size_t t = 0; t < module->tables.count; t++) {
        const IrBytecode *bytecode = ir_find_bytecode(module->tables.items[t], method);
        for (size_t i = 0; bytecode && i < bytecode->operands.count; i++)
            if (strcmp(bytecode->operands.items[i].name, name) == 0)
                return &bytecode->operands.items[i];
    }
    return NULL;
}

void llvm_debug_variables_declare(LlvmLowering *lowering, LlvmDebugMethod *method) {
    for (size_t i = 0; method->method && i < method->method->variables.count; i++) {
        const IrVariable *variable = &method->method->variables.items[i];
        const IrOperand *operand = find_operand(lowering->module, method->name, variable->name);
        add_variable(lowering, method, variable->name,
                     operand ? llvm_debug_cell(lowering, operand->cell)
                             : llvm_debug_type(lowering, variable->type, variable->record));
    }
}

// ---- Where they are ------------------------------------------------------------------------

// From here on, the variable is what `operations` make of the value.
static void tell(LlvmLowering *lowering, const LlvmDebugScope *scope, LLVMMetadataRef variable,
                 LLVMValueRef value, uint64_t *operations, size_t count) {
    LlvmDebugInfo *debug = &lowering->debug;
    Location at = {(int)scope->method->line, 0};
    LLVMDIBuilderInsertDbgValueRecordAtEnd(
        debug->builder, value, variable,
        LLVMDIBuilderCreateExpression(debug->builder, operations, count),
        llvm_debug_location(lowering, at, scope), LLVMGetInsertBlock(lowering->builder));
}

// It lies in memory, so many bytes behind the address that the value is.
static void tell_memory(LlvmLowering *lowering, const LlvmDebugScope *scope,
                        LLVMMetadataRef variable, LLVMValueRef base, int64_t offset) {
    uint64_t operations[] = {DW_OP_plus_uconst, (uint64_t)offset, DW_OP_deref};
    tell(lowering, scope, variable, base, operations, 3);
}

void llvm_debug_variables_value(LlvmLowering *lowering, const IrValue *value,
                                const IrInlining *inlining) {
    if (!value->name)
        return;
    for (const LlvmDebugScope *scope = llvm_debug_scope(lowering, inlining); scope;
         scope = scope->within) {
        const LlvmDebugVariable *variable = find_variable(scope->method, value->name);
        if (!variable)
            continue;
        if (!variable->is_given)
            tell(lowering, scope, variable->variable, llvm_lowered_value(lowering, value), NULL, 0);
        return;
    }
}

// ---- What a bytecode is given --------------------------------------------------------------

// How the table's parameter `index` is called by debuggers, if it is the pc or the stack pointer;
// others are no part of the definition.
static LLVMMetadataRef parameter_type(LlvmLowering *lowering, const IrTableParameter *parameter) {
    const IrModule *module = lowering->module;
    size_t count = parameter->mirrors ? parameter->mirrors->fields.count : 0;
    const IrField *field = count ? parameter->mirrors->fields.items[count - 1] : NULL;
    if (parameter->is_cursor)
        return llvm_debug_pointer(lowering, llvm_debug_cell(lowering, field->cursor_cell));
    if (field && field == module->stack_field)
        return llvm_debug_pointer(lowering, llvm_debug_cell(lowering, module->stack_cell));
    return NULL;
}

static const IrValue *cursor_parameter(const LlvmLowering *lowering, const IrBlock *entry) {
    const IrTable *table = lowering->debug.table;
    for (size_t i = 0; i < table->parameters.count && i < entry->parameters.count; i++)
        if (table->parameters.items[i].is_cursor)
            return entry->parameters.items[i];
    return NULL;
}

// The pc, the stack pointer: those in registers, and then those that are fields of the frame.
static void tell_state(LlvmLowering *lowering, LlvmDebugScope *scope, const IrBlock *entry) {
    const IrModule *module = lowering->module;
    const IrTable *table = lowering->debug.table;
    for (size_t i = 0; i < table->parameters.count && i < entry->parameters.count; i++) {
        const IrTableParameter *parameter = &table->parameters.items[i];
        LLVMMetadataRef type = parameter_type(lowering, parameter);
        if (type)
            tell(lowering, scope, given_variable(lowering, scope->method, parameter->name, type),
                 llvm_lowered_value(lowering, entry->parameters.items[i]), NULL, 0);
    }
    const IrValue *frame = ir_state_value(entry, IR_FRAME_PARAMETER);
    for (size_t i = 0; frame && module->frame && i < module->frame->fields.count; i++) {
        const IrField *field = module->frame->fields.items[i];
        bool is_pointer = field == module->stack_field;
        if ((!field->cursor && !is_pointer) || ir_table_mirror(table, field) >= 0)
            continue;
        LLVMMetadataRef type =
            is_pointer ? llvm_debug_pointer(lowering, llvm_debug_cell(lowering, module->stack_cell))
                       : llvm_debug_cell(lowering, field->cell);
        tell_memory(lowering, scope, given_variable(lowering, scope->method, field->name, type),
                    llvm_lowered_value(lowering, frame), field->offset);
    }
}

// The operands of a bytecode that begins so many units behind the pc.
static void tell_operands(LlvmLowering *lowering, LlvmDebugScope *scope, const IrBlock *entry,
                          const IrBytecode *bytecode, int units) {
    const IrValue *cursor = cursor_parameter(lowering, entry);
    int unit = ir_cell_size(lowering->debug.table->unit);
    int64_t offset = (int64_t)unit * (units + 1);
    for (size_t i = 0; cursor && i < bytecode->operands.count; i++) {
        const IrOperand *operand = &bytecode->operands.items[i];
        LLVMMetadataRef variable = given_variable(lowering, scope->method, operand->name,
                                                  llvm_debug_cell(lowering, operand->cell));
        tell_memory(lowering, scope, variable, llvm_lowered_value(lowering, cursor), offset);
        offset += ir_cell_size(operand->cell);
    }
}

// Thread and frame, which a bytecode's method declares, and the loop's own code doesn't. Dispatch
// is the loop's, also where it stands in a bytecode.
static void tell_loop(LlvmLowering *lowering, LlvmDebugScope *scope, const IrBlock *entry) {
    const IrModule *module = lowering->module;
    const IrRecord *records[] = {
        [IR_THREAD_PARAMETER] = module->thread, [IR_FRAME_PARAMETER] = module->frame};
    for (IrStateParameter which = 0; which < IR_STATE_PARAMETERS; which++) {
        const IrValue *value = ir_state_value(entry, which);
        if (value && value->name)
            tell(lowering, scope,
                 given_variable(lowering, scope->method, value->name,
                                llvm_debug_type(lowering, IR_PTR, records[which])),
                 llvm_lowered_value(lowering, value), NULL, 0);
    }
}

void llvm_debug_variables_region(LlvmLowering *lowering, const IrBlock *entry) {
    LlvmDebugInfo *debug = &lowering->debug;
    if (debug->region.inlined_at || !debug->bytecode) {
        LlvmDebugScope loop = {.method = debug->function};
        tell_loop(lowering, &loop, entry);
    }
    if (!debug->bytecode)
        return;
    tell_state(lowering, &debug->region, entry);
    tell_operands(lowering, &debug->region, entry, debug->bytecode, 0);
}

static const IrBytecode *component_of(const IrTable *table, const IrBytecode *bytecode,
                                      int component) {
    if (!bytecode || (size_t)component >= bytecode->components.count)
        return NULL;
    int opcode = bytecode->components.items[component];
    return opcode >= 0 && (size_t)opcode < table->bytecodes.count ? &table->bytecodes.items[opcode]
                                                                  : NULL;
}

// Its pc is the fused bytecode's, moved on.
void llvm_debug_variables_component(LlvmLowering *lowering, const IrInlining *inlining) {
    LlvmDebugInfo *debug = &lowering->debug;
    while (inlining && inlining->within)
        inlining = inlining->within;
    if (!inlining || !inlining->is_component)
        return;
    LlvmDebugScope *scope = llvm_debug_scope(lowering, inlining);
    const IrBytecode *component = component_of(debug->table, debug->bytecode, inlining->component);
    if (scope->is_described || !component)
        return;
    scope->is_described = true;
    const IrBlock *entry = lowering->entry;
    int units = ir_component_offset(debug->table, debug->bytecode, (size_t)inlining->component);
    for (IrStateParameter which = 0; which < IR_STATE_PARAMETERS; which++) {
        const IrValue *value = ir_state_value(entry, which);
        if (value)
            llvm_debug_variables_value(lowering, value, inlining);
    }
    const IrValue *cursor = cursor_parameter(lowering, entry);
    for (size_t i = 0; cursor && i < debug->table->parameters.count; i++) {
        const IrTableParameter *parameter = &debug->table->parameters.items[i];
        uint64_t operations[] = {DW_OP_plus_uconst,
                                 (uint64_t)units * (uint64_t)ir_cell_size(debug->table->unit),
                                 DW_OP_stack_value};
        if (parameter->is_cursor)
            tell(lowering, scope,
                 given_variable(lowering, scope->method, parameter->name,
                                parameter_type(lowering, parameter)),
                 llvm_lowered_value(lowering, cursor), operations, 3);
    }
    tell_operands(lowering, scope, entry, component, units);
}
