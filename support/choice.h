// What an option may be set to, as one string: "native|eval".
#ifndef SUPPORT_CHOICE_H
#define SUPPORT_CHOICE_H

#include "support/arena.h"

// Which of the choices `value` is, from 0; -1: none.
int choice_find(const char *choices, const char *value);

// How many there are.
int choice_count(const char *choices);

// The choice of that index, which there has to be, copied to the arena.
const char *choice_at(const char *choices, int index, Arena *arena);

#endif
