// Records: their fields' types, alias classes and offsets, and the paths of fields that index
// other fields' elements. The layout is made here and nowhere else: the IR's loads and stores
// take their offsets from it, and the generated header asserts that the C compiler lays out
// its structs alike (header_records.c), so that the runtime and an emitted interpreter can't
// come to disagree about a frame without the build failing.
#include "frontend/loop/definition.h"

#include <stdlib.h>
#include <string.h>

// Far beyond any sensible record, and far from where offsets could overflow.
enum { LARGEST_OFFSET = 1 << 20 };

// Where a field is if the definition doesn't say. Frame and thread are one record each, and
// all frames are in one class: two frames differ at run time only. Whatever moves is the
// collector's, hence the heap; what is left are methods, classes and call sites, which code
// refers to.
static unsigned default_alias_class(const LoopDefinition *definition, const LoopRecord *record) {
    if (record == definition->frame)
        return IR_ALIAS_FRAME;
    if (record == definition->thread)
        return IR_ALIAS_THREAD;
    return record->ir->moves ? IR_ALIAS_HEAP : IR_ALIAS_CODE;
}

// The next multiple of `size`, as C aligns scalars on x86-64, each to its own size.
static int64_t align(int64_t offset, int64_t size) {
    return (offset + size - 1) / size * size;
}

// `at: OFFSET` of an array in place. False after reporting.
static bool parse_offset(LoopDefinition *definition, LoopWords *words, int64_t *offset) {
    const AstWord *word = loop_peek_word(words);
    int64_t value = 0;
    if (!word || !word->is_integer || !loop_integer(word->text, &value) ||
        value < -LARGEST_OFFSET || value > LARGEST_OFFSET) {
        diagnostic_error(definition->diagnostics, word ? word->at : words->annotation->at,
                         "`at:` needs an offset in bytes");
        return false;
    }
    words->next++;
    *offset = value;
    return true;
}

// Remembers where the words of `indexes:` are. They are resolved when all fields are known,
// because a path leads through records that may come later (`indexes: method code`).
static void skip_path(LoopField *field, LoopWords *words) {
    field->cursor_words = words->next;
    const AstWord *word;
    while ((word = loop_peek_word(words)) && !word->is_integer && !strchr(word->text, ':'))
        words->next++;
    field->cursor_end = words->next;
}

// What the IR has no form for. A Boolean is an i1, which no cell of memory holds; an element in
// place is one cell, so it can't be a whole record. A cursor is computed with, in 64 bits.
static void check_field(LoopDefinition *definition, const LoopRecord *record,
                        const LoopField *field) {
    Location at = field->ast->at;
    if (field->type.kind == LOOP_BOOLEAN)
        diagnostic_error(definition->diagnostics, at, "a Boolean can't be kept in memory");
    if (field->ir->is_array && field->type.record && !field->type.record->ir->moves)
        diagnostic_error(definition->diagnostics, at, "records can't lie in place in another one");
    if (field->cursor_end != field->cursor_words &&
        (field->type.kind != LOOP_INT64 || field->type.cell != IR_CELL_I64))
        diagnostic_error(definition->diagnostics, at, "a field that indexes must be an Int64");
    if (field->ir->is_cached &&
        (record != definition->frame || field->ir->is_const || ir_cell_size(field->ir->cell) < 8))
        diagnostic_error(definition->diagnostics, at,
                         "only state of the loop's frame that fills a register can be `cached`");
    if (loop_find_field(record, field->name) != field)
        diagnostic_error(definition->diagnostics, at, "a second field `%s` in %s", field->name,
                         record->name);
}

static bool is_reference(const LoopField *field) {
    return field->ir->cell == IR_CELL_VALUE || field->ir->cell == IR_CELL_OBJECT;
}

static bool shares_bytes(const LoopField *one, const LoopField *other) {
    int64_t low = one->ir->offset, other_low = other->ir->offset;
    return one != other && !other->ir->is_array &&
           low < other_low + ir_cell_size(other->ir->cell) &&
           other_low < low + ir_cell_size(one->ir->cell);
}

