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

static Syntax *expression(Parser *parser);
static Syntax *statement(Parser *parser);

static _Noreturn void fail_at(const Parser *parser, Token token, const char *what) {
    source_fail(parser->scanner.source, token.place, "%s", what);
}

static Syntax *node(Parser *parser, NodeKind kind, Token token) {
    Syntax *made = arena_take(parser->arena, sizeof *made);
    made->kind = kind;
    made->token = token;
    made->depth = 1;
    return made;
}

static void add_child(Parser *parser, Syntax *parent, Syntax *child) {
    if (parent->last)
        parent->last->next = child;
    else
        parent->children = child;
    parent->last = child;
    parent->child_count++;
    if (parent->depth <= child->depth)
        parent->depth = child->depth + 1;
    if (parent->depth > DEPTH_MAX)
        source_fail(parser->scanner.source, child->token.place,
                    "an expression is built of more than %d parts one in another", DEPTH_MAX);
}

static Syntax *node_of(Parser *parser, NodeKind kind, Token token, Syntax *first, Syntax *second) {
    Syntax *made = node(parser, kind, token);
    add_child(parser, made, first);
    if (second)
        add_child(parser, made, second);
    return made;
}

static void nest(Parser *parser) {
    if (++parser->nesting > NESTING_MAX)
        source_fail(parser->scanner.source, parser->scanner.token.place, "nested more than %d deep",
                    NESTING_MAX);
}

// ---- Functions -----------------------------------------------------------------------------

static Syntax *block(Parser *parser) {
    Scope *scope = parser->names.scope;
    Variable *visible = scope->visible;
    int visible_count = scope->visible_count;
    Syntax *made = node(parser, NODE_BLOCK, parser->scanner.token);
    nest(parser);
    scope->block_depth++;
    scanner_expect(&parser->scanner, "{");
    while (!scanner_accept(&parser->scanner, "}")) {
        if (parser->scanner.token.kind == TOKEN_END)
            scanner_expect(&parser->scanner, "}");
        add_child(parser, made, statement(parser));
    }
    scope->block_depth--;
    parser->nesting--;
    scope->visible = visible;
    scope->visible_count = visible_count;
    return made;
}

static FunctionSyntax *function_rest(Parser *parser, Token token) {
    FunctionSyntax *function = arena_take(parser->arena, sizeof *function);
    Scope scope = {.function = function, .outer = parser->names.scope};
    int loop_depth = parser->loop_depth;
    *function = (FunctionSyntax){.token = token, .outer = parser->names.scope->function};
    parser->names.scope = &scope;
    parser->loop_depth = 0;
    scanner_expect(&parser->scanner, "(");
    while (!scanner_accept(&parser->scanner, ")")) {
        if (function->parameter_count)
            scanner_expect(&parser->scanner, ",");
        names_declare(&parser->names,
                      scanner_expect_name(&parser->scanner, "the name of a parameter"));
        function->parameter_count++;
    }
    function->parameters = scope.visible;
    function->body = block(parser);
    parser->names.scope = scope.outer;
    parser->loop_depth = loop_depth;
    return function;
}

// ---- Expressions ---------------------------------------------------------------------------

static Syntax *literal(Parser *parser, NodeKind kind) {
    Syntax *made = node(parser, kind, parser->scanner.token);
    scanner_advance(&parser->scanner);
    return made;
}

static Syntax *list(Parser *parser, Syntax *into, const char *end) {
    for (bool first = true; !scanner_accept(&parser->scanner, end); first = false) {
        if (!first)
            scanner_expect(&parser->scanner, ",");
        if (!first && scanner_accept(&parser->scanner, end))
            break;
        add_child(parser, into, expression(parser));
    }
    return into;
}

