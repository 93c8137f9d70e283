// Code for expressions and conditions.
#include "generate.h"

// ---- Variables -----------------------------------------------------------------------------

bool variable_is_boxed(const Variable *variable) {
    return variable->is_captured && variable->global < 0;
}

// Is the variable's value in a register of its own, as it is?
bool variable_is_register(const Body *body, const Variable *variable) {
    return variable->function == body->syntax && variable->global < 0 && !variable->is_captured;
}

static int captured_index(const Body *body, const Variable *variable) {
    int index = 0;
    const Captured *captured = body->syntax->captured;
    for (; captured->variable != variable; captured = captured->next)
        index++;
    return index;
}

static void read_variable(Body *body, const Token *token, const Variable *variable, int target) {
    if (variable->global >= 0)
        EMIT(body, token, OP_GLOBAL_FROM, target, variable->global);
    else if (variable->function != body->syntax)
        EMIT(body, token, OP_CAPTURED_FROM, target, captured_index(body, variable));
    else if (variable->is_captured)
        EMIT(body, token, OP_BOX_OF, target, variable->reg);
    else if (variable->reg != target)
        EMIT(body, token, OP_MOVE_FROM, target, variable->reg);
}

void generate_assignment(Body *body, const Token *token, const Variable *variable, int source) {
    if (variable->global >= 0)
        EMIT(body, token, OP_SET_GLOBAL_TO, source, variable->global);
    else if (variable->function != body->syntax)
        EMIT(body, token, OP_SET_CAPTURED_TO, source, captured_index(body, variable));
    else if (variable->is_captured)
        EMIT(body, token, OP_SET_BOX_OF, source, variable->reg);
    else if (variable->reg != source)
        EMIT(body, token, OP_MOVE_FROM, variable->reg, source);
}

// ---- Arithmetic ----------------------------------------------------------------------------

static bool is_immediate(const Syntax *expression, int64_t least, int64_t most) {
    return expression->kind == NODE_INTEGER && expression->token.integer >= least &&
           expression->token.integer <= most;
}

// With a number on the right that is written there. False: there is no bytecode for that.
static bool with_number(Body *body, const Syntax *at, const Syntax *left, const Syntax *right,
                        int target) {
    const Token *token = &at->token;
    int64_t integer = right->token.integer;
    double number = right->token.number;
    int opcode = -1;
    int64_t operand = integer;
    if (at->kind == NODE_ADD && is_immediate(right, INT8_MIN, INT8_MAX)) {
        opcode = OP_ADD_IMMEDIATE_LEFT_NUMBER;
    } else if (at->kind == NODE_SUBTRACT && is_immediate(right, -INT8_MAX, -INT8_MIN)) {
        opcode = OP_ADD_IMMEDIATE_LEFT_NUMBER;
        operand = -integer;
    } else if (at->kind == NODE_MULTIPLY && is_immediate(right, INT8_MIN, INT8_MAX)) {
        opcode = OP_MULTIPLY_IMMEDIATE_LEFT_NUMBER;
    } else if (at->kind == NODE_QUOTIENT && is_immediate(right, 1, UINT8_MAX)) {
        opcode = OP_QUOTIENT_IMMEDIATE_LEFT_NUMBER;
    } else if (at->kind == NODE_REMAINDER && is_immediate(right, 1, UINT8_MAX)) {
        opcode = OP_REMAINDER_IMMEDIATE_LEFT_NUMBER;
    } else if (right->kind == NODE_DOUBLE && at->kind <= NODE_DIVIDE) {
        opcode = at->kind == NODE_MULTIPLY ? OP_MULTIPLY_CONSTANT_LEFT_CONSTANT
                 : at->kind == NODE_DIVIDE ? OP_DIVIDE_CONSTANT_LEFT_CONSTANT
                                           : OP_ADD_CONSTANT_LEFT_CONSTANT;
        operand = code_constant(body, token, REED_DOUBLE_KIND,
                                code_double_bits(at->kind == NODE_SUBTRACT ? -number : number));
        if (operand > UINT8_MAX)
            return false;
    }
    if (opcode < 0)
        return false;
    int source = generate_anywhere(body, left);
    EMIT(body, token, (enum ReedOpcode)opcode, target, source, operand);
    return true;
}

