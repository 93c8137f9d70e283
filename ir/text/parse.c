// The text form's parser: tokens, the module's head, the order of declarations, and how to
// go on after errors: at the next line that begins with a word which can begin something,
// so that one mistake makes one message and the rest of the file is still looked at.
#include "ir/text/parser.h"
#include "ir/text/text.h"

#include <limits.h>
#include <stdarg.h>
#include <string.h>

bool ir_parse_fail(Parser *parser, Location at, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char message[512];
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    diagnostic_error(parser->diagnostics, at, "%s", message);
    return false;
}

IrToken ir_parse_take(Parser *parser) {
    IrToken token = parser->token;
    parser->token = ir_lex(&parser->lexer);
    return token;
}

bool ir_parse_is_mark(const Parser *parser, char mark) {
    return parser->token.kind == IR_TOKEN_MARK && parser->token.text[0] == mark;
}

bool ir_parse_is_word(const Parser *parser, const char *word) {
    return parser->token.kind == IR_TOKEN_WORD && !strcmp(parser->token.text, word);
}

bool ir_parse_accept_mark(Parser *parser, char mark) {
    if (!ir_parse_is_mark(parser, mark))
        return false;
    ir_parse_take(parser);
    return true;
}

bool ir_parse_accept_word(Parser *parser, const char *word) {
    if (!ir_parse_is_word(parser, word))
        return false;
    ir_parse_take(parser);
    return true;
}

// What a message calls the next token.
// The sigil is shown again, as the token's text is without it.
static const char *found(Parser *parser) {
    const IrToken *token = &parser->token;
    switch (token->kind) {
    case IR_TOKEN_END: return "the end of the text";
    case IR_TOKEN_INTEGER:
    case IR_TOKEN_NUMBER: return "a number";
    case IR_TOKEN_STRING: return "a string";
    case IR_TOKEN_VALUE: return arena_printf(parser->scratch, "'%%%s'", token->text);
    case IR_TOKEN_BLOCK: return arena_printf(parser->scratch, "'^%s'", token->text);
    case IR_TOKEN_GLOBAL: return arena_printf(parser->scratch, "'@%s'", token->text);
    default: return arena_printf(parser->scratch, "'%s'", token->text);
    }
}

bool ir_parse_mark(Parser *parser, char mark) {
    if (ir_parse_accept_mark(parser, mark))
        return true;
    return ir_parse_fail(parser, parser->token.at, "expected '%c', found %s", mark, found(parser));
}

bool ir_parse_token(Parser *parser, IrTokenKind kind, const char *what, IrToken *token) {
    *token = parser->token;
    if (token->kind != kind)
        return ir_parse_fail(parser, token->at, "expected %s, found %s", what, found(parser));
    ir_parse_take(parser);
    return true;
}

bool ir_parse_plain_name(Parser *parser, const char *what, IrToken *token) {
    if (!ir_parse_token(parser, IR_TOKEN_WORD, what, token))
        return false;
    if (strchr(token->text, '.'))
        return ir_parse_fail(parser, token->at, "%s holds no '.'", what);
    return true;
}

bool ir_parse_integer(Parser *parser, int64_t least, int64_t most, int64_t *value) {
    IrToken token;
    if (!ir_parse_token(parser, IR_TOKEN_INTEGER, "an integer", &token))
        return false;
    // The least integer has no positive counterpart, so sign and magnitude come apart from the
    // lexer.
    uint64_t limit = (uint64_t)INT64_MAX + token.is_negative;
    if (!token.overflows && token.magnitude <= limit) {
        *value = (int64_t)(token.is_negative ? 0 - token.magnitude : token.magnitude);
        if (*value >= least && *value <= most)
            return true;
    }
    return ir_parse_fail(parser, token.at, "the number is out of range");
}

bool ir_type_from_text(const char *text, IrType *type) {
    for (IrType each = IR_I1; each <= IR_VALUE; each++)
        if (!strcmp(text, ir_type_text(each))) {
            *type = each;
            return true;
        }
    return false;
}

