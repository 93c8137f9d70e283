// The table of one bytecode, and the stacks: what time_profile.h has besides the profile itself.
// The rows are those of `loopwright dispatch`, so that both say the same of an instruction.
#include "cli/profile/time_profile.h"

static void add_row(const TimeProfile *profile, TimeTable *table, const DispatchRow *row) {
    ARENA_PUSH(profile->arena, &table->rows, *row);
}

static const CodeOwner *owner_of(const TimeProfile *profile, const DispatchRow *row) {
    return &profile->owners[row->instruction - profile->report->code->instructions.items];
}

static Timed time_of(const TimeProfile *profile, const DispatchRow *row) {
    return profile->by_instruction[row->instruction - profile->report->code->instructions.items];
}

// Off the usual way there may be much that is hardly ever executed: it is left out where no sample
// was taken.
static void add_bytecode(const TimeProfile *profile, const MeasuredBytecode *bytecode,
                         TimeTable *table) {
    table->name = bytecode->in_table->name;
    DispatchRows way = dispatch_rows_path(profile->report, bytecode, true);
    for (size_t i = 0; i < way.count; i++)
        add_row(profile, table, &way.items[i]);
    table->on_way = way.count;
    for (size_t i = 0; i < way.count; i++)
        table->has_shared =
            table->has_shared || owner_of(profile, &way.items[i])->bytecode == OWNER_DISPATCH;
    DispatchRows elsewhere = dispatch_rows_elsewhere(profile->report, bytecode);
    for (size_t i = 0; i < elsewhere.count; i++)
        if (time_of(profile, &elsewhere.items[i]).samples)
            add_row(profile, table, &elsewhere.items[i]);
}

// What of a bytecode's path is the dispatch that all share.
static void add_shared(const TimeProfile *profile, const MeasuredBytecode *bytecode,
                       TimeTable *table) {
    table->name = code_owner_name(profile->report, OWNER_DISPATCH);
    DispatchRows path = dispatch_rows_path(profile->report, bytecode, false);
    for (size_t i = 0; i < path.count; i++)
        if (owner_of(profile, &path.items[i])->bytecode == OWNER_DISPATCH)
            add_row(profile, table, &path.items[i]);
    table->on_way = table->rows.count;
}

static void add_times(const TimeProfile *profile, TimeTable *table) {
    table->times = ARENA_ARRAY(profile->arena, Timed, table->rows.count);
    for (size_t i = 0; i < table->rows.count; i++) {
        table->times[i] = time_of(profile, &table->rows.items[i]);
        table->all.samples += table->times[i].samples;
        table->all.time += table->times[i].time;
    }
}

// The one that took most of those that dispatch; NULL: none was seen.
static const MeasuredBytecode *hottest(const TimeProfile *profile) {
    for (size_t i = 0; i < profile->bytecodes.count; i++) {
        int bytecode = profile->bytecodes.items[i].bytecode;
        if (bytecode >= 0 && profile->report->bytecodes.items[bytecode].path.dispatches)
            return &profile->report->bytecodes.items[bytecode];
    }
    return NULL;
}

static bool has_shared_dispatch(const TimeProfile *profile) {
    for (size_t i = 0; i < profile->bytecodes.count; i++)
        if (profile->bytecodes.items[i].bytecode == OWNER_DISPATCH)
            return true;
    return false;
}

TimeTable time_profile_table(const TimeProfile *profile) {
    TimeTable table = {0};
    const MeasuredBytecode *chosen = profile->report->chosen;
    const MeasuredBytecode *bytecode = chosen ? chosen : hottest(profile);
    if (bytecode && !chosen && has_shared_dispatch(profile))
        add_shared(profile, bytecode, &table);
    if (bytecode && !table.rows.count)
        add_bytecode(profile, bytecode, &table);
    add_times(profile, &table);
    return table;
}

// ---- Stacks --------------------------------------------------------------------------------

FoldedStacks time_profile_stacks(const TimeProfile *profile, const char *program) {
    FoldedStacks stacks = {0};
    for (size_t i = 0; i < profile->bytecodes.count; i++) {
        const TimedBytecode *timed = &profile->bytecodes.items[i];
        const char *frames[] = {program, "interpret",
                                code_owner_name(profile->report, timed->bytecode)};
        folded_stacks_add(&stacks, profile->arena, frames, 3, timed->all.samples);
    }
    for (size_t i = 0; i < profile->functions.count; i++) {
        const TimedName *timed = &profile->functions.items[i];
        const char *frames[] = {program, timed->file ? timed->file : "runtime", timed->name};
        folded_stacks_add(&stacks, profile->arena, frames, 3, timed->all.samples);
    }
    const char *frames[] = {program, timed_kind_text(TIMED_UNATTRIBUTED)};
    folded_stacks_add(&stacks, profile->arena, frames, 2,
                      profile->kinds[TIMED_UNATTRIBUTED].samples);
    folded_stacks_sort(&stacks);
    return stacks;
}
