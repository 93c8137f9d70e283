// Training: Newton's method for the roots of unity in the plane, and the orbits of a rational map:
// loops of doubles alone, with a bound on the rounds.
#include "../c/program.h"

static int newton(double x, double y) {
    for (int round = 0; round < 30; round++) {
        double xx = x * x, yy = y * y, length = xx + yy;
        if (length < 1e-9)
            return 30;
        double cube_x = x * (xx - 3 * yy) - 1, cube_y = y * (3 * xx - yy);
        if (cube_x * cube_x + cube_y * cube_y < 1e-12)
            return round;
        double below = 3 * length * length;
        double step_x = (cube_x * (xx - yy) + cube_y * 2 * x * y) / below;
        y -= (cube_y * (xx - yy) - cube_x * 2 * x * y) / below;
        x -= step_x;
    }
    return 30;
}

static int orbit(double x, double y, double a) {
    int round = 0;
    while (round < 40 && x < 100 && y > -100) {
        double next = y + 1 - a * x * x;
        y = 0.3 * x;
        x = next;
        round++;
    }
    return round;
}

void _start(void) {
    int size = problem_size(16);
    long long sum = 0;
    for (int row = 0; row < size; row++)
        for (int column = 0; column < size; column++) {
            double x = 3.0 * column / size - 1.5, y = 3.0 * row / size - 1.5;
            sum = sum * 7 % 100003 + newton(x, y) + orbit(x, y, 1.4);
        }
    print_number(sum);
}
