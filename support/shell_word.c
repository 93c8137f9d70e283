// See shell_word.h. What is quoted how: POSIX.1-2017, Shell Command Language, section 2.2.
#include "support/shell_word.h"

#include <string.h>

static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                            "_-+=:,./@%";

// In single quotes only they mean anything to the shell: one in the word ends the quotes, stands
// escaped, and begins them again.
void text_add_shell_word(Text *text, const char *word) {
    if (*word && !word[strspn(word, plain)]) {
        text_add(text, word);
        return;
    }
    text_add(text, "'");
    for (; *word; word++)
        if (*word == '\'')
            text_add(text, "'\\''");
        else
            text_add_bytes(text, word, 1);
    text_add(text, "'");
}

static const char blanks[] = " \t\r\n";

// What stands in quotes from `at` on; the place behind them. NULL: they have no end.
static const char *take_quoted(const char *at, Text *word) {
    char quote = *at++;
    for (; *at != quote; at++) {
        if (!*at)
            return NULL;
        // In double quotes a backslash is one unless it keeps the next one from meaning something.
        if (quote == '"' && *at == '\\' && at[1] && strchr("\"\\$`", at[1]))
            at++;
        text_add_bytes(word, at, 1);
    }
    return at + 1;
}

// The word at `*at`, which moves behind it; NULL, or where it went wrong.
static const char *take_word(const char **at, Text *word) {
    while (**at && !strchr(blanks, **at)) {
        const char *begin = *at;
        if (*begin == '\'' || *begin == '"') {
            *at = take_quoted(begin, word);
        } else if (*begin == '\\') {
            text_add_bytes(word, begin + 1, 1);
            *at = begin[1] ? begin + 2 : NULL;
        } else {
            text_add_bytes(word, begin, 1);
            *at = begin + 1;
        }
        if (!*at)
            return begin;
    }
    return NULL;
}

const char *shell_words_split(Arena *arena, const char *text, ShellWords *words) {
    ARENA_VECTOR(char *) list = {0};
    const char *wrong = NULL;
    Text word = {0};
    for (const char *at = text + strspn(text, blanks); *at && !wrong;) {
        wrong = take_word(&at, &word);
        ARENA_PUSH(arena, &list, arena_strdup(arena, text_chars(&word)));
        text_free(&word);
        if (!wrong)
            at += strspn(at, blanks);
    }
    words->count = list.count;
    ARENA_PUSH(arena, &list, NULL);
    words->items = list.items;
    return wrong;
}
