// The names that the generated header gives things in C, and whether they can all stand there:
// C knows no difference between `fooBar` and `foo_bar`, a record's accessor and a function of
// that name, a constant and what the header defines for itself. What everybody sees is held
// against each other here, before anything is printed; so are the fields of each record and the
// parameters of each function. Without this the C compiler would complain of the header, in
// words that the author of a definition can do nothing with.
//
// A scope's names are collected, sorted and compared with their neighbours.
#include "frontend/loop/header.h"
#include "ir/fingerprint.h"

#include <stdlib.h>
#include <string.h>

// ---- What is called what -----------------------------------------------------------------

const char *loop_c_name(Arena *arena, const char *name) {
    char *snake = loop_snake_case(arena, name);
    return loop_is_c_word(snake) ? arena_printf(arena, "%s_", snake) : snake;
}

const char *loop_c_accessor(Arena *arena, const LoopRecord *record, const LoopField *field,
                            bool sets) {
    return arena_printf(arena, "%s_%s%s", loop_snake_case(arena, record->name), sets ? "set_" : "",
                        loop_snake_case(arena, field->name));
}

// The parameter that an accessor has for its record; a setter's other one is `to`.
const char *loop_c_record_parameter(Arena *arena, const LoopRecord *record) {
    const char *name = loop_c_name(arena, record->name);
    return strcmp(name, "to") ? name : "to_";
}

const char *loop_c_constant(const LoopHeader *header, const LoopHelper *helper) {
    Arena *arena = header->definition->arena;
    return arena_printf(arena, "%s_%s", header->upper,
                        loop_upper_snake_case(arena, helper->ast->selector));
}

const char *loop_c_opcode(Arena *arena, const char *bytecode) {
    return arena_printf(arena, "OP_%s", loop_upper_snake_case(arena, bytecode));
}

const char *loop_c_role(Arena *arena, const char *role) {
    return arena_printf(arena, "ROLE_%s", loop_upper_snake_case(arena, role));
}

// `vm_value_primitive` becomes `VmValuePrimitive`.
const char *loop_c_signature(Arena *arena, const LoopExternal *external) {
    char *copy = arena_strdup(arena, external->ir->name);
    for (char *letter = copy; *letter; letter++) {
        if (*letter == '_')
            *letter = ':';
    }
    return loop_camel_case(arena, copy, true);
}

// ---- Collisions -------------------------------------------------------------------------------

// A name in C: what it is in the definition, and where. The header's own have no place.
typedef struct Name {
    const char *text, *what;
    Location at;  // line 0: the header's own
    size_t order; // of being added
} Name;

typedef ARENA_VECTOR(Name) Names;

typedef struct NameCheck {
    const LoopHeader *header;
    Arena *arena;
    Names names;                     // of the scope that is being collected
    ARENA_VECTOR(Location) reported; // a field is a member, an accessor and a setter
} NameCheck;

static void add(NameCheck *check, const char *text, const char *what, Location at) {
    Name name = {text, what, at, check->names.count};
    ARENA_PUSH(check->arena, &check->names, name);
}

// One error for a place, however many of its names in C collide.
static void report(NameCheck *check, const Name *name, const char *format, const char *other) {
    for (size_t i = 0; i < check->reported.count; i++)
        if (check->reported.items[i].line == name->at.line &&
            check->reported.items[i].column == name->at.column)
            return;
    ARENA_PUSH(check->arena, &check->reported, name->at);
    diagnostic_error(check->header->definition->diagnostics, name->at, format, name->what,
                     name->text, other);
}

// By name, and among equal ones in the order in which they were added.
static int compare_names(const void *left, const void *right) {
    const Name *a = left, *b = right;
    int order = strcmp(a->text, b->text);
    if (order)
        return order;
    return a->order < b->order ? -1 : a->order > b->order;
}

// Errors come out in the order of the file.
static int compare_places(const void *left, const void *right) {
    const Name *a = *(const Name *const *)left, *b = *(const Name *const *)right;
    if (a->at.line != b->at.line)
        return a->at.line < b->at.line ? -1 : 1;
    return a->at.column < b->at.column ? -1 : a->at.column > b->at.column;
}

