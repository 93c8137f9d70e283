// See trace.h. Calls are indented by how many frames lie below. Nobody says that a call begins or
// ends: the frame of each bytecode is looked for among those that are open. One that is there has
// been returned to, also past others, as by an error; one that isn't is new.
#include "cli/trace.h"

#include "cli/command.h"
#include "cli/trace_state.h"
#include "support/double_text.h"
#include "support/output_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    INDENTED = 20, // frames; deeper ones have their depth as a number
    METHOD_COLUMN = 46,
    CODE_COLUMN = 34,
};

typedef struct OpenFrame {
    const void *frame;
    const unsigned char *stack; // where its operands begin
    bool is_wanted;
} OpenFrame;

struct Trace {
    Arena *arena;
    TraceRequest request;
    const TraceWords *words; // NULL: none
    TracedLoop loop;
    EvalObserver observer;
    ARENA_VECTOR(OpenFrame) open; // the youngest is the last
    Text line;                    // the one that is being made
    int file;
    int failure; // errno of the first write that failed; 0: none
    uint64_t shown, number;
};

// ---- Frames -----------------------------------------------------------------------------

// Where the runtime doesn't say, the stack is taken for empty when a frame is first seen.
static void open_frame(Trace *trace, const TracedState *state) {
    const TraceWords *words = trace->words;
    OpenFrame new = {state->frame, state->sp, true};
    if (words)
        new.stack = words->stack(state->thread, state->frame);
    if (words && trace->request.method)
        new.is_wanted = words->is_method(state->thread, state->frame, trace->request.method);
    ARENA_PUSH(trace->arena, &trace->open, new);
}

// A call is known by the caller that it notes, so that the others need not be searched. A program
// without calls has one frame.
static const OpenFrame *enter(Trace *trace, const TracedState *state) {
    size_t count = trace->open.count;
    const OpenFrame *top = count ? &trace->open.items[count - 1] : NULL;
    if (top && top->frame == state->frame)
        return top;
    bool is_call = top && state->caller == top->frame;
    while (!is_call && count && trace->open.items[count - 1].frame != state->frame)
        count--;
    if (!is_call && count)
        trace->open.count = count;
    else
        open_frame(trace, state);
    return &trace->open.items[trace->open.count - 1];
}

// ---- A line -----------------------------------------------------------------------------

// Letters and not bytes, of what was added since `start`.
static void pad(Text *line, size_t start, int width) {
    int letters = 0;
    for (size_t i = start; i < line->length; i++)
        letters += ((unsigned char)line->chars[i] & 0xC0) != 0x80;
    if (letters < width)
        text_addf(line, "%*s", width - letters, "");
}

static void add_place(Trace *trace, const TracedState *state) {
    Text *line = &trace->line;
    size_t depth = trace->open.count - 1, start = line->length;
    text_addf(line, "%*s", 2 * (int)(depth < INDENTED ? depth : INDENTED), "");
    if (depth > INDENTED)
        text_addf(line, "[%zu] ", depth);
    if (!trace->words)
        return;
    trace->words->method(state->thread, state->frame, line);
    int number = state->code ? trace->words->line(state->frame, state->pc) : 0;
    if (number)
        text_addf(line, " (%d)", number);
    pad(line, start, METHOD_COLUMN);
}

// The operands of one that isn't fused, and what they stand for.
static void add_operands(const Trace *trace, const IrTable *table, const IrBytecode *bytecode,
                         const TracedState *state, int offset, Text *operands, Text *meanings) {
    const unsigned char *code = state->code + offset * ir_cell_size(table->unit);
    int unit = 1;
    for (size_t i = 0; i < bytecode->operands.count; i++) {
        const IrOperand *operand = &bytecode->operands.items[i];
        int64_t value = traced_operand(table, operand, code, &unit);
        Text meaning = {0};
        if (trace->words && operand->role)
            trace->words->operand(state->thread, state->frame, operand->role, value, &meaning);
        if (meaning.length)
            text_addf(meanings, "%s%s", meanings->length ? ", " : "", text_chars(&meaning));
        text_free(&meaning);
        if (ir_operand_is_jump(operand))
            value += state->pc + offset + bytecode->length;
        text_addf(operands, " %" PRId64, value);
    }
}

static void add_code(Trace *trace, const EvalBeginning *beginning, const TracedState *state,
                     bool has_stack) {
    const IrTable *table = beginning->table;
    const IrBytecode *bytecode =
        beginning->opcode < 0 ? NULL : &table->bytecodes.items[beginning->opcode];
    Text *line = &trace->line, operands = {0}, meanings = {0};
    size_t start = line->length;
    if (state->code)
        text_addf(line, "%4" PRId64 "  ", state->pc);
    text_add(line, bytecode ? bytecode->name : "default");
    if (bytecode && state->code && !bytecode->components.count)
        add_operands(trace, table, bytecode, state, 0, &operands, &meanings);
    for (size_t i = 0; bytecode && state->code && i < bytecode->components.count; i++) {
        const IrBytecode *part = &table->bytecodes.items[bytecode->components.items[i]];
        if (operands.length && part->operands.count)
            text_add(&operands, ",");
        add_operands(trace, table, part, state, ir_component_offset(table, bytecode, i), &operands,
                     &meanings);
    }
    text_add(line, text_chars(&operands));
    if (meanings.length)
        text_addf(line, "  ; %s", text_chars(&meanings));
    if (has_stack)
        pad(line, start, CODE_COLUMN);
    text_free(&operands);
    text_free(&meanings);
}

