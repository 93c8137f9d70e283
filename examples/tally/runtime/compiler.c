// See compiler.h. A recursive descent that emits code as it goes. All that it knows
// about bytecodes (their operands, what fits them, what they do to the stack's depth)
// comes from the generated header.
#include "compiler.h"

#include <stdlib.h>
#include <string.h>

enum { NESTING_MAX = 200, VARIABLES_MAX = 400, ELEMENTS_MAX = 1 << 24 };

typedef struct Variable {
    Token name;
    bool is_argument;
    int index;
} Variable;

// The function at hand.
typedef struct Body {
    int function;
    int64_t size, room; // of its code
    int64_t depth, deepest;
    Variable variables[VARIABLES_MAX]; // those in sight
    int variable_count, local_count, locals_most;
} Body;

typedef struct Compiler {
    Program *program;
    Scanner scanner;
    Body *body;
    int nesting;
    Token function_names[FUNCTIONS_MAX], array_names[ARRAYS_MAX]; // a function's, as first seen
    int parameters[FUNCTIONS_MAX];
    bool defined[FUNCTIONS_MAX];
    int function_count, array_count;
} Compiler;

// ---- Code ----------------------------------------------------------------------------------

static void set_operand(Compiler *c, int64_t at, int index, int64_t value) {
    uint8_t *code = c->program->functions[c->body->function].code + at;
    const TallyBytecode *bytecode = &tally_bytecodes[*code];
    const TallyOperand *operand = &bytecode->operands[index];
    if (value < operand->minimum || value > operand->maximum)
        scanner_fail(&c->scanner, c->scanner.token, "too much: %s %lld does not fit '%s'",
                     operand->name, (long long)value, bytecode->name);
    tally_set_operand(code, operand, value);
}

// Emits a bytecode that comes from `token`; answers where it is.
static int64_t emit(Compiler *c, Token token, enum TallyOpcode opcode, int64_t first,
                    int64_t second) {
    Body *body = c->body;
    Program *program = c->program;
    const TallyBytecode *bytecode = &tally_bytecodes[opcode];
    Function *function = &program->functions[body->function];
    Place **places = &program->places[body->function];
    int64_t at = body->size;
    body->size += bytecode->length;
    if (body->size > body->room) {
        body->room = 2 * body->size + 64;
        function->code = grown(function->code, (size_t)body->room);
        *places = grown(*places, (size_t)body->room * sizeof **places);
    }
    function->code[at] = (uint8_t)opcode;
    (*places)[at] = token.place;
    for (int i = 0; i < bytecode->operand_count; i++)
        set_operand(c, at, i, i == 0 ? first : second);
    body->depth += tally_slots(function->code + at, bytecode, &bytecode->stack);
    if (body->depth > body->deepest)
        body->deepest = body->depth;
    return at;
}

static void emit_number(Compiler *c, Token token, int64_t number) {
    bool fits = number >= INT8_MIN && number <= INT8_MAX;
    emit(c, token, fits ? OP_PUSH : OP_PUSH_WIDE, number, 0);
}

// Lets the jump at `from` lead to `to`.
static void set_target(Compiler *c, int64_t from, int64_t to) {
    uint8_t opcode = c->program->functions[c->body->function].code[from];
    set_operand(c, from, 0, to - (from + tally_bytecodes[opcode].length));
}

// ---- Names ---------------------------------------------------------------------------------

static const Variable *find_variable(Compiler *c, const Token *name) {
    for (int i = c->body->variable_count; i-- > 0;)
        if (token_same(&c->body->variables[i].name, name))
            return &c->body->variables[i];
    return NULL;
}

static const Variable *expect_variable(Compiler *c, const Token *name) {
    const Variable *variable = find_variable(c, name);
    if (!variable)
        scanner_fail(&c->scanner, *name, "unknown variable '%.*s'", name->length, name->start);
    return variable;
}

static void declare(Compiler *c, Token name, bool is_argument, int index) {
    Body *body = c->body;
    if (find_variable(c, &name))
        scanner_fail(&c->scanner, name, "there is a '%.*s' here already", name.length, name.start);
    if (body->variable_count == VARIABLES_MAX)
        scanner_fail(&c->scanner, name, "more than %d variables in one place", VARIABLES_MAX);
    body->variables[body->variable_count++] = (Variable){name, is_argument, index};
}

static int find_array(Compiler *c, const Token *name) {
    for (int i = 0; i < c->array_count; i++)
        if (token_same(&c->array_names[i], name))
            return i;
    return -1;
}

