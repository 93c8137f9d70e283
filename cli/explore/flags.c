// See flags.h. What there is comes from the tables that the command line is read by.
#include "cli/explore/flags.h"

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

json_t *explore_flags_json(void) {
    json_t *list = json_array(), *levels = json_array();
    for (size_t i = 0; i < CHOICES; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", choices[i].name, "choices",
                                              choices[i].choices, "help", choices[i].help));
    for (int level = 0; level < PASS_LEVELS; level++)
        json_array_append_new(levels, json_integer(level));
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

bool explore_flag_has_switch(const char *word) {
    if (strncmp(word, "-O", 2) == 0 || strncmp(word, "-f", 2) == 0 ||
        strncmp(word, "--passes=", 9) == 0)
        return true;
    for (size_t i = 0; i < CHOICES; i++) {
        size_t length = strlen(choices[i].name);
        if (strncmp(word, "--", 2) == 0 && strncmp(word + 2, choices[i].name, length) == 0 &&
            word[2 + length] == '=')
            return true;
    }
    return false;
}

bool explore_flag_is_allowed(const char *word) {
    return explore_flag_has_switch(word) && is_plain(word);
}
