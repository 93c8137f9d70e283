// The state shared by the files that lower a module (lower*.c, debug_info.c,
// alias_facts.c); private to them. lower.h is the way in. LLVM's values are found by the
// IR's through tables of numbers, so that the IR needs no field for any backend.
#ifndef BACKEND_LLVM_LOWERING_H
#define BACKEND_LLVM_LOWERING_H

#include "backend/llvm/code_lines.h"
#include "backend/llvm/debug_info.h"
#include "backend/llvm/operation_marks.h"
#include "backend/llvm/request.h"
#include "ir/ir.h"
#include "support/pointer_map.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>

// The calling convention that leaves all registers to the callee and saves none. Between
// handlers nothing is alive but what the next one is passed, so there is nothing to save, and
// more registers are left to pass it in than C's convention has. LLVM's C API has numbers for
// conventions but no names; this is CallingConv::PreserveNone.
enum { LLVM_PRESERVE_NONE = 21 };

enum { LLVM_ALIAS_CLASSES = 6 }; // the IR's alias classes, and const fields

// All unset with --llvm-alias=none.
typedef struct LlvmAliasFacts {
    LLVMMetadataRef scopes[LLVM_ALIAS_CLASSES]; // one a class, in the order of its bit
    unsigned scope_kind, noalias_kind;          // LLVM's numbers for the two sorts of metadata
    PointerMap made; // bases that const fields are stored through: frames being made
} LlvmAliasFacts;

// The one jump that the dispatches of form replicated share.
typedef struct LlvmJump {
    LLVMBasicBlockRef block; // NULL: not yet made
    LLVMValueRef *phis;      // its opcode (of several tables: its address), then the parameters
} LlvmJump;

struct LlvmLowering {
    // Of the whole module.
    Arena *arena; // scratch: nothing that LLVM makes lives here
    const IrModule *module;
    const LlvmRequest *request;
    LlvmMarks *marks;
    LlvmPlaces *places;
    const struct IrNames *names; // unique ones, of regions
    LLVMContextRef context;
    LLVMModuleRef llvm;
    LLVMBuilderRef builder; // stands at the end of the block that is being filled
    LLVMTypeRef i1, i8, i16, i32, i64, f32, f64, ptr, none; // looked up once: the context's
    LlvmDebugInfo debug;
    LlvmAliasFacts alias;
    PointerMap externals;               // IrExternal -> index into symbols
    PointerMap functions;               // IrFunction -> index into symbols
    ARENA_VECTOR(LLVMValueRef) symbols; // NULL: an external that is called by address
    // Forms replicated and handlers: for each of the module's tables the array of addresses
    // that its dispatches jump by; NULL until one is lowered.
    LLVMValueRef *addresses;
    bool failed; // an error was reported: what was made is no good
    // Of the function that is being lowered.
    const IrFunction *function;
    LLVMValueRef llvm_function;
    PointerMap values; // IrValue -> index into lowered
    ARENA_VECTOR(LLVMValueRef) lowered;
    PointerMap blocks; // IrBlock -> index into llvm_blocks
    ARENA_VECTOR(LLVMBasicBlockRef) llvm_blocks;
    LlvmJump jump;        // form replicated
    const IrBlock *entry; // the first of the region that is being lowered
    LLVMValueRef thread;  // the region's; NULL: it has none
};

// ---- lower.c

