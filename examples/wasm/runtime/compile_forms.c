// Which bytecode an instruction becomes, by where its operands are. Bytecodes come in forms, and
// not every family has every form: what doesn't fit is brought into a slot first, which each
// family has a form for.
#include "compile_internal.h"

// One family's bytecodes, by where left and right operand are; 0 where it has none (OP_HALT, which
// no instruction becomes). Of those with one operand `acc` and `slot` are the first two.
typedef struct Forms {
    uint16_t slot_slot, acc_slot, slot_acc, slot_imm, acc_imm;
    bool commutes;
    uint16_t acc_acc; // of equal operands
} Forms;

#define COMMUTING(NAME)                                                                            \
    {                                                                                              \
        OP_##NAME##_SLOT_SLOT, OP_##NAME##_ACC_SLOT, 0, OP_##NAME##_SLOT_IMM, OP_##NAME##_ACC_IMM, \
            true                                                                                   \
    }
#define ORDERED(NAME)                                                                              \
    {                                                                                              \
        OP_##NAME##_SLOT_SLOT, OP_##NAME##_ACC_SLOT, 0, OP_##NAME##_SLOT_IMM, OP_##NAME##_ACC_IMM, \
            false                                                                                  \
    }
#define ALL(NAME)                                                                                  \
    {                                                                                              \
        OP_##NAME##_SLOT_SLOT, OP_##NAME##_ACC_SLOT, OP_##NAME##_SLOT_ACC, OP_##NAME##_SLOT_IMM,   \
            OP_##NAME##_ACC_IMM, false                                                             \
    }
