// See trace_state.h. What a parameter mirrors is right in the parameter, whereas memory may lag
// behind (docs/ir.md, "as PATH"); so parameters are asked first.
#include "cli/trace_state.h"

#include "support/single.h"

#include <string.h>

static const IrField *find_cursor(const IrRecord *frame) {
    for (size_t i = 0; frame && i < frame->fields.count; i++)
        if (frame->fields.items[i]->cursor)
            return frame->fields.items[i];
    return NULL;
}

static const IrField *find_caller(const IrRecord *frame) {
    for (size_t i = 0; frame && i < frame->fields.count; i++) {
        const IrField *field = frame->fields.items[i];
        if (!field->is_array && field->cell == IR_CELL_PTR && field->pointee == frame)
            return field;
    }
    return NULL;
}

TracedLoop traced_loop(const IrModule *module) {
    return (TracedLoop){module, find_cursor(module->frame), find_caller(module->frame)};
}

// A cell as a word. Cells lie in memory with their lowest byte first.
static uint64_t read_cell(const void *at, IrCell cell) {
    uint64_t word = 0;
    int size = ir_cell_size(cell), rest = 64 - 8 * size;
    memcpy(&word, at, (size_t)size);
    if (cell == IR_CELL_F32)
        return (EvalWord){.number = double_of_single((uint32_t)word)}.bits;
    bool is_signed = cell == IR_CELL_I8 || cell == IR_CELL_I16 || cell == IR_CELL_I32;
    return is_signed ? (uint64_t)((int64_t)(word << rest) >> rest) : word;
}

static uint64_t read_field(const void *record, const IrField *field) {
    return read_cell((const char *)record + field->offset, field->cell);
}

// Where the code begins that the frame runs.
static const unsigned char *code_of(const TracedLoop *loop, const void *frame) {
    const IrPath *path = loop->pc->cursor;
    for (size_t i = 0; i < path->fields.count && frame; i++)
        frame = (const void *)(uintptr_t)read_field(frame, path->fields.items[i]);
    return frame;
}

static void find_code(const TracedLoop *loop, const EvalBeginning *beginning, TracedState *state) {
    const unsigned char *begin = code_of(loop, state->frame);
    int unit = ir_cell_size(loop->pc->cursor_cell);
    int mirror = ir_table_mirror(beginning->table, loop->pc);
    if (!begin)
        return;
    if (mirror >= 0 && beginning->table->parameters.items[mirror].is_cursor) {
        state->code = beginning->parameters[mirror].pointer;
        state->pc = (state->code - begin) / unit;
        return;
    }
    state->pc = mirror >= 0 ? beginning->parameters[mirror].integer
                            : (int64_t)read_field(state->frame, loop->pc);
    state->code = begin + state->pc * unit;
}

static void find_stack(const TracedLoop *loop, const EvalBeginning *beginning, TracedState *state) {
    const IrTable *table = beginning->table;
    const IrField *field = loop->module->stack_field;
    int mirror = ir_table_mirror(table, field);
    state->sp = mirror >= 0 ? beginning->parameters[mirror].pointer
                            : (const void *)(uintptr_t)read_field(state->frame, field);
    for (size_t i = 0; i < table->parameters.count; i++)
        if (table->parameters.items[i].slot == 1) {
            state->has_top = true;
            state->top = beginning->parameters[i].bits;
        }
}

// A module need not declare its state. Then the table's first parameters may be anything.
TracedState traced_state(const TracedLoop *loop, const EvalBeginning *beginning) {
    TracedState state = {0};
    if (!loop->module->frame || beginning->table->parameters.count < IR_STATE_PARAMETERS)
        return state;
    state.thread = beginning->parameters[IR_THREAD_PARAMETER].pointer;
    state.frame = beginning->parameters[IR_FRAME_PARAMETER].pointer;
    if (!state.frame)
        return state;
    if (loop->caller)
        state.caller = (const void *)(uintptr_t)read_field(state.frame, loop->caller);
    if (loop->pc)
        find_code(loop, beginning, &state);
    if (loop->module->stack_field)
        find_stack(loop, beginning, &state);
    return state;
}

int64_t traced_operand(const IrTable *table, const IrOperand *operand, const unsigned char *code,
                       int *unit) {
    int unit_size = ir_cell_size(table->unit), size = ir_cell_size(operand->cell);
    const unsigned char *at = code + *unit * unit_size;
    // What is narrower than a unit still takes one.
    *unit += size > unit_size ? size / unit_size : 1;
    return (int64_t)read_cell(at, operand->cell);
}

uint64_t traced_top(const TracedLoop *loop, const TracedState *state) {
    IrCell cell = loop->module->stack_cell;
    return state->has_top ? state->top : read_cell(state->sp - ir_cell_size(cell), cell);
}
