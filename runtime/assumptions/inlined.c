// See inlined.h. Code is overwritten in place, instruction by instruction, and each stays as long
// as it was: so jumps, source lines and the pcs of frames that exist stay right.
#include "runtime/assumptions/inlined.h"

#include "frontend/guest/operators.h"
#include "runtime/assumptions/granted.h"
#include "runtime/assumptions/standard.h"
#include "runtime/calls/method.h"
#include "runtime/vm.h"

// ---- What the core classes mean --------------------------------------------------------

// Known forms that differ from ours in one respect. Those of the nil tests give the block no value.
static uint32_t differing(Vm *vm) {
    static const char *const taking[] = {"ifNotNil:", "ifNil:ifNotNil:", "ifNotNil:ifNil:"};
    uint32_t sent = 0;
    for (size_t i = 0; i < sizeof taking / sizeof *taking; i++)
        if (standard_method(vm, vm->known.object_class, taking[i]) != STANDARD_OURS)
            sent |= UINT32_C(1) << GUEST_TAKING;
    if (standard_method(vm, vm->known.block1_class, "whileFalse:") != STANDARD_OURS)
        sent |= UINT32_C(1) << GUEST_WHILE_VALUE;
    return sent;
}

// ---- Giving up what was granted ----------------------------------------------------------

// Opcodes that the interpreter hasn't stand only in code that wasn't verified; how long they
// are, nobody knows.
static void send_operators_in(const Vm *vm, Method *method) {
    int64_t count = details_of(method)->code_count;
    for (int64_t pc = 0; pc < count;) {
        const Bytecode *at = bytecode_at(vm->bytecodes, &method->code[pc]);
        if (!at)
            break;
        if (guest_operators_of(at->base) & vm->sent_operators)
            method->code[pc] = (uint16_t)guest_sent_operator(at->base);
        pc += at->written->length;
    }
}

// The instruction at each OSR point that is concerned becomes a trap, as long as it was. There may
// be another point at the same one.
static void set_traps_in(const Vm *vm, Method *method) {
    const MethodDetails *details = details_of(method);
    for (size_t i = 0; i < details->osr_point_count; i++) {
        const GuestOsrPoint *point = &details->osr_points[i];
        if (!(point->messages & vm->sent))
            continue;
        int length = method_bytecode(method, point->pc)->written->length;
        method->code[point->pc] = (uint16_t)guest_osr_trap(length);
    }
}

void inlined_give_up_in(const Vm *vm, Method *method) {
    if (vm->sent_operators)
        send_operators_in(vm, method);
    if (vm->sent)
        set_traps_in(vm, method);
    if (vm->sent_operators || vm->sent)
        bytecodes_unfuse(vm->bytecodes, method->code, details_of(method)->code_count);
}

// What has been given up once is never taken for granted again.
static void check(Vm *vm) {
    const Granted granted = granted_find(vm);
    uint32_t sent = vm->sent | granted_not_inlined(&granted) | differing(vm);
    uint32_t operators = vm->sent_operators | granted_sent_operators(&granted);
    if (sent == vm->sent && operators == vm->sent_operators)
        return;
    vm->sent = sent;
    vm->sent_operators = operators;
    for (Method *method = vm->methods; method; method = details_of(method)->next)
        inlined_give_up_in(vm, method);
}

// ---- When it is checked ------------------------------------------------------------------

void inlined_check_core(Vm *vm) {
    bool is_embedded = true;
    for (size_t i = 0; i < vm->class_capacity; i++)
        is_embedded &= !vm->classes[i] || vm->classes[i]->is_embedded;
    if (!is_embedded)
        check(vm);
}

void inlined_method_replaced(Vm *vm, const Symbol *selector) {
    if (granted_by_selector(symbol_chars(selector)))
        check(vm);
}

void inlined_class_defined(Vm *vm, const Class *class) {
    if (granted_by_class(vm, class))
        check(vm);
}

void inlined_global_assigned(Vm *vm, const Symbol *name) {
    if (granted_by_global(vm, symbol_chars(name)))
        check(vm);
}
