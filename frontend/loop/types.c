// The loop language's types: reading them from annotations, comparing and naming them. They
// are static and few, because what a message does must be known when the loop is compiled:
// there is nothing at run time that could look it up. There are no conversions but those that
// the definition writes, so that every instruction of the loop is one that somebody asked for.
// Which messages a type understands is decided in messages.c.
#include "frontend/loop/definition.h"

#include <string.h>

// Types of memory only are no types of values: arithmetic is on 64 bits throughout, as in the
// registers of the machine, and narrow integers are extended when read and cut when written.
// So the definition has no questions of promotion or overflow in narrow types to answer.
static const struct {
    const char *name;
    LoopKind kind;
    IrCell cell;
    bool only_in_memory;
} builtin[] = {
    {"Int64", LOOP_INT64, IR_CELL_I64, false},     {"Value", LOOP_VALUE, IR_CELL_VALUE, false},
    {"Address", LOOP_ADDRESS, IR_CELL_PTR, false}, {"Double", LOOP_DOUBLE, IR_CELL_F64, false},
    {"UInt8", LOOP_INT64, IR_CELL_U8, true},       {"Int8", LOOP_INT64, IR_CELL_I8, true},
    {"UInt16", LOOP_INT64, IR_CELL_U16, true},     {"Int16", LOOP_INT64, IR_CELL_I16, true},
    {"UInt32", LOOP_INT64, IR_CELL_U32, true},     {"Int32", LOOP_INT64, IR_CELL_I32, true},
    {"Float32", LOOP_DOUBLE, IR_CELL_F32, true},
};

enum { BUILTIN_COUNT = sizeof builtin / sizeof *builtin };

const AstWord *loop_peek_word(const LoopWords *words) {
    if (!words->annotation || words->next >= words->annotation->words.count)
        return NULL;
    return &words->annotation->words.items[words->next];
}

bool loop_take_word(LoopWords *words, const char *text) {
    const AstWord *word = loop_peek_word(words);
    if (!word || word->is_integer || strcmp(word->text, text) != 0)
        return false;
    words->next++;
    return true;
}

// Where to point when a word is missing: an annotation has no location of its end.
static Location end_of(const LoopWords *words) {
    const AstWord *word = loop_peek_word(words);
    return word ? word->at : words->annotation->at;
}

unsigned loop_parse_alias_class(LoopDefinition *definition, LoopWords *words, bool all) {
    const AstWord *word = loop_peek_word(words);
    if (word && all && loop_take_word(words, "all"))
        return IR_ALIAS_ALL;
    for (unsigned alias_class = 1; word && alias_class < IR_ALIAS_ALL; alias_class <<= 1) {
        if (loop_take_word(words, ir_alias_text(alias_class)))
            return alias_class;
    }
    diagnostic_error(definition->diagnostics, end_of(words),
                     "expected an alias class: frame, stack, heap, code%s", //
                     all ? ", thread or all" : " or thread");
    return 0;
}

// `of: T [in: CLASS]`, after `Elements`. Elements of elements are left out: the inner ones'
// type would have to be said, compared and printed in place, and a record with one field says
// the same with a name.
static bool parse_elements(LoopDefinition *definition, LoopWords *words, LoopType *type) {
    LoopType element;
    if (!loop_take_word(words, "of:")) {
        diagnostic_error(definition->diagnostics, end_of(words),
                         "`Elements` needs `of:` and the type of an element");
        return false;
    }
    const AstWord *word = loop_peek_word(words);
    Location at = end_of(words);
    if (word && !strcmp(word->text, "Elements")) {
        diagnostic_error(definition->diagnostics, at, "elements can't be elements themselves");
        return false;
    }
    if (!loop_parse_type(definition, words, true, &element))
        return false;
    if (element.kind == LOOP_BOOLEAN) {
        diagnostic_error(definition->diagnostics, at, "a Boolean can't be kept in memory");
        return false;
    }
    *type = (LoopType){LOOP_ELEMENTS, element.cell, element.record, IR_ALIAS_CODE};
    if (loop_take_word(words, "in:"))
        type->alias_class = loop_parse_alias_class(definition, words, false);
    return type->alias_class != 0;
}

bool loop_parse_type(LoopDefinition *definition, LoopWords *words, bool in_memory, LoopType *type) {
    const AstWord *word = loop_peek_word(words);
    *type = loop_type(LOOP_UNKNOWN);
    if (!word || word->is_integer) {
        diagnostic_error(definition->diagnostics, end_of(words), "expected a type");
        return false;
    }
    words->next++;
    if (!strcmp(word->text, "Boolean")) {
        *type = loop_type(LOOP_BOOLEAN);
        return true;
    }
    if (!strcmp(word->text, "Elements"))
        return parse_elements(definition, words, type);
    for (size_t i = 0; i < BUILTIN_COUNT; i++) {
        if (strcmp(word->text, builtin[i].name) != 0)
            continue;
        if (builtin[i].only_in_memory && !in_memory) {
            diagnostic_error(definition->diagnostics, word->at,
                             "%s is a type of memory only; what is read from it is %s", word->text,
                             builtin[i].kind == LOOP_DOUBLE ? "Double" : "Int64");
            return false;
        }
        *type = (LoopType){.kind = builtin[i].kind, .cell = builtin[i].cell};
        return true;
    }
    LoopRecord *record = loop_find_record(definition, word->text);
    if (!record) {
        diagnostic_error(definition->diagnostics, word->at, "unknown type `%s`", word->text);
        return false;
    }
    *type = loop_record_type(record);
    return true;
}

