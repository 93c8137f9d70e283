// Fingerprints: whether two modules agree on something that other programs were
// compiled against. The generated header and an emitted interpreter's image hold one
// number a part, so that a mismatch can be named.
#ifndef IR_FINGERPRINT_H
#define IR_FINGERPRINT_H

#include "ir/ir.h"

typedef enum IrFingerprintPart {
    // Base and reserved bytecodes of the first table: numbers, names, operands, stack effects.
    IR_FINGERPRINT_BYTECODES,
    IR_FINGERPRINT_RECORDS,   // names, sizes, what moves; fields' names, cells, offsets
    IR_FINGERPRINT_EXTERNALS, // names, parameters, results, indirection
    IR_FINGERPRINT_PARTS,
} IrFingerprintPart;

// 64-bit FNV-1a (Fowler, Noll, Vo) over the part's declarations in their order. It
// depends on nothing but the texts and numbers named above: not on the code, on what
// passes do to the code, on effects, locations, or the machine.
uint64_t ir_fingerprint(const IrModule *module, IrFingerprintPart part);

// "bytecodes", "records", "externals": for messages.
const char *ir_fingerprint_text(IrFingerprintPart part);

#endif
