// superinstructions: sequences of bytecodes become one. Its region does the work of all of them,
// one after the other, with one dispatch at the end instead of one after each (Proebsting,
// "Optimizing an ANSI C Interpreter with Superoperators", POPL 1995; Ertl, Gregg, Krall and
// Paysan, "vmgen", 2002; Casey, Ertl and Gregg, "Optimizing indirect branch prediction accuracy
// in virtual machine interpreters", 2007). Which sequences, a profile says; who puts their
// opcodes into code is the runtime, by the image of the interpreter that it runs in.
//
// A superinstruction is a *trace*: of each component but the last, only those ways are taken
// along that lead to the next bytecode without a call that may collect, raise or let others
// run. Wherever a component would take another way, it has done nothing yet, and the
// superinstruction is left: the plain bytecode does that component's work from its start. So
// slow paths exist once, in the plain bytecodes, and memory is at each point as the plain
// bytecodes would have it. That makes joining simple. That what one component pushes and the
// next one pops need not go through memory is for others to find out (cache-frame-state,
// forward-stack), over regions that hold more than one bytecode's work.
//
// Legal because the units that the later components stand in keep their opcodes (the first
// one's only is overwritten), so jumps, returns, and who leaves go on in plain code. A bytecode
// that can't be left before it has done something, or that never goes on to the next one, can
// only be the last of a sequence; a sequence that breaks this is refused, and the report says
// which bytecode and why. It costs code: the sum of its components' usual ways.
#include "passes/superinstructions.h"

#include <errno.h>
#include <string.h>

bool superinstructions_check(const char *parameter, Text *error) {
    Text text = {0};
    bool good = text_read_file(&text, parameter);
    if (!good)
        text_addf(error, "superinstructions: can't read %s: %s", parameter, strerror(errno));
    text_free(&text);
    return good;
}

typedef struct Superinstructions {
    PassContext *context;
    IrTable *table;
    Part *parts; // by opcode, of those bytecodes that there were
    // By opcode: has its refusal been reported, of those before the end of a sequence and of those
    // at it?
    bool *is_told[2];
    size_t refused;
} Superinstructions;

static bool is_refused(Superinstructions *pass, const Sequence *sequence) {
    for (int i = 0; i < sequence->count; i++) {
        int opcode = sequence->opcodes[i];
        bool is_last = i + 1 == sequence->count;
        const char *refusal = part_refusal(pass->table, opcode, &pass->parts[opcode], is_last);
        if (!refusal)
            continue;
        if (!pass->is_told[is_last][opcode])
            pass_remark(pass->context->report, "refused sequences with %s %s their end: %s",
                        pass->table->bytecodes.items[opcode].name, is_last ? "at" : "before",
                        refusal);
        pass->is_told[is_last][opcode] = true;
        return true;
    }
    return false;
}

static bool is_same(const Sequence *sequence, const IrBytecode *bytecode) {
    return bytecode->components.count == (size_t)sequence->count &&
           memcmp(bytecode->components.items, sequence->opcodes,
                  sizeof *sequence->opcodes * (size_t)sequence->count) == 0;
}

// Profiles and templates name the same sequence now and then.
static bool exists(const Superinstructions *pass, const Sequence *sequence) {
    for (size_t i = 0; i < pass->table->bytecodes.count; i++)
        if (is_same(sequence, &pass->table->bytecodes.items[i]))
            return true;
    return false;
}

// An opcode is one unit of code. What comes first in a profile gains most, so the rest has to go.
static bool has_room(const IrTable *table) {
    return table->bytecodes.count < (size_t)1 << (8 * ir_cell_size(table->unit));
}

static void join_all(Superinstructions *pass, const Sequences *sequences) {
    size_t joined = 0, left_out = 0;
    for (size_t i = 0; i < sequences->items.count; i++) {
        const Sequence *sequence = &sequences->items.items[i];
        if (exists(pass, sequence))
            continue;
        if (is_refused(pass, sequence)) {
            pass->refused++;
            continue;
        }
        if (!has_room(pass->table)) {
            left_out++;
            continue;
        }
        join_sequence(pass->context->module, pass->table, sequence, pass->parts);
        joined++;
    }
    pass_count_add(pass->context->report, "superinstructions", (int64_t)joined);
    pass_count_add(pass->context->report, "sequences refused", (int64_t)pass->refused);
    if (left_out)
        pass_remark(pass->context->report,
                    "left out %zu sequences: code of %s has no opcodes for more", left_out,
                    ir_cell_text(pass->table->unit));
}

// A profile that was asked for by name has to be of this definition; one that merely stands
// beside it may be older than it.
static bool read_sequences(PassContext *context, const IrTable *table, Sequences *sequences) {
    bool is_named = *context->parameter;
    const char *file = is_named ? context->parameter : context->profile;
    Text text = {0}, error = {0};
    if (!file) {
        pass_remark(context->report, "nothing done: there is no profile beside the definition; "
                                     "name one by superinstructions=PROFILE");
        return false;
    }
    if (!text_read_file(&text, file))
        text_addf(&error, "can't read %s: %s", file, strerror(errno));
    else
        sequences_read(file, &text, table, context->scratch, sequences, &error);
    if (!error.length && sequences->unknown && is_named)
        text_addf(&error, "%s; is it another loop's profile?", sequences->first_unknown);
    bool good = !error.length;
    if (!good && is_named)
        pass_fail(context, "%s", text_chars(&error));
    else if (!good)
        pass_remark(context->report, "nothing done: %s", text_chars(&error));
    text_free(&text);
    text_free(&error);
    return good;
}

void superinstructions_run(PassContext *context) {
    IrModule *module = context->module;
    IrFunction *function = module->functions.count ? module->functions.items[0] : NULL;
    IrTable *table = function && function->header ? edit_dispatch_table(function) : NULL;
    Sequences sequences = {0};
    if (!table) {
        pass_remark(context->report, "nothing done: there is no loop");
        return;
    }
    if (!read_sequences(context, table, &sequences))
        return;
    size_t plain = table->bytecodes.count;
    Superinstructions pass = {.context = context,
                              .table = table,
                              .parts = ARENA_ARRAY(context->scratch, Part, plain),
                              .is_told = {ARENA_ARRAY(context->scratch, bool, plain),
                                          ARENA_ARRAY(context->scratch, bool, plain)}};
    for (size_t i = 0; i < plain; i++)
        pass.parts[i] = part_find(module, table, (int)i, context->scratch);
    join_all(&pass, &sequences);
    if (sequences.unknown)
        pass_remark(context->report, "left out %zu of the profile's lines: %s", sequences.unknown,
                    sequences.first_unknown);
}
