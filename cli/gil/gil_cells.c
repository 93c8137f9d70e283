// The cells of `loopwright gil`: a process each, several at a time. Whether a claim holds doesn't
// depend on what else the machine does: where it holds nobody can be stopped while it is wrong, and
// where it doesn't it takes longer to be seen. So what is expected to be violated is tried until it
// is, and only the others for a fixed time.
#include "cli/bench/harness_output.h"
#include "cli/gil/gil.h"
#include "cli/parallel.h"
#include "cli/progress.h"
#include "runtime/threads/threads.h"
#include "support/interruption.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

// ---- What is run ----------------------------------------------------------------------------

static GilVerdict expected_of(const GilDemo *demo, const GilColumn *column) {
    const char *text = json_string_value(json_object_get(demo->expected, column->name));
    return text && !column->is_python ? gil_verdict_find(text) : GIL_UNKNOWN;
}

// A demonstration without a counterpart has no cell there.
static void add_cells(Gil *gil) {
    for (size_t i = 0; i < gil->intervals.count; i++)
        for (size_t d = 0; d < gil->demos.count; d++)
            for (size_t c = 0; c < gil->columns.count; c++) {
                const GilDemo *demo = &gil->demos.items[d];
                const GilColumn *column = &gil->columns.items[c];
                const GilCell cell = {.demo = demo,
                                      .column = column,
                                      .interval = gil->intervals.items[i],
                                      .expected = expected_of(demo, column)};
                if (!column->is_python || demo->python)
                    ARENA_PUSH(gil->arena, &gil->cells, cell);
            }
}

static double seconds_of(const Gil *gil, const GilCell *cell) {
    bool waits = cell->expected == GIL_VIOLATED && gil->patience > gil->seconds;
    return waits ? gil->patience : gil->seconds;
}

// The most that the whole of it may take: who tries a claim for a time has to begin and to end,
// too.
static double limit_of(const Gil *gil, const GilCell *cell) {
    return seconds_of(gil, cell) + gil->patience;
}

// A verdict is a line, and an error's trace is not long either.
enum { MOST_OUTPUT = 64 << 10 };

static ParallelProgram program_of(const Gil *gil, const GilCell *cell) {
    ARENA_VECTOR(const char *) words = {0};
    Arena *arena = gil->arena;
    ARENA_PUSH(arena, &words, cell->column->program);
    if (cell->column->is_python) {
        ARENA_PUSH(arena, &words, "-B"); // leaves nothing beside the demonstrations
        ARENA_PUSH(arena, &words, cell->demo->python);
    } else {
        ARENA_PUSH(arena, &words, "-cp");
        ARENA_PUSH(arena, &words, gil->folder.path);
        ARENA_PUSH(arena, &words, cell->demo->word);
    }
    ARENA_PUSH(arena, &words, arena_printf(arena, "%g", seconds_of(gil, cell)));
    ARENA_PUSH(arena, &words, arena_printf(arena, "%" PRId64, cell->interval));
    ARENA_PUSH(arena, &words, NULL);
    return (ParallelProgram){
        .words = (char *const *)words.items, .seconds = limit_of(gil, cell), .output = MOST_OUTPUT};
}

// ---- What came of it ------------------------------------------------------------------------

static bool is_refusal(const ParallelOutcome *outcome) {
    return outcome->end == PARALLEL_EXITED && outcome->number == 1 && !outcome->output.length &&
           strstr(text_chars(&outcome->errors), THREADS_NO_POLLS);
}

// `holds N` or `violated N`, one line and no more.
static bool read_verdict(GilCell *cell, const char *text) {
    size_t word = strcspn(text, " ");
    char *end;
    for (int verdict = GIL_HOLDS; verdict <= GIL_VIOLATED; verdict++)
        if (strncmp(text, gil_verdict_text(verdict), word) == 0 &&
            !gil_verdict_text(verdict)[word] && isdigit((unsigned char)text[word + 1])) {
            errno = 0;
            cell->rounds = strtoll(text + word + 1, &end, 10);
            if (errno || strcmp(end, "\n") != 0)
                return false;
            cell->verdict = (GilVerdict)verdict;
            return true;
        }
    return false;
}

// Text of somebody else's in a message: one line, and no bytes that a terminal would act upon.
static const char *first_line(Arena *arena, const char *text) {
    char *line = arena_strndup(arena, text, strcspn(text, "\n"));
    for (char *c = line; *c; c++)
        if (iscntrl((unsigned char)*c))
            *c = '?';
    enum { MOST = 400 };
    return strlen(line) > MOST ? arena_printf(arena, "%.*s...", MOST, line) : line;
}

// A program that was ended by force has lost what it would have said.
static void read_outcome(const Gil *gil, GilCell *cell, const ParallelOutcome *outcome) {
    Arena *arena = gil->arena;
    cell->seconds = outcome->seconds;
    if (outcome->end == PARALLEL_LATE)
        cell->failure =
            arena_printf(arena, "it has not ended after %g seconds", limit_of(gil, cell));
    else if (outcome->end == PARALLEL_TALKATIVE)
        cell->failure = arena_printf(arena, "it prints more than %d KiB", MOST_OUTPUT >> 10);
    else if (is_refusal(outcome))
        cell->verdict = GIL_REFUSED;
    else if (outcome->end != PARALLEL_EXITED || outcome->number != 0)
        cell->failure = first_line(arena, harness_failure(arena, parallel_status(outcome),
                                                          &outcome->output, &outcome->errors));
    else if (!read_verdict(cell, text_chars(&outcome->output)))
        cell->failure = arena_printf(arena, "it prints no verdict, but '%s'",
                                     first_line(arena, text_chars(&outcome->output)));
}

// ---- All of them ----------------------------------------------------------------------------

typedef struct Running {
    Gil *gil;
    size_t ended;
} Running;

static ParallelProgram begin_cell(void *context, size_t index) {
    const Gil *gil = ((Running *)context)->gil;
    return program_of(gil, &gil->cells.items[index]);
}

static bool end_cell(void *context, size_t index, ParallelOutcome *outcome) {
    Running *running = context;
    Gil *gil = running->gil;
    read_outcome(gil, &gil->cells.items[index], outcome);
    parallel_outcome_free(outcome);
    progress_tell("run", ++running->ended, gil->cells.count);
    return true;
}

// Who tries a claim that holds waits for the clock, however little it runs: there is room for more
// than one a processor.
static size_t width_of(const Gil *gil) {
    size_t width = gil->width ? (size_t)gil->width : 2 * parallel_processors();
    return width < CHILDREN_MOST ? width : CHILDREN_MOST;
}

void gil_run_cells(Gil *gil) {
    add_cells(gil);
    Running running = {.gil = gil};
    parallel_run(&(ParallelRuns){.count = gil->cells.count,
                                 .width = width_of(gil),
                                 .context = &running,
                                 .begin = begin_cell,
                                 .end = end_cell});
}

bool gil_is_wrong(const GilCell *cell) {
    if (cell->column->is_python)
        return false;
    return cell->failure || (cell->expected && cell->verdict != cell->expected);
}
