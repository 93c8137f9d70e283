// Debug information of types: what cells hold, and the records of the definition as structs, so
// that a debugger prints `*frame` with its fields. See debug_info.h.
//
// A tagged value is an integer to LLVM, and a type named Value to debuggers, for which they may
// have a printer. An array in place has no length here, and one that lies before its record (the
// arguments below a frame) can't be said in DWARF.
#include "backend/llvm/debug_info.h"
#include "backend/llvm/lowering.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

static LLVMMetadataRef basic(LlvmLowering *lowering, const char *name, uint64_t bytes,
                             unsigned encoding) {
    return LLVMDIBuilderCreateBasicType(lowering->debug.builder, name, strlen(name), 8 * bytes,
                                        encoding, LLVMDIFlagZero);
}

LLVMMetadataRef llvm_debug_pointer(LlvmLowering *lowering, LLVMMetadataRef to) {
    return LLVMDIBuilderCreatePointerType(lowering->debug.builder, to, 64, 64, 0, "", 0);
}

static LLVMMetadataRef new_cell(LlvmLowering *lowering, IrCell cell) {
    static const char value[] = "Value";
    LlvmDebugInfo *debug = &lowering->debug;
    switch (cell) {
    case IR_CELL_U8: return basic(lowering, "UInt8", 1, DW_ATE_unsigned);
    case IR_CELL_I8: return basic(lowering, "Int8", 1, DW_ATE_signed);
    case IR_CELL_U16: return basic(lowering, "UInt16", 2, DW_ATE_unsigned);
    case IR_CELL_I16: return basic(lowering, "Int16", 2, DW_ATE_signed);
    case IR_CELL_U32: return basic(lowering, "UInt32", 4, DW_ATE_unsigned);
    case IR_CELL_I32: return basic(lowering, "Int32", 4, DW_ATE_signed);
    case IR_CELL_I64: return basic(lowering, "Int64", 8, DW_ATE_signed);
    case IR_CELL_F32: return basic(lowering, "Float32", 4, DW_ATE_float);
    case IR_CELL_F64: return basic(lowering, "Double", 8, DW_ATE_float);
    case IR_CELL_PTR:
    case IR_CELL_OBJECT: return llvm_debug_pointer(lowering, NULL);
    case IR_CELL_VALUE:
        return LLVMDIBuilderCreateTypedef(debug->builder,
                                          basic(lowering, "UInt64", 8, DW_ATE_unsigned), value,
                                          sizeof value - 1, debug->file, 0, debug->file, 0);
    }
    abort();
}

LLVMMetadataRef llvm_debug_cell(LlvmLowering *lowering, IrCell cell) {
    return lowering->debug.cells[cell];
}

static LLVMMetadataRef record_struct(LlvmLowering *lowering, const IrRecord *record) {
    return lowering->debug.structs[pointer_map_find(&lowering->debug.records, record)];
}

LLVMMetadataRef llvm_debug_type(LlvmLowering *lowering, IrType type, const IrRecord *record) {
    switch (type) {
    case IR_I1: return lowering->debug.truth;
    case IR_I8: return llvm_debug_cell(lowering, IR_CELL_I8);
    case IR_I16: return llvm_debug_cell(lowering, IR_CELL_I16);
    case IR_I32: return llvm_debug_cell(lowering, IR_CELL_I32);
    case IR_F64: return llvm_debug_cell(lowering, IR_CELL_F64);
    case IR_VALUE: return llvm_debug_cell(lowering, IR_CELL_VALUE);
    case IR_PTR:
    case IR_OBJECT:
        return record ? llvm_debug_pointer(lowering, record_struct(lowering, record))
                      : llvm_debug_cell(lowering, IR_CELL_PTR);
    default: return llvm_debug_cell(lowering, IR_CELL_I64);
    }
}

