// See format.h: the steps, what comes out as text, and the proof that it says the same.
#include "frontend/format/format.h"

#include "frontend/format/layout.h"
#include "frontend/syntax/parse.h"
#include "support/internal_error.h"

#include <ctype.h>
#include <string.h>

static void add_blanks(Text *out, int count) {
    if (count > 0)
        text_addf(out, "%*s", count, "");
}

// The lines of a comment stay as they are to each other, so all move with the first. Blanks at
// their ends go.
static void add_comment(Text *out, const SyntaxToken *token, int column) {
    int moved = column - (token->at.column - 1);
    const char *chars = token->chars, *end = chars + token->length;
    for (bool is_first = true; chars < end; is_first = false) {
        const char *line_end = memchr(chars, '\n', (size_t)(end - chars));
        const char *next = line_end ? line_end + 1 : end, *last = line_end ? line_end : end;
        int blanks = 0;
        for (; !is_first && chars < last && *chars == ' '; chars++)
            blanks++;
        while (line_end && last > chars && isspace((unsigned char)last[-1]))
            last--;
        if (last > chars)
            add_blanks(out, is_first || blanks + moved < 0 ? 0 : blanks + moved);
        text_add_bytes(out, chars, (size_t)(last - chars));
        text_add(out, line_end ? "\n" : "");
        chars = next;
    }
}

static void print(const FormatPage *page, Text *out) {
    int column = 0;
    for (size_t i = 0; i < page->count; i++) {
        const FormatToken *token = &page->tokens[i];
        if (token->token.kind == SYNTAX_END)
            break;
        bool begins = i == 0 || token->breaks;
        text_add(out, &"\n\n"[2 - token->breaks]);
        int blanks = begins ? token->indent : token->spaces;
        column = begins ? blanks : column + blanks;
        add_blanks(out, blanks);
        if (format_is_comment(token))
            add_comment(out, &token->token, column);
        else
            text_add_bytes(out, token->token.chars, token->token.length);
        bool is_long = memchr(token->token.chars, '\n', token->token.length) != NULL;
        column = format_width(token) + (is_long ? 0 : column);
    }
    text_add(out, "\n");
}

// ---- The proof --------------------------------------------------------------------------

// The next character that is none of the blanks in a comment.
static char next_visible(const SyntaxToken *token, size_t *index) {
    while (*index < token->length && isspace((unsigned char)token->chars[*index]))
        ++*index;
    return *index < token->length ? token->chars[(*index)++] : '\0';
}

static bool is_same(const SyntaxToken *left, const SyntaxToken *right) {
    if (left->kind != right->kind)
        return false;
    if (left->kind != SYNTAX_COMMENT)
        return left->length == right->length && !memcmp(left->chars, right->chars, left->length);
    for (size_t first = 0, second = 0;;) {
        char one = next_visible(left, &first), other = next_visible(right, &second);
        if (one != other)
            return false;
        if (!one)
            return true;
    }
}

// A layout that says something else is a fault of ours, and must not reach anybody's file.
static void check(Arena *arena, const SyntaxTokens *tokens, const char *text, size_t length) {
    Diagnostics diagnostics = {.source = {.text = text, .length = length}};
    SyntaxTokens again = {0};
    bool good = syntax_tokens(arena, &diagnostics, &again) && again.count == tokens->count;
    for (size_t i = 0; good && i < again.count; i++)
        good = is_same(&tokens->items[i], &again.items[i]);
    if (!good)
        internal_error("the formatter has changed what a definition says");
}

bool format_source(Arena *arena, Diagnostics *diagnostics, Text *out) {
    SyntaxTokens tokens = {0};
    if (!syntax_parse_file(arena, diagnostics) || !syntax_tokens(arena, diagnostics, &tokens))
        return false;
    FormatPage page = {ARENA_ARRAY(arena, FormatToken, tokens.count), tokens.count};
    for (size_t i = 0; i < tokens.count; i++)
        page.tokens[i].token = tokens.items[i];
    format_roles(&page);
    format_lines(arena, &page);
    format_columns(arena, &page);
    size_t before = out->length;
    print(&page, out);
    check(arena, &tokens, text_chars(out) + before, out->length - before);
    return true;
}