// { name: value, "text": value, [key]: value }
static Syntax *map(Parser *parser) {
    Syntax *made = literal(parser, NODE_MAP);
    for (bool first = true; !scanner_accept(&parser->scanner, "}"); first = false) {
        if (!first)
            scanner_expect(&parser->scanner, ",");
        if (!first && scanner_accept(&parser->scanner, "}"))
            break;
        if (scanner_accept(&parser->scanner, "[")) {
            add_child(parser, made, expression(parser));
            scanner_expect(&parser->scanner, "]");
        } else if (parser->scanner.token.kind == TOKEN_TEXT ||
                   parser->scanner.token.kind == TOKEN_NAME) {
            add_child(parser, made, literal(parser, NODE_TEXT));
        } else {
            fail_at(parser, parser->scanner.token,
                    "a key is expected here: a name, a text, or [expression]");
        }
        scanner_expect(&parser->scanner, ":");
        add_child(parser, made, expression(parser));
    }
    return made;
}

static Syntax *primary(Parser *parser) {
    Token token = parser->scanner.token;
    switch (token.kind) {
    case TOKEN_INTEGER: return literal(parser, NODE_INTEGER);
    case TOKEN_DOUBLE: return literal(parser, NODE_DOUBLE);
    case TOKEN_TEXT: return literal(parser, NODE_TEXT);
    case TOKEN_NAME: {
        Syntax *made = literal(parser, NODE_VARIABLE);
        made->variable = names_find(&parser->names, token);
        return made;
    }
    default: break;
    }
    if (scanner_is(&parser->scanner, "nil"))
        return literal(parser, NODE_NIL);
    if (scanner_is(&parser->scanner, "false"))
        return literal(parser, NODE_FALSE);
    if (scanner_is(&parser->scanner, "true"))
        return literal(parser, NODE_TRUE);
    if (scanner_is(&parser->scanner, "["))
        return list(parser, literal(parser, NODE_ARRAY), "]");
    if (scanner_is(&parser->scanner, "{"))
        return map(parser);
    if (scanner_is(&parser->scanner, "function")) {
        Syntax *made = literal(parser, NODE_FUNCTION);
        made->function = function_rest(parser, token);
        return made;
    }
    if (!scanner_accept(&parser->scanner, "("))
        fail_at(parser, token, "an expression is expected here");
    Syntax *inner = expression(parser);
    scanner_expect(&parser->scanner, ")");
    return inner;
}

// What begins a line begins something new, even if it looks like a call or an index.
static Syntax *postfix(Parser *parser) {
    Syntax *made = primary(parser);
    for (;;) {
        Token token = parser->scanner.token;
        if (scanner_is(&parser->scanner, "(") && !token.begins_line) {
            scanner_advance(&parser->scanner);
            made = list(parser, node_of(parser, NODE_CALL, token, made, NULL), ")");
        } else if (scanner_is(&parser->scanner, "[") && !token.begins_line) {
            scanner_advance(&parser->scanner);
            made = node_of(parser, NODE_INDEX, token, made, expression(parser));
            scanner_expect(&parser->scanner, "]");
        } else if (scanner_accept(&parser->scanner, ".")) {
            Syntax *key =
                node(parser, NODE_TEXT, scanner_expect_name(&parser->scanner, "a field's name"));
            made = node_of(parser, NODE_INDEX, token, made, key);
        } else {
            return made;
        }
    }
}

static Syntax *unary(Parser *parser) {
    Token token = parser->scanner.token;
    NodeKind kind = scanner_is(&parser->scanner, "-")     ? NODE_NEGATE
                    : scanner_is(&parser->scanner, "not") ? NODE_NOT
                    : scanner_is(&parser->scanner, "#")   ? NODE_LENGTH
                                                          : NODE_NIL;
    if (kind == NODE_NIL)
        return postfix(parser);
    scanner_advance(&parser->scanner);
    nest(parser);
    Syntax *operand = unary(parser);
    parser->nesting--;
    if (kind == NODE_NEGATE && operand->kind == NODE_INTEGER) {
        operand->token.integer = (int64_t) - (uint64_t)operand->token.integer;
        return operand;
    }
    if (kind == NODE_NEGATE && operand->kind == NODE_DOUBLE) {
        operand->token.number = -operand->token.number;
        return operand;
    }
    return node_of(parser, kind, token, operand, NULL);
}

