// What a report has besides its campaign: our own commands are run for each variant, several at a
// time, each with a limit, as none of them may keep a report from being written. What one of them
// had to complain of is said in the page.
#include "cli/report/report.h"

#include "cli/bench/harness_output.h"
#include "cli/counting.h"
#include "cli/parallel.h"
#include "cli/process.h"
#include "cli/progress.h"
#include "support/interruption.h"

#include <errno.h>
#include <string.h>

// Seconds that a command may take, and bytes that it may print.
enum { LONGEST = 300, OUTPUT_MOST = 32 << 20 };

typedef ARENA_VECTOR(char *) Words;

// A command, and what came of it.
typedef struct Job {
    size_t variant; // its index among the extras'
    Words words;
    const char *file;    // that it writes; NULL: only what it prints is wanted
    Text written;        // to that,
    Text output;         // and what it printed
    const char *failure; // NULL: none
} Job;

typedef struct Jobs {
    Arena *arena;
    const Campaign *campaign;
    size_t done;
    ARENA_VECTOR(Job) items;
} Jobs;

// ---- Running them -------------------------------------------------------------------------------

static ParallelProgram begin(void *context, size_t index) {
    Job *job = &((Jobs *)context)->items.items[index];
    return (ParallelProgram){.words = job->words.items, .seconds = LONGEST, .output = OUTPUT_MOST};
}

static const char *failure_of(Arena *arena, const ParallelOutcome *outcome) {
    switch (outcome->end) {
    case PARALLEL_EXITED:
        return outcome->number == 0
                   ? NULL
                   : harness_failure(arena, outcome->number, &outcome->output, &outcome->errors);
    case PARALLEL_KILLED: return arena_printf(arena, "ended by signal %d", outcome->number);
    case PARALLEL_LATE: return arena_printf(arena, "not done after %d seconds", (int)LONGEST);
    case PARALLEL_TALKATIVE: return "it printed without end";
    case PARALLEL_UNSTARTED: break;
    }
    return arena_printf(arena, "can't be started: %s", strerror(outcome->number));
}

static bool end(void *context, size_t index, ParallelOutcome *outcome) {
    Jobs *jobs = context;
    Job *job = &jobs->items.items[index];
    job->failure = failure_of(jobs->arena, outcome);
    if (!job->failure)
        text_add_bytes(&job->output, text_chars(&outcome->output), outcome->output.length);
    if (!job->failure && job->file && !text_read_file(&job->written, job->file))
        job->failure = arena_printf(jobs->arena, "can't read %s: %s", job->file, strerror(errno));
    parallel_outcome_free(outcome);
    progress_tell("gathered for the report", ++jobs->done, jobs->items.count);
    return true;
}

static void run(Jobs *jobs) {
    parallel_run(&(ParallelRuns){
        .count = jobs->items.count,
        .width = parallel_processors(),
        .context = jobs,
        .begin = begin,
        .end = end,
    });
}

// Words of ours, apart by blanks.
static void add_words(Arena *arena, Words *words, const char *text) {
    char *rest = arena_strdup(arena, text);
    for (char *word; (word = strtok_r(rest, " \t\n", &rest));)
        ARENA_PUSH(arena, words, word);
}

static Job job_new(Jobs *jobs, size_t variant, const char *command, const char *flags) {
    Job job = {.variant = variant};
    ARENA_PUSH(jobs->arena, &job.words,
               arena_printf(jobs->arena, "%s/loopwright", process_own_folder()));
    add_words(jobs->arena, &job.words, command);
    for (size_t i = 0; i < jobs->campaign->loop.count; i++)
        ARENA_PUSH(jobs->arena, &job.words,
                   arena_strdup(jobs->arena, jobs->campaign->loop.items[i]));
    add_words(jobs->arena, &job.words, flags);
    return job;
}

static void add_job(Jobs *jobs, Job *job) {
    ARENA_PUSH(jobs->arena, &job->words, NULL);
    ARENA_PUSH(jobs->arena, &jobs->items, *job);
}

static void free_jobs(Jobs *jobs) {
    for (size_t i = 0; i < jobs->items.count; i++) {
        temporary_remove(jobs->items.items[i].file);
        text_free(&jobs->items.items[i].written);
        text_free(&jobs->items.items[i].output);
    }
}

