// See wanted_runs.h. The noise of a program is how far its runs are from their subject's median,
// those of all subjects together. It says how likely a run that takes 3 % longer does take longer
// than one that doesn't, and from that follows how often the rank-sum test finds it with n runs of
// each (Lehmann, Nonparametrics, section 2.3), and how often an interval of rounds leaves out 1.
#include "cli/bench/wanted_runs.h"

#include "cli/bench/analysis_rows.h"
#include "cli/bench/significance.h"

#include <math.h>

// With fewer runs of each subject their noise is anyone's guess.
#define FEWEST_RUNS 5

#define MOST_RUNS 9999

// Of a run X and another one Y that takes longer by the difference that is to be found.
typedef struct Order {
    double less;       // P(X < Y)
    double less_twice; // P(X < Y and X < Y'), of two such
    double twice_less; // P(X < Y and X' < Y)
} Order;

// ---- Noise --------------------------------------------------------------------------------------

static bool has_noise(const Samples *samples) {
    return samples->count == 1 && samples->items[0].count >= FEWEST_RUNS &&
           samples->items[0].sorted[0] > 0;
}

// Relative to the median that was found on the same runs they are a little too near.
static size_t add_noise(double *noise, const Sample *sample) {
    double count = (double)sample->count, stretch = sqrt(count / (count - 1));
    double median = statistics_sorted_median(sample->sorted, sample->count);
    for (size_t i = 0; i < sample->count; i++)
        noise[i] = stretch * log(sample->sorted[i] / median);
    return sample->count;
}

// Of all subjects on a program, sorted.
static double *program_noise(Arena *arena, const Campaign *campaign, const Samples *samples,
                             size_t program, size_t *count) {
    size_t programs = campaign->programs.count, room = 0;
    *count = 0;
    for (size_t i = program; i < campaign->subjects.count * programs; i += programs)
        room += has_noise(&samples[i]) ? samples[i].items[0].count : 0;
    double *noise = ARENA_ARRAY(arena, double, room);
    for (size_t i = program; i < campaign->subjects.count * programs; i += programs)
        if (has_noise(&samples[i]))
            *count += add_noise(noise + *count, &samples[i].items[0]);
    statistics_sort(noise, *count);
    return noise;
}

// In the same manner for each run: which share of the others, which lie `by` further on, it lies
// below. Equal ones count half.
static Order find_order(const double *noise, size_t count, double by) {
    Order order = {0};
    double n = (double)count, others = n - 1;
    for (size_t i = 0, below = 0, up_to = 0; i < count; i++) {
        while (below < count && noise[below] + by < noise[i])
            below++;
        while (up_to < count && noise[up_to] + by <= noise[i])
            up_to++;
        double share = (n - ((double)below + (double)up_to) / 2 - 1) / others; // it isn't its own
        order.less += share / n;
        order.less_twice += share * share / n;
    }
    for (size_t i = 0, below = 0, up_to = 0; i < count; i++) {
        while (below < count && noise[below] < noise[i] + by)
            below++;
        while (up_to < count && noise[up_to] <= noise[i] + by)
            up_to++;
        double share = (((double)below + (double)up_to) / 2 - 1) / others;
        order.twice_less += share * share / n;
    }
    return order;
}

// ---- Power --------------------------------------------------------------------------------------

// How often at most `critical` of the pairs are the wrong way round.
static double rank_power(const Order *order, size_t runs, double critical) {
    if (critical < 0)
        return 0;
    double n = (double)runs, less = order->less, pairs = n * n;
    double variance = pairs * (less * (1 - less) + (n - 1) * (order->less_twice - less * less) +
                               (n - 1) * (order->twice_less - less * less));
    double reach = critical + 0.5 - pairs * (1 - less);
    return variance > 0 ? statistics_normal_tail(-reach / sqrt(variance)) : reach > 0;
}

// How often so few ratios of rounds are the wrong way round that the interval leaves them out.
static double interval_power(const Order *order, size_t runs) {
    return statistics_binomial(statistics_interval_cut(runs, 0.95), runs, 1 - order->less);
}

// What one of both finds the other one mostly finds, too, so the product is the least that both
// find.
static bool is_found(const Order *order, size_t runs, double critical) {
    return rank_power(order, runs, critical) * interval_power(order, runs) >= WANTED_POWER;
}

// The comparisons with another campaign like this one are as many as there are rows; those within
// it are fewer, but for the means.
static double count_comparisons(const Campaign *campaign) {
    double subjects = (double)campaign->subjects.count, programs = (double)campaign->programs.count;
    return fmax(subjects * programs, (subjects - 1) * (programs + 1));
}

// A number of runs, and the U that is significant with it.
typedef struct Step {
    size_t runs;
    double critical;
} Step;

// A little faster than one by one.
static size_t next_runs(size_t runs) {
    return runs + 1 + runs / 40;
}

// All programs take the same steps: each is computed when it is first needed.
typedef struct Steps {
    Arena *arena;
    double chance;
    ARENA_VECTOR(Step) items;
} Steps;

static const Step *step_at(Steps *steps, size_t index) {
    while (steps->items.count <= index) {
        size_t count = steps->items.count;
        Step step = {count ? next_runs(steps->items.items[count - 1].runs) : FEWEST_RUNS + 1, 0};
        step.critical =
            significance_critical_u(steps->arena, step.runs, step.runs, steps->chance, NULL);
        ARENA_PUSH(steps->arena, &steps->items, step);
    }
    return &steps->items.items[index];
}

static size_t wanted_on_program(Steps *steps, const Order *order) {
    for (size_t i = 0;; i++) {
        const Step *step = step_at(steps, i);
        if (step->runs >= MOST_RUNS)
            return MOST_RUNS;
        if (is_found(order, step->runs, step->critical))
            return step->runs;
    }
}

size_t wanted_runs(const Campaign *campaign, const Samples *samples, size_t *program) {
    size_t wanted = 0;
    *program = 0;
    for (size_t i = 0; i < campaign->subjects.count * campaign->programs.count; i++)
        if (samples[i].count > 1)
            return 0;
    Steps steps = {.arena = arena_new(), .chance = ANALYSIS_CHANCE / count_comparisons(campaign)};
    for (size_t i = 0; i < campaign->programs.count; i++) {
        size_t count;
        double *noise = program_noise(steps.arena, campaign, samples, i, &count);
        if (!count)
            continue;
        Order order = find_order(noise, count, log(WANTED_DIFFERENCE));
        size_t runs = wanted_on_program(&steps, &order);
        if (runs > wanted) {
            wanted = runs;
            *program = i;
        }
    }
    arena_free(steps.arena);
    return wanted;
}
