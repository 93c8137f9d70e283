// Code for statements, functions, and whole programs.
#include "generate.h"

#include <stdlib.h>

enum { FUNCTIONS_MAX = 65536 };

static void generate_statement(Body *body, const Syntax *at);

static void generate_block(Body *body, const Syntax *block) {
    int free_register = body->free_register;
    for (const Syntax *at = block->children; at; at = at->next)
        generate_statement(body, at);
    body->free_register = free_register;
}

// ---- Statements ----------------------------------------------------------------------------

static void let_statement(Body *body, const Syntax *at) {
    Variable *variable = at->variable;
    int target = code_reserve(body, &at->token, 1);
    if (at->children)
        generate_into(body, at->children, target);
    else
        EMIT(body, &at->token, OP_LOAD_NIL, target);
    variable->reg = target;
    if (variable->global >= 0)
        generate_assignment(body, &at->token, variable, target);
    else if (variable_is_boxed(variable))
        EMIT(body, &at->token, OP_NEW_BOX, target);
}

// Some values are put together in their place, in which their own parts may still be looked for.
static bool is_put_together(const Syntax *value) {
    return value->kind == NODE_AND || value->kind == NODE_OR || value->kind == NODE_ARRAY ||
           value->kind == NODE_MAP;
}

static void assignment_statement(Body *body, const Syntax *at) {
    const Syntax *target = at->children, *value = target->next;
    if (target->kind == NODE_VARIABLE) {
        const Variable *variable = target->variable;
        if (variable_is_register(body, variable) && !is_put_together(value))
            generate_into(body, value, variable->reg);
        else
            generate_assignment(body, &at->token, variable, generate_anywhere(body, value));
        return;
    }
    const Syntax *key = target->children->next;
    int table = generate_anywhere(body, target->children);
    int name = key->kind == NODE_TEXT ? code_text(body, &key->token) : -1;
    if (name >= 0 && name <= UINT8_MAX) {
        EMIT(body, &target->token, OP_SET_FIELD_NAME_TO, table, name,
             generate_anywhere(body, value));
    } else {
        int index = generate_anywhere(body, key);
        EMIT(body, &target->token, OP_SET_INDEX_AT_TO, table, index,
             generate_anywhere(body, value));
    }
}

static void if_statement(Body *body, const Syntax *at) {
    const Syntax *condition = at->children, *block = condition->next, *other = block->next;
    Jump *otherwise = NULL, *end = NULL;
    generate_condition(body, condition, false, &otherwise);
    generate_block(body, block);
    if (other)
        code_emit_jump(body, &at->token, OP_JUMP, 0, 0, &end);
    code_land(body, &at->token, otherwise);
    if (other)
        generate_statement(body, other);
    code_land(body, &at->token, end);
}

static void while_statement(Body *body, const Syntax *at) {
    Jump *end = NULL, **outer = body->breaks;
    int64_t start = body->function->code_size;
    body->breaks = &end;
    generate_condition(body, at->children, false, &end);
    generate_block(body, at->children->next);
    code_emit_back(body, &at->token, OP_JUMP_BACK, 0, start);
    code_land(body, &at->token, end);
    body->breaks = outer;
}

// The variable is the loop's own register, unless the block changes or shares it.
static void for_statement(Body *body, const Syntax *at) {
    const Syntax *first = at->children, *last = first->next, *step = last->next;
    Variable *variable = at->variable;
    Jump *end = NULL, *past = NULL, **outer = body->breaks;
    int registers = body->free_register;
    generate_into(body, first, code_reserve(body, &first->token, 1));
    generate_into(body, last, code_reserve(body, &last->token, 1));
    generate_into(body, step, code_reserve(body, &step->token, 1));
    code_emit_jump(body, &at->token, OP_PREPARE_LOOP_ELSE, registers, 0, &past);
    int64_t start = body->function->code_size;
    variable->reg = registers;
    if (variable->is_assigned || variable->is_captured) {
        int copy = code_reserve(body, &at->token, 1);
        EMIT(body, &at->token, OP_MOVE_FROM, copy, registers);
        variable->reg = copy;
        if (variable_is_boxed(variable))
            EMIT(body, &at->token, OP_NEW_BOX, copy);
    }
    body->breaks = &end;
    generate_block(body, step->next);
    code_emit_back(body, &at->token, OP_LOOP_BACK, registers, start);
    code_land(body, &at->token, past);
    code_land(body, &at->token, end);
    body->breaks = outer;
}

static void return_statement(Body *body, const Syntax *at) {
    if (!at->children || at->children->kind == NODE_NIL)
        EMIT(body, &at->token, OP_RETURN_NIL, 0);
    else
        EMIT(body, &at->token, OP_RETURN, generate_anywhere(body, at->children));
}

