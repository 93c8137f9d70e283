// The registry: the table of passes made from registry.def, and look-ups by name.
#include "passes/manager/pass.h"
#include "support/spelling.h"

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

enum { COUNT = sizeof passes / sizeof passes[0] };

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

const char *pass_nearest(const char *name) {
    Spelling spelling = {.wanted = name};
    for (size_t i = 0; i < pass_count(); i++)
        spelling_try(&spelling, pass_at(i)->name);
    return spelling.nearest;
}
