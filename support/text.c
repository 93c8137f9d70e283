// See text.h. Text is printed into memory and not to a stream, because half a result is worse than
// none: an error in the middle of printing leaves the file, or the terminal, as it was.
#include "support/text.h"

#include "support/memory.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// Doubled, so that appending a byte costs the same on average however long the text is; and there
// is always a byte more for the NUL.
static void reserve(Text *text, size_t extra) {
    size_t wanted = text->length + extra + 1;
    if (wanted <= text->capacity)
        return;
    size_t capacity = text->capacity ? text->capacity : 256;
    while (capacity < wanted)
        capacity *= 2;
    text->chars = memory_resize(text->chars, capacity);
    text->capacity = capacity;
}

void text_add_bytes(Text *text, const char *chars, size_t length) {
    reserve(text, length);
    if (length > 0)
        memcpy(text->chars + text->length, chars, length);
    text->length += length;
    text->chars[text->length] = '\0';
}

void text_add(Text *text, const char *chars) {
    text_add_bytes(text, chars, strlen(chars));
}

void text_addv(Text *text, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    reserve(text, (size_t)length);
    vsnprintf(text->chars + text->length, (size_t)length + 1, format, arguments);
    text->length += (size_t)length;
}

void text_addf(Text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    text_addv(text, format, arguments);
    va_end(arguments);
}

const char *text_chars(const Text *text) {
    return text->chars ? text->chars : "";
}

bool text_ends_with(const char *name, const char *ending) {
    size_t length = strlen(name), wanted = strlen(ending);
    return length > wanted && strcmp(name + length - wanted, ending) == 0;
}

void text_free(Text *text) {
    free(text->chars);
    *text = (Text){0};
}

// What is known to be too large isn't read at all. Sets errno.
static bool is_readable(FILE *file, size_t most) {
    struct stat status;
    if (fstat(fileno(file), &status) != 0)
        return true;
    if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return false;
    }
    if (S_ISREG(status.st_mode) && (uintmax_t)status.st_size > most) {
        errno = EFBIG;
        return false;
    }
    return true;
}

// Not by the file's size, which pipes and devices don't have and files in /proc don't tell.
static bool read_up_to(Text *text, FILE *file, size_t most) {
    char chunk[16384];
    size_t count, total = 0;
    while ((count = fread(chunk, 1, sizeof chunk, file)) > 0) {
        total += count;
        if (total > most) {
            errno = EFBIG;
            return false;
        }
        text_add_bytes(text, chunk, count);
    }
    return !ferror(file);
}

bool text_read_file_up_to(Text *text, const char *path, size_t most) {
    bool from_stdin = strcmp(path, "-") == 0;
    FILE *file = from_stdin ? stdin : fopen(path, "rb");
    if (!file)
        return false;
    bool good = is_readable(file, most) && read_up_to(text, file, most);
    int error = errno;
    if (!from_stdin)
        fclose(file);
    errno = error;
    return good;
}

bool text_read_file(Text *text, const char *path) {
    return text_read_file_up_to(text, path, TEXT_FILE_MOST);
}
