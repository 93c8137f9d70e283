// Training: the largest eigenvalue of an infinite matrix's corner by the power method, and a
// polynomial's root by bisection: doubles that integers are turned into.
#include "../c/program.h"

enum { SIZE = 40 };

static double vector[SIZE], image[SIZE];

static double element(int row, int column) {
    return 1.0 / ((row + column) * (row + column + 1) / 2 + row + 1);
}

static void apply(const double *from, double *to, int transposed) {
    for (int row = 0; row < SIZE; row++) {
        double sum = 0;
        for (int column = 0; column < SIZE; column++)
            sum += (transposed ? element(column, row) : element(row, column)) * from[column];
        to[row] = sum;
    }
}

static double bisect(double low, double high) {
    while (high - low > 1e-12) {
        double middle = (low + high) / 2, value = ((middle - 3) * middle + 1) * middle - 5;
        if (value < 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void _start(void) {
    for (int i = 0; i < SIZE; i++)
        vector[i] = 1;
    for (int round = 0; round < 6; round++) {
        apply(vector, image, 0);
        apply(image, vector, 1);
    }
    double along = 0, length = 0;
    for (int i = 0; i < SIZE; i++) {
        along += vector[i] * image[i];
        length += image[i] * image[i];
    }
    print_number((long long)(__builtin_sqrt(along / length) * 1e9));
    print_number((long long)(bisect(0, 10) * 1e9));
}
