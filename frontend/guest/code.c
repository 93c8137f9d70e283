// See code.h. A jump forwards is made before its target is known: the label remembers where its
// distance has to be written, and that is done when the label is bound. (This is known as
// backpatching.)
#include "frontend/guest/code.h"

#include "frontend/guest/operators.h"
#include "support/internal_error.h"

#include <string.h>

void guest_too_many(GuestCode *code, const char *what) {
    if (!code->has_failed)
        diagnostic_error(code->diagnostics, code->at, "the method is too large: too many %s", what);
    guest_give_up(code);
}

void guest_give_up(GuestCode *code) {
    code->has_failed = true;
    code->is_reachable = false;
}

int guest_receiver(const GuestCode *code) {
    return -1 - code->method->argument_count;
}

// ---- Instructions ------------------------------------------------------------------

static void note_line(GuestCode *code) {
    GuestMethod *method = code->method;
    if (method->lines.count) {
        const GuestLine *last = &method->lines.items[method->lines.count - 1];
        if (last->at.line == code->at.line && last->at.column == code->at.column)
            return;
    }
    GuestLine line = {(int)method->code.count, code->at};
    ARENA_PUSH(code->arena, &method->lines, line);
}

static void change_depth(GuestCode *code, int64_t slots) {
    code->depth += (int)slots;
    if (code->depth < 0)
        internal_error("code of %s pops an empty stack", code->selector);
    if (code->depth > code->method->max_stack)
        code->method->max_stack = code->depth;
}

// The units of the instruction, with room for its operands. Answers their offset.
static size_t append(GuestCode *code, int opcode) {
    GuestMethod *method = code->method;
    note_line(code);
    size_t pc = method->code.count;
    ARENA_PUSH(code->arena, &method->code, (uint16_t)opcode);
    for (int i = 1; i < interpreter_bytecodes[opcode].length; i++)
        ARENA_PUSH(code->arena, &method->code, 0);
    return pc;
}

static void set_operand(GuestCode *code, size_t pc, const InterpreterOperand *operand,
                        int64_t value) {
    if (value < operand->minimum || value > operand->maximum)
        internal_error("code of %s has the operand %lld", code->selector, (long long)value);
    interpreter_set_operand(&code->method->code.items[pc], operand, value);
}

void guest_emit(GuestCode *code, int opcode, int64_t first, int64_t second) {
    if (!code->is_reachable)
        return;
    const InterpreterBytecode *bytecode = &interpreter_bytecodes[opcode];
    const int64_t values[] = {first, second};
    size_t pc = append(code, opcode);
    for (int i = 0; i < bytecode->operand_count; i++)
        set_operand(code, pc, &bytecode->operands[i], values[i]);
    change_depth(code,
                 interpreter_slots(&code->method->code.items[pc], bytecode, &bytecode->stack));
    if (bytecode->leaves)
        code->is_reachable = false;
}

// ---- Labels ------------------------------------------------------------------------

GuestLabel *guest_label(GuestCode *code) {
    GuestLabel *label = ARENA_NEW(code->arena, GuestLabel);
    label->pc = -1;
    return label;
}

// Wherever control comes from, the stack is as deep: else the compiler is wrong.
static void expect(GuestLabel *label, int depth) {
    if (label->is_used && label->depth != depth)
        internal_error("a label is reached with %d and %d values", label->depth, depth);
    label->is_used = true;
    label->depth = depth;
}

static void patch(GuestCode *code, int pc, int index, int target) {
    uint16_t *units = &code->method->code.items[pc];
    const InterpreterBytecode *bytecode = &interpreter_bytecodes[*units];
    set_operand(code, (size_t)pc, &bytecode->operands[index], target - pc - bytecode->length);
}

// A jump to be patched is written as pc * INTERPRETER_OPERANDS_MAX + operand.
static void refer(GuestCode *code, int pc, int index, GuestLabel *label, int depth) {
    expect(label, depth);
    if (label->pc >= 0)
        patch(code, pc, index, label->pc);
    else
        ARENA_PUSH(code->arena, &label->jumps, pc * INTERPRETER_OPERANDS_MAX + index);
}

void guest_jump(GuestCode *code, int opcode, GuestLabel *target, GuestLabel *other) {
    if (!code->is_reachable)
        return;
    const InterpreterBytecode *bytecode = &interpreter_bytecodes[opcode];
    GuestLabel *const labels[] = {target, other};
    int before = code->depth;
    int pc = (int)append(code, opcode);
    const uint16_t *units = &code->method->code.items[pc];
    for (int i = 0; i < bytecode->operand_count; i++) {
        int64_t effect = interpreter_slots(units, bytecode, &bytecode->operands[i].jump);
        refer(code, pc, i, labels[i], before + (int)effect);
    }
    change_depth(code, interpreter_slots(units, bytecode, &bytecode->stack));
    if (bytecode->leaves)
        code->is_reachable = false;
}

void guest_bind(GuestCode *code, GuestLabel *label) {
    if (code->is_reachable)
        expect(label, code->depth);
    label->pc = (int)code->method->code.count;
    for (size_t i = 0; i < label->jumps.count; i++)
        patch(code, label->jumps.items[i] / INTERPRETER_OPERANDS_MAX,
              label->jumps.items[i] % INTERPRETER_OPERANDS_MAX, label->pc);
    if (label->is_used && !code->has_failed) {
        code->is_reachable = true;
        code->depth = label->depth;
    }
}

// ---- Locals and call sites ---------------------------------------------------------

bool guest_use_local(GuestCode *code, int index) {
    if (index < code->fresh_local)
        return false;
    code->fresh_local = index + 1;
    return true;
}

static int add_site(GuestCode *code, GuestSite site) {
    if ((int64_t)code->method->sites.count >
        interpreter_bytecodes[OP_SEND_ARGUMENTS].operands[0].maximum) {
        guest_too_many(code, "messages and globals");
        return 0;
    }
    ARENA_PUSH(code->arena, &code->method->sites, site);
    return (int)code->method->sites.count - 1;
}

void guest_send(GuestCode *code, const char *selector, int arguments, GuestReceiver receiver) {
    if (!code->is_reachable)
        return;
    bool is_super = receiver == GUEST_TO_SUPER;
    int operator= is_super ? -1 : guest_operator(selector);
    GuestSite site = {selector, arguments, .is_super = is_super};
    site.is_to_self = receiver == GUEST_TO_SELF && operator<0;
    int index = add_site(code, site);
    if (operator>= 0)
        guest_emit(code, operator, index, 0);
    else
        guest_emit(code, is_super ? OP_SUPER_SEND_ARGUMENTS : OP_SEND_ARGUMENTS, index, arguments);
}

void guest_push_global(GuestCode *code, const char *name) {
    if (code->is_reachable)
        guest_emit(code, OP_PUSH_GLOBAL,
                   add_site(code, (GuestSite){.selector = name, .is_global = true}), 0);
}
