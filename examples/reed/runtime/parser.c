// Reed's grammar: source text to the trees of syntax.h, by recursive descent.
#include "names.h"

#include <stdlib.h>
#include <string.h>

// ---- The arena -----------------------------------------------------------------------------

enum { CHUNK_BYTES = 1 << 16 };

typedef struct Chunk {
    struct Chunk *next;
} Chunk;

struct Arena {
    Chunk *chunks;
    size_t used;
};

Arena *arena_new(void) {
    Arena *arena = grown(NULL, sizeof *arena);
    *arena = (Arena){.used = CHUNK_BYTES};
    return arena;
}

void *arena_take(Arena *arena, size_t size) {
    size = (size + 15) & ~(size_t)15;
    if (arena->used + size > CHUNK_BYTES) {
        Chunk *chunk = grown(NULL, CHUNK_BYTES);
        memset(chunk, 0, CHUNK_BYTES);
        chunk->next = arena->chunks;
        arena->chunks = chunk;
        arena->used = 16;
    }
    void *taken = (char *)arena->chunks + arena->used;
    arena->used += size;
    return taken;
}

void arena_free(Arena *arena) {
    for (Chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    free(arena);
}

// ---- Trees ---------------------------------------------------------------------------------

typedef struct Parser {
    Scanner scanner;
    Arena *arena;
    Names names;
    int nesting, loop_depth;
    NamedFunction *functions, *last_function;
} Parser;

static Syntax *expression(Parser *p);
static Syntax *statement(Parser *p);

static _Noreturn void fail_at(const Parser *p, Token token, const char *what) {
    source_fail(p->scanner.source, token.place, "%s", what);
}

static Syntax *node(Parser *p, NodeKind kind, Token token) {
    Syntax *made = arena_take(p->arena, sizeof *made);
    made->kind = kind;
    made->token = token;
    made->depth = 1;
    return made;
}

static void add_child(Parser *p, Syntax *parent, Syntax *child) {
    if (parent->last)
        parent->last->next = child;
    else
        parent->children = child;
    parent->last = child;
    parent->child_count++;
    if (parent->depth <= child->depth)
        parent->depth = child->depth + 1;
    if (parent->depth > DEPTH_MAX)
        source_fail(p->scanner.source, child->token.place,
                    "an expression is built of more than %d parts one in another", DEPTH_MAX);
}

static Syntax *node_of(Parser *p, NodeKind kind, Token token, Syntax *first, Syntax *second) {
    Syntax *made = node(p, kind, token);
    add_child(p, made, first);
    if (second)
        add_child(p, made, second);
    return made;
}

static void nest(Parser *p) {
    if (++p->nesting > NESTING_MAX)
        source_fail(p->scanner.source, p->scanner.token.place, "nested more than %d deep",
                    NESTING_MAX);
}

// ---- Functions -----------------------------------------------------------------------------

static Syntax *block(Parser *p) {
    Scope *scope = p->names.scope;
    Variable *visible = scope->visible;
    int visible_count = scope->visible_count;
    Syntax *made = node(p, NODE_BLOCK, p->scanner.token);
    nest(p);
    scope->block_depth++;
    scanner_expect(&p->scanner, "{");
    while (!scanner_accept(&p->scanner, "}")) {
        if (p->scanner.token.kind == TOKEN_END)
            scanner_expect(&p->scanner, "}");
        add_child(p, made, statement(p));
    }
    scope->block_depth--;
    p->nesting--;
    scope->visible = visible;
    scope->visible_count = visible_count;
    return made;
}

static FunctionSyntax *function_rest(Parser *p, Token token) {
    FunctionSyntax *function = arena_take(p->arena, sizeof *function);
    Scope scope = {.function = function, .outer = p->names.scope};
    int loop_depth = p->loop_depth;
    *function = (FunctionSyntax){.token = token, .outer = p->names.scope->function};
    p->names.scope = &scope;
    p->loop_depth = 0;
    scanner_expect(&p->scanner, "(");
    while (!scanner_accept(&p->scanner, ")")) {
        if (function->parameter_count)
            scanner_expect(&p->scanner, ",");
        names_declare(&p->names, scanner_expect_name(&p->scanner, "the name of a parameter"));
        function->parameter_count++;
    }
    function->parameters = scope.visible;
    function->body = block(p);
    p->names.scope = scope.outer;
    p->loop_depth = loop_depth;
    return function;
}

// ---- Expressions ---------------------------------------------------------------------------

static Syntax *literal(Parser *p, NodeKind kind) {
    Syntax *made = node(p, kind, p->scanner.token);
    scanner_advance(&p->scanner);
    return made;
}

static Syntax *list(Parser *p, Syntax *into, const char *end) {
    for (bool first = true; !scanner_accept(&p->scanner, end); first = false) {
        if (!first)
            scanner_expect(&p->scanner, ",");
        if (!first && scanner_accept(&p->scanner, end))
            break;
        add_child(p, into, expression(p));
    }
    return into;
}

// { name: value, "text": value, [key]: value }
static Syntax *map(Parser *p) {
    Syntax *made = literal(p, NODE_MAP);
    for (bool first = true; !scanner_accept(&p->scanner, "}"); first = false) {
        if (!first)
            scanner_expect(&p->scanner, ",");
        if (!first && scanner_accept(&p->scanner, "}"))
            break;
        if (scanner_accept(&p->scanner, "[")) {
            add_child(p, made, expression(p));
            scanner_expect(&p->scanner, "]");
        } else if (p->scanner.token.kind == TOKEN_TEXT || p->scanner.token.kind == TOKEN_NAME) {
            add_child(p, made, literal(p, NODE_TEXT));
        } else {
            fail_at(p, p->scanner.token, "a key is expected here: a name, a text, or [expression]");
        }
        scanner_expect(&p->scanner, ":");
        add_child(p, made, expression(p));
    }
    return made;
}

static Syntax *primary(Parser *p) {
    Token token = p->scanner.token;
    switch (token.kind) {
    case TOKEN_INTEGER: return literal(p, NODE_INTEGER);
    case TOKEN_DOUBLE: return literal(p, NODE_DOUBLE);
    case TOKEN_TEXT: return literal(p, NODE_TEXT);
    case TOKEN_NAME: {
        Syntax *made = literal(p, NODE_VARIABLE);
        made->variable = names_find(&p->names, token);
        return made;
    }
    default: break;
    }
    if (scanner_is(&p->scanner, "nil"))
        return literal(p, NODE_NIL);
    if (scanner_is(&p->scanner, "false"))
        return literal(p, NODE_FALSE);
    if (scanner_is(&p->scanner, "true"))
        return literal(p, NODE_TRUE);
    if (scanner_is(&p->scanner, "["))
        return list(p, literal(p, NODE_ARRAY), "]");
    if (scanner_is(&p->scanner, "{"))
        return map(p);
    if (scanner_is(&p->scanner, "function")) {
        Syntax *made = literal(p, NODE_FUNCTION);
        made->function = function_rest(p, token);
        return made;
    }
    if (!scanner_accept(&p->scanner, "("))
        fail_at(p, token, "an expression is expected here");
    Syntax *inner = expression(p);
    scanner_expect(&p->scanner, ")");
    return inner;
}

// What begins a line begins something new, even if it looks like a call or an index.
static Syntax *postfix(Parser *p) {
    Syntax *made = primary(p);
    for (;;) {
        Token token = p->scanner.token;
        if (scanner_is(&p->scanner, "(") && !token.begins_line) {
            scanner_advance(&p->scanner);
            made = list(p, node_of(p, NODE_CALL, token, made, NULL), ")");
        } else if (scanner_is(&p->scanner, "[") && !token.begins_line) {
            scanner_advance(&p->scanner);
            made = node_of(p, NODE_INDEX, token, made, expression(p));
            scanner_expect(&p->scanner, "]");
        } else if (scanner_accept(&p->scanner, ".")) {
            Syntax *key = node(p, NODE_TEXT, scanner_expect_name(&p->scanner, "a field's name"));
            made = node_of(p, NODE_INDEX, token, made, key);
        } else {
            return made;
        }
    }
}

static Syntax *unary(Parser *p) {
    Token token = p->scanner.token;
    NodeKind kind = scanner_is(&p->scanner, "-")     ? NODE_NEGATE
                    : scanner_is(&p->scanner, "not") ? NODE_NOT
                    : scanner_is(&p->scanner, "#")   ? NODE_LENGTH
                                                     : NODE_NIL;
    if (kind == NODE_NIL)
        return postfix(p);
    scanner_advance(&p->scanner);
    nest(p);
    Syntax *operand = unary(p);
    p->nesting--;
    if (kind == NODE_NEGATE && operand->kind == NODE_INTEGER) {
        operand->token.integer = (int64_t) - (uint64_t)operand->token.integer;
        return operand;
    }
    if (kind == NODE_NEGATE && operand->kind == NODE_DOUBLE) {
        operand->token.number = -operand->token.number;
        return operand;
    }
    return node_of(p, kind, token, operand, NULL);
}

typedef struct Operator {
    const char *symbol;
    NodeKind kind;
    int level; // those of a higher one bind stronger
} Operator;

enum { LEVEL_COMPARISON = 3, LEVEL_CONCATENATION = 4, LEVEL_UNARY = 7 };

static const Operator *operator_at(const Parser *p) {
    static const Operator operators[] = {
        {"or", NODE_OR, 1},          {"and", NODE_AND, 2},
        {"<", NODE_LESS, 3},         {"<=", NODE_LESS_OR_EQUAL, 3},
        {">", NODE_GREATER, 3},      {">=", NODE_GREATER_OR_EQUAL, 3},
        {"==", NODE_EQUAL, 3},       {"!=", NODE_UNEQUAL, 3},
        {"..", NODE_CONCATENATE, 4}, {"+", NODE_ADD, 5},
        {"-", NODE_SUBTRACT, 5},     {"*", NODE_MULTIPLY, 6},
        {"/", NODE_DIVIDE, 6},       {"//", NODE_QUOTIENT, 6},
        {"%", NODE_REMAINDER, 6},
    };
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (scanner_is(&p->scanner, operators[i].symbol))
            return &operators[i];
    return NULL;
}

// Operators from a level on. Concatenations one after the other become one.
static Syntax *binary(Parser *p, int level) {
    if (level == LEVEL_UNARY)
        return unary(p);
    Syntax *left = binary(p, level + 1);
    for (;;) {
        const Operator *at = operator_at(p);
        if (!at || at->level != level)
            return left;
        Token token = p->scanner.token;
        scanner_advance(&p->scanner);
        Syntax *right = binary(p, level + 1);
        if (level == LEVEL_CONCATENATION && left->kind == NODE_CONCATENATE)
            add_child(p, left, right);
        else
            left = node_of(p, at->kind, token, left, right);
        if (level == LEVEL_COMPARISON)
            return left;
    }
}

static Syntax *expression(Parser *p) {
    nest(p);
    Syntax *made = binary(p, 1);
    p->nesting--;
    return made;
}

// ---- Statements ----------------------------------------------------------------------------

static Syntax *if_statement(Parser *p, Token token) {
    Syntax *made = node(p, NODE_IF, token);
    add_child(p, made, expression(p));
    add_child(p, made, block(p));
    if (!scanner_accept(&p->scanner, "else"))
        return made;
    Token other = p->scanner.token;
    if (scanner_accept(&p->scanner, "if")) {
        nest(p);
        add_child(p, made, if_statement(p, other));
        p->nesting--;
    } else {
        add_child(p, made, block(p));
    }
    return made;
}

static Syntax *while_statement(Parser *p, Token token) {
    Syntax *made = node(p, NODE_WHILE, token);
    add_child(p, made, expression(p));
    p->loop_depth++;
    add_child(p, made, block(p));
    p->loop_depth--;
    return made;
}

static Syntax *for_statement(Parser *p, Token token) {
    Syntax *made = node(p, NODE_FOR, token);
    Scope *scope = p->names.scope;
    Token name = scanner_expect_name(&p->scanner, "the name of a variable");
    scanner_expect(&p->scanner, "=");
    add_child(p, made, expression(p));
    scanner_expect(&p->scanner, ",");
    add_child(p, made, expression(p));
    Syntax *step = node(p, NODE_INTEGER, token);
    step->token.integer = 1;
    add_child(p, made, scanner_accept(&p->scanner, ",") ? expression(p) : step);
    scope->block_depth++;
    made->variable = names_declare(&p->names, name);
    p->loop_depth++;
    add_child(p, made, block(p));
    p->loop_depth--;
    scope->block_depth--;
    scope->visible = made->variable->next;
    scope->visible_count--;
    return made;
}

// A variable's value doesn't see the variable.
static Syntax *let_statement(Parser *p, Token token) {
    Token name = scanner_expect_name(&p->scanner, "the name of a variable");
    Syntax *made = node(p, NODE_LET, token);
    if (scanner_accept(&p->scanner, "="))
        add_child(p, made, expression(p));
    made->variable = names_declare(&p->names, name);
    return made;
}

static Syntax *assignment(Parser *p, Token token, Syntax *target, Syntax *value) {
    if (target->kind == NODE_VARIABLE)
        target->variable->is_assigned = true;
    return node_of(p, NODE_ASSIGN, token, target, value);
}

// Those of the program are there before it begins. Others are variables like any.
static Syntax *function_statement(Parser *p, Token token) {
    Scope *scope = p->names.scope;
    Token name = scanner_expect_name(&p->scanner, "the name of a function");
    if (!scope->outer && scope->block_depth == 0) {
        NamedFunction *named = arena_take(p->arena, sizeof *named);
        named->variable = names_declare_function(&p->names, name);
        named->function = function_rest(p, name);
        if (p->last_function)
            p->last_function->next = named;
        else
            p->functions = named;
        p->last_function = named;
        return node(p, NODE_BLOCK, token);
    }
    Syntax *made = node(p, NODE_LET, token), *target = node(p, NODE_VARIABLE, name);
    made->variable = target->variable = names_declare(&p->names, name);
    Syntax *function = node(p, NODE_FUNCTION, token);
    function->function = function_rest(p, name);
    // Not within a block of its own: the variable remains in sight.
    Syntax *both = node(p, NODE_EVALUATE, token);
    add_child(p, both, made);
    add_child(p, both, assignment(p, token, target, function));
    return both;
}

static Syntax *return_statement(Parser *p, Token token) {
    Syntax *made = node(p, NODE_RETURN, token);
    bool is_end = scanner_is(&p->scanner, "}") || scanner_is(&p->scanner, ";") ||
                  p->scanner.token.kind == TOKEN_END || p->scanner.token.begins_line;
    if (!p->names.scope->outer)
        fail_at(p, token, "'return' stands outside of a function");
    if (!is_end)
        add_child(p, made, expression(p));
    return made;
}

static Syntax *expression_statement(Parser *p, Token token) {
    Syntax *target = postfix(p);
    Token sign = p->scanner.token;
    if (scanner_accept(&p->scanner, "=")) {
        if (target->kind != NODE_VARIABLE && target->kind != NODE_INDEX)
            fail_at(p, token, "nothing can be assigned to this");
        return assignment(p, sign, target, expression(p));
    }
    if (target->kind != NODE_CALL)
        fail_at(p, token, "a statement is expected here; of expressions only a call is one");
    return node_of(p, NODE_EVALUATE, token, target, NULL);
}

static Syntax *statement_proper(Parser *p) {
    Token token = p->scanner.token;
    if (scanner_accept(&p->scanner, "if"))
        return if_statement(p, token);
    if (scanner_accept(&p->scanner, "while"))
        return while_statement(p, token);
    if (scanner_accept(&p->scanner, "for"))
        return for_statement(p, token);
    if (scanner_accept(&p->scanner, "let"))
        return let_statement(p, token);
    if (scanner_accept(&p->scanner, "function"))
        return function_statement(p, token);
    if (scanner_accept(&p->scanner, "return"))
        return return_statement(p, token);
    if (scanner_accept(&p->scanner, "break")) {
        if (!p->loop_depth)
            fail_at(p, token, "'break' stands outside of a loop");
        return node(p, NODE_BREAK, token);
    }
    return expression_statement(p, token);
}

static Syntax *statement(Parser *p) {
    Syntax *made = statement_proper(p);
    while (scanner_accept(&p->scanner, ";"))
        continue;
    return made;
}

ProgramSyntax parse(const Source *source, const char *const *given, int given_count, Arena *arena) {
    Parser p = {.arena = arena, .names = {.source = source, .arena = arena}};
    FunctionSyntax *main = arena_take(arena, sizeof *main);
    Scope scope = {.function = main};
    p.scanner = scanner_open(source);
    p.names.scope = &scope;
    for (int i = 0; i < given_count; i++)
        names_give(&p.names, given[i]);
    main->token = p.scanner.token;
    main->body = node(&p, NODE_BLOCK, main->token);
    while (p.scanner.token.kind != TOKEN_END)
        add_child(&p, main->body, statement(&p));
    names_check_all_defined(&p.names);
    return (ProgramSyntax){main, p.functions, p.names.global_count};
}