// A field with `at:` sees bytes of fields before it as another type. What passes know by its field
// alone can't be seen in another way: state of the frame and the thread, const fields, references.
static void check_overlay(LoopDefinition *definition, const LoopRecord *record,
                          const LoopField *field, int64_t end) {
    Location at = field->ast->at;
    int size = ir_cell_size(field->ir->cell);
    if (field->ir->offset < 0 || field->ir->offset % size || field->ir->offset + size > end) {
        diagnostic_error(definition->diagnostics, at,
                         "`%s` must lie within the fields before it, at a multiple of its size",
                         field->name);
        return;
    }
    bool is_good = record != definition->frame && record != definition->thread &&
                   !record->ir->moves && !field->ir->is_const && !is_reference(field) &&
                   field->cursor_end == field->cursor_words;
    for (size_t i = 0; is_good && i < record->fields.count; i++) {
        const LoopField *below = record->fields.items[i];
        if (shares_bytes(field, below))
            is_good = !below->ir->is_const && !is_reference(below) &&
                      below->ir->alias_class == field->ir->alias_class;
    }
    if (!is_good)
        diagnostic_error(definition->diagnostics, at,
                         "`%s` can't lie over other fields: passes know these, or it, by the field",
                         field->name);
}

// What a field's annotation says besides its type.
typedef struct FieldMarks {
    bool is_const, in_place, cached, is_overlay;
    unsigned alias_class;
    int64_t offset;
} FieldMarks;

// The words after the type. An array in place takes `at:` only, as its own type has said where
// its elements are, and nothing indexes by an array. Another field with `at:` lies over those
// before it. False after reporting.
static bool parse_marks(LoopDefinition *definition, LoopField *field, LoopWords *words,
                        FieldMarks *marks) {
    for (;;) {
        if (loop_take_word(words, "at:")) {
            marks->is_overlay = !marks->in_place;
            if (!parse_offset(definition, words, &marks->offset))
                return false;
        } else if (!marks->in_place && loop_take_word(words, "in:")) {
            marks->alias_class = loop_parse_alias_class(definition, words, false);
            if (!marks->alias_class)
                return false;
        } else if (!marks->in_place && loop_take_word(words, "indexes:")) {
            skip_path(field, words);
        } else if (!marks->in_place && loop_take_word(words, "cached")) {
            marks->cached = true;
        } else {
            return loop_expect_end(definition, words);
        }
    }
}

// Reads a field's annotation. `end` is where the record's fields end so far.
static bool parse_field(LoopDefinition *definition, const LoopRecord *record, LoopField *field,
                        int64_t end, FieldMarks *marks) {
    LoopWords words = {field->annotation, 0};
    marks->is_const = loop_take_word(&words, "const");
    marks->in_place = loop_take_word(&words, "inline");
    const AstWord *type_word = loop_peek_word(&words);
    if (!loop_parse_type(definition, &words, true, &field->type))
        return false;
    bool elements = field->type.kind == LOOP_ELEMENTS;
    if (marks->in_place && !elements) {
        diagnostic_error(definition->diagnostics, type_word->at, "only `Elements` can be `inline`");
        return false;
    }
    // An array in place lies where its record does, unless its type says otherwise. A type
    // that says nothing has a default of its own, so what counts is whether its last words
    // were `in: CLASS`.
    bool said =
        words.next > 1 && !strcmp(field->annotation->words.items[words.next - 2].text, "in:");
    marks->alias_class =
        marks->in_place && said ? field->type.alias_class : default_alias_class(definition, record);
    bool is_pointer = elements && !marks->in_place;
    marks->offset = align(end, ir_cell_size(is_pointer ? IR_CELL_PTR : field->type.cell));
    return parse_marks(definition, field, &words, marks);
}