// Reports those of the scope's names that another one has, or C, and empties the scope.
// Of two, the one that was added later is wrong; the header's own are added first.
static void check_scope(NameCheck *check) {
    const Name **wrong = ARENA_ARRAY(check->arena, const Name *, check->names.count);
    const Name **first = ARENA_ARRAY(check->arena, const Name *, check->names.count);
    size_t count = 0;
    if (check->names.count)
        qsort(check->names.items, check->names.count, sizeof *check->names.items, compare_names);
    for (size_t i = 0; i < check->names.count; i++) {
        const Name *name = &check->names.items[i];
        bool same = i > 0 && !strcmp(name->text, name[-1].text);
        first[i] = same ? first[i - 1] : name;
        if (name->at.line > 0 && (same || loop_is_c_word(name->text)))
            wrong[count++] = name;
    }
    if (count)
        qsort(wrong, count, sizeof *wrong, compare_places);
    for (size_t i = 0; i < count; i++) {
        const Name *other = first[wrong[i] - check->names.items];
        if (other == wrong[i])
            report(check, wrong[i], "%s is called `%s` in C, which C has a meaning for%s", "");
        else
            report(check, wrong[i], "%s is called `%s` in C, and so is %s", other->what);
    }
    check->names = (Names){0};
}

// ---- Who is in a scope ------------------------------------------------------------------------

static const char *quoted(const NameCheck *check, const char *name) {
    return arena_printf(check->arena, "`%s`", name);
}

static const char *field_text(const NameCheck *check, const LoopRecord *record,
                              const LoopField *field) {
    return arena_printf(check->arena, "`%s` of %s", field->name, record->name);
}

// What the header defines whatever the definition says: see its templates, and header.c.
static void add_own(NameCheck *check) {
    static const char *const types[] = {"Unit", "Slots", "Operand", "Bytecode", "Opcode", "Role"};
    static const char *const functions[] = {"bytecodes", "operand", "set_operand", "slots",
                                            "header_stamp"};
    static const char *const macros[] = {"BYTECODES", "EXTERNALS",  "OPERANDS_MAX", "GENERATED_H",
                                         "IMAGE",     "IMAGE_FORM", "ROLES"};
    static const char *const names[] = {"Value",     "OP_COUNT",  "ROLE_NONE",
                                        "ROLE_JUMP", "interpret", "loopwright_image"};
    static const char what[] = "one of the header's own names";
    const LoopHeader *header = check->header;
    Arena *arena = check->arena;
    Location nowhere = {0, 0};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        add(check, arena_printf(arena, "%s%s", header->type, types[i]), what, nowhere);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        add(check, arena_printf(arena, "%s_%s", header->lower, functions[i]), what, nowhere);
    for (size_t i = 0; i < sizeof macros / sizeof *macros; i++)
        add(check, arena_printf(arena, "%s_%s", header->upper, macros[i]), what, nowhere);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        add(check, names[i], what, nowhere);
    bool has_wide = false;
    for (size_t i = 0; i < header->definition->bytecodes.count; i++)
        has_wide = has_wide || header->definition->bytecodes.items[i]->wide;
    if (has_wide) {
        add(check, arena_printf(arena, "%s_wide", header->lower), what, nowhere);
        add(check, arena_printf(arena, "%s_form", header->lower), what, nowhere);
        add(check, arena_printf(arena, "%s_WIDE_FIRST", header->upper), what, nowhere);
    }
    if (header->definition->prefix) {
        add(check, arena_printf(arena, "%s_opcode", header->lower), what, nowhere);
        add(check, arena_printf(arena, "%s_PREFIX", header->upper), what, nowhere);
    }
    if (header->definition->further_stacks.count) {
        add(check, arena_printf(arena, "%s_stacks", header->lower), what, nowhere);
        add(check, arena_printf(arena, "%s_FURTHER_STACKS", header->upper), what, nowhere);
    }
    for (int part = 0; part < IR_FINGERPRINT_PARTS; part++)
        add(check, loop_c_fingerprint(header, part), what, nowhere);
}

// From here on, what each part of the header defines, in the spelling of the functions above that
// the part itself uses: a new kind of name in a part needs a line here.
static void add_records(NameCheck *check) {
    const LoopDefinition *definition = check->header->definition;
    for (size_t i = 0; i < definition->records.count; i++) {
        const LoopRecord *record = definition->records.items[i];
        add(check, record->name, quoted(check, record->name), record->ast->at);
        for (size_t j = 0; j < record->fields.count; j++) {
            const LoopField *field = record->fields.items[j];
            const char *what = field_text(check, record, field);
            add(check, loop_c_accessor(check->arena, record, field, false), what, field->ast->at);
            if (!field->ir->is_array)
                add(check, loop_c_accessor(check->arena, record, field, true), what,
                    field->ast->at);
        }
    }
}

