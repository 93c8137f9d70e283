// Checks what a definition declares, without looking into any body: which classes there are,
// and the loop's state; then what is inside the classes (records.c, externals.c, methods.c,
// specials.c). That all names are known before the first body is lowered makes the order of
// declarations free: a field may name a record that comes later, and a bytecode a helper.
//
// The steps follow each other as one leans on the other. A step reports all the errors that
// it finds, and the next one begins only if there were none: so nobody reads of an error that
// is merely the consequence of another one.
#include "frontend/loop/definition.h"

#include <ctype.h>
#include <string.h>

// The names of types, which are words of annotations like those of records.
static const char *const reserved[] = {"Boolean",  "Int64", "Double",  "Value",  "Address",
                                       "Elements", "UInt8", "Int8",    "UInt16", "Int16",
                                       "UInt32",   "Int32", "Float32", NULL};

// Look-ups walk lists: a definition has a few records and some hundred methods, and is read
// once in the build. Order matters more than speed here: it gives the opcodes.
LoopRecord *loop_find_record(const LoopDefinition *definition, const char *name) {
    for (size_t i = 0; i < definition->records.count; i++) {
        if (!strcmp(definition->records.items[i]->name, name))
            return definition->records.items[i];
    }
    return NULL;
}

LoopField *loop_find_field(const LoopRecord *record, const char *name) {
    for (size_t i = 0; i < record->fields.count; i++) {
        if (!strcmp(record->fields.items[i]->name, name))
            return record->fields.items[i];
    }
    return NULL;
}

LoopLibrary *loop_find_library(const LoopDefinition *definition, const char *name) {
    for (size_t i = 0; i < definition->libraries.count; i++) {
        if (!strcmp(definition->libraries.items[i]->name, name))
            return definition->libraries.items[i];
    }
    return NULL;
}

LoopExternal *loop_find_external(const LoopLibrary *library, const char *selector) {
    for (size_t i = 0; i < library->externals.count; i++) {
        if (!strcmp(library->externals.items[i]->ast->selector, selector))
            return library->externals.items[i];
    }
    return NULL;
}

LoopBytecode *loop_find_bytecode(const LoopDefinition *definition, const char *selector) {
    for (size_t i = 0; i < definition->bytecodes.count; i++) {
        if (!strcmp(definition->bytecodes.items[i]->ast->selector, selector))
            return definition->bytecodes.items[i];
    }
    return NULL;
}

LoopHelper *loop_find_helper(const LoopDefinition *definition, const char *selector) {
    for (size_t i = 0; i < definition->helpers.count; i++) {
        if (!strcmp(definition->helpers.items[i]->ast->selector, selector))
            return definition->helpers.items[i];
    }
    return NULL;
}

static void declare_record(LoopDefinition *definition, const AstClass *class, bool moves) {
    // In C it is a type among variables and functions, which are all in lower case.
    if (!isupper((unsigned char)class->name[0])) {
        diagnostic_error(definition->diagnostics, class->at,
                         "a record's name begins with a capital letter, unlike `%s`", class->name);
        return;
    }
    LoopRecord *record = ARENA_NEW(definition->arena, LoopRecord);
    record->name = arena_strdup(definition->arena, class->name);
    record->ast = class;
    record->ir = ir_record_new(definition->module, record->name, moves);
    record->ir->at = class->at;
    ARENA_PUSH(definition->arena, &definition->records, record);
}

static void declare_library(LoopDefinition *definition, const AstClass *class) {
    LoopLibrary *library = ARENA_NEW(definition->arena, LoopLibrary);
    library->name = arena_strdup(definition->arena, class->name);
    ARENA_PUSH(definition->arena, &definition->libraries, library);
}

static bool check_class_name(LoopDefinition *definition, const AstClass *class) {
    for (size_t i = 0; reserved[i]; i++) {
        if (!strcmp(class->name, reserved[i])) {
            diagnostic_error(definition->diagnostics, class->at, "`%s` is a type of the language",
                             class->name);
            return false;
        }
    }
    bool is_loop = definition->loop && !strcmp(definition->loop->name, class->name);
    if (is_loop || loop_find_record(definition, class->name) ||
        loop_find_library(definition, class->name)) {
        diagnostic_error(definition->diagnostics, class->at, "a second class named `%s`",
                         class->name);
        return false;
    }
    return loop_check_name(definition, class->name, class->at);
}

bool loop_is_extension(const AstClass *class) {
    return class->superclass && !strcmp(class->superclass, "Extension");
}

// More of a class that stands before it: so a file may hold all that is about one subject.
static void declare_extension(LoopDefinition *definition, const AstClass *class) {
    bool is_of_loop = definition->loop && !strcmp(definition->loop->name, class->name);
    if (!is_of_loop && !loop_find_library(definition, class->name))
        diagnostic_error(definition->diagnostics, class->at,
                         "no loop or Externals named `%s` stands before its extension",
                         class->name);
    else if (class->fields.count || class->class_fields.count)
        diagnostic_error(definition->diagnostics, class->at,
                         "an extension has methods only: the state is in the class itself");
}

static bool are_in_one_file(const LoopDefinition *definition, Location one, Location other) {
    const SourceParts *parts = &definition->diagnostics->source.parts;
    return source_part(parts, one.line) == source_part(parts, other.line);
}

