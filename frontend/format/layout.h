// What the steps of a layout share. Private to this room.
#ifndef FRONTEND_FORMAT_LAYOUT_H
#define FRONTEND_FORMAT_LAYOUT_H

#include "frontend/syntax/tokens.h"

// What a token is there for, as far as it matters where it stands.
typedef enum FormatRole {
    FORMAT_OTHER,
    FORMAT_COMMENT,
    FORMAT_CLASS_NAME,
    FORMAT_CLASS_HEAD, // between name and bracket
    FORMAT_CLASS_OPEN,
    FORMAT_CLASS_CLOSE,
    FORMAT_SEPARATOR,
    FORMAT_FIELDS_OPEN, // the bar
    FORMAT_FIELD,       // its name
    FORMAT_FIELDS_CLOSE,
    FORMAT_ANNOTATION_OPEN,
    FORMAT_RESULT_OPEN,
    FORMAT_ANNOTATION_WORD,
    FORMAT_ANNOTATION_CLOSE,
    FORMAT_METHOD,  // the first token of one
    FORMAT_PATTERN, // what follows it
    FORMAT_EQUALS,
    FORMAT_PRIMITIVE,
    FORMAT_BODY_OPEN,
    FORMAT_BODY_CLOSE,
    FORMAT_LOCALS_OPEN,
    FORMAT_LOCAL,
    FORMAT_LOCALS_CLOSE,
    FORMAT_BLOCK_OPEN,
    FORMAT_BLOCK_CLOSE,
    FORMAT_COLON, // before a block's argument
    FORMAT_BLOCK_BAR,
    FORMAT_BRACKET_OPEN, // of an expression, or of an array
    FORMAT_BRACKET_CLOSE,
    FORMAT_DOT,
    FORMAT_ASSIGN,
    FORMAT_KEYWORD,
    FORMAT_OPERATOR,
    FORMAT_PREFIX, // `^`, `#`, a number's sign: the next token touches it
} FormatRole;

typedef struct FormatToken {
    SyntaxToken token;
    FormatRole role;
    bool begins_statement;
    size_t partner; // of a bracket that opens: the one that closes
    // How it stands on the page; made by format_lines and format_columns.
    int breaks; // line ends in front of it: 2 leave a blank line
    int indent; // if there are some, or it is the first one
    int spaces; // if there are none
} FormatToken;

typedef struct FormatPage {
    FormatToken *tokens;
    size_t count; // with SYNTAX_END
} FormatPage;

// Gives each token its role. The source must have been parsed without errors.
void format_roles(FormatPage *page);
// Decides where lines end and begin, and what blanks are in them.
void format_lines(Arena *arena, FormatPage *page);
// Lines up what stands in tables: fields, short methods, comments at the ends of lines.
void format_columns(Arena *arena, FormatPage *page);

// How many columns a token takes; of one of several lines, the last.
int format_width(const FormatToken *token);

static inline bool format_is_comment(const FormatToken *token) {
    return token->token.kind == SYNTAX_COMMENT;
}

#endif
