// See choice.h. As one string a list of choices can stand in a help text, in an error and in the
// check alike, and so is said once.
#include "support/choice.h"

#include <assert.h>
#include <string.h>

// The choice after this one; NULL: it was the last.
static const char *next(const char *choice) {
    const char *bar = strchr(choice, '|');
    return bar ? bar + 1 : NULL;
}

int choice_find(const char *choices, const char *value) {
    size_t length = strlen(value);
    int index = 0;
    for (const char *choice = choices; choice; choice = next(choice), index++)
        if (strcspn(choice, "|") == length && strncmp(choice, value, length) == 0)
            return index;
    return -1;
}

int choice_count(const char *choices) {
    int count = 0;
    for (const char *choice = choices; choice; choice = next(choice))
        count++;
    return count;
}

const char *choice_at(const char *choices, int index, Arena *arena) {
    while (index-- && choices)
        choices = next(choices);
    assert(choices && "there are not so many choices");
    return arena_strndup(arena, choices, strcspn(choices, "|"));
}
