// The stack of WebAssembly while a body is compiled. Nothing is copied because an instruction
// says so: a local on the stack stays the local's slot, a constant stays a constant, a result stays
// in the accumulator; until it has to be somewhere else. Then the operation that made it is told
// to store it there, if it can, so that most of what a stack machine moves is never moved.
#include "compile_internal.h"

#include <string.h>

bool has_place(int opcode) {
    const WasmBytecode *bytecode = &wasm_bytecodes[opcode];
    return bytecode->operand_count > 0 &&
           !strcmp(bytecode->operands[bytecode->operand_count - 1].name, "place");
}

// The definition has it right behind the form without.
int form_with_place(int opcode) {
    if (opcode + 1 >= OP_COUNT || has_place(opcode) || !has_place(opcode + 1))
        return 0;
    const char *name = wasm_bytecodes[opcode].name, *next = wasm_bytecodes[opcode + 1].name;
    size_t length = strlen(name);
    return !strncmp(name, next, length) && !strcmp(next + length, "To") ? opcode + 1 : 0;
}

Operation *emit(Compiler *compiler, int opcode, int64_t first, int64_t second, int64_t third,
                int64_t fourth) {
    LIST_PUSH(&compiler->operations, (Operation){(uint16_t)opcode, {first, second, third, fourth}});
    return &compiler->operations.items[compiler->operations.count - 1];
}

static void push(Compiler *compiler, Entry value) {
    LIST_PUSH(&compiler->stack, value);
    if (compiler->stack.count > compiler->deepest)
        compiler->deepest = compiler->stack.count;
}

void push_slot(Compiler *compiler, uint8_t type, int slot) {
    push(compiler, (Entry){.kind = IN_SLOT, .type = type, .slot = slot});
}

void push_constant(Compiler *compiler, uint8_t type, int64_t bits) {
    push(compiler, (Entry){.kind = IS_CONSTANT, .type = type, .bits = bits});
}

void push_result(Compiler *compiler, uint8_t type) {
    Register *held = &compiler->registers[register_class(type)];
    held->entry = (int)compiler->stack.count;
    held->producer = compiler->operations.count - 1;
    held->slot = NO_SLOT;
    push(compiler, (Entry){.kind = IN_ACCUMULATOR, .type = type});
}

Entry pop_value(Compiler *compiler) {
    Entry value = compiler->stack.items[--compiler->stack.count];
    if (value.kind == IN_ACCUMULATOR)
        compiler->registers[register_class(value.type)].entry = NO_ENTRY;
    return value;
}

bool is_in_accumulator(const Compiler *compiler, const Entry *value) {
    return value->kind == IN_ACCUMULATOR ||
           (value->kind == IN_SLOT &&
            compiler->registers[register_class(value->type)].slot == value->slot);
}

void slot_written(Compiler *compiler, int slot, RegisterClass from) {
    for (int class = 0; class < REGISTER_CLASSES; class ++)
        if (class != (int)from && compiler->registers[class].slot == slot)
            compiler->registers[class].slot = NO_SLOT;
    if (from != REGISTER_CLASSES)
        compiler->registers[from].slot = slot;
}

// The slot may not have been used by anything since the value was made.
static void store_register(Compiler *compiler, RegisterClass class, int slot, bool is_free) {
    Register *from = &compiler->registers[class];
    Operation *producer = &compiler->operations.items[from->producer];
    bool is_last = from->producer + 1 == compiler->operations.count;
    int with_place = form_with_place(producer->opcode);
    if (with_place && from->producer >= compiler->barrier && (is_free || is_last)) {
        producer->opcode = (uint16_t)with_place;
        producer->operands[wasm_bytecodes[with_place].operand_count - 1] = slot;
    } else {
        emit(compiler, class == REAL ? OP_KEEP_REAL_TO : OP_KEEP_ACC_TO, slot, 0, 0, 0);
    }
    slot_written(compiler, slot, class);
}

static void spill(Compiler *compiler, RegisterClass class) {
    Register *from = &compiler->registers[class];
    int slot = temporary_slot((size_t)from->entry);
    Entry *value = &compiler->stack.items[from->entry];
    store_register(compiler, class, slot, true);
    value->kind = IN_SLOT;
    value->slot = slot;
    from->entry = NO_ENTRY;
}

void clobber(Compiler *compiler, RegisterClass class) {
    if (compiler->registers[class].entry != NO_ENTRY)
        spill(compiler, class);
    compiler->registers[class].slot_before = compiler->registers[class].slot;
    compiler->registers[class].slot = NO_SLOT;
}

void spill_below(Compiler *compiler) {
    for (int class = 0; class < REGISTER_CLASSES; class ++) {
        int entry = compiler->registers[class].entry;
        if (entry != NO_ENTRY && entry + 1 != (int)compiler->stack.count)
            spill(compiler, (RegisterClass) class);
    }
}

static void load_constant(Compiler *compiler, int64_t bits, int slot) {
    if (bits >= INT16_MIN && bits <= INT16_MAX)
        emit(compiler, OP_NUMBER_TO, bits, slot, 0, 0);
    else
        emit(compiler, OP_CONSTANT_LOW_HIGH_TO, (uint32_t)bits, (uint32_t)((uint64_t)bits >> 32),
             slot, 0);
    slot_written(compiler, slot, REGISTER_CLASSES);
}