// What the cursors of the record index: the code's units. NULL: it isn't known what is there.
static LLVMMetadataRef element_of(LlvmLowering *lowering, const IrField *field) {
    const IrModule *module = lowering->module;
    if (field == module->stack_field)
        return llvm_debug_cell(lowering, module->stack_cell);
    for (size_t r = 0; r < module->records.count; r++)
        for (size_t f = 0; f < module->records.items[r]->fields.count; f++) {
            const IrField *cursor = module->records.items[r]->fields.items[f];
            const IrPath *path = cursor->cursor;
            if (path && path->fields.count && path->fields.items[path->fields.count - 1] == field)
                return llvm_debug_cell(lowering, cursor->cursor_cell);
        }
    return NULL;
}

static LLVMMetadataRef field_type(LlvmLowering *lowering, const IrField *field) {
    LlvmDebugInfo *debug = &lowering->debug;
    IrType type = ir_cell_type(field->cell);
    LLVMMetadataRef element = element_of(lowering, field);
    LLVMMetadataRef cell = element ? llvm_debug_pointer(lowering, element)
                           : type == IR_PTR || type == IR_OBJECT
                               ? llvm_debug_type(lowering, type, field->pointee)
                               : llvm_debug_cell(lowering, field->cell);
    if (!field->is_array)
        return cell;
    LLVMMetadataRef any = LLVMDIBuilderGetOrCreateSubrange(debug->builder, 0, -1);
    return LLVMDIBuilderCreateArrayType(debug->builder, 0, 0, cell, &any, 1);
}

static LLVMMetadataRef describe(LlvmLowering *lowering, const IrRecord *record) {
    LlvmDebugInfo *debug = &lowering->debug;
    LLVMMetadataRef file = llvm_debug_file(lowering, record->at.line);
    size_t count = 0;
    LLVMMetadataRef *members =
        ARENA_ARRAY(lowering->arena, LLVMMetadataRef, record->fields.count + 1);
    for (size_t i = 0; i < record->fields.count; i++) {
        const IrField *field = record->fields.items[i];
        if (field->offset < 0)
            continue;
        uint64_t bits = field->is_array ? 0 : 8 * (uint64_t)ir_cell_size(field->cell);
        members[count++] = LLVMDIBuilderCreateMemberType(
            debug->builder, file, field->name, strlen(field->name), file,
            llvm_debug_line(lowering, field->at.line), bits, 0, 8 * (uint64_t)field->offset,
            LLVMDIFlagZero, field_type(lowering, field));
    }
    return LLVMDIBuilderCreateStructType(debug->builder, file, record->name, strlen(record->name),
                                         file, llvm_debug_line(lowering, record->at.line),
                                         8 * (uint64_t)record->size, 64, LLVMDIFlagZero, NULL,
                                         members, (unsigned)count, 0, NULL, "", 0);
}

// A record may point to one that comes later, or to itself: so all of them are promised before the
// first is described.
void llvm_debug_types_begin(LlvmLowering *lowering) {
    LlvmDebugInfo *debug = &lowering->debug;
    const IrModule *module = lowering->module;
    size_t count = module->records.count;
    debug->truth = basic(lowering, "Boolean", 1, DW_ATE_boolean);
    for (IrCell cell = IR_CELL_U8; cell <= IR_CELL_VALUE; cell++)
        debug->cells[cell] = new_cell(lowering, cell);
    debug->structs = ARENA_ARRAY(lowering->arena, LLVMMetadataRef, count + 1);
    for (size_t i = 0; i < count; i++) {
        const IrRecord *record = module->records.items[i];
        pointer_map_add(lowering->arena, &debug->records, record, (int)i);
        debug->structs[i] = LLVMDIBuilderCreateReplaceableCompositeType(
            debug->builder, DW_TAG_structure_type, record->name, strlen(record->name), debug->file,
            debug->file, 0, 0, 0, 0, LLVMDIFlagZero, "", 0);
    }
    for (size_t i = 0; i < count; i++) {
        LLVMMetadataRef made = describe(lowering, module->records.items[i]);
        LLVMMetadataReplaceAllUsesWith(debug->structs[i], made);
        debug->structs[i] = made;
    }
}
