// The state shared by the files that lower a module (lower*.c, debug_info.c,
// alias_facts.c); private to them. lower.h is the way in.
#ifndef BACKEND_LLVM_LOWERING_H
#define BACKEND_LLVM_LOWERING_H

#include "backend/llvm/emit_options.h"
#include "backend/llvm/operation_marks.h"
#include "ir/ir.h"
#include "support/pointer_map.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>

// The calling convention that leaves all registers to the callee and saves none.
enum { LOWERING_PRESERVE_NONE = 21 };

enum { LOWERING_MEMORIES = 6 }; // the IR's memory regions, and const fields

typedef struct DebugInfo {
    LLVMDIBuilderRef builder;
    LLVMMetadataRef unit, file, type;
    LLVMMetadataRef function;       // of the function that is being lowered
    LLVMMetadataRef dispatch, poll; // subprograms, as if inlined where they stand
} DebugInfo;

typedef struct AliasFacts {
    LLVMMetadataRef scopes[LOWERING_MEMORIES];
    unsigned scope_kind, noalias_kind;
    PointerMap made; // bases that const fields are stored through: frames being made
} AliasFacts;

typedef struct Lowering {
    Arena *arena;
    const IrModule *module;
    const EmitOptions *options;
    OperationMarks *marks;
    LLVMContextRef context;
    LLVMModuleRef llvm;
    LLVMBuilderRef builder;
    LLVMTypeRef i1, i8, i16, i32, i64, f64, ptr, none;
    DebugInfo debug;
    AliasFacts alias;
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
    LLVMValueRef thread, frame; // of the region that is being lowered; NULL: none
} Lowering;

// ---- lower.c

// Reports something that can't be lowered.
void lowering_error(Lowering *lowering, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
LLVMTypeRef lowered_type(const Lowering *lowering, IrType type);
LLVMTypeRef lowered_cell(const Lowering *lowering, IrCell cell);
// The LLVM value of an operand: a constant, or something lowered before.
LLVMValueRef lowered_value(Lowering *lowering, const IrValue *value);
LLVMBasicBlockRef lowered_block(const Lowering *lowering, const IrBlock *block);
LLVMValueRef lowered_external(const Lowering *lowering, const IrExternal *external);
LLVMValueRef lowered_function(const Lowering *lowering, const IrFunction *function);
LLVMTypeRef external_type(const Lowering *lowering, const IrExternal *external);
LLVMTypeRef function_type(const Lowering *lowering, const IrFunction *function);
// A new block behind all others.
LLVMBasicBlockRef lowering_append_block(Lowering *lowering, const char *name);
// Branch weights: the first successor (`likely`) or the second is the usual one.
void lowering_set_weights(Lowering *lowering, LLVMValueRef branch, bool likely);

// ---- lower_operations.c

// Lowers an operation that is no terminator at the builder's place.
void lower_operation(Lowering *lowering, const IrInstruction *instruction);

// ---- lower_control.c

// Makes `target`'s parameters know the arguments that the edge out of the
// builder's block passes.
void lower_arguments(Lowering *lowering, const IrBlock *target, IrValue *const *arguments,
                     size_t count);
void lower_terminator(Lowering *lowering, const IrInstruction *instruction);
// The constant array of the table's addresses, for the forms that jump through it;
// called once the functions (form replicated: and the blocks) exist.
void lower_address_table(Lowering *lowering);

// ---- lower_call.c

// A call, direct or through an address, with the types that C gives it.
LLVMValueRef lower_call(Lowering *lowering, const IrExternal *external, LLVMValueRef address,
                        LLVMValueRef *arguments, size_t count);
// Declares the module's externals.
void lower_externals(Lowering *lowering);

// ---- debug_info.c

void debug_info_begin(Lowering *lowering);
void debug_info_function(Lowering *lowering);
// Sets the builder's location to that of an instruction; it holds for all that is
// built until the next one.
void debug_info_locate(Lowering *lowering, const IrInstruction *instruction);
void debug_info_locate_prologue(Lowering *lowering);
void debug_info_end(Lowering *lowering);

// ---- alias_facts.c

void alias_facts_begin(Lowering *lowering);
// Marks a lowered load or store, or call, with what it can't touch.
void alias_facts_access(Lowering *lowering, const IrInstruction *instruction, LLVMValueRef access);
void alias_facts_memory(Lowering *lowering, unsigned memory, LLVMValueRef access);
void alias_facts_call(Lowering *lowering, const IrExternal *external, LLVMValueRef call);

// ---- image.c

// The constant `loopwright_image`.
void lower_image(Lowering *lowering);

#endif
