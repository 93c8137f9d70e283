// See code_lines.h. LLVM's assembly has a directive for each row of the line table,
// `.loc 1 643 45 is_stmt 0 discriminator 7`, and the discriminator is a number that serves
// profilers and means nothing else. Ours says which inlining the row is in, which is nowhere else
// to be had: the tree of inlined methods is made of the same places, but in binary and by address.
//
// A row that is added has no instruction of its own: it holds at the address of the row behind it,
// where debuggers stop as well. There is one for each call, and one where an inlined method begins
// if the message that asked for it has none.
#include "backend/llvm/code_lines.h"

#include "backend/llvm/assembly_text.h"

#include <stdio.h>
#include <stdlib.h>

int llvm_place_new(LlvmPlaces *places, LlvmPlace place) {
    ARENA_PUSH(places->arena, &places->items, place);
    return (int)places->items.count;
}

typedef struct Lines {
    const LlvmPlaces *places;
    bool comments;
    bool *entered; // by number: the place has a row
    bool *has_row; // by line of the definition: LLVM has a row for it
    int most;      // lines
    LlvmFiles files;
    bool is_statement; // of the last row: may a debugger stop there?
    Text *out;
} Lines;

// More than the longest of LLVM's rows.
enum { MOST_WORDS = 200 };

static const char directive[] = "\t.loc\t";

static const LlvmPlace *place_of(const Lines *lines, int number) {
    return number > 0 && (size_t)number <= lines->places->items.count
               ? &lines->places->items.items[number - 1]
               : NULL;
}

// Outermost first.
static void enter(Lines *lines, int file, int number) {
    const LlvmPlace *place = place_of(lines, number);
    if (!place || lines->entered[number])
        return;
    lines->entered[number] = true;
    enter(lines, file, place->within);
    bool has_row = !place->is_call && place->line < lines->most && lines->has_row[place->line];
    if (place->line > 0 && !has_row)
        llvm_files_add_row(&lines->files, file, (Location){place->line, place->column}, lines->out);
}

static void add_methods(const Lines *lines, int number) {
    const LlvmPlace *place;
    for (; (place = place_of(lines, number)); number = place->within)
        text_addf(lines->out, " in %s", place->method);
}

// The number behind a word; `otherwise` where it isn't there.
static int number_behind(const char *words, const char *word, int otherwise) {
    const char *found = strstr(words, word);
    return found ? atoi(found + strlen(word)) : otherwise;
}

// Each row says anew whether it is a statement, as LLVM says it only where that changes.
static void add_words(Lines *lines, const char *words, int *number) {
    int file = 0, line = 0, column = 0;
    sscanf(words, "%d %d %d", &file, &line, &column);
    *number = number_behind(words, " discriminator ", 0);
    lines->is_statement = number_behind(words, " is_stmt ", lines->is_statement);
    if (line > 0)
        enter(lines, file, *number);
    text_addf(lines->out, "\t.loc\t%d %d %d is_stmt %d", file, line, column, lines->is_statement);
    if (strstr(words, " prologue_end"))
        text_add(lines->out, " prologue_end");
    if (strstr(words, " epilogue_begin"))
        text_add(lines->out, " epilogue_begin");
}

// The row's words are few, and are copied: what is looked for in them is not to be looked for in
// all that follows.
static void add_row(Lines *lines, const char *row) {
    char words[MOST_WORDS + 1] = {0};
    int number = 0;
    size_t length = strcspn(row, "\n"), before = strcspn(row, "#\n");
    const char *from = row + sizeof directive - 1;
    size_t copied = (size_t)(row + before - from);
    memcpy(words, from, copied < MOST_WORDS ? copied : MOST_WORDS);
    add_words(lines, words, &number);
    if (lines->comments && before < length) {
        text_add(lines->out, "\t");
        text_add_bytes(lines->out, row + before, length - before);
        add_methods(lines, number);
    }
    text_add(lines->out, "\n");
}

// The line that a row is of; 0: none.
static int line_of(const Lines *lines, const char *row) {
    const char *words = row + sizeof directive - 1;
    int line = atoi(words + strcspn(words, " \n"));
    return line ? llvm_files_line(&lines->files, atoi(words), line) : 0;
}

static void find_rows(Lines *lines, const char *assembly, Arena *arena) {
    for (int i = 0; i < (int)lines->places->items.count; i++)
        if (lines->places->items.items[i].line >= lines->most)
            lines->most = lines->places->items.items[i].line + 1;
    lines->has_row = ARENA_ARRAY(arena, bool, lines->most + 1);
    for (const char *at = assembly; *at; at = assembly_next_line(at)) {
        int line = assembly_begins_with(at, directive) ? line_of(lines, at) : 0;
        if (line > 0 && line < lines->most)
            lines->has_row[line] = true;
    }
}

static const char label_of_place[] = ".Ltmp";

// The line that aligns what the labels from this line on name, with or without a row for the
// padding in between. NULL: there are no labels, or what they name isn't aligned.
static const char *padding_behind_labels(const char *at) {
    static const char alignment[] = "\t.p2align\t";
    if (!assembly_begins_with(at, label_of_place))
        return NULL;
    while (assembly_begins_with(at, label_of_place) || assembly_begins_with(at, directive))
        at = assembly_next_line(at);
    return assembly_begins_with(at, alignment) ? at : NULL;
}

// LLVM has labels in front of the padding. A scope that begins there would begin with what is never
// executed, and a debugger stop at nothing.
static void add_labels_behind(Lines *lines, const char *labels, const char *padding) {
    for (const char *at = labels; at < padding; at = assembly_next_line(at))
        if (assembly_begins_with(at, directive))
            add_row(lines, at);
    text_add_bytes(lines->out, padding, (size_t)(assembly_next_line(padding) - padding));
    for (const char *at = labels; at < padding; at = assembly_next_line(at))
        if (!assembly_begins_with(at, directive))
            text_add_bytes(lines->out, at, (size_t)(assembly_next_line(at) - at));
}

void llvm_code_lines_add(const LlvmPlaces *places, bool comments, const char *assembly,
                         Text *finished) {
    Lines lines = {.places = places,
                   .comments = comments,
                   .entered = ARENA_ARRAY(places->arena, bool, places->items.count + 1),
                   .is_statement = true,
                   .out = finished};
    lines.files = llvm_files_read(places->parts, assembly, places->arena);
    find_rows(&lines, assembly, places->arena);
    llvm_files_declare(&lines.files, assembly, finished);
    const char *from = assembly;
    for (const char *at = assembly; *at; at = assembly_next_line(at)) {
        const char *padding = padding_behind_labels(at);
        if (padding) {
            text_add_bytes(finished, from, (size_t)(at - from));
            add_labels_behind(&lines, at, padding);
            at = padding;
        } else if (assembly_begins_with(at, directive)) {
            text_add_bytes(finished, from, (size_t)(at - from));
            add_row(&lines, at);
        } else if (llvm_files_is_moved(&lines.files, at)) {
            text_add_bytes(finished, from, (size_t)(at - from));
        } else {
            continue;
        }
        from = assembly_next_line(at);
    }
    text_add(finished, from);
}
