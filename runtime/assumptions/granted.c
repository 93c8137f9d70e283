// See granted.h. All is taken for granted at first; then what turns out not to be standard is
// crossed out, and whatever sends that, until nothing changes. That is the greatest solution, so
// methods may send each other in circles.
#include "runtime/assumptions/granted.h"

#include "frontend/guest/operators.h"
#include "frontend/guest/scope.h"
#include "frontend/syntax/ast.h"
#include "runtime/assumptions/standard.h"
#include "runtime/calls/method.h"
#include "runtime/vm.h"
#include "support/internal_error.h"

// ---- The table -------------------------------------------------------------------------

typedef struct Row {
    const char *selector;
    unsigned receivers;
    enum { ROW_INLINED, ROW_OPERATOR, ROW_SENT, ROW_ARGUMENT } kind;
} Row;

static const Row rows[GRANTED_ROWS] = {
#define INLINED(selector, control, receivers) {selector, GRANTED_##receivers, ROW_INLINED},
#define OPERATOR(selector, opcode, receivers) {selector, GRANTED_##receivers, ROW_OPERATOR},
#define SENT(selector, receivers)             {selector, GRANTED_##receivers, ROW_SENT},
#define ARGUMENT(selector, receivers)         {selector, GRANTED_##receivers, ROW_ARGUMENT},
#include "frontend/guest/inlined.def"
};

static const Class *class_of(const Vm *vm, unsigned class) {
    switch (class) {
    case GRANTED_TRUE: return vm->known.true_class;
    case GRANTED_FALSE: return vm->known.false_class;
    case GRANTED_NIL: return vm->known.nil_class;
    case GRANTED_OTHERS: return vm->known.object_class;
    case GRANTED_INTEGER: return vm->known.integer_class;
    case GRANTED_DOUBLE: return vm->known.double_class;
    case GRANTED_BLOCK1: return vm->known.block1_class;
    case GRANTED_BLOCK2: return vm->known.block2_class;
    case GRANTED_BLOCK1_CLASS: return value_class(vm, value_of_class(vm->known.block1_class));
    case GRANTED_BLOCK2_CLASS: return value_class(vm, value_of_class(vm->known.block2_class));
    case GRANTED_SYSTEM: return vm->known.system_class;
    case GRANTED_ARRAY: return vm->known.array_class;
    case GRANTED_STRING: return vm->known.string_class;
    case GRANTED_SYMBOL: return vm->known.symbol_class;
    default: internal_error("no class is meant by %u", class);
    }
}

// ---- What a method sends ---------------------------------------------------------------

typedef struct Names {
    const struct Names *outer;
    const AstVariables *variables;
} Names;

// A method that is looked at, for receivers of one class.
typedef struct MethodText {
    Vm *vm;
    const Granted *granted;
    unsigned class;
} MethodText;

static bool is_declared(const Names *names, const char *name) {
    for (; names; names = names->outer)
        for (size_t i = 0; i < names->variables->count; i++)
            if (!strcmp(names->variables->items[i].name, name))
                return true;
    return false;
}

