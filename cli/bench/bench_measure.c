// The measuring part of `loopwright bench`: emits, disassembles, counts, and runs. Runs are
// interleaved, so that what disturbs the machine disturbs all rows alike, and a ratio is
// taken between neighbours in time: where the machine slows down for a while, both do. (All
// runs of one row first, then all of the next, would compare two hours of the day.)
#include "backend/anatomy/dispatch_report.h"
#include "cli/bench/bench.h"
#include "cli/bench/control.h"
#include "cli/command.h"
#include "cli/counting.h"
#include "cli/emitter.h"
#include "cli/process.h"
#include "cli/progress.h"
#include "support/choice.h"
#include "support/interruption.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

// ---- Emitting and reading the object ----------------------------------------------------

// Its code is placed by another compiler, so all placements are the same.
static bool build_control(Bench *bench, BenchRow *row) {
    Emitted emitted;
    int version = emitter_helper(&bench->rows.items[0].variant, bench->arena).version;
    if (!version || !control_build(bench->arena, row->control, version, &emitted, &row->compiler))
        return false;
    row->name = arena_printf(bench->arena, "control %s (%s)",
                             choice_at(control_kinds, row->control, bench->arena), row->compiler);
    row->placements = ARENA_ARRAY(bench->arena, BenchPlacement, bench->layouts);
    for (size_t i = 0; i < bench->layouts; i++)
        row->placements[i].emitted = emitted;
    return true;
}

// One placement is the variant as it was given; several are numbered from 0.
static bool emit_row(Bench *bench, BenchRow *row) {
    IrModule *module = variant_module(&row->variant, bench->arena, NULL, false, NULL);
    row->placements = ARENA_ARRAY(bench->arena, BenchPlacement, bench->layouts);
    Variant placed = row->variant;
    for (size_t i = 0; module && i < bench->layouts; i++) {
        if (bench->layouts > 1)
            llvm_flags_place(&placed.llvm, (int)i);
        if (!emitted_cache_get(&placed, bench->arena, module, &row->placements[i].emitted))
            return false;
    }
    return module != NULL;
}

// In an arena of its own: a disassembled interpreter takes some megabytes, and only five figures of
// it are kept.
static bool read_dispatch(Bench *bench, BenchRow *row, const char *counts_path) {
    Arena *arena = arena_new();
    ObjectFile *object = object_file_open(arena, row->placements[0].emitted.object);
    DispatchReport *report = object ? dispatch_report_read(arena, object) : NULL;
    bool good = report && (!counts_path || dispatch_report_weigh(report, counts_path));
    if (good) {
        DispatchMeans means = dispatch_report_means(report);
        row->has_dispatch = means.known;
        row->dispatch_instructions = means.instructions;
        row->dispatch_blocks = means.blocks;
        row->dispatch_sites = (int)report->sites->jumps.count;
        row->code_hash = arena_printf(bench->arena, "%016" PRIx64, object_code_hash(object));
    }
    if (object)
        object_file_close(object);
    arena_free(arena);
    return good;
}

// Takes the frame reads out of the evaluator's counts; complains if they aren't there.
static bool read_counts(BenchRow *row, const char *path) {
    json_t *counts = json_load_file(path, 0, NULL);
    json_t *reads = json_object_get(counts, "frame_reads_per_bytecode");
    row->has_reads = json_is_number(reads);
    row->frame_reads = json_number_value(reads);
    json_decref(counts);
    if (!row->has_reads)
        command_failure("the evaluator's counts hold no frame reads");
    return row->has_reads;
}

// The counts come first, since they weigh the dispatch figures.
static bool read_figures(Bench *bench, BenchRow *row) {
    if (!bench->count_arguments)
        return read_dispatch(bench, row, NULL);
    const char *path = counting_file(bench->arena);
    bool has_path = strcmp(bench->program[0], "-cp") == 0;
    bool good = path &&
                counting_run(bench->arena, row->name, row->name,
                             has_path ? bench->program[1] : NULL, bench->count_arguments, path) &&
                read_counts(row, path) && read_dispatch(bench, row, path);
    temporary_remove(path);
    return good;
}

// The row's twin with LLVM's tail duplication on, if that makes other machine code. By the hash of
// the code: where there is nothing to duplicate, the flag changes nothing but the image, and
// racing two copies of one program would only show noise.
static bool add_twin(Bench *bench, size_t index) {
    BenchRow twin = bench->rows.items[index];
    static const char flag[] = "--llvm-tail-dup=on";
    if (twin.is_control || !llvm_flags_is(&twin.variant.llvm, LLVM_FLAG_TAIL_DUPLICATION, "off"))
        return true;
    Text error = {0};
    variant_take_flag(&twin.variant, flag, &error);
    text_free(&error);
    twin.name = arena_printf(bench->arena, "%s %s", twin.name, flag);
    if (!emit_row(bench, &twin) || !read_figures(bench, &twin))
        return false;
    if (strcmp(twin.code_hash, bench->rows.items[index].code_hash) != 0)
        ARENA_PUSH(bench->arena, &bench->rows, twin);
    return true;
}

// Twins are pushed to the same list, which may move it: hence indices, and a count that was taken
// before.
bool bench_prepare(Bench *bench) {
    size_t given = bench->rows.count;
    for (size_t i = 0; i < given; i++) {
        BenchRow *row = &bench->rows.items[i];
        bool good = row->is_control ? build_control(bench, row)
                                    : emit_row(bench, row) && read_figures(bench, row);
        if (!good)
            return false;
        progress_tell("emitted", i + 1, given);
    }
    for (size_t i = 0; bench->with_tail_duplication && i < given; i++)
        if (!add_twin(bench, i))
            return false;
    return true;
}

