// See inlined.h. Each message that may be inlined needs a method or two, and other messages
// that these send; it is inlined if all of them are standard.
#include "runtime/assumptions/inlined.h"

#include "frontend/guest/operators.h"
#include "runtime/assumptions/redefine.h"
#include "runtime/assumptions/standard.h"
#include "runtime/calls/method.h"
#include "runtime/vm.h"
#include "support/internal_error.h"

#include <assert.h>

// What a message needs, in an order in which what it sends stands before it.
typedef struct Need {
    const char *selector;
    enum { BOOLEANS, NILS, BLOCK, NUMBER } receivers;
    const char *sends[3];
} Need;

static const Need needs[] = {
    {"ifTrue:", BOOLEANS, {0}},
    {"ifFalse:", BOOLEANS, {0}},
    {"ifTrue:ifFalse:", BOOLEANS, {"ifTrue:", "ifFalse:"}},
    {"ifFalse:ifTrue:", BOOLEANS, {"ifTrue:", "ifFalse:", "ifTrue:ifFalse:"}},
    {"and:", BOOLEANS, {0}},
    {"or:", BOOLEANS, {0}},
    {"&&", BOOLEANS, {"and:"}},
    {"||", BOOLEANS, {"or:"}},
    {"whileTrue:", BLOCK, {"ifTrue:", "ifFalse:"}},
    {"whileFalse:", BLOCK, {"ifTrue:", "ifFalse:", "whileTrue:"}},
    {"ifNil:", NILS, {0}},
    {"ifNotNil:", NILS, {0}},
    {"ifNil:ifNotNil:", NILS, {"ifNotNil:"}},
    {"ifNotNil:ifNil:", NILS, {"ifNotNil:"}},
    {"to:by:do:", NUMBER, {"whileTrue:"}},
    {"downTo:by:do:", NUMBER, {"whileTrue:"}},
    {"to:do:", NUMBER, {"to:by:do:"}},
    {"downTo:do:", NUMBER, {"downTo:by:do:"}},
    {"timesRepeat:", NUMBER, {"to:do:"}},
};

static_assert(sizeof needs / sizeof *needs == GUEST_MESSAGES, "one for each");

// What any of them may send that isn't inlined, with the classes that have to answer it.
static const char *const block_values[] = {"value", "restart", NULL};
static const char *const escaping[] = {"escapedBlock:", "error:", NULL};
static const char *const counting[] = {"+", "-", "<", "<=", ">=", "=", NULL};

static uint32_t bit(const char *selector) {
    return UINT32_C(1) << guest_message_number(selector);
}

// ---- What the core classes mean --------------------------------------------------------

static bool all_standard(Vm *vm, const Class *class, const char *const *selectors) {
    for (; *selectors; selectors++)
        if (!standard_method(vm, class, *selectors))
            return false;
    return true;
}

static bool both_booleans(Vm *vm, const char *selector) {
    return standard_method(vm, vm->known.true_class, selector) &&
           standard_method(vm, vm->known.false_class, selector);
}

// What goes to objects of all classes: none but nil's and the root may answer it.
static bool nobody_else(const Vm *vm, const Symbol *selector) {
    for (size_t i = 0; i < vm->class_capacity; i++) {
        const Class *class = vm->classes[i];
        if (class && class != vm->known.nil_class && class != vm->known.object_class &&
            class_own_method(class, selector))
            return false;
    }
    return true;
}

static bool nils(Vm *vm, const char *selector) {
    return class_own_method(vm->known.nil_class, symbol_named(vm, selector)) &&
           standard_method(vm, vm->known.nil_class, selector) &&
           standard_method(vm, vm->known.object_class, selector) &&
           nobody_else(vm, symbol_named(vm, selector));
}

// A block that has escaped ends the program, unless somebody's own method sees to it. Then it
// matters who evaluated the block, and what goes on behind it.
static bool escapes_end(Vm *vm) {
    bool end = true;
    for (const char *const *selector = escaping; *selector; selector++)
        end &= standard_method(vm, vm->known.object_class, *selector) &&
               standard_method(vm, vm->known.nil_class, *selector) &&
               nobody_else(vm, symbol_named(vm, *selector));
    return end;
}

