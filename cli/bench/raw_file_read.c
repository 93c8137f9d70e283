// Reading raw data (raw_file.h), which may come from anywhere: a campaign that was stopped in the
// middle of a line, an editor, somebody's script. What is wrong is said with its place, and nothing
// is believed without a look.
#include "cli/bench/raw_file.h"
#include "cli/command.h"
#include "support/choice.h"
#include "support/diagnostic.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

// Names are looked for one by one.
enum { ROWS_MOST = 1000000, NAMES_MOST = 10000, NUMBER_MOST = 1000000 };

typedef struct Reader {
    Arena *arena;
    Campaign *campaign; // NULL: its line hasn't come yet
    Diagnostics diagnostics;
    int line; // which one is read
} Reader;

// False, with the line.
static bool wrong(Reader *reader, const char *what) {
    diagnostic_error(&reader->diagnostics, (Location){reader->line, 1}, "%s", what);
    return false;
}

// ---- Values -------------------------------------------------------------------------------------

// A text of the object, copied; NULL: it has none.
static const char *text_of(const Reader *reader, const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? arena_strdup(reader->arena, text) : NULL;
}

static double figure_of(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    double figure = json_number_value(value);
    return json_is_number(value) && isfinite(figure) && figure >= 0 ? figure : RUN_NO_FIGURE;
}

// A whole number from `least` to `most`; False: it is none.
static bool number_of(const json_t *object, const char *key, int least, int most, int *number) {
    const json_t *value = json_object_get(object, key);
    json_int_t whole = json_integer_value(value);
    if (!json_is_integer(value) || whole < least || whole > most)
        return false;
    *number = (int)whole;
    return true;
}

// ---- The campaign's line ------------------------------------------------------------------------

static void read_machine(Reader *reader, const json_t *data) {
    CampaignMachine *machine = &reader->campaign->machine;
    machine->processor = text_of(reader, data, "processor");
    machine->kernel = text_of(reader, data, "kernel");
    machine->compiler = text_of(reader, data, "compiler");
    if (!number_of(data, "cores", 1, NUMBER_MOST, &machine->cores))
        machine->cores = 0;
    size_t index;
    json_t *hint;
    json_array_foreach(json_object_get(data, "hints"), index, hint) {
        if (json_is_string(hint))
            ARENA_PUSH(reader->arena, &machine->hints,
                       arena_strdup(reader->arena, json_string_value(hint)));
    }
}

static bool read_subject(Reader *reader, const json_t *data) {
    CampaignSubject subject = {.name = text_of(reader, data, "name"),
                               .made_by = text_of(reader, data, "made_by"),
                               .code_hash = text_of(reader, data, "code_hash"),
                               .command = text_of(reader, data, "command")};
    const char *kind = json_string_value(json_object_get(data, "kind"));
    int found = choice_find(subject_kinds, kind ? kind : "variant");
    size_t index;
    if (!subject.name)
        return wrong(reader, "a subject has no name");
    if (found < 0)
        return wrong(reader, arena_printf(reader->arena, "'%s' is no kind of subject: %s", kind,
                                          subject_kinds));
    if (campaign_find_subject(reader->campaign, subject.name, &index))
        return wrong(reader,
                     arena_printf(reader->arena, "two subjects are called '%s'", subject.name));
    subject.kind = (SubjectKind)found;
    ARENA_PUSH(reader->arena, &reader->campaign->subjects, subject);
    return true;
}

static bool read_programs(Reader *reader, const json_t *programs) {
    size_t index, known;
    json_t *program;
    json_array_foreach(programs, index, program) {
        if (!json_is_string(program))
            return wrong(reader, "a program is no text");
        const char *name = arena_strdup(reader->arena, json_string_value(program));
        if (campaign_find_program(reader->campaign, name, &known))
            return wrong(reader, arena_printf(reader->arena, "two programs are '%s'", name));
        ARENA_PUSH(reader->arena, &reader->campaign->programs, name);
    }
    return true;
}

static bool read_numbers(Reader *reader, const json_t *data) {
    Campaign *campaign = reader->campaign;
    int runs, layouts;
    if (!number_of(data, "runs", 1, NUMBER_MOST, &runs) ||
        !number_of(data, "layouts", 1, NUMBER_MOST, &layouts))
        return wrong(reader, "a campaign needs numbers of \"runs\" and \"layouts\", from 1 on");
    campaign->runs = (size_t)runs;
    campaign->layouts = (size_t)layouts;
    campaign->seed = (uint64_t)json_integer_value(json_object_get(data, "seed"));
    return true;
}