// Where a role was met first: its text is that operand's.
static Location place_of_role(const LoopDefinition *definition, const char *role) {
    for (size_t i = 0; i < definition->bytecodes.count; i++) {
        const LoopBytecode *bytecode = definition->bytecodes.items[i];
        for (size_t k = 0; k < bytecode->roles.count; k++)
            if (bytecode->roles.items[k] == role)
                return bytecode->ast->arguments.items[k].at;
    }
    return definition->loop->at;
}

static void add_roles(NameCheck *check) {
    const LoopDefinition *definition = check->header->definition;
    for (size_t i = 0; i < definition->roles.count; i++) {
        const char *role = definition->roles.items[i];
        add(check, loop_c_role(check->arena, role),
            arena_printf(check->arena, "the role `%s`", role), place_of_role(definition, role));
    }
}

static void add_methods(NameCheck *check) {
    const LoopDefinition *definition = check->header->definition;
    for (size_t i = 0; i < definition->bytecodes.count; i++) {
        const AstMethod *ast = definition->bytecodes.items[i]->ast;
        const char *name = definition->table->bytecodes.items[i].name;
        add(check, loop_c_opcode(check->arena, name), quoted(check, ast->selector), ast->at);
    }
    for (size_t i = 0; i < definition->helpers.count; i++) {
        const LoopHelper *helper = definition->helpers.items[i];
        if (helper->is_constant)
            add(check, loop_c_constant(check->header, helper), quoted(check, helper->ast->selector),
                helper->ast->at);
    }
}

static void add_externals(NameCheck *check) {
    const LoopDefinition *definition = check->header->definition;
    for (size_t i = 0; i < definition->libraries.count; i++) {
        const LoopLibrary *library = definition->libraries.items[i];
        for (size_t j = 0; j < library->externals.count; j++) {
            const LoopExternal *external = library->externals.items[j];
            const char *name = external->ir->indirect ? loop_c_signature(check->arena, external)
                                                      : external->ir->name;
            add(check, name,
                arena_printf(check->arena, "`%s` of %s", external->ast->selector, library->name),
                external->ast->at);
        }
    }
}

static void check_members(NameCheck *check, const LoopRecord *record) {
    for (size_t i = 0; i < record->fields.count; i++) {
        const LoopField *field = record->fields.items[i];
        if (!field->ir->is_array && !field->ir->is_overlay)
            add(check, loop_c_name(check->arena, field->name), field_text(check, record, field),
                field->ast->at);
    }
    check_scope(check);
}

static void add_parameter(NameCheck *check, const AstVariable *variable) {
    add(check, loop_c_name(check->arena, variable->name), quoted(check, variable->name),
        variable->at);
}

// The loop's state and then, of an external, its arguments.
static void check_parameters(NameCheck *check, const LoopExternal *external) {
    const AstVariables *state = &check->header->definition->loop->fields;
    for (size_t i = 0; i < state->count; i++)
        add_parameter(check, &state->items[i]);
    for (size_t i = 0; external && i < external->ast->arguments.count; i++)
        add_parameter(check, &external->ast->arguments.items[i]);
    check_scope(check);
}

bool loop_header_check_names(const LoopHeader *header) {
    const LoopDefinition *definition = header->definition;
    int errors = definition->diagnostics->errors;
    NameCheck check = {.header = header, .arena = definition->arena};
    add_own(&check);
    add_records(&check);
    add_methods(&check);
    add_roles(&check);
    add_externals(&check);
    check_scope(&check);
    for (size_t i = 0; i < definition->records.count; i++)
        check_members(&check, definition->records.items[i]);
    check_parameters(&check, NULL);
    for (size_t i = 0; i < definition->libraries.count; i++)
        for (size_t j = 0; j < definition->libraries.items[i]->externals.count; j++)
            check_parameters(&check, definition->libraries.items[i]->externals.items[j]);
    return definition->diagnostics->errors == errors;
}
