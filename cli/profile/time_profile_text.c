// See time_profile_print.h: a profile of time for a terminal.
#include "cli/profile/time_profile_print.h"
#include "support/source_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *time_profile_event(const TimeProfile *profile) {
    return profile->samples->in_cycles ? "cycles" : "cpu-clock";
}

typedef struct Printing {
    const TimeProfile *profile;
    const TimeProfileWords *words;
    Text *out;
} Printing;

// ---- Columns -------------------------------------------------------------------------------

// Milliseconds or millions of cycles, as both are a millionth of what is counted.
static const char *unit(const Printing *printing) {
    return printing->profile->samples->in_cycles ? "Mcycles" : "ms";
}

static void add_time(const Printing *printing, const Timed *timed) {
    text_addf(printing->out, "%9.1f %6.2f %%", timed->time / 1e6,
              100 * time_share(printing->profile, timed));
}

static void add_time_head(const Printing *printing) {
    text_addf(printing->out, "%9s %8s", unit(printing), "share");
}

// How many of `count` rows are shown.
static size_t shown(const Printing *printing, size_t count) {
    return count < printing->words->most ? count : printing->words->most;
}

static void add_rest(const Printing *printing, size_t count) {
    if (count > printing->words->most)
        text_addf(printing->out, "... and %zu more\n", count - printing->words->most);
}

// Blanks at the end of a line are nobody's.
static void end_line(Text *out) {
    while (out->length > 0 && out->chars[out->length - 1] == ' ')
        out->chars[--out->length] = '\0';
    text_add(out, "\n");
}

// ---- The whole -----------------------------------------------------------------------------

static void print_head(const Printing *printing) {
    const Samples *samples = printing->profile->samples;
    text_addf(printing->out, "%s\n%s\n%" PRIu64 " samples by %s, %d asked for in each second\n",
              printing->words->program, printing->words->interpreter,
              printing->profile->all.samples,
              samples->in_cycles ? "the processor's cycles"
                                 : "the software clock (cycles are not counted here)",
              samples->frequency);
    if (samples->lost)
        text_addf(printing->out, "%" PRIu64 " samples were lost\n", samples->lost);
    if (samples->throttled)
        text_addf(printing->out, "the kernel took fewer than asked for, %" PRIu64 " times\n",
                  samples->throttled);
}

static void print_kinds(const Printing *printing) {
    const TimeProfile *profile = printing->profile;
    text_addf(printing->out, "\n%-14s", "");
    add_time_head(printing);
    text_add(printing->out, "\n");
    Timed loop = {0};
    for (int i = 0; i < TIMED_KINDS; i++) {
        text_addf(printing->out, "%-14s", timed_kind_text((TimedKind)i));
        add_time(printing, &profile->kinds[i]);
        text_add(printing->out, "\n");
        loop.time += i < TIMED_LOOP_KINDS ? profile->kinds[i].time : 0;
    }
    if (loop.time > 0)
        text_addf(printing->out,
                  "Of the time within the loop %.1f %% is dispatch, and %.1f %% lies on the first\n"
                  "instructions of bytecodes, where a jump that was not foreseen shows.\n",
                  100 * profile->kinds[TIMED_DISPATCH].time / loop.time,
                  100 * profile->arrivals.time / loop.time);
}

// ---- Lists ---------------------------------------------------------------------------------

static void print_bytecodes(const Printing *printing) {
    const TimeProfile *profile = printing->profile;
    text_addf(printing->out, "\n");
    add_time_head(printing);
    for (int i = 0; i < TIMED_LOOP_KINDS; i++)
        text_addf(printing->out, " %10s", timed_kind_text((TimedKind)i));
    text_add(printing->out, "  bytecode\n");
    for (size_t i = 0; i < shown(printing, profile->bytecodes.count); i++) {
        const TimedBytecode *timed = &profile->bytecodes.items[i];
        add_time(printing, &timed->all);
        for (int k = 0; k < TIMED_LOOP_KINDS; k++)
            text_addf(printing->out, " %8.2f %%", 100 * time_share(profile, &timed->kinds[k]));
        text_addf(printing->out, "  %s\n", code_owner_name(profile->report, timed->bytecode));
    }
    add_rest(printing, profile->bytecodes.count);
}

