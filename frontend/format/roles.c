// What each token is there for. A walk in the manner of the grammar (frontend/syntax/parser.y), but
// only as deep as the layout needs it: of an expression it wants the brackets and which `-` is a
// sign. The source has been parsed, so nothing is an error here.
#include "frontend/format/layout.h"

#include <string.h>

typedef struct Walk {
    FormatPage *page;
    size_t next; // the token that comes next; no comment
} Walk;

static size_t after_comments(const FormatPage *page, size_t index) {
    while (format_is_comment(&page->tokens[index])) {
        page->tokens[index].role = FORMAT_COMMENT;
        index++;
    }
    return index;
}

static FormatToken *peek(const Walk *walk) {
    return &walk->page->tokens[walk->next];
}

static bool is(const FormatToken *token, const char *text) {
    return token->token.length == strlen(text) &&
           memcmp(token->token.chars, text, token->token.length) == 0;
}

static bool is_kind(const FormatToken *token, SyntaxTokenKind kind) {
    return token->token.kind == kind;
}

static bool is_end(const Walk *walk) {
    return is_kind(peek(walk), SYNTAX_END);
}

static FormatToken *take(Walk *walk, FormatRole role) {
    FormatToken *token = peek(walk);
    token->role = role;
    if (!is_end(walk))
        walk->next = after_comments(walk->page, walk->next + 1);
    return token;
}

static bool take_if(Walk *walk, const char *text, FormatRole role) {
    bool found = is(peek(walk), text);
    if (found)
        take(walk, role);
    return found;
}

// Takes the bracket that closes what `open` has opened.
static void take_partner(Walk *walk, FormatToken *open, FormatRole role) {
    open->partner = walk->next;
    take(walk, role);
}

// ---- Declared names ---------------------------------------------------------------------

static void take_words(Walk *walk) {
    while (!is_end(walk) && !is(peek(walk), ">"))
        take(walk, is(peek(walk), "-") ? FORMAT_PREFIX : FORMAT_ANNOTATION_WORD);
    take(walk, FORMAT_ANNOTATION_CLOSE);
}

static void take_annotation(Walk *walk) {
    if (take_if(walk, "<", FORMAT_ANNOTATION_OPEN))
        take_words(walk);
}

static void take_variables(Walk *walk, FormatRole role) {
    while (is_kind(peek(walk), SYNTAX_WORD)) {
        take(walk, role);
        take_annotation(walk);
    }
}

// ---- Expressions ------------------------------------------------------------------------

static void take_code(Walk *walk, const char *end, bool has_statements);

static void take_block(Walk *walk) {
    FormatToken *open = take(walk, FORMAT_BLOCK_OPEN);
    bool has_arguments = false;
    while (take_if(walk, ":", FORMAT_COLON)) {
        take(walk, FORMAT_LOCAL);
        take_annotation(walk);
        has_arguments = true;
    }
    bool in_locals = has_arguments && take_if(walk, "||", FORMAT_BLOCK_BAR);
    if (has_arguments && !in_locals)
        take(walk, FORMAT_BLOCK_BAR);
    if (!in_locals && take_if(walk, "|", FORMAT_LOCALS_OPEN))
        in_locals = true;
    if (in_locals) {
        take_variables(walk, FORMAT_LOCAL);
        take(walk, FORMAT_LOCALS_CLOSE);
    } else {
        take_if(walk, "||", FORMAT_LOCALS_CLOSE);
    }
    take_code(walk, "]", true);
    take_partner(walk, open, FORMAT_BLOCK_CLOSE);
}

static void take_bracketed(Walk *walk) {
    FormatToken *open = take(walk, FORMAT_BRACKET_OPEN);
    take_code(walk, ")", false);
    take_partner(walk, open, FORMAT_BRACKET_CLOSE);
}

// A literal's elements: each `-` is a sign, and a bracket can only be that of an array.
static void take_array(Walk *walk) {
    FormatToken *open = take(walk, FORMAT_BRACKET_OPEN);
    while (!is_end(walk) && !is(peek(walk), ")")) {
        bool is_symbol = is(peek(walk), "#");
        take(walk, is_symbol || is(peek(walk), "-") ? FORMAT_PREFIX : FORMAT_OTHER);
        if (is_symbol && is(peek(walk), "("))
            take_array(walk);
        else if (is_symbol)
            take(walk, FORMAT_OTHER);
    }
    take_partner(walk, open, FORMAT_BRACKET_CLOSE);
}

