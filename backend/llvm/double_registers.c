// See double_registers.h. A tagged value that is a double is loaded as a word, computed with as a
// number, and stored as that word again on the ways that leave. LLVM selects instructions block
// by block, and what crosses blocks is in the register that its type asks for. So each load would
// go to an integer register and be copied to the other kind, for ways that are hardly ever taken.
//
// A word that is loaded, is used as a double in its own block, and as a word in others only, is
// therefore loaded as a double, and renamed where it is used as a word. It is the same 64 bits,
// so nothing is computed otherwise, and NaNs stay as they are. LLVM's own passes would make one
// load of a word of it again, hence this comes after them. (The other direction, a store of the
// bits of a double that was computed, they make a store of a double by themselves.)
#include "backend/llvm/double_registers.h"

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>

#include <stdbool.h>

// One operand that uses a value.
typedef struct ValueUse {
    LLVMValueRef user;
    unsigned operand;
} ValueUse;

typedef ARENA_VECTOR(ValueUse) ValueUses;

static bool has_user(const ValueUses *uses, LLVMValueRef user) {
    for (size_t i = 0; i < uses->count; i++)
        if (uses->items[i].user == user)
            return true;
    return false;
}

static ValueUses uses_of(LLVMValueRef value, Arena *scratch) {
    ValueUses uses = {0};
    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (has_user(&uses, user))
            continue;
        for (int i = 0; i < LLVMGetNumOperands(user); i++)
            if (LLVMGetOperand(user, (unsigned)i) == value)
                ARENA_PUSH(scratch, &uses, ((ValueUse){user, (unsigned)i}));
    }
    return uses;
}

static LLVMTypeKind kind_of(LLVMValueRef value) {
    return LLVMGetTypeKind(LLVMTypeOf(value));
}

// Does the instruction take a word's bits as a double?
static bool is_number(LLVMValueRef instruction) {
    return LLVMGetInstructionOpcode(instruction) == LLVMBitCast &&
           kind_of(instruction) == LLVMDoubleTypeKind &&
           kind_of(LLVMGetOperand(instruction, 0)) == LLVMIntegerTypeKind;
}

// The bits of `number`, taken where they are used.
static void take_bits(LLVMBuilderRef builder, LLVMValueRef number, const ValueUse *use,
                      LLVMTypeRef type) {
    LLVMPositionBuilderBefore(builder, use->user);
    LLVMSetCurrentDebugLocation2(builder, LLVMInstructionGetDebugLoc(use->user));
    LLVMSetOperand(use->user, use->operand, LLVMBuildBitCast(builder, number, type, ""));
}

static LLVMValueRef load_double(LLVMBuilderRef builder, LLVMValueRef word, LLVMTypeRef type) {
    LLVMPositionBuilderBefore(builder, word);
    LLVMSetCurrentDebugLocation2(builder, LLVMInstructionGetDebugLoc(word));
    LLVMValueRef number = LLVMBuildLoad2(builder, type, LLVMGetOperand(word, 0), "");
    LLVMSetAlignment(number, LLVMGetAlignment(word));
    size_t count;
    LLVMValueMetadataEntry *entries = LLVMInstructionGetAllMetadataOtherThanDebugLoc(word, &count);
    LLVMContextRef context = LLVMGetTypeContext(type);
    for (unsigned i = 0; i < count; i++)
        LLVMSetMetadata(
            number, LLVMValueMetadataEntriesGetKind(entries, i),
            LLVMMetadataAsValue(context, LLVMValueMetadataEntriesGetMetadata(entries, i)));
    LLVMDisposeValueMetadataEntries(entries);
    return number;
}

// What a phi takes is used at the end of another block; it is left as it is.
static void change_load(LLVMBuilderRef builder, LLVMValueRef word, Arena *scratch) {
    if (LLVMGetVolatile(word) || LLVMGetOrdering(word) != LLVMAtomicOrderingNotAtomic)
        return;
    ValueUses uses = uses_of(word, scratch);
    LLVMTypeRef type = NULL;
    for (size_t i = 0; i < uses.count; i++) {
        LLVMValueRef user = uses.items[i].user;
        bool is_here = LLVMGetInstructionParent(user) == LLVMGetInstructionParent(word);
        if (LLVMIsAPHINode(user) || (is_here && !is_number(user)))
            return;
        if (is_here)
            type = LLVMTypeOf(user);
    }
    if (!type)
        return;
    LLVMValueRef number = load_double(builder, word, type);
    for (size_t i = 0; i < uses.count; i++) {
        const ValueUse *use = &uses.items[i];
        if (is_number(use->user)) {
            LLVMReplaceAllUsesWith(use->user, number);
            LLVMInstructionEraseFromParent(use->user);
        } else {
            take_bits(builder, number, use, LLVMTypeOf(word));
        }
    }
    LLVMInstructionEraseFromParent(word);
}

static bool is_word_load(LLVMValueRef instruction) {
    return LLVMGetInstructionOpcode(instruction) == LLVMLoad &&
           kind_of(instruction) == LLVMIntegerTypeKind &&
           LLVMGetIntTypeWidth(LLVMTypeOf(instruction)) == 64;
}

void llvm_keep_doubles(LLVMModuleRef module, Arena *scratch) {
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(module));
    ARENA_VECTOR(LLVMValueRef) found = {0};
    for (LLVMValueRef function = LLVMGetFirstFunction(module); function;
         function = LLVMGetNextFunction(function))
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block;
             block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef at = LLVMGetFirstInstruction(block); at;
                 at = LLVMGetNextInstruction(at))
                if (is_word_load(at))
                    ARENA_PUSH(scratch, &found, at);
    for (size_t i = 0; i < found.count; i++)
        change_load(builder, found.items[i], scratch);
    LLVMDisposeBuilder(builder);
}