static void add_value(Trace *trace, const TracedState *state) {
    Text *line = &trace->line;
    EvalWord word = {.bits = traced_top(&trace->loop, state)};
    char chars[DOUBLE_CHARS];
    if (trace->words) {
        trace->words->value(state->thread, word.bits, line);
        return;
    }
    switch (trace->loop.module->stack_cell) {
    case IR_CELL_F32:
    case IR_CELL_F64: text_add_bytes(line, chars, double_print(chars, word.number)); break;
    case IR_CELL_PTR:
    case IR_CELL_OBJECT:
    case IR_CELL_VALUE: text_addf(line, "0x%" PRIx64, word.bits); break;
    default: text_addf(line, "%" PRId64, word.integer); break;
    }
}

static void add_stack(Trace *trace, const TracedState *state, const OpenFrame *frame) {
    int64_t depth = (state->sp - frame->stack) / ir_cell_size(trace->loop.module->stack_cell);
    text_addf(&trace->line, "  | %" PRId64, depth);
    if (depth > 0) {
        text_add(&trace->line, " ");
        add_value(trace, state);
    }
}

// ---- Writing ----------------------------------------------------------------------------

// What the program has printed comes first. Once one line could not be written, there are no more.
static void write_line(Trace *trace) {
    text_add(&trace->line, "\n");
    fflush(stdout);
    if (trace->words)
        trace->words->flush();
    if (!trace->failure && !output_file_append(trace->file, &trace->line)) {
        trace->failure = errno;
        command_failure("can't write the trace to %s: %s", command_output_name(trace->request.file),
                        strerror(errno));
    }
    trace->line.length = 0;
}

static void begin(void *context, const EvalBeginning *beginning) {
    Trace *trace = context;
    const TraceRequest *request = &trace->request;
    trace->number = beginning->number;
    if (trace->failure || (request->to && beginning->number > request->to))
        return;
    TracedState state = traced_state(&trace->loop, beginning);
    const OpenFrame *frame = enter(trace, &state);
    if (beginning->number < request->from || !frame->is_wanted)
        return;
    trace->shown++;
    text_addf(&trace->line, "%8" PRIu64 "  ", beginning->number);
    add_place(trace, &state);
    bool has_stack = state.sp && frame->stack;
    add_code(trace, beginning, &state, has_stack);
    if (has_stack)
        add_stack(trace, &state, frame);
    write_line(trace);
}

// ---- The whole --------------------------------------------------------------------------

static void write_note(Trace *trace, const char *missing) {
    text_addf(&trace->line, "; no %s", missing);
    write_line(trace);
}

// What the columns are, and which of them this loop can't have.
static void write_head(Trace *trace) {
    const IrModule *module = trace->loop.module;
    Text *line = &trace->line;
    text_add(line, "; number, ");
    if (trace->words)
        text_add(line, "method (line), ");
    if (trace->loop.pc)
        text_add(line, "pc, opcode and operands");
    else
        text_add(line, "opcode");
    if (module->stack_field)
        text_add(line, " | the stack before it: depth, top");
    write_line(trace);
    if (!trace->words)
        write_note(trace, "methods and lines: this loop's runtime doesn't tell them");
    if (!trace->loop.pc)
        write_note(trace, "operands: no field of the frame is declared a cursor into code");
    if (!module->stack_field)
        write_note(trace, "stack: no field of the frame is declared the stack's pointer");
}

Trace *trace_begin(Arena *arena, const IrModule *module, const TraceRequest *request,
                   const TraceWords *words) {
    // Without a frame there is nothing that they could be asked about.
    if (!module->frame)
        words = NULL;
    if (request->method && !words) {
        command_failure("--method: nothing is known of this loop's methods");
        return NULL;
    }
    int file = output_file_open(request->file);
    if (file < 0) {
        command_failure("can't write the trace to %s: %s", command_output_name(request->file),
                        strerror(errno));
        return NULL;
    }
    Trace *trace = ARENA_NEW(arena, Trace);
    *trace = (Trace){.arena = arena,
                     .request = *request,
                     .words = words,
                     .loop = traced_loop(module),
                     .observer = {.context = trace, .begin = begin},
                     .file = file};
    write_head(trace);
    return trace;
}

const EvalObserver *trace_observer(const Trace *trace) {
    return &trace->observer;
}

// A trace that shows nothing of a program looks as if it didn't work.
static void explain_nothing(const Trace *trace) {
    const TraceRequest *request = &trace->request;
    Text which = {0};
    if (request->method)
        text_addf(&which, " of %s", request->method);
    if (request->from || request->to)
        text_addf(&which, " from %" PRIu64, request->from ? request->from : 1);
    if (request->to)
        text_addf(&which, " to %" PRIu64, request->to);
    command_warning("nothing is traced: of %" PRIu64 " bytecodes executed none is%s", trace->number,
                    text_chars(&which));
    text_free(&which);
}

bool trace_end(Trace *trace) {
    if (close(trace->file) != 0 && !trace->failure) {
        trace->failure = errno;
        command_failure("can't write the trace to %s: %s", command_output_name(trace->request.file),
                        strerror(errno));
    }
    if (!trace->shown && trace->number && !trace->failure)
        explain_nothing(trace);
    text_free(&trace->line);
    return !trace->failure;
}
