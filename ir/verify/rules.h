// The verifier's inside: what its files share. verify.c drives, structure.c
// makes sure that a module can be walked at all and numbers what is in it, and each
// other file checks the rules that its name says, one function a rule. For
// the outside see verify.h.
#ifndef IR_VERIFY_RULES_H
#define IR_VERIFY_RULES_H

#include "ir/analysis/dominators.h"
#include "ir/analysis/liveness.h"
#include "ir/text/names.h"
#include "ir/verify/verify.h"
#include "support/pointer_map.h"

// Where a value is defined. `order` counts the instructions of a block from 0;
// parameters have -1.
typedef struct VerifyDefinition {
    const IrRegion *region;
    const IrBlock *block;
    int order;
} VerifyDefinition;

typedef struct IrVerifier {
    const IrModule *module;
    Arena *arena;
    IrComplaints *complaints;
    IrNames *names; // made when first needed; only once `can_walk`
    bool can_walk;  // the structure is known to be sound
    PointerMap records, fields, externals, tables, functions, regions;
    PointerMap blocks; // to the index in `homes`
    ARENA_VECTOR(const IrRegion *) homes;
    PointerMap values; // to the index in `definitions`
    ARENA_VECTOR(VerifyDefinition) definitions;
} IrVerifier;

// What a complaint is about: the module, or a block of a function, or an instruction.
typedef struct VerifyPlace {
    const IrFunction *function;
    const IrBlock *block;
    const IrInstruction *instruction;
    Location at;
} VerifyPlace;

VerifyPlace verify_at_module(Location at);
VerifyPlace verify_at_function(const IrFunction *function);
VerifyPlace verify_at_block(const IrBlock *block);
VerifyPlace verify_at_instruction(const IrInstruction *instruction);

// Are there IR_MOST_COMPLAINTS already, so that no more are taken?
bool verify_is_full(const IrVerifier *verifier);
// Adds a complaint, unless the list is full.
void verify_complain(IrVerifier *verifier, const char *rule, VerifyPlace place, const char *format,
                     ...) __attribute__((format(printf, 4, 5)));
// Adds to the last complaint where the other place is, and what is there.
void verify_complain_also(IrVerifier *verifier, size_t before, Location other, const char *note);

// How messages name things: "%x" or "3", "^loop", "%x, an i64".
const char *verify_value_name(IrVerifier *verifier, const IrValue *value);
const char *verify_block_name(IrVerifier *verifier, const IrBlock *block);
// "12:3", or "an unknown place".
const char *verify_place_name(IrVerifier *verifier, Location at);
// Where a value is defined: its instruction's place, or the first known one in its block.
Location verify_definition_place(IrVerifier *verifier, const IrValue *value);

const VerifyDefinition *verify_find_definition(const IrVerifier *verifier, const IrValue *value);
const IrRegion *verify_home_of(const IrVerifier *verifier, const IrBlock *block);
bool verify_is_trunk(const IrRegion *region);
// Does this edge lead from another region back to the loop's header?
bool verify_leads_to_header(const IrRegion *from, const IrBlock *target);

// False if the module can't be walked safely; everything else needs that it can.
bool verify_structure(IrVerifier *verifier);

void verify_declarations(IrVerifier *verifier); // memory, poll: records, what a module names
void verify_tables(IrVerifier *verifier);       // table
void verify_form(IrVerifier *verifier);         // form

// components: what a bytecode says of others, which it quickens to or consists of.
void verify_kinship(IrVerifier *verifier, const IrTable *table, const IrBytecode *bytecode);

// For each instruction.
void verify_types(IrVerifier *verifier, const IrInstruction *instruction);
void verify_memory(IrVerifier *verifier, const IrInstruction *instruction);
void verify_dispatch(IrVerifier *verifier, const IrInstruction *instruction); // table
void verify_poll(IrVerifier *verifier, const IrInstruction *instruction);     // poll

// For each region: `dominance` and `regions`.
void verify_region(IrVerifier *verifier, const IrCfg *cfg, const IrDominators *dominators);

// For each region of a module that keeps the rules above.
void verify_moving_values(IrVerifier *verifier, const IrCfg *cfg);
void verify_restartable(IrVerifier *verifier, const IrCfg *cfg);
void verify_default(IrVerifier *verifier, const IrRegion *region);
void verify_components(IrVerifier *verifier); // of the whole module

#endif
