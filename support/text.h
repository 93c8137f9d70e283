// A growable buffer of bytes: what printers write into before anything reaches a file
// (output_file.h), and whole files that are read. Not for parsing.
#ifndef SUPPORT_TEXT_H
#define SUPPORT_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Text {
    char *chars; // NUL-terminated once anything was added; owned by the buffer
    size_t length, capacity;
} Text;

// Appends a string, `length` bytes, or a formatted string.
void text_add(Text *text, const char *chars);
void text_add_bytes(Text *text, const char *chars, size_t length);
void text_addf(Text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_addv(Text *text, const char *format, va_list arguments);

// The contents, never NULL; valid until the next change.
const char *text_chars(const Text *text);

// Has the name that ending, as ".som", and something in front of it?
bool text_ends_with(const char *name, const char *ending);

// Frees the memory; the buffer is empty afterwards and may be used again.
void text_free(Text *text);

// A text of more bytes was hardly meant: an endless device, a disk's image.
enum { TEXT_FILE_MOST = 64 << 20 };

// Reads a whole file ("-" is standard input) into `text`. False with errno set
// when it can't be read; a directory gives EISDIR, more than TEXT_FILE_MOST bytes
// EFBIG.
bool text_read_file(Text *text, const char *path);

// The same with a limit of the caller's.
bool text_read_file_up_to(Text *text, const char *path, size_t most);

#endif
