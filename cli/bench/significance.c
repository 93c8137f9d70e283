// See significance.h.
#include "cli/bench/significance.h"

#include "cli/bench/statistics.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

// ---- U of different numbers ---------------------------------------------------------------------

// The logarithm of in how many ways `left` of all ranks can be chosen.
static double log_choices(size_t left, size_t right) {
    double n = (double)left, m = (double)right;
    return lgamma(n + m + 1) - lgamma(n + 1) - lgamma(m + 1);
}

double significance_extreme(size_t left_count, size_t right_count) {
    return fmin(2 * exp(-log_choices(left_count, right_count)), 1);
}

// Counts stay whole numbers in a double up to 2^53: with more numbers the normal distribution is
// good enough.
static bool is_countable(size_t left, size_t right) {
    return log_choices(left, right) / log(2) < 52 && (double)left * (double)right < 1e5;
}

// How many of the ways to choose `left` of all ranks give each U, from 0 to left * right: the
// coefficients of the Gaussian binomial, which is the product of (1 - q^(right + i)) / (1 - q^i)
// for i from 1 to `left`. Each factor turns one such list of counts into another. It is the same
// for the other sample.
static double *count_ways(Arena *arena, size_t left, size_t right, double *all) {
    size_t last = left * right;
    if (left > right) {
        left = right;
        right = last / left;
    }
    double *ways = ARENA_ARRAY(arena, double, last + 1);
    ways[0] = 1;
    for (size_t i = 1; i <= left; i++) {
        for (size_t u = last + 1; u-- > right + i;)
            ways[u] -= ways[u - right - i];
        for (size_t u = i; u <= last; u++)
            ways[u] += ways[u - i];
    }
    *all = 0;
    for (size_t u = 0; u <= last; u++)
        *all += ways[u];
    return ways;
}

static double deviation_of_u(size_t left, size_t right, double ties) {
    double n = (double)left, m = (double)right, all = n + m;
    return sqrt(fmax(n * m / 12 * (all + 1 - ties / (all * (all - 1))), 0));
}

double significance_critical_u(Arena *arena, size_t left_count, size_t right_count, double chance,
                               double *tails) {
    double ignored;
    tails = tails ? tails : &ignored;
    *tails = 0;
    double pairs = (double)left_count * (double)right_count, critical = -1;
    if (!is_countable(left_count, right_count)) {
        double deviation = deviation_of_u(left_count, right_count, 0);
        critical = floor(pairs / 2 - 0.5 - statistics_normal_quantile(chance / 2) * deviation);
        if (critical < 0)
            return -1;
        *tails = 2 * statistics_normal_tail((pairs / 2 - 0.5 - critical) / deviation);
        return critical;
    }
    double all, sum = 0, *ways = count_ways(arena, left_count, right_count, &all);
    for (size_t u = 0; (double)u < pairs / 2; u++) {
        sum += ways[u];
        if (2 * sum / all > chance)
            break;
        critical = (double)u;
        *tails = 2 * sum / all;
    }
    return critical;
}

// ---- Ranks --------------------------------------------------------------------------------------

// The numbers of both samples in order, as groups of equal ones. Ranks are doubled, so that those
// that equal numbers share are whole.
typedef struct Ranks {
    size_t *sizes; // of each group
    size_t groups;
    bool has_ties;
    double ties;     // the sum of t^3 - t over groups of t
    double left_sum; // of the doubled ranks of the first sample
} Ranks;

static Ranks rank(Arena *arena, const double *left, size_t left_count, const double *right,
                  size_t right_count) {
    Ranks ranks = {.sizes = ARENA_ARRAY(arena, size_t, left_count + right_count)};
    size_t from_left = 0, from_right = 0;
    while (from_left < left_count || from_right < right_count) {
        bool is_left = from_right == right_count ||
                       (from_left < left_count && left[from_left] <= right[from_right]);
        double number = is_left ? left[from_left] : right[from_right];
        size_t before = from_left + from_right, first_left = from_left;
        while (from_left < left_count && left[from_left] == number)
            from_left++;
        while (from_right < right_count && right[from_right] == number)
            from_right++;
        size_t size = from_left + from_right - before;
        double t = (double)size;
        ranks.left_sum += (double)(from_left - first_left) * (2 * (double)before + t + 1);
        ranks.ties += t * t * t - t;
        ranks.has_ties |= size > 1;
        ranks.sizes[ranks.groups++] = size;
    }
    return ranks;
}

// Without equal numbers: twice the tail of U.
static double exact_chance(Arena *arena, size_t left, size_t right, double left_sum) {
    double all, sum = 0, *ways = count_ways(arena, left, right, &all);
    double u = left_sum / 2 - (double)(left * (left + 1)) / 2;
    u = fmin(u, (double)(left * right) - u);
    for (size_t i = 0; (double)i <= u; i++)
        sum += ways[i];
    return fmin(2 * sum / all, 1);
}

// Adds a group of `size` numbers with this doubled rank: ways[k][s] is in how many ways k of the
// numbers so far have doubled ranks that sum up to s. Downwards, so that a group is used once; of
// the `taken` of it, it doesn't matter which.
static void add_group(double *ways, size_t left, size_t width, size_t size, size_t doubled_rank) {
    for (size_t k = left; k >= 1; k--) {
        double choices = 1;
        for (size_t taken = 1; taken <= size && taken <= k; taken++) {
            choices *= (double)(size - taken + 1) / (double)taken;
            const double *from = ways + (k - taken) * width;
            double *to = ways + k * width;
            for (size_t sum = taken * doubled_rank; sum < width; sum++)
                to[sum] += choices * from[sum - taken * doubled_rank];
        }
    }
}