// Places one field. `end` is where the record's fields end so far. An array in place doesn't
// move it: how long the array is only its object knows, so arrays begin where the scalars end,
// and several may overlap (a frame's locals and its stack are one stretch of memory).
static void declare_field(LoopDefinition *definition, LoopRecord *record, const AstVariable *ast,
                          int64_t *end) {
    LoopField *field = ARENA_NEW(definition->arena, LoopField);
    FieldMarks marks = {0};
    if (!loop_check_name(definition, ast->name, ast->at))
        return;
    if (!ast->annotation) {
        diagnostic_error(definition->diagnostics, ast->at, "field `%s` needs a type: `%s <Int64>`",
                         ast->name, ast->name);
        return;
    }
    field->name = arena_strdup(definition->arena, ast->name);
    field->ast = ast;
    field->annotation = ast->annotation;
    if (!parse_field(definition, record, field, *end, &marks))
        return;
    bool is_pointer = field->type.kind == LOOP_ELEMENTS && !marks.in_place;
    IrCell cell = is_pointer ? IR_CELL_PTR : field->type.cell;
    field->ir = ir_field_new(definition->module, record->ir, field->name, cell, marks.offset);
    field->ir->at = ast->at;
    field->ir->is_const = marks.is_const;
    field->ir->is_array = marks.in_place;
    field->ir->is_cached = marks.cached;
    field->ir->is_overlay = marks.is_overlay;
    // What is never written after its record is made conflicts with no store: it is in no
    // alias class, and passes may read it whenever they like.
    field->ir->alias_class = marks.is_const ? 0 : marks.alias_class;
    if (marks.in_place)
        field->type.alias_class = marks.alias_class;
    if (field->type.record)
        field->ir->pointee = field->type.record->ir;
    ARENA_PUSH(definition->arena, &record->fields, field);
    check_field(definition, record, field);
    if (marks.is_overlay)
        check_overlay(definition, record, field, *end);
    else if (!marks.in_place)
        *end = marks.offset + ir_cell_size(cell);
}

static void declare_record(LoopDefinition *definition, LoopRecord *record) {
    const AstClass *ast = record->ast;
    int64_t offset = 0;
    for (size_t i = 0; i < ast->fields.count; i++)
        declare_field(definition, record, &ast->fields.items[i], &offset);
    record->ir->size = align(offset, 8);
    if (ast->class_fields.count)
        diagnostic_error(definition->diagnostics, ast->class_fields.items[0].at,
                         "a record has no class side");
    const AstMethods *sides[] = {&ast->methods, &ast->class_methods};
    for (size_t i = 0; i < 2; i++) {
        if (sides[i]->count)
            diagnostic_error(definition->diagnostics, sides[i]->items[0]->at,
                             "a record has no methods");
    }
}

// Follows the words of `indexes:` from the record's own fields, to what makes the field a
// cursor: cache-frame-state keeps the address of the element that it indexes instead of the
// index. That address stays right as long as the record exists, if every step of the path is a
// const field: then the elements are the same ones each time.
static void resolve_cursor(LoopDefinition *definition, LoopRecord *record, LoopField *field) {
    IrPath *path = ARENA_NEW(definition->arena, IrPath);
    LoopType type = loop_record_type(record);
    for (size_t i = field->cursor_words; i < field->cursor_end; i++) {
        const AstWord *word = &field->annotation->words.items[i];
        LoopField *step =
            type.kind == LOOP_RECORD ? loop_find_field(type.record, word->text) : NULL;
        if (!step) {
            diagnostic_error(definition->diagnostics, word->at, "%s has no field `%s`",
                             loop_type_text(definition->arena, type), word->text);
            return;
        }
        if (!step->ir->is_const || step->ir->is_array) {
            diagnostic_error(definition->diagnostics, word->at,
                             "`%s` must be a const field: what a field indexes can't change",
                             word->text);
            return;
        }
        ARENA_PUSH(definition->arena, &path->fields, step->ir);
        type = step->type;
    }
    if (type.kind != LOOP_ELEMENTS || (type.record && !type.record->ir->moves)) {
        diagnostic_error(definition->diagnostics, field->ast->at,
                         "`%s` must index elements, but its path leads to %s", field->name,
                         loop_type_text(definition->arena, type));
        return;
    }
    field->ir->cursor = path;
    field->ir->cursor_cell = type.cell;
}

void loop_declare_records(LoopDefinition *definition) {
    // First all fields, then the paths through them.
    int errors = definition->diagnostics->errors;
    for (size_t i = 0; i < definition->records.count; i++)
        declare_record(definition, definition->records.items[i]);
    if (definition->diagnostics->errors != errors)
        return;
    for (size_t i = 0; i < definition->records.count; i++) {
        LoopRecord *record = definition->records.items[i];
        for (size_t j = 0; j < record->fields.count; j++) {
            LoopField *field = record->fields.items[j];
            if (field->cursor_end != field->cursor_words)
                resolve_cursor(definition, record, field);
        }
    }
}