// What a global is that the library's methods use, unless it is assigned to; ABSENT if there is
// none of that name.
static Value usual_global(const Vm *vm, const char *name) {
    if (!strcmp(name, "system"))
        return vm->system;
#define VM_CLASS(field, class_name, layout)                                                        \
    if (!strcmp(name, class_name))                                                                 \
        return value_of_class(vm->known.field##_class);
    VM_CLASSES(VM_CLASS)
#undef VM_CLASS
    return ABSENT;
}

static bool is_usual_global(Vm *vm, const char *name) {
    Value usual = usual_global(vm, name);
    return usual != ABSENT && global_named(vm, symbol_named(vm, name))->value == usual;
}

static bool sends_granted(const MethodText *text, const AstExpression *expression,
                          const Names *names);

// Of the receivers that a message may have according to the table, the one that the text is about
// is meant if it is among them: in Integer, numbers are Integers.
static bool is_granted_to(const MethodText *text, const AstExpression *send) {
    bool to_self = send->send.receiver->kind == AST_VARIABLE &&
                   !strcmp(send->send.receiver->variable.name, "self");
    for (int row = 0; row < GRANTED_ROWS; row++) {
        if (rows[row].kind == ROW_ARGUMENT || strcmp(rows[row].selector, send->send.selector))
            continue;
        bool is_about = to_self || rows[row].receivers & text->class;
        unsigned asked = is_about ? text->class : rows[row].receivers;
        if ((text->granted->classes[row] & asked) == asked)
            return true;
    }
    return false;
}

static bool body_sends_granted(const MethodText *text, const AstBlock *block, const Names *outer) {
    const Names arguments = {outer, &block->arguments}, names = {&arguments, &block->locals};
    for (size_t i = 0; i < block->statements.count; i++)
        if (!sends_granted(text, block->statements.items[i], &names))
            return false;
    return true;
}

// The text is one of those that are known, so it isn't deep.
static bool sends_granted(const MethodText *text, const AstExpression *expression,
                          const Names *names) {
    switch (expression->kind) {
    case AST_VARIABLE:
        return is_declared(names, expression->variable.name) ||
               guest_is_reserved(expression->variable.name) ||
               is_usual_global(text->vm, expression->variable.name);
    case AST_ASSIGNMENT: return sends_granted(text, expression->assignment.value, names);
    case AST_SEND:
        for (size_t i = 0; i < expression->send.arguments.count; i++)
            if (!sends_granted(text, expression->send.arguments.items[i], names))
                return false;
        return sends_granted(text, expression->send.receiver, names) &&
               is_granted_to(text, expression);
    case AST_BLOCK: return body_sends_granted(text, expression->block, names);
    case AST_RETURN: return sends_granted(text, expression->returned, names);
    default: return true;
    }
}

// ---- Who answers -----------------------------------------------------------------------

static bool is_asked(const Vm *vm, const Row *row, const Class *class) {
    for (unsigned each = GRANTED_TRUE; each <= GRANTED_LAST; each <<= 1)
        if (row->receivers & each && class_of(vm, each) == class)
            return true;
    return false;
}

static bool nobody_else(Vm *vm, const Row *row) {
    const Symbol *selector = symbol_named(vm, row->selector);
    for (size_t i = 0; i < vm->class_capacity; i++) {
        const Class *class = vm->classes[i];
        if (class && class_own_method(class, selector) && !is_asked(vm, row, class))
            return false;
    }
    return true;
}

// What nil answers to nil tests is not what the others do. `==` is none: numbers are asked, too.
static bool is_nil_test(const Row *row) {
    return row->kind != ROW_SENT && row->receivers == GRANTED_NIL_AND_OBJECTS;
}

static bool is_granted(Vm *vm, const Granted *granted, const Row *row, unsigned class) {
    const Symbol *selector = symbol_named(vm, row->selector);
    const Class *receiver = class_of(vm, class);
    if (!standard_method(vm, receiver, row->selector))
        return false;
    if (class == GRANTED_NIL && is_nil_test(row) && !class_own_method(receiver, selector))
        return false;
    if (class == GRANTED_OTHERS && !nobody_else(vm, row))
        return false;
    const MethodDetails *details = details_of(class_find_method(receiver, selector));
    const MethodText text = {vm, granted, class};
    return details->is_primitive || body_sends_granted(&text, details->tree->body,
                                                       &(Names){NULL, &details->tree->arguments});
}

Granted granted_find(Vm *vm) {
    Granted granted;
    for (int i = 0; i < GRANTED_ROWS; i++)
        granted.classes[i] = rows[i].receivers;
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < GRANTED_ROWS; i++) {
            for (unsigned class = GRANTED_TRUE; class <= GRANTED_LAST; class <<= 1) {
                if (!(granted.classes[i] & class) || is_granted(vm, &granted, &rows[i], class))
                    continue;
                granted.classes[i] &= ~class;
                changed = true;
            }
        }
    }
    return granted;
}

// ---- Asking ----------------------------------------------------------------------------

static bool is_granted_to_all(const Granted *granted, int row) {
    return granted->classes[row] == rows[row].receivers;
}

static bool is_sent_as_granted(const Granted *granted, const char *selector) {
    for (int i = 0; i < GRANTED_ROWS; i++)
        if (rows[i].kind == ROW_SENT && !strcmp(rows[i].selector, selector))
            return is_granted_to_all(granted, i);
    internal_error("nothing is said about %s", selector);
}

uint32_t granted_not_inlined(const Granted *granted) {
    uint32_t sent = 0;
    for (int i = 0; i < GRANTED_ROWS; i++)
        if (rows[i].kind == ROW_INLINED && !is_granted_to_all(granted, i))
            sent |= UINT32_C(1) << guest_message_number(rows[i].selector);
    if (!is_sent_as_granted(granted, "escapedBlock:"))
        sent |= UINT32_C(1) << GUEST_ESCAPING;
    return sent;
}

uint32_t granted_sent_operators(const Granted *granted) {
    uint32_t sent = 0;
    int number = 0;
    for (int i = 0; i < GRANTED_ROWS; i++) {
        bool is_granted = is_granted_to_all(granted, i);
        if (rows[i].kind == ROW_ARGUMENT && !is_granted)
            sent |= guest_operators_of(OP_AND) | guest_operators_of(OP_OR);
        if (rows[i].kind == ROW_OPERATOR)
            sent |= (uint32_t)!is_granted << number++;
    }
    return sent;
}

bool granted_by_selector(const char *selector) {
    for (int i = 0; i < GRANTED_ROWS; i++)
        if (!strcmp(rows[i].selector, selector))
            return true;
    return false;
}

bool granted_by_global(const Vm *vm, const char *name) {
    return usual_global(vm, name) != ABSENT;
}

bool granted_by_class(Vm *vm, const Class *class) {
    for (int i = 0; i < GRANTED_ROWS; i++)
        if (rows[i].receivers & GRANTED_OTHERS &&
            class_own_method(class, symbol_named(vm, rows[i].selector)))
            return true;
    return false;
}
