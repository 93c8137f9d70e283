// Which messages the guest compiler may inline. It takes for granted what `ifTrue:` and its
// like mean to true, false, nil, blocks and integers; a class path may bring core classes
// that mean something else by them, and a program may change them while it runs. Then the
// messages are really sent.
#ifndef RUNTIME_ASSUMPTIONS_INLINED_H
#define RUNTIME_ASSUMPTIONS_INLINED_H

#include "runtime/objects/class.h"

// For when the core classes have their methods and none of them is compiled: finds which
// messages mean what our own library means by them (granted.h). If operators of numbers don't, they
// are sent, too.
void inlined_check_core(Vm *vm);

// Says that a method of this selector, anywhere, isn't what it was; that there is a new class, with
// methods; that a global has another value. If that makes a difference to a message that is
// inlined, its code is left for code that sends it from then on, in frames that exist already, too,
// and methods that are compiled later send it. Never undone.
void inlined_method_replaced(Vm *vm, const Symbol *selector);
void inlined_class_defined(Vm *vm, const Class *class);
void inlined_global_assigned(Vm *vm, const Symbol *name);

// Has inlined code of one method or block left for all that was redefined after
// it was compiled, or for which it was compiled as if it weren't.
void inlined_redefine_in(const Vm *vm, Method *method);

#endif
