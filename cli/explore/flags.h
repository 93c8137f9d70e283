// The flags that a served page may set: those for which it has a switch. Others name files, load
// code, or talk to LLVM directly; these are the command line's.
#ifndef CLI_EXPLORE_FLAGS_H
#define CLI_EXPLORE_FLAGS_H

#include <jansson.h>
#include <stdbool.h>

// All there are, for the page's switches: {"levels", "passes", "choices"}, a new reference.
json_t *explore_flags_json(void);

// Is it of a kind that the page has a switch for?
bool explore_flag_has_switch(const char *word);

// May a page set this flag? Whether there is such a pass, say, is not asked.
bool explore_flag_is_allowed(const char *word);

#endif
