// What the evaluator compiles a module to, for the evaluator's own files: a linear
// code over numbered registers. All functions share one array of code and one
// numbering of registers:
//
//   0 … constants-1    the module's constants, set when a call begins
//   scratch            breaks cycles of parallel copies
//   dispatch_scratch   keeps an opcode while a dispatch's arguments are passed
//   fetched_from       where the opcode comes from, for an observer
//   base …             the current function's trunk, its parameters first
//   after the trunk   the current region, the table's parameters first
//
// Regions share their registers, since none uses another's values, and so do
// functions, since only tail calls lead from one to another. Hence passing a
// dispatch's arguments is the same copy whichever bytecode it chooses.
#ifndef BACKEND_EVAL_CODE_H
#define BACKEND_EVAL_CODE_H

#include "backend/eval/eval.h"

#include <ffi.h>

// Operations: those of IrOp that need no more than their operands keep their
// number; these come on top.
typedef enum EvalOp {
    EVAL_MOVE = IR_OP_COUNT,
    EVAL_SIGN_EXTEND, // the low `width` bits of a, to 64
    EVAL_ZERO_EXTEND,
    EVAL_NEGATE, // an i1, sign-extended
    EVAL_LOAD_U8,
    EVAL_LOAD_I8,
    EVAL_LOAD_U16,
    EVAL_LOAD_I16,
    EVAL_LOAD_U32,
    EVAL_LOAD_I32,
    EVAL_LOAD_WORD,
    EVAL_LOAD_INDEXED_U8,
    EVAL_LOAD_INDEXED_I8,
    EVAL_LOAD_INDEXED_U16,
    EVAL_LOAD_INDEXED_I16,
    EVAL_LOAD_INDEXED_U32,
    EVAL_LOAD_INDEXED_I32,
    EVAL_LOAD_INDEXED_WORD,
    EVAL_STORE_8,
    EVAL_STORE_16,
    EVAL_STORE_32,
    EVAL_STORE_WORD,
    EVAL_STORE_INDEXED_8,
    EVAL_STORE_INDEXED_16,
    EVAL_STORE_INDEXED_32,
    EVAL_STORE_INDEXED_WORD,
    EVAL_OFFSET,         // a + offset
    EVAL_OFFSET_INDEXED, // a + b * offset
    EVAL_BARRIER,        // a: the object stored into, b: the thread
} EvalOp;

// What is counted for a bytecode, EvalCounts as an array. What isn't counted adds
// to EVAL_UNCOUNTED, so that no operation has to ask.
typedef enum EvalCounter {
    EVAL_UNCOUNTED,
    EVAL_COUNT,
    EVAL_FRAME_READS_CONST,
    EVAL_FRAME_READS_STATE,
    EVAL_FRAME_WRITES,
    EVAL_STACK_LOADS,
    EVAL_STACK_STORES,
    EVAL_DISPATCHES,
    EVAL_RANGE_CHECKS,
    EVAL_POLLS,
    EVAL_COUNTER_COUNT,
} EvalCounter;

typedef uint64_t EvalCounters[EVAL_COUNTER_COUNT];

// An external that is called somewhere, prepared.
typedef struct EvalExternal {
    const IrExternal *external;
    void *address;   // NULL: indirect, each call brings the address
    ffi_cif cif;     // libffi's description of the call
    bool has_narrow; // takes an integer narrower than 64 bits
} EvalExternal;

// One call in the code. `registers` are the arguments, preceded by the address if the external is
// indirect.
typedef struct EvalCallSite {
    EvalExternal *external;
    uint32_t *registers;
} EvalCallSite;

typedef struct EvalCase {
    int64_t value; // as registers hold it: sign-extended, an i1 0 or 1
    uint32_t target;
} EvalCase;

typedef struct EvalSwitch {
    EvalCase *cases; // sorted by value
    size_t count;
    uint32_t otherwise;
} EvalSwitch;

// A target of a table's case that was found unreachable.
#define EVAL_NO_TARGET UINT32_MAX

typedef struct EvalTable {
    const IrTable *table;
    size_t count;           // of bytecodes; the default comes after them
    uint32_t *targets;      // count + 1, by opcode: indices of code, or EVAL_NO_TARGET
    EvalCounters *counters; // count + 1, by opcode: a row a bytecode
    bool has_default;       // a real one, which a dispatch must test for
} EvalTable;

// One instruction. While compiling, targets are labels; afterwards, indices of code.
typedef struct EvalCode {
    uint16_t op;
    uint8_t width;   // of the operands' (ZEXT, SEXT: the source's) type, in bits
    uint8_t counter; // loads and stores: EvalCounter
    uint32_t result; // register; stores: the value's; TAIL, EXIT: the target
    uint32_t a, b;   // registers; DISPATCH, TAIL, EXIT: b is the first of the table's arguments
    union {
        int64_t offset;
        uint32_t c;          // SELECT
        uint32_t targets[2]; // BR: the first; IF, POLL: both
        EvalCallSite *call;
        EvalSwitch *switch_;
        EvalTable *table;
        EvalCounters *counters; // TAIL, EXIT; NULL: not to a bytecode
    };
} EvalCode;

