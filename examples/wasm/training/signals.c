// Training: a Fourier transform, filters, means and correlations of a made-up signal.
#include "../c/program.h"

enum { SIZE = 256, ROUNDS = 3 };

static double real[SIZE], imaginary[SIZE], signal[SIZE], filtered[SIZE];

static void transform(void) {
    for (int i = 0, j = 0; i < SIZE; i++) {
        if (i < j) {
            double kept = real[i];
            real[i] = real[j];
            real[j] = kept;
        }
        int bit = SIZE >> 1;
        while (j & bit) {
            j ^= bit;
            bit >>= 1;
        }
        j |= bit;
    }
    double cosine = -1, sine = 0;
    for (int half = 1; half < SIZE; half <<= 1) {
        double turn_real = 1, turn_imaginary = 0;
        for (int start = 0; start < half; start++) {
            for (int i = start; i < SIZE; i += 2 * half) {
                int j = i + half;
                double x = turn_real * real[j] - turn_imaginary * imaginary[j];
                double y = turn_real * imaginary[j] + turn_imaginary * real[j];
                real[j] = real[i] - x;
                imaginary[j] = imaginary[i] - y;
                real[i] += x;
                imaginary[i] += y;
            }
            double turned = turn_real * cosine - turn_imaginary * sine;
            turn_imaginary = turn_real * sine + turn_imaginary * cosine;
            turn_real = turned;
        }
        sine = -__builtin_sqrt((1 - cosine) / 2);
        cosine = __builtin_sqrt((1 + cosine) / 2);
    }
}

static void filter(double keep) {
    double one = 0, two = 0;
    for (int i = 0; i < SIZE; i++) {
        double now = signal[i] + keep * one - 0.5 * keep * keep * two;
        two = one;
        one = now;
        filtered[i] = now;
    }
}

static double correlation(void) {
    double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (int i = 0; i < SIZE; i++) {
        double a = signal[i], b = filtered[i];
        x += a;
        y += b;
        xx += a * a;
        yy += b * b;
        xy += a * b;
    }
    double above = SIZE * xy - x * y;
    return above / __builtin_sqrt((SIZE * xx - x * x) * (SIZE * yy - y * y));
}

static double horner(double x) {
    static const double factors[] = {0.5, -1.25, 0.75, 2.0, -0.125, 1.0};
    double sum = 0;
    for (int i = 0; i < 6; i++)
        sum = sum * x + factors[i];
    return sum;
}

void _start(void) {
    double sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SIZE; i++) {
            signal[i] = horner(i * 0.01 - 1) + (i * 37 % 11) * 0.1;
            real[i] = signal[i];
            imaginary[i] = 0;
        }
        transform();
        filter(0.3 + 0.1 * round);
        sum += correlation() + real[round + 1] * real[round + 1] + imaginary[3] * imaginary[3];
    }
    print_number((long long)(sum * 1e6));
}
