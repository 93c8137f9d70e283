// See interleaving.h. Most of what a thread does is of no interest to who looks for a fault: loops
// go round, and the core library does what it does. So rounds are folded, long segments are cut in
// their midst, and of the core library there is only where a thread stops in it. Data has all.
#include "cli/race/interleaving.h"

#include "support/characters.h"
#include "support/json/json_text.h"

#include <string.h>

enum {
    INDENT = 4,
    MOST_INDENTED = 8,  // threads; the others stand below the last
    LONGEST_ROUND = 16, // lines of a loop that is folded
    LEAST_ROUNDS = 3,
};

// ---- Segments -------------------------------------------------------------------------------

static bool is_same_line(const LogPlace *one, const LogPlace *other) {
    if (!one->file || !other->file)
        return one->file == other->file;
    return one->line == other->line && strcmp(one->file, other->file) == 0;
}

static void add_line(Arena *arena, InterleavingSegment *segment, const LogPlace *place) {
    if (!place->file && !place->method)
        return;
    size_t count = segment->lines.count;
    if (count && is_same_line(&segment->lines.items[count - 1], place))
        return;
    ARENA_PUSH(arena, &segment->lines, *place);
}

typedef struct Maker {
    Interleaving *interleaving;
    Arena *arena;
    InterleavingSegment segment; // that goes on
    bool has_begun;
    // Where each thread was seen last. Threads are numbered in turn, so a number beyond those of
    // all records is no thread's, and has no place here.
    LogPlace *last;
    size_t threads;
} Maker;

static void finish(Maker *maker) {
    if (maker->has_begun)
        ARENA_PUSH(maker->arena, &maker->interleaving->segments, maker->segment);
    maker->has_begun = false;
}

static void begin(Maker *maker, uint64_t thread) {
    maker->has_begun = true;
    maker->segment = (InterleavingSegment){.thread = thread};
    if (thread < maker->threads)
        add_line(maker->arena, &maker->segment, &maker->last[thread]);
}

void interleaving_make(Interleaving *interleaving, Arena *arena, const ScheduleLog *schedule) {
    *interleaving = (Interleaving){0};
    Maker maker = {interleaving, arena, {0}, false, NULL, schedule->records.count + 2};
    maker.last = ARENA_ARRAY(arena, LogPlace, maker.threads);
    for (size_t i = 0; i < schedule->records.count; i++) {
        const LogRecord *record = &schedule->records.items[i];
        if (maker.has_begun && maker.segment.thread != record->thread)
            finish(&maker);
        if (!maker.has_begun)
            begin(&maker, record->thread);
        add_line(arena, &maker.segment, &record->place);
        if (record->thread < maker.threads && record->place.file)
            maker.last[record->thread] = record->place;
        if (record->kind == LOG_LINE)
            continue;
        maker.segment.end = record;
        finish(&maker);
        begin(&maker, record->next);
    }
    finish(&maker);
}

// ---- Text -----------------------------------------------------------------------------------

typedef struct Printer {
    SourceLines *sources;
    size_t most_lines;
    int label_width;
    int indent; // of the segment
    Text *out;
    const LogPlace **shown; // lines of the segment whose text is there
    size_t shown_count;
    const LogPlace **last; // the last that was shown of each thread: what it is still in
    size_t threads;
} Printer;

static const char *base_name(const char *file) {
    const char *slash = strrchr(file, '/');
    return slash ? slash + 1 : file;
}

static const char *text_at(const Printer *printer, const LogPlace *place) {
    return place->file ? source_line(printer->sources, place->file, place->line) : NULL;
}

static size_t blanks_before(const char *line) {
    return strspn(line, " \t");
}

// `File.som:12`, in a column of its own.
static void print_label(const Printer *printer, const LogPlace *place) {
    Text label = {0};
    text_addf(&label, "%s:%d", base_name(place->file), place->line);
    text_addf(printer->out, "%*s", printer->indent + 2, "");
    text_add_visible(printer->out, text_chars(&label), label.length);
    text_addf(printer->out, "%*s", printer->label_width - (int)label.length + 2, "");
    text_free(&label);
}

static void print_line(const Printer *printer, const LogPlace *place) {
    const char *text = text_at(printer, place);
    text += blanks_before(text);
    print_label(printer, place);
    text_add_visible(printer->out, text, strlen(text));
    text_add(printer->out, "\n");
}

static void print_blanks(const Printer *printer) {
    text_addf(printer->out, "%*s", printer->indent + 2, "");
}

