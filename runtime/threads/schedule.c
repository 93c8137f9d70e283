// See schedule.h. All is called by who holds the lock, and what decides with the lock's mutex
// locked, as a LockPlan is: it must not call the lock.
#include "runtime/threads/schedule.h"

#include "runtime/calls/describe.h"
#include "runtime/calls/method.h"
#include "runtime/vm.h"
#include "support/memory.h"
#include "support/output_file.h"

#include <errno.h>
#include <stdlib.h>

// Priorities of pct: those that are drawn are above those that points of change give, and these
// above all that threads fall to.
enum { DRAWN_PRIORITY = 1 << 30 };

struct Schedule {
    Vm *vm;
    ScheduleOptions options;
    LockPlan plan;
    uint64_t steps;
    uint64_t random;
    uint64_t left; // of the turn, in polls
    // pct
    int64_t *priorities; // by thread; 0: none yet
    size_t priority_count;
    int64_t lowest;
    uint64_t *points; // of change, by their number
    // replay
    ScheduleDecision *decisions;
    size_t decision_count;
    // The log
    FILE *log;
    bool is_cut; // it couldn't be written
};

// ---- Numbers -----------------------------------------------------------------------------------

// Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014 (SplitMix64).
static uint64_t draw(Schedule *schedule) {
    uint64_t mixed = schedule->random += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ mixed >> 31;
}

// One of 0 … count - 1. That these aren't quite equally likely doesn't matter.
static uint64_t draw_below(Schedule *schedule, uint64_t count) {
    return draw(schedule) % count;
}

static uint64_t interval_of(const Schedule *schedule) {
    uint64_t interval = schedule->vm->threads.lock.interval;
    return interval ? interval : 1;
}

// ---- Threads and their seats -------------------------------------------------------------------

static ThreadState *thread_at(const LockSeat *seat) {
    return (ThreadState *)((const char *)seat - offsetof(ThreadState, seat));
}

static LockSeat *find_number(LockSeat *first, int64_t number) {
    for (; first; first = first->next)
        if (thread_at(first)->number == number)
            return first;
    return NULL;
}

// ---- At random ---------------------------------------------------------------------------------

// A power of 2.
static uint64_t longest_turn(const Schedule *schedule) {
    const ScheduleOptions *options = &schedule->options;
    uint64_t most = interval_of(schedule);
    if (options->length && options->length < most)
        most = options->length;
    uint64_t powers = 64 - (uint64_t)__builtin_clzll(most);
    return UINT64_C(1) << options->seed % powers;
}

static LockSeat *choose_at_random(Schedule *schedule, const LockSeat *holder, LockEvent event,
                                  LockSeat *first) {
    (void)holder;
    if (event == LOCK_POLL && schedule->left && --schedule->left)
        return NULL;
    schedule->left = 1 + draw_below(schedule, longest_turn(schedule));
    uint64_t count = 0;
    for (const LockSeat *each = first; each; each = each->next)
        count++;
    if (!count)
        return NULL;
    for (uint64_t skipped = draw_below(schedule, count); skipped; skipped--)
        first = first->next;
    return first;
}

// ---- By priority -------------------------------------------------------------------------------

// Where the thread's priority is, which was drawn at the latest now. The place moves when there are
// more threads: it is for one use, before another is asked for.
static int64_t *priority_place(Schedule *schedule, const LockSeat *seat) {
    size_t number = (size_t)thread_at(seat)->number;
    if (number >= schedule->priority_count) {
        size_t count = 2 * number;
        schedule->priorities =
            memory_resize(schedule->priorities, count * sizeof *schedule->priorities);
        memset(schedule->priorities + schedule->priority_count, 0,
               (count - schedule->priority_count) * sizeof *schedule->priorities);
        schedule->priority_count = count;
    }
    int64_t *priority = &schedule->priorities[number];
    if (!*priority)
        *priority = DRAWN_PRIORITY + (int64_t)(draw(schedule) >> 2);
    return priority;
}

static bool has_run_for_an_interval(Schedule *schedule, const LockSeat *first) {
    schedule->left = first ? schedule->left + 1 : 0;
    return schedule->left >= interval_of(schedule);
}

static void change_priority(Schedule *schedule, const LockSeat *holder, LockEvent event,
                            const LockSeat *first) {
    int64_t *priority = priority_place(schedule, holder);
    for (uint64_t i = 0; i + 1 < schedule->options.depth; i++)
        if (schedule->points[i] == schedule->steps)
            *priority = (int64_t)(schedule->options.depth - i);
    if (event == LOCK_YIELD || has_run_for_an_interval(schedule, first))
        *priority = --schedule->lowest;
}

static LockSeat *choose_by_priority(Schedule *schedule, LockSeat *holder, LockEvent event,
                                    LockSeat *first) {
    change_priority(schedule, holder, event, first);
    LockSeat *best = event == LOCK_POLL ? holder : NULL;
    int64_t highest = best ? *priority_place(schedule, best) : INT64_MIN;
    for (LockSeat *each = first; each; each = each->next) {
        int64_t priority = *priority_place(schedule, each);
        if (priority > highest) {
            best = each;
            highest = priority;
        }
    }
    if (best != holder)
        schedule->left = 0;
    return event == LOCK_POLL && best == holder ? NULL : best;
}

static void begin_pct(Schedule *schedule) {
    const ScheduleOptions *options = &schedule->options;
    schedule->points = memory_allocate((options->depth + 1) * sizeof *schedule->points);
    for (uint64_t i = 0; i < options->depth; i++)
        schedule->points[i] = 1 + draw_below(schedule, options->length);
}

