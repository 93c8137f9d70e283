// Simulated campaigns, for bench/simulate: their runs are drawn from those of a recorded one, so
// what is true of them is known, and how often `loopwright bench` is right about it can be counted.
// It asks the functions that `bench` asks. What there is to print, and what it means, stands in
// docs/measuring.md, "Statistics".
#include "cli/bench/analysis.h"
#include "cli/bench/bootstrap.h"
#include "cli/bench/ratio.h"
#include "cli/bench/raw_file.h"
#include "cli/bench/samples.h"
#include "cli/bench/significance.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: bench/simulate [OPTIONS] [PART ...]\n"
    "\n"
    "Counts how often the verdicts and intervals of `loopwright bench` are right, in campaigns "
    "whose runs\n"
    "are drawn from recorded ones, so that the truth is known.\n"
    "\n"
    "  verdicts          two campaigns of the same variants: is anything called faster or slower? "
    "With one\n"
    "                    program 3 % longer: is that found? The same within one campaign\n"
    "  intervals         how many of a hundred intervals of 95 % hold the true ratio, by the "
    "number of runs\n"
    "  corrections       what becomes of rows that don't differ where most others do, by Holm's "
    "correction,\n"
    "                    which is used, and by Benjamini and Hochberg's\n"
    "  --data=FILE       raw data of the campaign to draw from (default: "
    "bench/recorded/noise.jsonl)\n"
    "  --campaigns=N     how many campaigns, or pairs of them, are simulated (default: 100)\n"
    "  --runs=N          runs of each (default: as many as the recorded campaign asks for)\n"
    "  --longer=PERCENT  how much longer one program takes (default: 3)\n"
    "  --seed=N          other draws (default: 1)\n"
    "\n"
    "Without a PART all of them. The same seed gives the same figures.\n"
    "\n"
    "examples:\n"
    "  bench/simulate verdicts\n"
    "  bench/simulate --campaigns=1000 --data=raw.jsonl verdicts\n";

typedef struct Simulation {
    const Campaign *recorded;
    const Samples *samples; // a row of programs for each subject
    size_t campaigns, runs;
    double longer; // 1.03
    size_t noisiest_program;
    RandomNumbers random;
} Simulation;

static _Noreturn void give_up(int status, const char *what, const char *about) {
    fprintf(stderr, "bench/simulate: %s%s\n", what, about);
    exit(status);
}

// ---- Drawing ------------------------------------------------------------------------------------

static const Sample *sample_of(const Simulation *simulation, size_t subject, size_t program) {
    size_t row = subject * simulation->recorded->programs.count + program;
    return &simulation->samples[row].items[0];
}

static double draw(Simulation *simulation, const Sample *sample) {
    return sample->times[random_numbers_below(&simulation->random, sample->count)];
}

// As much longer as `factor` says; sorted logarithms.
static void draw_logarithms(Simulation *simulation, const Sample *sample, double factor,
                            double *times, size_t count) {
    for (size_t i = 0; i < count; i++)
        times[i] = log(draw(simulation, sample) * factor);
    statistics_sort(times, count);
}

// A campaign without runs: as many subjects as are given, each one of the recorded ones.
static Campaign *begin_campaign(const Simulation *simulation, Arena *arena, size_t subjects) {
    Campaign *campaign = campaign_new(arena);
    campaign->seed = 1;
    for (size_t i = 0; i < subjects; i++) {
        CampaignSubject subject = {.name = arena_printf(arena, "subject %zu", i)};
        ARENA_PUSH(arena, &campaign->subjects, subject);
    }
    for (size_t i = 0; i < simulation->recorded->programs.count; i++)
        ARENA_PUSH(arena, &campaign->programs, simulation->recorded->programs.items[i]);
    campaign_complete(campaign);
    return campaign;
}