typedef struct Operator {
    const char *symbol;
    NodeKind kind;
    int level; // those of a higher one bind stronger
} Operator;

enum { LEVEL_COMPARISON = 3, LEVEL_CONCATENATION = 4, LEVEL_UNARY = 7 };

static const Operator *operator_at(const Parser *parser) {
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
        if (scanner_is(&parser->scanner, operators[i].symbol))
            return &operators[i];
    return NULL;
}

// Operators from a level on. Concatenations one after the other become one.
static Syntax *binary(Parser *parser, int level) {
    if (level == LEVEL_UNARY)
        return unary(parser);
    Syntax *left = binary(parser, level + 1);
    for (;;) {
        const Operator *at = operator_at(parser);
        if (!at || at->level != level)
            return left;
        Token token = parser->scanner.token;
        scanner_advance(&parser->scanner);
        Syntax *right = binary(parser, level + 1);
        if (level == LEVEL_CONCATENATION && left->kind == NODE_CONCATENATE)
            add_child(parser, left, right);
        else
            left = node_of(parser, at->kind, token, left, right);
        if (level == LEVEL_COMPARISON)
            return left;
    }
}

static Syntax *expression(Parser *parser) {
    nest(parser);
    Syntax *made = binary(parser, 1);
    parser->nesting--;
    return made;
}

// ---- Statements ----------------------------------------------------------------------------

static Syntax *if_statement(Parser *parser, Token token) {
    Syntax *made = node(parser, NODE_IF, token);
    add_child(parser, made, expression(parser));
    add_child(parser, made, block(parser));
    if (!scanner_accept(&parser->scanner, "else"))
        return made;
    Token other = parser->scanner.token;
    if (scanner_accept(&parser->scanner, "if")) {
        nest(parser);
        add_child(parser, made, if_statement(parser, other));
        parser->nesting--;
    } else {
        add_child(parser, made, block(parser));
    }
    return made;
}

static Syntax *while_statement(Parser *parser, Token token) {
    Syntax *made = node(parser, NODE_WHILE, token);
    add_child(parser, made, expression(parser));
    parser->loop_depth++;
    add_child(parser, made, block(parser));
    parser->loop_depth--;
    return made;
}

static Syntax *for_statement(Parser *parser, Token token) {
    Syntax *made = node(parser, NODE_FOR, token);
    Scope *scope = parser->names.scope;
    Token name = scanner_expect_name(&parser->scanner, "the name of a variable");
    scanner_expect(&parser->scanner, "=");
    add_child(parser, made, expression(parser));
    scanner_expect(&parser->scanner, ",");
    add_child(parser, made, expression(parser));
    Syntax *step = node(parser, NODE_INTEGER, token);
    step->token.integer = 1;
    add_child(parser, made, scanner_accept(&parser->scanner, ",") ? expression(parser) : step);
    scope->block_depth++;
    made->variable = names_declare(&parser->names, name);
    parser->loop_depth++;
    add_child(parser, made, block(parser));
    parser->loop_depth--;
    scope->block_depth--;
    scope->visible = made->variable->next;
    scope->visible_count--;
    return made;
}

// A variable's value doesn't see the variable.
static Syntax *let_statement(Parser *parser, Token token) {
    Token name = scanner_expect_name(&parser->scanner, "the name of a variable");
    Syntax *made = node(parser, NODE_LET, token);
    if (scanner_accept(&parser->scanner, "="))
        add_child(parser, made, expression(parser));
    made->variable = names_declare(&parser->names, name);
    return made;
}

static Syntax *assignment(Parser *parser, Token token, Syntax *target, Syntax *value) {
    if (target->kind == NODE_VARIABLE)
        target->variable->is_assigned = true;
    return node_of(parser, NODE_ASSIGN, token, target, value);
}