static int expect_array(Compiler *c, const Token *name) {
    int index = find_array(c, name);
    if (index < 0)
        scanner_fail(&c->scanner, *name, "unknown array '%.*s'", name->length, name->start);
    return index;
}

// The function of that name, which may be defined further on. One without parameters has
// an argument that nobody sees: its result needs a place.
static int find_function(Compiler *c, Token name, int parameters) {
    for (int i = 1; i < c->function_count; i++) {
        if (!token_same(&c->function_names[i], &name))
            continue;
        if (c->parameters[i] != parameters)
            scanner_fail(&c->scanner, name, "arguments: %d here, but %d in line %d", parameters,
                         c->parameters[i], c->function_names[i].place.line);
        return i;
    }
    int index = c->function_count++;
    if (index == FUNCTIONS_MAX)
        scanner_fail(&c->scanner, name, "more than %d functions", FUNCTIONS_MAX - 1);
    c->function_names[index] = name;
    c->parameters[index] = parameters;
    c->program->functions[index].argument_count = parameters ? parameters : 1;
    return index;
}

// ---- Expressions -----------------------------------------------------------------------------

static const struct Operator {
    const char *symbol;
    int strength;
    enum TallyOpcode opcode;
} operators[] = {
    {"or", 1, OP_OR},       {"and", 2, OP_AND},
    {"==", 3, OP_EQUAL},    {"!=", 3, OP_UNEQUAL},
    {"<", 3, OP_LESS},      {"<=", 3, OP_LESS_OR_EQUAL},
    {">", 3, OP_GREATER},   {">=", 3, OP_GREATER_OR_EQUAL},
    {"+", 4, OP_ADD},       {"-", 4, OP_SUBTRACT},
    {"*", 5, OP_MULTIPLY},  {"/", 5, OP_DIVIDE},
    {"%", 5, OP_REMAINDER},
};

static void expression(Compiler *c, int strength);

static void nest(Compiler *c) {
    if (++c->nesting > NESTING_MAX)
        scanner_fail(&c->scanner, c->scanner.token, "nested more than %d deep", NESTING_MAX);
}

static void call(Compiler *c, Token name) {
    int count = 0;
    if (scanner_is(&c->scanner, ")"))
        emit_number(c, name, 0);
    else
        do {
            expression(c, 1);
            count++;
        } while (scanner_accept(&c->scanner, ","));
    scanner_expect(&c->scanner, ")");
    emit(c, name, OP_CALL_ARGUMENTS, find_function(c, name, count), count ? count : 1);
}

static void named_operand(Compiler *c) {
    Token name = scanner_expect_name(&c->scanner, "a value");
    if (scanner_accept(&c->scanner, "(")) {
        call(c, name);
    } else if (scanner_accept(&c->scanner, "[")) {
        int array = expect_array(c, &name);
        expression(c, 1);
        scanner_expect(&c->scanner, "]");
        emit(c, name, OP_ELEMENT, array, 0);
    } else {
        const Variable *variable = expect_variable(c, &name);
        emit(c, name, variable->is_argument ? OP_ARGUMENT : OP_LOCAL, variable->index, 0);
    }
}

static void operand(Compiler *c) {
    Token token = c->scanner.token;
    nest(c);
    if (scanner_accept(&c->scanner, "(")) {
        expression(c, 1);
        scanner_expect(&c->scanner, ")");
    } else if (scanner_accept(&c->scanner, "not")) {
        expression(c, 3);
        emit(c, token, OP_NOT, 0, 0);
    } else if (scanner_accept(&c->scanner, "-")) {
        if (c->scanner.token.kind == TOKEN_NUMBER) {
            emit_number(c, token, -scanner_expect_number(&c->scanner));
        } else {
            operand(c);
            emit(c, token, OP_NEGATE, 0, 0);
        }
    } else if (token.kind == TOKEN_NUMBER) {
        emit_number(c, token, scanner_expect_number(&c->scanner));
    } else {
        named_operand(c);
    }
    c->nesting--;
}

// Operands and the operators between them that bind at least as strongly.
static void expression(Compiler *c, int strength) {
    operand(c);
    for (size_t i = 0; i < sizeof operators / sizeof *operators;) {
        const struct Operator *found = &operators[i++];
        Token token = c->scanner.token;
        if (found->strength < strength || !scanner_accept(&c->scanner, found->symbol))
            continue;
        bool decides = found->opcode == OP_AND || found->opcode == OP_OR;
        int64_t jump = decides ? emit(c, token, found->opcode, 0, 0) : 0;
        expression(c, found->strength + 1);
        if (decides)
            set_target(c, jump, c->body->size);
        else
            emit(c, token, found->opcode, 0, 0);
        i = 0;
    }
}