// Runs of the subject on each program, from those of a recorded one.
static void draw_runs(Simulation *simulation, Campaign *campaign, size_t subject, size_t recorded) {
    for (size_t program = 0; program < campaign->programs.count; program++)
        for (size_t i = 0; i < simulation->runs; i++) {
            CampaignRun run = {.subject = subject, .program = program, .run = (int)i};
            run.microseconds = draw(simulation, sample_of(simulation, recorded, program));
            run.wall = run.user = run.system = RUN_NO_FIGURE;
            ARENA_PUSH(campaign->arena, &campaign->measured, run);
        }
}

static void lengthen(Campaign *campaign, size_t subject, size_t program, double factor) {
    for (size_t i = 0; i < campaign->measured.count; i++) {
        CampaignRun *run = &campaign->measured.items[i];
        if (run->subject == subject && run->program == program)
            run->microseconds *= factor;
    }
}

// ---- Verdicts -----------------------------------------------------------------------------------

// Of rows that are alike.
typedef struct Tally {
    size_t clean;   // campaigns in which nothing was called faster or slower
    size_t certain; // and every row was called "no difference"
    size_t found;   // in which the row that is slower was called so
} Tally;

static bool is_called(Difference difference) {
    return difference == DIFFERENCE_FASTER || difference == DIFFERENCE_SLOWER;
}

// Two campaigns of all recorded subjects; the second has `longer` on one row.
static void compare_two(Simulation *simulation, size_t slow_row, double longer, Tally *tally) {
    Arena *arena = arena_new();
    size_t subjects = simulation->recorded->subjects.count;
    size_t programs = simulation->recorded->programs.count;
    Campaign *sides[2];
    for (size_t side = 0; side < 2; side++) {
        sides[side] = begin_campaign(simulation, arena, subjects);
        for (size_t i = 0; i < subjects; i++)
            draw_runs(simulation, sides[side], i, i);
    }
    lengthen(sides[1], slow_row / programs, slow_row % programs, longer);
    const Comparison *comparison =
        analysis_compare(arena, analysis_of(arena, sides[0]), analysis_of(arena, sides[1]));
    bool clean = true, certain = true;
    for (size_t i = 0; i < comparison->rows.count; i++) {
        Difference difference = comparison->rows.items[i].difference;
        clean &= !is_called(difference);
        certain &= difference == DIFFERENCE_NONE;
    }
    tally->clean += clean;
    tally->certain += certain;
    tally->found += comparison->rows.items[slow_row].difference == DIFFERENCE_SLOWER;
    arena_free(arena);
}

// A campaign of a recorded subject and the same once more, under another name.
static void compare_within(Simulation *simulation, size_t slow_row, double longer, Tally *tally) {
    Arena *arena = arena_new();
    size_t programs = simulation->recorded->programs.count;
    Campaign *campaign = begin_campaign(simulation, arena, 2);
    for (size_t i = 0; i < 2; i++)
        draw_runs(simulation, campaign, i, slow_row / programs);
    lengthen(campaign, 1, slow_row % programs, longer);
    const Analysis *analysis = analysis_of(arena, campaign);
    bool clean = !is_called(analysis->means[1].difference);
    bool certain = analysis->means[1].difference == DIFFERENCE_NONE;
    for (size_t i = 0; i < programs; i++) {
        Difference difference = analysis_row(analysis, 1, i)->difference;
        clean &= !is_called(difference);
        certain &= difference == DIFFERENCE_NONE;
    }
    tally->clean += clean;
    tally->certain += certain;
    tally->found += analysis_row(analysis, 1, slow_row % programs)->difference == DIFFERENCE_SLOWER;
    arena_free(arena);
}

typedef void CompareFunction(Simulation *simulation, size_t slow_row, double longer, Tally *tally);