// The columns of the first `count` bytes of a line, as it is printed.
static int columns_of(const char *line, size_t count) {
    size_t length = strlen(line), at = 0;
    int columns = 0;
    while (at < count && at < length) {
        size_t step = character_length(line + at, length - at);
        uint32_t code = step ? character_code(line + at, step) : '?';
        columns += step && character_is_visible(code) ? character_columns(code) : 1;
        at += step ? step : 1;
    }
    return columns;
}

// Below the line that the thread stands at, if that is shown.
static void print_end(const Printer *printer, const LogRecord *end, bool below_line) {
    static const char *const words[] = {"stopped here", "yields", "waits", "ends"};
    const LogPlace *place = &end->place;
    const char *text = text_at(printer, place);
    print_blanks(printer);
    if (below_line && text && place->column > 0) {
        size_t blanks = blanks_before(text), column = (size_t)place->column - 1;
        int before = column > blanks ? columns_of(text + blanks, column - blanks) : 0;
        text_addf(printer->out, "%*s^ ", printer->label_width + 2 + before, "");
    }
    text_add(printer->out, words[end->kind]);
    if (!text && place->method) {
        text_add(printer->out, " in ");
        text_add_visible(printer->out, place->method, strlen(place->method));
    }
    text_addf(printer->out, "; thread %llu goes on\n", (unsigned long long)end->next);
}

// How often the `length` lines from `from` on come after each other.
static size_t rounds_at(const Printer *printer, size_t from, size_t length, size_t end) {
    size_t rounds = 1;
    for (size_t at = from + length; at + length <= end; at += length, rounds++)
        for (size_t i = 0; i < length; i++)
            if (!is_same_line(printer->shown[from + i], printer->shown[at + i]))
                return rounds;
    return rounds;
}

// Lines that are printed together: one, or the rounds of a loop.
typedef struct Fold {
    size_t from, length, rounds;
} Fold;

// A long round is one of short ones, too; so the shortest that covers most.
static Fold fold_at(const Printer *printer, size_t from, size_t end) {
    Fold best = {from, 1, 1};
    for (size_t length = 1; length <= LONGEST_ROUND && from + length <= end; length++) {
        size_t rounds = rounds_at(printer, from, length, end);
        if (rounds >= LEAST_ROUNDS && rounds * length > best.rounds * best.length)
            best = (Fold){from, length, rounds};
    }
    return best;
}

static void print_fold(const Printer *printer, const Fold *fold) {
    for (size_t i = 0; i < fold->length; i++)
        print_line(printer, printer->shown[fold->from + i]);
    if (fold->rounds == 1)
        return;
    print_blanks(printer);
    if (fold->length == 1)
        text_addf(printer->out, "… %zu times\n", fold->rounds);
    else
        text_addf(printer->out, "… these %zu lines %zu times\n", fold->length, fold->rounds);
}

// The last line of a segment, where it is stopped, stands apart from a loop that it is in.
static void print_lines(const Printer *printer, bool last_apart, Arena *scratch) {
    ARENA_VECTOR(Fold) folds = {0};
    size_t end = printer->shown_count - (last_apart ? 1 : 0), lines = 0;
    for (size_t at = 0; at < end;) {
        Fold fold = fold_at(printer, at, end);
        ARENA_PUSH(scratch, &folds, fold);
        lines += fold.length;
        at += fold.length * fold.rounds;
    }
    size_t half = printer->most_lines / 2, printed = 0, left_out = 0;
    for (size_t i = 0; i < folds.count; printed += folds.items[i++].length) {
        bool is_inside = printer->most_lines && lines > printer->most_lines && printed >= half &&
                         lines - printed > half;
        if (is_inside) {
            left_out += folds.items[i].length;
            continue;
        }
        if (left_out) {
            print_blanks(printer);
            text_addf(printer->out, "… %zu more lines …\n", left_out);
        }
        left_out = 0;
        print_fold(printer, &folds.items[i]);
    }
    if (last_apart)
        print_line(printer, printer->shown[end]);
}

static void find_shown(Printer *printer, const InterleavingSegment *segment, Arena *scratch) {
    printer->shown = ARENA_ARRAY(scratch, const LogPlace *, segment->lines.count + 1);
    printer->shown_count = 0;
    for (size_t i = 0; i < segment->lines.count; i++) {
        const LogPlace *place = &segment->lines.items[i];
        // What is left out between two visits of a line may make one of them.
        bool again =
            printer->shown_count && is_same_line(printer->shown[printer->shown_count - 1], place);
        if (text_at(printer, place) && !again)
            printer->shown[printer->shown_count++] = place;
    }
}

