// See spelling.h. Names are compared by how many letters have to be inserted, deleted or replaced
// to make one the other (V. I. Levenshtein, "Binary codes capable of correcting deletions,
// insertions, and reversals", 1966).
#include "support/spelling.h"

#include <string.h>

// Names of more letters come out of some generator; nobody types them.
enum { LONGEST_NAME = 255 };

// One row of the table at a time: each entry needs its neighbours to the left, above, and above
// left only.
static size_t distance(const char *from, const char *to) {
    size_t row[LONGEST_NAME + 1], length = strlen(to);
    for (size_t k = 0; k <= length; k++)
        row[k] = k;
    for (size_t i = 0; from[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t k = 0; k < length; k++) {
            size_t replace = diagonal + (from[i] != to[k]);
            size_t other = (row[k] < row[k + 1] ? row[k] : row[k + 1]) + 1;
            diagonal = row[k + 1];
            row[k + 1] = replace < other ? replace : other;
        }
    }
    return row[length];
}

void spelling_try(Spelling *spelling, const char *name) {
    size_t length = strlen(spelling->wanted);
    if (length > LONGEST_NAME || strlen(name) > LONGEST_NAME)
        return;
    size_t far = distance(spelling->wanted, name);
    if (far > (length + 1) / 2 || (spelling->nearest && far >= spelling->distance))
        return;
    spelling->nearest = name;
    spelling->distance = far;
}