// The row that is slower is another one each time; and then always one of the noisiest program.
static void print_verdicts_of(Simulation *simulation, const char *what, CompareFunction *compare,
                              size_t comparisons) {
    Tally alike = {0}, slower = {0}, noisiest = {0};
    size_t rows = simulation->recorded->subjects.count * simulation->recorded->programs.count;
    for (size_t i = 0; i < simulation->campaigns; i++)
        compare(simulation, i % rows, 1, &alike);
    for (size_t i = 0; i < simulation->campaigns; i++)
        compare(simulation, i % rows, simulation->longer, &slower);
    for (size_t i = 0; i < simulation->campaigns; i++) {
        size_t subject = i % simulation->recorded->subjects.count;
        compare(simulation,
                subject * simulation->recorded->programs.count + simulation->noisiest_program,
                simulation->longer, &noisiest);
    }
    printf("%s, %zu comparisons\n", what, comparisons);
    printf("  the same on both sides: nothing faster or slower in %zu of %zu, everything \"no "
           "difference\" in %zu\n",
           alike.clean, simulation->campaigns, alike.certain);
    printf("  one program %g %% longer, each in turn: found in %zu of %zu; always %s, the "
           "noisiest: in "
           "%zu\n",
           100 * (simulation->longer - 1), slower.found, simulation->campaigns,
           campaign_short_program(simulation->recorded, simulation->noisiest_program),
           noisiest.found);
}

static void print_verdicts(Simulation *simulation) {
    size_t subjects = simulation->recorded->subjects.count;
    size_t programs = simulation->recorded->programs.count;
    print_verdicts_of(simulation, "two campaigns", compare_two, subjects * programs);
    print_verdicts_of(simulation, "one campaign of two subjects", compare_within,
                      programs + (programs > 1));
}

// ---- Intervals ----------------------------------------------------------------------------------

// So many runs of the row, in one placement, or of a placement whose effect is `factor`.
static Sample draw_sample(Simulation *simulation, Arena *arena, size_t row, size_t count,
                          int placement, double factor) {
    const Sample *recorded = &simulation->samples[row].items[0];
    int *runs = ARENA_ARRAY(arena, int, count);
    double *times = ARENA_ARRAY(arena, double, count), *sorted = ARENA_ARRAY(arena, double, count);
    for (size_t i = 0; i < count; i++) {
        runs[i] = (int)i;
        times[i] = sorted[i] = draw(simulation, recorded) * factor;
    }
    statistics_sort(sorted, count);
    return (Sample){placement, runs, times, sorted, count};
}

static RatioData draw_pair(Simulation *simulation, Arena *arena, size_t row, size_t count,
                           bool has_rounds) {
    Sample one = draw_sample(simulation, arena, row, count, 0, 1);
    Sample other = draw_sample(simulation, arena, row, count, 0, 1);
    return ratio_data(arena, &(Samples){&one, 1}, &(Samples){&other, 1}, has_rounds);
}

static bool holds_one(const StatisticsInterval *interval) {
    return interval->low <= 1 && interval->high >= 1;
}

static bool rounds_hold(Simulation *simulation, Arena *arena, size_t row, size_t count) {
    RatioData data = draw_pair(simulation, arena, row, count, true);
    Ratio ratio = ratio_of(&data);
    return holds_one(&ratio.interval);
}

static bool runs_hold(Simulation *simulation, Arena *arena, size_t row, size_t count) {
    RatioData data = draw_pair(simulation, arena, row, count, false);
    Ratio ratio = ratio_of(&data);
    return holds_one(&ratio.interval);
}

static bool middle_holds(double *resampled) {
    statistics_sort(resampled, BOOTSTRAP_RESAMPLES);
    return statistics_quantile(resampled, BOOTSTRAP_RESAMPLES, 0.025) <= 0 &&
           statistics_quantile(resampled, BOOTSTRAP_RESAMPLES, 0.975) >= 0;
}

// What isn't used: the middle 95 % of what the bootstrap gives, as it is.
static bool plain_rounds_hold(Simulation *simulation, Arena *arena, size_t row, size_t count) {
    RatioData data = draw_pair(simulation, arena, row, count, true);
    double *resampled = ARENA_ARRAY(arena, double, BOOTSTRAP_RESAMPLES);
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++)
        resampled[i] = bootstrap_median(data.ratios, data.count, &simulation->random);
    return middle_holds(resampled);
}