bool ir_cell_from_text(const char *text, IrCell *cell) {
    for (IrCell each = IR_CELL_U8; each <= IR_CELL_VALUE; each++)
        if (!strcmp(text, ir_cell_text(each))) {
            *cell = each;
            return true;
        }
    return false;
}

bool ir_alias_from_text(const char *text, unsigned *alias_class) {
    for (unsigned each = IR_ALIAS_FRAME; each < IR_ALIAS_ALL; each <<= 1)
        if (!strcmp(text, ir_alias_text(each))) {
            *alias_class = each;
            return true;
        }
    return false;
}

bool ir_parse_type(Parser *parser, IrType *type) {
    IrToken token;
    if (!ir_parse_token(parser, IR_TOKEN_WORD, "a type", &token))
        return false;
    if (!ir_type_from_text(token.text, type))
        return ir_parse_fail(parser, token.at, "'%s' is no type", token.text);
    return true;
}

bool ir_parse_cell(Parser *parser, IrCell *cell) {
    IrToken token;
    if (!ir_parse_token(parser, IR_TOKEN_WORD, "a cell", &token))
        return false;
    if (!ir_cell_from_text(token.text, cell))
        return ir_parse_fail(parser, token.at, "'%s' is no cell", token.text);
    return true;
}

// Line 0 is no place: it says that from here on none is known.
bool ir_parse_location(Parser *parser, Location *at) {
    if (!ir_parse_accept_mark(parser, '!'))
        return true;
    parser->names_places = true;
    int64_t line, column;
    if (!ir_parse_integer(parser, 0, INT_MAX, &line) || !ir_parse_mark(parser, ':') ||
        !ir_parse_integer(parser, 0, INT_MAX, &column))
        return false;
    *at = line ? (Location){(int)line, (int)column} : (Location){0, 0};
    return true;
}

// Noted only, since the text's end tells whether it names the places of another file.
void ir_parse_stands(Parser *parser, Location *place, Location at) {
    ARENA_PUSH(parser->scratch, &parser->places, ((TextPlace){place, at}));
}

// A text that names no places of a definition is its own.
static void place_in_text(Parser *parser) {
    const Source *source = &parser->diagnostics->source;
    if (parser->names_places)
        return;
    parser->module->source = arena_strdup(parser->arena, source->name);
    parser->module->text = arena_strndup(parser->arena, source->text, source->length);
    for (size_t i = 0; i < parser->places.count; i++)
        *parser->places.items[i].place = parser->places.items[i].at;
}

bool ir_parse_field_name(Parser *parser, IrField **field) {
    IrToken token;
    if (!ir_parse_token(parser, IR_TOKEN_WORD, "RECORD.FIELD", &token))
        return false;
    const char *dot = strchr(token.text, '.');
    if (!dot)
        return ir_parse_fail(parser, token.at, "expected RECORD.FIELD, found '%s'", token.text);
    const char *name = arena_strndup(parser->scratch, token.text, (size_t)(dot - token.text));
    IrSymbol *symbol = ir_scope_find(&parser->records, name);
    if (!symbol)
        return ir_parse_fail(parser, token.at, "there is no record '%s'", name);
    *field = ir_find_field(symbol->thing, dot + 1);
    if (!*field)
        return ir_parse_fail(parser, token.at, "record '%s' has no field '%s'", name, dot + 1);
    return true;
}

// A symbol that was used before has a place already, that of its first use; the definition's
// counts.
bool ir_parse_define(Parser *parser, IrScope *scope, IrToken token, const char *what,
                     IrSymbol **symbol) {
    *symbol = ir_scope_get(scope, token.text, token.at);
    if ((*symbol)->is_defined) {
        ir_parse_fail(parser, token.at, "%s '%s' is defined twice", what, token.text);
        diagnostic_note(parser->diagnostics, (*symbol)->at, "the first one is here");
        return false;
    }
    (*symbol)->is_defined = true;
    (*symbol)->at = token.at;
    return true;
}