// ---- Running ------------------------------------------------------------------------------

// A row that was wrong once stays wrong, with the reason of the first time. It goes on running, so
// that the others are disturbed as before.
static void run_placement(Bench *bench, BenchRow *row, BenchPlacement *placement) {
    ARENA_VECTOR(char *) argv = {0};
    ARENA_PUSH(bench->arena, &argv, (char *)placement->emitted.executable);
    for (size_t i = 0; i < bench->program_count; i++)
        ARENA_PUSH(bench->arena, &argv, bench->program[i]);
    ARENA_PUSH(bench->arena, &argv, NULL);
    Text output = {0}, errors = {0};
    int status = process_run(argv.items, &output, &errors);
    BenchRun run = bench_read_run(bench->arena, status, &output, &errors);
    if (row->verdict == BENCH_VERIFIED) {
        row->verdict = run.verdict;
        row->reason = run.reason;
    }
    placement->times[placement->time_count++] = run.time;
    text_free(&output);
    text_free(&errors);
}

// One round: each placement of each row. Each round begins with another row, so that none
// always comes first; a placement of all rows is run before the next, so that those that are
// compared are neighbours in time.
static void run_round(Bench *bench, size_t round) {
    size_t rows = bench->rows.count, each = rows * bench->layouts;
    for (size_t i = 0; i < each; i++) {
        BenchRow *row = &bench->rows.items[(round + i) % rows];
        run_placement(bench, row, &row->placements[i / rows]);
        progress_tell("run", round * each + i + 1, bench->runs * each);
    }
}

// ---- Comparing ----------------------------------------------------------------------------

// A time of 0 (or none) has no ratio: something was too short to be measured.
static bool has_empty_time(const Bench *bench, const BenchRow *row) {
    for (size_t i = 0; i < bench->layouts; i++)
        for (size_t run = 0; run < bench->runs; run++)
            if (row->placements[i].times[run] <= 0)
                return true;
    return false;
}

// The placement's ratio to the first row's, with the interval that its runs give: the median of
// the ratios within each round, and not the ratio of the medians. What slows the machine down for
// some rounds then cancels out. (Kalibera and Jones, "Rigorous Benchmarking in Reasonable Time",
// ISMM 2013, on reporting ratios with intervals.)
static StatisticsInterval compare_placement(Bench *bench, BenchPlacement *placement,
                                            const BenchPlacement *first) {
    double *ratios = ARENA_ARRAY(bench->arena, double, bench->runs);
    for (size_t run = 0; run < bench->runs; run++)
        ratios[run] = placement->times[run] / first->times[run];
    StatisticsInterval ratio = statistics_interval(ratios, bench->runs, 0.95);
    placement->ratio = ratio.median;
    return ratio;
}

// Placements are a sample of all that there might be: where there are several, the question
// is how the ratio varies from one to the next, and not how often each was run.
static StatisticsInterval compare_placements(Bench *bench, BenchRow *row) {
    const BenchRow *first = &bench->rows.items[0];
    double *ratios = ARENA_ARRAY(bench->arena, double, bench->layouts);
    StatisticsInterval ratio = {0};
    for (size_t i = 0; i < bench->layouts; i++) {
        ratio = compare_placement(bench, &row->placements[i], &first->placements[i]);
        ratios[i] = ratio.median;
    }
    return bench->layouts == 1 ? ratio : statistics_interval(ratios, bench->layouts, 0.95);
}

static void find_medians(Bench *bench, BenchRow *row) {
    double *times = ARENA_ARRAY(bench->arena, double, bench->runs);
    double *medians = ARENA_ARRAY(bench->arena, double, bench->layouts);
    for (size_t i = 0; i < bench->layouts; i++) {
        BenchPlacement *placement = &row->placements[i];
        memcpy(times, placement->times, bench->runs * sizeof *times);
        medians[i] = placement->median = statistics_median(times, bench->runs);
    }
    row->median = statistics_median(medians, bench->layouts); // which sorts them
    row->least = medians[0];
    row->greatest = medians[bench->layouts - 1];
}

// Computes the row's medians and, where both have times, its ratio to the first row.
static void compare_row(Bench *bench, BenchRow *row) {
    const BenchRow *first = &bench->rows.items[0];
    if (row->verdict != BENCH_VERIFIED)
        return;
    if (has_empty_time(bench, row))
        row->reason = "a run of 0 us is too short for the clock";
    else if (first->verdict != BENCH_VERIFIED)
        row->reason = "the first row is not verified";
    else if (has_empty_time(bench, first))
        row->reason = "a run of 0 us, of the first row, is too short for the clock";
    row->has_ratio = !row->reason;
    if (row->has_ratio)
        row->ratio = compare_placements(bench, row);
    find_medians(bench, row);
}

void bench_measure(Bench *bench) {
    for (size_t row = 0; row < bench->rows.count; row++)
        for (size_t i = 0; i < bench->layouts; i++)
            bench->rows.items[row].placements[i].times =
                ARENA_ARRAY(bench->arena, double, bench->runs);
    for (size_t round = 0; round < bench->runs; round++)
        run_round(bench, round);
    for (size_t row = 0; row < bench->rows.count; row++)
        compare_row(bench, &bench->rows.items[row]);
}
