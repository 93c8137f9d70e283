// The loop's methods: bytecodes with their operands on the instance side, helpers
// and constants on the class side. Only what stands in their heads is looked at here: names,
// types, and the roles of operands, which are words that the language passes on and doesn't
// understand. The bodies are lowered when everything that they may name is known.
#include "frontend/loop/definition.h"

#include <ctype.h>
#include <string.h>

// `taken`: the same side has this selector already.
static bool check_selector(LoopDefinition *definition, const AstMethod *ast, bool taken) {
    if (loop_is_self_message(ast->selector)) {
        diagnostic_error(definition->diagnostics, ast->at, "`%s` is part of the language",
                         ast->selector);
        return false;
    }
    if (taken) {
        diagnostic_error(definition->diagnostics, ast->at, "a second method `%s`", ast->selector);
        return false;
    }
    if (ast->is_primitive) {
        diagnostic_error(definition->diagnostics, ast->at, "`%s` needs a body", ast->selector);
        return false;
    }
    for (size_t i = 0; i < ast->arguments.count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (!strcmp(ast->arguments.items[i].name, ast->arguments.items[j].name)) {
                diagnostic_error(definition->diagnostics, ast->arguments.items[i].at,
                                 "a second argument `%s`", ast->arguments.items[i].name);
                return false;
            }
        }
    }
    return true;
}

// Notes a role, whose name in C no other one may have. `none` is what the header calls an
// operand without one; `jump` is the language's own and not in the list.
static bool note_role(LoopDefinition *definition, const char *role, Location at) {
    const char *snake = loop_snake_case(definition->arena, role);
    if (!strcmp(snake, "none")) {
        diagnostic_error(definition->diagnostics, at, "no role can be named `%s`", role);
        return false;
    }
    for (size_t i = 0; i < definition->roles.count; i++)
        if (!strcmp(role, definition->roles.items[i]))
            return true;
    for (size_t i = 0; i < definition->roles.count; i++) {
        const char *other = definition->roles.items[i];
        if (!strcmp(snake, loop_snake_case(definition->arena, other))) {
            diagnostic_error(definition->diagnostics, at, "a second role named `%s`", other);
            return false;
        }
    }
    if (strcmp(role, "jump") != 0)
        ARENA_PUSH(definition->arena, &definition->roles, role);
    return true;
}

// The word after an operand's type, if there is one. False after reporting an error.
static bool parse_role(LoopDefinition *definition, LoopWords *words, const char **role) {
    const AstWord *word = loop_peek_word(words);
    *role = NULL;
    if (!word || !strcmp(word->text, "fixed:") || !strcmp(word->text, "wide"))
        return true;
    if (word->is_integer || !islower((unsigned char)word->text[0]) || strchr(word->text, ':')) {
        diagnostic_error(definition->diagnostics, word->at,
                         "an operand's role is a word that begins with a small letter, not `%s`",
                         word->text);
        return false;
    }
    words->next++;
    *role = arena_strdup(definition->arena, word->text);
    return loop_check_name(definition, *role, word->at) && note_role(definition, *role, word->at);
}

// `fixed: NUMBER` after an operand's type and role, if it is there. False after reporting.
static bool parse_fixed(LoopDefinition *definition, LoopWords *words, LoopType type,
                        IrOperand *operand) {
    *operand = (IrOperand){.is_fixed = loop_take_word(words, "fixed:")};
    if (!operand->is_fixed)
        return loop_expect_end(definition, words);
    const AstWord *word = loop_peek_word(words);
    if (!word || !word->is_integer || !loop_integer(word->text, &operand->fixed) ||
        (type.kind == LOOP_INT64 && !ir_cell_holds(type.cell, operand->fixed))) {
        diagnostic_error(definition->diagnostics, word ? word->at : words->annotation->at,
                         "`fixed:` needs a number that the operand can be");
        return false;
    }
    words->next++;
    return loop_expect_end(definition, words);
}