// Reports something that can't be lowered.
void llvm_lowering_error(LlvmLowering *lowering, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
// The LLVM type of a value; of a cell, which may be narrower than the i64 it is read as.
LLVMTypeRef llvm_lowered_type(const LlvmLowering *lowering, IrType type);
LLVMTypeRef llvm_lowered_cell(const LlvmLowering *lowering, IrCell cell);
// The LLVM value of an operand: a constant, or something lowered before.
LLVMValueRef llvm_lowered_value(LlvmLowering *lowering, const IrValue *value);
// What stands for a block, an external (NULL: one that is called by address), a function. All
// of them are declared before the first is filled, so there is no order to heed.
LLVMBasicBlockRef llvm_lowered_block(const LlvmLowering *lowering, const IrBlock *block);
LLVMValueRef llvm_lowered_external(const LlvmLowering *lowering, const IrExternal *external);
LLVMValueRef llvm_lowered_function(const LlvmLowering *lowering, const IrFunction *function);
LLVMTypeRef llvm_external_type(const LlvmLowering *lowering, const IrExternal *external);
// The table with the most parameters; NULL: there is none.
const IrTable *llvm_longest_table(const IrModule *module);
LLVMTypeRef llvm_function_type(const LlvmLowering *lowering, const IrFunction *function);
// A new block after all others.
LLVMBasicBlockRef llvm_append_block(LlvmLowering *lowering, const char *name);
// Branch weights: the first successor (`likely`) or the second is the usual one.
void llvm_set_weights(LlvmLowering *lowering, LLVMValueRef branch, bool likely);

// ---- lower_operations.c

// Lowers an operation that is no terminator at the builder's place.
void llvm_lower_operation(LlvmLowering *lowering, const IrInstruction *instruction);

// ---- lower_floats.c

// A call of one of LLVM's intrinsics, by its name without the types that it is overloaded for.
LLVMValueRef llvm_call_intrinsic(LlvmLowering *lowering, const char *name, LLVMTypeRef *overloads,
                                 size_t overload_count, LLVMValueRef *arguments, unsigned count);
// FFLOOR, FCEIL, FTRUNC, FNEAREST; FMIN, FMAX, FCOPYSIGN; and what is about singles.
LLVMValueRef llvm_lower_rounding(LlvmLowering *lowering, IrOp op, LLVMValueRef value);
LLVMValueRef llvm_lower_float_binary(LlvmLowering *lowering, IrOp op, LLVMValueRef left,
                                     LLVMValueRef right);
LLVMValueRef llvm_lower_single(LlvmLowering *lowering, IrOp op, LLVMValueRef value);

// ---- lower_control.c

// Makes `target`'s parameters know the arguments that the edge out of the builder's block
// passes. To be called once for each LLVM edge, as a phi has one value for each; with the
// builder in the block that LLVM sees the edge leave, which may be one made for it.
void llvm_lower_arguments(LlvmLowering *lowering, const IrBlock *target, IrValue *const *arguments,
                          size_t count);
void llvm_lower_terminator(LlvmLowering *lowering, const IrInstruction *instruction);
// Fills the arrays of addresses that dispatches were lowered to jump by; called once all
// functions and blocks exist.
void llvm_lower_address_tables(LlvmLowering *lowering);

// ---- lower_call.c

// A call, direct or through an address, with the types that C gives it.
LLVMValueRef llvm_lower_call(LlvmLowering *lowering, const IrExternal *external,
                             LLVMValueRef address, LLVMValueRef *arguments, size_t count);
// Declares the module's externals.
void llvm_lower_externals(LlvmLowering *lowering);

// ---- debug_info.c

// Between begin and end everything is lowered; each function begins with `function`, each of its
// regions with `region`. `block` comes before a block's first instruction, `result` after one that
// has a result.
void llvm_debug_info_begin(LlvmLowering *lowering);
void llvm_debug_info_function(LlvmLowering *lowering);
void llvm_debug_info_region(LlvmLowering *lowering, const IrRegion *region);
void llvm_debug_info_block(LlvmLowering *lowering, const IrBlock *block);
void llvm_debug_info_result(LlvmLowering *lowering, const IrInstruction *instruction);
// Sets the builder's location to that of an instruction; it holds for all that is
// built until the next one.
void llvm_debug_info_locate(LlvmLowering *lowering, const IrInstruction *instruction);
// The same, for what passes a function's parameters on and is no instruction's.
void llvm_debug_info_locate_prologue(LlvmLowering *lowering);
void llvm_debug_info_end(LlvmLowering *lowering);

// ---- alias_facts.c

void llvm_alias_facts_begin(LlvmLowering *lowering);
// Mark what was lowered with what it can't touch: a load or store of the IR; an access that a
// barrier or a poll makes (`alias_class` 0: of a const field); a call.
void llvm_alias_facts_access(LlvmLowering *lowering, const IrInstruction *instruction,
                             LLVMValueRef access);
void llvm_alias_facts_memory(LlvmLowering *lowering, unsigned alias_class, LLVMValueRef access);
void llvm_alias_facts_call(LlvmLowering *lowering, const IrExternal *external, LLVMValueRef call);

// ---- image.c

// The constant `loopwright_image`.
void llvm_lower_image(LlvmLowering *lowering);

#endif