#define REALS(NAME)                                                                                \
    { OP_##NAME##_SLOT_SLOT, OP_##NAME##_ACC_SLOT, OP_##NAME##_SLOT_ACC, 0, 0, false }
#define REALS_COMMUTING(NAME)                                                                      \
    { OP_##NAME##_SLOT_SLOT, OP_##NAME##_ACC_SLOT, 0, 0, 0, true }
#define REALS_DOUBLING(NAME)                                                                       \
    { OP_##NAME##_SLOT_SLOT, OP_##NAME##_ACC_SLOT, 0, 0, 0, true, OP_##NAME##_ACC_ACC }
#define IN_SLOTS(NAME)                                                                             \
    { OP_##NAME##_SLOT_SLOT, 0, 0, 0, 0, false }
#define UNARY(NAME)                                                                                \
    { OP_##NAME##_SLOT, OP_##NAME##_ACC, 0, 0, 0, false }
#define UNARY_SLOT(NAME)                                                                           \
    { OP_##NAME##_SLOT, 0, 0, 0, 0, false }

// What is done with an operand, besides.
typedef enum Shape {
    SHAPE_NONE,
    SHAPE_BINARY,
    SHAPE_SUBTRACT, // a constant is added with the other sign
    SHAPE_SHIFT,    // a constant is taken modulo the size
    SHAPE_DIVIDE,
    SHAPE_COMPARE,
    SHAPE_ZERO, // compared with 0
    SHAPE_UNARY,
    SHAPE_SAME // the bits stay where they are
} Shape;

typedef struct Numeric {
    Shape shape;
    bool swaps;    // of a comparison: left and right change places
    bool next_imm; // and where the right is a constant, `imm` is meant with the next number
    Forms forms;
    Forms imm;
} Numeric;

#define COMPARED(FORMS, NAME)                                                                      \
    { SHAPE_COMPARE, false, false, FORMS(NAME), FORMS(NAME) }
#define SWAPPED(FORMS, NAME, IMM)                                                                  \
    { SHAPE_COMPARE, true, true, FORMS(NAME), FORMS(IMM) }
#define REAL_COMPARED(FORMS, NAME, SWAPS)                                                          \
    {                                                                                              \
        SHAPE_COMPARE, SWAPS, false, FORMS(NAME), {                                                \
            0                                                                                      \
        }                                                                                          \
    }
#define COMPARISONS(FIRST, SIZE)                                                                   \
    [FIRST] = {SHAPE_COMPARE, false, false, COMMUTING(SIZE##_EQUAL), COMMUTING(SIZE##_EQUAL)},     \
    [FIRST + 1] = {SHAPE_COMPARE, false, false, COMMUTING(SIZE##_UNEQUAL),                         \
                   COMMUTING(SIZE##_UNEQUAL)},                                                     \
    [FIRST + 2] = COMPARED(ALL, SIZE##_LESS), [FIRST + 3] = COMPARED(ALL, SIZE##_BELOW),           \
    [FIRST + 4] = SWAPPED(ALL, SIZE##_LESS, SIZE##_GREATER_OR_EQUAL),                              \
    [FIRST + 5] = SWAPPED(ALL, SIZE##_BELOW, SIZE##_ABOVE_OR_EQUAL),                               \
    [FIRST + 6] = SWAPPED(ALL, SIZE##_GREATER_OR_EQUAL, SIZE##_LESS),                              \
    [FIRST + 7] = SWAPPED(ALL, SIZE##_ABOVE_OR_EQUAL, SIZE##_BELOW),                               \
    [FIRST + 8] = COMPARED(ALL, SIZE##_GREATER_OR_EQUAL),                                          \
    [FIRST + 9] = COMPARED(ALL, SIZE##_ABOVE_OR_EQUAL)
#define INTEGERS(FIRST, SIZE)                                                                      \
    [FIRST] = {SHAPE_UNARY, .forms = UNARY(SIZE##_LEADING_ZEROS)},                                 \
    [FIRST + 1] = {SHAPE_UNARY, .forms = UNARY(SIZE##_TRAILING_ZEROS)},                            \
    [FIRST + 2] = {SHAPE_UNARY, .forms = UNARY(SIZE##_ONES)},                                      \
    [FIRST + 3] = {SHAPE_BINARY, .forms = COMMUTING(ADD)},                                         \
    [FIRST + 4] = {SHAPE_SUBTRACT, .forms = REALS(SUBTRACT), .imm = COMMUTING(ADD)},               \
    [FIRST + 5] = {SHAPE_BINARY, .forms = COMMUTING(MULTIPLY)},                                    \
    [FIRST + 6] = {SHAPE_DIVIDE, .forms = ORDERED(SIZE##_DIVIDE)},                                 \
    [FIRST + 7] = {SHAPE_DIVIDE, .forms = ORDERED(SIZE##_DIVIDE_UNSIGNED)},                        \
    [FIRST + 8] = {SHAPE_DIVIDE, .forms = ORDERED(SIZE##_REMAINDER)},                              \
    [FIRST + 9] = {SHAPE_DIVIDE, .forms = ORDERED(SIZE##_REMAINDER_UNSIGNED)},                     \
    [FIRST + 10] = {SHAPE_BINARY, .forms = COMMUTING(AND)},                                        \
    [FIRST + 11] = {SHAPE_BINARY, .forms = COMMUTING(OR)},                                         \
    [FIRST + 12] = {SHAPE_BINARY, .forms = COMMUTING(XOR)},                                        \
    [FIRST + 13] = {SHAPE_SHIFT, .forms = ALL(SIZE##_SHIFT_LEFT)},                                 \
    [FIRST + 14] = {SHAPE_SHIFT, .forms = ALL(SIZE##_SHIFT_RIGHT)},                                \
    [FIRST + 15] = {SHAPE_SHIFT, .forms = ALL(SIZE##_SHIFT_RIGHT_UNSIGNED)},                       \
    [FIRST + 16] = {SHAPE_SHIFT, .forms = ORDERED(SIZE##_ROTATE_LEFT)},                            \
    [FIRST + 17] = {SHAPE_SHIFT, .forms = ORDERED(SIZE##_ROTATE_RIGHT)}
#define UNARY_AT(AT, FORMS, NAME)  [AT] = {SHAPE_UNARY, .forms = FORMS(NAME)}
#define BINARY_AT(AT, FORMS, NAME) [AT] = {SHAPE_BINARY, .forms = FORMS(NAME)}
#define FLOATS(FIRST, SIZE, ONE)                                                                   \
    UNARY_AT(FIRST + 2, ONE, SIZE##_CEILING), UNARY_AT(FIRST + 3, ONE, SIZE##_FLOOR),              \
        UNARY_AT(FIRST + 4, ONE, SIZE##_TRUNCATE), UNARY_AT(FIRST + 5, ONE, SIZE##_NEAREST),       \
        UNARY_AT(FIRST + 6, ONE, SIZE##_ROOT)

static const Numeric numerics[256] = {
    [0x45] = {SHAPE_ZERO, .imm = COMMUTING(INT_EQUAL)},
    COMPARISONS(0x46, INT),
    [0x50] = {SHAPE_ZERO, .imm = COMMUTING(LONG_EQUAL)},
    COMPARISONS(0x51, LONG),
    [0x5B] = REAL_COMPARED(IN_SLOTS, SINGLE_EQUAL, false),
    [0x5C] = REAL_COMPARED(IN_SLOTS, SINGLE_UNEQUAL, false),
    [0x5D] = REAL_COMPARED(IN_SLOTS, SINGLE_LESS, false),
    [0x5E] = REAL_COMPARED(IN_SLOTS, SINGLE_LESS, true),
    [0x5F] = REAL_COMPARED(IN_SLOTS, SINGLE_LESS_OR_EQUAL, false),
    [0x60] = REAL_COMPARED(IN_SLOTS, SINGLE_LESS_OR_EQUAL, true),
    [0x61] = REAL_COMPARED(REALS_COMMUTING, DOUBLE_EQUAL, false),
    [0x62] = REAL_COMPARED(REALS_COMMUTING, DOUBLE_UNEQUAL, false),
    [0x63] = REAL_COMPARED(REALS, DOUBLE_LESS, false),
    [0x64] = REAL_COMPARED(REALS, DOUBLE_LESS, true),
    [0x65] = REAL_COMPARED(REALS, DOUBLE_LESS_OR_EQUAL, false),
    [0x66] = REAL_COMPARED(REALS, DOUBLE_LESS_OR_EQUAL, true),
    INTEGERS(0x67, INT),
    INTEGERS(0x79, LONG),
    UNARY_AT(0x8B, UNARY_SLOT, SINGLE_ABSOLUTE),
    UNARY_AT(0x8C, UNARY_SLOT, SINGLE_NEGATE),
    FLOATS(0x8B, SINGLE, UNARY_SLOT),
    BINARY_AT(0x92, IN_SLOTS, SINGLE_ADD),
    BINARY_AT(0x93, IN_SLOTS, SINGLE_SUBTRACT),
    BINARY_AT(0x94, IN_SLOTS, SINGLE_MULTIPLY),
    BINARY_AT(0x95, IN_SLOTS, SINGLE_DIVIDE),
    BINARY_AT(0x96, IN_SLOTS, SINGLE_MINIMUM),
    BINARY_AT(0x97, IN_SLOTS, SINGLE_MAXIMUM),
    BINARY_AT(0x98, IN_SLOTS, SINGLE_COPY_SIGN),
    UNARY_AT(0x99, UNARY, DOUBLE_ABSOLUTE),
    UNARY_AT(0x9A, UNARY, DOUBLE_NEGATE),
    FLOATS(0x99, DOUBLE, UNARY),
    BINARY_AT(0xA0, REALS_DOUBLING, DOUBLE_ADD),
    BINARY_AT(0xA1, REALS, DOUBLE_SUBTRACT),
    BINARY_AT(0xA2, REALS_DOUBLING, DOUBLE_MULTIPLY),
    BINARY_AT(0xA3, REALS, DOUBLE_DIVIDE),
    BINARY_AT(0xA4, REALS_COMMUTING, DOUBLE_MINIMUM),
    BINARY_AT(0xA5, REALS_COMMUTING, DOUBLE_MAXIMUM),
    BINARY_AT(0xA6, IN_SLOTS, DOUBLE_COPY_SIGN),
    [0xA7] = {.shape = SHAPE_SAME},
    UNARY_AT(0xA8, UNARY_SLOT, SINGLE_TO_INT),
    UNARY_AT(0xA9, UNARY_SLOT, SINGLE_TO_UNSIGNED_INT),
    UNARY_AT(0xAA, UNARY, DOUBLE_TO_INT),
    UNARY_AT(0xAB, UNARY, DOUBLE_TO_UNSIGNED_INT),
    UNARY_AT(0xAC, UNARY, EXTEND_INT),
    UNARY_AT(0xAD, UNARY, EXTEND_WORD),
    UNARY_AT(0xAE, UNARY_SLOT, SINGLE_TO_LONG),
    UNARY_AT(0xAF, UNARY_SLOT, SINGLE_TO_UNSIGNED_LONG),
    UNARY_AT(0xB0, UNARY, DOUBLE_TO_LONG),
    UNARY_AT(0xB1, UNARY, DOUBLE_TO_UNSIGNED_LONG),
    UNARY_AT(0xB2, UNARY, INT_TO_SINGLE),
    UNARY_AT(0xB3, UNARY, UNSIGNED_INT_TO_SINGLE),
    UNARY_AT(0xB4, UNARY, LONG_TO_SINGLE),
    UNARY_AT(0xB5, UNARY, UNSIGNED_LONG_TO_SINGLE),
    UNARY_AT(0xB6, UNARY, DOUBLE_TO_SINGLE),
    UNARY_AT(0xB7, UNARY, INT_TO_DOUBLE),
    UNARY_AT(0xB8, UNARY, UNSIGNED_INT_TO_DOUBLE),
    UNARY_AT(0xB9, UNARY, LONG_TO_DOUBLE),
    UNARY_AT(0xBA, UNARY, UNSIGNED_LONG_TO_DOUBLE),
    UNARY_AT(0xBB, UNARY_SLOT, SINGLE_TO_DOUBLE),
    [0xBC ... 0xBF] = {.shape = SHAPE_SAME},
    UNARY_AT(0xC0, UNARY, EXTEND_BYTE),
    UNARY_AT(0xC1, UNARY, EXTEND_SHORT),
    UNARY_AT(0xC2, UNARY, EXTEND_BYTE),
    UNARY_AT(0xC3, UNARY, EXTEND_SHORT),
    UNARY_AT(0xC4, UNARY, EXTEND_INT),
};

// Comparisons with what they are if it is not so; both directions are meant.
#define OPPOSITES(X)                                                                               \
    X(INT_EQUAL, INT_UNEQUAL, SLOT_SLOT)                                                           \
    X(INT_EQUAL, INT_UNEQUAL, ACC_SLOT)                                                            \
    X(INT_EQUAL, INT_UNEQUAL, SLOT_IMM)                                                            \
    X(INT_EQUAL, INT_UNEQUAL, ACC_IMM)                                                             \
    X(LONG_EQUAL, LONG_UNEQUAL, SLOT_SLOT)                                                         \
    X(LONG_EQUAL, LONG_UNEQUAL, ACC_SLOT)                                                          \
    X(LONG_EQUAL, LONG_UNEQUAL, SLOT_IMM)                                                          \
    X(LONG_EQUAL, LONG_UNEQUAL, ACC_IMM)                                                           \
    ORDERED_OPPOSITES(X, INT_LESS, INT_GREATER_OR_EQUAL)                                           \
    ORDERED_OPPOSITES(X, INT_BELOW, INT_ABOVE_OR_EQUAL)                                            \
    ORDERED_OPPOSITES(X, LONG_LESS, LONG_GREATER_OR_EQUAL)                                         \
    ORDERED_OPPOSITES(X, LONG_BELOW, LONG_ABOVE_OR_EQUAL)                                          \
    X(DOUBLE_EQUAL, DOUBLE_UNEQUAL, SLOT_SLOT)                                                     \
    X(DOUBLE_EQUAL, DOUBLE_UNEQUAL, ACC_SLOT)                                                      \
    REAL_OPPOSITES(X, DOUBLE_LESS, DOUBLE_NOT_LESS)                                                \
    REAL_OPPOSITES(X, DOUBLE_LESS_OR_EQUAL, DOUBLE_NOT_LESS_OR_EQUAL)                              \
    X(SINGLE_EQUAL, SINGLE_UNEQUAL, SLOT_SLOT)                                                     \
    X(SINGLE_LESS, SINGLE_NOT_LESS, SLOT_SLOT)                                                     \
    X(SINGLE_LESS_OR_EQUAL, SINGLE_NOT_LESS_OR_EQUAL, SLOT_SLOT)
#define REAL_OPPOSITES(X, LEFT, RIGHT)                                                             \
    X(LEFT, RIGHT, SLOT_SLOT) X(LEFT, RIGHT, ACC_SLOT) X(LEFT, RIGHT, SLOT_ACC)
#define ORDERED_OPPOSITES(X, LEFT, RIGHT)                                                          \
    REAL_OPPOSITES(X, LEFT, RIGHT) X(LEFT, RIGHT, SLOT_IMM) X(LEFT, RIGHT, ACC_IMM)
#define OPPOSITE(LEFT, RIGHT, FORM)                                                                \
    [OP_##LEFT##_##FORM] = OP_##RIGHT##_##FORM, [OP_##RIGHT##_##FORM] = OP_##LEFT##_##FORM,

static const uint16_t opposites[OP_COUNT] = {OPPOSITES(OPPOSITE)};

// And the bytecodes that jump instead.
#define JUMP(LEFT, RIGHT, FORM)                                                                    \
    [OP_##LEFT##_##FORM] = OP_IF_##LEFT##_##FORM##_JUMP,                                           \
    [OP_##RIGHT##_##FORM] = OP_IF_##RIGHT##_##FORM##_JUMP,

static const uint16_t jumps[OP_COUNT] = {OPPOSITES(JUMP)};

// ---- Two operands ----------------------------------------------------------------------------

static void swap_operands(Compiler *compiler) {
    Entry *left = value_at(compiler, 1), *right = value_at(compiler, 0), kept = *left;
    int entry = (int)compiler->stack.count - 2;
    *left = *right;
    *right = kept;
    for (int class = 0; class < REGISTER_CLASSES; class ++) {
        Register *held = &compiler->registers[class];
        if (held->entry == entry || held->entry == entry + 1)
            held->entry = 2 * entry + 1 - held->entry;
    }
}

static bool fits_imm(const Entry *value) {
    return value->kind == IS_CONSTANT && value->bits >= INT16_MIN && value->bits <= INT16_MAX;
}

// Emits the operation whose operands are the topmost two, and which makes a `result`.
static void emit_two(Compiler *compiler, const Forms *forms, uint8_t result) {
    size_t left = compiler->stack.count - 2, right = left + 1;
    Entry *values = &compiler->stack.items[left];
    bool left_in = is_in_accumulator(compiler, &values[0]) && forms->acc_slot;
    bool right_in = is_in_accumulator(compiler, &values[1]);
    if (right_in && !left_in && forms->commutes) {
        swap_operands(compiler);
        left_in = true;
        right_in = false;
    }
    int64_t first = 0, second = 0;
    int opcode;
    if (left_in && right_in && forms->acc_acc) {
        // What has just been stored needn't be loaded again.
        opcode = forms->acc_acc;
    } else if (left_in) {
        opcode = forms->acc_slot;
        first = in_slot(compiler, right);
    } else if (right_in && forms->slot_acc) {
        opcode = forms->slot_acc;
        first = in_slot(compiler, left);
    } else {
        opcode = forms->slot_slot;
        first = in_slot(compiler, left);
        second = in_slot(compiler, right);
    }
    pop_value(compiler);
    pop_value(compiler);
    clobber(compiler, register_class(result));
    emit(compiler, opcode, first, second, 0, 0);
    push_result(compiler, result);
}

// The right operand is in the code.
static void emit_imm(Compiler *compiler, const Forms *forms, int64_t number, uint8_t result) {
    pop_value(compiler);
    const Entry *left = value_at(compiler, 0);
    bool left_in = is_in_accumulator(compiler, left);
    int64_t slot = left_in ? 0 : in_slot(compiler, compiler->stack.count - 1);
    pop_value(compiler);
    clobber(compiler, register_class(result));
    if (left_in)
        emit(compiler, forms->acc_imm, number, 0, 0, 0);
    else
        emit(compiler, forms->slot_imm, slot, number, 0, 0);
    push_result(compiler, result);
}

static void binary(Compiler *compiler, const Numeric *numeric, uint8_t type, uint8_t result) {
    const Forms *forms = &numeric->forms;
    if (forms->commutes && value_at(compiler, 1)->kind == IS_CONSTANT)
        swap_operands(compiler);
    const Entry *right = value_at(compiler, 0);
    int64_t number = right->bits;
    bool is_constant = right->kind == IS_CONSTANT;
    if (numeric->shape == SHAPE_SHIFT && is_constant && forms->slot_imm)
        emit_imm(compiler, forms, number & (type == TYPE_I32 ? 31 : 63), result);
    else if (numeric->shape == SHAPE_SUBTRACT && fits_imm(right) && number > INT16_MIN)
        emit_imm(compiler, &numeric->imm, -number, result);
    else if (fits_imm(right) && forms->slot_imm)
        emit_imm(compiler, forms, number, result);
    else
        emit_two(compiler, forms, result);
}

// ---- Comparisons -----------------------------------------------------------------------------

// The same comparison seen from the other side. Of whole numbers only.
static uint8_t mirrored(uint8_t opcode) {
    int first = opcode < W_I64_EQZ ? 0x46 : 0x51, index = opcode - first;
    static const uint8_t others[] = {0, 1, 4, 5, 2, 3, 8, 9, 6, 7};
    return (uint8_t)(first + others[index]);
}

// Above an imm is from the next one on, but nothing is above the largest.
static bool has_next(const Entry *right, uint8_t opcode) {
    bool is_unsigned = (opcode - (opcode < W_I64_EQZ ? 0x46 : 0x51)) & 1;
    return fits_imm(right) && right->bits < INT16_MAX && !(is_unsigned && right->bits == -1);
}

static void comparison(Compiler *compiler, uint8_t opcode) {
    bool whole = opcode < 0x5B;
    if (whole && value_at(compiler, 1)->kind == IS_CONSTANT &&
        value_at(compiler, 0)->kind != IS_CONSTANT) {
        swap_operands(compiler);
        opcode = mirrored(opcode);
    }
    const Numeric *numeric = &numerics[opcode];
    const Entry *right = value_at(compiler, 0);
    if (whole && numeric->next_imm ? has_next(right, opcode) : whole && fits_imm(right)) {
        emit_imm(compiler, &numeric->imm, right->bits + numeric->next_imm, TYPE_I32);
        return;
    }
    if (numeric->swaps)
        swap_operands(compiler);
    emit_two(compiler, &numeric->forms, TYPE_I32);
}

// Was the topmost value left by a comparison just now? Then its operation, else NULL.
static Operation *last_comparison(Compiler *compiler) {
    const Register *held = &compiler->registers[WHOLE];
    if (value_at(compiler, 0)->kind != IN_ACCUMULATOR ||
        held->producer + 1 != compiler->operations.count || held->producer < compiler->barrier)
        return NULL;
    Operation *last = &compiler->operations.items[held->producer];
    return opposites[last->opcode] ? last : NULL;
}

static void compare_with_zero(Compiler *compiler, const Numeric *numeric) {
    Operation *last = value_at(compiler, 0)->type == TYPE_I32 ? last_comparison(compiler) : NULL;
    if (last) {
        last->opcode = opposites[last->opcode];
        return;
    }
    push_constant(compiler, TYPE_I32, 0);
    emit_imm(compiler, &numeric->imm, 0, TYPE_I32);
}

void compile_branch(Compiler *compiler, bool wanted, int label) {
    Operation *last = last_comparison(compiler);
    compiler->labels.items[label].used = true;
    if (last) {
        last->opcode = jumps[wanted ? last->opcode : opposites[last->opcode]];
        last->operands[wasm_bytecodes[last->opcode].operand_count - 1] = label;
        // Without the comparison the accumulator is what it was.
        compiler->registers[WHOLE].slot = compiler->registers[WHOLE].slot_before;
        pop_value(compiler);
        return;
    }
    const Entry *condition = value_at(compiler, 0);
    if (is_in_accumulator(compiler, condition)) {
        pop_value(compiler);
        emit(compiler, wanted ? OP_IF_INT_UNEQUAL_ACC_IMM_JUMP : OP_IF_INT_EQUAL_ACC_IMM_JUMP, 0,
             label, 0, 0);
    } else {
        int slot = in_slot(compiler, compiler->stack.count - 1);
        pop_value(compiler);
        emit(compiler, wanted ? OP_IF_INT_UNEQUAL_SLOT_IMM_JUMP : OP_IF_INT_EQUAL_SLOT_IMM_JUMP,
             slot, 0, label, 0);
    }
}

// ---- One operand -----------------------------------------------------------------------------

static void unary(Compiler *compiler, const Forms *forms, uint8_t result) {
    size_t entry = compiler->stack.count - 1;
    bool is_in = forms->acc_slot && is_in_accumulator(compiler, value_at(compiler, 0));
    int slot = is_in ? 0 : in_slot(compiler, entry);
    pop_value(compiler);
    clobber(compiler, register_class(result));
    emit(compiler, is_in ? forms->acc_slot : forms->slot_slot, slot, 0, 0, 0);
    push_result(compiler, result);
}

// The bits are the same in a slot, whatever they are taken for; only from one accumulator to the
// other they have to be carried.
static void same_bits(Compiler *compiler, uint8_t result) {
    Entry *value = value_at(compiler, 0);
    if (value->kind == IS_CONSTANT && result == TYPE_I32)
        value->bits = (int32_t)value->bits;
    if (value->kind == IN_ACCUMULATOR && register_class(value->type) != register_class(result)) {
        if (register_class(value->type) == REAL) {
            pop_value(compiler);
            clobber(compiler, WHOLE);
            emit(compiler, OP_DOUBLE_BITS_ACC, 0, 0, 0, 0);
            push_result(compiler, result);
            return;
        }
        in_slot(compiler, compiler->stack.count - 1);
    }
    value->type = result;
}

void compile_numeric(Compiler *compiler, uint8_t opcode) {
    const Numeric *numeric = &numerics[opcode];
    const InstructionType *type = instruction_type(opcode);
    switch (numeric->shape) {
    case SHAPE_COMPARE: comparison(compiler, opcode); break;
    case SHAPE_ZERO: compare_with_zero(compiler, numeric); break;
    case SHAPE_UNARY: unary(compiler, &numeric->forms, type->result); break;
    case SHAPE_SAME: same_bits(compiler, type->result); break;
    default: binary(compiler, numeric, type->operand, type->result); break;
    }
}

void compile_select(Compiler *compiler) {
    size_t first = compiler->stack.count - 3;
    uint8_t type = compiler->stack.items[first].type;
    int place = temporary_slot(first);
    int left = in_slot(compiler, first), right = in_slot(compiler, first + 1);
    bool is_in = is_in_accumulator(compiler, value_at(compiler, 0));
    int condition = is_in ? 0 : in_slot(compiler, first + 2);
    for (int i = 0; i < 3; i++)
        pop_value(compiler);
    clobber(compiler, WHOLE);
    if (is_in)
        emit(compiler, OP_SELECT_ACC_THEN_ELSE_TO, left, right, place, 0);
    else
        emit(compiler, OP_SELECT_SLOT_THEN_ELSE_TO, condition, left, right, place);
    slot_written(compiler, place, WHOLE);
    push_slot(compiler, type, place);
}

// ---- Memory ----------------------------------------------------------------------------------

// In the order of the instructions: i32.load, i64.load, f32.load, f64.load, then those that are
// narrower. Behind each of these is the form that stores, then that of an address in the
// accumulator; see the definition.
static const uint16_t loads[] = {
    OP_LOAD_INT_SLOT_OFFSET,   OP_LOAD_LONG_SLOT_OFFSET,
    OP_LOAD_INT_SLOT_OFFSET,   OP_LOAD_DOUBLE_SLOT_OFFSET,
    OP_LOAD_BYTE_SLOT_OFFSET,  OP_LOAD_UNSIGNED_BYTE_SLOT_OFFSET,
    OP_LOAD_SHORT_SLOT_OFFSET, OP_LOAD_UNSIGNED_SHORT_SLOT_OFFSET,
    OP_LOAD_BYTE_SLOT_OFFSET,  OP_LOAD_UNSIGNED_BYTE_SLOT_OFFSET,
    OP_LOAD_SHORT_SLOT_OFFSET, OP_LOAD_UNSIGNED_SHORT_SLOT_OFFSET,
    OP_LOAD_INT_SLOT_OFFSET,   OP_LOAD_UNSIGNED_INT_SLOT_OFFSET,
};

static_assert((int)OP_LOAD_INT_ACC_OFFSET == (int)OP_LOAD_INT_SLOT_OFFSET + 2, "order of loads");

void compile_load(Compiler *compiler, uint8_t opcode, uint32_t offset) {
    uint8_t result = instruction_type(opcode)->result;
    int form = loads[opcode - W_LOAD_FIRST];
    bool is_in = is_in_accumulator(compiler, value_at(compiler, 0));
    int slot = is_in ? 0 : in_slot(compiler, compiler->stack.count - 1);
    pop_value(compiler);
    clobber(compiler, register_class(result));
    if (is_in)
        emit(compiler, form + 2, offset, 0, 0, 0);
    else
        emit(compiler, form, slot, offset, 0, 0);
    push_result(compiler, result);
}

// Address and value in slots; address in the accumulator; value there; value in the code.
typedef struct StoreForms {
    uint16_t slot_slot, acc_slot, slot_acc, slot_imm;
} StoreForms;

#define STORE(NAME)                                                                                \
    {                                                                                              \
        OP_STORE_##NAME##_SLOT_SLOT_OFFSET, OP_STORE_##NAME##_ACC_SLOT_OFFSET,                     \
            OP_STORE_##NAME##_SLOT_ACC_OFFSET, OP_STORE_##NAME##_SLOT_IMM_OFFSET                   \
    }

static const StoreForms stores[] = {
    STORE(INT),   STORE(LONG), STORE(INT),   STORE(LONG), STORE(BYTE),
    STORE(SHORT), STORE(BYTE), STORE(SHORT), STORE(INT),
};

// A double that is only in its accumulator. Elsewhere its bits are stored as a long's.
static void store_real(Compiler *compiler, uint32_t offset) {
    bool address_in = is_in_accumulator(compiler, value_at(compiler, 1));
    int address = address_in ? 0 : in_slot(compiler, compiler->stack.count - 2);
    pop_value(compiler);
    pop_value(compiler);
    if (address_in)
        emit(compiler, OP_STORE_DOUBLE_ACC_ACC_OFFSET, offset, 0, 0, 0);
    else
        emit(compiler, OP_STORE_DOUBLE_SLOT_ACC_OFFSET, address, offset, 0, 0);
}

void compile_store(Compiler *compiler, uint8_t opcode, uint32_t offset) {
    const StoreForms *forms = &stores[opcode - W_STORE_FIRST];
    size_t address = compiler->stack.count - 2, value = address + 1;
    const Entry *values = &compiler->stack.items[address];
    if (values[1].type == TYPE_F64 && is_in_accumulator(compiler, &values[1])) {
        store_real(compiler, offset);
        return;
    }
    bool address_in = is_in_accumulator(compiler, &values[0]);
    bool value_in = is_in_accumulator(compiler, &values[1]);
    int64_t bits = values[1].bits;
    if (fits_imm(&values[1]) && !address_in) {
        int slot = in_slot(compiler, address);
        emit(compiler, forms->slot_imm, slot, bits, offset, 0);
    } else if (address_in) {
        int slot = in_slot(compiler, value);
        emit(compiler, forms->acc_slot, slot, offset, 0, 0);
    } else if (value_in) {
        int slot = in_slot(compiler, address);
        emit(compiler, forms->slot_acc, slot, offset, 0, 0);
    } else {
        int first = in_slot(compiler, address), second = in_slot(compiler, value);
        emit(compiler, forms->slot_slot, first, second, offset, 0);
    }
    pop_value(compiler);
    pop_value(compiler);
}
