// The evaluator's loop. Each operation does what docs/ir.md says, and stops where that
// leaves it undefined: what machine code may do then is anything, so a program that runs
// through here has not counted on it.
//
// It is a register interpreter with one switch, for which see Ertl and Gregg, "The Structure and
// Performance of Efficient Interpreters" (2003); here plainness comes before speed. C's own
// undefined behaviour is avoided throughout: sums are made of unsigned words, memory is copied
// by memcpy, and shifts and divisions are checked before they are made.
#include "backend/eval/code.h"
#include "support/single.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

// Addresses below this are taken for null with an offset; no host maps them.
enum { NULL_PAGE = 4096 };

// One call's state.
typedef struct Run {
    EvalProgram *program;
    EvalWord *registers;
    uint64_t *counters; // of the bytecode that is running
    EvalFailure *failure;
    // Scratch for calls, with room for the arguments of any external: addresses of words, and
    // words for those that are narrower. A call is over before the next of this run begins; one
    // that the external makes back into the program is a run of its own.
    void **arguments;
    EvalWord *narrow;
} Run;

static const EvalCode *stop(Run *run, const EvalCode *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Fills in the failure; NULL, for where a next instruction is wanted. The loop ends with it, and
// leaves memory and counters as they are, to be looked at.
static const EvalCode *stop(Run *run, const EvalCode *code, const char *format, ...) {
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    const IrInstruction *origin = run->program->origins[code - run->program->code];
    const IrRegion *region = origin->block->region;
    *run->failure = (EvalFailure){
        .message = arena_strdup(run->program->arena, message),
        .function = region->function->name,
        .region = region->name ? region->name : "trunk",
        .block = origin->block->name ? origin->block->name : "block",
        .at = origin->at,
    };
    return NULL;
}

// Where the access names a field, so does the message: that is what whoever wrote the loop looks
// for.
static const EvalCode *stop_at_null(Run *run, const EvalCode *code) {
    const IrInstruction *origin = run->program->origins[code - run->program->code];
    if (origin->field)
        return stop(run, code, "null dereference: %s of %s.%s", ir_op_text(origin->op),
                    origin->field->record->name, origin->field->name);
    return stop(run, code, "null dereference: %s", ir_op_text(origin->op));
}

// Through unsigned, where a shift to the left loses bits without being undefined; the shift back is
// arithmetic with every compiler that we build with.
static int64_t sign_extend(int64_t value, int width) {
    return (int64_t)((uint64_t)value << (64 - width)) >> (64 - width);
}

static uint64_t zero_extend(int64_t value, int width) {
    return width == 64 ? (uint64_t)value : (uint64_t)value & ((UINT64_C(1) << width) - 1);
}

// Rounds towards zero and saturates; 0 for what is not a number.
static int64_t to_integer(double number) {
    if (isnan(number))
        return 0;
    if (number >= 0x1p63)
        return INT64_MAX;
    return number < -0x1p63 ? INT64_MIN : (int64_t)number;
}

// The sign and the payload of a NaN that arithmetic makes are open. Whoever counts on the
// host's is to find out, so it is always this one.
static double made(double number) {
    EvalWord one = {.bits = UINT64_C(0x7FF8000000000000)};
    return isnan(number) ? one.number : number;
}

// Rounds towards zero and saturates, as an unsigned number.
static uint64_t to_unsigned(double number) {
    if (isnan(number) || number < 0)
        return 0;
    return number >= 0x1p64 ? UINT64_MAX : (uint64_t)number;
}

// IEEE 754-2019's minimum, and by turning all round its maximum.
static double minimum(double a, double b) {
    if (isnan(a) || isnan(b))
        return made(a + b);
    return a < b || (a == b && signbit(a)) ? a : b;
}

// Narrow operands are exact in 64 bits, so whether the result fits is whether sign-extending it
// changes it.
static bool overflows(const EvalCode *code, int64_t a, int64_t b) {
    int64_t wide;
    bool outside = code->op == IR_ADD_OVERFLOWS   ? __builtin_add_overflow(a, b, &wide)
                   : code->op == IR_SUB_OVERFLOWS ? __builtin_sub_overflow(a, b, &wide)
                                                  : __builtin_mul_overflow(a, b, &wide);
    return outside || sign_extend(wide, code->width) != wide;
}

// The two cases in which x86-64 traps, and in which LLVM may take the operation as impossible.
static const EvalCode *divide(Run *run, const EvalCode *code) {
    int64_t a = run->registers[code->a].integer, b = run->registers[code->b].integer;
    if (b == 0)
        return stop(run, code, "%s by zero", ir_op_text((IrOp)code->op));
    if (b == -1 && a == sign_extend((int64_t)(UINT64_C(1) << (code->width - 1)), code->width))
        return stop(run, code, "%s of the least i%d by -1", ir_op_text((IrOp)code->op),
                    code->width);
    run->registers[code->result].integer = code->op == IR_SDIV ? a / b : a % b;
    return code + 1;
}

static const EvalCode *divide_unsigned(Run *run, const EvalCode *code) {
    uint64_t a = zero_extend(run->registers[code->a].integer, code->width);
    uint64_t b = zero_extend(run->registers[code->b].integer, code->width);
    if (b == 0)
        return stop(run, code, "%s by zero", ir_op_text((IrOp)code->op));
    run->registers[code->result].integer =
        sign_extend((int64_t)(code->op == IR_UDIV ? a / b : a % b), code->width);
    return code + 1;
}

// Widths are powers of two, so an amount and its opposite are told by their low bits.
static int64_t rotate_left(const EvalCode *code, int64_t value, uint64_t by) {
    uint64_t bits = zero_extend(value, code->width);
    by &= (uint64_t)code->width - 1;
    uint64_t turned = by ? bits << by | bits >> (code->width - by) : bits;
    return sign_extend((int64_t)turned, code->width);
}

static int leading_zeros(const EvalCode *code, int64_t value) {
    uint64_t bits = zero_extend(value, code->width);
    return bits ? __builtin_clzll(bits) - (64 - code->width) : code->width;
}

static int trailing_zeros(const EvalCode *code, int64_t value) {
    uint64_t bits = zero_extend(value, code->width);
    return bits ? __builtin_ctzll(bits) : code->width;
}

// By the width or more LLVM's shifts give poison, and the processor's use the low bits of the
// amount: neither is to be counted on.
static const EvalCode *shift(Run *run, const EvalCode *code) {
    int64_t a = run->registers[code->a].integer;
    uint64_t by = zero_extend(run->registers[code->b].integer, code->width);
    if (by >= code->width)
        return stop(run, code, "%s of an i%d by %llu", ir_op_text((IrOp)code->op), code->width,
                    (unsigned long long)by);
    int64_t shifted = code->op == IR_SHL    ? (int64_t)((uint64_t)a << by)
                      : code->op == IR_LSHR ? (int64_t)(zero_extend(a, code->width) >> by)
                                            : a >> by;
    run->registers[code->result].integer = sign_extend(shifted, code->width);
    return code + 1;
}

// The result goes to a register even of a call that has none (compile.c).
static const EvalCode *call(Run *run, const EvalCode *code) {
    const EvalExternal *external = code->call->external;
    const uint32_t *registers = code->call->registers;
    void *address = external->address;
    if (external->external->indirect) {
        address = run->registers[*registers++].pointer;
        if ((uintptr_t)address < NULL_PAGE)
            return stop(run, code, "null dereference: call of @%s", external->external->name);
    }
    for (size_t i = 0; i < external->external->parameters.count; i++)
        run->arguments[i] = &run->registers[registers[i]];
    run->registers[code->result] =
        eval_call_external(external, address, run->arguments, run->narrow);
    return code + 1;
}

// The bits of a field of any cell, zero-extended. Another thread may write it.
static uint64_t read_shared(const void *base, const IrField *field) {
    uintptr_t at = (uintptr_t)base + (uint64_t)field->offset;
    switch (ir_cell_size(field->cell)) {
    case 1: return __atomic_load_n((const uint8_t *)at, __ATOMIC_RELAXED);
    case 2: return __atomic_load_n((const uint16_t *)at, __ATOMIC_RELAXED);
    case 4: return __atomic_load_n((const uint32_t *)at, __ATOMIC_RELAXED);
    default: return __atomic_load_n((const uint64_t *)at, __ATOMIC_RELAXED);
    }
}

// The store came before, and has checked that the object is not null.
static void barrier(Run *run, const EvalCode *code) {
    const IrModule *module = run->program->module;
    EvalWord object = run->registers[code->a], thread = run->registers[code->b];
    if (!(read_shared(object.pointer, module->barrier_field) & module->barrier_mask))
        return;
    run->arguments[0] = &thread;
    run->arguments[1] = &object;
    const EvalExternal *external = run->program->barrier_external;
    eval_call_external(external, external->address, run->arguments, run->narrow);
}

static const EvalCode *poll(Run *run, const EvalCode *code) {
    const void *thread = run->registers[code->a].pointer;
    if ((uintptr_t)thread < NULL_PAGE)
        return stop(run, code, "null dereference: poll of a null thread");
    run->counters[EVAL_POLLS]++;
    bool asked = read_shared(thread, run->program->module->poll_field) != 0;
    return &run->program->code[code->targets[asked]];
}

// The first case that isn't below the value, by halving; it is the one or there is none.
static const EvalCode *choose(const EvalProgram *program, const EvalSwitch *table, int64_t value) {
    size_t low = 0, high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table->cases[middle].value < value)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < table->count && table->cases[low].value == value;
    return &program->code[found ? table->cases[low].target : table->otherwise];
}

