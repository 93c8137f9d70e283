// The reference evaluator: executes a verified module, in any form, on the host's
// own memory, and counts what docs/ir.md ("Counting") defines. Loads and stores
// are of real addresses; externals are C functions, called through libffi. It
// decides what is right when machine code and IR disagree, so it is exact and
// plain first; compiling each function to compact code makes it fast enough.
//
// Everything hangs off the program: there is no global state. Several calls may be
// active at once, on as many threads, as long as one of them runs at a time (the
// guest's global lock sees to that): the counters are the program's and not atomic.
#ifndef BACKEND_EVAL_EVAL_H
#define BACKEND_EVAL_EVAL_H

#include "ir/ir.h"
#include "support/text.h"

#include <stdio.h>

typedef struct EvalProgram EvalProgram;

// A value of any IR type. i1 is 0 or 1, narrower integers are sign-extended.
typedef union EvalWord {
    int64_t integer;
    uint64_t bits;
    double number;
    void *pointer;
} EvalWord;

// Where the embedder keeps its externals: the address for a name, or NULL.
typedef void *(*EvalLookup)(void *context, const char *name);

// The simplest such place: a table. `eval_lookup_symbol` takes an EvalSymbols.
typedef struct EvalSymbol {
    const char *name;
    void *address;
} EvalSymbol;

typedef struct EvalSymbols {
    const EvalSymbol *items;
    size_t count;
} EvalSymbols;

void *eval_lookup_symbol(void *symbols, const char *name);

// Compiles `module`, which must have passed the verifier and must stay as it is.
// The program lives in `arena`. Only externals that the code calls need an address.
// NULL after errors, each of them reported to `errors` (an external without an
// address, by name; a poll in a module that declares none).
EvalProgram *eval_prepare(Arena *arena, const IrModule *module, EvalLookup lookup, void *context,
                          FILE *errors);

// A bytecode that is about to run, in whatever way it was come to: by a dispatch, a tail call, or
// the exit of a fused one.
typedef struct EvalBeginning {
    const IrTable *table;
    int opcode;                 // -1: the table's default
    const EvalWord *parameters; // those of the table, in its order
    uint64_t number;            // of bytecodes executed (eval_clock), itself counted
} EvalBeginning;

// Sees what a program does. `see` is told of its dispatches: which of the table's bytecodes was
// chosen (the default is not shown), and from where in code its opcode was fetched. `begin` is told
// of all bytecodes. Both are called before the bytecode runs; either may be NULL.
typedef struct EvalObserver {
    void (*see)(void *context, const IrTable *table, int opcode, const void *fetched_from);
    void *context;
    void (*begin)(void *context, const EvalBeginning *beginning);
} EvalObserver;

// The same for a program that `observer` sees, which has to live as long. For one with `see` it is
// an error if the opcode that a dispatch takes is not the result of a load: a pass that passes it
// on leaves nobody to tell where it was fetched from. NULL: nobody looks.
EvalProgram *eval_prepare_observed(Arena *arena, const IrModule *module, EvalLookup lookup,
                                   void *context, const EvalObserver *observer, FILE *errors);

// Why a call stopped: an undefined operation, or one that can't be carried out. The
// strings live as long as the program. `block` and `region` are base names.
typedef struct EvalFailure {
    const char *message; // NULL: none
    const char *function, *region, *block;
    Location at; // in the module's source
} EvalFailure;

// Calls `function` with `count` arguments, one for each of its parameters, and
// stores what it returns (void: 0) into `result`, which may be NULL. False, with
// `failure` filled in, if it had to stop, or if it takes another number of arguments;
// memory and counters stay as they were then.
bool eval_call(EvalProgram *program, const IrFunction *function, const EvalWord *arguments,
               size_t count, EvalWord *result, EvalFailure *failure);

// Writes a failure as `file:line:col: error: message`, with the source line where
// the module's source can be read.
void eval_report(const EvalProgram *program, const EvalFailure *failure, FILE *stream);

// The same function as a C function, for C code that wants a plain address, such as
// a runtime's `interpret`. A failure makes it return 0; eval_native_failure tells.
// NULL if the machine doesn't allow closures. Free it with eval_native_free.
typedef struct EvalNative EvalNative;
EvalNative *eval_native_new(EvalProgram *program, const IrFunction *function);
void *eval_native_address(const EvalNative *native);
// The first failure since it was made; `message` is NULL if there was none.
EvalFailure eval_native_failure(const EvalNative *native);
void eval_native_free(EvalNative *native);

// ---- Counting --------------------------------------------------------------------

// What is counted. Work counts for the bytecode that a dispatch has chosen, up to
// and with the next dispatch: fetching the next opcode is its last act, in whatever
// form. What comes before the first dispatch of a call counts for no bytecode.
typedef struct EvalCounts {
    uint64_t count;             // executions: dispatches to it, and tail calls to it
    uint64_t frame_reads_const; // frame reads of const fields …
    uint64_t frame_reads_state; // … and of state fields
    uint64_t frame_writes;
    uint64_t stack_loads, stack_stores;
    uint64_t dispatches;   // dispatch operations carried out
    uint64_t range_checks; // those of them that had to test for the default
    uint64_t polls;
} EvalCounts;

// The sums over all bytecodes, the defaults, and what belongs to no bytecode. A tail
// call to another bytecode's function starts a bytecode without a dispatch; one to
// the function of the bytecode that is running starts it over and isn't counted.
EvalCounts eval_totals(const EvalProgram *program);

// Those of one bytecode of a table, or of its default (`opcode` -1).
EvalCounts eval_counts(const EvalProgram *program, const IrTable *table, int opcode);

// Those of what belongs to no bytecode: from a call's start to its first dispatch.
EvalCounts eval_counts_outside(const EvalProgram *program);

// The running number of bytecodes executed, each component of a fused one counted for itself: a
// clock that every run of every variant agrees on.
const uint64_t *eval_clock(const EvalProgram *program);

// Appends all counts as JSON: the totals, "outside", and "per_bytecode" in the order of
// tables and opcodes.
void eval_counts_json(const EvalProgram *program, Text *out);

#endif
