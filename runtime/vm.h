// A virtual machine and its threads. All state hangs off these two, so a process can hold several
// machines. What an engine (an emitted object, the evaluator) sees of a thread is the generated
// Thread, whose layout is the definition's; the rest is in ThreadState.
#ifndef RUNTIME_VM_H
#define RUNTIME_VM_H

#include "runtime/bytecodes/bytecode.h"
#include "runtime/bytecodes/fuse.h"
#include "runtime/debugger/numbers.h"
#include "runtime/memory/heap.h"
#include "runtime/memory/watermark.h"
#include "runtime/objects/class.h"
#include "runtime/objects/symbol.h"
#include "runtime/observer.h"
#include "runtime/som.h"
#include "runtime/threads/threads.h"
#include "support/arena.h"

#include <setjmp.h>
#include <stdio.h>

// The classes that C knows by name, in the order in which they come into being.
#define VM_CLASSES(X)                                                                              \
    X(integer, "Integer", LAYOUT_LARGE)                                                            \
    X(double, "Double", LAYOUT_IMMEDIATE)                                                          \
    X(nil, "Nil", LAYOUT_IMMEDIATE)                                                                \
    X(true, "True", LAYOUT_IMMEDIATE)                                                              \
    X(false, "False", LAYOUT_IMMEDIATE)                                                            \
    X(array, "Array", LAYOUT_ARRAY)                                                                \
    X(string, "String", LAYOUT_STRING)                                                             \
    X(symbol, "Symbol", LAYOUT_SYMBOL)                                                             \
    X(object, "Object", LAYOUT_PLAIN)                                                              \
    X(class, "Class", LAYOUT_CLASS)                                                                \
    X(metaclass, "Metaclass", LAYOUT_CLASS)                                                        \
    X(boolean, "Boolean", LAYOUT_IMMEDIATE)                                                        \
    X(block, "Block", LAYOUT_BLOCK)                                                                \
    X(block1, "Block1", LAYOUT_BLOCK)                                                              \
    X(block2, "Block2", LAYOUT_BLOCK)                                                              \
    X(block3, "Block3", LAYOUT_BLOCK)                                                              \
    X(method, "Method", LAYOUT_METHOD)                                                             \
    X(primitive, "Primitive", LAYOUT_METHOD)                                                       \
    X(system, "System", LAYOUT_PLAIN)

typedef struct VmClasses {
#define VM_CLASS(field, name, layout) Class *field##_class;
    VM_CLASSES(VM_CLASS)
#undef VM_CLASS
} VmClasses;

// Selectors that C sends or compares.
#define VM_SYMBOLS(X)                                                                              \
    X(equal, "=")                                                                                  \
    X(identical, "==")                                                                             \
    X(does_not_understand, "doesNotUnderstand:arguments:")                                         \
    X(escaped_block, "escapedBlock:")                                                              \
    X(unknown_global, "unknownGlobal:")                                                            \
    X(initialize, "initialize:")

typedef struct VmSymbols {
#define VM_SYMBOL(field, text) Symbol *field;
    VM_SYMBOLS(VM_SYMBOL)
#undef VM_SYMBOL
} VmSymbols;

// A method that a lookup found (or NULL: none), by class and selector. A table of these serves all
// call sites whose own cache missed, before the classes' tables are asked.
typedef struct LookupEntry {
    int64_t class_index;
    const Symbol *selector;
    Method *method;
} LookupEntry;

typedef struct CallSites {
    CallSite **items;
    size_t count, capacity;
} CallSites;

// A class that is being loaded.
typedef struct Loading {
    const struct Loading *outer;
    const char *name;
} Loading;

enum { LOOKUP_ENTRIES = 1024 };

struct Vm {
    Arena *arena;     // of everything that is never freed
    size_t uncounted; // bytes of it, and of tables, that are no doing of the program's
    Heap *heap;
    SomEngine engine;
    const DebuggerNumbers *numbers; // read by debuggers only; being referred to, they are linked
    const Bytecodes *bytecodes;     // the engine's
    const FuseTree *fusing;         // its superinstructions; NULL: it has none
    FILE *errors;                   // where messages go
    const VmObserver *observer;     // NULL: nobody watches
    uint64_t started;               // microseconds, for `System ticks`
    uint32_t last_hash;
    uint64_t random; // state of atRandom

