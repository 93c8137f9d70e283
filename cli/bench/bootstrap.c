// See bootstrap.h. To draw n of n sorted numbers is to draw n places on a line that each number has
// an equal piece of. The median is the number at the middle one of the places, and how the middle
// one of n random places is distributed is known: so one place is drawn, and not n.
#include "cli/bench/bootstrap.h"

#include <math.h>

// A normal number: a point in the unit disc is drawn, and its distance from the centre gives a
// number of the right size along its direction (Marsaglia's polar method).
static double draw_normal(RandomNumbers *numbers) {
    double across, along, square;
    do {
        across = 2 * random_numbers_fraction(numbers) - 1;
        along = 2 * random_numbers_fraction(numbers) - 1;
        square = across * across + along * along;
    } while (square >= 1 || square == 0);
    return across * sqrt(-2 * log(square) / square);
}

// The sum of `shape` >= 1 exponential waiting times, by cubes of normal numbers, of which some are
// rejected (Marsaglia and Tsang, "A simple method for generating gamma variables", 2000).
static double draw_gamma(double shape, RandomNumbers *numbers) {
    double size = shape - 1.0 / 3, slope = 1 / sqrt(9 * size);
    for (;;) {
        double normal = draw_normal(numbers), root = 1 + slope * normal;
        if (root <= 0)
            continue;
        double cube = root * root * root, chance = 1 - random_numbers_fraction(numbers);
        if (log(chance) < normal * normal / 2 + size * (1 - cube + log(cube)))
            return size * cube;
    }
}

// The place of the one that `below` of `count` random places on [0, 1) lie below: waiting times up
// to it, divided by all.
static double draw_place(size_t below, size_t count, RandomNumbers *numbers) {
    double before = draw_gamma((double)below + 1, numbers);
    return before / (before + draw_gamma((double)(count - below), numbers));
}

static double number_at(const double *sorted, size_t count, double place) {
    size_t index = (size_t)(place * (double)count);
    return sorted[index < count ? index : count - 1];
}

// Of an even number there are two middle ones. The upper one is the nearest of those above the
// lower one, which lie anywhere between it and the end.
double bootstrap_median(const double *sorted, size_t count, RandomNumbers *numbers) {
    double place = draw_place((count - 1) / 2, count, numbers);
    double number = number_at(sorted, count, place);
    if (count % 2)
        return number;
    double above = (double)(count / 2), rest = pow(1 - random_numbers_fraction(numbers), 1 / above);
    return number / 2 + number_at(sorted, count, place + (1 - place) * (1 - rest)) / 2;
}
