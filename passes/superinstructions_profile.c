// The text of a profile: which sequences of bytecodes to join. See superinstructions.h for what
// it looks like. Names of bytecodes that the table hasn't are no fault of the text, as one
// profile may serve several versions of a definition; what is no list of names is.
#include "passes/superinstructions.h"

#include <ctype.h>
#include <string.h>

typedef struct Reader {
    const char *name;
    const char *at; // what is not yet read of the line
    int line;
    const char *begin; // the line's
    const IrTable *table;
    Arena *arena;
    Sequences *sequences;
    Text *error;
} Reader;

static bool fail(const Reader *reader, const char *what) {
    text_addf(reader->error, "%s:%d:%d: %s", reader->name, reader->line,
              (int)(reader->at - reader->begin) + 1, what);
    return false;
}

static void skip_blanks(Reader *reader) {
    while (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\r')
        reader->at++;
}

static bool is_at_end(Reader *reader) {
    skip_blanks(reader);
    return !*reader->at || *reader->at == '\n' || *reader->at == '#';
}

// The choices for one place of a sequence.
typedef struct Place {
    ARENA_VECTOR(int) opcodes;
} Place;

static bool read_name(Reader *reader, Place *place) {
    const char *begin = reader->at;
    while (isalnum((unsigned char)*reader->at) || *reader->at == '_')
        reader->at++;
    if (reader->at == begin)
        return fail(reader, "expected the name of a bytecode");
    const char *name = arena_strndup(reader->arena, begin, (size_t)(reader->at - begin));
    const IrBytecode *bytecode = ir_find_bytecode(reader->table, name);
    if (bytecode)
        ARENA_PUSH(reader->arena, &place->opcodes, bytecode->opcode);
    else if (!reader->sequences->first_unknown)
        reader->sequences->first_unknown =
            arena_printf(reader->arena, "%s:%d:%d: there is no bytecode '%s'", reader->name,
                         reader->line, (int)(begin - reader->begin) + 1, name);
    return true;
}

static bool read_place(Reader *reader, Place *place) {
    if (*reader->at != '{')
        return read_name(reader, place);
    do {
        reader->at++;
        skip_blanks(reader);
        if (!read_name(reader, place))
            return false;
        skip_blanks(reader);
    } while (*reader->at == ',');
    if (*reader->at != '}')
        return fail(reader, "expected ',' or '}'");
    reader->at++;
    return true;
}

// All sequences that choose one of each place's opcodes.
static bool add_choices(Reader *reader, const Place *places, int count, Sequence *sequence) {
    if (sequence->count == count) {
        ARENA_PUSH(reader->arena, &reader->sequences->items, *sequence);
        return reader->sequences->items.count <= SEQUENCE_MOST ||
               fail(reader, "there are too many sequences");
    }
    const Place *place = &places[sequence->count++];
    bool good = true;
    for (size_t i = 0; good && i < place->opcodes.count; i++) {
        sequence->opcodes[sequence->count - 1] = place->opcodes.items[i];
        good = add_choices(reader, places, count, sequence);
    }
    sequence->count--;
    return good;
}

static bool read_line(Reader *reader) {
    Place places[SEQUENCE_LONGEST] = {0};
    int count = 0;
    bool is_known = true;
    skip_blanks(reader);
    while (isdigit((unsigned char)*reader->at))
        reader->at++;
    while (!is_at_end(reader)) {
        if (count == SEQUENCE_LONGEST)
            return fail(reader, "the sequence is too long");
        if (!read_place(reader, &places[count]))
            return false;
        is_known &= places[count++].opcodes.count > 0;
    }
    reader->sequences->unknown += !is_known;
    if (count == 1)
        return fail(reader, "a sequence has two bytecodes or more");
    return count == 0 || !is_known || add_choices(reader, places, count, &(Sequence){0});
}

bool sequences_read(const char *name, const Text *text, const IrTable *table, Arena *arena,
                    Sequences *sequences, Text *error) {
    Reader reader = {.name = name,
                     .line = 1,
                     .table = table,
                     .arena = arena,
                     .sequences = sequences,
                     .error = error};
    const char *line = text_chars(text), *end = line + text->length;
    for (; line; reader.line++) {
        const char *end_of_line = memchr(line, '\n', (size_t)(end - line));
        reader.at = reader.begin = line;
        if (!read_line(&reader))
            return false;
        // What follows a byte 0 would be ignored.
        const char *zero = memchr(line, 0, (size_t)((end_of_line ? end_of_line : end) - line));
        if (zero) {
            reader.at = zero;
            return fail(&reader, "unexpected byte 0x00");
        }
        line = end_of_line ? end_of_line + 1 : NULL;
    }
    return true;
}