static bool is_standard(Vm *vm, const Need *need, uint32_t sent) {
    for (size_t i = 0; i < sizeof need->sends / sizeof *need->sends && need->sends[i]; i++)
        if (sent & bit(need->sends[i]))
            return false;
    switch (need->receivers) {
    case BOOLEANS: return both_booleans(vm, need->selector);
    case NILS: return nils(vm, need->selector);
    case BLOCK:
        return standard_method(vm, vm->known.block1_class, need->selector) &&
               both_booleans(vm, "not");
    case NUMBER:
        return standard_method(vm, vm->known.integer_class, need->selector) &&
               all_standard(vm, vm->known.integer_class, counting) &&
               standard_method(vm, vm->known.block2_class, "value:");
    }
    internal_error("%s is inlined for no class", need->selector);
}

// The forms of SOM-st's library give the block no value, and answer the block.
static uint32_t differing(Vm *vm) {
    static const char *const taking[] = {"ifNotNil:", "ifNil:ifNotNil:", "ifNotNil:ifNil:"};
    uint32_t sent = 0;
    for (size_t i = 0; i < sizeof taking / sizeof *taking; i++)
        if (standard_method(vm, vm->known.object_class, taking[i]) != STANDARD_OURS)
            sent |= UINT32_C(1) << GUEST_TAKING;
    if (!standard_method(vm, vm->known.block2_class, "value:"))
        sent |= UINT32_C(1) << GUEST_TAKING;
    if (standard_method(vm, vm->known.block1_class, "whileFalse:") != STANDARD_OURS)
        sent |= UINT32_C(1) << GUEST_WHILE_VALUE;
    return sent;
}

// The messages that are to be sent, by their numbers.
static uint32_t find_sent(Vm *vm) {
    if (!all_standard(vm, vm->known.block1_class, block_values))
        return UINT32_MAX;
    uint32_t sent = differing(vm);
    if (!escapes_end(vm))
        sent |= UINT32_C(1) << GUEST_ESCAPING;
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if (!is_standard(vm, &needs[i], sent))
            sent |= bit(needs[i].selector);
    return sent;
}

// Whether the bytecodes of the operators do what these methods would.
static bool operators_are_standard(Vm *vm) {
    static const char *const of_both[] = {"+", "-", "*", "<", "<=", ">", ">=", "=", "<>", NULL};
    return all_standard(vm, vm->known.integer_class, of_both) &&
           all_standard(vm, vm->known.double_class, of_both) &&
           standard_method(vm, vm->known.integer_class, "&") &&
           standard_method(vm, vm->known.double_class, "//") && both_booleans(vm, "not");
}

void inlined_check_core(Vm *vm) {
    bool is_embedded = true;
    for (size_t i = 0; i < vm->class_capacity; i++)
        is_embedded &= !vm->classes[i] || vm->classes[i]->is_embedded;
    if (is_embedded)
        return;
    vm->sent = find_sent(vm);
    if (!operators_are_standard(vm))
        redefine_operators(vm);
}

// ---- While the program runs ------------------------------------------------------------

static bool is_in(const char *selector, const char *const *selectors) {
    for (; *selectors; selectors++)
        if (!strcmp(selector, *selectors))
            return true;
    return false;
}

static bool matters(const char *selector) {
    return guest_message_number(selector) >= 0 || is_in(selector, block_values) ||
           is_in(selector, counting) || is_in(selector, escaping) || !strcmp(selector, "value:") ||
           !strcmp(selector, "not");
}

// The instruction at each place that is concerned becomes a jump to its detour, as long as it
// was. There may be another place at the same one.
void inlined_redefine_in(const Vm *vm, Method *method) {
    const MethodDetails *details = details_of(method);
    bool is_concerned = false;
    for (size_t i = 0; i < details->place_count; i++) {
        const GuestPlace *place = &details->places[i];
        if (!(place->messages & vm->sent))
            continue;
        int length = method_bytecode(method, place->pc)->written->length;
        method->code[place->pc] = (uint16_t)guest_trap(length);
        is_concerned = true;
    }
    if (is_concerned)
        bytecodes_unfuse(vm->bytecodes, method->code, details->code_count);
}

void method_inlined_message_redefined(Vm *vm, const Symbol *selector) {
    if (!matters(symbol_chars(selector)))
        return;
    uint32_t more = find_sent(vm) & ~vm->sent;
    vm->sent |= more;
    for (Method *method = vm->methods; more && method; method = details_of(method)->next)
        inlined_redefine_in(vm, method);
    if (!vm->operators_are_sent && !operators_are_standard(vm))
        redefine_operators(vm);
}
