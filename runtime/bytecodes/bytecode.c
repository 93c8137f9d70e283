// See bytecode.h.
#include "runtime/bytecodes/bytecode.h"

// A table lookup, since quickening and fusing leave every instruction where it was: nothing depends
// on what stands before or after.
const Bytecode *bytecode_at(const Bytecodes *bytecodes, const InterpreterUnit *unit) {
    return *unit < bytecodes->count ? &bytecodes->items[*unit] : NULL;
}

int bytecode_plain_opcode(const Bytecodes *bytecodes, const InterpreterUnit *unit) {
    const Bytecode *at = bytecode_at(bytecodes, unit);
    return at->component_count ? at->components[0] : at->opcode;
}

bool bytecode_quicken(const Bytecodes *bytecodes, InterpreterUnit *unit, int opcode) {
    const InterpreterBytecode *quickened = &interpreter_bytecodes[opcode];
    int number = bytecodes->numbers[opcode];
    if (number < 0 || bytecode_plain_opcode(bytecodes, unit) == number)
        return false;
    for (int i = 0; i < quickened->operand_count; i++) {
        const InterpreterOperand *operand = &quickened->operands[i];
        int64_t value = interpreter_operand(unit, operand);
        if (value < operand->minimum || value > operand->maximum)
            return false;
    }
    *unit = (InterpreterUnit)number;
    return true;
}

// Does each component stand, quickened or not, where the fused opcode at `code` covers it? The
// first one's place holds the fused opcode itself, whose base is the component's.
static bool covers_components(const Bytecodes *bytecodes, const Bytecode *fused,
                              const InterpreterUnit *code) {
    for (int i = 0; i < fused->component_count; i++) {
        const Bytecode *component = &bytecodes->items[fused->components[i]];
        const Bytecode *there = bytecode_at(bytecodes, code);
        if (!there || there->base != component->base)
            return false;
        code += component->length;
    }
    return true;
}

// A fused opcode runs all that it covers without looking there again, so it would pass over a trap
// that was put into its midst. What the other units hold is left: they are in plain form.
void bytecodes_unfuse(const Bytecodes *bytecodes, InterpreterUnit *code, int64_t count) {
    for (int64_t pc = 0; pc < count;) {
        const Bytecode *at = bytecode_at(bytecodes, &code[pc]);
        if (!at)
            return;
        if (at->component_count &&
            (at->length > count - pc || !covers_components(bytecodes, at, &code[pc])))
            code[pc] = (InterpreterUnit)at->components[0];
        pc += at->written->length;
    }
}