// ---- Statements ------------------------------------------------------------------------------

static void block(Compiler *c);

static void if_statement(Compiler *c, Token token) {
    nest(c);
    expression(c, 1);
    int64_t to_else = emit(c, token, OP_JUMP_IF_FALSE, 0, 0);
    block(c);
    Token otherwise = c->scanner.token;
    if (scanner_accept(&c->scanner, "else")) {
        int64_t to_end = emit(c, otherwise, OP_JUMP, 0, 0);
        set_target(c, to_else, c->body->size);
        if (scanner_accept(&c->scanner, "if"))
            if_statement(c, otherwise);
        else
            block(c);
        set_target(c, to_end, c->body->size);
    } else {
        set_target(c, to_else, c->body->size);
    }
    c->nesting--;
}

static void while_statement(Compiler *c, Token token) {
    int64_t start = c->body->size;
    expression(c, 1);
    int64_t to_end = emit(c, token, OP_JUMP_IF_FALSE, 0, 0);
    block(c);
    set_target(c, emit(c, token, OP_JUMP_BACK, 0, 0), start);
    set_target(c, to_end, c->body->size);
}

// Numbers and texts; `print` ends the line after them.
static void write_statement(Compiler *c, Token token, bool ends_line) {
    do {
        Token item = c->scanner.token;
        if (item.kind != TOKEN_TEXT) {
            expression(c, 1);
            emit(c, item, OP_WRITE, 0, 0);
            continue;
        }
        scanner_advance(&c->scanner);
        Program *program = c->program;
        int index = program->text_count++;
        program->texts = grown(program->texts, (size_t)program->text_count * sizeof(Token));
        program->texts[index] = item;
        emit(c, item, OP_WRITE_TEXT, index, 0);
    } while (scanner_accept(&c->scanner, ","));
    if (ends_line) {
        emit_number(c, token, '\n');
        emit(c, token, OP_PUT, 0, 0);
    }
}

static void var_statement(Compiler *c) {
    Token name = scanner_expect_name(&c->scanner, "the name of a variable");
    scanner_expect(&c->scanner, "=");
    expression(c, 1);
    Body *body = c->body;
    declare(c, name, false, body->local_count);
    emit(c, name, OP_SET_LOCAL, body->local_count++, 0);
    if (body->local_count > body->locals_most)
        body->locals_most = body->local_count;
}

// An assignment or a call.
static void named_statement(Compiler *c) {
    Token name = scanner_expect_name(&c->scanner, "a statement");
    if (scanner_accept(&c->scanner, "(")) {
        call(c, name);
        emit(c, name, OP_DROP, 0, 0);
    } else if (scanner_accept(&c->scanner, "[")) {
        int array = expect_array(c, &name);
        expression(c, 1);
        scanner_expect(&c->scanner, "]");
        scanner_expect(&c->scanner, "=");
        expression(c, 1);
        emit(c, name, OP_SET_ELEMENT, array, 0);
    } else {
        scanner_expect(&c->scanner, "=");
        const Variable *variable = expect_variable(c, &name);
        expression(c, 1);
        emit(c, name, variable->is_argument ? OP_SET_ARGUMENT : OP_SET_LOCAL, variable->index, 0);
    }
}

static void return_statement(Compiler *c, Token token) {
    if (c->body->function == 0)
        scanner_fail(&c->scanner, token, "'return' stands outside of a function");
    if (scanner_is(&c->scanner, ";"))
        emit_number(c, token, 0);
    else
        expression(c, 1);
    emit(c, token, OP_RETURN, 0, 0);
    c->body->depth = 0;
}

static void statement(Compiler *c) {
    Token token = c->scanner.token;
    if (scanner_accept(&c->scanner, "if")) {
        if_statement(c, token);
        return;
    }
    if (scanner_accept(&c->scanner, "while")) {
        while_statement(c, token);
        return;
    }
    if (scanner_accept(&c->scanner, "var"))
        var_statement(c);
    else if (scanner_accept(&c->scanner, "return"))
        return_statement(c, token);
    else if (scanner_accept(&c->scanner, "print"))
        write_statement(c, token, true);
    else if (scanner_accept(&c->scanner, "write"))
        write_statement(c, token, false);
    else if (scanner_accept(&c->scanner, "put"))
        expression(c, 1), emit(c, token, OP_PUT, 0, 0);
    else
        named_statement(c);
    scanner_expect(&c->scanner, ";");
}

