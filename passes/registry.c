// The registry: the table of passes made from registry.def, and look-ups by name. Names that
// are nearly right are recognised by the number of letters to change (Levenshtein, 1966).
#include "passes/manager/pass.h"

#include <string.h>

enum {
    LOOP = 1 << IR_FORM_LOOP,
    HANDLERS = 1 << IR_FORM_HANDLERS,
    REPLICATED = 1 << IR_FORM_REPLICATED,
    ANY = LOOP | REPLICATED | HANDLERS,
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
    {name, help, NULL, NULL, NULL, takes, gives, level, function##_run, NULL},
#define PASS_WITH_PARAMETER(function, name, help, syntax, by_default, takes, gives, level)         \
    {name, help, syntax, by_default, function##_check, takes, gives, level, function##_run, NULL},
#include "passes/registry.def"
#undef PASS
#undef PASS_WITH_PARAMETER
};

enum { COUNT = sizeof passes / sizeof passes[0], LONGEST_NAME = 63 };

// A request notes toggles in an array of that length (PipelineRequest).
_Static_assert((size_t)COUNT <= PASS_MOST, "PASS_MOST has room for our passes");

// Those of plug-ins, after ours.
static const Pass *loaded[PASS_MOST - COUNT];
static size_t loaded_count;

size_t pass_count(void) {
    return COUNT + loaded_count;
}

const Pass *pass_at(size_t index) {
    if (index < COUNT)
        return &passes[index];
    return index < pass_count() ? loaded[index - COUNT] : NULL;
}

const Pass *pass_find(const char *name) {
    for (size_t i = 0; i < pass_count(); i++)
        if (strcmp(pass_at(i)->name, name) == 0)
            return pass_at(i);
    return NULL;
}

size_t pass_index(const Pass *pass) {
    size_t index = 0;
    while (pass_at(index) != pass)
        index++;
    return index;
}

bool pass_register(const Pass *pass) {
    if (loaded_count == PASS_MOST - COUNT)
        return false;
    loaded[loaded_count++] = pass;
    return true;
}

// Letters to insert, delete or replace to make one word the other (Levenshtein).
static size_t distance(const char *from, const char *to) {
    // One row of the table at a time: each entry needs its neighbours to the left, above, and
    // above left only. Names of plug-ins are no longer than ours (plugin.c).
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
    // More than half of the letters wrong is another word, not a slip.
    size_t least = (strlen(name) + 1) / 2 + 1;
    for (size_t i = 0; i < pass_count(); i++) {
        size_t far = distance(name, pass_at(i)->name);
        if (far < least) {
            least = far;
            nearest = pass_at(i)->name;
        }
    }
    return nearest;
}