static void arithmetic(Body *body, const Syntax *at, int target) {
    static const enum ReedOpcode opcodes[] = {
        [NODE_ADD] = OP_ADD_LEFT_RIGHT,           [NODE_SUBTRACT] = OP_SUBTRACT_LEFT_RIGHT,
        [NODE_MULTIPLY] = OP_MULTIPLY_LEFT_RIGHT, [NODE_DIVIDE] = OP_DIVIDE_LEFT_RIGHT,
        [NODE_QUOTIENT] = OP_QUOTIENT_LEFT_RIGHT, [NODE_REMAINDER] = OP_REMAINDER_LEFT_RIGHT,
    };
    const Syntax *left = at->children, *right = left->next;
    bool commutes = at->kind == NODE_ADD || at->kind == NODE_MULTIPLY;
    if (with_number(body, at, left, right, target) ||
        (commutes && with_number(body, at, right, left, target)))
        return;
    int first = generate_anywhere(body, left);
    int second = generate_anywhere(body, right);
    EMIT(body, &at->token, opcodes[at->kind], target, first, second);
}

// ---- Conditions ----------------------------------------------------------------------------

// A comparison's bytecode jumps where it doesn't hold. What is to jump where it holds jumps past a
// jump.
static void emit_comparison(Body *body, const Token *token, enum ReedOpcode opcode, int64_t left,
                            int64_t right, bool when, Jump **jumps) {
    Jump *over = NULL;
    code_emit_jump(body, token, opcode, left, right, when ? &over : jumps);
    if (when)
        code_emit_jump(body, token, OP_JUMP, 0, 0, jumps);
    code_land(body, token, over);
}

static void equality(Body *body, const Syntax *at, bool when, Jump **jumps) {
    const Syntax *left = at->children, *right = left->next;
    bool jumps_if_unequal = (at->kind == NODE_EQUAL) != when;
    int64_t bits = right->token.integer, kind = REED_INTEGER_KIND;
    bool is_constant = right->kind <= NODE_INTEGER;
    int index = -1;
    if (is_constant && right->kind != NODE_INTEGER) {
        kind = right->kind == NODE_NIL     ? REED_NIL_KIND
               : right->kind == NODE_FALSE ? REED_FALSE_KIND
                                           : REED_TRUE_KIND;
        bits = 0;
    }
    if (right->kind == NODE_TEXT)
        index = code_text(body, &right->token);
    else if (is_constant)
        index = code_constant(body, &at->token, kind, bits);
    int first = generate_anywhere(body, left);
    if (index >= 0 && index <= UINT8_MAX)
        code_emit_jump(body, &at->token,
                       jumps_if_unequal ? OP_EQUAL_CONSTANT_TO_ELSE : OP_UNEQUAL_CONSTANT_TO_ELSE,
                       first, index, jumps);
    else
        code_emit_jump(body, &at->token, jumps_if_unequal ? OP_EQUAL_TO_ELSE : OP_UNEQUAL_TO_ELSE,
                       first, generate_anywhere(body, right), jumps);
}

// A whole number that is written as a double compares as the integer does.
static bool is_small(const Syntax *expression, int64_t *number) {
    if (expression->kind == NODE_DOUBLE && expression->token.number >= INT8_MIN &&
        expression->token.number <= INT8_MAX)
        *number = (int64_t)expression->token.number;
    else if (is_immediate(expression, INT8_MIN, INT8_MAX))
        *number = expression->token.integer;
    else
        return false;
    return expression->kind == NODE_INTEGER || (double)*number == expression->token.number;
}

static void order(Body *body, const Syntax *at, bool when, Jump **jumps) {
    static const enum ReedOpcode opcodes[][2] = {
        // with the number on the right, and on the left
        [NODE_LESS] = {OP_LESS_IMMEDIATE_THAN_ELSE, OP_GREATER_IMMEDIATE_THAN_ELSE},
        [NODE_LESS_OR_EQUAL] = {OP_LESS_OR_EQUAL_IMMEDIATE_THAN_ELSE,
                                OP_GREATER_OR_EQUAL_IMMEDIATE_THAN_ELSE},
        [NODE_GREATER] = {OP_GREATER_IMMEDIATE_THAN_ELSE, OP_LESS_IMMEDIATE_THAN_ELSE},
        [NODE_GREATER_OR_EQUAL] = {OP_GREATER_OR_EQUAL_IMMEDIATE_THAN_ELSE,
                                   OP_LESS_OR_EQUAL_IMMEDIATE_THAN_ELSE},
    };
    const Syntax *left = at->children, *right = left->next;
    int64_t number;
    if (is_small(right, &number)) {
        int source = generate_anywhere(body, left);
        emit_comparison(body, &at->token, opcodes[at->kind][0], source, number, when, jumps);
        return;
    }
    if (is_small(left, &number)) {
        int source = generate_anywhere(body, right);
        emit_comparison(body, &at->token, opcodes[at->kind][1], source, number, when, jumps);
        return;
    }
    bool swaps = at->kind == NODE_GREATER || at->kind == NODE_GREATER_OR_EQUAL;
    bool is_strict = at->kind == NODE_LESS || at->kind == NODE_GREATER;
    int first = generate_anywhere(body, left), second = generate_anywhere(body, right);
    emit_comparison(body, &at->token, is_strict ? OP_LESS_THAN_ELSE : OP_LESS_OR_EQUAL_THAN_ELSE,
                    swaps ? second : first, swaps ? first : second, when, jumps);
}