// Variables are in sight up to the end of their block.
static void block(Compiler *c) {
    int variables = c->body->variable_count, locals = c->body->local_count;
    nest(c);
    scanner_expect(&c->scanner, "{");
    while (!scanner_accept(&c->scanner, "}")) {
        if (c->scanner.token.kind == TOKEN_END)
            scanner_expect(&c->scanner, "}");
        statement(c);
    }
    c->nesting--;
    c->body->variable_count = variables;
    c->body->local_count = locals;
}

// ---- Programs --------------------------------------------------------------------------------

static void array_definition(Compiler *c) {
    Token name = scanner_expect_name(&c->scanner, "the name of an array");
    if (find_array(c, &name) >= 0)
        scanner_fail(&c->scanner, name, "there is an array '%.*s' already", name.length,
                     name.start);
    if (c->array_count == ARRAYS_MAX)
        scanner_fail(&c->scanner, name, "more than %d arrays", ARRAYS_MAX);
    scanner_expect(&c->scanner, "[");
    Token size = c->scanner.token;
    int64_t length = scanner_expect_number(&c->scanner);
    if (length < 1 || length > ELEMENTS_MAX)
        scanner_fail(&c->scanner, size, "an array has 1 to %d elements", ELEMENTS_MAX);
    scanner_expect(&c->scanner, "]");
    scanner_expect(&c->scanner, ";");
    Array *array = &c->program->arrays[c->array_count];
    c->array_names[c->array_count++] = name;
    array->length = length;
    array->elements = grown(NULL, (size_t)length * sizeof *array->elements);
    memset(array->elements, 0, (size_t)length * sizeof *array->elements);
}

static void finish(Compiler *c) {
    Function *function = &c->program->functions[c->body->function];
    int64_t slots = c->body->locals_most + c->body->deepest;
    c->program->code_sizes[c->body->function] = c->body->size;
    function->local_count = c->body->locals_most;
    function->frame_bytes = (int64_t)sizeof(Frame) + slots * (int64_t)sizeof(int64_t);
}

static void function_definition(Compiler *c) {
    Body body = {0}, *outer = c->body;
    Token name = scanner_expect_name(&c->scanner, "the name of a function");
    c->body = &body;
    scanner_expect(&c->scanner, "(");
    while (!scanner_is(&c->scanner, ")")) {
        if (body.variable_count)
            scanner_expect(&c->scanner, ",");
        declare(c, scanner_expect_name(&c->scanner, "the name of an argument"), true, 0);
    }
    scanner_expect(&c->scanner, ")");
    int count = body.variable_count;
    for (int i = 0; i < count; i++)
        body.variables[i].index = i - count;
    body.function = find_function(c, name, count);
    if (c->defined[body.function])
        scanner_fail(&c->scanner, name, "there is a function '%.*s' already", name.length,
                     name.start);
    c->defined[body.function] = true;
    block(c);
    emit_number(c, name, 0);
    emit(c, name, OP_RETURN, 0, 0);
    finish(c);
    c->body = outer;
}

// The program's own code begins with a variable in sight: the number on the command line.
static void declare_size(Compiler *c) {
    Token name = {.kind = TOKEN_NAME, .start = "size", .length = 4};
    declare(c, name, false, c->body->local_count++);
    c->body->locals_most = c->body->local_count;
}

Program *tally_compile(const char *file) {
    Compiler *c = grown(NULL, sizeof *c);
    Body body = {0};
    *c = (Compiler){.scanner = scanner_open(file), .body = &body, .function_count = 1};
    c->program = grown(NULL, sizeof *c->program);
    *c->program = (Program){.file = file, .source = c->scanner.source};
    declare_size(c);
    while (c->scanner.token.kind != TOKEN_END) {
        if (scanner_accept(&c->scanner, "function"))
            function_definition(c);
        else if (scanner_accept(&c->scanner, "array"))
            array_definition(c);
        else
            statement(c);
    }
    emit(c, c->scanner.token, OP_HALT, 0, 0);
    finish(c);
    for (int i = 1; i < c->function_count; i++)
        if (!c->defined[i])
            scanner_fail(&c->scanner, c->function_names[i], "unknown function '%.*s'",
                         c->function_names[i].length, c->function_names[i].start);
    Program *program = c->program;
    free(c);
    return program;
}

void tally_free(Program *program) {
    for (int i = 0; i < FUNCTIONS_MAX; i++) {
        free(program->functions[i].code);
        free(program->places[i]);
    }
    for (int i = 0; i < ARRAYS_MAX; i++)
        free(program->arrays[i].elements);
    free(program->texts);
    free((void *)program->source);
    free(program);
}