static void print_functions(const Printing *printing) {
    const TimeProfile *profile = printing->profile;
    if (!profile->functions.count)
        return;
    text_add(printing->out, "\n");
    add_time_head(printing);
    text_add(printing->out, "  function\n");
    for (size_t i = 0; i < shown(printing, profile->functions.count); i++) {
        const TimedName *named = &profile->functions.items[i];
        add_time(printing, &named->all);
        text_addf(printing->out, "  %s", named->name);
        text_addf(printing->out, named->file ? " (%s)\n" : "\n", named->file);
    }
    add_rest(printing, profile->functions.count);
}

static void print_lines(const Printing *printing) {
    const TimeProfile *profile = printing->profile;
    if (!profile->lines.count)
        return;
    text_add(printing->out, "\n");
    add_time_head(printing);
    text_addf(printing->out, "  line of %s\n",
              profile->report->definition ? profile->report->definition : "the definition");
    for (size_t i = 0; i < shown(printing, profile->lines.count); i++) {
        const TimedLine *line = &profile->lines.items[i];
        add_time(printing, &line->all);
        if (line->line)
            text_addf(printing->out, " %5s  %s",
                      source_line_text(&profile->report->parts, line->line, profile->arena),
                      line->text ? line->text : "");
        else
            text_add(printing->out, "     -  (joined or moved by LLVM: of no line)");
        end_line(printing->out);
    }
    add_rest(printing, profile->lines.count);
}

static void print_addresses(const Printing *printing) {
    const TimeProfile *profile = printing->profile;
    if (!profile->instructions.count)
        return;
    text_add(printing->out, "\n");
    add_time_head(printing);
    text_addf(printing->out, "   address  %-40s bytecode\n", "instruction");
    for (size_t i = 0; i < shown(printing, profile->instructions.count); i++) {
        const TimedInstruction *timed = &profile->instructions.items[i];
        const MachineInstruction *at =
            &profile->report->code->instructions.items[timed->instruction];
        add_time(printing, &timed->all);
        text_addf(printing->out, "  %8" PRIx64 "  %-40s %s\n", at->address, at->text,
                  code_owner_name(profile->report, profile->owners[timed->instruction].bytecode));
    }
    add_rest(printing, profile->instructions.count);
}

// ---- The table -----------------------------------------------------------------------------

static void print_table_row(const Printing *printing, const DispatchRow *row, const Timed *timed,
                            int block) {
    text_addf(printing->out, "%5d  %8" PRIx64 "  %-40s %-18s", block, row->instruction->offset,
              row->instruction->text, dispatch_row_text(row));
    add_time(printing, timed);
    if (row->line)
        text_addf(printing->out, " %5s",
                  source_line_text(&printing->profile->report->parts, row->line,
                                   printing->profile->arena));
    else
        text_add(printing->out, "     -");
    text_addf(printing->out, "  %s", row->operation ? row->operation : "");
    end_line(printing->out);
}

static void print_table(const Printing *printing, const TimeTable *table) {
    Text *out = printing->out;
    if (!table->rows.count)
        return;
    text_addf(out, "\n%s, instruction by instruction\n", table->name);
    text_addf(out, "%5s  %8s  %-40s %-18s", "block", "address", "instruction", "class");
    add_time_head(printing);
    text_addf(out, " %5s  %s\n", "line", "operation");
    int block = 1;
    for (size_t i = 0; i < table->rows.count; i++) {
        const DispatchRow *row = &table->rows.items[i];
        block += i > 0 && (row->begins_block || i == table->on_way);
        if (i == table->on_way)
            text_add(out, "       off the usual way, where samples were taken:\n");
        print_table_row(printing, row, &table->times[i], block);
    }
    text_addf(out, "%76s", "together ");
    add_time(printing, &table->all);
    text_add(out, "\n");
    if (table->has_shared)
        text_add(out, "The dispatch that all bytecodes share has the time of all of them.\n");
}

void time_profile_print_text(const TimeProfile *profile, const TimeTable *table,
                             const TimeProfileWords *words, Text *out) {
    Printing printing = {profile, words, out};
    print_head(&printing);
    print_kinds(&printing);
    print_bytecodes(&printing);
    print_functions(&printing);
    print_lines(&printing);
    print_addresses(&printing);
    print_table(&printing, table);
}