static bool read_campaign(Reader *reader, const json_t *data) {
    int format;
    if (reader->campaign)
        return wrong(reader, "a second campaign begins here: one file has one");
    if (!number_of(data, "format", 1, NUMBER_MOST, &format))
        return wrong(reader, "the campaign has no \"format\"");
    if (format > RAW_FILE_FORMAT)
        return wrong(reader, arena_printf(reader->arena,
                                          "format %d is newer than this Loopwright, which knows "
                                          "those up to %d",
                                          format, RAW_FILE_FORMAT));
    Campaign *campaign = reader->campaign = campaign_new(reader->arena);
    const char *clock = text_of(reader, data, "clock");
    campaign->clock = clock ? clock : campaign->clock;
    campaign->date = text_of(reader, data, "date");
    campaign->version = text_of(reader, data, "version");
    campaign->command = text_of(reader, data, "command");
    campaign->count_arguments = text_of(reader, data, "count_args");
    read_machine(reader, json_object_get(data, "machine"));
    const json_t *subjects = json_object_get(data, "subjects"),
                 *programs = json_object_get(data, "programs");
    if (!json_array_size(subjects) || !json_array_size(programs))
        return wrong(reader, "a campaign needs \"subjects\" and \"programs\"");
    if (json_array_size(subjects) > NAMES_MOST || json_array_size(programs) > NAMES_MOST ||
        json_array_size(subjects) * json_array_size(programs) > ROWS_MOST)
        return wrong(reader, "these are more subjects and programs than anybody could measure");
    size_t index;
    json_t *subject, *word;
    json_array_foreach(json_object_get(data, "loop"), index, word) {
        if (json_is_string(word))
            ARENA_PUSH(reader->arena, &campaign->loop,
                       arena_strdup(reader->arena, json_string_value(word)));
    }
    json_array_foreach(subjects, index, subject) {
        if (!read_subject(reader, subject))
            return false;
    }
    if (!read_programs(reader, programs) || !read_numbers(reader, data))
        return false;
    campaign_complete(campaign);
    return true;
}

// ---- Counts and runs ----------------------------------------------------------------------------

// Of which subject and program the line is.
static bool read_place(Reader *reader, const json_t *line, size_t *subject, size_t *program) {
    const char *name = json_string_value(json_object_get(line, "variant")),
               *words = json_string_value(json_object_get(line, "program"));
    if (!reader->campaign)
        return wrong(reader, "the first line of raw data is that of the campaign");
    if (!name || !words)
        return wrong(reader, "a line needs a \"variant\" and a \"program\"");
    if (!campaign_find_subject(reader->campaign, name, subject))
        return wrong(reader, arena_printf(reader->arena, "the campaign has no subject '%s'", name));
    if (!campaign_find_program(reader->campaign, words, program))
        return wrong(reader,
                     arena_printf(reader->arena, "the campaign has no program '%s'", words));
    return true;
}

static bool take_real(const json_t *data, const char *key, double *into) {
    *into = figure_of(data, key);
    return *into != RUN_NO_FIGURE;
}

static bool read_counts(Reader *reader, const json_t *line, const json_t *data) {
    size_t subject, program;
    if (!read_place(reader, line, &subject, &program))
        return false;
    CampaignCounts *counts = campaign_counts(reader->campaign, subject, program);
    *counts =
        (CampaignCounts){.is_weighted = json_is_true(json_object_get(data, "dispatch_weighted"))};
    bool blocks = take_real(data, "dispatch_blocks", &counts->dispatch_blocks),
         dispatches = take_real(data, "dispatches", &counts->dispatches);
    counts->has_dispatch =
        take_real(data, "dispatch_instructions", &counts->dispatch_instructions) && blocks;
    counts->has_sites = number_of(data, "dispatch_sites", 0, NUMBER_MOST, &counts->dispatch_sites);
    counts->has_reads = take_real(data, "frame_reads_per_bytecode", &counts->frame_reads);
    counts->has_executed = take_real(data, "bytecodes", &counts->bytecodes) && dispatches;
    return true;
}

static void read_iterations(Reader *reader, const json_t *data, CampaignRun *run) {
    run->iteration_count = json_array_size(data);
    run->iterations = ARENA_ARRAY(reader->arena, double, run->iteration_count);
    for (size_t i = 0; i < run->iteration_count; i++) {
        const json_t *time = json_array_get(data, i);
        double number = json_number_value(time);
        run->iterations[i] =
            json_is_number(time) && isfinite(number) && number >= 0 ? number : RUN_NO_FIGURE;
    }
}