void generate_condition(Body *body, const Syntax *condition, bool when, Jump **jumps) {
    int free_register = body->free_register;
    const Syntax *left = condition->children;
    bool decides =
        condition->kind == NODE_OR; // what the left one is, so that the right one isn't asked
    Jump *over = NULL;
    switch (condition->kind) {
    case NODE_AND:
    case NODE_OR:
        generate_condition(body, left, decides, when == decides ? jumps : &over);
        generate_condition(body, left->next, when, jumps);
        code_land(body, &condition->token, over);
        break;
    case NODE_NOT: generate_condition(body, left, !when, jumps); break;
    case NODE_LESS:
    case NODE_LESS_OR_EQUAL:
    case NODE_GREATER:
    case NODE_GREATER_OR_EQUAL: order(body, condition, when, jumps); break;
    case NODE_EQUAL:
    case NODE_UNEQUAL: equality(body, condition, when, jumps); break;
    case NODE_NIL:
    case NODE_FALSE:
    case NODE_TRUE:
        if ((condition->kind == NODE_TRUE) == when)
            code_emit_jump(body, &condition->token, OP_JUMP, 0, 0, jumps);
        break;
    default:
        code_emit_jump(body, &condition->token, when ? OP_JUMP_IF_TRUE_BY : OP_JUMP_IF_FALSE_BY,
                       generate_anywhere(body, condition), 0, jumps);
    }
    body->free_register = free_register;
}

// ---- Values --------------------------------------------------------------------------------

static void truth_into(Body *body, const Syntax *condition, int target) {
    Jump *otherwise = NULL, *end = NULL;
    generate_condition(body, condition, false, &otherwise);
    EMIT(body, &condition->token, OP_LOAD_TRUE, target);
    code_emit_jump(body, &condition->token, OP_JUMP, 0, 0, &end);
    code_land(body, &condition->token, otherwise);
    EMIT(body, &condition->token, OP_LOAD_FALSE, target);
    code_land(body, &condition->token, end);
}

// `and` and `or` are what decides.
static void choice_into(Body *body, const Syntax *at, int target) {
    Jump *end = NULL;
    generate_into(body, at->children, target);
    code_emit_jump(body, &at->token,
                   at->kind == NODE_AND ? OP_JUMP_IF_FALSE_BY : OP_JUMP_IF_TRUE_BY, target, 0,
                   &end);
    generate_into(body, at->children->next, target);
    code_land(body, &at->token, end);
}

static void call_into(Body *body, const Syntax *call, int target) {
    const Syntax *function = call->children;
    int callee = generate_anywhere(body, function), count = call->child_count - 1;
    // Each window begins further up than the one before it: there are frames for so many only.
    if (body->free_register == 0)
        code_reserve(body, &call->token, 1);
    int first = body->free_register;
    for (const Syntax *argument = function->next; argument; argument = argument->next)
        generate_into(body, argument, code_reserve(body, &argument->token, 1));
    EMIT(body, &call->token, OP_CALL_FIRST_COUNT_INTO, callee, first, count, target);
}

static void concatenation_into(Body *body, const Syntax *at, int target) {
    int first = body->free_register;
    for (const Syntax *part = at->children; part; part = part->next)
        generate_into(body, part, code_reserve(body, &part->token, 1));
    EMIT(body, &at->token, OP_CONCATENATE_FIRST_COUNT, target, first, at->child_count);
}

// The constant of a field's name, if it is one that fits a byte; else -1.
static int field_name(Body *body, const Syntax *key) {
    int index = key->kind == NODE_TEXT ? code_text(body, &key->token) : -1;
    return index <= UINT8_MAX ? index : -1;
}

static void array_into(Body *body, const Syntax *at, int target) {
    int count = at->child_count, index = 0;
    EMIT(body, &at->token, OP_NEW_TABLE_ELEMENTS_FIELDS, target,
         count < UINT8_MAX ? count : UINT8_MAX, 0);
    for (const Syntax *element = at->children; element; element = element->next) {
        int free_register = body->free_register;
        int key = code_reserve(body, &element->token, 1);
        int value = generate_anywhere(body, element);
        if (index <= INT16_MAX)
            EMIT(body, &element->token, OP_LOAD_INTEGER_NUMBER, key, index);
        else
            EMIT(body, &element->token, OP_LOAD_CONSTANT_FROM, key,
                 code_constant(body, &element->token, REED_INTEGER_KIND, index));
        EMIT(body, &element->token, OP_SET_INDEX_AT_TO, target, key, value);
        body->free_register = free_register;
        index++;
    }
}

