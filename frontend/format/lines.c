// Where lines end, how far they are indented, and where blanks are in them. A line ends where the
// author ended it, but that short things are together (a `]` with what is in front of it) and long
// ones apart (a method of several lines from its brackets). Indentation follows from brackets.
#include "frontend/format/layout.h"

#include <ctype.h>

enum { STEP = 4, BAR = 2 }; // columns of a level, and of a bar with its blank

// An open bracket.
typedef struct Level {
    FormatRole role;
    bool broken;   // CLASS, BODY: over several lines
    int indent;    // of the line that it is in
    int statement; // of the line in which the statement at hand begins
} Level;

typedef struct Lines {
    Arena *arena;
    FormatPage *page;
    ARENA_VECTOR(Level) levels;
    int indent; // of the line at hand
    bool in_fields, after_class;
    const FormatToken *code; // the last token that was no comment; NULL: none yet
} Lines;

static bool opens(FormatRole role) {
    return role == FORMAT_CLASS_OPEN || role == FORMAT_BODY_OPEN || role == FORMAT_BLOCK_OPEN ||
           role == FORMAT_BRACKET_OPEN;
}

static bool closes(FormatRole role) {
    return role == FORMAT_CLASS_CLOSE || role == FORMAT_BODY_CLOSE || role == FORMAT_BLOCK_CLOSE ||
           role == FORMAT_BRACKET_CLOSE;
}

static const Level *level_of(const Lines *lines) {
    static const Level none = {.role = FORMAT_OTHER};
    return lines->levels.count ? &lines->levels.items[lines->levels.count - 1] : &none;
}

static int most(int left, int right) {
    return left > right ? left : right;
}

static int least(int left, int right) {
    return left < right ? left : right;
}

// ---- Line ends --------------------------------------------------------------------------

// Has the source a line end between the bracket and its partner, or has a class several methods?
static bool is_broken(const FormatPage *page, const FormatToken *open) {
    int methods = 0;
    for (const FormatToken *token = open; token <= &page->tokens[open->partner]; token++)
        methods += token->role == FORMAT_METHOD;
    return page->tokens[open->partner].token.at.line > open->token.at.line ||
           (open->role == FORMAT_CLASS_OPEN && methods > 1);
}

// What stands with the token in front of it, or with the one behind that.
static bool is_attached(const FormatToken *token, const FormatToken *previous) {
    switch (token->role) {
    case FORMAT_CLASS_HEAD:
    case FORMAT_CLASS_OPEN:
    case FORMAT_FIELDS_CLOSE:
    case FORMAT_ANNOTATION_CLOSE:
    case FORMAT_EQUALS:
    case FORMAT_PRIMITIVE:
    case FORMAT_BODY_OPEN:
    case FORMAT_BLOCK_CLOSE:
    case FORMAT_BLOCK_BAR:
    case FORMAT_LOCALS_CLOSE:
    case FORMAT_BRACKET_CLOSE:
    case FORMAT_DOT:
    case FORMAT_ASSIGN: return true;
    case FORMAT_BLOCK_OPEN:
        if (previous->role == FORMAT_KEYWORD)
            return true;
        break;
    default: break;
    }
    return previous->role == FORMAT_PREFIX || previous->role == FORMAT_COLON ||
           previous->role == FORMAT_ANNOTATION_OPEN || previous->role == FORMAT_RESULT_OPEN ||
           previous->role == FORMAT_FIELDS_OPEN || previous->role == FORMAT_LOCALS_OPEN ||
           previous->role == FORMAT_CLASS_HEAD || previous->role == FORMAT_EQUALS;
}

// A comment behind something stays there, whatever else is moved; and what follows a comment
// follows it as it did.
static int breaks_before(Lines *lines, const FormatToken *token) {
    const FormatToken *previous = token - 1, *code = lines->code;
    int given = least(token->token.lines, 2);
    if (token == lines->page->tokens || (format_is_comment(token) && !given))
        return 0;
    if (lines->after_class && token->token.kind != SYNTAX_END) {
        lines->after_class = false;
        return 2;
    }
    if (opens(previous->role) || closes(token->role) || token->token.kind == SYNTAX_END)
        given = least(given, 1);
    const Level *level = level_of(lines);
    bool begins_line = token->role == FORMAT_METHOD || token->role == FORMAT_SEPARATOR ||
                       token->role == FORMAT_CLASS_CLOSE || token->role == FORMAT_BODY_CLOSE;
    if (code && (code->role == FORMAT_CLASS_OPEN || code->role == FORMAT_BODY_OPEN ||
                 code->role == FORMAT_SEPARATOR ||
                 (code->role == FORMAT_LOCALS_CLOSE && level->role == FORMAT_BODY_OPEN)))
        begins_line = true;
    if (begins_line)
        return level->broken ? most(given, 1) : 0;
    if (token->role == FORMAT_CLASS_NAME)
        return most(given, 1);
    return is_attached(token, previous) && !format_is_comment(token) ? 0 : given;
}