// Takes one token, or what is in brackets. Answers whether an operand has to follow.
static bool take_piece(Walk *walk, bool wants_operand) {
    const FormatToken *token = peek(walk);
    SyntaxTokenKind kind = token->token.kind;
    if (is(token, "[")) {
        take_block(walk);
        return false;
    }
    if (is(token, "(")) {
        take_bracketed(walk);
        return false;
    }
    if (is(token, "#")) {
        take(walk, FORMAT_PREFIX);
        if (is(peek(walk), "("))
            take_array(walk);
        else
            take(walk, FORMAT_OTHER);
        return false;
    }
    bool is_prefix = is(token, "^") || (wants_operand && is(token, "-"));
    bool is_dot = is(token, ".");
    take(walk, is_prefix                 ? FORMAT_PREFIX
               : is_dot                  ? FORMAT_DOT
               : kind == SYNTAX_ASSIGN   ? FORMAT_ASSIGN
               : kind == SYNTAX_KEYWORD  ? FORMAT_KEYWORD
               : kind == SYNTAX_OPERATOR ? FORMAT_OPERATOR
                                         : FORMAT_OTHER);
    return is_prefix || is_dot || kind == SYNTAX_ASSIGN || kind == SYNTAX_KEYWORD ||
           kind == SYNTAX_OPERATOR;
}

// Up to the bracket `end`, which isn't taken.
static void take_code(Walk *walk, const char *end, bool has_statements) {
    bool wants_operand = true, begins = has_statements;
    while (!is_end(walk) && !is(peek(walk), end)) {
        peek(walk)->begins_statement = begins;
        begins = has_statements && is(peek(walk), ".");
        wants_operand = take_piece(walk, wants_operand);
    }
}

// ---- Classes ----------------------------------------------------------------------------

static void take_body(Walk *walk) {
    FormatToken *open = take(walk, FORMAT_BODY_OPEN);
    if (take_if(walk, "|", FORMAT_LOCALS_OPEN)) {
        take_variables(walk, FORMAT_LOCAL);
        take(walk, FORMAT_LOCALS_CLOSE);
    } else {
        take_if(walk, "||", FORMAT_LOCALS_CLOSE);
    }
    take_code(walk, ")", true);
    take_partner(walk, open, FORMAT_BODY_CLOSE);
}

// The first token may be anything, `=` too: that is an operator's method.
static void take_method(Walk *walk) {
    take(walk, FORMAT_METHOD);
    while (!is_end(walk) && !is(peek(walk), "=")) {
        if (is_kind(peek(walk), SYNTAX_RESULT)) {
            take(walk, FORMAT_RESULT_OPEN);
            take_words(walk);
        } else if (is(peek(walk), "<")) {
            take_annotation(walk);
        } else {
            take(walk, FORMAT_PATTERN);
        }
    }
    take(walk, FORMAT_EQUALS);
    if (is(peek(walk), "("))
        take_body(walk);
    else
        take(walk, FORMAT_PRIMITIVE);
}

// Whether a bar, which comes next, is the selector of a method: a single variable follows it, and
// then the method's result or body.
static bool is_method_of_bar(Walk *walk) {
    size_t index = after_comments(walk->page, walk->next + 1);
    const FormatToken *tokens = walk->page->tokens;
    if (!is_kind(&tokens[index], SYNTAX_WORD))
        return false;
    index = after_comments(walk->page, index + 1);
    if (is(&tokens[index], "<")) {
        while (!is(&tokens[index], ">") && !is_kind(&tokens[index], SYNTAX_END))
            index = after_comments(walk->page, index + 1);
        if (!is_kind(&tokens[index], SYNTAX_END))
            index = after_comments(walk->page, index + 1);
    }
    return is(&tokens[index], "=") || is_kind(&tokens[index], SYNTAX_RESULT);
}

static void take_side(Walk *walk) {
    if (is(peek(walk), "|") && !is_method_of_bar(walk)) {
        take(walk, FORMAT_FIELDS_OPEN);
        take_variables(walk, FORMAT_FIELD);
        take(walk, FORMAT_FIELDS_CLOSE);
    } else if (is(peek(walk), "||") && !is_method_of_bar(walk)) {
        take(walk, FORMAT_FIELDS_CLOSE);
    }
    while (!is_end(walk) && !is(peek(walk), ")") && !is_kind(peek(walk), SYNTAX_SEPARATOR))
        take_method(walk);
}

// Or the line that includes another file's classes.
static void take_class(Walk *walk) {
    take(walk, FORMAT_CLASS_NAME);
    if (is_kind(peek(walk), SYNTAX_STRING)) {
        take(walk, FORMAT_CLASS_HEAD);
        return;
    }
    while (!is_end(walk) && !is(peek(walk), "("))
        take(walk, FORMAT_CLASS_HEAD);
    FormatToken *open = take(walk, FORMAT_CLASS_OPEN);
    take_side(walk);
    if (is_kind(peek(walk), SYNTAX_SEPARATOR)) {
        take(walk, FORMAT_SEPARATOR);
        take_side(walk);
    }
    take_partner(walk, open, FORMAT_CLASS_CLOSE);
}

// `include 'FILE'` stands on a line of its own, as a class's head does.
static void take_item(Walk *walk) {
    size_t second = after_comments(walk->page, walk->next + 1);
    if (!is_kind(&walk->page->tokens[second], SYNTAX_STRING)) {
        take_class(walk);
        return;
    }
    take(walk, FORMAT_CLASS_NAME);
    take(walk, FORMAT_CLASS_HEAD);
}

void format_roles(FormatPage *page) {
    Walk walk = {page, after_comments(page, 0)};
    while (!is_end(&walk))
        take_item(&walk);
}