// With equal numbers: over all ways to choose `left` of these ranks, those whose sum lies at least
// as far from the mean.
static double exact_chance_with_ties(Arena *arena, const Ranks *ranks, size_t left, size_t right) {
    size_t count = left + right, width = 2 * left * count + 1, before = 0;
    double *ways = ARENA_ARRAY(arena, double, (left + 1) * width);
    ways[0] = 1;
    for (size_t i = 0; i < ranks->groups; i++) {
        add_group(ways, left, width, ranks->sizes[i], 2 * before + ranks->sizes[i] + 1);
        before += ranks->sizes[i];
    }
    double mean = (double)(left * (count + 1)), far = 0, all = 0;
    for (size_t sum = 0; sum < width; sum++) {
        double some = ways[left * width + sum];
        all += some;
        if (fabs((double)sum - mean) >= fabs(ranks->left_sum - mean))
            far += some;
    }
    return far / all;
}

static double normal_chance(const Ranks *ranks, size_t left, size_t right) {
    double deviation = deviation_of_u(left, right, ranks->ties);
    double mean = (double)left * (double)(left + right + 1);
    double far = fabs(ranks->left_sum - mean) / 2 - 0.5;
    return deviation > 0 && far > 0 ? 2 * statistics_normal_tail(far / deviation) : 1;
}

double significance_rank_sum(const double *left, size_t left_count, const double *right,
                             size_t right_count) {
    if (!left_count || !right_count)
        return 1;
    Arena *own = arena_new();
    Ranks ranks = rank(own, left, left_count, right, right_count);
    double chance;
    if (!is_countable(left_count, right_count) || (ranks.has_ties && left_count + right_count > 40))
        chance = normal_chance(&ranks, left_count, right_count);
    else if (ranks.has_ties)
        chance = exact_chance_with_ties(own, &ranks, left_count, right_count);
    else
        chance = exact_chance(own, left_count, right_count, ranks.left_sum);
    arena_free(own);
    return chance;
}

// ---- Signs --------------------------------------------------------------------------------------

// A number without its sign.
typedef struct Size {
    double size;
    bool is_positive;
    size_t rank; // doubled: equal ones share theirs
} Size;

static int compare_sizes(const void *left, const void *right) {
    double a = ((const Size *)left)->size, b = ((const Size *)right)->size;
    return (a > b) - (a < b);
}

// Those of the numbers that aren't 0, in order, with their ranks.
static Size *rank_sizes(Arena *arena, const double *numbers, size_t *count) {
    Size *sizes = ARENA_ARRAY(arena, Size, *count);
    size_t taken = 0;
    for (size_t i = 0; i < *count; i++)
        if (numbers[i] != 0)
            sizes[taken++] = (Size){fabs(numbers[i]), numbers[i] > 0, 0};
    qsort(sizes, taken, sizeof *sizes, compare_sizes);
    for (size_t begin = 0, end; begin < taken; begin = end) {
        for (end = begin + 1; end < taken && sizes[end].size == sizes[begin].size; end++)
            ;
        for (size_t i = begin; i < end; i++)
            sizes[i].rank = begin + end + 1;
    }
    *count = taken;
    return sizes;
}

// Over all ways to give them signs, those in which the sum of the positive ones' ranks is at least
// as far from the middle.
static double exact_signs(Arena *arena, const Size *sizes, size_t count, double sum, double all) {
    size_t width = (size_t)all + 1;
    double *ways = ARENA_ARRAY(arena, double, width), far = 0, every = 0;
    ways[0] = 1;
    for (size_t i = 0; i < count; i++)
        for (size_t at = width; at-- > sizes[i].rank;)
            ways[at] += ways[at - sizes[i].rank];
    for (size_t at = 0; at < width; at++) {
        every += ways[at];
        if (fabs((double)at - all / 2) >= fabs(sum - all / 2))
            far += ways[at];
    }
    return far / every;
}

double significance_signed_rank(const double *numbers, size_t count) {
    Arena *arena = arena_new();
    Size *sizes = rank_sizes(arena, numbers, &count);
    double all = 0, sum = 0, squares = 0, chance = 1;
    for (size_t i = 0; i < count; i++) {
        double rank = (double)sizes[i].rank;
        all += rank;
        squares += rank * rank;
        sum += sizes[i].is_positive ? rank : 0;
    }
    double far = fabs(sum - all / 2) - 1; // half a step, and sums go in steps of two
    if (count && count <= 50)
        chance = exact_signs(arena, sizes, count, sum, all);
    else if (far > 0)
        chance = 2 * statistics_normal_tail(far / (sqrt(squares) / 2));
    arena_free(arena);
    return chance;
}

// ---- Means, and many tests ----------------------------------------------------------------------

double significance_mean(const double *numbers, size_t count) {
    if (count < 2)
        return 1;
    double mean = 0, squares = 0, n = (double)count;
    for (size_t i = 0; i < count; i++)
        mean += numbers[i] / n;
    for (size_t i = 0; i < count; i++)
        squares += (numbers[i] - mean) * (numbers[i] - mean);
    if (mean == 0)
        return 1;
    return statistics_student_tails(mean / sqrt(squares / (n - 1) / n), count - 1);
}

static int compare_chances(const void *left, const void *right) {
    double a = **(double *const *)left, b = **(double *const *)right;
    return (a > b) - (a < b);
}

// The least is multiplied by how many there are, the next by one less, and so on; none becomes less
// than one before it.
void significance_adjust(double **chances, size_t count) {
    if (!count)
        return;
    qsort(chances, count, sizeof *chances, compare_chances);
    double least = 0;
    for (size_t i = 0; i < count; i++) {
        least = fmax(least, fmin(*chances[i] * (double)(count - i), 1));
        *chances[i] = least;
    }
}
