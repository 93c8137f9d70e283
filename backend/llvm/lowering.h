// The state shared by the files that lower a module (lower*.c, debug_info.c,
// alias_facts.c); private to them. lower.h is the way in. LLVM's values are found by the
// IR's through tables of numbers, so that the IR needs no field for any backend.
#ifndef BACKEND_LLVM_LOWERING_H
#define BACKEND_LLVM_LOWERING_H

#include "backend/llvm/operation_marks.h"
#include "backend/llvm/request.h"
#include "ir/ir.h"
#include "support/pointer_map.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>

// The calling convention that leaves all registers to the callee and saves none.
enum { LLVM_PRESERVE_NONE = 21 };

enum { LLVM_ALIAS_CLASSES = 6 }; // the IR's alias classes, and const fields

typedef struct LlvmDebugInfo {
    LLVMDIBuilderRef builder;
    LLVMMetadataRef unit, file, type;
    LLVMMetadataRef function;       // of the function that is being lowered
    LLVMMetadataRef dispatch, poll; // subprograms, as if inlined where they stand
} LlvmDebugInfo;

typedef struct LlvmAliasFacts {
    LLVMMetadataRef scopes[LLVM_ALIAS_CLASSES];
    unsigned scope_kind, noalias_kind;
    PointerMap made; // bases that const fields are stored through: frames being made
} LlvmAliasFacts;

typedef struct LlvmLowering {
    Arena *arena;
    const IrModule *module;
    const LlvmRequest *request;
    LlvmMarks *marks;
    LLVMContextRef context;
    LLVMModuleRef llvm;
    LLVMBuilderRef builder;
    LLVMTypeRef i1, i8, i16, i32, i64, f64, ptr, none;
    LlvmDebugInfo debug;
    LlvmAliasFacts alias;
    PointerMap externals; // IrExternal -> index into symbols
    PointerMap functions; // IrFunction -> index into symbols
    ARENA_VECTOR(LLVMValueRef) symbols;
    LLVMValueRef addresses; // forms replicated and handlers: the table's addresses
    bool failed;
    // Of the function that is being lowered.
    const IrFunction *function;
    LLVMValueRef llvm_function;
    PointerMap values; // IrValue -> index into lowered
    ARENA_VECTOR(LLVMValueRef) lowered;
    PointerMap blocks; // IrBlock -> index into llvm_blocks
    ARENA_VECTOR(LLVMBasicBlockRef) llvm_blocks;
    LLVMBasicBlockRef jump;     // form replicated: the jump through the table; NULL: not yet made
    LLVMValueRef *jump_phis;    // its opcode, then the table's parameters
    LLVMValueRef thread, frame; // of the region that is being lowered; NULL: none
} LlvmLowering;

// ---- lower.c

// Reports something that can't be lowered.
void llvm_lowering_error(LlvmLowering *lowering, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
LLVMTypeRef llvm_lowered_type(const LlvmLowering *lowering, IrType type);
LLVMTypeRef llvm_lowered_cell(const LlvmLowering *lowering, IrCell cell);
// The LLVM value of an operand: a constant, or something lowered before.
LLVMValueRef llvm_lowered_value(LlvmLowering *lowering, const IrValue *value);
// Whether the block has an LLVM block: not if nothing leads to its region, or to it there.
bool llvm_is_lowered(const LlvmLowering *lowering, const IrBlock *block);
LLVMBasicBlockRef llvm_lowered_block(const LlvmLowering *lowering, const IrBlock *block);
LLVMValueRef llvm_lowered_external(const LlvmLowering *lowering, const IrExternal *external);
LLVMValueRef llvm_lowered_function(const LlvmLowering *lowering, const IrFunction *function);
LLVMTypeRef llvm_external_type(const LlvmLowering *lowering, const IrExternal *external);
LLVMTypeRef llvm_function_type(const LlvmLowering *lowering, const IrFunction *function);
// A new block after all others.
LLVMBasicBlockRef llvm_append_block(LlvmLowering *lowering, const char *name);
// Branch weights: the first successor (`likely`) or the second is the usual one.
void llvm_set_weights(LlvmLowering *lowering, LLVMValueRef branch, bool likely);

// ---- lower_operations.c

// Lowers an operation that is no terminator at the builder's place.
void llvm_lower_operation(LlvmLowering *lowering, const IrInstruction *instruction);

// ---- lower_control.c

// Makes `target`'s parameters know the arguments that the edge out of the
// builder's block passes.
void llvm_lower_arguments(LlvmLowering *lowering, const IrBlock *target, IrValue *const *arguments,
                          size_t count);
void llvm_lower_terminator(LlvmLowering *lowering, const IrInstruction *instruction);
// The constant array of the table's addresses, for the forms that jump through it;
// called once the functions (form replicated: and the blocks) exist.
void llvm_lower_address_table(LlvmLowering *lowering);

// ---- lower_call.c

// A call, direct or through an address, with the types that C gives it.
LLVMValueRef llvm_lower_call(LlvmLowering *lowering, const IrExternal *external,
                             LLVMValueRef address, LLVMValueRef *arguments, size_t count);
// Declares the module's externals.
void llvm_lower_externals(LlvmLowering *lowering);

// ---- debug_info.c

void llvm_debug_info_begin(LlvmLowering *lowering);
void llvm_debug_info_function(LlvmLowering *lowering);
// Sets the builder's location to that of an instruction; it holds for all that is
// built until the next one.
void llvm_debug_info_locate(LlvmLowering *lowering, const IrInstruction *instruction);
void llvm_debug_info_locate_prologue(LlvmLowering *lowering);
void llvm_debug_info_end(LlvmLowering *lowering);

// ---- alias_facts.c

void llvm_alias_facts_begin(LlvmLowering *lowering);
// Marks a lowered load or store, or call, with what it can't touch.
void llvm_alias_facts_access(LlvmLowering *lowering, const IrInstruction *instruction,
                             LLVMValueRef access);
void llvm_alias_facts_memory(LlvmLowering *lowering, unsigned alias_class, LLVMValueRef access);
void llvm_alias_facts_call(LlvmLowering *lowering, const IrExternal *external, LLVMValueRef call);

// ---- image.c

// The constant `loopwright_image`.
void llvm_lower_image(LlvmLowering *lowering);

#endif