typedef struct EvalFunction {
    const IrFunction *function;
    uint32_t entry; // index of code
    size_t parameter_count;
} EvalFunction;

struct EvalProgram {
    Arena *arena;
    const IrModule *module;
    EvalCode *code;
    const IrInstruction **origins; // of each instruction of the code
    size_t code_count;
    EvalFunction *functions; // in the module's order
    EvalTable *tables;       // in the module's order
    EvalWord *constants;
    // Registers, as said above.
    uint32_t constant_count, scratch, dispatch_scratch, fetched_from, base;
    const EvalObserver *observer;   // NULL: none
    size_t register_count;          // of all functions: one call's registers are this many
    size_t most_arguments;          // of any external that is called, the barrier included
    EvalExternal *barrier_external; // NULL: no store needs a barrier
    EvalCounters outside;           // what belongs to no bytecode
    uint64_t clock;                 // bytecodes executed, each part of a fused one for itself
};

// A map from 64-bit keys (addresses, bits) to small numbers.
typedef struct EvalMap {
    uint64_t *keys;
    uint32_t *values; // 0: no entry, otherwise the number + 1
    size_t count, capacity;
} EvalMap;

// False if the key isn't there.
bool eval_map_get(const EvalMap *map, uint64_t key, uint32_t *value);
void eval_map_put(Arena *arena, EvalMap *map, uint64_t key, uint32_t value);

// State of compiling one module; `scratch` is freed when it's done.
typedef struct EvalCompiler {
    Arena *arena; // the program's
    Arena *scratch;
    const IrModule *module;
    EvalProgram *program;
    EvalLookup lookup; // asked with `context`
    void *context;
    Diagnostics *diagnostics; // an error there makes the program no good
    EvalMap registers;        // of values, by address
    EvalMap constants;        // registers by bits
    EvalMap labels;           // of blocks, by address
    EvalMap externals;        // indices in external_list, by address
    EvalMap handlers;         // indices in counters_list, by functions that tables lead to
    ARENA_VECTOR(EvalWord) constant_list;
    ARENA_VECTOR(EvalExternal *) external_list;
    ARENA_VECTOR(EvalCounters *) counters_list;
    ARENA_VECTOR(EvalCode) code;
    ARENA_VECTOR(const IrInstruction *) origins;
    ARENA_VECTOR(uint32_t) label_list; // where each label is in the code
    struct EvalCopier *copier;
    const IrInstruction *instruction; // being compiled
    uint32_t region_base;             // of the function being compiled
} EvalCompiler;

// Gives registers to the module's constants and values, and labels to its blocks.
void eval_number(EvalCompiler *compiler);
uint32_t eval_register(const EvalCompiler *compiler, const IrValue *value);
// Where the registers of a function's regions begin.
uint32_t eval_region_base(const EvalCompiler *compiler, const IrFunction *function);

// Labels are numbers that stand for a place in the code until all of it is there: jumps lead
// forward, to code whose length isn't known. A new one has no place yet.
uint32_t eval_new_label(EvalCompiler *compiler);
uint32_t eval_block_label(const EvalCompiler *compiler, const IrBlock *block);
// The label is where the next instruction will be.
void eval_place_label(EvalCompiler *compiler, uint32_t label);

// Appends an instruction; the pointer is valid until the next is appended.
EvalCode *eval_emit(EvalCompiler *compiler, int op);

// Collects copies `target <- source` that are to happen at once, and emits them as
// moves one after another.
void eval_copy_add(EvalCompiler *compiler, uint32_t target, uint32_t source);
bool eval_copies_to(const EvalCompiler *compiler, uint32_t target);
void eval_copies_emit(EvalCompiler *compiler);

// Emits a block's instructions but the terminator; its terminator (`next` is the
// block that follows in the code, or NULL).
void eval_compile_instruction(EvalCompiler *compiler, const IrInstruction *instruction);
void eval_compile_terminator(EvalCompiler *compiler, const IrInstruction *instruction,
                             const IrBlock *next);

// The thread's register, which barriers and polls need: the first parameter of the
// region (or function), being the table's. False, and reported for `what`, if it
// has none.
bool eval_thread_register(EvalCompiler *compiler, const char *what, uint32_t *number);

// Sets up `cif`, which borrows memory from `arena`, for a C function of these types.
void eval_prepare_interface(Arena *arena, ffi_cif *cif, IrType result, const IrType *parameters,
                            size_t count);
// The external, prepared for calls; reports it if it has no address.
EvalExternal *eval_external(EvalCompiler *compiler, const IrExternal *external, Location at);
// Calls it. `arguments` are addresses of words; `narrow` has room for them all.
EvalWord eval_call_external(const EvalExternal *external, void *address, void **arguments,
                            EvalWord *narrow);

#endif
