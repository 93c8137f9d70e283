// What debuggers are told of the IR: which method of the definition code comes from, what the
// method's values are called, and which messages were replaced by a method's code. No pass asks
// for any of this, but what copies code copies it along.
#ifndef IR_METHODS_H
#define IR_METHODS_H

#include "ir/ir.h"

// What a method of the definition calls a value: an argument or a local.
typedef struct IrVariable {
    const char *name;
    IrType type;
    const IrRecord *record; // that a ptr or an object points to; NULL: not told
} IrVariable;

// A method of the definition: a bytecode, by its name in the table, or what bytecodes are made
// of. For debuggers alone; no pass asks.
struct IrMethod {
    const char *name;
    ARENA_VECTOR(IrVariable) variables;
    Location at;
};

// A method's code in the place of a message that asked for it.
struct IrInlining {
    const IrMethod *method;
    Location call;            // of the message
    const IrInlining *within; // whose code the message stands in; NULL: the region's own
    bool is_component;        // of a fused bytecode, and in its own code; no message
    int component;            // which one, from 0
};

// Its name differs from that of all others: there are `'` behind it if need be.
IrMethod *ir_method_new(IrModule *module, const char *name);
// Unless the method has one of that name.
void ir_variable_new(IrModule *module, IrMethod *method, IrVariable variable);

// NULL: there is none of that name.
IrMethod *ir_find_method(const IrModule *module, const char *name);
const IrVariable *ir_find_variable(const IrMethod *method, const char *name);

#endif
