// Literals of a method: those that can't be changed are stored once, found by a hash table (this
// is known as hash-consing). Each array literal and each block is an object of its own.
#include "frontend/guest/code.h"
#include "support/hash.h"
#include "support/internal_error.h"

#include <stdlib.h>
#include <string.h>

static uint64_t hash(const GuestLiteral *literal) {
    // The kind, too: 'a' and #a are different literals.
    const uint64_t hash = HASH_OF_NOTHING + literal->kind;
    switch (literal->kind) {
    case GUEST_INTEGER: return hash_more(hash, literal->digits, strlen(literal->digits));
    case GUEST_DOUBLE: return hash_more(hash, &literal->number, sizeof literal->number);
    default: return hash_more(hash, literal->text.chars, literal->text.length);
    }
}

// Doubles by their bits: 0.0 and -0.0 are different literals.
static bool equal(const GuestLiteral *left, const GuestLiteral *right) {
    if (left->kind != right->kind)
        return false;
    switch (left->kind) {
    case GUEST_INTEGER: return !strcmp(left->digits, right->digits);
    case GUEST_DOUBLE: return !memcmp(&left->number, &right->number, sizeof left->number);
    case GUEST_STRING:
    case GUEST_SYMBOL:
        return left->text.length == right->text.length &&
               !memcmp(left->text.chars, right->text.chars, left->text.length);
    default: return false;
    }
}

static int add(GuestCode *code, const GuestLiteral *literal) {
    if ((int64_t)code->method->literals.count >
        interpreter_bytecodes[OP_PUSH_CONSTANT].operands[0].maximum) {
        guest_too_many(code, "literals");
        return 0;
    }
    ARENA_PUSH(code->arena, &code->method->literals, *literal);
    return (int)code->method->literals.count - 1;
}

// The table's entry that holds an equal literal, or a free one.
static int *find(GuestCode *code, const GuestLiteral *literal) {
    size_t mask = code->literal_capacity - 1;
    for (size_t i = hash(literal) & mask;; i = (i + 1) & mask) {
        int *entry = &code->literal_table[i];
        if (*entry < 0 || equal(&code->method->literals.items[*entry], literal))
            return entry;
    }
}

static bool is_shared(const GuestLiteral *literal) {
    return literal->kind != GUEST_ARRAY && literal->kind != GUEST_BLOCK;
}

static void grow_table(GuestCode *code) {
    code->literal_capacity = code->literal_capacity ? code->literal_capacity * 2 : 16;
    code->literal_table = ARENA_ARRAY(code->arena, int, code->literal_capacity);
    for (size_t i = 0; i < code->literal_capacity; i++)
        code->literal_table[i] = -1;
    for (size_t i = 0; i < code->method->literals.count; i++) {
        if (is_shared(&code->method->literals.items[i]))
            *find(code, &code->method->literals.items[i]) = (int)i;
    }
}

int guest_literal(GuestCode *code, const GuestLiteral *literal) {
    if (!is_shared(literal))
        return add(code, literal);
    if (2 * (code->method->literals.count + 1) > code->literal_capacity)
        grow_table(code);
    int *entry = find(code, literal);
    if (*entry < 0)
        *entry = add(code, literal);
    return *entry;
}

GuestLiteral guest_literal_of(Arena *arena, const AstExpression *expression) {
    GuestLiteral literal = {0};
    switch (expression->kind) {
    case AST_INTEGER:
        literal.kind = GUEST_INTEGER;
        literal.digits = expression->digits;
        return literal;
    case AST_DOUBLE:
        literal.kind = GUEST_DOUBLE;
        literal.number = expression->number;
        return literal;
    case AST_STRING:
    case AST_SYMBOL:
        literal.kind = expression->kind == AST_STRING ? GUEST_STRING : GUEST_SYMBOL;
        literal.text.chars = expression->text.chars;
        literal.text.length = expression->text.length;
        return literal;
    case AST_ARRAY:
        literal.kind = GUEST_ARRAY;
        literal.array.count = expression->elements.count;
        literal.array.items = ARENA_ARRAY(arena, GuestLiteral, expression->elements.count);
        for (size_t i = 0; i < expression->elements.count; i++)
            literal.array.items[i] = guest_literal_of(arena, expression->elements.items[i]);
        return literal;
    default: internal_error("an expression is no literal");
    }
}

// Does it fit into the instruction?
static bool is_small(const char *digits, int64_t *value) {
    const InterpreterOperand *operand = &interpreter_bytecodes[OP_PUSH_INTEGER].operands[0];
    if (strlen(digits) > 9)
        return false;
    *value = strtol(digits, NULL, 10);
    return *value >= operand->minimum && *value <= operand->maximum;
}

void guest_push_literal(GuestCode *code, const AstExpression *expression) {
    if (!code->is_reachable)
        return;
    int64_t value;
    if (expression->kind == AST_INTEGER && is_small(expression->digits, &value)) {
        guest_emit(code, OP_PUSH_INTEGER, value, 0);
        return;
    }
    GuestLiteral literal = guest_literal_of(code->arena, expression);
    guest_emit(code, OP_PUSH_CONSTANT, guest_literal(code, &literal), 0);
}