// ---- Indentation ------------------------------------------------------------------------

// In a class, `next` being the token or, of a comment, what it stands before.
static int indent_in_class(const Lines *lines, const FormatToken *token, const FormatToken *next) {
    if (token->role == FORMAT_CLASS_CLOSE)
        return 0;
    if (lines->in_fields)
        return token->role == FORMAT_FIELDS_CLOSE                        ? STEP
               : token->role == FORMAT_FIELD || format_is_comment(token) ? STEP + BAR
                                                                         : STEP + BAR + STEP;
    bool begins = next->role == FORMAT_FIELDS_OPEN || next->role == FORMAT_FIELDS_CLOSE ||
                  next->role == FORMAT_METHOD || next->role == FORMAT_SEPARATOR ||
                  next->role == FORMAT_CLASS_CLOSE;
    return begins ? STEP : 2 * STEP;
}

static int indent_of(const Lines *lines, const FormatToken *token) {
    const FormatToken *next = token;
    while (format_is_comment(next))
        next++;
    const Level *level = level_of(lines);
    switch (level->role) {
    case FORMAT_CLASS_OPEN: return indent_in_class(lines, token, next);
    case FORMAT_BODY_OPEN:
    case FORMAT_BLOCK_OPEN:
        if (closes(token->role))
            return level->indent;
        if (next->begins_statement || closes(next->role) || next->role == FORMAT_LOCALS_OPEN ||
            next->role == FORMAT_LOCALS_CLOSE)
            return level->indent + STEP;
        if (next->role == FORMAT_LOCAL)
            return level->indent + STEP + BAR;
        return level->statement + STEP;
    case FORMAT_BRACKET_OPEN: return closes(token->role) ? level->indent : level->indent + STEP;
    default: return next->role == FORMAT_CLASS_NAME || next->token.kind == SYNTAX_END ? 0 : STEP;
    }
}

// A method's body is indented as the method is, also if its pattern has several lines.
static void follow(Lines *lines, const FormatToken *token) {
    if (token->begins_statement)
        lines->levels.items[lines->levels.count - 1].statement = lines->indent;
    if (opens(token->role)) {
        bool is_body = token->role == FORMAT_BODY_OPEN;
        Level level = {token->role, is_broken(lines->page, token), lines->indent, lines->indent};
        if (is_body)
            level.indent = level.statement = level_of(lines)->broken ? STEP : 0;
        ARENA_PUSH(lines->arena, &lines->levels, level);
    } else if (closes(token->role)) {
        lines->levels.count--;
    }
    if (token->role == FORMAT_FIELDS_OPEN)
        lines->in_fields = true;
    else if (token->role == FORMAT_FIELDS_CLOSE)
        lines->in_fields = false;
    if (token->role == FORMAT_CLASS_CLOSE)
        lines->after_class = true;
    if (!format_is_comment(token))
        lines->code = token;
}

// ---- Blanks -----------------------------------------------------------------------------

// A result that begins with its type touches the sign, and effects alone don't: `<^Int64>`,
// `<^ collects>`. And `<-` would be one operator.
static bool is_apart_in_annotation(const FormatToken *token, const FormatToken *open) {
    if (token->role == FORMAT_ANNOTATION_CLOSE || token->role == FORMAT_PREFIX)
        return true;
    return open->role == FORMAT_RESULT_OPEN && !isupper((unsigned char)token->token.chars[0]);
}

static int spaces_before(const FormatToken *token, const FormatToken *previous) {
    if (format_is_comment(token) || format_is_comment(previous))
        return 1;
    if (previous->role == FORMAT_ANNOTATION_OPEN || previous->role == FORMAT_RESULT_OPEN)
        return is_apart_in_annotation(token, previous);
    if (previous->role == FORMAT_PREFIX || previous->role == FORMAT_COLON ||
        previous->role == FORMAT_BRACKET_OPEN)
        return 0;
    return token->role != FORMAT_BRACKET_CLOSE && token->role != FORMAT_DOT &&
           token->role != FORMAT_ANNOTATION_CLOSE;
}

void format_lines(Arena *arena, FormatPage *page) {
    Lines lines = {.arena = arena, .page = page};
    for (size_t i = 0; i < page->count; i++) {
        FormatToken *token = &page->tokens[i];
        token->breaks = breaks_before(&lines, token);
        if (token->breaks || i == 0)
            token->indent = lines.indent = indent_of(&lines, token);
        else
            token->spaces = spaces_before(token, token - 1);
        follow(&lines, token);
    }
}
