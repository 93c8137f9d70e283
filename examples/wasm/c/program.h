// What the programs here need of the host, without a C library: two functions of WASI. The size
// of the problem is the first argument, or else the program's own.
#ifndef PROGRAM_H
#define PROGRAM_H

typedef unsigned int Word;

typedef struct Piece {
    const char *bytes;
    Word count;
} Piece;

__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_write"))) int
program_write(int file, const Piece *pieces, int count, Word *written);
__attribute__((import_module("wasi_snapshot_preview1"), import_name("args_sizes_get"))) int
program_argument_sizes(Word *count, Word *bytes);
__attribute__((import_module("wasi_snapshot_preview1"), import_name("args_get"))) int
program_arguments(char **arguments, char *bytes);

static inline void print_text(const char *text, Word count) {
    Piece piece = {text, count};
    Word written;
    program_write(1, &piece, 1, &written);
}

static inline void print_number(long long number) {
    char digits[24];
    Word at = sizeof digits;
    unsigned long long rest =
        number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number;
    digits[--at] = '\n';
    do
        digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        digits[--at] = '-';
    print_text(digits + at, (Word)sizeof digits - at);
}

static inline int problem_size(int usual) {
    static char *arguments[8], bytes[256];
    Word count = 0, size = 0;
    program_argument_sizes(&count, &size);
    if (count < 2 || count > 8 || size > sizeof bytes)
        return usual;
    program_arguments(arguments, bytes);
    int number = 0;
    for (const char *at = arguments[1]; *at >= '0' && *at <= '9'; at++)
        number = number * 10 + (*at - '0');
    return number;
}

#endif
