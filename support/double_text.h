// A double as SOM prints it; what disassembles SOM prints it alike.
#ifndef SUPPORT_DOUBLE_TEXT_H
#define SUPPORT_DOUBLE_TEXT_H

#include <stddef.h>

// Room for what double_print writes.
enum { DOUBLE_CHARS = 40 };

// Writes a double with as few digits as bring the same number back, always with a
// point or an exponent; answers the length.
size_t double_print(char chars[static DOUBLE_CHARS], double number);

#endif