// In a loop a constant is worth a slot of its own, which is filled where the function begins.
// NO_SLOT: it isn't, or there are too many.
static int constant_slot(Compiler *compiler, int64_t bits) {
    for (size_t i = 0; i < compiler->constants.count; i++)
        if (compiler->constants.items[i] == bits)
            return SLOT_CONSTANT + (int)i;
    if (!compiler->loops || compiler->constants.count == CONSTANTS_MAX)
        return NO_SLOT;
    LIST_PUSH(&compiler->constants, bits);
    return SLOT_CONSTANT + (int)compiler->constants.count - 1;
}

int in_slot(Compiler *compiler, size_t entry) {
    Entry *value = &compiler->stack.items[entry];
    if (value->kind == IN_ACCUMULATOR) {
        spill(compiler, register_class(value->type));
    } else if (value->kind == IS_CONSTANT) {
        value->slot = constant_slot(compiler, value->bits);
        if (value->slot == NO_SLOT) {
            value->slot = temporary_slot(entry);
            load_constant(compiler, value->bits, value->slot);
        }
        value->kind = IN_SLOT;
    }
    return value->slot;
}

// Was the value in this slot stored there by the operation just emitted, so that it may as well
// be stored elsewhere?
static bool was_stored_last(const Compiler *compiler, int slot) {
    size_t count = compiler->operations.count;
    if (count == 0 || count - 1 < compiler->barrier || slot < SLOT_TEMPORARY ||
        slot >= SLOT_CONSTANT)
        return false;
    const Operation *last = &compiler->operations.items[count - 1];
    return has_place(last->opcode) && last->opcode != OP_COPY_TO &&
           last->operands[wasm_bytecodes[last->opcode].operand_count - 1] == slot;
}

static void retarget_last(Compiler *compiler, int from, int to) {
    Operation *last = &compiler->operations.items[compiler->operations.count - 1];
    last->operands[wasm_bytecodes[last->opcode].operand_count - 1] = to;
    for (int class = 0; class < REGISTER_CLASSES; class ++) {
        Register *held = &compiler->registers[class];
        held->slot = held->slot == from ? to : held->slot == to ? NO_SLOT : held->slot;
    }
}

// Only where the value at the entry is used by nobody else: it is about to be popped, or the
// entry is said to be in the new slot.
static void store_value(Compiler *compiler, size_t entry, int slot, bool is_free) {
    Entry *value = &compiler->stack.items[entry];
    RegisterClass class = register_class(value->type);
    if (value->kind == IN_ACCUMULATOR) {
        store_register(compiler, class, slot, is_free);
        compiler->registers[class].entry = NO_ENTRY;
    } else if (value->kind == IS_CONSTANT) {
        load_constant(compiler, value->bits, slot);
    } else if (value->slot != slot) {
        if (was_stored_last(compiler, value->slot)) {
            retarget_last(compiler, value->slot, slot);
        } else if (is_in_accumulator(compiler, value)) {
            emit(compiler, class == REAL ? OP_KEEP_REAL_TO : OP_KEEP_ACC_TO, slot, 0, 0, 0);
            slot_written(compiler, slot, class);
        } else {
            emit(compiler, OP_COPY_TO, value->slot, slot, 0, 0);
            slot_written(compiler, slot, REGISTER_CLASSES);
        }
    }
}

void move_to(Compiler *compiler, size_t entry, int slot) {
    store_value(compiler, entry, slot, slot == temporary_slot(entry));
    Entry *value = &compiler->stack.items[entry];
    value->kind = IN_SLOT;
    value->slot = slot;
}

void settle_stack(Compiler *compiler) {
    for (size_t i = 0; i < compiler->stack.count; i++) {
        const Entry *value = &compiler->stack.items[i];
        if (value->kind == IN_ACCUMULATOR ||
            (value->kind == IN_SLOT && value->slot < SLOT_TEMPORARY))
            move_to(compiler, i, temporary_slot(i));
    }
}

void forget_registers(Compiler *compiler) {
    for (int class = 0; class < REGISTER_CLASSES; class ++)
        compiler->registers[class] =
            (Register){.entry = NO_ENTRY, .slot = NO_SLOT, .slot_before = NO_SLOT};
    compiler->barrier = compiler->operations.count;
}

static uint8_t local_type(const Compiler *compiler, uint32_t local) {
    uint32_t parameters = compiler->type->parameter_count;
    return local < parameters ? compiler->type->parameters[local]
                              : compiler->body->locals[local - parameters];
}

// Only where a local may be read before anything is written to it does the standard's 0 matter.
void get_local(Compiler *compiler, uint32_t local) {
    if (local >= TRACKED_LOCALS || !compiler->assigned[local])
        compiler->cleared[local] = 1;
    push_slot(compiler, local_type(compiler, local), (int)local);
}

// What is on the stack of the local's old value has to stay that.
static void preserve_local(Compiler *compiler, uint32_t local) {
    for (size_t i = 0; i + 1 < compiler->stack.count; i++) {
        const Entry *value = &compiler->stack.items[i];
        if (value->kind == IN_SLOT && value->slot == (int)local) {
            emit(compiler, OP_COPY_TO, local, temporary_slot(i), 0, 0);
            slot_written(compiler, temporary_slot(i), REGISTER_CLASSES);
            compiler->stack.items[i].slot = temporary_slot(i);
        }
    }
}

void set_local(Compiler *compiler, uint32_t local, bool keep) {
    uint8_t type = value_at(compiler, 0)->type;
    preserve_local(compiler, local);
    store_value(compiler, compiler->stack.count - 1, (int)local, false);
    pop_value(compiler);
    if (local < TRACKED_LOCALS)
        compiler->assigned[local] = 1;
    if (keep)
        push_slot(compiler, type, (int)local);
}
