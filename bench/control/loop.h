// How the loop of control.c keeps its state and goes from one bytecode to the next: the macros
// that an author of such a loop writes by hand (wren's LOAD_FRAME and STORE_FRAME, Lua's
// savestate and vmdispatch are of this kind), and that the passes of Loopwright make superfluous.
//
// The state is in locals of one function, which the C compiler keeps in registers as far as it
// can: `ip` at the bytecode at hand, `sp` at the next free slot, and what each frame's method has
// (`code`, `literals`, `sites`). The frame's own `pc` and `sp` are out of date meanwhile. Whatever
// may look at them (the collector, an error's trace, a primitive) is called after SAVE.
#ifndef BENCH_CONTROL_LOOP_H
#define BENCH_CONTROL_LOOP_H

#include "interpreter.h"

#include <string.h>

#define LIKELY(condition)   __builtin_expect(!!(condition), 1)
#define LIKELY(condition)   __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

// ---- Dispatch ---------------------------------------------------------------------------

// Of each bytecode, in units: LENGTH_OP_DUP ...
enum {
#define CONTROL_LENGTH(opcode, name, length, leaves) LENGTH_##opcode = length,
    INTERPRETER_BYTECODES(CONTROL_LENGTH)
};

// Either way, a bytecode of the definition that control.c doesn't have is an error of the C
// compiler which names it: a label that is used and not defined, or an enumerator that the
// switch doesn't handle (that warning, -Wswitch-enum, is made an error there).
#ifdef CONTROL_GOTO
#define CASE(opcode) label_##opcode:
// A jump at the end of each bytecode gives the processor a history a bytecode to predict from.
#define DISPATCH() goto *labels[*ip]
#else
#define CASE(opcode)                                                                               \
    case opcode:                                                                                   \
        label_##opcode : __attribute__((unused));
#define DISPATCH() goto dispatch
#endif

#define NEXT(opcode)                                                                               \
    do {                                                                                           \
        ip += LENGTH_##opcode;                                                                     \
        DISPATCH();                                                                                \
    } while (0)

// What another bytecode does, where the operands are not those that this one is for.
#define CONTINUE_AS(opcode) goto label_##opcode

// A jump's distance is from the bytecode after it.
#define JUMP(opcode, distance)                                                                     \
    do {                                                                                           \
        ip += LENGTH_##opcode + (distance);                                                        \
        DISPATCH();                                                                                \
    } while (0)

// ---- Operands, by their unit after the opcode ----------------------------------------------

#define UNSIGNED(unit) ((int64_t)ip[unit])
#define SIGNED(unit)   ((int64_t)(int16_t)ip[unit])
#define DISTANCE(unit) ((int64_t)(int32_t)(ip[unit] | (uint32_t)ip[(unit) + 1] << 16))

// ---- The frame ------------------------------------------------------------------------------

#define SAVE() (frame->pc = ip - code, frame->sp = sp)

// All that is of a frame's method.
#define LOAD_METHOD(of)                                                                            \
    do {                                                                                           \
        const Method *loaded = (of);                                                               \
        code = loaded->code;                                                                       \
        literals = loaded->literals;                                                               \
        sites = loaded->sites;                                                                     \
    } while (0)

// Goes on in a frame that the runtime answers, which has its `pc` and `sp` stored.
#define CONTINUE_IN(answered)                                                                      \
    do {                                                                                           \
        frame = (answered);                                                                        \
        LOAD_METHOD(frame->method);                                                                \
        ip = code + frame->pc;                                                                     \
        sp = frame->sp;                                                                            \
        DISPATCH();                                                                                \
    } while (0)

// Another thread asks for the lock by a word that it writes whenever it likes.
#define IS_ASKED() __atomic_load_n(&thread->request, __ATOMIC_RELAXED)

#define POLL()                                                                                     \
    do {                                                                                           \
        if (UNLIKELY(IS_ASKED())) {                                                                \
            SAVE();                                                                                \
            vm_poll(thread, frame);                                                                \
        }                                                                                          \
    } while (0)

// ---- Objects ----------------------------------------------------------------------------------

