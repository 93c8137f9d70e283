// The smallest part of a schedule that still fails: by delta debugging (cli/reduce/ddmin.h), and
// then, of what that leaves, one decision or two at a time, as long as that takes any away.
//
// It knows decisions by their index alone, and asks whether some of them fail.
#ifndef CLI_RACE_SHRINK_H
#define CLI_RACE_SHRINK_H

#include "cli/reduce/ddmin.h"

typedef struct Shrinking {
    size_t left;   // decisions
    size_t runs;   // how often the test was asked
    bool fails;    // all decisions together do; else nothing was taken away
    bool is_least; // nothing more can be taken away, alone or in twos; else runs were used up
} Shrinking;

// `kept` gets true for those that are left. The test is asked `most_runs` times at most, once about
// the same decisions.
Shrinking shrink(bool *kept, size_t count, size_t most_runs, DdminTest *test, void *context);

#endif
