// See redefine.h. A method is replaced once in a long while, and a send happens all the time; so
// a send asks no epoch, and replacing empties every call site that holds anything.
#include "runtime/assumptions/redefine.h"

#include "runtime/assumptions/inlined.h"
#include "runtime/calls/error.h"
#include "runtime/calls/lookup.h"
#include "runtime/calls/method.h"
#include "runtime/calls/site.h"
#include "runtime/vm.h"

// ---- What was found before ---------------------------------------------------------

static void forget_all(Vm *vm) {
    lookup_forget(vm);
    for (size_t i = 0; i < vm->filled.count; i++)
        site_empty(vm->filled.items[i]);
    vm->filled.count = 0;
}

// ---- Replacing ---------------------------------------------------------------------

// Whether the method may stand there; if not, says why.
static bool may_stand(Thread *thread, const Class *class, const ClassMethod *item, Value value) {
    const char *name = symbol_chars(class->name), *selector = symbol_chars(item->selector);
    if (!value_has_layout(value, LAYOUT_METHOD) || details_of(value_method(value))->is_block) {
        fail(thread, "what stands for %s>>%s has to be a method, and is an instance of %s", name,
             selector, symbol_chars(value_class(vm_of(thread), value)->name));
        return false;
    }
    const Method *method = value_method(value);
    const char *holder = symbol_chars(holder_of(method)->name);
    const char *signature = symbol_chars(signature_of(method));
    if (!class_inherits(class, holder_of(method))) {
        fail(thread, "%s>>%s can't stand for %s>>%s, for %s doesn't inherit from %s%s", holder,
             signature, name, selector, name, strcmp(name, holder) ? "" : "the other ", holder);
        return false;
    }
    if (method->argument_count != symbol_arguments(item->selector)) {
        fail(thread, "%s>>%s can't stand for %s>>%s, for it has %lld argument%s", holder, signature,
             name, selector, (long long)method->argument_count,
             method->argument_count == 1 ? "" : "s");
        return false;
    }
    return true;
}

bool redefine_method(Thread *thread, MethodArray *methods, size_t index, Value value) {
    Vm *vm = vm_of(thread);
    Class *class = methods->class;
    const ClassMethod *item = &class->methods.items[index];
    if (!may_stand(thread, class, item, value))
        return false;
    if (item->method == value_method(value))
        return true;
    class_set_method(class, index, value_method(value));
    forget_all(vm);
    inlined_method_replaced(vm, item->selector);
    return true;
}
