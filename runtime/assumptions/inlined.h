// Which messages the guest compiler may inline, and which operators have their bytecodes. Both
// take for granted what messages like `ifTrue:` and `+` mean to the objects that a program
// usually sends them to (granted.h). A class path may bring core classes that mean something else
// by them, and a program may change them while it runs: then the messages are really sent, from
// then on and for ever, in code that was compiled before, too. Until then that costs nothing, for
// no code asks: what depends on the assumption is overwritten when it falls.
#ifndef RUNTIME_ASSUMPTIONS_INLINED_H
#define RUNTIME_ASSUMPTIONS_INLINED_H

#include "runtime/objects/class.h"

// For when the core classes have their methods and none of them is compiled: finds what is granted.
void inlined_check_core(Vm *vm);

// Says that a method of this selector, anywhere, isn't what it was; that there is a new class, with
// methods; that a global has another value. What isn't granted any more is given up: inlined code
// is left for code that sends the message, in frames that exist already, too (osr.c), and methods
// that are compiled later send it.
void inlined_method_replaced(Vm *vm, const Symbol *selector);
void inlined_class_defined(Vm *vm, const Class *class);
void inlined_global_assigned(Vm *vm, const Symbol *name);

// Gives up in the code of one method or block what has been given up in general: since it was
// compiled, or before, for code that was compiled as if nothing had.
void inlined_give_up_in(const Vm *vm, Method *method);

#endif
