// See image.h. A runtime is linked with an interpreter that was emitted elsewhere, perhaps by
// another build. What would happen if the two differed is the worst kind of fault: a field read at
// a wrong offset, an opcode taken for another one, and all of it silent. So the fingerprints are
// compared first, and what isn't as this runtime was compiled is refused by name. What is told of
// each opcode is then read into the same structures as the generated header has.
//
// An image is read once in the life of a process, at each start; so it is read word by word from
// left to right, and nothing is looked for. A `read_` function takes what it reads and the blank
// after it; if it answers false, the reader stands near what is wrong, which is shown.
#include "runtime/bytecodes/image.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 1 << 20 }; // whatever a number counts: none overflows, none asks for gigabytes

typedef struct Reader {
    Arena *arena;
    const char *at;  // in the text
    Bytecode *items; // by opcode
    InterpreterBytecode *descriptions;
    int count;
} Reader;

// ---- Words -----------------------------------------------------------------------------

static void skip_blank(Reader *reader) {
    reader->at += *reader->at == ' ';
}

// Takes the word if it is next.
static bool accept(Reader *reader, const char *word) {
    const char *at = reader->at;
    while (*word && *at == *word)
        at++, word++;
    if (*word || (*at != ' ' && *at != '\n'))
        return false;
    reader->at = at;
    skip_blank(reader);
    return true;
}

static bool read_digits(Reader *reader, int *number) {
    const char *at = reader->at;
    bool is_negative = *at == '-';
    int value = 0;
    at += *at == '-' || *at == '+';
    if (*at < '0' || *at > '9')
        return false;
    for (; *at >= '0' && *at <= '9' && value <= MOST; at++)
        value = value * 10 + (*at - '0');
    reader->at = at;
    *number = is_negative ? -value : value;
    return value <= MOST;
}

static bool read_number(Reader *reader, int least, int most, int *number) {
    if (!read_digits(reader, number) || *number < least || *number > most)
        return false;
    skip_blank(reader);
    return true;
}

static size_t word_length(const Reader *reader) {
    return strcspn(reader->at, " \n");
}

static bool read_name(Reader *reader, const char **name) {
    size_t length = word_length(reader);
    *name = arena_strndup(reader->arena, reader->at, length);
    reader->at += length;
    skip_blank(reader);
    return length > 0;
}

// CONSTANT or CONSTANT+FACTOR*OPERAND
static bool read_slots(Reader *reader, InterpreterSlots *slots) {
    *slots = (InterpreterSlots){0, 0, -1};
    if (!read_digits(reader, &slots->constant))
        return false;
    if (*reader->at == '+' || *reader->at == '-') {
        if (!read_digits(reader, &slots->factor) || *reader->at++ != '*' ||
            !read_digits(reader, &slots->operand))
            return false;
    }
    skip_blank(reader);
    return true;
}

// ---- Bytecodes ---------------------------------------------------------------------------

static bool read_cell(Reader *reader, InterpreterOperand *operand) {
    static const struct {
        const char *name;
        int size;
        int64_t minimum, maximum;
    } cells[] = {
        {"u8", 1, 0, UINT8_MAX},   {"i8", 1, INT8_MIN, INT8_MAX},
        {"u16", 2, 0, UINT16_MAX}, {"i16", 2, INT16_MIN, INT16_MAX},
        {"u32", 4, 0, UINT32_MAX}, {"i32", 4, INT32_MIN, INT32_MAX},
    };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        if (!accept(reader, cells[i].name))
            continue;
        operand->units = (int)((size_t)cells[i].size / sizeof(InterpreterUnit));
        operand->minimum = cells[i].minimum;
        operand->maximum = cells[i].maximum;
        return operand->units > 0;
    }
    return false;
}

static bool read_role(Reader *reader, InterpreterOperand *operand) {
#define ROLE(enumerator, name) {name, enumerator},
    static const struct {
        const char *name;
        enum InterpreterRole role;
    } roles[] = {INTERPRETER_ROLES(ROLE){"-", ROLE_NONE}};
#undef ROLE
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        if (!accept(reader, roles[i].name))
            continue;
        operand->role = roles[i].role;
        return operand->role != ROLE_JUMP || read_slots(reader, &operand->jump);
    }
    return false;
}

static bool read_operand(Reader *reader, InterpreterBytecode *description, int *unit) {
    if (description->operand_count == INTERPRETER_OPERANDS_MAX)
        return false;
    InterpreterOperand *operand = &description->operands[description->operand_count++];
    operand->jump.operand = -1;
    operand->unit = *unit;
    if (!read_name(reader, &operand->name) || !read_cell(reader, operand) ||
        !read_role(reader, operand))
        return false;
    if (accept(reader, "fixed")) {
        int fixed;
        if (!read_number(reader, (int)operand->minimum, MOST, &fixed) || fixed > operand->maximum)
            return false;
        operand->minimum = operand->maximum = fixed;
    }
    *unit += operand->units;
    return *unit <= description->length;
}

