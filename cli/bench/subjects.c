// The subjects of a campaign: emits variants in all their placements, builds controls, and reads
// what doesn't depend on the clock: the dispatch from the machine code, and the evaluator's counts.
// All of it is done before the first run, so that the machine does nothing but run then.
#include "backend/anatomy/dispatch_report.h"
#include "cli/bench/bench.h"
#include "cli/bench/control.h"
#include "cli/command.h"
#include "cli/counting.h"
#include "cli/emitter.h"
#include "cli/progress.h"
#include "support/choice.h"
#include "support/interruption.h"

#include <jansson.h>

#include <inttypes.h>
#include <string.h>

static CampaignSubject *facts_of(const Bench *bench, size_t subject) {
    return &bench->campaign->subjects.items[subject];
}

// ---- Emitting -----------------------------------------------------------------------------------

// Its code is placed by another compiler, so all placements are the same.
static bool build_control(Bench *bench, size_t index) {
    BenchSubject *subject = &bench->subjects.items[index];
    CampaignSubject *facts = facts_of(bench, index);
    Emitted emitted;
    int version = emitter_helper(&bench->subjects.items[0].variant, bench->arena).version;
    if (!version ||
        !control_build(bench->arena, subject->control, version, &emitted, &facts->made_by))
        return false;
    facts->name =
        arena_printf(bench->arena, "control %s (%s)",
                     choice_at(control_kinds, subject->control, bench->arena), facts->made_by);
    subject->placements = ARENA_ARRAY(bench->arena, Emitted, bench->campaign->layouts);
    for (size_t i = 0; i < bench->campaign->layouts; i++)
        subject->placements[i] = emitted;
    return true;
}

// One placement is the variant as it was given; several are numbered from 0.
static const IrModule *emit(Bench *bench, size_t index) {
    BenchSubject *subject = &bench->subjects.items[index];
    IrModule *module = variant_module(&subject->variant, bench->arena, NULL, false, NULL);
    size_t layouts = bench->campaign->layouts;
    subject->placements = ARENA_ARRAY(bench->arena, Emitted, layouts);
    Variant placed = subject->variant;
    for (size_t i = 0; module && i < layouts; i++) {
        if (layouts > 1)
            llvm_flags_place(&placed.llvm, (int)i);
        if (!emitted_cache_get(&placed, bench->arena, module, &subject->placements[i]))
            return NULL;
    }
    int version = emitter_helper(&subject->variant, bench->arena).version;
    facts_of(bench, index)->made_by = arena_printf(bench->arena, "LLVM %d", version);
    return module;
}

// ---- What is counted ----------------------------------------------------------------------------

// Takes the frame reads out of the evaluator's counts; complains if they aren't there.
static bool read_counts(CampaignCounts *counts, const char *path) {
    json_t *data = json_load_file(path, 0, NULL);
    const json_t *reads = json_object_get(data, "frame_reads_per_bytecode"),
                 *bytecodes = json_object_get(data, "bytecodes"),
                 *dispatches = json_object_get(data, "dispatches");
    counts->has_reads = json_is_number(reads);
    counts->frame_reads = json_number_value(reads);
    counts->has_executed = json_is_number(bytecodes) && json_is_number(dispatches);
    counts->bytecodes = json_number_value(bytecodes);
    counts->dispatches = json_number_value(dispatches);
    json_decref(data);
    if (!counts->has_reads)
        command_failure("the evaluator's counts hold no frame reads");
    return counts->has_reads;
}

static void read_means(CampaignCounts *counts, const DispatchReport *report) {
    DispatchMeans means = dispatch_report_means(report);
    counts->has_dispatch = means.known;
    counts->dispatch_instructions = means.instructions;
    counts->dispatch_blocks = means.blocks;
    counts->is_weighted = report->is_weighted;
    counts->has_sites = true;
    counts->dispatch_sites = (int)report->sites->jumps.count;
}

// Counts all programs; the files are temporary.
static CountingJob *count(Bench *bench, size_t subject, const IrModule *module) {
    size_t programs = bench->programs.count;
    CountingJob *jobs = ARENA_ARRAY(bench->arena, CountingJob, programs);
    for (size_t i = 0; i < programs; i++) {
        const BenchProgram *program = &bench->programs.items[i];
        jobs[i] = (CountingJob){program->class_path, program->count_arguments,
                                counting_file(bench->arena)};
        if (!jobs[i].counts)
            return NULL;
    }
    CountingInterpreter interpreter;
    bool good = counting_begin(&interpreter, bench->arena, facts_of(bench, subject)->name,
                               &bench->subjects.items[subject].variant, module) &&
                counting_run(&interpreter, jobs, programs);
    counting_end(&interpreter);
    return good ? jobs : NULL;
}

// Counting takes minutes, and comes to the same as before if the code is the same.
static bool take_counts_of_before(const Bench *bench, size_t subject, CampaignCounts *counts) {
    const Campaign *begun = bench->begun;
    const CampaignSubject *facts = facts_of(bench, subject);
    size_t before;
    if (!begun || !campaign_find_subject(begun, facts->name, &before))
        return false;
    const char *hash = begun->subjects.items[before].code_hash;
    bool same = hash && strcmp(hash, facts->code_hash) == 0;
    for (size_t i = 0; i < bench->programs.count && same; i++) {
        size_t program;
        const char *words = bench->campaign->programs.items[i];
        same = campaign_find_program(begun, words, &program);
        if (same)
            counts[i] = *campaign_counts(begun, before, program);
        bool is_counted = bench->programs.items[i].count_arguments != NULL;
        same = same && counts[i].has_sites && counts[i].has_reads == is_counted;
    }
    return same;
}

