// Externals: the runtime's functions, with their types and effects. The compiler never sees
// their code, so what it may assume of a call is what stands here: which memory the function
// reads and writes, and whether it may collect, raise or block. Who says nothing gets the
// worst, all effects at once: to forget an annotation costs speed and never correctness. To
// say too little is a lie that no tool finds out, so the definition says it beside the name,
// where it is read together with the function.
#include "frontend/loop/definition.h"

#include <string.h>

// What an external's result annotation says besides its type.
typedef struct Marks {
    IrEffects effects;
    bool indirect, frameless, pure;
    bool any_effect; // one is named, or that there is none
} Marks;

// What a word sets. NULL if it isn't such a word.
static bool *flag_of(Marks *marks, const char *word) {
    const struct {
        const char *word;
        bool *flag;
    } flags[] = {
        {"indirect", &marks->indirect},
        {"frameless", &marks->frameless},
        {"pure", &marks->pure},
        {"collects", &marks->effects.collects},
        {"raises", &marks->effects.raises},
        {"blocks", &marks->effects.blocks},
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (!strcmp(word, flags[i].word))
            return flags[i].flag;
    }
    return NULL;
}

// What a word before an alias class adds to. NULL if it isn't such a word.
static unsigned *set_of(Marks *marks, const char *word) {
    return !strcmp(word, "reads:")    ? &marks->effects.reads
           : !strcmp(word, "writes:") ? &marks->effects.writes
                                      : NULL;
}

static bool is_mark(const AstWord *word) {
    Marks marks;
    return flag_of(&marks, word->text) || set_of(&marks, word->text);
}

// The next word, if it is a mark. False if it isn't, or after an error.
static bool parse_mark(LoopDefinition *definition, LoopWords *words, Marks *marks) {
    const char *word = loop_peek_word(words)->text;
    bool *flag = flag_of(marks, word);
    unsigned *set = set_of(marks, word);
    if (!flag && !set)
        return false;
    words->next++;
    marks->any_effect |= flag != &marks->indirect && flag != &marks->frameless;
    if (flag)
        return *flag = true;
    unsigned alias_class = loop_parse_alias_class(definition, words, true);
    *set |= alias_class;
    return alias_class != 0;
}

// `indirect` and `frameless` say how the function is called. They are no effects, so an
// external with these alone still has all effects.
static bool parse_result(LoopDefinition *definition, LoopExternal *external, Marks *marks) {
    LoopWords words = {external->ast->result, 0};
    const AstWord *word = loop_peek_word(&words);
    external->result = loop_type(LOOP_NOTHING);
    if (word && !is_mark(word)) {
        if (!loop_parse_type(definition, &words, false, &external->result))
            return false;
        if (external->result.kind == LOOP_BOOLEAN) {
            diagnostic_error(definition->diagnostics, word->at,
                             "a Boolean can't come from C; use Int64");
            return false;
        }
    }
    int errors = definition->diagnostics->errors;
    while (loop_peek_word(&words) && parse_mark(definition, &words, marks))
        continue;
    if (definition->diagnostics->errors != errors)
        return false;
    if (marks->pure && (marks->effects.collects || marks->effects.raises || marks->effects.blocks ||
                        marks->effects.reads || marks->effects.writes)) {
        diagnostic_error(definition->diagnostics, external->ast->result->at,
                         "what is `pure` has no effects");
        return false;
    }
    if (!marks->any_effect)
        marks->effects = (IrEffects){IR_ALIAS_ALL, IR_ALIAS_ALL, true, true, true};
    return loop_expect_end(definition, &words);
}

