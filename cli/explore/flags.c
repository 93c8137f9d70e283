// See flags.h. What there is comes from the tables that the command line is read by.
#include "cli/explore/flags.h"

#include "cli/emitter.h"
#include "cli/passes.h"
#include "cli/variant.h"

#include <string.h>

typedef struct FlagChoices {
    const char *name, *choices, *help;
} FlagChoices;

static const FlagChoices choices[] = {
#define LLVM_FLAG(id, name, choices, help) {name, choices, help},
#include "backend/llvm/flags/llvm_flags.def"
    {"code", VARIANT_CODE_CHOICES, "what the loop is to run: verified code only, or any"},
};

enum { CHOICES = sizeof choices / sizeof *choices };

static const char llvm[] = "llvm";

static void add_choices(json_t *list, const FlagChoices *flag) {
    json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", flag->name, "choices",
                                          flag->choices, "help", flag->help));
}

// Of LLVM's versions the newest that there is is the default.
json_t *explore_flags_json(void) {
    Arena *scratch = arena_new();
    json_t *list = json_array(), *levels = json_array();
    for (size_t i = 0; i < CHOICES; i++)
        add_choices(list, &choices[i]);
    FlagChoices versions = {llvm, emitter_llvm_versions(scratch), "which LLVM"};
    add_choices(list, &versions);
    for (int level = 0; level < PASS_LEVELS; level++)
        json_array_append_new(levels, json_integer(level));
    arena_free(scratch);
    return json_pack("{s:o, s:o, s:o}", "levels", levels, "passes", passes_json(), "choices", list);
}

// A parameter may be a file's name, and has no `/` here: so a page reads what lies in the folder
// that the server was started in, at most.
static bool is_plain(const char *word) {
    for (; *word; word++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=,.", *word))
            return false;
    return true;
}

static bool sets(const char *word, const char *name) {
    size_t length = strlen(name);
    return strncmp(word, "--", 2) == 0 && strncmp(word + 2, name, length) == 0 &&
           word[2 + length] == '=';
}

bool explore_flag_has_switch(const char *word) {
    if (strncmp(word, "-O", 2) == 0 || strncmp(word, "-f", 2) == 0 || sets(word, "passes") ||
        sets(word, llvm))
        return true;
    for (size_t i = 0; i < CHOICES; i++)
        if (sets(word, choices[i].name))
            return true;
    return false;
}

bool explore_flag_is_allowed(const char *word) {
    return explore_flag_has_switch(word) && is_plain(word);
}
