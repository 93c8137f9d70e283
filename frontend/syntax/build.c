// Makes the nodes of the tree and keeps it shallow enough for recursive walkers. A compiler is
// easiest to read when it walks the tree by recursion; but then a source with a hundred thousand
// brackets ends it by a full C stack, which can't be reported. So the depth is counted as the
// tree grows, from the leaves upwards, and a limit turns such a source into an ordinary error.
// Chains of messages are the one form in which people do write deep trees; they don't count, and
// walkers go along them in a loop (chain.h).
#include "frontend/syntax/chain.h"
#include "frontend/syntax/parse.h"
#include "frontend/syntax/state.h"

#include <string.h>

// Nodes carry the depth of the tree below them, which nobody outside needs. All nodes are made
// here, so every AstExpression is the beginning of a Measured, and every AstBlock of a
// MeasuredBody.
typedef struct Measured {
    AstExpression node;
    int depth;
    int brackets; // right around it
} Measured;

typedef struct MeasuredBody {
    AstBlock body;
    int depth;
} MeasuredBody;

static int depth_of(const AstExpression *expression) {
    return ((const Measured *)expression)->depth;
}

static int deepest(AstExpressions expressions) {
    int depth = 0;
    for (size_t i = 0; i < expressions.count; i++) {
        if (depth < depth_of(expressions.items[i]))
            depth = depth_of(expressions.items[i]);
    }
    return depth;
}

// Stops the parse: the source goes on as deep as it likes, and each level would be an error. The
// lexer sees `stopped` and says that the file ends.
void syntax_too_deep(SyntaxState *state, Location at) {
    if (state->stopped)
        return;
    state->stopped = true;
    diagnostic_error(state->diagnostics, at, "nesting too deep: more than %d levels",
                     SYNTAX_DEPTH_LIMIT);
}

// The tree is at least so deep.
static void deepen(SyntaxState *state, AstExpression *expression, int depth) {
    if (depth_of(expression) < depth)
        ((Measured *)expression)->depth = depth;
    if (depth > SYNTAX_DEPTH_LIMIT)
        syntax_too_deep(state, expression->at);
}

// A new node over a tree of depth `below`.
static AstExpression *node(SyntaxState *state, AstKind kind, Location at, int below) {
    Measured *measured = ARENA_NEW(state->arena, Measured);
    measured->node.kind = kind;
    measured->node.at = at;
    deepen(state, &measured->node, below + 1);
    return &measured->node;
}

// Brackets leave no node, but stand on the parser's stack while they are open; who puts a thousand
// around one expression gets the same answer as for any other nesting.
AstExpression *syntax_bracketed(SyntaxState *state, AstExpression *expression, Location at) {
    if (++((Measured *)expression)->brackets > SYNTAX_DEPTH_LIMIT)
        syntax_too_deep(state, at);
    return expression;
}

AstExpression *syntax_variable(SyntaxState *state, const char *name, Location at) {
    AstExpression *result = node(state, AST_VARIABLE, at, 0);
    result->variable.name = name;
    return result;
}

AstExpression *syntax_assignment(SyntaxState *state, const char *name, AstExpression *value,
                                 Location at) {
    AstExpression *result = node(state, AST_ASSIGNMENT, at, depth_of(value));
    result->assignment.name = name;
    result->assignment.value = value;
    return result;
}

// A message is one level above its receiver, unless it belongs to a chain that is long already.
static AstExpression *send(SyntaxState *state, AstExpression *receiver, const char *selector,
                           AstExpressions arguments, Location at) {
    AstExpression *result = node(state, AST_SEND, at, deepest(arguments));
    result->send.receiver = receiver;
    result->send.selector = selector;
    result->send.arguments = arguments;
    deepen(state, result, depth_of(receiver) + !syntax_is_long_chain(result));
    return result;
}

AstExpression *syntax_unary(SyntaxState *state, AstExpression *receiver, const char *selector,
                            Location at) {
    return send(state, receiver, selector, (AstExpressions){0}, at);
}

