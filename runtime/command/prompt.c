// See prompt.h. Statements become a method of Object, run once with nil as its receiver; an
// assignment to a name that isn't declared inside becomes a message that gives a global its value,
// so that the compiler needn't know of this. A prompt that had variables of its own would need an
// interpreter of its own; this way what is typed runs exactly as it would in a method.
//
// Names that nobody has assigned are globals in SOM anyway: reading one loads a class, or sends
// `unknownGlobal:`.
#include "runtime/command/prompt.h"

#include "frontend/syntax/parse.h"
#include "runtime/command/prompt_input.h"
#include "runtime/loading/loader.h"
#include "runtime/process/output.h"
#include "runtime/process/signals.h"
#include "runtime/vm.h"

#include <errno.h>
#include <stdlib.h>

static const char source_name[] = "input";

// ---- Variables ---------------------------------------------------------------------

// The blocks around an expression, innermost first.
typedef struct Scope {
    const struct Scope *outer;
    const AstBlock *block;
} Scope;

static bool has_variable(const AstVariables *variables, const char *name) {
    for (size_t i = 0; i < variables->count; i++)
        if (!strcmp(variables->items[i].name, name))
            return true;
    return false;
}

static bool is_declared(const Scope *scope, const char *name) {
    for (; scope; scope = scope->outer)
        if (has_variable(&scope->block->arguments, name) ||
            has_variable(&scope->block->locals, name))
            return true;
    return false;
}