// What a job printed, or wrote, as data; else the remark.
static json_t *data_of(Arena *arena, const Job *job, const Text *text, const char **remark) {
    *remark = job->failure;
    if (job->failure)
        return NULL;
    json_error_t error;
    json_t *data = json_loadb(text_chars(text), text->length, 0, &error);
    if (!data)
        *remark = arena_printf(arena, "it printed no data: %s", error.text);
    return data;
}

// ---- What is run --------------------------------------------------------------------------------

static const char *flags_of(const Campaign *campaign, const ReportVariant *variant) {
    return campaign->subjects.items[variant->subject].name;
}

// The class path that a program begins with: "-cp DIR", or "".
static const char *class_path_of(Arena *arena, const Campaign *campaign) {
    const char *program = campaign->programs.count ? campaign->programs.items[0] : "";
    if (strncmp(program, "-cp ", 4) != 0)
        return "";
    return arena_strndup(arena, program, 4 + strcspn(program + 4, " "));
}

// Counts of the evaluator stay in files until the machine code was weighed by them.
static void gather_executed(Jobs *jobs, const Campaign *campaign, ReportExtras *extras) {
    for (size_t i = 0; i < extras->variants.count; i++) {
        ReportVariant *variant = &extras->variants.items[i];
        variant->no_executed = "no small program to count on was given (--count-args)";
        const char *file = extras->counted_program ? counting_file(jobs->arena) : NULL;
        if (!file)
            continue;
        Job job = job_new(jobs, i, "run --engine=eval", flags_of(campaign, variant));
        job.file = file;
        ARENA_PUSH(jobs->arena, &job.words, arena_printf(jobs->arena, "--counts=%s", file));
        add_words(jobs->arena, &job.words, class_path_of(jobs->arena, campaign));
        add_words(jobs->arena, &job.words, extras->counted_program);
        add_job(jobs, &job);
    }
    run(jobs);
    for (size_t i = 0; i < jobs->items.count; i++) {
        Job *job = &jobs->items.items[i];
        ReportVariant *variant = &extras->variants.items[job->variant];
        variant->executed = data_of(jobs->arena, job, &job->written, &variant->no_executed);
    }
}

static const char *counts_of(const Jobs *counted, size_t variant) {
    for (size_t i = 0; i < counted->items.count; i++)
        if (counted->items.items[i].variant == variant && !counted->items.items[i].failure)
            return counted->items.items[i].file;
    return NULL;
}

// All show the same bytecode, that which the first one shows by itself, where they have it.
static void gather_dispatch(Arena *arena, const Campaign *campaign, const Jobs *counted,
                            ReportExtras *extras, size_t from, size_t to, const char *more) {
    Jobs jobs = {.arena = arena, .campaign = campaign};
    for (size_t i = from; i < to; i++) {
        if (extras->variants.items[i].dispatch)
            continue;
        Job job =
            job_new(&jobs, i, "dispatch --json", flags_of(campaign, &extras->variants.items[i]));
        const char *counts = counts_of(counted, i);
        if (counts)
            ARENA_PUSH(arena, &job.words, arena_printf(arena, "--counts=%s", counts));
        add_words(arena, &job.words, more);
        add_job(&jobs, &job);
    }
    run(&jobs);
    for (size_t i = 0; i < jobs.items.count; i++) {
        ReportVariant *variant = &extras->variants.items[jobs.items.items[i].variant];
        const Job *job = &jobs.items.items[i];
        variant->dispatch = data_of(arena, job, &job->output, &variant->no_dispatch);
    }
    free_jobs(&jobs);
}

static void gather_all_dispatch(Arena *arena, const Campaign *campaign, const Jobs *counted,
                                ReportExtras *extras) {
    size_t count = extras->variants.count;
    const char *model = "--mca";
    gather_dispatch(arena, campaign, counted, extras, 0, 1, model);
    if (!extras->variants.items[0].dispatch) {
        model = "";
        gather_dispatch(arena, campaign, counted, extras, 0, 1, model);
    }
    const char *shown =
        json_string_value(json_object_get(extras->variants.items[0].dispatch, "bytecode"));
    if (shown)
        gather_dispatch(arena, campaign, counted, extras, 1, count,
                        arena_printf(arena, "%s --bytecode=%s", model, shown));
    gather_dispatch(arena, campaign, counted, extras, 1, count, model);
}