// The loop has to be the last class of its file, so that a reader finds what it builds on above it.
// A class after it is declared nevertheless: what uses it shall not be an error, too.
static void declare_class(LoopDefinition *definition, const AstClass *class) {
    const char *kind = class->superclass ? class->superclass : "";
    if (loop_is_extension(class)) {
        declare_extension(definition, class);
        return;
    }
    if (!check_class_name(definition, class))
        return;
    if (definition->loop && !strcmp(kind, "BytecodeLoop"))
        diagnostic_error(definition->diagnostics, class->at, "a second BytecodeLoop");
    else if (definition->loop && are_in_one_file(definition, definition->loop->at, class->at))
        diagnostic_error(definition->diagnostics, class->at,
                         "the loop must be the last class, `%s` stands after it", class->name);
    if (!strcmp(kind, "Record") || !strcmp(kind, "MovableRecord"))
        declare_record(definition, class, kind[0] == 'M');
    else if (!strcmp(kind, "Externals"))
        declare_library(definition, class);
    else if (!strcmp(kind, "BytecodeLoop"))
        definition->loop = class;
    else
        diagnostic_error(
            definition->diagnostics, class->superclass ? class->superclass_at : class->at,
            "`%s` must be a Record, a MovableRecord, Externals, a BytecodeLoop or an Extension",
            class->name);
}

// One of the loop's two state variables. What the loop carries from bytecode to bytecode is a
// plain address in a register, which no collector knows of: so its record can't be one that
// moves.
static LoopRecord *state_variable(LoopDefinition *definition, const AstVariable *variable) {
    LoopType type;
    if (!loop_variable_type(definition, variable, false, &type))
        return NULL;
    if (type.kind != LOOP_RECORD || type.record->ir->moves) {
        diagnostic_error(definition->diagnostics, variable->at,
                         "`%s` must be a Record that doesn't move", variable->name);
        return NULL;
    }
    return type.record;
}

// A thread and a frame, no more: all else is reached from these. Passes that keep other things
// in registers add parameters to the table themselves.
static bool declare_state(LoopDefinition *definition) {
    const AstVariables *fields = &definition->loop->fields;
    if (fields->count != 2) {
        diagnostic_error(definition->diagnostics, definition->loop->at,
                         "a loop's state is a thread and a frame: `| thread <T> frame <F> |`");
        return false;
    }
    definition->thread = state_variable(definition, &fields->items[0]);
    definition->frame = state_variable(definition, &fields->items[1]);
    if (!definition->thread || !definition->frame)
        return false;
    if (definition->thread == definition->frame) {
        diagnostic_error(definition->diagnostics, fields->items[1].at,
                         "thread and frame must be different records");
        return false;
    }
    definition->thread_name = arena_strdup(definition->arena, fields->items[0].name);
    definition->frame_name = arena_strdup(definition->arena, fields->items[1].name);
    if (!strcmp(definition->thread_name, definition->frame_name)) {
        diagnostic_error(definition->diagnostics, fields->items[1].at, "a second `%s`",
                         definition->frame_name);
        return false;
    }
    definition->module->thread = definition->thread->ir;
    definition->module->frame = definition->frame->ir;
    return true;
}

// The table begins with the loop's state alone as its parameters. It has a default whatever
// the code is: a pass takes that away (eliminate-default-case), not the definition.
static IrTable *declare_table(LoopDefinition *definition) {
    IrTable *table = ir_table_new(definition->module, "bytecodes");
    table->at = definition->loop->at;
    table->has_default = true;
    const char *names[IR_STATE_PARAMETERS] = {[IR_THREAD_PARAMETER] = definition->thread_name,
                                              [IR_FRAME_PARAMETER] = definition->frame_name};
    for (size_t i = 0; i < IR_STATE_PARAMETERS; i++) {
        IrTableParameter parameter = {.name = names[i], .type = IR_PTR};
        ARENA_PUSH(definition->arena, &table->parameters, parameter);
    }
    return table;
}

LoopDefinition *loop_declare(Arena *arena, Diagnostics *diagnostics, const AstFile *file) {
    LoopDefinition *definition = ARENA_NEW(arena, LoopDefinition);
    int errors = diagnostics->errors;
    definition->arena = arena;
    definition->diagnostics = diagnostics;
    definition->file = file;
    definition->module = ir_module_new(arena, "");
    definition->module->form = IR_FORM_LOOP;
    if (diagnostics->source.name)
        definition->module->source = arena_strdup(arena, diagnostics->source.name);
    for (size_t i = 0; i < diagnostics->source.parts.count; i++) {
        const SourcePart *part = &diagnostics->source.parts.items[i];
        SourcePart made = {.name = arena_strdup(arena, part->name), .first_line = part->first_line};
        ARENA_PUSH(arena, &definition->module->parts, made);
    }
    for (size_t i = 0; i < file->includes.count; i++)
        diagnostic_error(diagnostics, file->includes.items[i].at, "nothing can be included here");
    for (size_t i = 0; i < file->classes.count; i++)
        declare_class(definition, file->classes.items[i]);
    if (!definition->loop) {
        Location end = file->classes.count ? file->classes.items[file->classes.count - 1]->at
                                           : (Location){1, 1};
        diagnostic_error(diagnostics, end, "the file has no BytecodeLoop");
        return NULL;
    }
    definition->module->name = arena_strdup(arena, definition->loop->name);
    // The loop's state names two of the records, and decides in which alias classes their
    // fields are: so it is known before any field is declared.
    if (!declare_state(definition) || diagnostics->errors != errors)
        return NULL;
    definition->table = declare_table(definition);
    loop_declare_records(definition);
    if (diagnostics->errors != errors)
        return NULL;
    loop_declare_externals(definition);
    loop_declare_methods(definition);
    if (diagnostics->errors == errors)
        loop_declare_specials(definition);
    return diagnostics->errors == errors ? definition : NULL;
}