// Either all programs are counted on or none; each then weighs the report for itself.
static bool read_figures(Bench *bench, size_t subject, const IrModule *module,
                         CampaignCounts *counts, DispatchReport *report) {
    CountingJob *jobs = NULL;
    if (take_counts_of_before(bench, subject, counts))
        return true;
    if (bench->programs.items[0].count_arguments && !(jobs = count(bench, subject, module)))
        return false;
    for (size_t i = 0; i < bench->programs.count; i++) {
        if (jobs && !(read_counts(&counts[i], jobs[i].counts) &&
                      dispatch_report_weigh(report, jobs[i].counts)))
            return false;
        read_means(&counts[i], report);
        temporary_remove(jobs ? jobs[i].counts : NULL);
    }
    return true;
}

// In an arena of its own: a disassembled interpreter takes some megabytes, and a few figures of it
// are kept.
static bool read_object(Bench *bench, size_t subject, const IrModule *module,
                        CampaignCounts *counts) {
    Arena *arena = arena_new();
    ObjectFile *object =
        object_file_open(arena, bench->subjects.items[subject].placements[0].object);
    DispatchReport *report = object ? dispatch_report_read(arena, object) : NULL;
    // Another runtime makes another program of the same loop.
    if (report)
        facts_of(bench, subject)->code_hash = arena_printf(
            bench->arena, "%016" PRIx64,
            object_code_hash(object) ^ bench->subjects.items[subject].placements[0].runtime);
    bool good = report && read_figures(bench, subject, module, counts, report);
    if (object)
        object_file_close(object);
    arena_free(arena);
    return good;
}

// ---- All of them --------------------------------------------------------------------------------

typedef ARENA_VECTOR(CampaignCounts *) CountsOfSubjects;

static bool make(Bench *bench, size_t index, CountsOfSubjects *all) {
    CampaignCounts *counts = ARENA_ARRAY(bench->arena, CampaignCounts, bench->programs.count);
    ARENA_PUSH(bench->arena, all, counts);
    switch (facts_of(bench, index)->kind) {
    case SUBJECT_CONTROL: return build_control(bench, index);
    case SUBJECT_PEER: return true;
    case SUBJECT_VARIANT:
    case SUBJECT_AA: break;
    }
    const IrModule *module = emit(bench, index);
    return module && read_object(bench, index, module, counts);
}

// The subject's twin with LLVM's tail duplication on, if that makes other machine code. By the hash
// of the code: where there is nothing to duplicate, the flag changes nothing but the image, and
// racing two copies of one program would only show noise.
static bool add_twin(Bench *bench, size_t index, CountsOfSubjects *all) {
    static const char flag[] = "--llvm-tail-dup=on";
    BenchSubject twin = {.variant = bench->subjects.items[index].variant};
    CampaignSubject facts = *facts_of(bench, index);
    if (facts.kind != SUBJECT_VARIANT ||
        !llvm_flags_is(&twin.variant.llvm, LLVM_FLAG_TAIL_DUPLICATION, "off"))
        return true;
    Text error = {0};
    variant_take_flag(&twin.variant, flag, &error);
    text_free(&error);
    facts.name = arena_printf(bench->arena, "%s %s", facts.name, flag);
    twin.flags = arena_printf(bench->arena, "%s %s", bench->subjects.items[index].flags, flag);
    ARENA_PUSH(bench->arena, &bench->subjects, twin);
    ARENA_PUSH(bench->arena, &bench->campaign->subjects, facts);
    size_t last = bench->subjects.count - 1;
    if (!make(bench, last, all))
        return false;
    if (strcmp(facts_of(bench, last)->code_hash, facts_of(bench, index)->code_hash) == 0)
        bench->subjects.count = bench->campaign->subjects.count = all->count = last;
    return true;
}

// The same files once more: what differs then is no code's.
static void add_aa(Bench *bench, CountsOfSubjects *all) {
    BenchSubject again = bench->subjects.items[0];
    CampaignSubject facts = *facts_of(bench, 0);
    facts.kind = SUBJECT_AA;
    facts.name = arena_printf(bench->arena, "%s (again)", facts.name);
    ARENA_PUSH(bench->arena, &bench->subjects, again);
    ARENA_PUSH(bench->arena, &bench->campaign->subjects, facts);
    ARENA_PUSH(bench->arena, all, all->items[0]);
}

static bool make_all(Bench *bench, CountsOfSubjects *all) {
    size_t given = bench->subjects.count;
    for (size_t i = 0; i < given; i++) {
        if (!make(bench, i, all))
            return false;
        progress_tell("made", i + 1, given);
    }
    for (size_t i = 0; bench->with_tail_duplication && i < given; i++)
        if (!add_twin(bench, i, all))
            return false;
    if (bench->with_aa)
        add_aa(bench, all);
    return true;
}

bool bench_prepare(Bench *bench) {
    CountsOfSubjects all = {0};
    if (!make_all(bench, &all))
        return false;
    campaign_complete(bench->campaign);
    for (size_t i = 0; i < all.count; i++)
        memcpy(campaign_counts(bench->campaign, i, 0), all.items[i],
               bench->programs.count * sizeof *all.items[i]);
    return true;
}