// Of which samples are taken: the program that took longest with the variant, but no longer than a
// few seconds, where there is such a one.
static const char *program_to_sample(const Campaign *campaign, size_t subject) {
    static const double most = 5e6;
    const char *found = campaign->programs.count ? campaign->programs.items[0] : NULL;
    double longest = 0;
    for (size_t i = 0; i < campaign->measured.count; i++) {
        const CampaignRun *of = &campaign->measured.items[i];
        if (of->subject == subject && of->verdict == RUN_VERIFIED && of->wall < most &&
            of->wall > longest) {
            longest = of->wall;
            found = campaign->programs.items[of->program];
        }
    }
    return found;
}

// By the guest's methods, which only the default loop's runtime can tell.
static void add_flame(Jobs *jobs, const Campaign *campaign, ReportExtras *extras) {
    size_t last = extras->variants.count - 1;
    extras->no_flame = "a loop with a runtime of its own has nobody who tells";
    if (campaign->loop.count)
        return;
    const char *folder = temporary_folder(jobs->arena);
    const char *file = temporary_file(
        jobs->arena, arena_printf(jobs->arena, "%s/loopwright-flame.", folder), ".svg");
    extras->flame_subject = extras->variants.items[last].subject;
    extras->no_flame = "a temporary file can't be made";
    if (!file)
        return;
    Job job = job_new(jobs, last, "profile --guest=time --json",
                      flags_of(campaign, &extras->variants.items[last]));
    job.file = file;
    ARENA_PUSH(jobs->arena, &job.words, arena_printf(jobs->arena, "--flame=%s", file));
    ARENA_PUSH(jobs->arena, &job.words, "--");
    add_words(jobs->arena, &job.words, extras->sampled_program);
    add_job(jobs, &job);
}

static void gather_samples(Arena *arena, const Campaign *campaign, ReportExtras *extras) {
    Jobs jobs = {.arena = arena, .campaign = campaign};
    for (size_t i = 0; i < extras->variants.count; i++) {
        Job job =
            job_new(&jobs, i, "profile --json", flags_of(campaign, &extras->variants.items[i]));
        ARENA_PUSH(arena, &job.words, "--");
        add_words(arena, &job.words, extras->sampled_program);
        add_job(&jobs, &job);
    }
    add_flame(&jobs, campaign, extras);
    run(&jobs);
    for (size_t i = 0; i < jobs.items.count; i++) {
        Job *job = &jobs.items.items[i];
        ReportVariant *variant = &extras->variants.items[job->variant];
        if (!job->file) {
            variant->samples = data_of(arena, job, &job->output, &variant->no_samples);
            continue;
        }
        extras->methods = data_of(arena, job, &job->output, &extras->no_flame);
        if (!job->failure)
            extras->flame = arena_strdup(arena, text_chars(&job->written));
    }
    free_jobs(&jobs);
}

// A variant that was given twice has a number after its flags the second time, "-O2 (2)": all that
// can be known of it is known of the first.
static bool is_given_again(const Campaign *campaign, size_t subject) {
    const CampaignSubject *twin = campaign_twin(campaign, subject);
    const char *name = campaign->subjects.items[subject].name;
    size_t length = twin ? strlen(twin->name) : 0;
    return twin && strncmp(name, twin->name, length) == 0 && strncmp(name + length, " (", 2) == 0;
}

void report_gather(Arena *arena, const Campaign *campaign, const char *counted,
                   ReportExtras *extras) {
    *extras = (ReportExtras){.counted_program = counted};
    for (size_t i = 0; i < campaign->subjects.count; i++)
        if (campaign->subjects.items[i].kind == SUBJECT_VARIANT && !is_given_again(campaign, i))
            ARENA_PUSH(arena, &extras->variants, (ReportVariant){.subject = i});
    if (!extras->variants.count || !campaign->programs.count)
        return;
    size_t last = extras->variants.items[extras->variants.count - 1].subject;
    extras->sampled_program = program_to_sample(campaign, last);
    Jobs executed = {.arena = arena, .campaign = campaign};
    gather_executed(&executed, campaign, extras);
    gather_all_dispatch(arena, campaign, &executed, extras);
    free_jobs(&executed);
    gather_samples(arena, campaign, extras);
}

void report_extras_free(ReportExtras *extras) {
    for (size_t i = 0; i < extras->variants.count; i++) {
        json_decref(extras->variants.items[i].dispatch);
        json_decref(extras->variants.items[i].samples);
        json_decref(extras->variants.items[i].executed);
    }
    json_decref(extras->methods);
    *extras = (ReportExtras){0};
}