// The operand that a number of slots depends on is one of the bytecode's.
static bool depends_on_own(const InterpreterBytecode *description, const InterpreterSlots *slots) {
    return slots->operand < description->operand_count;
}

// length N needs SLOTS stack SLOTS [jumps SLOTS] [leaves] {operand NAME CELL ROLE [fixed N]}
static bool read_description(Reader *reader, InterpreterBytecode *description) {
    int unit = 1;
    if (!accept(reader, "length") || !read_number(reader, 1, MOST, &description->length) ||
        !accept(reader, "needs") || !read_slots(reader, &description->needs) ||
        !accept(reader, "stack") || !read_slots(reader, &description->stack))
        return false;
    description->jumped.operand = -1;
    description->jumps = accept(reader, "jumps");
    if (description->jumps && !read_slots(reader, &description->jumped))
        return false;
    description->leaves = accept(reader, "leaves");
    while (accept(reader, "operand"))
        if (!read_operand(reader, description, &unit))
            return false;
    bool is_sound = depends_on_own(description, &description->needs) &&
                    depends_on_own(description, &description->stack) &&
                    depends_on_own(description, &description->jumped);
    for (int i = 0; i < description->operand_count; i++)
        is_sound &= depends_on_own(description, &description->operands[i].jump);
    return is_sound;
}

static bool read_components(Reader *reader, Bytecode *bytecode) {
    if (!read_number(reader, 1, MOST, &bytecode->component_count))
        return false;
    int *components = ARENA_ARRAY(reader->arena, int, bytecode->component_count);
    bytecode->components = components;
    for (int i = 0; i < bytecode->component_count; i++)
        if (!read_number(reader, 0, reader->count - 1, &components[i]))
            return false;
    return true;
}

// OPCODE NAME [unreachable] KIND …; whether an opcode can be reached matters to the dispatch only.
static bool read_bytecode(Reader *reader, int opcode) {
    Bytecode *bytecode = &reader->items[opcode];
    InterpreterBytecode *description = &reader->descriptions[opcode];
    int number;
    *bytecode = (Bytecode){.opcode = opcode, .base = opcode, .quickens = -1};
    if (!read_number(reader, opcode, opcode, &number) || !read_name(reader, &bytecode->name))
        return false;
    description->name = bytecode->name;
    accept(reader, "unreachable");
    if (accept(reader, "fused"))
        return read_components(reader, bytecode) && *reader->at == '\n';
    bytecode->admitted = accept(reader, "base");
    description->admitted = bytecode->admitted;
    if (accept(reader, "quickened")) {
        if (!read_number(reader, 0, reader->count - 1, &bytecode->base) || bytecode->base == opcode)
            return false;
    } else if (!bytecode->admitted && !accept(reader, "reserved")) {
        return false;
    }
    return read_description(reader, description) && *reader->at == '\n';
}

// ---- What bytecodes say of each other ------------------------------------------------------

// A quickened one stands for a bytecode that isn't quickened itself, and is as long as that:
// who walks through code goes by what was written.
static bool link_plain(const Reader *reader, Bytecode *bytecode) {
    if (reader->items[bytecode->base].base != bytecode->base)
        return false;
    if (bytecode->base != bytecode->opcode && reader->items[bytecode->base].quickens < 0)
        reader->items[bytecode->base].quickens = bytecode->opcode;
    bytecode->written = &reader->descriptions[bytecode->base];
    bytecode->length = bytecode->written->length;
    return reader->descriptions[bytecode->opcode].length == bytecode->length;
}

// A fused one stands where its first component does. Its components aren't fused themselves, so the
// plain ones are linked before.
static bool link_fused(const Reader *reader, Bytecode *bytecode) {
    const Bytecode *first = &reader->items[bytecode->components[0]];
    for (int i = 0; i < bytecode->component_count; i++) {
        const Bytecode *component = &reader->items[bytecode->components[i]];
        if (component->component_count)
            return false;
        bytecode->length += component->length;
    }
    bytecode->base = first->base;
    bytecode->written = first->written;
    return true;
}

static bool link_each(Reader *reader, bool are_fused) {
    for (int i = 0; i < reader->count; i++) {
        Bytecode *bytecode = &reader->items[i];
        reader->at = bytecode->name;
        if ((bytecode->component_count > 0) == are_fused &&
            !(are_fused ? link_fused : link_plain)(reader, bytecode))
            return false;
    }
    return true;
}