    Class **classes; // by class index, up to the capacity; NULL where there is none
    size_t class_count, class_capacity;
    VmClasses known;
    VmSymbols symbols;
    SymbolTable symbol_table;
    GlobalTable globals;
    LookupEntry lookup[LOOKUP_ENTRIES];
    Method *methods;           // all that were ever made, youngest first, blocks among them
    CallSites filled;          // those that hold something
    bool comparisons_replaced; // the program has put another method in the place of a = or ==
    uint32_t sent;             // messages that are not inlined, by their numbers: see inlined.h
    uint32_t sent_operators;   // operators that are really sent, by theirs
    Value characters[256];     // the strings of one byte
    Value system;

    char **class_path; // directories in order; NULL-terminated
    bool use_embedded;
    const Loading *loading; // the classes that are being loaded, innermost first
    size_t loading_depth;

    Threads threads;
    Thread *thread;     // the main thread, which is the first of them
    bool interruptible; // a signal ends a run and not the process (signals.h)
};

// What C keeps of a thread.
typedef struct ThreadState {
    Vm *vm;
    Frame *top;    // the youngest frame, whenever something may be collected
    Frame *bottom; // its method halts
    Watermark mark;
    HandleScope *handles;
    int nested;  // control primitives that C calls
    char *stack; // its reserved range
    size_t stack_size;
    char failure[256]; // why a value primitive failed; empty: its arguments
    int status;        // what the process should exit with
    bool ended;        // by an error or by `exit:`
    bool exited;       // by `exit:`
    // Where the engine was started, to leave it when the evaluation is interrupted, or all threads
    // are to end. At a poll, and only there, all that it holds is in frames.
    jmp_buf *leave;
    // Among the machine's threads (threads.h).
    int64_t number; // 1 is the main thread's
    Thread *next;   // the one that began after this one
    LockSeat seat;
    bool is_away;              // without the lock, in something that blocks
    Value object;              // what SOM has for it; NIL: nothing yet
    Value awaited;             // what it sleeps for; NIL: nothing
    uint64_t since;            // which sleep that is, of all
    CriticalSections critical; // that it is in
    // For a schedule (schedule.h): its steps so far, and where its log has seen it last.
    uint64_t steps;
    const Method *noted_method;
    int noted_line;
} ThreadState;

static inline ThreadState *state_of(const Thread *thread) {
    return thread->state;
}

static inline Vm *vm_of(const Thread *thread) {
    return state_of(thread)->vm;
}

// A new thread with an empty stack, which is none of the machine's yet. NULL if there is no memory.
Thread *thread_new(Vm *vm);
void thread_free(Thread *thread);

// The bottom frame sends what stands on its stack and halts: so a program is entered by an ordinary
// send, with its cache, its errors and its trace, and a return needn't ask whether there is a
// caller. Its method is one of vm_sending_method.
void thread_start_bottom(Thread *thread, Method *method);
void thread_push(Thread *thread, Value value);

// Lets the engine work from the frame on until the bottom frame halts. False if the engine failed.
bool thread_interpret(Thread *thread, Frame *frame);

// A method that sends `selector`, its receiver and arguments being on the stack already, and halts.
Method *vm_sending_method(Vm *vm, const char *selector, int64_t count);

// Microseconds of a clock that never goes back.
uint64_t vm_microseconds(void);

// The bytes of symbols, globals, classes, methods and their code that count as used; they
// are never freed. What belongs to the machine and to its library is made when it is first
// needed and doesn't count: vm_uncount says so of all since there were `counted` bytes.
size_t vm_counted_bytes(const Vm *vm);
void vm_uncount(Vm *vm, size_t counted);

// Has the observer told of what happens from now on; nobody, if that is NULL. It is borrowed. Not
// while the machine runs.
void vm_observe(Vm *vm, const VmObserver *observer);

// The identity hash of an object, given when first asked for.
uint32_t object_hash(Vm *vm, Object *object);

#endif