static bool plain_medians_hold(Simulation *simulation, Arena *arena, size_t row, size_t count) {
    RatioData data = draw_pair(simulation, arena, row, count, false);
    double *resampled = ARENA_ARRAY(arena, double, BOOTSTRAP_RESAMPLES);
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++)
        resampled[i] = bootstrap_median(data.times, data.time_count, &simulation->random) -
                       bootstrap_median(data.base, data.base_count, &simulation->random);
    return middle_holds(resampled);
}

// All programs of a subject together.
static bool mean_holds(Simulation *simulation, Arena *arena, size_t row, size_t count) {
    size_t programs = simulation->recorded->programs.count, first = row - row % programs;
    RatioData *data = ARENA_ARRAY(arena, RatioData, programs);
    RatioData **list = ARENA_ARRAY(arena, RatioData *, programs);
    for (size_t i = 0; i < programs; i++) {
        data[i] = draw_pair(simulation, arena, first + i, count, true);
        list[i] = &data[i];
    }
    Ratio mean = ratio_mean(arena, list, programs, random_numbers_next(&simulation->random));
    return holds_one(&mean.interval);
}

// `count` placements, nine runs in each. What a placement does to one of the two is normal, by 2 %.
static RatioData draw_placements(Simulation *simulation, Arena *arena, size_t row, size_t count) {
    Samples sides[2];
    for (size_t side = 0; side < 2; side++) {
        Sample *samples = ARENA_ARRAY(arena, Sample, count);
        for (size_t i = 0; i < count; i++) {
            double chance = 1 - random_numbers_fraction(&simulation->random);
            double effect = exp(0.02 * statistics_normal_quantile(chance));
            samples[i] = draw_sample(simulation, arena, row, 9, (int)i, effect);
        }
        sides[side] = (Samples){samples, count};
    }
    return ratio_data(arena, &sides[0], &sides[1], true);
}

static bool placements_hold(Simulation *simulation, Arena *arena, size_t row, size_t count) {
    RatioData data = draw_placements(simulation, arena, row, count);
    Ratio ratio = ratio_of(&data);
    return holds_one(&ratio.interval);
}

static bool plain_placements_hold(Simulation *simulation, Arena *arena, size_t row, size_t count) {
    RatioData data = draw_placements(simulation, arena, row, count);
    double *resampled = ARENA_ARRAY(arena, double, BOOTSTRAP_RESAMPLES);
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++)
        for (size_t j = 0; j < count; j++)
            resampled[i] += data.ratios[random_numbers_below(&simulation->random, count)];
    return middle_holds(resampled);
}

typedef bool HoldsFunction(Simulation *simulation, Arena *arena, size_t row, size_t count);

// As many draws of each as there are campaigns, ten times over: a draw is cheap.
static void print_held(Simulation *simulation, const char *what, HoldsFunction *holds,
                       const size_t *counts) {
    size_t rows = simulation->recorded->subjects.count * simulation->recorded->programs.count;
    size_t draws = 10 * simulation->campaigns;
    printf("  %-34s", what);
    for (size_t i = 0; counts[i]; i++) {
        size_t held = 0;
        for (size_t j = 0; j < draws; j++) {
            Arena *arena = arena_new();
            held += holds(simulation, arena, j % rows, counts[i]);
            arena_free(arena);
        }
        printf(" %6.1f", 100.0 * (double)held / (double)draws);
    }
    printf("\n");
}

static void print_counts(const char *what, const size_t *counts) {
    printf("  %-34s", what);
    for (size_t i = 0; counts[i]; i++)
        printf(" %6zu", counts[i]);
    printf("\n");
}

