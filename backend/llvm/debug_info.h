// What debug_info.c, debug_types.c and debug_variables.c share, private to the lowering: the scopes
// that instructions stand in, and the variables that debuggers show there. lowering.h has what the
// rest of the lowering calls.
//
// A bytecode is a function that was inlined into the loop (in form `handlers` a function), its
// helpers are functions that were inlined into it, and so are the components of a fused one: DWARF
// has no other word for it, and it is what debuggers and profilers understand.
#ifndef BACKEND_LLVM_DEBUG_INFO_H
#define BACKEND_LLVM_DEBUG_INFO_H

#include "ir/ir.h"
#include "ir/methods.h"
#include "support/pointer_map.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>

typedef struct LlvmLowering LlvmLowering;

typedef struct LlvmDebugVariable {
    const char *name;
    LLVMMetadataRef variable;
    bool is_given; // the bytecode begins with it, and values of that name are other things
} LlvmDebugVariable;

// A method as a debugger sees it, however often it was inlined.
typedef struct LlvmDebugMethod {
    const char *name;
    const IrMethod *method; // NULL: the module says nothing of it
    LLVMMetadataRef subprogram;
    unsigned line;
    ARENA_VECTOR(LlvmDebugVariable) variables;
} LlvmDebugMethod;

// A method at one place in the region at hand.
typedef struct LlvmDebugScope {
    LlvmDebugMethod *method;
    LLVMMetadataRef inlined_at;          // NULL: it is the function itself
    int number;                          // see code_lines.h
    const struct LlvmDebugScope *within; // NULL: the region's own code
    bool is_described;                   // of a component: its variables have been told
} LlvmDebugScope;

// What is made once and then referred to from every instruction.
typedef struct LlvmDebugInfo {
    LLVMDIBuilderRef builder;
    LLVMMetadataRef unit, file;              // the definition, as if it were a unit of C
    LLVMMetadataRef type;                    // of every function: they take no arguments
    LLVMMetadataRef *files;                  // the definition's own, then its parts
    LLVMMetadataRef dispatch, poll;          // subprograms, as if inlined where they stand
    int dispatch_number, poll_number;        // see code_lines.h
    ARENA_VECTOR(LlvmDebugMethod *) methods; // that were inlined somewhere
    PointerMap records;                      // IrRecord -> index into structs
    LLVMMetadataRef *structs;                // the records' types
    LLVMMetadataRef cells[IR_CELL_VALUE + 1];
    LLVMMetadataRef truth;                    // what no cell holds
    LlvmDebugMethod *function;                // that is being lowered
    LlvmDebugScope region;                    // that is being lowered
    PointerMap inlinings;                     // IrInlining -> index into scopes
    ARENA_VECTOR(LlvmDebugScope *) scopes;    // of the region
    PointerMap called;                        // inlinings of the region that have a call
    PointerMap calls;                         // IrInstruction -> index into callees
    ARENA_VECTOR(const IrInlining *) callees; // of the instructions that stand for messages
    const IrBytecode *bytecode;               // whose region it is; NULL: none
    const IrTable *table;                     // that leads to it; NULL: none
} LlvmDebugInfo;

// ---- debug_info.c

// The scope of the region's own code (NULL) or of an inlining.
LlvmDebugScope *llvm_debug_scope(LlvmLowering *lowering, const IrInlining *inlining);
// The file that a line is in, as places count lines, and its number there.
LLVMMetadataRef llvm_debug_file(const LlvmLowering *lowering, int line);
unsigned llvm_debug_line(const LlvmLowering *lowering, int line);
// A place in a scope. Line 0 is DWARF's word for no line of the source.
LLVMMetadataRef llvm_debug_location(LlvmLowering *lowering, Location at,
                                    const LlvmDebugScope *scope);

// ---- debug_calls.c

// Finds the region's instructions that stand for messages; and what such a one has called, NULL if
// it is none.
void llvm_debug_calls_find(LlvmLowering *lowering, const IrRegion *region);
const IrInlining *llvm_debug_callee(const LlvmLowering *lowering, const IrInstruction *instruction);

// ---- debug_types.c

LLVMMetadataRef llvm_debug_cell(LlvmLowering *lowering, IrCell cell);
// Of a variable; `record` is what a pointer leads to, if that is known.
LLVMMetadataRef llvm_debug_type(LlvmLowering *lowering, IrType type, const IrRecord *record);
LLVMMetadataRef llvm_debug_pointer(LlvmLowering *lowering, LLVMMetadataRef to);
// Describes the module's records.
void llvm_debug_types_begin(LlvmLowering *lowering);

// ---- debug_variables.c

// Tells what the region is given: the loop's state, and a bytecode's operands.
void llvm_debug_variables_region(LlvmLowering *lowering, const IrBlock *entry);
// Tells of a component of a fused bytecode the same, before its first instruction.
void llvm_debug_variables_component(LlvmLowering *lowering, const IrInlining *inlining);
// Tells that a variable of the definition has the value from here on, if the value's name is one's
// in the scope of `inlining` or around it.
void llvm_debug_variables_value(LlvmLowering *lowering, const IrValue *value,
                                const IrInlining *inlining);
// Has debuggers list all variables of a method, also where they have no value.
void llvm_debug_variables_declare(LlvmLowering *lowering, LlvmDebugMethod *method);

#endif
