// See variance_prior.h. If variances of that many degrees of freedom are a scaled F's, which they
// are if the true ones are an inverse chi-square's, the mean and the variance of their logarithms
// tell its scale and its other degrees of freedom.
#include "cli/bench/variance_prior.h"

#include <math.h>

// More degrees of freedom are as good as a normal distribution.
static const double FREEDOM_MOST = 1e6;

// The first and the second derivative of the logarithm of the gamma function, for numbers above 0:
// by their recurrences up to where an asymptotic series has all digits. (Abramowitz and Stegun,
// Handbook of Mathematical Functions, 6.3.18 and 6.4.12.)
static double digamma(double number) {
    double sum = 0;
    for (; number < 10; number++)
        sum -= 1 / number;
    double square = 1 / (number * number);
    return sum + log(number) - 0.5 / number -
           square * (1.0 / 12 - square * (1.0 / 120 - square * (1.0 / 252 - square / 240)));
}

static double trigamma(double number) {
    double sum = 0;
    for (; number < 10; number++)
        sum += 1 / (number * number);
    double square = 1 / (number * number);
    double series = 1.0 / 6 - square * (1.0 / 30 - square * (1.0 / 42 - square / 30));
    return sum + 1 / number + square / 2 + square / number * series;
}

// Where trigamma has that value. It falls from infinity to 0, so halving finds it.
static double trigamma_inverse(double value) {
    double low = 1e-6, high = FREEDOM_MOST;
    for (int i = 0; i < 200; i++) {
        double middle = sqrt(low * high);
        *(trigamma(middle) > value ? &low : &high) = middle;
    }
    return sqrt(low * high);
}

VariancePrior variance_prior(const double *variances, const double *freedoms, size_t count) {
    VariancePrior prior = {0, 0};
    double mean = 0, scatter = 0, own = 0, rows = (double)count;
    if (count < 3)
        return prior;
    for (size_t i = 0; i < count; i++) {
        double half = freedoms[i] / 2;
        mean += (log(variances[i]) - digamma(half) + log(half)) / rows;
        own += trigamma(half) / rows; // that logarithms scatter by themselves
    }
    for (size_t i = 0; i < count; i++) {
        double half = freedoms[i] / 2;
        double rest = log(variances[i]) - digamma(half) + log(half) - mean;
        scatter += rest * rest / (rows - 1);
    }
    double half = scatter > own ? trigamma_inverse(scatter - own) : FREEDOM_MOST / 2;
    prior.freedom = fmin(2 * half, FREEDOM_MOST);
    prior.variance = exp(mean + digamma(half) - log(half));
    return prior;
}

double variance_of(const double *numbers, size_t count) {
    double mean = 0, squares = 0;
    for (size_t i = 0; i < count; i++)
        mean += numbers[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (numbers[i] - mean) * (numbers[i] - mean);
    return squares / (double)(count - 1);
}

ModeratedMean variance_moderated(double mean, double variance, size_t count,
                                 const VariancePrior *prior, double wanted) {
    double own = (double)(count - 1), freedom = fmin(prior->freedom + own, FREEDOM_MOST);
    double moderated = (prior->freedom * prior->variance + own * variance) / (prior->freedom + own);
    double error = sqrt(moderated / (double)count);
    double reach = error * statistics_student_quantile(1 - wanted, (size_t)freedom);
    return (ModeratedMean){
        .interval = {mean, mean - reach, mean + reach, wanted},
        .chance = error > 0 ? statistics_student_tails(mean / error, (size_t)freedom) : 1};
}