static void print_intervals(Simulation *simulation) {
    static const size_t runs[] = {3, 5, 6, 9, 11, 15, 30, 0}, placements[] = {2, 3, 5, 9, 0};
    printf("of a hundred intervals, so many hold the true ratio\n");
    print_counts("runs", runs);
    print_held(simulation, "rounds", rounds_hold, runs);
    print_held(simulation, "rounds, bootstrap alone", plain_rounds_hold, runs);
    print_held(simulation, "no rounds", runs_hold, runs);
    print_held(simulation, "no rounds, bootstrap alone", plain_medians_hold, runs);
    print_held(simulation, "mean of all programs", mean_holds, runs);
    print_counts("placements", placements);
    print_held(simulation, "placements", placements_hold, placements);
    print_held(simulation, "placements, bootstrap alone", plain_placements_hold, placements);
}

// ---- Corrections --------------------------------------------------------------------------------

enum { COLUMNS = 5 }; // comparisons of each program

// What isn't used: the share of wrong ones among all that are called is kept low, and not how
// often there are any (Benjamini and Hochberg, 1995).
static int compare_chances(const void *left, const void *right) {
    double a = **(double *const *)left, b = **(double *const *)right;
    return (a > b) - (a < b);
}

static void adjust_by_share(double **chances, size_t count) {
    qsort(chances, count, sizeof *chances, compare_chances);
    double least = 1;
    for (size_t i = count; i-- > 0;) {
        least = fmin(least, *chances[i] * (double)count / (double)(i + 1));
        *chances[i] = least;
    }
}

// The chances of a campaign in which all but the last column differ by a tenth, and that by
// `longer` on its first program.
static void draw_chances(Simulation *simulation, double longer, double *chances) {
    Arena *arena = arena_new();
    size_t programs = simulation->recorded->programs.count, runs = simulation->runs;
    double *base = ARENA_ARRAY(arena, double, runs), *times = ARENA_ARRAY(arena, double, runs);
    for (size_t column = 0; column < COLUMNS; column++)
        for (size_t program = 0; program < programs; program++) {
            double factor = column + 1 < COLUMNS ? 1.1 : program == 0 ? longer : 1;
            const Sample *sample = sample_of(simulation, 0, program);
            draw_logarithms(simulation, sample, 1, base, runs);
            draw_logarithms(simulation, sample, factor, times, runs);
            chances[column * programs + program] = significance_rank_sum(times, runs, base, runs);
        }
    arena_free(arena);
}

typedef void AdjustFunction(double **chances, size_t count);

static void print_correction(Simulation *simulation, const char *what, AdjustFunction *adjust) {
    size_t programs = simulation->recorded->programs.count, count = COLUMNS * programs;
    size_t wrong = 0, found = 0;
    double *chances = calloc(count, sizeof *chances), **list = calloc(count, sizeof *list);
    for (size_t i = 0; i < simulation->campaigns; i++) {
        draw_chances(simulation, simulation->longer, chances);
        for (size_t j = 0; j < count; j++)
            list[j] = &chances[j];
        adjust(list, count);
        const double *last = chances + (COLUMNS - 1) * programs;
        bool is_wrong = false;
        for (size_t j = 1; j < programs; j++)
            is_wrong |= last[j] <= 0.05;
        wrong += is_wrong;
        found += last[0] <= 0.05;
    }
    free(chances);
    free(list);
    printf(
        "  %-24s %zu of %zu campaigns call one of %zu rows different that isn't; %g %% on another "
        "is found in %zu\n",
        what, wrong, simulation->campaigns, programs - 1, 100 * (simulation->longer - 1), found);
}

static void print_corrections(Simulation *simulation) {
    size_t programs = simulation->recorded->programs.count;
    printf("%zu of %zu rows differ by 10 %%\n", (COLUMNS - 1) * programs, COLUMNS * programs);
    print_correction(simulation, "Holm", significance_adjust);
    print_correction(simulation, "Benjamini and Hochberg", adjust_by_share);
}

// ---- The command --------------------------------------------------------------------------------

static double number_option(const char *text, double least, double most) {
    char *end;
    double number = strtod(text, &end);
    if (!*text || *end || !(number >= least && number <= most))
        give_up(2, "not a number that this option takes: ", text);
    return number;
}

