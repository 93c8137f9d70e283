// See llvm_flags.h. A flag is its place in the table and the number of its choice; its words
// are made from these again, so what the helper is sent is what was understood.
#include "backend/llvm/flags/llvm_flags.h"

#include "support/choice.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *choices, *help;
} table[LLVM_FLAGS] = {
#define LLVM_FLAG(id, name, choices, help) [LLVM_FLAG_##id] = {name, choices, help},
#include "backend/llvm/flags/llvm_flags.def"
};

static const char option[] = "llvm-option";
// The choice that any number makes.
static const char number_choice[] = "N";

const char *llvm_kind_name(LlvmKind kind) {
    static const char *const names[LLVM_KINDS] = {
#define LLVM_KIND(id, name, ending) [LLVM_KIND_##id] = name,
#include "backend/llvm/flags/llvm_flags.def"
    };
    return names[kind];
}

// Counts up to LLVM_KINDS, which is the answer for a name that there isn't.
LlvmKind llvm_kind_named(const char *name) {
    LlvmKind kind = 0;
    while (kind < LLVM_KINDS && strcmp(llvm_kind_name(kind), name) != 0)
        kind++;
    return kind;
}

// What follows `--NAME=` in the word, or NULL.
static const char *value_of(const char *word, const char *name) {
    size_t length = strlen(name);
    return strncmp(word, "--", 2) == 0 && strncmp(word + 2, name, length) == 0 &&
                   word[2 + length] == '='
               ? word + length + 3
               : NULL;
}

// Each has to be one line, since the image shows it on one.
static LlvmFlagTaken take_option(LlvmFlags *flags, const char *value, Text *error) {
    if (value[0] != '-' || !value[1] || strchr(value, '\n'))
        text_addf(error, "--%s=%s: an option of LLVM's begins with '-' and is one line", option,
                  value);
    else if (flags->option_count == LLVM_MOST_OPTIONS)
        text_addf(error, "more than %d options for LLVM", LLVM_MOST_OPTIONS);
    else
        flags->options[flags->option_count++] = value;
    return error->length ? LLVM_FLAG_WRONG : LLVM_FLAG_TAKEN;
}

// The number that the word is; -1: it is none, or too large.
static int read_number(const char *word) {
    size_t length = strspn(word, "0123456789");
    long number = length && !word[length] && length < 10 ? strtol(word, NULL, 10) : -1;
    return number <= LLVM_MOST_NUMBER ? (int)number : -1;
}

// A number that stands among the choices itself, such as 0, is that choice.
static bool set_number(LlvmFlags *flags, int flag, int number) {
    char digits[16];
    snprintf(digits, sizeof digits, "%d", number);
    int named = choice_find(table[flag].choices, digits);
    int choice = named >= 0 ? named : choice_find(table[flag].choices, number_choice);
    if (choice < 0)
        return false;
    flags->chosen[flag] = choice;
    flags->numbers[flag] = number;
    return true;
}

// Sets the flag to what the word says. False: that is none of its choices.
static bool choose(LlvmFlags *flags, int flag, const char *word) {
    int number = read_number(word);
    if (number >= 0)
        return set_number(flags, flag, number);
    int choice = strcmp(word, number_choice) == 0 ? -1 : choice_find(table[flag].choices, word);
    if (choice >= 0)
        flags->chosen[flag] = choice;
    return choice >= 0;
}

void llvm_flags_place(LlvmFlags *flags, int number) {
    set_number(flags, LLVM_FLAG_PLACEMENT, number);
}

// As compilers call them.
static const struct {
    const char *word;
    LlvmFlag flag;
    const char *choice;
} short_words[] = {{"--pic", LLVM_FLAG_PIC, "on"}, {"--no-pic", LLVM_FLAG_PIC, "off"}};

void llvm_flags_set(LlvmFlags *flags, LlvmFlag flag, const char *choice) {
    bool known = choose(flags, flag, choice);
    assert(known && "the table has no such choice");
    (void)known;
}

LlvmFlagTaken llvm_flags_take(LlvmFlags *flags, const char *word, Text *error) {
    for (size_t i = 0; i < sizeof short_words / sizeof *short_words; i++)
        if (strcmp(word, short_words[i].word) == 0) {
            llvm_flags_set(flags, short_words[i].flag, short_words[i].choice);
            return LLVM_FLAG_TAKEN;
        }
    const char *value = value_of(word, option);
    if (value)
        return take_option(flags, value, error);
    for (int i = 0; i < LLVM_FLAGS; i++) {
        value = value_of(word, table[i].name);
        if (!value)
            continue;
        if (choose(flags, i, value))
            return LLVM_FLAG_TAKEN;
        text_addf(error, "'%s' is not one of --%s=%s", word, table[i].name, table[i].choices);
        return LLVM_FLAG_WRONG;
    }
    return LLVM_FLAG_NOT_MINE;
}

// By the choice's word and not by its number, so that the code that asks reads as the flag does; a
// word that isn't in the table is a mistake of the code's.
bool llvm_flags_is(const LlvmFlags *flags, LlvmFlag flag, const char *choice) {
    int index = choice_find(table[flag].choices, choice);
    assert(index >= 0 && "the table has no such choice");
    return flags->chosen[flag] == index;
}

static bool is_number(const LlvmFlags *flags, LlvmFlag flag) {
    return flags->chosen[flag] == choice_find(table[flag].choices, number_choice);
}

int llvm_flags_number(const LlvmFlags *flags, LlvmFlag flag, int otherwise) {
    return is_number(flags, flag) ? flags->numbers[flag] : otherwise;
}

const char *llvm_flags_choice(const LlvmFlags *flags, LlvmFlag flag, Arena *arena) {
    return is_number(flags, flag) ? arena_printf(arena, "%d", flags->numbers[flag])
                                  : choice_at(table[flag].choices, flags->chosen[flag], arena);
}

const char *llvm_flag_name(LlvmFlag flag) {
    return table[flag].name;
}

// Only what differs from the default: two variants that were asked for alike then have the same
// words, whether or not somebody wrote a default out (variant_print).
size_t llvm_flags_words(const LlvmFlags *flags, Arena *arena, const char **words) {
    size_t count = 0;
    for (int i = 0; i < LLVM_FLAGS; i++)
        if (flags->chosen[i])
            words[count++] = arena_printf(arena, "--%s=%s", table[i].name,
                                          llvm_flags_choice(flags, (LlvmFlag)i, arena));
    for (size_t i = 0; i < flags->option_count; i++)
        words[count++] = arena_printf(arena, "--%s=%s", option, flags->options[i]);
    return count;
}

void llvm_flags_describe(void (*line)(Text *out, const char *syntax, const char *help), Text *out) {
    Arena *arena = arena_new();
    for (size_t i = 0; i < LLVM_FLAGS; i++)
        line(out, arena_printf(arena, "--%s=%s", table[i].name, table[i].choices),
             arena_printf(arena, "%s (default: %s)", table[i].help,
                          choice_at(table[i].choices, 0, arena)));
    line(out, arena_printf(arena, "--%s=-NAME[=VALUE]", option),
         "an option of LLVM's own; may be given several times");
    arena_free(arena);
}