// `wide` after an operand's type and role, if it is there. False after reporting.
static bool parse_wide(LoopDefinition *definition, LoopWords *words, LoopType type, bool *is_wide) {
    const AstWord *word = loop_peek_word(words);
    *is_wide = loop_take_word(words, "wide");
    if (!*is_wide || type.kind != LOOP_INT64 || ir_cell_size(type.cell) < 4)
        return true;
    diagnostic_error(definition->diagnostics, word->at, "32 bits are as wide as an operand can be");
    return false;
}

// All operands are looked at, also after an error: each has its own place in the file.
static bool parse_operands(LoopDefinition *definition, LoopBytecode *bytecode) {
    bool good = true;
    for (size_t i = 0; i < bytecode->ast->arguments.count; i++) {
        const AstVariable *variable = &bytecode->ast->arguments.items[i];
        LoopWords words;
        LoopType type;
        const char *role = NULL;
        IrOperand fixed = {0};
        bool is_wide = false;
        good = loop_begin_type(definition, variable, true, &words, &type) &&
               parse_role(definition, &words, &role) &&
               parse_wide(definition, &words, type, &is_wide) &&
               parse_fixed(definition, &words, type, &fixed) && good;
        if (is_wide && fixed.is_fixed) {
            diagnostic_error(definition->diagnostics, variable->at,
                             "an operand that is fixed has no need to be wide");
            good = false;
        }
        ARENA_PUSH(definition->arena, &bytecode->is_wide, is_wide);
        ARENA_PUSH(definition->arena, &bytecode->roles, role);
        ARENA_PUSH(definition->arena, &bytecode->fixed, fixed);
        if (type.kind != LOOP_UNKNOWN && (type.kind != LOOP_INT64 || type.cell == IR_CELL_I64)) {
            diagnostic_error(definition->diagnostics, variable->at,
                             "an operand is an integer of at most 32 bits");
            good = false;
        }
        ARENA_PUSH(definition->arena, &bytecode->operands, type);
    }
    return good;
}

// Bytecodes' names become enumerators, so they have to differ in snake case, too (`addLocal`
// and `add_local`). `unknown` is the default's region, `OP_COUNT` ends the opcodes.
static bool check_bytecode_name(LoopDefinition *definition, LoopBytecode *bytecode,
                                const char *name) {
    Location at = bytecode->ast->at;
    bytecode->snake = loop_snake_case(definition->arena, name);
    if (!strcmp(name, "unknown") || !strcmp(bytecode->snake, "count")) {
        diagnostic_error(definition->diagnostics, at, "no bytecode can be named `%s`", name);
        return false;
    }
    for (size_t i = 0; i < definition->bytecodes.count; i++)
        if (!strcmp(definition->bytecodes.items[i]->snake, bytecode->snake)) {
            diagnostic_error(definition->diagnostics, at, "a second bytecode named `%s`",
                             definition->table->bytecodes.items[i].name);
            return false;
        }
    return true;
}

// An opcode is a bytecode's position in the definition, so that a reader can count it and two
// builds of the same definition have the same. The default is no bytecode and has none.
static void declare_bytecode(LoopDefinition *definition, const AstMethod *ast) {
    LoopBytecode *source = ARENA_NEW(definition->arena, LoopBytecode);
    source->ast = ast;
    bool is_fallback = !strcmp(ast->selector, "unknownBytecode:");
    bool taken = is_fallback ? definition->fallback != NULL
                             : loop_find_bytecode(definition, ast->selector) != NULL;
    if (!loop_check_name(definition, ast->selector, ast->at) ||
        !check_selector(definition, ast, taken))
        return;
    if (ast->result) {
        diagnostic_error(definition->diagnostics, ast->result->at, "a bytecode has no result");
        return;
    }
    if (!parse_operands(definition, source))
        return;
    if (is_fallback) {
        definition->fallback = source;
        if (source->roles.count && source->roles.items[0])
            diagnostic_error(definition->diagnostics, ast->arguments.items[0].at,
                             "what `unknownBytecode:` gets is no operand, so it has no role");
        return;
    }
    IrBytecode bytecode = {.name = loop_camel_case(definition->arena, ast->selector, false),
                           .at = ast->at,
                           .needs = {0, 0, -1},
                           .stack = {0, 0, -1},
                           .jumped = {0, 0, -1}};
    if (!check_bytecode_name(definition, source, bytecode.name))
        return;
    source->opcode = definition->table->bytecodes.count;
    bytecode.opcode = (int)source->opcode;
    ARENA_PUSH(definition->arena, &definition->table->bytecodes, bytecode);
    ARENA_PUSH(definition->arena, &definition->bytecodes, source);
}

