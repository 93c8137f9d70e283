// See dispatch_rows.h. The place of a dispatch's instruction has the operation's number where
// other places have a column (backend/llvm/debug_info.c): the module says what stands behind it.
// For work there is a column, and the operation is known where only one stands there.
#include "backend/anatomy/dispatch_rows.h"

#include "backend/anatomy/handler_blocks.h"

#include <string.h>

const char *dispatch_row_text(const DispatchRow *row) {
    static const char *const texts[] = {
        [DISPATCH_ROLE_WORK] = "(work)",
        [DISPATCH_ROLE_POLL] = "(poll)",
        [DISPATCH_ROLE_PADDING] = "(padding)",
        [DISPATCH_ROLE_ELSEWHERE] = "(dispatch)",
    };
    return row->role == DISPATCH_ROLE_STEP ? dispatch_class_text(row->class) : texts[row->role];
}

// ---- Where an instruction comes from -------------------------------------------------

// Of the number; NULL where the line is another one: then the module isn't what was emitted.
static const DispatchOperation *numbered(const DispatchReport *report, AttributedLine line) {
    if (line.column < 1 || (size_t)line.column > report->operation_count)
        return NULL;
    const DispatchOperation *operation = &report->operations[line.column - 1];
    return operation->line == line.line ? operation : NULL;
}

// What all operations of a place are called; NULL: there are several kinds.
static const char *operation_at(const DispatchReport *report, AttributedLine line) {
    const char *found = NULL;
    for (size_t i = dispatch_report_first_at(report, line.line, line.column);
         i < report->operation_count; i++) {
        const DispatchOperation *operation = &report->operations[report->by_place[i]];
        if (operation->line != line.line || operation->column != line.column)
            break;
        if (found && strcmp(found, operation->text) != 0)
            return NULL;
        found = operation->text;
    }
    return found;
}

// LLVM gives copies, spills and reloads, and jumps that it adds itself, the place of whatever stood
// nearest: of these only the place is told.
static bool comes_from_operation(const DispatchRow *row) {
    if (row->role == DISPATCH_ROLE_PADDING)
        return false;
    return row->role != DISPATCH_ROLE_STEP ||
           (row->class != DISPATCH_COPY && row->class != DISPATCH_SPILL);
}

static void find_origin(const DispatchReport *report, DispatchRow *row) {
    AttributedLine line = row->instruction->line;
    row->line = line.line;
    if (line.line == 0)
        return;
    if (row->instruction->to_whom == ATTRIBUTED_TO_WORK) {
        row->column = line.column;
        row->operation = comes_from_operation(row) ? operation_at(report, line) : NULL;
        return;
    }
    const DispatchOperation *operation = numbered(report, line);
    if (operation) {
        row->column = operation->column;
        row->number = line.column;
        row->operation = comes_from_operation(row) ? operation->text : NULL;
    }
}

// ---- Rows ----------------------------------------------------------------------------

static DispatchRole role_of(const MachineInstruction *instruction) {
    if (instruction->kind == MACHINE_PADDING)
        return DISPATCH_ROLE_PADDING;
    switch (instruction->to_whom) {
    case ATTRIBUTED_TO_DISPATCH: return DISPATCH_ROLE_ELSEWHERE;
    case ATTRIBUTED_TO_POLL: return DISPATCH_ROLE_POLL;
    case ATTRIBUTED_TO_WORK: break;
    }
    return DISPATCH_ROLE_WORK;
}

static void add_row(const DispatchReport *report, DispatchRows *rows, DispatchRow row) {
    const DispatchRow *before = rows->count ? &rows->items[rows->count - 1] : NULL;
    row.begins_block = before && before->instruction->block != row.instruction->block;
    find_origin(report, &row);
    ARENA_PUSH(report->arena, rows, row);
}

static bool is_modelled(const DispatchReport *report, const MeasuredBytecode *bytecode) {
    return report->model && dispatch_report_shown(report).shown == bytecode;
}

// On the way but no step, and called dispatch by the debug information: there is nothing like that,
// as all such are steps; polls and padding are told first.
DispatchRows dispatch_rows_path(const DispatchReport *report, const MeasuredBytecode *bytecode,
                                bool with_work) {
    const DispatchPath *path = &bytecode->path;
    DispatchRows rows = {0};
    bool has_model = is_modelled(report, bytecode);
    size_t step = 0;
    for (size_t i = 0; i < path->way.count; i++) {
        DispatchRow row = {.instruction = &report->code->instructions.items[path->way.items[i]],
                           .latency = -1,
                           .throughput = -1};
        bool is_step =
            step < path->steps.count && path->steps.items[step].instruction == path->way.items[i];
        row.role = is_step ? DISPATCH_ROLE_STEP : role_of(row.instruction);
        if (is_step) {
            row.class = path->steps.items[step].class;
            if (has_model) {
                row.latency = report->model->latencies[step];
                row.throughput = report->model->throughputs[step];
            }
            step++;
        }
        if (is_step || with_work)
            add_row(report, &rows, row);
    }
    return rows;
}

DispatchRows dispatch_rows_elsewhere(const DispatchReport *report,
                                     const MeasuredBytecode *bytecode) {
    const MachineCode *code = report->code;
    DispatchRows rows = {0};
    bool *wanted = handler_blocks(report->arena, report, handler_beginnings(report->arena, report),
                                  bytecode->in_table->block);
    for (size_t i = 0; i < bytecode->path.way.count; i++)
        wanted[code->instructions.items[bytecode->path.way.items[i]].block] = false;
    for (size_t b = 0; b < code->blocks.count; b++)
        for (int i = code->blocks.items[b].first; wanted[b] && i <= code->blocks.items[b].last;
             i++) {
            const MachineInstruction *instruction = &code->instructions.items[i];
            DispatchRow row = {.instruction = instruction,
                               .role = role_of(instruction),
                               .latency = -1,
                               .throughput = -1};
            add_row(report, &rows, row);
        }
    return rows;
}