// The row of counters says which bytecode it is.
static void tell_beginning(const Run *run, const EvalCode *code) {
    const EvalObserver *observer = run->program->observer;
    if (!observer || !observer->begin)
        return;
    const EvalTable *table = run->program->tables;
    const EvalCounters *row = (const EvalCounters *)run->counters;
    while (row < table->counters || row > table->counters + table->count)
        table++;
    size_t chosen = (size_t)(row - table->counters);
    EvalBeginning beginning = {.table = table->table,
                               .opcode = chosen < table->count ? (int)chosen : -1,
                               .parameters = run->registers + code->b,
                               .number = run->program->clock};
    observer->begin(observer->context, &beginning);
}

// The dispatch itself still counts for the bytecode that ends with it; from there on the chosen
// one's counters are added to. With a default each dispatch has a range check, taken or not.
static const EvalCode *dispatch(Run *run, const EvalCode *code) {
    EvalTable *table = code->table;
    uint64_t opcode = zero_extend(run->registers[code->a].integer, code->width);
    size_t chosen = opcode < table->count ? (size_t)opcode : table->count;
    run->counters[EVAL_DISPATCHES]++;
    run->counters[EVAL_RANGE_CHECKS] += table->has_default;
    if (table->targets[chosen] == EVAL_NO_TARGET) {
        if (chosen < table->count)
            return stop(run, code, "opcode %zu (%s) of @%s was found unreachable", chosen,
                        table->table->bytecodes.items[chosen].name, table->table->name);
        return stop(run, code, "opcode %llu is outside @%s, which has no default",
                    (unsigned long long)opcode, table->table->name);
    }
    run->counters = table->counters[chosen];
    run->counters[EVAL_COUNT]++;
    run->program->clock++;
    const EvalObserver *observer = run->program->observer;
    if (observer && observer->see && chosen < table->count)
        observer->see(observer->context, table->table, (int)chosen,
                      run->registers[run->program->fetched_from].pointer);
    tell_beginning(run, code);
    return &run->program->code[table->targets[chosen]];
}

