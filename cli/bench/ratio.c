// See ratio.h.
#include "cli/bench/ratio.h"

#include "cli/bench/bootstrap.h"
#include "cli/bench/pair_differences.h"
#include "cli/bench/run_pairs.h"
#include "cli/bench/significance.h"

#include <math.h>
#include <string.h>

// How sure an interval is to be.
#define CONFIDENCE 0.95

// ---- What there is to compare -------------------------------------------------------------------

static void take_logarithms(double *times, size_t count) {
    for (size_t i = 0; i < count; i++)
        times[i] = log(times[i]);
}

static double *sorted_logarithms(Arena *arena, const Sample *sample) {
    double *logarithms = ARENA_ARRAY(arena, double, sample->count);
    memcpy(logarithms, sample->sorted, sample->count * sizeof *logarithms);
    take_logarithms(logarithms, sample->count);
    return logarithms;
}

// Without rounds runs are compared pair by pair only if they show that they belong together.
static RatioData compare_samples(Arena *arena, const Sample *sample, const Sample *base,
                                 bool has_rounds) {
    RatioData data = {.kind = RATIO_RUNS};
    data.times = sorted_logarithms(arena, sample);
    data.time_count = sample->count;
    data.base = sorted_logarithms(arena, base);
    data.base_count = base->count;
    RunPairs pairs;
    bool has_pairs = run_pairs(arena, sample, base, &pairs);
    data.go_together = has_pairs && run_pairs_go_together(&pairs);
    if (has_pairs && (has_rounds || data.go_together)) {
        data.kind = RATIO_ROUNDS;
        data.ratios = run_pairs_ratios(arena, &pairs);
        data.count = pairs.count;
        data.point = statistics_sorted_median(data.ratios, data.count);
    } else {
        data.point =
            pair_difference_median(data.times, data.time_count, data.base, data.base_count);
    }
    return data;
}

// The ratio in each placement that both have.
static RatioData compare_placements(Arena *arena, const Samples *samples, const Samples *base,
                                    bool has_rounds) {
    RatioData data = {.kind = RATIO_PLACEMENTS};
    size_t room = samples->count < base->count ? samples->count : base->count;
    int *placements = ARENA_ARRAY(arena, int, room);
    data.ratios = ARENA_ARRAY(arena, double, room);
    data.placements = placements;
    for (size_t i = 0, j = 0; i < samples->count && j < base->count;) {
        const Sample *one = &samples->items[i], *other = &base->items[j];
        if (one->placement == other->placement) {
            RatioData within = compare_samples(arena, one, other, has_rounds);
            placements[data.count] = one->placement;
            data.ratios[data.count++] = within.point;
            data.point += within.point;
        }
        i += one->placement <= other->placement;
        j += other->placement <= one->placement;
    }
    data.point /= (double)data.count;
    return data;
}

RatioData ratio_data(Arena *arena, const Samples *samples, const Samples *base, bool has_rounds) {
    if (samples->count == 1 && base->count == 1)
        return compare_samples(arena, &samples->items[0], &base->items[0], has_rounds);
    RatioData data = compare_placements(arena, samples, base, has_rounds);
    if (data.count < 2) {
        data.kind = RATIO_ALONE;
        data.point =
            log(samples_median(samples, NULL, NULL)) - log(samples_median(base, NULL, NULL));
    }
    data.times = samples_times(arena, samples, &data.time_count);
    data.base = samples_times(arena, base, &data.base_count);
    take_logarithms(data.times, data.time_count);
    take_logarithms(data.base, data.base_count);
    return data;
}

// ---- One ratio ----------------------------------------------------------------------------------

static StatisticsInterval without_logarithms(StatisticsInterval interval) {
    interval.median = exp(interval.median);
    interval.low = exp(interval.low);
    interval.high = exp(interval.high);
    return interval;
}

static StatisticsInterval point_interval(double point) {
    return (StatisticsInterval){.median = point, .low = point, .high = point};
}