// Those of the program are there before it begins. Others are variables like any.
static Syntax *function_statement(Parser *parser, Token token) {
    Scope *scope = parser->names.scope;
    Token name = scanner_expect_name(&parser->scanner, "the name of a function");
    if (!scope->outer && scope->block_depth == 0) {
        NamedFunction *named = arena_take(parser->arena, sizeof *named);
        named->variable = names_declare_function(&parser->names, name);
        named->function = function_rest(parser, name);
        if (parser->last_function)
            parser->last_function->next = named;
        else
            parser->functions = named;
        parser->last_function = named;
        return node(parser, NODE_BLOCK, token);
    }
    Syntax *made = node(parser, NODE_LET, token), *target = node(parser, NODE_VARIABLE, name);
    made->variable = target->variable = names_declare(&parser->names, name);
    Syntax *function = node(parser, NODE_FUNCTION, token);
    function->function = function_rest(parser, name);
    // Not within a block of its own: the variable remains in sight.
    Syntax *both = node(parser, NODE_EVALUATE, token);
    add_child(parser, both, made);
    add_child(parser, both, assignment(parser, token, target, function));
    return both;
}

static Syntax *return_statement(Parser *parser, Token token) {
    Syntax *made = node(parser, NODE_RETURN, token);
    bool is_end = scanner_is(&parser->scanner, "}") || scanner_is(&parser->scanner, ";") ||
                  parser->scanner.token.kind == TOKEN_END || parser->scanner.token.begins_line;
    if (!parser->names.scope->outer)
        fail_at(parser, token, "'return' stands outside of a function");
    if (!is_end)
        add_child(parser, made, expression(parser));
    return made;
}

static Syntax *expression_statement(Parser *parser, Token token) {
    Syntax *target = postfix(parser);
    Token sign = parser->scanner.token;
    if (scanner_accept(&parser->scanner, "=")) {
        if (target->kind != NODE_VARIABLE && target->kind != NODE_INDEX)
            fail_at(parser, token, "nothing can be assigned to this");
        return assignment(parser, sign, target, expression(parser));
    }
    if (target->kind != NODE_CALL)
        fail_at(parser, token, "a statement is expected here; of expressions only a call is one");
    return node_of(parser, NODE_EVALUATE, token, target, NULL);
}

static Syntax *statement_proper(Parser *parser) {
    Token token = parser->scanner.token;
    if (scanner_accept(&parser->scanner, "if"))
        return if_statement(parser, token);
    if (scanner_accept(&parser->scanner, "while"))
        return while_statement(parser, token);
    if (scanner_accept(&parser->scanner, "for"))
        return for_statement(parser, token);
    if (scanner_accept(&parser->scanner, "let"))
        return let_statement(parser, token);
    if (scanner_accept(&parser->scanner, "function"))
        return function_statement(parser, token);
    if (scanner_accept(&parser->scanner, "return"))
        return return_statement(parser, token);
    if (scanner_accept(&parser->scanner, "break")) {
        if (!parser->loop_depth)
            fail_at(parser, token, "'break' stands outside of a loop");
        return node(parser, NODE_BREAK, token);
    }
    return expression_statement(parser, token);
}

static Syntax *statement(Parser *parser) {
    Syntax *made = statement_proper(parser);
    while (scanner_accept(&parser->scanner, ";"))
        continue;
    return made;
}

ProgramSyntax parse(const Source *source, const char *const *given, int given_count, Arena *arena) {
    Parser parser = {.arena = arena, .names = {.source = source, .arena = arena}};
    FunctionSyntax *main = arena_take(arena, sizeof *main);
    Scope scope = {.function = main};
    parser.scanner = scanner_open(source);
    parser.names.scope = &scope;
    for (int i = 0; i < given_count; i++)
        names_give(&parser.names, given[i]);
    main->token = parser.scanner.token;
    main->body = node(&parser, NODE_BLOCK, main->token);
    while (parser.scanner.token.kind != TOKEN_END)
        add_child(&parser, main->body, statement(&parser));
    names_check_all_defined(&parser.names);
    return (ProgramSyntax){main, parser.functions, parser.names.global_count};
}
