// The files of a definition in the assembly that LLVM prints: `.file 2 "/folder" "sends.som"` gives
// each a number, by which the rows of the line table name it. Places count their lines through all
// the definition's parts (SourcePart); here they become lines of a file again.
#ifndef BACKEND_LLVM_CODE_FILES_H
#define BACKEND_LLVM_CODE_FILES_H

#include "ir/ir.h"
#include "support/text.h"

typedef struct LlvmFiles {
    const SourceParts *parts;
    int *numbers; // of the definition's own file, then of each part; 0: it has none
} LlvmFiles;

LlvmFiles llvm_files_read(const SourceParts *parts, const char *assembly, Arena *arena);

// Appends a row for the place, of which `file` is the number if the definition has no parts. None
// where the place's file has no number.
void llvm_files_add_row(const LlvmFiles *files, int file, Location at, Text *out);

// The line as places count it, of a row's file and line.
int llvm_files_line(const LlvmFiles *files, int file, int line);

// The line in its own file, of one as places count it.
int llvm_files_own_line(const SourceParts *parts, int line);
// The index of the part that it is in, from 1; 0: it is the definition's own file.
size_t llvm_files_part(const SourceParts *parts, int line);

// A file has to be known before the first row that names it, and rows are added before LLVM's. So
// of a definition in parts all numbers are given at the beginning: appends them.
void llvm_files_declare(const LlvmFiles *files, const char *assembly, Text *out);
// Is it a line that gives a number, and has been moved to the beginning?
bool llvm_files_is_moved(const LlvmFiles *files, const char *line);

#endif