static void generate_store(Body *body, const Token *token, int table, const Syntax *key,
                           const Syntax *value) {
    int name = field_name(body, key);
    if (name >= 0) {
        EMIT(body, token, OP_SET_FIELD_NAME_TO, table, name, generate_anywhere(body, value));
    } else {
        int at = generate_anywhere(body, key);
        EMIT(body, token, OP_SET_INDEX_AT_TO, table, at, generate_anywhere(body, value));
    }
}

static void map_into(Body *body, const Syntax *at, int target) {
    int count = at->child_count / 2;
    EMIT(body, &at->token, OP_NEW_TABLE_ELEMENTS_FIELDS, target, 0,
         count < UINT8_MAX ? count : UINT8_MAX);
    for (const Syntax *key = at->children; key; key = key->next->next) {
        int free_register = body->free_register;
        generate_store(body, &key->token, target, key, key->next);
        body->free_register = free_register;
    }
}

static void index_into(Body *body, const Syntax *at, int target) {
    const Syntax *key = at->children->next;
    int table = generate_anywhere(body, at->children), name = field_name(body, key);
    if (name >= 0)
        EMIT(body, &at->token, OP_FIELD_OF_NAME, target, table, name);
    else
        EMIT(body, &at->token, OP_INDEX_OF_AT, target, table, generate_anywhere(body, key));
}

static void integer_into(Body *body, const Token *token, int target) {
    if (token->integer >= INT16_MIN && token->integer <= INT16_MAX)
        EMIT(body, token, OP_LOAD_INTEGER_NUMBER, target, token->integer);
    else
        EMIT(body, token, OP_LOAD_CONSTANT_FROM, target,
             code_constant(body, token, REED_INTEGER_KIND, token->integer));
}

static void operation_into(Body *body, const Syntax *at, int target) {
    const Token *token = &at->token;
    switch (at->kind) {
    case NODE_ARRAY: array_into(body, at, target); break;
    case NODE_MAP: map_into(body, at, target); break;
    case NODE_CALL: call_into(body, at, target); break;
    case NODE_INDEX: index_into(body, at, target); break;
    case NODE_NEGATE:
        EMIT(body, token, OP_NEGATE_FROM, target, generate_anywhere(body, at->children));
        break;
    case NODE_NOT:
        EMIT(body, token, OP_NOT_FROM, target, generate_anywhere(body, at->children));
        break;
    case NODE_LENGTH:
        EMIT(body, token, OP_LENGTH_OF, target, generate_anywhere(body, at->children));
        break;
    case NODE_CONCATENATE: concatenation_into(body, at, target); break;
    case NODE_AND:
    case NODE_OR: choice_into(body, at, target); break;
    default:
        if (at->kind >= NODE_LESS)
            truth_into(body, at, target);
        else
            arithmetic(body, at, target);
    }
}

void generate_into(Body *body, const Syntax *at, int target) {
    const Token *token = &at->token;
    int free_register = body->free_register;
    switch (at->kind) {
    case NODE_NIL: EMIT(body, token, OP_LOAD_NIL, target); break;
    case NODE_FALSE: EMIT(body, token, OP_LOAD_FALSE, target); break;
    case NODE_TRUE: EMIT(body, token, OP_LOAD_TRUE, target); break;
    case NODE_INTEGER: integer_into(body, token, target); break;
    case NODE_DOUBLE:
        EMIT(body, token, OP_LOAD_CONSTANT_FROM, target,
             code_constant(body, token, REED_DOUBLE_KIND, code_double_bits(token->number)));
        break;
    case NODE_TEXT: EMIT(body, token, OP_LOAD_CONSTANT_FROM, target, code_text(body, token)); break;
    case NODE_VARIABLE: read_variable(body, token, at->variable, target); break;
    case NODE_FUNCTION:
        EMIT(body, token, OP_CLOSURE_FUNCTION, target, generate_function(body, at->function));
        break;
    default: operation_into(body, at, target);
    }
    body->free_register = free_register;
}

int generate_anywhere(Body *body, const Syntax *at) {
    if (at->kind == NODE_VARIABLE && variable_is_register(body, at->variable))
        return at->variable->reg;
    int target = code_reserve(body, &at->token, 1);
    generate_into(body, at, target);
    return target;
}