// Thread and frame are passed to each function without being written, and may not be declared
// besides. A Boolean is an i1, for which C and LLVM need not have the same form in a register.
static bool parse_parameters(LoopDefinition *definition, LoopExternal *external) {
    const AstMethod *ast = external->ast;
    bool good = true;
    for (size_t i = 0; i < ast->arguments.count; i++) {
        LoopType type;
        const AstVariable *variable = &ast->arguments.items[i];
        good = loop_variable_type(definition, variable, false, &type) && good;
        bool is_taken = !strcmp(variable->name, definition->thread_name) ||
                        !strcmp(variable->name, definition->frame_name);
        for (size_t j = 0; j < i; j++)
            is_taken = is_taken || !strcmp(variable->name, ast->arguments.items[j].name);
        if (is_taken) {
            diagnostic_error(definition->diagnostics, variable->at,
                             "a second argument `%s`: thread and frame are passed as such",
                             variable->name);
            good = false;
        }
        if (type.kind == LOOP_BOOLEAN) {
            diagnostic_error(definition->diagnostics, variable->at,
                             "a Boolean can't go to C; use Int64");
            good = false;
        }
        ARENA_PUSH(definition->arena, &external->parameters, type);
    }
    return good;
}

// The C name. Of an indirect one the first part of the selector is enough: it names a type of
// functions, whose address is in the argument after that part.
static const char *external_name(LoopDefinition *definition, const LoopLibrary *library,
                                 const LoopExternal *external, bool indirect) {
    Arena *arena = definition->arena;
    const char *selector = external->ast->selector;
    const char *colon = strchr(selector, ':');
    if (indirect && colon)
        selector = arena_strndup(arena, selector, (size_t)(colon - selector));
    return arena_printf(arena, "%s_%s", loop_snake_case(arena, library->name),
                        loop_snake_case(arena, selector));
}

static void declare_external(LoopDefinition *definition, LoopLibrary *library,
                             const AstMethod *ast) {
    LoopExternal *external = ARENA_NEW(definition->arena, LoopExternal);
    Marks marks = {0};
    external->ast = ast;
    if (!loop_check_name(definition, ast->selector, ast->at))
        return;
    if (!ast->is_primitive)
        diagnostic_error(definition->diagnostics, ast->at,
                         "an external has no body: `%s … = primitive`", ast->selector);
    if (!parse_parameters(definition, external) || !parse_result(definition, external, &marks))
        return;
    if (marks.indirect &&
        (!external->parameters.count || external->parameters.items[0].kind != LOOP_ADDRESS)) {
        diagnostic_error(definition->diagnostics, ast->at,
                         "an indirect external's first argument is the function's Address");
        return;
    }
    const char *name = external_name(definition, library, external, marks.indirect);
    if (ir_find_external(definition->module, name)) {
        diagnostic_error(definition->diagnostics, ast->at, "a second external named `%s` in C",
                         name);
        return;
    }
    IrExternal *ir = ir_external_new(definition->module, name, loop_ir_type(external->result));
    external->ir = ir;
    external->frameless = marks.frameless;
    ir->at = ast->at;
    ir->indirect = marks.indirect;
    ir->effects = marks.effects;
    ARENA_PUSH(definition->arena, &ir->parameters, IR_PTR);
    if (!marks.frameless)
        ARENA_PUSH(definition->arena, &ir->parameters, IR_PTR);
    for (size_t i = marks.indirect; i < external->parameters.count; i++)
        ARENA_PUSH(definition->arena, &ir->parameters, loop_ir_type(external->parameters.items[i]));
    ARENA_PUSH(definition->arena, &library->externals, external);
}

void loop_declare_externals(LoopDefinition *definition) {
    for (size_t i = 0; i < definition->file->classes.count; i++) {
        const AstClass *ast = definition->file->classes.items[i];
        LoopLibrary *library = loop_find_library(definition, ast->name);
        if (!library || !ast->superclass ||
            (strcmp(ast->superclass, "Externals") != 0 && !loop_is_extension(ast)))
            continue;
        if (ast->fields.count || ast->class_fields.count || ast->class_methods.count)
            diagnostic_error(definition->diagnostics, ast->at,
                             "Externals have functions only, on the instance side");
        for (size_t j = 0; j < ast->methods.count; j++)
            declare_external(definition, library, ast->methods.items[j]);
    }
}