// A run that says nothing of its result, as it comes from elsewhere, is taken for right if it has a
// time: who lets its harness print one has verified.
static RunVerdict read_verdict(const json_t *line, bool has_time) {
    const json_t *verified = json_object_get(line, "verified");
    if (json_is_null(verified))
        return RUN_UNKNOWN;
    return has_time && !json_is_false(verified) ? RUN_VERIFIED : RUN_WRONG;
}

static bool read_run(Reader *reader, const json_t *line) {
    CampaignRun run = {0};
    const json_t *time = json_object_get(line, "microseconds");
    if (!read_place(reader, line, &run.subject, &run.program))
        return false;
    if (!number_of(line, "run", 0, NUMBER_MOST, &run.run))
        return wrong(reader, "\"run\" is a number from 0 on");
    if (json_object_get(line, "placement") &&
        !number_of(line, "placement", 0, NUMBER_MOST, &run.placement))
        return wrong(reader, "\"placement\" is a number from 0 on");
    run.microseconds = figure_of(line, "microseconds");
    if (time && run.microseconds == RUN_NO_FIGURE)
        return wrong(reader, "\"microseconds\" is a time, from 0 on");
    run.verdict = read_verdict(line, time != NULL);
    run.reason = text_of(reader, line, "reason");
    if (run.verdict != RUN_VERIFIED && !run.reason)
        run.reason = "the data say no reason";
    read_iterations(reader, json_object_get(line, "iterations_us"), &run);
    run.wall = figure_of(line, "wall_us");
    run.user = figure_of(line, "user_us");
    run.system = figure_of(line, "system_us");
    run.instructions = figure_of(line, "instructions");
    run.cycles = figure_of(line, "cycles");
    run.branch_misses = figure_of(line, "branch_misses");
    if (!number_of(line, "repeated", 0, NUMBER_MOST, &run.repeated))
        run.repeated = 0;
    ARENA_PUSH(reader->arena, &reader->campaign->measured, run);
    return true;
}

static bool read_object(Reader *reader, const json_t *line) {
    const json_t *campaign = json_object_get(line, "campaign"),
                 *counts = json_object_get(line, "counts");
    if (!json_is_object(line))
        return wrong(reader, "a line of raw data is a JSON object");
    if (campaign)
        return read_campaign(reader, campaign);
    return counts ? read_counts(reader, line, counts) : read_run(reader, line);
}

// ---- Lines --------------------------------------------------------------------------------------

// The last line of a file may have no end, if whoever wrote it was stopped: then it isn't worth
// more than none.
static bool read_line(Reader *reader, const char *line, size_t length, bool is_cut) {
    json_error_t error;
    if (strspn(line, " \t\r") >= length)
        return true;
    json_t *data = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
    bool good = data != NULL;
    if (data)
        good = read_object(reader, data);
    else if (is_cut && reader->campaign) {
        command_warning("%s:%d: the last line is cut off, and left out",
                        reader->diagnostics.source.name, reader->line);
        good = true;
    } else {
        diagnostic_error(&reader->diagnostics,
                         (Location){reader->line, error.column > 0 ? error.column : 1}, "%s",
                         error.text);
    }
    json_decref(data);
    return good;
}

static bool read_lines(Reader *reader, const Text *text) {
    const char *line = text_chars(text), *end = line + text->length;
    for (reader->line = 1; line < end; reader->line++) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        bool is_cut = !stop;
        if (is_cut)
            stop = end;
        if (!read_line(reader, line, (size_t)(stop - line), is_cut))
            return false;
        line = stop + 1;
    }
    return true;
}

Campaign *raw_file_parse(Arena *arena, const char *path, const Text *text) {
    const char *name = command_input_name(path);
    Reader reader = {
        .arena = arena,
        .diagnostics = {.source = {name, text_chars(text), text->length, 0}, .stream = stderr}};
    if (!read_lines(&reader, text))
        return NULL;
    if (!reader.campaign) {
        command_failure("%s holds no campaign", name);
        return NULL;
    }
    campaign_count_rounds(reader.campaign);
    return reader.campaign;
}

Campaign *raw_file_read(Arena *arena, const char *path) {
    Text text = {0};
    Campaign *campaign = NULL;
    if (text_read_file_up_to(&text, path, RAW_FILE_MOST))
        campaign = raw_file_parse(arena, path, &text);
    else
        command_failure("can't read %s: %s", command_input_name(path), strerror(errno));
    text_free(&text);
    return campaign;
}