// ---- As it is written --------------------------------------------------------------------------

static const ScheduleDecision *find_decision(const Schedule *schedule, const ThreadState *state) {
    size_t low = 0, high = schedule->decision_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const ScheduleDecision *decision = &schedule->decisions[middle];
        if (decision->thread == state->number && decision->count == state->steps)
            return decision;
        if (decision->thread < state->number ||
            (decision->thread == state->number && decision->count < state->steps))
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static LockSeat *choose_as_written(Schedule *schedule, const LockSeat *holder, LockEvent event,
                                   LockSeat *first) {
    const ScheduleDecision *decision = find_decision(schedule, thread_at(holder));
    LockSeat *next = decision ? find_number(first, decision->next) : NULL;
    return next || event == LOCK_POLL ? next : first;
}

// ---- The log -----------------------------------------------------------------------------------

static void add_place(Text *text, const ThreadState *state) {
    const Frame *frame = state->top;
    if (!frame || !frame->caller) {
        text_add(text, " - -\n");
        return;
    }
    const MethodDetails *details = details_of(frame->method);
    Location at = method_location(frame->method, frame->pc);
    text_addf(text, " %s", details->is_block ? "[]" : "");
    describe_method(text, frame->method);
    if (at.line)
        text_addf(text, " %s:%d:%d\n", details->file, at.line, at.column);
    else
        text_add(text, " -\n");
}

static void write_text(Schedule *schedule, Text *text) {
    schedule->is_cut |= fwrite(text_chars(text), 1, text->length, schedule->log) != text->length;
    text_free(text);
}

static void note_line(Schedule *schedule, ThreadState *state) {
    const Frame *frame = state->top;
    int line = frame && frame->caller ? method_line(frame->method, frame->pc) : 0;
    if (!line || (frame->method == state->noted_method && line == state->noted_line))
        return;
    state->noted_method = frame->method;
    state->noted_line = line;
    Text text = {0};
    text_addf(&text, "line %lld", (long long)state->number);
    add_place(&text, state);
    write_text(schedule, &text);
}

static void note_switch(Schedule *schedule, ThreadState *state, LockEvent event,
                        const LockSeat *next) {
    static const char *const kinds[] = {"poll", "yield", "wait", "end"};
    Text text = {0};
    text_addf(&text, "switch %lld %llu %lld %s", (long long)state->number,
              (unsigned long long)state->steps, (long long)thread_at(next)->number, kinds[event]);
    add_place(&text, state);
    write_text(schedule, &text);
    fflush(schedule->log); // what kills the process may be what somebody looks for
}

static bool begin_log(Schedule *schedule) {
    const char *name = schedule->options.log;
    int file = output_file_open(name);
    schedule->log = file >= 0 ? fdopen(file, "w") : NULL;
    if (!schedule->log) {
        fprintf(schedule->vm->errors, "som: error: can't write the schedule to %s: %s\n", name,
                strerror(errno));
        return false;
    }
    Text text = {0};
    text_add(&text, "schedule 1\n");
    write_text(schedule, &text);
    return true;
}

bool schedule_finish(Schedule *schedule) {
    if (!schedule->log)
        return true;
    Text text = {0};
    text_addf(&text, "steps %llu\n", (unsigned long long)schedule->steps);
    write_text(schedule, &text);
    bool good = !fclose(schedule->log) && !schedule->is_cut;
    schedule->log = NULL;
    if (!good)
        fprintf(schedule->vm->errors, "som: error: can't write the schedule to %s: %s\n",
                schedule->options.log, strerror(errno));
    return good;
}

// ---- Deciding ----------------------------------------------------------------------------------

static LockSeat *choose(void *context, LockSeat *holder, LockEvent event, LockSeat *first) {
    Schedule *schedule = context;
    ThreadState *state = thread_at(holder);
    schedule->steps++;
    state->steps++;
    if (schedule->log && schedule->options.lines)
        note_line(schedule, state);
    LockSeat *next;
    if (schedule->options.kind == SCHEDULE_RANDOM)
        next = choose_at_random(schedule, holder, event, first);
    else if (schedule->options.kind == SCHEDULE_PCT)
        next = choose_by_priority(schedule, holder, event, first);
    else
        next = choose_as_written(schedule, holder, event, first);
    if (next && next != holder && schedule->log && !schedule->options.only_total)
        note_switch(schedule, state, event, next);
    return next;
}

Schedule *schedule_new(Vm *vm, const ScheduleOptions *options) {
    Schedule *schedule = memory_allocate(sizeof *schedule);
    *schedule = (Schedule){
        .vm = vm, .options = *options, .random = options->seed, .plan = {choose, schedule}};
    if ((options->log && !begin_log(schedule)) ||
        (options->kind == SCHEDULE_REPLAY &&
         !schedule_read(options->replay, vm->errors, &schedule->decisions,
                        &schedule->decision_count))) {
        schedule_free(schedule);
        return NULL;
    }
    if (options->kind == SCHEDULE_PCT)
        begin_pct(schedule);
    return schedule;
}

void schedule_free(Schedule *schedule) {
    if (!schedule)
        return;
    if (schedule->log)
        fclose(schedule->log);
    free(schedule->priorities);
    free(schedule->points);
    free(schedule->decisions);
    free(schedule);
}

const LockPlan *schedule_plan(const Schedule *schedule) {
    return &schedule->plan;
}

uint64_t schedule_steps(const Schedule *schedule) {
    return schedule->steps;
}

bool schedule_is_over(const Schedule *schedule) {
    return schedule->options.most && schedule->steps >= schedule->options.most;
}