// The failed item's own first token doesn't end the search, or the parser would come back to
// it.
void ir_parse_skip_line(Parser *parser, Location start) {
    while (parser->token.kind != IR_TOKEN_END && !ir_parse_is_mark(parser, '}')) {
        bool is_start =
            parser->token.at.line == start.line && parser->token.at.column == start.column;
        if (parser->token.is_first && !is_start)
            return;
        ir_parse_take(parser);
    }
}

// ---- The module ------------------------------------------------------------------------

static bool parse_module(Parser *parser) {
    IrToken name;
    if (!ir_parse_token(parser, IR_TOKEN_WORD, "the module's name", &name))
        return false;
    parser->module->name = arena_strdup(parser->arena, name.text);
    return true;
}

static bool parse_source(Parser *parser) {
    IrToken name;
    if (!ir_parse_token(parser, IR_TOKEN_STRING, "a file's name in quotes", &name))
        return false;
    parser->module->source = arena_strdup(parser->arena, name.text);
    parser->names_places = true;
    return true;
}

// `part LINE "FILE"`: in the order of their lines, so that one of these says whose it is.
static bool parse_part(Parser *parser) {
    IrModule *module = parser->module;
    int64_t line = 0;
    IrToken name;
    Location at = parser->token.at;
    if (!ir_parse_integer(parser, 1, INT_MAX, &line) ||
        !ir_parse_token(parser, IR_TOKEN_STRING, "a file's name in quotes", &name))
        return false;
    if (!module->source)
        return ir_parse_fail(parser, at, "a part needs a 'source' that it is of");
    if (module->parts.count && module->parts.items[module->parts.count - 1].first_line >= line)
        return ir_parse_fail(parser, at, "the part's lines begin in the part before it");
    SourcePart part = {.name = arena_strdup(parser->arena, name.text), .first_line = (int)line};
    ARENA_PUSH(parser->arena, &module->parts, part);
    return true;
}

static bool parse_form(Parser *parser) {
    for (IrForm form = IR_FORM_LOOP; form <= IR_FORM_HANDLERS; form++)
        if (ir_parse_accept_word(parser, ir_form_text(form))) {
            parser->module->form = form;
            return true;
        }
    return ir_parse_fail(parser, parser->token.at,
                         "expected 'loop', 'replicated' or 'handlers', found %s", found(parser));
}

static bool parse_code(Parser *parser) {
    parser->module->verified = ir_parse_accept_word(parser, "verified");
    if (parser->module->verified || ir_parse_accept_word(parser, "any"))
        return true;
    return ir_parse_fail(parser, parser->token.at, "expected 'verified' or 'any', found %s",
                         found(parser));
}

static bool parse_state_record(Parser *parser, const IrRecord **record) {
    IrToken name;
    if (!ir_parse_token(parser, IR_TOKEN_WORD, "a record's name", &name))
        return false;
    IrSymbol *symbol = ir_scope_find(&parser->records, name.text);
    if (!symbol)
        return ir_parse_fail(parser, name.at, "there is no record '%s'", name.text);
    *record = symbol->thing;
    return true;
}

static bool parse_thread(Parser *parser) {
    return parse_state_record(parser, &parser->module->thread);
}

static bool parse_frame(Parser *parser) {
    return parse_state_record(parser, &parser->module->frame);
}

// A policy's name has hyphens: none, calls-and-back-edges.
static bool parse_polls(Parser *parser) {
    IrToken word;
    Text policy = {0};
    do {
        if (!ir_parse_token(parser, IR_TOKEN_WORD, "a policy", &word)) {
            text_free(&policy);
            return false;
        }
        text_addf(&policy, "%s%s", policy.length ? "-" : "", word.text);
    } while (ir_parse_accept_mark(parser, '-'));
    parser->module->poll_policy = arena_strdup(parser->arena, text_chars(&policy));
    text_free(&policy);
    return true;
}

