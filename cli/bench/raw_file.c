// See raw_file.h. The lines' writing; raw_file_read.c reads them. Keys are in the order in which a
// person looks for them.
#include "cli/bench/raw_file.h"

#include "support/choice.h"
#include "support/json/json_text.h"

#include <errno.h>
#include <unistd.h>

static json_t *figure(double number) {
    return json_real_or_null(number != RUN_NO_FIGURE, number);
}

// The document is used up.
static bool put(FILE *file, json_t *document) {
    Text line = {0};
    json_text_print_compact(document, &line);
    json_decref(document);
    text_add(&line, "\n");
    bool good = fwrite(text_chars(&line), 1, line.length, file) == line.length && fflush(file) == 0;
    int error = errno;
    text_free(&line);
    errno = error;
    return good;
}

// ---- The campaign -------------------------------------------------------------------------------

static json_t *machine_json(const CampaignMachine *machine) {
    json_t *hints = json_array();
    for (size_t i = 0; i < machine->hints.count; i++)
        json_array_append_new(hints, json_text(machine->hints.items[i]));
    return json_pack("{s:o, s:o, s:i, s:o, s:o}", "processor", json_text(machine->processor),
                     "kernel", json_text(machine->kernel), "cores", machine->cores, "compiler",
                     json_text(machine->compiler), "hints", hints);
}

static json_t *subjects_json(const Campaign *campaign) {
    json_t *subjects = json_array();
    for (size_t i = 0; i < campaign->subjects.count; i++) {
        const CampaignSubject *subject = &campaign->subjects.items[i];
        json_t *data =
            json_pack("{s:o, s:s, s:o, s:o}", "name", json_text(subject->name), "kind",
                      choice_at(subject_kinds, (int)subject->kind, campaign->arena), "made_by",
                      json_text(subject->made_by), "code_hash", json_text(subject->code_hash));
        if (subject->command)
            json_object_set_new(data, "command", json_text(subject->command));
        json_array_append_new(subjects, data);
    }
    return subjects;
}

bool raw_file_put_campaign(FILE *file, const Campaign *campaign) {
    json_t *programs = json_array(), *loop = json_array();
    for (size_t i = 0; i < campaign->loop.count; i++)
        json_array_append_new(loop, json_text(campaign->loop.items[i]));
    for (size_t i = 0; i < campaign->programs.count; i++)
        json_array_append_new(programs, json_text(campaign->programs.items[i]));
    return put(file,
               json_pack("{s:{s:i, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o}}",
                         "campaign", "format", RAW_FILE_FORMAT, "date", json_text(campaign->date),
                         "version", json_text(campaign->version), "command",
                         json_text(campaign->command), "clock", json_text(campaign->clock), "runs",
                         (json_int_t)campaign->runs, "layouts", (json_int_t)campaign->layouts,
                         "seed", (json_int_t)campaign->seed, "count_args",
                         json_text(campaign->count_arguments), "machine",
                         machine_json(&campaign->machine), "subjects", subjects_json(campaign),
                         "programs", programs, "loop", loop));
}

// ---- Counts and runs ----------------------------------------------------------------------------

// What every other line begins with.
static json_t *begin(const Campaign *campaign, size_t subject, size_t program) {
    return json_pack("{s:o, s:o}", "variant", json_text(campaign->subjects.items[subject].name),
                     "program", json_text(campaign->programs.items[program]));
}

bool raw_file_put_counts(FILE *file, const Campaign *campaign, size_t subject, size_t program) {
    const CampaignCounts *counts = campaign_counts(campaign, subject, program);
    json_t *line = begin(campaign, subject, program), *data = json_object();
    if (counts->has_dispatch) {
        json_object_set_new(data, "dispatch_instructions",
                            json_real(counts->dispatch_instructions));
        json_object_set_new(data, "dispatch_blocks", json_real(counts->dispatch_blocks));
        json_object_set_new(data, "dispatch_weighted", json_boolean(counts->is_weighted));
    }
    if (counts->has_sites)
        json_object_set_new(data, "dispatch_sites", json_integer(counts->dispatch_sites));
    if (counts->has_reads)
        json_object_set_new(data, "frame_reads_per_bytecode", json_real(counts->frame_reads));
    if (counts->has_executed) {
        json_object_set_new(data, "bytecodes", json_real(counts->bytecodes));
        json_object_set_new(data, "dispatches", json_real(counts->dispatches));
    }
    json_object_set_new(line, "counts", data);
    return put(file, line);
}

static const char *const verified[] = {
    [RUN_VERIFIED] = "true", [RUN_UNKNOWN] = "null", [RUN_WRONG] = "false"};

json_t *raw_file_verdict(RunVerdict verdict) {
    return json_loads(verified[verdict], JSON_DECODE_ANY, NULL);
}

static void add_figure(json_t *line, const char *key, double figure) {
    if (figure != RUN_NO_FIGURE)
        json_object_set_new(line, key, json_real(figure));
}

bool raw_file_put_run(FILE *file, const Campaign *campaign, const CampaignRun *run) {
    json_t *line = begin(campaign, run->subject, run->program);
    json_object_set_new(line, "run", json_integer(run->run));
    json_object_set_new(line, "placement", json_integer(run->placement));
    add_figure(line, "microseconds", run->microseconds);
    json_object_set_new(line, "verified", raw_file_verdict(run->verdict));
    if (run->reason)
        json_object_set_new(line, "reason", json_text(run->reason));
    json_t *iterations = json_array();
    for (size_t i = 0; i < run->iteration_count; i++)
        json_array_append_new(iterations, figure(run->iterations[i]));
    json_object_set_new(line, "iterations_us", iterations);
    add_figure(line, "wall_us", run->wall);
    add_figure(line, "user_us", run->user);
    add_figure(line, "system_us", run->system);
    add_figure(line, "instructions", run->instructions);
    add_figure(line, "cycles", run->cycles);
    add_figure(line, "branch_misses", run->branch_misses);
    if (run->repeated)
        json_object_set_new(line, "repeated", json_integer(run->repeated));
    return put(file, line);
}

// ---- The end of a file that is gone on with -----------------------------------------------------

static bool append(const char *path, const char *text) {
    FILE *file = fopen(path, "ae");
    if (!file)
        return false;
    bool good = fputs(text, file) >= 0;
    return fclose(file) == 0 && good;
}

// A line of which only the end is missing is a run that was measured.
bool raw_file_end_line(const char *path) {
    Text text = {0};
    if (!text_read_file_up_to(&text, path, RAW_FILE_MOST)) {
        text_free(&text);
        return false;
    }
    size_t length = text.length;
    while (length && text.chars[length - 1] != '\n')
        length--;
    bool good = true;
    if (length < text.length) {
        json_t *last =
            json_loadb(text.chars + length, text.length - length, JSON_REJECT_DUPLICATES, NULL);
        good = last ? append(path, "\n") : truncate(path, (off_t)length) == 0;
        json_decref(last);
    }
    int error = errno;
    text_free(&text);
    errno = error;
    return good;
}
