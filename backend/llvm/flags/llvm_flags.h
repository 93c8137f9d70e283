// LLVM's part of a variant: what its backend may be told, as flags. The command takes them
// from its user, sends them to the helper, and makes them part of a variant's identity; the
// helper takes them from the command. Both do it here, by one table, llvm_flags.def.
//
// Knows nothing of LLVM, so that the command needn't either.
#ifndef BACKEND_LLVM_FLAGS_LLVM_FLAGS_H
#define BACKEND_LLVM_FLAGS_LLVM_FLAGS_H

#include "support/arena.h"
#include "support/text.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum LlvmFlag {
#define LLVM_FLAG(id, name, choices, help) LLVM_FLAG_##id,
#include "backend/llvm/flags/llvm_flags.def"
    LLVM_FLAGS
} LlvmFlag;

// What the helper can write.
typedef enum LlvmKind {
#define LLVM_KIND(id, name, ending) LLVM_KIND_##id,
#include "backend/llvm/flags/llvm_flags.def"
    LLVM_KINDS
} LlvmKind;

const char *llvm_kind_name(LlvmKind kind);
// The kind of that name; LLVM_KINDS: there is none.
LlvmKind llvm_kind_named(const char *name);

enum { LLVM_MOST_OPTIONS = 32, LLVM_MOST_NUMBER = 1000000 };

// All zero: every flag at its default.
typedef struct LlvmFlags {
    int chosen[LLVM_FLAGS];  // by LlvmFlag: which of its choices, counted from 0
    int numbers[LLVM_FLAGS]; // where that is N: the number
    // Options of LLVM's own, `-name=value`, in the order they were given; borrowed.
    const char *options[LLVM_MOST_OPTIONS];
    size_t option_count;
} LlvmFlags;

typedef enum LlvmFlagTaken { LLVM_FLAG_NOT_MINE, LLVM_FLAG_TAKEN, LLVM_FLAG_WRONG } LlvmFlagTaken;

// Takes one argument; a later one overrides an earlier one, but --llvm-option= adds up.
// LLVM_FLAG_WRONG with a line in `error`.
LlvmFlagTaken llvm_flags_take(LlvmFlags *flags, const char *word, Text *error);

// Sets a flag to one of its choices.
void llvm_flags_set(LlvmFlags *flags, LlvmFlag flag, const char *choice);

// Is the flag set to this one of its choices?
bool llvm_flags_is(const LlvmFlags *flags, LlvmFlag flag, const char *choice);

// Chooses the placement of that number, from 0 to LLVM_MOST_NUMBER.
void llvm_flags_place(LlvmFlags *flags, int number);

// The number that the flag is set to; `otherwise` where its choice is none.
int llvm_flags_number(const LlvmFlags *flags, LlvmFlag flag, int otherwise);

// What the flag is set to: "off", "12".
const char *llvm_flags_choice(const LlvmFlags *flags, LlvmFlag flag, Arena *arena);

// The flag's name, without dashes.
const char *llvm_flag_name(LlvmFlag flag);

// The arguments that say what is not at its default; `words` has room for
// LLVM_FLAGS + LLVM_MOST_OPTIONS of them. Answers how many.
size_t llvm_flags_words(const LlvmFlags *flags, Arena *arena, const char **words);

// Describes each flag for a help text: calls `line` with its syntax and its help.
void llvm_flags_describe(void (*line)(Text *out, const char *syntax, const char *help), Text *out);

#endif