// The declarations in their order.
static const struct {
    const char *keyword;
    bool is_repeatable;
    bool (*parse)(Parser *parser);
} declarations[] = {
    {"module", false, parse_module},
    {"source", false, parse_source},
    {"part", true, parse_part},
    {"form", false, parse_form},
    {"code", false, parse_code},
    {"record", true, ir_parse_record},
    {"thread", false, parse_thread},
    {"frame", false, parse_frame},
    {"stack", false, ir_parse_stack},
    {"further", true, ir_parse_further},
    {"external", true, ir_parse_external},
    {"poll", false, ir_parse_poll},
    {"polls", false, parse_polls},
    {"barrier", false, ir_parse_barrier},
    {"method", true, ir_parse_method},
    {"table", true, ir_parse_table},
    {"function", true, ir_parse_function},
};

enum { DECLARATIONS = sizeof declarations / sizeof *declarations, FORM = 3 };

static int next_declaration(const Parser *parser) {
    for (int i = 0; i < DECLARATIONS; i++)
        if (ir_parse_is_word(parser, declarations[i].keyword))
            return i;
    return -1;
}

// After an error: to the next line that begins with a declaration's keyword and is
// not within braces.
static void skip_declaration(Parser *parser) {
    int depth = 0;
    while (parser->token.kind != IR_TOKEN_END) {
        if (depth <= 0 && parser->token.is_first && next_declaration(parser) >= 0)
            return;
        if (ir_parse_is_mark(parser, '{'))
            depth++;
        if (ir_parse_is_mark(parser, '}'))
            depth--;
        ir_parse_take(parser);
    }
}

// `last` is the declaration before this one.
// In the order of the table each declaration finds what it names, and the printer's text is
// the only one. `last` is what stands furthest on, so that one mistake doesn't make all that
// follow wrong.
static void check_order(Parser *parser, int last, int next) {
    if (last >= 0 && next == last && !declarations[next].is_repeatable)
        ir_parse_fail(parser, parser->token.at, "a second '%s'", declarations[next].keyword);
    else if (next < last)
        ir_parse_fail(parser, parser->token.at, "'%s' has to stand before '%s'",
                      declarations[next].keyword, declarations[last].keyword);
    else if (last < 0 && next != 0)
        ir_parse_fail(parser, parser->token.at, "expected 'module', found %s", found(parser));
    else if (last < FORM && next > FORM)
        ir_parse_fail(parser, parser->token.at, "'form' is missing before '%s'",
                      declarations[next].keyword);
}

static void parse_declarations(Parser *parser) {
    int last = -1;
    while (parser->token.kind != IR_TOKEN_END) {
        int next = next_declaration(parser);
        if (next < 0) {
            ir_parse_fail(parser, parser->token.at, "expected a declaration, found %s",
                          found(parser));
            ir_parse_take(parser);
            skip_declaration(parser);
            continue;
        }
        check_order(parser, last, next);
        last = next > last ? next : last;
        ir_parse_take(parser);
        if (declarations[next].parse(parser))
            continue;
        // Whatever the rest of the function would have defined is not complained of: it may be
        // there.
        parser->is_cut |= declarations[next].parse == ir_parse_function;
        skip_declaration(parser);
    }
    if (last < 0)
        ir_parse_fail(parser, parser->token.at, "expected 'module', found the end of the text");
    else if (last < FORM)
        ir_parse_fail(parser, parser->token.at, "'form' is missing");
}

// Parsed to the end even after errors, and given only if there were none.
IrModule *ir_parse(Arena *arena, Diagnostics *diagnostics) {
    int errors = diagnostics->errors;
    Arena *scratch = arena_new();
    Parser parser = {.diagnostics = diagnostics, .arena = arena, .scratch = scratch};
    parser.lexer = ir_lexer(diagnostics, scratch);
    parser.module = ir_module_new(arena, "");
    parser.records = parser.externals = parser.tables = ir_scope(scratch);
    parser.functions = parser.regions = ir_scope(scratch);
    ir_parse_take(&parser);
    parse_declarations(&parser);
    ir_parse_resolve(&parser);
    place_in_text(&parser);
    arena_free(scratch);
    return diagnostics->errors == errors ? parser.module : NULL;
}
