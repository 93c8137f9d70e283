// The registry: the table of passes made from registry.def, and look-ups by name.
#include "passes/pass.h"

#include <string.h>

enum {
    LOOP = 1 << IR_FORM_LOOP,
    ANY = 1 << IR_FORM_LOOP | 1 << IR_FORM_REPLICATED | 1 << IR_FORM_HANDLERS,
};

#define PASS(function, name, help, takes, gives, level) void function##_run(PassContext *context);
#define PASS_WITH_PARAMETER(function, name, help, syntax, by_default, takes, gives, level)         \
    void function##_run(PassContext *context);                                                     \
    bool function##_check(const char *parameter, Text *error);
#include "passes/registry.def"
#undef PASS
#undef PASS_WITH_PARAMETER

static const Pass passes[] = {
#define PASS(function, name, help, takes, gives, level)                                            \
    {name, help, NULL, NULL, NULL, takes, gives, level, function##_run},
#define PASS_WITH_PARAMETER(function, name, help, syntax, by_default, takes, gives, level)         \
    {name, help, syntax, by_default, function##_check, takes, gives, level, function##_run},
#include "passes/registry.def"
#undef PASS
#undef PASS_WITH_PARAMETER
};

enum { COUNT = sizeof passes / sizeof passes[0], LONGEST_NAME = 63 };

_Static_assert((size_t)COUNT <=
                   sizeof((PipelineRequest *)0)->toggles / sizeof((PipelineRequest *)0)->toggles[0],
               "PipelineRequest has a toggle for each pass");

size_t pass_count(void) {
    return COUNT;
}

const Pass *pass_at(size_t index) {
    return index < COUNT ? &passes[index] : NULL;
}

const Pass *pass_find(const char *name) {
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(passes[i].name, name) == 0)
            return &passes[i];
    return NULL;
}

// Letters to insert, delete or replace to make one word the other (Levenshtein).
static size_t distance(const char *from, const char *to) {
    size_t row[LONGEST_NAME + 1], length = strlen(to);
    for (size_t k = 0; k <= length; k++)
        row[k] = k;
    for (size_t i = 0; from[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t k = 0; k < length; k++) {
            size_t replace = diagonal + (from[i] != to[k]);
            size_t other = (row[k] < row[k + 1] ? row[k] : row[k + 1]) + 1;
            diagonal = row[k + 1];
            row[k + 1] = replace < other ? replace : other;
        }
    }
    return row[length];
}

const char *pass_nearest(const char *name) {
    if (strlen(name) > LONGEST_NAME)
        return NULL;
    const char *nearest = NULL;
    size_t least = strlen(name) / 2 + 2;
    for (size_t i = 0; i < COUNT; i++) {
        size_t far = distance(name, passes[i].name);
        if (far < least) {
            least = far;
            nearest = passes[i].name;
        }
    }
    return nearest;
}
