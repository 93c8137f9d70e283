// Each instruction by itself: whether the interpreter admits its opcode, and whether its operands
// index what is there. What an operand means its role in the definition says, so there is no list
// of opcodes here; a bytecode that is added to the definition is checked without a change.
//
// This is done in the order of the code, whether control gets there or not: so it is known where
// instructions begin before any jump is followed, and no jump can lead into the middle of one.
#include "runtime/verifier/checks.h"

#include <inttypes.h>

// What a site is used for is settled by its first use: the runtime fills it for a send, a super
// send or a global, and each finds other things in the same words.
static bool check_site(const Verifier *verifier, int64_t pc, int64_t index, VerifierUse use,
                       int64_t arguments) {
    const VerifierCode *code = verifier->code;
    if (!verifier_check_index(verifier, pc, "call site", index, 0, (int64_t)code->site_count - 1))
        return false;
    if (!(code->sites[index].uses & (int)use))
        return verifier_fail(verifier, pc, "call site %" PRId64 " is for something else", index);
    if (verifier->uses[index] && verifier->uses[index] != (int)use)
        return verifier_fail(verifier, pc, "call site %" PRId64 " has two uses", index);
    verifier->uses[index] = (int)use;
    if (use != VERIFIER_GLOBAL && code->sites[index].arguments != arguments)
        return verifier_fail(verifier, pc, "%" PRId64 " arguments for a selector with %d",
                             arguments, code->sites[index].arguments);
    return true;
}

// A block's literal is code, which only an instruction that makes a closure may take.
static bool check_literal(const Verifier *verifier, int64_t pc, int64_t index, bool is_block) {
    const VerifierCode *code = verifier->code;
    if (!verifier_check_index(verifier, pc, "literal", index, 0, (int64_t)code->literal_count - 1))
        return false;
    if ((code->blocks && code->blocks[index]) != is_block)
        return verifier_fail(verifier, pc, "literal %" PRId64 " is %s block", index,
                             is_block ? "no" : "a");
    return true;
}

// The number of arguments that a send has. An operator's is fixed: these go from the stack, where
// the answer takes the receiver's place.
static int64_t send_count(const Verifier *verifier, const uint16_t *units) {
    const InterpreterBytecode *bytecode = bytecode_at(verifier->bytecodes, units)->written;
    for (int i = 0; i < bytecode->operand_count; i++) {
        if (bytecode->operands[i].role == ROLE_COUNT)
            return interpreter_operand(units, &bytecode->operands[i]);
    }
    return -bytecode->stack.constant;
}

// Arguments have negative indices, up to -1 for the last one; the receiver comes before the first.
// It may be read like an argument, but not be assigned to.
static bool check_operand(const Verifier *verifier, int64_t pc, enum InterpreterRole role,
                          int64_t value) {
    const VerifierCode *code = verifier->code;
    const uint16_t *units = &code->units[pc];
    switch (role) {
    case ROLE_LOCAL: return verifier_check_index(verifier, pc, "local", value, 0, code->locals - 1);
    case ROLE_ARGUMENT:
        return verifier_check_index(verifier, pc, "argument", value, -1 - code->arguments, -1);
    case ROLE_ASSIGNED_ARGUMENT:
        return verifier_check_index(verifier, pc, "argument", value, -code->arguments, -1);
    case ROLE_RECEIVER:
        return verifier_check_index(verifier, pc, "receiver", value, -1 - code->arguments,
                                    -1 - code->arguments);
    case ROLE_FIELD: return verifier_check_index(verifier, pc, "field", value, 0, code->fields - 1);
    case ROLE_LITERAL: return check_literal(verifier, pc, value, false);
    case ROLE_BLOCK: return check_literal(verifier, pc, value, true);
    case ROLE_SITE:
        return check_site(verifier, pc, value, VERIFIER_SEND, send_count(verifier, units));
    case ROLE_SUPER_SITE:
        return check_site(verifier, pc, value, VERIFIER_SUPER_SEND, send_count(verifier, units));
    case ROLE_GLOBAL_SITE: return check_site(verifier, pc, value, VERIFIER_GLOBAL, 0);
    default: return true; // the rest depends on the place
    }
}

// Only bytecodes that compilers may write (`admitted`): those that the runtime writes count on what
// it knew when it wrote them. They are described as they were written, see bytecode.h.
static bool check_instruction(const Verifier *verifier, int64_t pc) {
    const VerifierCode *code = verifier->code;
    const uint16_t *units = &code->units[pc];
    const Bytecode *at = bytecode_at(verifier->bytecodes, units);
    if (!at || !at->admitted)
        return verifier_fail(verifier, pc, "opcode %d is not admitted", *units);
    const InterpreterBytecode *bytecode = at->written;
    if (bytecode->length > (int64_t)code->count - pc)
        return verifier_fail(verifier, pc, "the code ends within the instruction");
    for (int i = 0; i < bytecode->operand_count; i++) {
        int64_t value = interpreter_operand(units, &bytecode->operands[i]);
        if (!check_operand(verifier, pc, bytecode->operands[i].role, value))
            return false;
    }
    return true;
}

bool verifier_check_instructions(const Verifier *verifier) {
    const VerifierCode *code = verifier->code;
    for (int64_t pc = 0; pc < (int64_t)code->count;) {
        if (!check_instruction(verifier, pc))
            return false;
        verifier->states[pc].is_start = true;
        pc += bytecode_at(verifier->bytecodes, &code->units[pc])->length;
    }
    return true;
}
