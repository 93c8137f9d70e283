// See store.h. Functions lie in one array that never moves, since the loop finds them by their
// number; memories have all addresses that they may ever need from the start, and get their pages
// as they grow. So neither the array's start nor a memory's ever changes, and both can be const.
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { STACK_BYTES = 1 << 22, FUNCTIONS_MAX = 1 << 20, HEAD_SLOTS = sizeof(Frame) / 8 };
#define MEMORY_SPAN ((size_t)PAGES_MAX * PAGE_BYTES)
#define TABLE_MAX   10000000u

static void *reserve(size_t bytes, int protection) {
    void *start = mmap(NULL, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return start == MAP_FAILED ? NULL : start;
}

void store_begin(Store *store, void (*interpret)(Machine *, Frame *), const char *image) {
    *store = (Store){.interpret = interpret, .fusion = fusion_read(image)};
    Function *functions = reserve(FUNCTIONS_MAX * sizeof(Function), PROT_READ | PROT_WRITE);
    store->stack = reserve(STACK_BYTES, PROT_READ | PROT_WRITE);
    if (!functions || !store->stack) {
        fputs("wasm: error: out of memory\n", stderr);
        exit(EXIT_FAILURE);
    }
    machine_set_functions(&store->machine, functions);
    machine_set_stack_limit(&store->machine, store->stack + STACK_BYTES);
}

void store_free(Store *store) {
    for (size_t i = 0; i < store->memories.count; i++)
        munmap(store->memories.items[i]->bytes, MEMORY_SPAN);
    for (size_t i = 0; i < store->tables.count; i++)
        free(table_entries(&store->tables.items[i]->table));
    munmap(machine_functions(&store->machine), FUNCTIONS_MAX * sizeof(Function));
    munmap(store->stack, STACK_BYTES);
    free(store->types.items);
    free(store->memories.items);
    free(store->tables.items);
    fusion_free(store->fusion);
    pool_free(&store->pool);
}

// ---- Types and functions ---------------------------------------------------------------------

static bool same_type(const FunctionType *left, const FunctionType *right) {
    return left->parameter_count == right->parameter_count && left->result == right->result &&
           !memcmp(left->parameters, right->parameters, left->parameter_count);
}

uint32_t store_type(Store *store, const FunctionType *type) {
    for (size_t i = 0; i < store->types.count; i++)
        if (same_type(store->types.items[i], type))
            return (uint32_t)i;
    LIST_PUSH(&store->types, type);
    return (uint32_t)store->types.count - 1;
}

FunctionDetails *store_details(const Store *store, uint32_t function) {
    return function_details(&machine_functions(&store->machine)[function]);
}

uint32_t store_new_function(Store *store, const FunctionType *type) {
    if (store->function_count == FUNCTIONS_MAX)
        failure_raise(store->failure, UNSUPPORTED, FAILURE_NOWHERE, "more than %d functions",
                      FUNCTIONS_MAX);
    uint32_t number = store->function_count++;
    Function *function = &machine_functions(&store->machine)[number];
    FunctionDetails *details = POOL_NEW(&store->pool, FunctionDetails);
    details->type = type;
    function_set_type(function, store_type(store, type));
    function_set_details(function, details);
    function_set_number(function, number);
    return number;
}

// Its code calls the host, which writes the result into the first slot behind the head.
uint32_t store_host_function(Store *store, const FunctionType *type, HostFunction host,
                             void *data) {
    uint32_t number = store_new_function(store, type);
    Function *function = &machine_functions(&store->machine)[number];
    uint16_t *units = POOL_ARRAY(&store->pool, uint16_t, 8), *unit = units;
    *unit = OP_CALL_HOST;
    wasm_set_operand(unit, &wasm_bytecodes[OP_CALL_HOST].operands[0], number);
    unit += wasm_bytecodes[OP_CALL_HOST].length;
    if (type->result == TYPE_NONE) {
        *unit = OP_RETURN;
    } else {
        *unit = type->result == TYPE_F64 ? OP_RETURN_REAL_SLOT : OP_RETURN_SLOT;
        wasm_set_operand(unit, &wasm_bytecodes[*unit].operands[0], HEAD_SLOTS);
    }
    function_set_code(function, units);
    function_set_frame_bytes(function, (HEAD_SLOTS + 1) * 8);
    FunctionDetails *details = store_details(store, number);
    details->host = host;
    details->data = data;
    return number;
}

// ---- Memories, tables, globals ---------------------------------------------------------------

MemoryObject *store_memory(Store *store, Limits limits) {
    MemoryObject *memory = POOL_NEW(&store->pool, MemoryObject);
    memory->limits = limits;
    memory->bytes = reserve(MEMORY_SPAN, PROT_NONE);
    if (!memory->bytes)
        failure_raise(store->failure, UNSUPPORTED, FAILURE_NOWHERE, "no room for a memory");
    LIST_PUSH(&store->memories, memory);
    if (memory_grow(memory, limits.minimum) < 0)
        failure_raise(store->failure, UNSUPPORTED, FAILURE_NOWHERE, "no room for %u pages",
                      limits.minimum);
    return memory;
}

int64_t memory_grow(MemoryObject *memory, int64_t pages) {
    int64_t before = memory_size(&memory->memory) / PAGE_BYTES;
    int64_t most = memory->limits.has_maximum ? memory->limits.maximum : PAGES_MAX;
    if (pages > most - before || pages > PAGES_MAX - before)
        return -1;
    if (pages > 0 && mprotect(memory->bytes + before * PAGE_BYTES, (size_t)pages * PAGE_BYTES,
                              PROT_READ | PROT_WRITE) != 0)
        return -1;
    memory_set_size(&memory->memory, (before + pages) * PAGE_BYTES);
    return before;
}

TableObject *store_table(Store *store, Limits limits) {
    TableObject *table = POOL_NEW(&store->pool, TableObject);
    table->limits = limits;
    int64_t *entries = limits.minimum <= TABLE_MAX
                           ? malloc((limits.minimum ? limits.minimum : 1) * sizeof(int64_t))
                           : NULL;
    if (!entries)
        failure_raise(store->failure, UNSUPPORTED, FAILURE_NOWHERE, "a table of %u elements",
                      limits.minimum);
    for (uint32_t i = 0; i < limits.minimum; i++)
        entries[i] = -1;
    table_set_entries(&table->table, entries);
    table_set_size(&table->table, limits.minimum);
    LIST_PUSH(&store->tables, table);
    return table;
}

GlobalObject *store_global(Store *store, GlobalType type, int64_t bits) {
    GlobalObject *global = POOL_NEW(&store->pool, GlobalObject);
    global->type = type;
    int64_cell_set_value(&global->cell, bits);
    return global;
}

// ---- Calls -----------------------------------------------------------------------------------

void store_trap(Store *store, int64_t reason) {
    machine_set_failure(&store->machine, reason);
}

const char *trap_text(int64_t reason) {
    static const char *const texts[] = {
        [0] = "",
        [WASM_UNREACHABLE] = "unreachable",
        [WASM_OUT_OF_MEMORY] = "out of bounds memory access",
        [WASM_DIVIDE_BY_ZERO] = "integer divide by zero",
        [WASM_INTEGER_OVERFLOW] = "integer overflow",
        [WASM_INVALID_CONVERSION] = "invalid conversion to integer",
        [WASM_UNDEFINED_ELEMENT] = "undefined element",
        [WASM_UNINITIALIZED_ELEMENT] = "uninitialized element",
        [WASM_WRONG_TYPE] = "indirect call type mismatch",
        [WASM_STACK_EXHAUSTED] = "call stack exhausted",
    };
    return texts[reason];
}

// At the stack's bottom: calls the function, and keeps its result behind the arguments.
Outcome store_call(Store *store, uint32_t function, const int64_t *arguments, int64_t *result) {
    const FunctionType *type = store_details(store, function)->type;
    Function *callee = &machine_functions(&store->machine)[function];
    Frame *bottom = (Frame *)store->stack;
    int64_t *slots = frame_longs(bottom) + HEAD_SLOTS;
    int64_t top = HEAD_SLOTS + type->parameter_count;
    uint16_t units[12], *unit = units;
    if (top > INT16_MAX || top * 8 > STACK_BYTES / 2) {
        store_trap(store, WASM_STACK_EXHAUSTED);
        return TRAP;
    }
    if (type->parameter_count)
        memcpy(slots, arguments, type->parameter_count * sizeof *slots);
    *unit = OP_CALL_ANY_TOP;
    wasm_set_operand(unit, &wasm_bytecodes[*unit].operands[0], function);
    wasm_set_operand(unit, &wasm_bytecodes[*unit].operands[1], top);
    unit += wasm_bytecodes[*unit].length;
    *unit = type->result == TYPE_F64 ? OP_KEEP_REAL_TO : OP_KEEP_ACC_TO;
    wasm_set_operand(unit, &wasm_bytecodes[*unit].operands[0], HEAD_SLOTS);
    unit[wasm_bytecodes[*unit].length] = OP_HALT;
    frame_set_caller(bottom, bottom);
    frame_set_code(bottom, units);
    frame_set_base(bottom, function_base(callee));
    frame_set_memory(bottom, function_memory(callee));
    frame_set_instance(bottom, function_instance(callee));
    frame_set_pc(bottom, 0);
    frame_set_accumulator(bottom, 0);
    frame_set_real(bottom, 0);
    store_trap(store, 0);
    store->running = true;
    store->interpret(&store->machine, bottom);
    store->running = false;
    if (store->exited)
        return EXITED;
    if (machine_failure(&store->machine))
        return TRAP;
    if (result)
        *result = slots[0];
    return RETURNED;
}

// ---- What the loop calls ---------------------------------------------------------------------

void host_trap(Machine *machine, Frame *frame, int64_t reason) {
    (void)frame;
    machine_set_failure(machine, reason);
}

int64_t host_call_host_arguments(Machine *machine, Frame *frame, int64_t number, int64_t *slots) {
    Store *store = (Store *)machine;
    const FunctionDetails *details = store_details(store, (uint32_t)number);
    (void)frame;
    return !details->host(store, details->data, slots - details->type->parameter_count,
                          slots + HEAD_SLOTS);
}

int64_t host_grow_by(Machine *machine, Frame *frame, Memory *memory, int64_t pages) {
    (void)machine, (void)frame;
    return memory_grow((MemoryObject *)memory, pages);
}