// Each row needs runs, in one placement, that are verified.
static void check_recorded(const Simulation *simulation, const Analysis *analysis) {
    size_t rows = simulation->recorded->subjects.count * simulation->recorded->programs.count;
    if (!rows)
        give_up(1, "the recorded campaign has no rows", "");
    for (size_t i = 0; i < rows; i++) {
        const AnalysisRow *row = &analysis->rows[i];
        const char *name = simulation->recorded->programs.items[row->program];
        if (!row->has_ratio || simulation->samples[i].count != 1)
            give_up(1, "there is a row without verified runs in one placement: ", name);
    }
}

static void print_recorded(const Simulation *simulation, const Analysis *analysis,
                           const char *path) {
    const char *name = strrchr(path, '/');
    printf("%s: %zu subjects on %zu programs, %zu runs of each; noise %.1f %%, asks for %zu runs\n",
           name ? name + 1 : path, simulation->recorded->subjects.count,
           simulation->recorded->programs.count, simulation->samples[0].items[0].count,
           100 * analysis->noise, analysis->wanted_runs);
    printf("simulated with %zu runs of each\n", simulation->runs);
}

typedef struct Part {
    const char *name;
    void (*print)(Simulation *simulation);
} Part;

static const Part parts[] = {
    {"verdicts", print_verdicts},
    {"intervals", print_intervals},
    {"corrections", print_corrections},
};

enum { PART_COUNT = sizeof parts / sizeof *parts };

static void run_parts(Simulation *simulation, int count, char **names) {
    for (int i = 0; i < count; i++) {
        bool is_known = false;
        for (size_t j = 0; j < PART_COUNT; j++)
            is_known |= strcmp(names[i], parts[j].name) == 0;
        if (!is_known)
            give_up(2, "there is no part of this name (see --help): ", names[i]);
    }
    for (size_t j = 0; j < PART_COUNT; j++) {
        bool is_wanted = count == 0;
        for (int i = 0; i < count; i++)
            is_wanted |= strcmp(names[i], parts[j].name) == 0;
        if (is_wanted)
            parts[j].print(simulation);
    }
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"help", no_argument, NULL, 'h'},
        {"data", required_argument, NULL, 'd'},
        {"campaigns", required_argument, NULL, 'c'},
        {"runs", required_argument, NULL, 'r'},
        {"longer", required_argument, NULL, 'l'},
        {"seed", required_argument, NULL, 's'},
        {NULL, 0, NULL, 0},
    };
    const char *path = LOOPWRIGHT_SOURCE_DIR "/bench/recorded/noise.jsonl";
    Simulation simulation = {.campaigns = 100, .longer = 1.03};
    double seed = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'h') {
            fputs(usage, stdout);
            return 0;
        }
        if (option == 'd')
            path = optarg;
        else if (option == 'c')
            simulation.campaigns = (size_t)number_option(optarg, 1, 100000);
        else if (option == 'r')
            simulation.runs = (size_t)number_option(optarg, 2, 10000);
        else if (option == 'l')
            simulation.longer = 1 + number_option(optarg, -50, 1000) / 100;
        else if (option == 's')
            seed = number_option(optarg, 0, 1e15);
        else
            give_up(2, "not an option, or without its value (see --help): ", argv[optind - 1]);
    }
    Arena *arena = arena_new();
    simulation.recorded = raw_file_read(arena, path);
    if (!simulation.recorded)
        return 1;
    simulation.samples = samples_of(arena, simulation.recorded);
    simulation.random = random_numbers_begin((uint64_t)seed);
    const Analysis *analysis = analysis_of(arena, simulation.recorded);
    check_recorded(&simulation, analysis);
    simulation.noisiest_program = analysis->wanted_program;
    if (!simulation.runs)
        simulation.runs = analysis->wanted_runs;
    if (!simulation.runs)
        give_up(1, "the recorded campaign has too few runs to tell how many it wants: say --runs",
                "");
    print_recorded(&simulation, analysis, path);
    run_parts(&simulation, argc - optind, argv + optind);
    arena_free(arena);
    return 0;
}