// Compilers and this runtime write opcodes by their numbers in the header. So what may be written
// must have the same number here, whatever a pass has added. The fingerprint promises as much; this
// holds what was read to the promise.
static bool has_our_numbers(const Reader *reader) {
    for (int i = 0; i < OP_COUNT; i++) {
        bool is_there = i < reader->count && reader->items[i].admitted;
        if (interpreter_bytecodes[i].admitted && !is_there)
            return false;
    }
    for (int i = 0; i < reader->count; i++) {
        const Bytecode *bytecode = &reader->items[i];
        bool is_ours = i < OP_COUNT && !strcmp(bytecode->name, interpreter_bytecodes[i].name);
        if (!bytecode->component_count && bytecode->base == i && !is_ours)
            return false;
    }
    return true;
}

// Base and reserved ones have the header's; quickened ones are found by their names.
static void number_ours(Bytecodes *bytecodes) {
    for (int ours = 0; ours < OP_COUNT; ours++) {
        bytecodes->numbers[ours] = -1;
        for (int i = 0; i < bytecodes->count && bytecodes->numbers[ours] < 0; i++)
            if (!strcmp(bytecodes->items[i].name, interpreter_bytecodes[ours].name))
                bytecodes->numbers[ours] = i;
    }
}

// ---- The whole -----------------------------------------------------------------------------

static bool complain_of(const char *what, FILE *errors) {
    fprintf(errors, "error: the interpreter was made for another runtime: %s changed\n", what);
    return false;
}

// What follows the key of the next line that has it; NULL if there is none.
static const char *find_line(const char *from, const char *key) {
    size_t length = strlen(key);
    for (const char *line = from; *line; line += *line == '\n') {
        if (!strncmp(line, key, length) && line[length] == ' ')
            return line + length + 1;
        line += strcspn(line, "\n");
    }
    return NULL;
}

static bool has_our_fingerprints(const char *image, FILE *errors) {
    static const struct {
        const char *key, *what;
        uint64_t expected;
    } parts[] = {
        {"bytecodes", "the bytecodes", INTERPRETER_FINGERPRINT_BYTECODES},
        {"records", "the records' layout", INTERPRETER_FINGERPRINT_RECORDS},
        {"externals", "the runtime functions", INTERPRETER_FINGERPRINT_EXTERNALS},
    };
    bool has_all = true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *number = find_line(image, parts[i].key);
        if (!number || strtoull(number, NULL, 16) != parts[i].expected)
            has_all = complain_of(parts[i].what, errors);
    }
    return has_all;
}

static int count_bytecodes(const char *image) {
    int count = 0;
    for (const char *line = image; (line = find_line(line, "bytecode"));)
        count++;
    return count;
}

static bool read_bytecodes(Reader *reader, const char *image) {
    reader->count = count_bytecodes(image);
    reader->items = ARENA_ARRAY(reader->arena, Bytecode, reader->count);
    reader->descriptions = ARENA_ARRAY(reader->arena, InterpreterBytecode, reader->count);
    reader->at = image;
    for (int i = 0; i < reader->count; i++) {
        reader->at = find_line(reader->at, "bytecode");
        if (!read_bytecode(reader, i))
            return false;
    }
    return link_each(reader, false) && link_each(reader, true);
}

// By the last line that says so: a loop by hand has one of its own after the definition's.
static BytecodePolls read_polls(const char *image) {
    static const char none[] = "none", forced[] = "visible-effects\n";
    const char *policy = none;
    for (const char *line = image; (line = find_line(line, "polls"));)
        policy = line;
    if (!strncmp(policy, forced, sizeof forced - 1))
        return POLLS_FORCED;
    return !strncmp(policy, none, sizeof none - 1) ? POLLS_NONE : POLLS_ASKED;
}

const Bytecodes *image_read(Arena *arena, const char *image, FILE *errors) {
    Reader reader = {.arena = arena};
    static const char form[] = INTERPRETER_IMAGE_FORM "\n";
    if (strncmp(image, form, sizeof form - 1) != 0) {
        complain_of("the form of its image", errors);
        return NULL;
    }
    if (!has_our_fingerprints(image, errors))
        return NULL;
    if (!read_bytecodes(&reader, image)) {
        fprintf(errors, "error: the interpreter's image can't be read, at: %.*s\n",
                (int)strcspn(reader.at, "\n"), reader.at);
        return NULL;
    }
    if (!has_our_numbers(&reader)) {
        complain_of("the bytecodes", errors);
        return NULL;
    }
    Bytecodes *bytecodes = ARENA_NEW(arena, Bytecodes);
    *bytecodes =
        (Bytecodes){.items = reader.items, .count = reader.count, .polls = read_polls(image)};
    number_ours(bytecodes);
    return bytecodes;
}

const char *image_line(const char *image, const char *key) {
    size_t length = strlen(key);
    for (const char *line = image; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (!strncmp(line, key, length) && line[length] == ' ')
            return line + length + 1;
    }
    return NULL;
}