bool loop_expect_end(LoopDefinition *definition, const LoopWords *words) {
    const AstWord *word = loop_peek_word(words);
    if (word)
        diagnostic_error(definition->diagnostics, word->at, "unexpected `%s` in an annotation",
                         word->text);
    return !word;
}

bool loop_begin_type(LoopDefinition *definition, const AstVariable *variable, bool in_memory,
                     LoopWords *words, LoopType *type) {
    *words = (LoopWords){variable->annotation, 0};
    *type = loop_type(LOOP_UNKNOWN);
    if (!loop_check_name(definition, variable->name, variable->at))
        return false;
    if (!variable->annotation) {
        diagnostic_error(definition->diagnostics, variable->at, "`%s` needs a type: `%s <Int64>`",
                         variable->name, variable->name);
        return false;
    }
    return loop_parse_type(definition, words, in_memory, type);
}

bool loop_variable_type(LoopDefinition *definition, const AstVariable *variable, bool in_memory,
                        LoopType *type) {
    LoopWords words;
    return loop_begin_type(definition, variable, in_memory, &words, type) &&
           loop_expect_end(definition, &words);
}

// A kind that needs nothing else to be a type: not a record's, nor that of elements.
LoopType loop_type(LoopKind kind) {
    static const IrCell cells[] = {
        [LOOP_INT64] = IR_CELL_I64,
        [LOOP_DOUBLE] = IR_CELL_F64,
        [LOOP_VALUE] = IR_CELL_VALUE,
        [LOOP_ADDRESS] = IR_CELL_PTR,
    };
    return (LoopType){.kind = kind, .cell = kind <= LOOP_ADDRESS ? cells[kind] : IR_CELL_PTR};
}

LoopType loop_record_type(LoopRecord *record) {
    return (LoopType){LOOP_RECORD, record->ir->moves ? IR_CELL_OBJECT : IR_CELL_PTR, record, 0};
}

// The type of a value, not of a cell: a UInt8 in memory is an Int64 once it is read.
LoopType loop_element_type(LoopType elements) {
    if (elements.record)
        return loop_record_type(elements.record);
    switch (elements.cell) {
    case IR_CELL_F32:
    case IR_CELL_F64: return loop_type(LOOP_DOUBLE);
    case IR_CELL_PTR: return loop_type(LOOP_ADDRESS);
    case IR_CELL_VALUE: return loop_type(LOOP_VALUE);
    default: return loop_type(LOOP_INT64);
    }
}

// Elements in different alias classes are different types, although both are addresses: to
// pass one for the other would access memory under a wrong name, and passes would take two
// accesses of the same byte for independent.
bool loop_same_type(LoopType left, LoopType right) {
    if (left.kind == LOOP_UNKNOWN || right.kind == LOOP_UNKNOWN)
        return true;
    if (left.kind != right.kind || left.record != right.record)
        return false;
    return left.kind != LOOP_ELEMENTS ||
           (left.cell == right.cell && left.alias_class == right.alias_class);
}

// The names are in the order of LoopKind; LOOP_NEVER is told like LOOP_NOTHING.
const char *loop_type_text(Arena *arena, LoopType type) {
    static const char *const names[] = {"nothing", "unknown", "nothing", "Boolean",
                                        "Int64",   "Double",  "Value",   "Address"};
    if (type.kind == LOOP_RECORD)
        return type.record->name;
    if (type.kind != LOOP_ELEMENTS)
        return names[type.kind];
    const char *element = type.record ? type.record->name : "Boolean";
    for (size_t i = 0; !type.record && i < BUILTIN_COUNT; i++) {
        if (builtin[i].cell == type.cell)
            element = builtin[i].name;
    }
    return arena_printf(arena, "Elements of: %s in: %s", element, ir_alias_text(type.alias_class));
}

IrType loop_ir_type(LoopType type) {
    switch (type.kind) {
    case LOOP_NOTHING:
    case LOOP_NEVER: return IR_VOID;
    case LOOP_BOOLEAN: return IR_I1;
    case LOOP_UNKNOWN:
    case LOOP_INT64: return IR_I64;
    case LOOP_DOUBLE: return IR_F64;
    case LOOP_VALUE: return IR_VALUE;
    case LOOP_RECORD: return type.record->ir->moves ? IR_OBJECT : IR_PTR;
    case LOOP_ADDRESS:
    case LOOP_ELEMENTS: break;
    }
    return IR_PTR;
}

// Records that stay lie one after the other; of those that move only references can.
int64_t loop_element_size(LoopType elements) {
    if (elements.record && !elements.record->ir->moves)
        return elements.record->ir->size;
    return ir_cell_size(elements.cell);
}
