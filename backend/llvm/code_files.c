// See code_files.h. No two files of a definition are called alike, so the last part of a path is
// enough to know one by.
#include "backend/llvm/code_files.h"

#include "backend/llvm/assembly_text.h"

#include <stdlib.h>
#include <string.h>

static const char directive[] = "\t.file\t";

static bool gives_number(const char *line) {
    return assembly_begins_with(line, directive) && line[sizeof directive - 1] >= '1' &&
           line[sizeof directive - 1] <= '9';
}

// Is the last string in the line the file's name?
static bool names(const char *line, const char *file) {
    const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
    size_t length = strlen(name), all = strcspn(line, "\n");
    return all > length + 2 && line[all - 1] == '"' && line[all - length - 2] == '"' &&
           memcmp(line + all - length - 1, name, length) == 0;
}

static size_t part_of(const SourceParts *parts, const char *line) {
    size_t part = parts->count;
    while (part > 0 && !names(line, parts->items[part - 1].name))
        part--;
    return part;
}

LlvmFiles llvm_files_read(const SourceParts *parts, const char *assembly, Arena *arena) {
    LlvmFiles files = {parts, ARENA_ARRAY(arena, int, parts->count + 1)};
    for (const char *at = assembly; parts->count && *at; at = assembly_next_line(at))
        if (gives_number(at))
            files.numbers[part_of(parts, at)] = atoi(at + sizeof directive - 1);
    return files;
}

size_t llvm_files_part(const SourceParts *parts, int line) {
    size_t part = parts->count;
    while (part > 0 && parts->items[part - 1].first_line > line)
        part--;
    return part;
}

int llvm_files_own_line(const SourceParts *parts, int line) {
    size_t part = llvm_files_part(parts, line);
    return part ? line - parts->items[part - 1].first_line + 1 : line;
}

int llvm_files_line(const LlvmFiles *files, int file, int line) {
    for (size_t part = 1; part <= files->parts->count; part++)
        if (files->numbers[part] == file)
            return line + files->parts->items[part - 1].first_line - 1;
    return line;
}

void llvm_files_add_row(const LlvmFiles *files, int file, Location at, Text *out) {
    if (files->parts->count)
        file = files->numbers[llvm_files_part(files->parts, at.line)];
    if (file)
        text_addf(out, "\t.loc\t%d %d %d is_stmt 1\n", file,
                  llvm_files_own_line(files->parts, at.line), at.column);
}

bool llvm_files_is_moved(const LlvmFiles *files, const char *line) {
    return files->parts->count && gives_number(line);
}

void llvm_files_declare(const LlvmFiles *files, const char *assembly, Text *out) {
    for (const char *at = assembly; *at; at = assembly_next_line(at))
        if (llvm_files_is_moved(files, at))
            text_add_bytes(out, at, (size_t)(assembly_next_line(at) - at));
}