// Names that mean something else than a global: the compiler refuses to assign to them.
static bool is_reserved(const char *name) {
    static const char *const names[] = {"self", "super", "nil", "true", "false", "thisContext"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

static AstExpression *new_expression(Arena *arena, AstKind kind, Location at) {
    AstExpression *expression = ARENA_NEW(arena, AstExpression);
    expression->kind = kind;
    expression->at = at;
    return expression;
}

static AstExpression *new_variable(Arena *arena, const char *name, Location at) {
    AstExpression *variable = new_expression(arena, AST_VARIABLE, at);
    variable->variable.name = name;
    return variable;
}

// `[ :value | system global: #name put: value. value ]`. A block, because an assignment is an
// expression: its value is computed once, and is the assignment's.
static AstExpression *assigning_block(Arena *arena, const char *name, Location at) {
    static const char parameter[] = "value";
    AstExpression *symbol = new_expression(arena, AST_SYMBOL, at);
    symbol->text.chars = name;
    symbol->text.length = strlen(name);
    AstExpression *send = new_expression(arena, AST_SEND, at);
    send->send.receiver = new_variable(arena, "system", at);
    send->send.selector = "global:put:";
    ARENA_PUSH(arena, &send->send.arguments, symbol);
    ARENA_PUSH(arena, &send->send.arguments, new_variable(arena, parameter, at));
    AstExpression *block = new_expression(arena, AST_BLOCK, at);
    block->block = ARENA_NEW(arena, AstBlock);
    block->block->at = block->block->end = at;
    ARENA_PUSH(arena, &block->block->arguments, ((AstVariable){.name = parameter, .at = at}));
    ARENA_PUSH(arena, &block->block->statements, send);
    ARENA_PUSH(arena, &block->block->statements, new_variable(arena, parameter, at));
    return block;
}

// Makes `name := value` the message `value: value` to such a block, which answers it.
static void assign_global(Arena *arena, AstExpression *assignment) {
    AstExpression *value = assignment->assignment.value;
    AstExpression *block = assigning_block(arena, assignment->assignment.name, assignment->at);
    assignment->kind = AST_SEND;
    assignment->send.receiver = block;
    assignment->send.selector = "value:";
    assignment->send.arguments = (AstExpressions){0};
    ARENA_PUSH(arena, &assignment->send.arguments, value);
}

// Replaces assignments within the expression. The recursion is as deep as the tree, which the
// parser limits; chains are gone along (frontend/syntax/chain.h).
static void use_globals(Arena *arena, AstExpression *expression, const Scope *scope,
                        Diagnostics *diagnostics) {
    switch (expression->kind) {
    case AST_ASSIGNMENT: {
        const char *name = expression->assignment.name;
        use_globals(arena, expression->assignment.value, scope, diagnostics);
        if (is_declared(scope, name) || is_reserved(name))
            break;
        if (!strcmp(name, "system"))
            diagnostic_error(diagnostics, expression->at, "can't assign to system");
        assign_global(arena, expression);
        break;
    }
    case AST_SEND:
        for (; expression->kind == AST_SEND; expression = expression->send.receiver)
            for (size_t i = 0; i < expression->send.arguments.count; i++)
                use_globals(arena, expression->send.arguments.items[i], scope, diagnostics);
        use_globals(arena, expression, scope, diagnostics);
        break;
    case AST_BLOCK: {
        const Scope inner = {scope, expression->block};
        for (size_t i = 0; i < expression->block->statements.count; i++)
            use_globals(arena, expression->block->statements.items[i], &inner, diagnostics);
        break;
    }
    case AST_RETURN: use_globals(arena, expression->returned, scope, diagnostics); break;
    default: break;
    }
}

// ---- Evaluating --------------------------------------------------------------------

// A source of the machine's own, for it must live as long as what is made of it.
static SourceFile *keep_source(Vm *vm, const char *chars, size_t length, int first) {
    SourceFile *file = ARENA_NEW(vm->arena, SourceFile);
    const char *text = arena_strndup(vm->arena, chars, length);
    file->source =
        (Source){.name = source_name, .text = text, .length = length, .first_line = first};
    return file;
}

// Makes the statements a method that answers the last one's value. NULL after errors.
static Method *make_method(Vm *vm, const AstFile *file, const SourceFile *source) {
    AstBlock *body = file->statements;
    Diagnostics diagnostics = {.source = source->source, .stream = vm->errors};
    loader_refuse_annotations(file, &diagnostics);
    for (size_t i = 0; i < body->locals.count; i++) {
        const AstVariable *local = &body->locals.items[i];
        if (!strcmp(local->name, "system") || is_reserved(local->name))
            diagnostic_error(&diagnostics, local->at, "%s can't be declared", local->name);
    }
    AstExpressions *statements = &body->statements;
    for (size_t i = 0; i < statements->count; i++)
        use_globals(vm->arena, statements->items[i], NULL, &diagnostics);
    if (diagnostics.errors)
        return NULL;
    for (size_t i = 0; i < body->locals.count; i++)
        global_set(vm, global_named(vm, symbol_named(vm, body->locals.items[i].name)), NIL);
    // What was declared is a global now, for the inputs to come.
    body->locals = (AstVariables){0};
    AstExpression **last = &statements->items[statements->count - 1];
    if ((*last)->kind != AST_RETURN) {
        AstExpression *result = new_expression(vm->arena, AST_RETURN, (*last)->at);
        result->returned = *last;
        *last = result;
    }
    AstMethod *tree = ARENA_NEW(vm->arena, AstMethod);
    tree->selector = "evaluate";
    tree->body = body;
    tree->at = statements->items[0]->at;
    Method *method = method_new(vm, vm->known.object_class, tree, source);
    details_of(method)->file = source_name;
    return method_prepare(vm, method) ? method : NULL;
}

static bool run(Vm *vm, Method *method, Value *result) {
    int status;
    return som_call(vm, method, NIL, NULL, 0, result, &status);
}

// What an input answers is printed by a method made once, so that it costs one run and no
// compilation, and a `println` of the program's own is heeded.
static Method *printing_method(Vm *vm) {
    static const char text[] = "it println";
    SourceFile *source = keep_source(vm, text, strlen(text), 1);
    Diagnostics diagnostics = {.source = source->source, .stream = vm->errors};
    return make_method(vm, syntax_parse_statements(vm->arena, &diagnostics), source);
}

// Whether the last statement prints what it answers already.
static bool prints_itself(const AstBlock *body) {
    const AstExpression *last = body->statements.items[body->statements.count - 1];
    return last->kind == AST_SEND &&
           (!strcmp(last->send.selector, "println") || !strcmp(last->send.selector, "print"));
}

static bool evaluate_statements(Vm *vm, const AstFile *file, const SourceFile *source,
                                Method *printing) {
    AstBlock *body = file->statements;
    // A declaration alone shall declare.
    bool has_result = body->statements.count > 0;
    if (!has_result) {
        ARENA_PUSH(vm->arena, &body->statements, new_variable(vm->arena, "nil", (Location){1, 1}));
    }
    bool prints = has_result && !prints_itself(body);
    Method *method = make_method(vm, file, source);
    Value result;
    if (!method || !run(vm, method, &result))
        return false;
    if (has_result)
        global_set(vm, global_named(vm, symbol_named(vm, "it")), result);
    return !prints || run(vm, printing, NULL);
}

// Evaluates one input. False after an error, which has been reported.
static bool evaluate(Vm *vm, const char *chars, size_t length, int first, Method *printing) {
    SourceFile *source = keep_source(vm, chars, length, first);
    Diagnostics loud = {.source = source->source, .stream = vm->errors},
                quiet = {.source = source->source};
    bool looks_like_class = prompt_input_begins_class(chars, length);
    AstFile *file = looks_like_class ? syntax_parse_file(vm->arena, &quiet) : NULL;
    if (file)
        return loader_define(vm, file, source);
    // `Foo = (3 class)` compares; if it isn't that either, it was meant to be a class.
    file = syntax_parse_statements(vm->arena, looks_like_class ? &quiet : &loud);
    if (file)
        return evaluate_statements(vm, file, source, printing);
    if (looks_like_class)
        syntax_parse_file(vm->arena, &loud);
    return false;
}

// Threads of inputs before go on while we wait for the next.
static bool read_input(Vm *vm, PromptInput *input, Text *text, int *first) {
    threads_go_away(vm->thread, state_of(vm->thread)->top);
    bool there_is_one = prompt_input_read(input, text, first);
    threads_come_back(vm->thread);
    return there_is_one && !vm->threads.stops;
}

int prompt_run(Vm *vm, FILE *stream) {
    PromptInput input;
    prompt_input_begin(&input, stream, vm->errors);
    Method *printing = printing_method(vm);
    const ThreadState *state = state_of(vm->thread);
    if (input.is_terminal) {
        signals_interrupt();
        vm->interruptible = true;
        output_text("SOM (Loopwright). Ctrl-D or `system exit: 0` ends.\n");
    }
    bool sound = true;
    Text text = {0};
    int first;
    while (read_input(vm, &input, &text, &first)) {
        if (!prompt_input_is_blank(text_chars(&text), text.length))
            sound &= evaluate(vm, text_chars(&text), text.length, first, printing);
        output_flush();
        if (state->exited) {
            text_free(&text);
            prompt_input_end(&input, vm->errors);
            return threads_finish(vm);
        }
        text.length = 0;
    }
    text_free(&text);
    prompt_input_end(&input, vm->errors);
    bool stopped = vm->threads.stops;
    int status = threads_finish(vm);
    if (stopped)
        return status;
    if (ferror(stream) && !input.is_terminal) {
        fprintf(vm->errors, "som: error: standard input: %s\n", strerror(errno));
        return 1;
    }
    if (input.too_long) {
        fprintf(vm->errors, "%s:%d: error: an input has at most %d MiB\n", source_name, first,
                PROMPT_INPUT_MOST >> 20);
        return 1;
    }
    return sound || input.is_terminal ? 0 : 1;
}
