// See prompt_input.h. Whether an input is whole can't be asked of the parser, which would report
// the end of a half input as an error, and would read all of it again for each line. So a scanner
// of a few tokens looks for what is open: brackets, strings, comments, and what must have something
// after it. It goes on where it stopped, so each line is looked at once. It looks only as
// closely as these questions need; what is wrong with an input the parser says.
#include "runtime/command/prompt_input.h"

#include "runtime/command/prompt_history.h"
#include "runtime/process/output.h"
#include "runtime/process/signals.h"

#include <ctype.h>
#include <dlfcn.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// ---- Tokens ------------------------------------------------------------------------

typedef enum TokenKind {
    TOKEN_END,
    TOKEN_UNFINISHED, // a string or a comment without its end
    TOKEN_NAME,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_AWAITING, // something has to follow: `:=`, `^`, a keyword, an operator
    TOKEN_EQUALS,   // the same; told apart because class definitions have it
    TOKEN_OTHER,
} TokenKind;

typedef struct Scanner {
    const char *next, *end;
    const char *token; // where the last one began
} Scanner;

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_' || (c & 0x80);
}

static bool is_operator(char c) {
    return c && strchr("~&|*/\\+=<>,@%-", c);
}

// Past the closing quote; NULL if there is none.
static const char *after_string(const char *next, const char *end) {
    for (; next < end && *next != '\''; next++)
        next += *next == '\\' && next + 1 < end;
    return next < end ? next + 1 : NULL;
}

// Passes blanks and comments. False if a comment doesn't end.
static bool skip_blanks(Scanner *scanner) {
    while (scanner->next < scanner->end) {
        if (*scanner->next == '"') {
            const char *from = scanner->next + 1;
            const char *quote = memchr(from, '"', (size_t)(scanner->end - from));
            if (!quote)
                return false;
            scanner->next = quote + 1;
        } else if (isspace((unsigned char)*scanner->next)) {
            scanner->next++;
        } else {
            break;
        }
    }
    return true;
}

static bool at_assign(const Scanner *scanner) {
    return scanner->end - scanner->next >= 2 && scanner->next[0] == ':' && scanner->next[1] == '=';
}

static TokenKind scan_word(Scanner *scanner) {
    while (scanner->next < scanner->end && is_word(*scanner->next))
        scanner->next++;
    if (scanner->next == scanner->end || *scanner->next != ':' || at_assign(scanner))
        return TOKEN_NAME;
    scanner->next++;
    return TOKEN_AWAITING;
}

// What follows `#`; an array's bracket is a token of its own.
static TokenKind scan_symbol(Scanner *scanner) {
    const char *next = scanner->next, *end = scanner->end;
    if (next < end && *next == '\'') {
        scanner->next = after_string(next + 1, end);
        return scanner->next ? TOKEN_OTHER : TOKEN_UNFINISHED;
    }
    if (next < end && is_operator(*next)) {
        while (next < end && is_operator(*next))
            next++;
    } else {
        while (next < end && (is_word(*next) || *next == ':'))
            next++;
    }
    scanner->next = next;
    return TOKEN_OTHER;
}

static TokenKind scan_operator(Scanner *scanner) {
    size_t length = 0;
    while (scanner->next < scanner->end && is_operator(*scanner->next))
        scanner->next++, length++;
    if (length == 1 && *scanner->token == '=')
        return TOKEN_EQUALS;
    // A bar may be the one that closes a list of locals.
    return length == 1 && *scanner->token == '|' ? TOKEN_OTHER : TOKEN_AWAITING;
}

static TokenKind next_token(Scanner *scanner) {
    if (!skip_blanks(scanner))
        return TOKEN_UNFINISHED;
    if (scanner->next == scanner->end)
        return TOKEN_END;
    scanner->token = scanner->next;
    char c = *scanner->next;
    if (is_word(c))
        return scan_word(scanner);
    if (is_operator(c))
        return scan_operator(scanner);
    bool assign = at_assign(scanner);
    scanner->next += assign ? 2 : 1;
    if (assign || c == '^')
        return TOKEN_AWAITING;
    if (c == '(' || c == '[')
        return TOKEN_OPEN;
    if (c == ')' || c == ']')
        return TOKEN_CLOSE;
    if (c == '#')
        return scan_symbol(scanner);
    if (c != '\'')
        return TOKEN_OTHER;
    scanner->next = after_string(scanner->next, scanner->end);
    return scanner->next ? TOKEN_OTHER : TOKEN_UNFINISHED;
}

// Goes on in the string or comment that the scan stopped in. False if it still doesn't end.
static bool leave_unfinished(PromptScan *scan, Scanner *scanner) {
    const char *from = scanner->next, *end = scanner->end;
    const char *after =
        scan->inside == '"' ? memchr(from, '"', (size_t)(end - from)) : after_string(from, end);
    if (!after)
        return false;
    scanner->next = after + (scan->inside == '"');
    if (scan->inside != '"')
        scan->last = TOKEN_OTHER;
    scan->inside = '\0';
    return true;
}

