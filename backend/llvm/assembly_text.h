// Reading the assembly that LLVM prints, line by line: what assembly.c and code_symbols.c share.
#ifndef BACKEND_LLVM_ASSEMBLY_TEXT_H
#define BACKEND_LLVM_ASSEMBLY_TEXT_H

#include <stdbool.h>
#include <string.h>

// What is jumped to has a label at the beginning of a line, `.LBB0_2:`.
#define ASSEMBLY_LABEL ".LBB"
// An entry of a table of addresses.
#define ASSEMBLY_ADDRESS "\t.quad\t"
// The arrays of addresses that the dispatches of form `replicated` jump by begin with this name.
#define ASSEMBLY_DISPATCH_TABLE "loopwright_dispatch_table"

static inline bool assembly_begins_with(const char *at, const char *what) {
    while (*what && *at == *what)
        at++, what++;
    return !*what;
}

static inline bool assembly_is_instruction(const char *at) {
    return *at == '\t' && at[1] != '.' && at[1] != '#';
}

// Where the line after that of `at` begins; the text's end after the last one.
static inline const char *assembly_next_line(const char *at) {
    const char *end = strchr(at, '\n');
    return end ? end + 1 : at + strlen(at);
}

// Where it stands in its line, from `at` on; NULL: nowhere. (A search to the end of the text for
// what isn't there would take longer than LLVM.)
static inline const char *assembly_find_in_line(const char *at, const char *what) {
    for (; *at && *at != '\n'; at++)
        if (*at == *what && assembly_begins_with(at, what))
            return at;
    return NULL;
}

// How long a label is, at a place that names it or defines it.
static inline size_t assembly_label_length(const char *at) {
    return strcspn(at, ":\n");
}

#endif
