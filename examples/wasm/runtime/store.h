// What modules are loaded into: all functions, memories, tables and globals of all instances, and
// the machine that runs them. Everything lives as long as the store.
#ifndef WASM_STORE_H
#define WASM_STORE_H

#include "compile.h"

typedef struct Store Store;
typedef struct WasmInstance WasmInstance;

// The records of the loop, with what only C needs behind them.
typedef struct MemoryObject {
    Memory memory; // first
    uint8_t *bytes;
    Limits limits; // the minimum is what it began with
} MemoryObject;

typedef struct TableObject {
    Table table; // first
    Limits limits;
} TableObject;

typedef struct GlobalObject {
    Int64Cell cell; // first
    GlobalType type;
} GlobalObject;

// Something that can be imported or exported.
typedef struct Extern {
    ExternKind kind;
    uint32_t function; // the store's number
    MemoryObject *memory;
    TableObject *table;
    GlobalObject *global;
} Extern;

// A function of the host. Arguments are slots, of which an i32 or f32 takes the low half; the
// result, if the type has one, is written to `result` in the same way. False: the program ends,
// by a trap that has been set (store_trap) or with an exit status.
typedef bool (*HostFunction)(Store *store, void *data, const int64_t *arguments, int64_t *result);

// What C knows of a function besides: Function.details.
typedef struct FunctionDetails {
    const FunctionType *type;
    HostFunction host; // NULL: it is WebAssembly
    void *data;
} FunctionDetails;

struct WasmInstance {
    Instance instance; // first
    const Module *module;
    uint32_t *functions; // the store's numbers
    TableObject *table;
    MemoryObject *memory;
    GlobalObject **globals;
    WasmInstance *older;
};

typedef struct Fusion Fusion;

struct Store {
    Machine machine; // first, so that the loop's machine is the store
    void (*interpret)(Machine *machine, Frame *frame);
    Pool pool;
    Failure *failure; // where loading goes when it fails
    uint32_t function_count;
    struct {
        const FunctionType **items;
        size_t count, capacity;
    } types;
    struct {
        MemoryObject **items;
        size_t count, capacity;
    } memories;
    struct {
        TableObject **items;
        size_t count, capacity;
    } tables;
    WasmInstance *newest;
    Fusion *fusion; // the interpreter's superinstructions; NULL: none
    char *stack;
    bool running; // functions of the host may not call back
    bool exited;
    int status;         // if so
    int argument_count; // of the program, for those that ask
    char **arguments;
};

// The interpreter's image says which superinstructions it has.
void store_begin(Store *store, void (*interpret)(Machine *, Frame *), const char *image);
void store_free(Store *store);

// Equal types have equal numbers.
uint32_t store_type(Store *store, const FunctionType *type);
// A function without code, and one that calls the host.
uint32_t store_new_function(Store *store, const FunctionType *type);
uint32_t store_host_function(Store *store, const FunctionType *type, HostFunction host, void *data);

// Raise UNLINKABLE or UNSUPPORTED where the host has no room.
MemoryObject *store_memory(Store *store, Limits limits);
TableObject *store_table(Store *store, Limits limits);
GlobalObject *store_global(Store *store, GlobalType type, int64_t bits);

// Answers the size before in pages, or -1 where it can't grow.
int64_t memory_grow(MemoryObject *memory, int64_t pages);

FunctionDetails *store_details(const Store *store, uint32_t function);

// Sets the reason of a trap, one of the definition's constants.
void store_trap(Store *store, int64_t reason);

// "integer divide by zero", and so on: the standard's words. "" for 0.
const char *trap_text(int64_t reason);

// What came of a call.
typedef enum Outcome { RETURNED, TRAP, EXITED } Outcome;

// Calls a function with arguments that fit its type.
Outcome store_call(Store *store, uint32_t function, const int64_t *arguments, int64_t *result);

// Finds what a module imports: false if there is nothing of that name.
typedef bool (*ImportFinder)(void *data, const Import *import, Extern *found);

// Loads a module from bytes that live as long as the store: decodes, validates, links, and makes
// its memory; but doesn't run its start function, which `*start` says (or -1). Raises failures.
WasmInstance *instance_load(Store *store, const uint8_t *bytes, size_t size, ImportFinder find,
                            void *data, int64_t *start);

// False if it exports nothing of that name.
bool instance_export(const WasmInstance *instance, Name name, Extern *found);

// ---- fuse.c ----------------------------------------------------------------------------------

Fusion *fusion_read(const char *image);
void fusion_apply(const Fusion *fusion, uint16_t *units, size_t count);
void fusion_free(Fusion *fusion);

#endif
