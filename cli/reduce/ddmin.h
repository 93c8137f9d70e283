// Delta debugging: the smallest part of a list that still shows something. After
// Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (2002).
#ifndef CLI_REDUCE_DDMIN_H
#define CLI_REDUCE_DDMIN_H

#include <stdbool.h>
#include <stddef.h>

// Does what is left still show it, if only the items with kept[i] are left?
typedef bool DdminTest(void *context, const bool *kept, size_t count);

// `kept` is all true, for which the test holds. Afterwards it is a part for which it
// holds, and (if the test always answers the same) for none that has one item less.
// Answers how many items are left. The number of tests is O(count * count) at worst,
// and about the logarithm of the count for each item that is left at best.
size_t ddmin(bool *kept, size_t count, DdminTest *test, void *context);

#endif
