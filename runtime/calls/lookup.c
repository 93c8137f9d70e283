// See lookup.h. The cache is direct-mapped, keyed by class and selector: what falls on the same
// entry takes its place. That there is no method is remembered as well.
#include "runtime/calls/lookup.h"

#include "runtime/vm.h"

Method *lookup_method(Vm *vm, const Class *class, const Symbol *selector) {
    uint64_t mixed = ((uint64_t)(uintptr_t)selector >> 3) ^ ((uint64_t) class->index * 31);
    LookupEntry *entry = &vm->lookup[(mixed ^ mixed >> 10) % LOOKUP_ENTRIES];
    if (entry->class_index != class->index || entry->selector != selector)
        *entry = (LookupEntry){class->index, selector, class_find_method(class, selector)};
    return entry->method;
}

void lookup_forget(Vm *vm) {
    memset(vm->lookup, 0, sizeof vm->lookup);
}