AstExpression *syntax_binary(SyntaxState *state, AstExpression *receiver, const char *selector,
                             AstExpression *argument, Location at) {
    AstExpressions arguments = {0};
    ARENA_PUSH(state->arena, &arguments, argument);
    return send(state, receiver, selector, arguments, at);
}

AstExpression *syntax_keyword(SyntaxState *state, AstExpression *receiver, SyntaxKeywords message) {
    const char *selector = syntax_selector(state, message.selector);
    return send(state, receiver, selector, message.arguments, message.at);
}

AstExpression *syntax_return(SyntaxState *state, AstExpression *value, Location at) {
    AstExpression *result = node(state, AST_RETURN, at, depth_of(value));
    result->returned = value;
    return result;
}

AstExpression *syntax_block(SyntaxState *state, AstBlock *block, AstVariables arguments,
                            Location at, Location end) {
    AstExpression *result = node(state, AST_BLOCK, at, ((MeasuredBody *)block)->depth);
    block->arguments = arguments;
    block->at = at;
    block->end = end;
    result->block = block;
    return result;
}

AstExpression *syntax_array(SyntaxState *state, AstExpressions elements, Location at) {
    AstExpression *result = node(state, AST_ARRAY, at, deepest(elements));
    result->elements = elements;
    return result;
}

AstExpression *syntax_integer(SyntaxState *state, const char *digits, bool negative, Location at) {
    AstExpression *result = node(state, AST_INTEGER, at, 0);
    bool signed_digits = negative && strcmp(digits, "0") != 0; // there is one zero
    result->digits = signed_digits ? arena_printf(state->arena, "-%s", digits) : digits;
    return result;
}

AstExpression *syntax_number(SyntaxState *state, double number, Location at) {
    AstExpression *result = node(state, AST_DOUBLE, at, 0);
    result->number = number;
    return result;
}

AstExpression *syntax_text(SyntaxState *state, AstKind kind, SyntaxText text, Location at) {
    AstExpression *result = node(state, kind, at, 0);
    result->text.chars = text.chars;
    result->text.length = text.length;
    return result;
}

const char *syntax_selector(SyntaxState *state, SyntaxSelector words) {
    size_t length = 0;
    for (size_t i = 0; i < words.count; i++)
        length += strlen(words.items[i]);
    char *selector = arena_alloc(state->arena, length + 1), *end = selector;
    for (size_t i = 0; i < words.count; i++)
        end = stpcpy(end, words.items[i]);
    return selector;
}

AstAnnotation *syntax_annotation(SyntaxState *state, AstAnnotation *annotation, Location at) {
    annotation->at = at;
    ARENA_PUSH(state->arena, &state->file->annotations, annotation);
    return annotation;
}

void syntax_add_pattern(SyntaxState *state, SyntaxPattern *pattern, const char *word,
                        AstVariable argument) {
    ARENA_PUSH(state->arena, &pattern->selector, word);
    ARENA_PUSH(state->arena, &pattern->arguments, argument);
}

void syntax_add_keyword(SyntaxState *state, SyntaxKeywords *keywords, const char *word,
                        AstExpression *argument) {
    ARENA_PUSH(state->arena, &keywords->selector, word);
    ARENA_PUSH(state->arena, &keywords->arguments, argument);
}

AstBlock *syntax_body(SyntaxState *state, AstVariables locals, AstExpressions statements) {
    MeasuredBody *measured = ARENA_NEW(state->arena, MeasuredBody);
    measured->body.locals = locals;
    measured->body.statements = statements;
    measured->depth = deepest(statements);
    return &measured->body;
}

void syntax_add_statement(SyntaxState *state, AstExpressions *statements, AstExpression *statement,
                          Location at) {
    if (!statement)
        return;
    if (statements->count > 0 && statements->items[statements->count - 1]->kind == AST_RETURN)
        diagnostic_error(state->diagnostics, at,
                         "statement after a return: '^' must be the last one");
    ARENA_PUSH(state->arena, statements, statement);
}