// A helper that is nothing but a number goes into the header, too: so tags and masks are said
// once, for the loop and for the runtime. Expressions are not worked out: what C gets has to
// be readable in the definition as it is.
static void find_constant(LoopHelper *helper) {
    const AstBlock *body = helper->ast->body;
    if (helper->parameters.count || helper->result.kind != LOOP_INT64 ||
        body->statements.count != 1 || body->statements.items[0]->kind != AST_RETURN)
        return;
    const AstExpression *value = body->statements.items[0]->returned;
    helper->is_constant =
        value->kind == AST_INTEGER && loop_integer(value->digits, &helper->constant);
}

// A helper with an error in its head is not declared. Who calls it isn't looked at then: bodies
// are lowered only if all declarations were right.
static void declare_helper(LoopDefinition *definition, const AstMethod *ast) {
    LoopHelper *helper = ARENA_NEW(definition->arena, LoopHelper);
    helper->ast = ast;
    bool good =
        loop_check_name(definition, ast->selector, ast->at) &&
        check_selector(definition, ast, loop_find_helper(definition, ast->selector) != NULL);
    for (size_t i = 0; i < ast->arguments.count; i++) {
        LoopType type;
        good = loop_variable_type(definition, &ast->arguments.items[i], false, &type) && good;
        ARENA_PUSH(definition->arena, &helper->parameters, type);
    }
    helper->result = loop_type(LOOP_NOTHING);
    LoopWords words = {ast->result, 0};
    if (ast->result && (!loop_parse_type(definition, &words, false, &helper->result) ||
                        !loop_expect_end(definition, &words)))
        return;
    if (!good)
        return;
    find_constant(helper);
    ARENA_PUSH(definition->arena, &definition->helpers, helper);
}

// The loop's own class or an extension of it. How many methods it has on the instance side.
static size_t declare_methods(LoopDefinition *definition, const AstClass *class) {
    for (size_t i = 0; i < class->methods.count; i++)
        declare_bytecode(definition, class->methods.items[i]);
    for (size_t i = 0; i < class->class_methods.count; i++)
        declare_helper(definition, class->class_methods.items[i]);
    return class->methods.count;
}

void loop_declare_methods(LoopDefinition *definition) {
    const AstClass *loop = definition->loop;
    size_t methods = 0;
    for (size_t i = 0; i < definition->file->classes.count; i++) {
        const AstClass *class = definition->file->classes.items[i];
        if (class == loop || (loop_is_extension(class) && !strcmp(class->name, loop->name)))
            methods += declare_methods(definition, class);
    }
    if (loop->class_fields.count)
        diagnostic_error(definition->diagnostics, loop->class_fields.items[0].at,
                         "a loop's class side has no fields");
    if (methods == (definition->fallback != NULL))
        diagnostic_error(definition->diagnostics, loop->at, "`%s` has no bytecodes", loop->name);
    if (!definition->fallback)
        diagnostic_error(
            definition->diagnostics, loop->at,
            "`%s` needs the default case, `unknownBytecode:`, which gets the opcode found",
            loop->name);
}