bool prompt_input_scan(PromptScan *scan, const char *chars, size_t length) {
    Scanner scanner = {chars + scan->at, chars + length, chars};
    scan->at = length;
    if (scan->inside && !leave_unfinished(scan, &scanner))
        return false;
    for (;;) {
        TokenKind kind = next_token(&scanner);
        if (kind == TOKEN_UNFINISHED) {
            scan->inside = scanner.next ? '"' : '\'';
            return false;
        }
        if (kind == TOKEN_END)
            return !scan->open && scan->last != TOKEN_AWAITING && scan->last != TOKEN_EQUALS;
        // One bracket too many: what follows can't mend it, so the parser may complain now.
        if (kind == TOKEN_CLOSE && !scan->open)
            return true;
        scan->open += kind == TOKEN_OPEN;
        scan->open -= kind == TOKEN_CLOSE;
        scan->last = kind;
    }
}

bool prompt_input_is_blank(const char *chars, size_t length) {
    Scanner scanner = {chars, chars + length, chars};
    return next_token(&scanner) == TOKEN_END;
}

// Only a guess: `Foo = (3 class)` looks alike. The parser decides (prompt.c).
bool prompt_input_begins_class(const char *chars, size_t length) {
    Scanner scanner = {chars, chars + length, chars};
    if (next_token(&scanner) != TOKEN_NAME || !isupper((unsigned char)*scanner.token) ||
        next_token(&scanner) != TOKEN_EQUALS)
        return false;
    TokenKind kind = next_token(&scanner);
    if (kind == TOKEN_NAME)
        kind = next_token(&scanner);
    return kind == TOKEN_OPEN && *scanner.token == '(';
}

// ---- Lines -------------------------------------------------------------------------

// The functions of libedit that go by readline's names; never unloaded.
static void find_editor(PromptInput *input, FILE *errors) {
    static const char *const names[] = {"libedit.so.2", "libedit.so.0", "libedit.so"};
    void *library = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++)
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return;
    *(void **)&input->read_line = dlsym(library, "readline");
    *(void **)&input->remember = dlsym(library, "add_history");
    if (!input->read_line)
        return;
    input->library = library;
    // Letters of more than one byte are edited as one. Sources are UTF-8 whatever the
    // locale, and the library asks once, when it is first used, what a letter is.
    if (!setlocale(LC_CTYPE, "") || MB_CUR_MAX == 1)
        setlocale(LC_CTYPE, "C.UTF-8");
    input->keeps_history = prompt_history_read(library, errors);
}

void prompt_input_begin(PromptInput *input, FILE *stream, FILE *errors) {
    *input = (PromptInput){.stream = stream};
    input->is_terminal = isatty(fileno(stream)) && isatty(STDOUT_FILENO);
    if (input->is_terminal)
        find_editor(input, errors);
}

void prompt_input_end(PromptInput *input, FILE *errors) {
    if (input->keeps_history)
        prompt_history_write(input->library, errors);
}

// Appends a line, with its end. False at the end of the stream, or when there is no room
// for more.
static bool read_plain(PromptInput *input, Text *text, const char *prompt) {
    if (input->is_terminal) {
        output_text(prompt);
        output_flush();
    }
    char chunk[4096];
    size_t count = 0, before = text->length;
    int c = 0;
    while (c != '\n' && (c = getc(input->stream)) != EOF) {
        chunk[count++] = (char)c;
        if (count == sizeof chunk || c == '\n') {
            text_add_bytes(text, chunk, count);
            count = 0;
        }
        if (text->length > PROMPT_INPUT_MOST) {
            input->too_long = true;
            return false;
        }
    }
    text_add_bytes(text, chunk, count);
    // A terminal can be read on after its end was typed.
    if (c == EOF && input->is_terminal)
        clearerr(input->stream);
    return text->length > before;
}

static bool read_edited(PromptInput *input, Text *text, const char *prompt) {
    char *line = input->read_line(prompt);
    if (!line)
        return false;
    if (*line && input->remember)
        input->remember(line);
    text_add(text, line);
    text_add(text, "\n");
    free(line);
    return true;
}

// Each turn reads a line; the prompt says whether it begins an input. An interruption gives up the
// lines so far, like Ctrl-C in a shell.
bool prompt_input_read(PromptInput *input, Text *text, int *first) {
    size_t start = text->length;
    PromptScan scan = {0};
    *first = input->line + 1;
    do {
        const char *prompt = text->length == start ? "som> " : "   | ";
        bool more =
            input->read_line ? read_edited(input, text, prompt) : read_plain(input, text, prompt);
        if (input->too_long)
            return false;
        if (!more && signals_interrupted()) {
            output_text("\n");
            text->length = start;
            return true;
        }
        if (!more) {
            if (input->is_terminal)
                output_text("\n");
            return text->length > start;
        }
        input->line++;
    } while (!prompt_input_scan(&scan, text_chars(text) + start, text->length - start));
    return true;
}
