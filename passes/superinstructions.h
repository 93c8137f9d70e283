// What the files of the pass superinstructions share: sequences of bytecodes, and the joining
// of their regions. superinstructions.c has the pass and its idea.
#ifndef PASSES_SUPERINSTRUCTIONS_H
#define PASSES_SUPERINSTRUCTIONS_H

#include "ir/analysis/progress.h"
#include "passes/manager/pass.h"
#include "passes/support/edit.h"

// No sequence is longer, and no interpreter gets more of them.
enum { SEQUENCE_LONGEST = 32, SEQUENCE_MOST = 4096 };

typedef struct Sequence {
    int opcodes[SEQUENCE_LONGEST];
    int count;
} Sequence;

typedef struct Sequences {
    ARENA_VECTOR(Sequence) items;
    size_t unknown;            // lines that name a bytecode that the table hasn't
    const char *first_unknown; // where the first of them is, and which bytecode
} Sequences;

// Reads sequences for `table` out of a profile's text: a line each, in which the names of
// bytecodes follow each other, after a count that says how often (which is for those who
// choose). `{a,b,c}` stands for each of these, so that one line is a family. `#` begins a
// comment. False and a line in `error`, with the place in `name`, if the text isn't that.
bool sequences_read(const char *name, const Text *text, const IrTable *table, Arena *arena,
                    Sequences *sequences, Text *error);

// What a bytecode's region contributes to a superinstruction.
typedef struct Part {
    IrRegion *region; // NULL: the bytecode has none
    IrCfg *cfg;
    const IrProgress *progress;
    const char *refusal; // why nothing can follow it; NULL: something can
    bool *goes_on;       // by position: may lead to the next bytecode
    bool *ends;          // by position: may lead to a round's end in a usual way; NULL: as the
                         // last one it has to do all that it may do
} Part;

// Looks at a bytecode's region, in form `loop`. All in `arena`.
Part part_find(IrModule *module, const IrTable *table, int opcode, Arena *arena);

// Why the bytecode can't stand in a sequence, at its end or (`is_last` is false) before it. NULL:
// it can.
const char *part_refusal(const IrTable *table, int opcode, const Part *part, bool is_last);

// How many instructions a superinstruction gets from the bytecode, at its end or before it. Not
// for bytecodes that are refused there.
int part_size(const Part *part, bool is_last);

// Adds the superinstruction of the sequence to the table, whose parts (by opcode) are known and
// of which all but the last go on. Nothing is looked up in the table before or after.
void join_sequence(IrModule *module, IrTable *table, const Sequence *sequence, const Part *parts);

#endif