// A tail call within one bytecode (to a cold part, or back to its beginning) starts none.
static const EvalCode *tail(Run *run, const EvalCode *code) {
    if (code->counters && *code->counters != run->counters) {
        run->counters = *code->counters;
        run->counters[EVAL_COUNT]++;
        run->program->clock++;
        tell_beginning(run, code);
    }
    return &run->program->code[code->result];
}

// A fused bytecode goes on as a plain one. The clock counted that one as a component when it began
// here, so it doesn't tick again.
static const EvalCode *exit_to_plain(Run *run, const EvalCode *code) {
    run->counters = *code->counters;
    run->counters[EVAL_COUNT]++;
    tell_beginning(run, code);
    return &run->program->code[code->result];
}

// The cases below read operands as `ri(a)` (an integer), `rb(a)` (bits), `rn(a)` (a
// number), by the name of the instruction's field.
#define ri(operand) (r[code->operand].integer)
#define rb(operand) (r[code->operand].bits)
#define rn(operand) (r[code->operand].number)

#define SET(OP, part, value)                                                                       \
    case OP:                                                                                       \
        r[code->result].part = (value);                                                            \
        code++;                                                                                    \
        break;
#define SET_INTEGER(OP, value) SET(OP, integer, (int64_t)(value))
#define CALL(OP, function)                                                                         \
    case OP: code = function(run, code); break;

