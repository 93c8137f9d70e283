// Code as tests spell it out: what is in a listing of the disassembler but for positions and
// indices. An instruction is its bytecode's name and what its first operand means, or the operands
// where they mean themselves. A line ends where control may go elsewhere, or come from elsewhere:
// then the next one begins with a label, `a:`, `b:` … in the order of the code.
#ifndef TESTS_UNIT_GUEST_SYMBOLIC_H
#define TESTS_UNIT_GUEST_SYMBOLIC_H

#include "runtime/bytecodes/disassemble.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SYMBOLIC_LABELS = 26 };

// What is jumped to in one method or block.
typedef struct SymbolicLabels {
    int places[SYMBOLIC_LABELS];
    size_t count;
} SymbolicLabels;

static inline char symbolic_label(const SymbolicLabels *labels, int place) {
    for (size_t i = 0; i < labels->count; i++)
        if (labels->places[i] == place)
            return (char)('a' + i);
    return 0;
}

static inline int symbolic_compare(const void *left, const void *right) {
    return *(const int *)left - *(const int *)right;
}

// A line of code: ` 12  name operands  ; meaning`. False for others: the heads of methods and
// blocks.
static inline bool symbolic_split(const char *line, int *place, const char **code) {
    size_t blanks = strspn(line, " "), digits = strspn(line + blanks, "0123456789");
    *place = atoi(line + blanks);
    *code = line + blanks + digits + 2;
    return digits;
}

static inline bool symbolic_jumps(const char *code) {
    return !strncmp(code, "jump", 4);
}

static inline bool symbolic_returns(const char *code) {
    return !strncmp(code, "return", 6) || !strncmp(code, "replaceFrame", 12);
}

// The labels of what begins at `line`, up to the next head.
static inline SymbolicLabels symbolic_find_labels(const char *line) {
    SymbolicLabels labels = {.count = 0};
    int place;
    const char *code;
    for (; *line && symbolic_split(line, &place, &code); line = strchr(line, '\n') + 1) {
        const char *operand = code + strcspn(code, " \n");
        for (; symbolic_jumps(code) && *operand == ' ';
             operand += 1 + strcspn(operand + 1, " \n")) {
            int target = atoi(operand);
            if (!symbolic_label(&labels, target) && labels.count < SYMBOLIC_LABELS)
                labels.places[labels.count++] = target;
        }
    }
    qsort(labels.places, labels.count, sizeof *labels.places, symbolic_compare);
    return labels;
}

// What stands in front of an instruction.
static inline void symbolic_begin(Text *text, const SymbolicLabels *labels,
                                  const GuestMethod *method, int place) {
    static const char *const when[] = {"before ", "header of ", "condition of "};
    char label = symbolic_label(labels, place);
    bool is_first = !text->length || text_chars(text)[text->length - 1] == '\n';
    if (label)
        text_addf(text, "%s%c: ", is_first ? "" : "\n", label);
    else if (!is_first)
        text_add(text, "; ");
    for (size_t i = 0; method && i < method->osr_entries.count; i++) {
        const GuestOsrPoint *entry = &method->osr_entries.items[i];
        if (entry->pc == place)
            text_addf(text, "%s%s with %d: ", when[entry->when], entry->send->send.selector,
                      entry->depth);
    }
}

static inline void symbolic_add_code(Text *text, const SymbolicLabels *labels, const char *code,
                                     size_t length) {
    size_t name = strcspn(code, " \n");
    text_addf(text, "%.*s", (int)name, code);
    const char *meaning = strstr(code, "  ; "), *operand = code + name;
    if (meaning && meaning < code + length)
        text_addf(text, " %.*s", (int)(code + length - meaning - 4), meaning + 4);
    else if (!symbolic_jumps(code) && !symbolic_returns(code))
        text_addf(text, "%.*s", (int)(code + length - operand), operand);
    else if (symbolic_jumps(code))
        for (; *operand == ' '; operand += 1 + strcspn(operand + 1, " \n"))
            text_addf(text, " %c", symbolic_label(labels, atoi(operand)));
    text_add(text, symbolic_jumps(code) || symbolic_returns(code) ? "\n" : "");
}

// Appends the code of the method, without its head, and that of its blocks after `block:`. In front
// of an entry stands when it is entered, at what, and with how much on the stack.
static inline void add_symbolic(Text *text, const Bytecodes *bytecodes, const GuestMethod *method,
                                const GuestClassScope *class) {
    Text listing = {0};
    disassemble_method(&listing, bytecodes, method, class, false);
    SymbolicLabels labels = {.count = 0};
    int heads = 0;
    for (const char *line = text_chars(&listing); *line;) {
        size_t length = strcspn(line, "\n");
        int place;
        const char *code;
        if (symbolic_split(line, &place, &code)) {
            symbolic_begin(text, &labels, heads == 1 ? method : NULL, place);
            symbolic_add_code(text, &labels, code, (size_t)(line + length - code));
        } else {
            text_add(text, heads++ ? "block:\n" : "");
            labels = symbolic_find_labels(line + length + 1);
        }
        line += length + 1;
    }
    text_free(&listing);
}

#endif