static void generate_statement(Body *body, const Syntax *at) {
    int free_register = body->free_register;
    switch (at->kind) {
    case NODE_BLOCK: generate_block(body, at); break;
    case NODE_LET: let_statement(body, at); return; // its register stays
    case NODE_ASSIGN: assignment_statement(body, at); break;
    case NODE_EVALUATE:
        if (at->children->kind == NODE_LET) { // a function's variable, and the function
            let_statement(body, at->children);
            free_register = body->free_register;
            assignment_statement(body, at->children->next);
        } else {
            generate_into(body, at->children, code_reserve(body, &at->token, 1));
        }
        break;
    case NODE_IF: if_statement(body, at); break;
    case NODE_WHILE: while_statement(body, at); break;
    case NODE_FOR: for_statement(body, at); break;
    case NODE_RETURN: return_statement(body, at); break;
    default: code_emit_jump(body, &at->token, OP_JUMP, 0, 0, body->breaks);
    }
    body->free_register = free_register;
}

// ---- Functions -----------------------------------------------------------------------------

static Function *add_function(Program *program, const FunctionSyntax *syntax) {
    int count = program->function_count;
    if (count == FUNCTIONS_MAX)
        source_fail(&program->source, syntax->token.place, "more than %d functions", FUNCTIONS_MAX);
    if ((count & (count - 1)) == 0)
        program->functions =
            grown(program->functions, (count ? 2 * (size_t)count : 1) * sizeof(Function *));
    Function *function = grown(NULL, sizeof *function);
    *function = (Function){.place = syntax->token.place};
    program->functions[program->function_count++] = function;
    return function;
}

static Body open_body(const Body *outer, const FunctionSyntax *syntax) {
    Body body = *outer;
    body.syntax = syntax;
    body.function = add_function(outer->program, syntax);
    body.code_room = 0;
    body.free_register = 0;
    body.breaks = NULL;
    return body;
}

// Where a closure's boxes come from, when this function's code makes it
static void set_captures(const Body *outer, Function *function, const FunctionSyntax *syntax) {
    function->capture_count = syntax->captured_count;
    function->captures = grown(NULL, (size_t)syntax->captured_count * sizeof(Capture));
    int index = 0;
    for (const Captured *at = syntax->captured; at; at = at->next) {
        const Variable *variable = at->variable;
        Capture capture = {.is_register = variable->function == outer->syntax,
                           .index = (uint8_t)variable->reg};
        if (!capture.is_register) {
            const Captured *own = outer->syntax->captured;
            for (capture.index = 0; own->variable != variable; own = own->next)
                capture.index++;
        }
        function->captures[index++] = capture;
    }
}

int generate_function(Body *outer, const FunctionSyntax *syntax) {
    int number = outer->program->function_count;
    Body body = open_body(outer, syntax);
    set_captures(outer, body.function, syntax);
    body.function->parameter_count = syntax->parameter_count;
    code_reserve(&body, &syntax->token, syntax->parameter_count);
    int parameter = syntax->parameter_count;
    for (Variable *variable = syntax->parameters; variable; variable = variable->next) {
        variable->reg = --parameter;
        if (variable_is_boxed(variable))
            EMIT(&body, &variable->name, OP_NEW_BOX, parameter);
    }
    generate_block(&body, syntax->body);
    EMIT(&body, &syntax->token, OP_RETURN_NIL, 0);
    return number;
}

Program *program_compile(const char *file, Heap *heap, const char *const *given, int given_count) {
    Program *program = grown(NULL, sizeof *program);
    *program = (Program){.source = source_read(file)};
    Arena *arena = arena_new();
    ProgramSyntax syntax = parse(&program->source, given, given_count, arena);
    Body outer = {.program = program, .heap = heap, .arena = arena};
    Body body = open_body(&outer, syntax.main);
    program->global_count = syntax.global_count;
    int target = code_reserve(&body, &syntax.main->token, 1);
    for (const NamedFunction *named = syntax.functions; named; named = named->next) {
        const Token *token = &named->function->token;
        EMIT(&body, token, OP_CLOSURE_FUNCTION, target, generate_function(&body, named->function));
        EMIT(&body, token, OP_SET_GLOBAL_TO, target, named->variable->global);
    }
    body.free_register = 0;
    generate_block(&body, syntax.main->body);
    EMIT(&body, &syntax.main->token, OP_HALT, 0);
    arena_free(arena);
    program_verify(program);
    return program;
}

void program_free(Program *program) {
    for (int i = 0; i < program->function_count; i++) {
        Function *function = program->functions[i];
        free(function->code);
        free(function->places);
        free(function->constants);
        free(function->captures);
        free(function);
    }
    free(program->functions);
    free(program->source.text);
    free(program);
}