// All shifts that the rank-sum test doesn't reject: it rejects one if at most `critical` pairs lie
// beyond it. Where no shift is rejected, as there are too few runs, it has all differences, and the
// confidence that follows from one of all orders of both being one of the two extreme ones.
static StatisticsInterval runs_interval(const RatioData *data) {
    Arena *arena = arena_new();
    double tails, critical = significance_critical_u(arena, data->time_count, data->base_count,
                                                     1 - CONFIDENCE, &tails);
    arena_free(arena);
    size_t pairs = data->time_count * data->base_count, cut = 0;
    if (critical >= 0)
        cut = (size_t)critical;
    else
        tails = significance_extreme(data->time_count, data->base_count);
    return (StatisticsInterval){
        data->point,
        pair_difference(data->times, data->time_count, data->base, data->base_count, cut),
        pair_difference(data->times, data->time_count, data->base, data->base_count,
                        pairs - 1 - cut),
        1 - tails,
    };
}

static Ratio rounds_ratio(const RatioData *data) {
    Ratio ratio = {.has_interval = data->count > 1};
    ratio.interval = statistics_interval(data->ratios, data->count, CONFIDENCE); // sorted already
    return ratio;
}

static Ratio runs_ratio(const RatioData *data) {
    Ratio ratio = {.has_interval = data->time_count > 1 && data->base_count > 1};
    ratio.interval = ratio.has_interval ? runs_interval(data) : point_interval(data->point);
    return ratio;
}

// Runs that go up and down together may differ by less than each varies: then their ratios are
// tested, too. Who takes the better one of two tests has to double what it says.
static double test_runs(const RatioData *data) {
    double chance =
        significance_rank_sum(data->times, data->time_count, data->base, data->base_count);
    if (data->go_together)
        chance = fmin(2 * fmin(chance, significance_signed_rank(data->ratios, data->count)), 1);
    return chance;
}

Ratio ratio_of(const RatioData *data) {
    Ratio ratio = {.interval = point_interval(data->point), .chance = 1};
    if (data->kind == RATIO_PLACEMENTS) {
        ratio.interval = statistics_mean_interval(data->ratios, data->count, CONFIDENCE);
        ratio.has_interval = true;
        ratio.chance = significance_mean(data->ratios, data->count);
    } else if (data->kind != RATIO_ALONE) {
        ratio = data->kind == RATIO_ROUNDS ? rounds_ratio(data) : runs_ratio(data);
        ratio.chance = test_runs(data);
    }
    ratio.interval = without_logarithms(ratio.interval);
    return ratio;
}

Ratio ratio_moderated(const RatioData *data, const VariancePrior *prior) {
    ModeratedMean mean = variance_moderated(data->point, variance_of(data->ratios, data->count),
                                            data->count, prior, CONFIDENCE);
    return (Ratio){without_logarithms(mean.interval), true, mean.chance};
}

// ---- Their geometric mean -----------------------------------------------------------------------

// How many runs a program's ratio rests on: the fewer ones.
static size_t size_of(const RatioData *data) {
    if (data->kind == RATIO_ROUNDS)
        return data->count;
    return data->time_count < data->base_count ? data->time_count : data->base_count;
}

// How far the ratio is from the measured one with runs drawn anew. Without rounds the medians are
// drawn, which vary more than the median of all pairs. Drawn from two numbers, their mean has half
// the variance that it would have with new ones; drawn from more, medians have as much or more.
static double draw_deviation(const RatioData *data, RandomNumbers *numbers) {
    double deviation;
    if (data->kind == RATIO_ROUNDS)
        deviation = bootstrap_median(data->ratios, data->count, numbers) - data->point;
    else
        deviation = bootstrap_median(data->times, data->time_count, numbers) -
                    bootstrap_median(data->base, data->base_count, numbers) -
                    statistics_sorted_median(data->times, data->time_count) +
                    statistics_sorted_median(data->base, data->base_count);
    return size_of(data) == 2 ? deviation * M_SQRT2 : deviation;
}

// The degrees of freedom of a sum of variances that were estimated from few numbers each
// (Satterthwaite, 1946), rounded down.
typedef struct Freedom {
    double sum, weighted;
} Freedom;

static size_t freedom_of(const Freedom *freedom) {
    double degrees = freedom->weighted > 0 ? freedom->sum * freedom->sum / freedom->weighted : 1;
    return degrees < 1 ? 1 : degrees > 1e6 ? 1000000 : (size_t)degrees;
}

