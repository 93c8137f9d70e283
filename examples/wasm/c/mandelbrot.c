// The Mandelbrot of "Are We Fast Yet?": a bitmap of the set, of which the bytes' exclusive or is
// printed. 500 gives 191.
#include "program.h"

static int escapes(double real, double imaginary) {
    double x = 0, y = 0, xx = 0, yy = 0;
    for (int round = 0; round < 50; round++) {
        x = xx - yy + real;
        y = 2 * x * y + imaginary;
        yy = y * y;
        xx = x * x;
        if (xx + yy > 4)
            return 1;
    }
    return 0;
}

void _start(void) {
    int size = problem_size(100), sum = 0;
    for (int row = 0; row < size; row++) {
        int bits = 0, count = 0;
        double imaginary = 2.0 * row / size - 1.0;
        for (int column = 0; column < size; column++) {
            bits = bits << 1 | escapes(2.0 * column / size - 1.5, imaginary);
            if (++count == 8) {
                sum ^= bits;
                bits = count = 0;
            } else if (column == size - 1) {
                sum ^= bits << (8 - count);
            }
        }
    }
    print_number(sum);
}
