// In how many ways as many queens as the size says stand on a board without threatening each
// other, found by going back: calls and small arrays. 10 gives 724.
#include "program.h"

static unsigned char columns[32], rising[64], falling[64];

static int place_from(int row, int size) {
    if (row == size)
        return 1;
    int ways = 0;
    for (int column = 0; column < size; column++) {
        unsigned char *one = &columns[column], *two = &rising[row + column],
                      *three = &falling[row - column + size];
        if (*one | *two | *three)
            continue;
        *one = *two = *three = 1;
        ways += place_from(row + 1, size);
        *one = *two = *three = 0;
    }
    return ways;
}

void _start(void) {
    int size = problem_size(9);
    print_number(size < 32 ? place_from(0, size) : -1);
}
