// Training: matrices of doubles multiplied, and a system of equations solved by elimination.
#include "../c/program.h"

enum { SIZE = 24 };

static double left[SIZE][SIZE], right[SIZE][SIZE], product[SIZE][SIZE];

static void multiply(void) {
    for (int row = 0; row < SIZE; row++)
        for (int column = 0; column < SIZE; column++) {
            double sum = 0;
            for (int i = 0; i < SIZE; i++)
                sum += left[row][i] * right[i][column];
            product[row][column] = sum;
        }
}

static double eliminate(void) {
    double determinant = 1;
    for (int pivot = 0; pivot < SIZE; pivot++) {
        determinant *= product[pivot][pivot];
        for (int row = pivot + 1; row < SIZE; row++) {
            double factor = product[row][pivot] / product[pivot][pivot];
            for (int column = pivot; column < SIZE; column++)
                product[row][column] -= factor * product[pivot][column];
        }
    }
    return determinant;
}

void _start(void) {
    for (int row = 0; row < SIZE; row++)
        for (int column = 0; column < SIZE; column++) {
            left[row][column] = row == column ? 1.5 : 0.001 * (row * column % 7);
            right[row][column] = row == column ? 0.75 : 0.002 * ((row + column) % 5);
        }
    multiply();
    print_number((long long)(eliminate() * 1e6));
}