// Adds what one program contributes to each resample's deviation.
static void add_program(const RatioData *data, double share, double *deviations, Freedom *freedom,
                        RandomNumbers *numbers) {
    double squares = 0;
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++) {
        double deviation = share * draw_deviation(data, numbers);
        deviations[i] += deviation;
        squares += deviation * deviation;
    }
    double variance = squares / BOOTSTRAP_RESAMPLES;
    freedom->sum += variance;
    freedom->weighted += variance * variance / ((double)size_of(data) - 1);
}

// The interval has the resamples' middle 95 %, stretched as Student's distribution is wider than
// the normal one: how far single runs are apart is known from a few of them only.
static Ratio bootstrap_mean(RatioData *const *data, size_t count, double point, uint64_t seed) {
    RandomNumbers numbers = random_numbers_begin(seed);
    double deviations[BOOTSTRAP_RESAMPLES] = {0};
    Freedom freedom = {0};
    for (size_t i = 0; i < count; i++)
        add_program(data[i], 1 / (double)count, deviations, &freedom, &numbers);
    statistics_sort(deviations, BOOTSTRAP_RESAMPLES);
    size_t degrees = freedom_of(&freedom);
    double tail = (1 - CONFIDENCE) / 2;
    double stretch =
        statistics_student_quantile(1 - CONFIDENCE, degrees) / statistics_normal_quantile(tail);
    Ratio ratio = {.has_interval = true, .chance = point == 0};
    ratio.interval = (StatisticsInterval){
        point,
        point + stretch * statistics_quantile(deviations, BOOTSTRAP_RESAMPLES, tail),
        point + stretch * statistics_quantile(deviations, BOOTSTRAP_RESAMPLES, 1 - tail),
        CONFIDENCE,
    };
    if (freedom.sum > 0)
        ratio.chance = statistics_student_tails(point / sqrt(freedom.sum), degrees);
    return ratio;
}

// The logarithm of the ratio in the placement with this number. False: it has none.
static bool find_placement(const RatioData *data, int placement, double *ratio) {
    for (size_t i = 0; i < data->count; i++)
        if (data->placements[i] == placement) {
            *ratio = data->ratios[i];
            return true;
        }
    return false;
}

// A placement that one of the programs wasn't run in is left out.
bool ratio_mean_data(Arena *arena, RatioData *const *data, size_t count, RatioData *mean) {
    *mean = (RatioData){.kind = RATIO_PLACEMENTS};
    for (size_t i = 0; i < count; i++) {
        if (data[i]->kind != RATIO_PLACEMENTS)
            return false;
        mean->point += data[i]->point / (double)count;
    }
    int *placements = ARENA_ARRAY(arena, int, count ? data[0]->count : 0);
    mean->ratios = ARENA_ARRAY(arena, double, count ? data[0]->count : 0);
    mean->placements = placements;
    for (size_t i = 0; count && i < data[0]->count; i++) {
        double sum = 0, ratio = 0;
        bool is_everywhere = true;
        for (size_t j = 0; j < count && is_everywhere; j++) {
            is_everywhere = find_placement(data[j], data[0]->placements[i], &ratio);
            sum += ratio / (double)count;
        }
        placements[mean->count] = data[0]->placements[i];
        mean->ratios[mean->count] = sum;
        mean->count += is_everywhere;
    }
    return mean->count > 1;
}

static Ratio placements_mean(const RatioData *mean) {
    Ratio ratio = ratio_of(mean);
    double shift = exp(mean->point) / ratio.interval.median; // placements that not all have
    ratio.interval.low *= shift;
    ratio.interval.high *= shift;
    ratio.interval.median *= shift;
    return ratio;
}

Ratio ratio_mean(Arena *arena, RatioData *const *data, size_t count, uint64_t seed) {
    RatioData placements;
    double point = 0;
    bool has_runs = true;
    if (ratio_mean_data(arena, data, count, &placements))
        return placements_mean(&placements);
    for (size_t i = 0; i < count; i++) {
        point += data[i]->point / (double)count;
        has_runs &= data[i]->kind <= RATIO_RUNS && size_of(data[i]) > 1;
    }
    Ratio ratio = {.interval = point_interval(point), .chance = 1};
    if (count && has_runs)
        ratio = bootstrap_mean(data, count, point, seed);
    ratio.interval = without_logarithms(ratio.interval);
    return ratio;
}