// Memory is accessed by memcpy: it may be unaligned, and of any effective type.
#define PLACE(index) ((void *)(uintptr_t)(rb(a) + (uint64_t)code->offset + (index)))
#define ACCESS(OP, statements)                                                                     \
    case OP:                                                                                       \
        if (rb(a) < NULL_PAGE) {                                                                   \
            code = stop_at_null(run, code);                                                        \
            break;                                                                                 \
        }                                                                                          \
        run->counters[code->counter]++;                                                            \
        { statements; }                                                                            \
        code++;                                                                                    \
        break;
#define LOAD(OP, CELL, index)                                                                      \
    ACCESS(OP, CELL cell; memcpy(&cell, PLACE(index), sizeof cell);                                \
           r[code->result].integer = (int64_t)cell)
#define STORE(OP, CELL, index)                                                                     \
    ACCESS(OP, CELL cell = (CELL)rb(result); memcpy(PLACE(index), &cell, sizeof cell))
#define LOADS(NAME, CELL)                                                                          \
    LOAD(EVAL_LOAD_##NAME, CELL, 0)                                                                \
    LOAD(EVAL_LOAD_INDEXED_##NAME, CELL, rb(b) * sizeof(CELL))
#define STORES(NAME, CELL)                                                                         \
    STORE(EVAL_STORE_##NAME, CELL, 0)                                                              \
    STORE(EVAL_STORE_INDEXED_##NAME, CELL, rb(b) * sizeof(CELL))

// Ends with a return, or when an operation has stopped the run: `code` is NULL then.
static bool loop(Run *run, const EvalCode *code, EvalWord *result) {
    EvalWord *r = run->registers;
    const EvalCode *base = run->program->code;
    while (code) {
        switch (code->op) {
            SET_INTEGER(EVAL_MOVE, ri(a))
            SET_INTEGER(EVAL_SIGN_EXTEND, sign_extend(ri(a), code->width))
            SET_INTEGER(EVAL_ZERO_EXTEND, zero_extend(ri(a), code->width))
            SET_INTEGER(EVAL_NEGATE, -ri(a))
            SET_INTEGER(EVAL_OFFSET, rb(a) + (uint64_t)code->offset)
            SET_INTEGER(EVAL_OFFSET_INDEXED, rb(a) + rb(b) * (uint64_t)code->offset)
            LOADS(U8, uint8_t)
            LOADS(I8, int8_t)
            LOADS(U16, uint16_t)
            LOADS(I16, int16_t)
            LOADS(U32, uint32_t)
            LOADS(I32, int32_t)
            LOADS(WORD, uint64_t)
            STORES(8, uint8_t)
            STORES(16, uint16_t)
            STORES(32, uint32_t)
            STORES(WORD, uint64_t)

            SET_INTEGER(IR_ADD, rb(a) + rb(b))
            SET_INTEGER(IR_SUB, rb(a) - rb(b))
            SET_INTEGER(IR_MUL, rb(a) * rb(b))
            SET_INTEGER(IR_AND, rb(a) & rb(b))
            SET_INTEGER(IR_OR, rb(a) | rb(b))
            SET_INTEGER(IR_XOR, rb(a) ^ rb(b))
            SET_INTEGER(IR_ROTL, rotate_left(code, ri(a), rb(b)))
            SET_INTEGER(IR_ROTR, rotate_left(code, ri(a), 0 - rb(b)))
            SET_INTEGER(IR_CLZ, leading_zeros(code, ri(a)))
            SET_INTEGER(IR_CTZ, trailing_zeros(code, ri(a)))
            SET_INTEGER(IR_POPCOUNT, __builtin_popcountll(zero_extend(ri(a), code->width)))
            SET_INTEGER(IR_ADD_OVERFLOWS, overflows(code, ri(a), ri(b)))
            SET_INTEGER(IR_SUB_OVERFLOWS, overflows(code, ri(a), ri(b)))
            SET_INTEGER(IR_MUL_OVERFLOWS, overflows(code, ri(a), ri(b)))
            SET_INTEGER(IR_CMP_EQ, rb(a) == rb(b))
            SET_INTEGER(IR_CMP_NE, rb(a) != rb(b))
            SET_INTEGER(IR_CMP_SLT, ri(a) < ri(b))
            SET_INTEGER(IR_CMP_SLE, ri(a) <= ri(b))
            SET_INTEGER(IR_CMP_SGT, ri(a) > ri(b))
            SET_INTEGER(IR_CMP_SGE, ri(a) >= ri(b))
            // Sign extension keeps the unsigned order.
            SET_INTEGER(IR_CMP_ULT, rb(a) < rb(b))
            SET_INTEGER(IR_CMP_ULE, rb(a) <= rb(b))
            SET_INTEGER(IR_CMP_UGT, rb(a) > rb(b))
            SET_INTEGER(IR_CMP_UGE, rb(a) >= rb(b))

            SET(IR_FADD, number, made(rn(a) + rn(b)))
            SET(IR_FSUB, number, made(rn(a) - rn(b)))
            SET(IR_FMUL, number, made(rn(a) * rn(b)))
            SET(IR_FDIV, number, made(rn(a) / rn(b)))
            SET(IR_FNEG, bits, rb(a) ^ UINT64_C(1) << 63)
            SET(IR_FSQRT, number, made(sqrt(rn(a))))
            SET(IR_FFLOOR, number, made(floor(rn(a))))
            SET(IR_FCEIL, number, made(ceil(rn(a))))
            SET(IR_FTRUNC, number, made(trunc(rn(a))))
            SET(IR_FNEAREST, number, made(nearbyint(rn(a))))
            SET(IR_FMIN, number, minimum(rn(a), rn(b)))
            SET(IR_FMAX, number, made(-minimum(-rn(a), -rn(b))))
            SET(IR_FABS, bits, rb(a) & INT64_MAX)
            SET(IR_FCOPYSIGN, bits, (rb(a) & INT64_MAX) | (rb(b) & ~(uint64_t)INT64_MAX))
            SET(IR_FSINGLE, number, double_of_single(single_of_double(rn(a))))
            SET_INTEGER(IR_FCMP_EQ, rn(a) == rn(b))
            SET_INTEGER(IR_FCMP_NE, rn(a) != rn(b))
            SET_INTEGER(IR_FCMP_LT, isless(rn(a), rn(b)))
            SET_INTEGER(IR_FCMP_LE, islessequal(rn(a), rn(b)))
            SET_INTEGER(IR_FCMP_GT, isgreater(rn(a), rn(b)))
            SET_INTEGER(IR_FCMP_GE, isgreaterequal(rn(a), rn(b)))
            SET_INTEGER(IR_FCMP_ORD, !isunordered(rn(a), rn(b)))
            SET_INTEGER(IR_FCMP_UNO, isunordered(rn(a), rn(b)))
            SET(IR_INT_TO_F64, number, (double)ri(a))
            SET_INTEGER(IR_F64_TO_INT, to_integer(rn(a)))
            SET(IR_UINT_TO_F64, number, (double)rb(a))
            SET_INTEGER(IR_F64_TO_UINT, to_unsigned(rn(a)))
            SET(IR_INT_TO_F32, number, (float)ri(a))
            SET(IR_UINT_TO_F32, number, (float)rb(a))
            SET(IR_F32_BITS, bits, single_of_double(rn(a)))
            SET(IR_F32_FROM_BITS, number, double_of_single((uint32_t)rb(a)))
            SET_INTEGER(IR_SELECT, ri(a) ? ri(b) : ri(c))

            CALL(IR_SDIV, divide)
            CALL(IR_SREM, divide)
            CALL(IR_UDIV, divide_unsigned)
            CALL(IR_UREM, divide_unsigned)
            CALL(IR_SHL, shift)
            CALL(IR_LSHR, shift)
            CALL(IR_ASHR, shift)
            CALL(IR_CALL, call)
            CALL(IR_DISPATCH, dispatch)
            CALL(IR_EXIT, exit_to_plain)
            CALL(IR_POLL, poll)
            CALL(IR_TAIL, tail)
        case EVAL_BARRIER:
            barrier(run, code);
            code++;
            break;
        case IR_COMPONENT:
            run->program->clock++;
            code++;
            break;
        case IR_BR: code = &base[code->targets[0]]; break;
        case IR_IF: code = &base[code->targets[ri(a) ? 0 : 1]]; break;
        case IR_SWITCH: code = choose(run->program, code->switch_, ri(a)); break;
        case IR_RET: result->bits = code->counter ? rb(a) : 0; return true;
        case IR_UNREACHABLE: code = stop(run, code, "'unreachable' was reached"); break;
        default: abort();
        }
    }
    return false;
}

static bool refuse_arguments(EvalProgram *program, const EvalFunction *found, size_t count,
                             EvalFailure *failure) {
    *failure = (EvalFailure){
        .message = arena_printf(program->arena, "called with %zu arguments, but takes %zu", count,
                                found->parameter_count),
        .function = found->function->name,
        .region = "trunk",
        .block = found->function->regions.items[0]->blocks.items[0]->name,
    };
    return false;
}

// Each call has registers of its own, so that externals may call back, and threads take turns.
bool eval_call(EvalProgram *program, const IrFunction *function, const EvalWord *arguments,
               size_t count, EvalWord *result, EvalFailure *failure) {
    const EvalFunction *found = program->functions;
    while (found->function != function)
        found++;
    *failure = (EvalFailure){0};
    if (count != found->parameter_count)
        return refuse_arguments(program, found, count, failure);
    size_t words = program->register_count + program->most_arguments;
    EvalWord *registers = calloc(words, sizeof *registers);
    void **addresses = calloc(program->most_arguments, sizeof *addresses);
    if (!registers || !addresses)
        abort();
    if (program->constant_count)
        memcpy(registers, program->constants, program->constant_count * sizeof *registers);
    if (count)
        memcpy(registers + program->base, arguments, count * sizeof *registers);
    Run run = {
        .program = program,
        .registers = registers,
        .counters = program->outside,
        .failure = failure,
        .arguments = addresses,
        .narrow = registers + program->register_count,
    };
    EvalWord value;
    bool finished = loop(&run, &program->code[found->entry], &value);
    if (finished && result)
        *result = value;
    free(addresses);
    free(registers);
    return finished;
}
