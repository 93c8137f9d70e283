// See fingerprint.h. FNV-1a, 64 bits: any change of a name or an offset changes the number,
// and nobody forges one. Numbers are hashed as eight bytes, the least first, and texts with
// the NUL at their end, so that nothing runs into its neighbour.
#include "ir/fingerprint.h"

#include "support/hash.h"

#include <stdlib.h>
#include <string.h>

// The least byte first, whatever the machine's order: the number is compared across programs.
static void add_number(uint64_t *hash, int64_t number) {
    unsigned char bytes[sizeof number];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)((uint64_t)number >> 8 * i);
    *hash = hash_more(*hash, bytes, sizeof bytes);
}

static void add_text(uint64_t *hash, const char *text) {
    *hash = hash_more(*hash, text, strlen(text) + 1);
}

static void add_slots(uint64_t *hash, const IrSlots *slots) {
    add_number(hash, slots->constant);
    add_number(hash, slots->factor);
    add_number(hash, slots->factor ? slots->operand : -1);
}

static void add_bytecodes(uint64_t *hash, const IrTable *table) {
    add_text(hash, ir_cell_text(table->unit));
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        const IrBytecode *bytecode = &table->bytecodes.items[i];
        // Only these can be in code that somebody has compiled elsewhere; passes may add
        // others.
        if (bytecode->origin != IR_ORIGIN_BASE && bytecode->origin != IR_ORIGIN_RESERVED)
            continue;
        add_number(hash, bytecode->opcode);
        add_text(hash, bytecode->name);
        add_number(hash, bytecode->origin);
        add_number(hash, bytecode->length);
        add_slots(hash, &bytecode->needs);
        add_slots(hash, &bytecode->stack);
        add_number(hash, bytecode->leaves);
        if (bytecode->jumps) {
            add_text(hash, "jumps");
            add_slots(hash, &bytecode->jumped);
        }
        for (size_t j = 0; j < bytecode->further.count; j++) {
            add_text(hash, "further");
            add_slots(hash, &bytecode->further.items[j].needs);
            add_slots(hash, &bytecode->further.items[j].stack);
            add_slots(hash, &bytecode->further.items[j].jumped);
        }
        add_number(hash, (int64_t)bytecode->operands.count);
        for (size_t j = 0; j < bytecode->operands.count; j++) {
            const IrOperand *operand = &bytecode->operands.items[j];
            add_text(hash, operand->name);
            add_text(hash, ir_cell_text(operand->cell));
            add_text(hash, operand->role ? operand->role : "");
            add_slots(hash, &operand->jump);
        }
    }
}

static void add_record(uint64_t *hash, const IrRecord *record) {
    add_text(hash, record->name);
    add_number(hash, record->moves);
    add_number(hash, record->size);
    add_number(hash, (int64_t)record->fields.count);
    for (size_t i = 0; i < record->fields.count; i++) {
        const IrField *field = record->fields.items[i];
        add_text(hash, field->name);
        add_text(hash, ir_cell_text(field->cell));
        add_number(hash, field->offset);
        add_number(hash, field->is_array);
    }
}

static void add_external(uint64_t *hash, const IrExternal *external) {
    add_text(hash, external->name);
    add_text(hash, ir_type_text(external->result));
    add_number(hash, external->indirect);
    add_number(hash, (int64_t)external->parameters.count);
    for (size_t i = 0; i < external->parameters.count; i++)
        add_text(hash, ir_type_text(external->parameters.items[i]));
}

uint64_t ir_fingerprint(const IrModule *module, IrFingerprintPart part) {
    uint64_t hash = HASH_OF_NOTHING;
    switch (part) {
    case IR_FINGERPRINT_BYTECODES:
        if (module->tables.count)
            add_bytecodes(&hash, module->tables.items[0]);
        return hash;
    case IR_FINGERPRINT_RECORDS:
        for (size_t i = 0; i < module->records.count; i++)
            add_record(&hash, module->records.items[i]);
        return hash;
    case IR_FINGERPRINT_EXTERNALS:
        for (size_t i = 0; i < module->externals.count; i++)
            add_external(&hash, module->externals.items[i]);
        return hash;
    case IR_FINGERPRINT_PARTS: break;
    }
    abort();
}

const char *ir_fingerprint_text(IrFingerprintPart part) {
    static const char *const texts[] = {"bytecodes", "records", "externals"};
    return texts[part];
}