// Memory for an object: a bump of the thread's pointer, else from the runtime, which may collect.
#define ROOM(into, bytes)                                                                          \
    do {                                                                                           \
        int64_t wanted = (bytes);                                                                  \
        into = thread->room;                                                                       \
        if (LIKELY((uint64_t)into + (uint64_t)wanted <= (uint64_t)thread->room_limit)) {           \
            thread->room = (char *)into + wanted;                                                  \
        } else {                                                                                   \
            SAVE();                                                                                \
            into = vm_room(thread, frame, wanted);                                                 \
            if (UNLIKELY(!into))                                                                   \
                CONTINUE_IN(vm_heap_exhausted(thread, frame));                                     \
        }                                                                                          \
    } while (0)

// A context for `size` variables, in `into`, but for what makes it a home.
#define NEW_CONTEXT(into, first_word, size)                                                        \
    do {                                                                                           \
        int64_t slots = (size);                                                                    \
        ROOM(into, ((slots + CONTEXT_WORDS) * 8 + 15) & -16);                                      \
        into->header = (first_word);                                                               \
        into->outer = frame->context;                                                              \
        into->length = slots;                                                                      \
        for (int64_t slot = 0; slot < slots; slot++)                                               \
            context_slots(into)[slot] = INTERPRETER_NIL_BITS;                                      \
    } while (0)

enum { CONTEXT_WORDS = sizeof(Context) / 8, REMEMBERED_BIT = 32 };

static inline bool is_object(Value value) {
    return value - INTERPRETER_OBJECT_TAG < UINT64_C(1) << 48;
}

static inline void *address_of(Value value) {
    return (void *)(value - INTERPRETER_OBJECT_TAG);
}

static inline Value value_at(const void *address) {
    return (Value)address + INTERPRETER_OBJECT_TAG;
}

static inline Value boolean(bool condition) {
    return condition ? INTERPRETER_TRUE_BITS : INTERPRETER_FALSE_BITS;
}

static inline int64_t class_of(Value value) {
    if (is_object(value))
        return ((Object *)address_of(value))->header & 0xffffff;
    if (value >= INTERPRETER_INTEGER_TAG)
        return INTERPRETER_INTEGER_CLASS;
    if (value < INTERPRETER_IMMEDIATE_TAG)
        return INTERPRETER_DOUBLE_CLASS;
    return (int64_t)(value - INTERPRETER_NIL_BITS) + INTERPRETER_NIL_CLASS;
}

// Is it an object with this class index and layout?
static inline bool has_header(Value value, int64_t start) {
    return is_object(value) && (((Object *)address_of(value))->header & 0xffffffff) == start;
}

static inline bool is_box(Value value) {
    return has_header(value, INTERPRETER_BOX_CLASS);
}

// Are two different words surely no numbers of the same value?
static inline bool are_apart(Value left, Value right) {
    if (is_object(left))
        return class_of(left) != INTERPRETER_INTEGER_CLASS;
    return left >= INTERPRETER_IMMEDIATE_TAG && right >= INTERPRETER_IMMEDIATE_TAG;
}

// The write barrier, of a store into `holder`.
static inline void store(Thread *thread, void *holder, Value *place, Value value) {
    *place = value;
    if (UNLIKELY(((Object *)holder)->header >> REMEMBERED_BIT & 1))
        vm_remember(thread, holder);
}

static inline Context *context_at(const Frame *frame, int64_t depth) {
    Context *context = address_of(frame->context);
    for (; depth > 0; depth--)
        context = address_of(context->outer);
    return context;
}

// ---- Numbers: what is ordered is two doubles, as no other word is a number ------------------

static inline double as_double(Value value) {
    double number;
    memcpy(&number, &value, sizeof number);
    return number;
}

static inline Value double_value(double number) {
    Value value;
    memcpy(&value, &number, sizeof value);
    return value;
}

static inline bool is_boolean(Value value) {
    return value - INTERPRETER_TRUE_BITS < 2;
}

static inline bool are_integers(Value left, Value right) {
    return (left & right) >= INTERPRETER_INTEGER_TAG;
}

static inline bool are_doubles(Value left, Value right) {
    return !__builtin_isunordered(as_double(left), as_double(right));
}

#endif