// A thread that goes on within the core library is still in a line of the program's.
static void find_shown_or_last(Printer *printer, const InterleavingSegment *segment,
                               Arena *scratch) {
    bool is_known = segment->thread < printer->threads;
    find_shown(printer, segment, scratch);
    if (!printer->shown_count && is_known && printer->last[segment->thread])
        printer->shown[printer->shown_count++] = printer->last[segment->thread];
    if (printer->shown_count && is_known)
        printer->last[segment->thread] = printer->shown[printer->shown_count - 1];
}

static void print_segment(Printer *printer, const InterleavingSegment *segment) {
    Arena *scratch = arena_new();
    uint64_t column = segment->thread < MOST_INDENTED ? segment->thread : MOST_INDENTED;
    printer->indent = column ? (int)(column - 1) * INDENT : 0;
    text_addf(printer->out, "%*sthread %llu\n", printer->indent, "",
              (unsigned long long)segment->thread);
    find_shown_or_last(printer, segment, scratch);
    size_t count = printer->shown_count;
    bool below_line =
        segment->end && count && is_same_line(printer->shown[count - 1], &segment->end->place);
    print_lines(printer, below_line, scratch);
    if (segment->end)
        print_end(printer, segment->end, below_line);
    arena_free(scratch);
}

static int label_width(const Interleaving *interleaving, const Printer *printer) {
    int most = 0;
    for (size_t i = 0; i < interleaving->segments.count; i++) {
        const InterleavingSegment *segment = &interleaving->segments.items[i];
        for (size_t j = 0; j < segment->lines.count; j++) {
            const LogPlace *place = &segment->lines.items[j];
            if (!text_at(printer, place))
                continue;
            Text label = {0};
            text_addf(&label, "%s:%d", base_name(place->file), place->line);
            most = (int)label.length > most ? (int)label.length : most;
            text_free(&label);
        }
    }
    return most;
}

void interleaving_print(const Interleaving *interleaving, SourceLines *sources, size_t most_lines,
                        Text *out) {
    Arena *arena = arena_new();
    Printer printer = {.sources = sources,
                       .most_lines = most_lines,
                       .out = out,
                       .threads = interleaving->segments.count + 2};
    printer.last = ARENA_ARRAY(arena, const LogPlace *, printer.threads);
    printer.label_width = label_width(interleaving, &printer);
    for (size_t i = 0; i < interleaving->segments.count; i++)
        print_segment(&printer, &interleaving->segments.items[i]);
    arena_free(arena);
}

// ---- Data -----------------------------------------------------------------------------------

static json_t *place_json(const LogPlace *place, SourceLines *sources) {
    json_t *object = json_object();
    json_object_set_new(object, "method", json_text(place->method));
    json_object_set_new(object, "file", json_text(place->file));
    json_object_set_new(object, "line", place->file ? json_integer(place->line) : json_null());
    json_object_set_new(object, "column", place->file ? json_integer(place->column) : json_null());
    json_object_set_new(object, "text", json_text(source_line(sources, place->file, place->line)));
    return object;
}

static json_t *segment_json(const InterleavingSegment *segment, SourceLines *sources) {
    json_t *object = json_object(), *lines = json_array();
    json_object_set_new(object, "thread", json_integer((json_int_t)segment->thread));
    for (size_t i = 0; i < segment->lines.count; i++)
        json_array_append_new(lines, place_json(&segment->lines.items[i], sources));
    json_object_set_new(object, "lines", lines);
    const LogRecord *end = segment->end;
    json_t *gives_way = end ? json_object() : json_null();
    if (end) {
        json_object_set_new(gives_way, "kind", json_string(log_kind_text(end->kind)));
        json_object_set_new(gives_way, "count", json_integer((json_int_t)end->count));
        json_object_set_new(gives_way, "next", json_integer((json_int_t)end->next));
        json_object_set_new(gives_way, "place", place_json(&end->place, sources));
    }
    json_object_set_new(object, "switch", gives_way);
    return object;
}

json_t *interleaving_json(const Interleaving *interleaving, SourceLines *sources) {
    json_t *segments = json_array();
    for (size_t i = 0; i < interleaving->segments.count; i++)
        json_array_append_new(segments, segment_json(&interleaving->segments.items[i], sources));
    return segments;
}
