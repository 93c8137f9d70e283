// What the parts of the compiler share.
//
// While a body is compiled, its code is a list of operations whose slots have numbers of their
// own: locals from 0 on, and further on the places of the stack and of constants, of which only
// the end tells where they are in the frame. A jump names a label.
#ifndef WASM_COMPILE_INTERNAL_H
#define WASM_COMPILE_INTERNAL_H

#include "compile.h"
#include "instructions.h"

enum { SLOT_TEMPORARY = 1 << 20, SLOT_CONSTANT = 1 << 21, NO_SLOT = -1, NO_ENTRY = -1 };
enum { OPERANDS_MAX = 4, CONSTANTS_MAX = 200, TRACKED_LOCALS = 256 };

typedef struct Operation {
    uint16_t opcode;
    int64_t operands[OPERANDS_MAX]; // of a jump: the label
} Operation;

typedef struct Operations {
    Operation *items;
    size_t count, capacity;
} Operations;

// Where a value of the stack is.
typedef enum EntryKind {
    IN_SLOT,
    IN_ACCUMULATOR, // of its class
    IS_CONSTANT
} EntryKind;

typedef struct Entry {
    EntryKind kind;
    uint8_t type;
    int32_t slot;
    int64_t bits; // of a constant; an i32's with its sign
} Entry;

// The loop's two accumulators. Doubles are in one, everything else is in the other.
typedef enum RegisterClass { WHOLE, REAL, REGISTER_CLASSES } RegisterClass;

typedef struct Register {
    int entry;       // of the stack, whose value is only there; or NO_ENTRY
    size_t producer; // that operation
    int slot;        // which holds the same value; or NO_SLOT
    int slot_before; // the last clobbering
} Register;

typedef struct Label {
    size_t place; // the operation that it stands before
    bool used;
} Label;

typedef struct Control {
    uint8_t opcode, result;
    int label;         // where branches to the block go
    int otherwise;     // of an if: where it goes if not; else -1
    size_t height;     // of the stack
    bool is_dead;      // the code at hand is never reached
    uint8_t *assigned; // which locals had a value where the block began
} Control;

typedef struct Compiler {
    const Module *module;
    const FunctionType *type;
    const Body *body;
    const CodeNumbers *numbers;
    Reader reader;
    Failure *failure;
    Pool *pool;
    uint32_t local_count; // with the parameters
    uint8_t *assigned;    // of the first locals: have they got a value for sure?
    uint8_t *cleared;     // which need a 0 at the beginning
    Register registers[REGISTER_CLASSES];
    size_t barrier; // no operation before this one may be changed
    int loops;      // around the code at hand
    size_t deepest; // stack
    Operations operations;
    struct {
        Entry *items;
        size_t count, capacity;
    } stack;
    struct {
        Control *items;
        size_t count, capacity;
    } controls;
    struct {
        Label *items;
        size_t count, capacity;
    } labels;
    struct {
        int64_t *items;
        size_t count, capacity;
    } constants;
} Compiler;

// ---- compile_values.c ------------------------------------------------------------------------

static inline RegisterClass register_class(uint8_t type) {
    return type == TYPE_F64 ? REAL : WHOLE;
}

// The stack's own slot of an entry.
static inline int temporary_slot(size_t entry) {
    return SLOT_TEMPORARY + (int)entry;
}

static inline Entry *value_at(Compiler *compiler, size_t depth) {
    return &compiler->stack.items[compiler->stack.count - 1 - depth];
}

Operation *emit(Compiler *compiler, int opcode, int64_t first, int64_t second, int64_t third,
                int64_t fourth);

void push_slot(Compiler *compiler, uint8_t type, int slot);
void push_constant(Compiler *compiler, uint8_t type, int64_t bits);

// Pushes what the operation that was emitted last has left in the accumulator.
void push_result(Compiler *compiler, uint8_t type);

// Takes the topmost value away. Where it was in an accumulator, that is free afterwards.
Entry pop_value(Compiler *compiler);

// Is the value in its class's accumulator, be it in a slot, too?
bool is_in_accumulator(const Compiler *compiler, const Entry *value);

// Sees to it that an entry is in a slot, and answers which.
int in_slot(Compiler *compiler, size_t entry);

// Sees to it that an entry is in this slot.
void move_to(Compiler *compiler, size_t entry, int slot);

// To be called before what writes an accumulator: what is only there is kept in a slot.
void clobber(Compiler *compiler, RegisterClass class);

// A slot gets a new value from the accumulator of this class, or REGISTER_CLASSES: from elsewhere.
void slot_written(Compiler *compiler, int slot, RegisterClass from);

// Before a block: from here on the stack's values are constants, or in slots of the stack.
void settle_stack(Compiler *compiler);

// Before a branch in whose course a label is bound: all but the topmost value out of accumulators.
void spill_below(Compiler *compiler);

// At a label: what the accumulators hold depends on where one comes from.
void forget_registers(Compiler *compiler);

void get_local(Compiler *compiler, uint32_t local);
void set_local(Compiler *compiler, uint32_t local, bool keep);

// The bytecode that stores its result besides, or 0.
int form_with_place(int opcode);

// Does the last operand say where the result goes?
bool has_place(int opcode);

// ---- compile_forms.c -------------------------------------------------------------------------

void compile_numeric(Compiler *compiler, uint8_t opcode);
void compile_load(Compiler *compiler, uint8_t opcode, uint32_t offset);
void compile_store(Compiler *compiler, uint8_t opcode, uint32_t offset);
void compile_select(Compiler *compiler);

// Takes a condition from the stack, and goes to the label if it is true, or else if it is false.
void compile_branch(Compiler *compiler, bool wanted, int label);

// ---- encode.c --------------------------------------------------------------------------------

// Lays the operations out as code, in this pool.
Code encode(Compiler *compiler, Pool *pool);

#endif
