// See image.h. A line is written so that it can be read from left to right, word by word,
// without looking ahead: who starts an interpreter reads all of it each time.
#include "ir/image.h"

#include "ir/fingerprint.h"

#include <inttypes.h>
#include <string.h>

static void add_slots(Text *out, const IrSlots *slots) {
    text_addf(out, " %d", slots->constant);
    if (slots->factor)
        text_addf(out, "%+d*%d", slots->factor, slots->operand);
}

static void add_operand(Text *out, const IrOperand *operand) {
    text_addf(out, " operand %s %s %s", operand->name, ir_cell_text(operand->cell),
              operand->role ? operand->role : "-");
    if (ir_operand_is_jump(operand))
        add_slots(out, &operand->jump);
    if (operand->is_fixed)
        text_addf(out, " fixed %" PRId64, operand->fixed);
}

// What is fused has nothing but its components.
static void add_components(Text *out, const IrBytecode *bytecode) {
    text_addf(out, " fused %zu", bytecode->components.count);
    for (size_t i = 0; i < bytecode->components.count; i++)
        text_addf(out, " %d", bytecode->components.items[i]);
}

static void add_further(const IrModule *module, Text *out, const IrBytecode *bytecode) {
    for (size_t i = 0; i < bytecode->further.count && i < module->further_stacks.count; i++) {
        text_addf(out, " on %s needs", module->further_stacks.items[i].name);
        add_slots(out, &bytecode->further.items[i].needs);
        text_add(out, " stack");
        add_slots(out, &bytecode->further.items[i].stack);
        text_add(out, " jumps");
        add_slots(out, &bytecode->further.items[i].jumped);
    }
}

static void add_description(const IrModule *module, Text *out, const IrBytecode *bytecode,
                            int base) {
    if (bytecode->origin == IR_ORIGIN_QUICKENED)
        text_addf(out, " quickened %d", base);
    else
        text_add(out, bytecode->origin == IR_ORIGIN_RESERVED ? " reserved" : " base");
    text_addf(out, " length %d needs", bytecode->length);
    add_slots(out, &bytecode->needs);
    text_add(out, " stack");
    add_slots(out, &bytecode->stack);
    if (bytecode->jumps) {
        text_add(out, " jumps");
        add_slots(out, &bytecode->jumped);
    }
    if (bytecode->leaves)
        text_add(out, " leaves");
    add_further(module, out, bytecode);
    for (size_t i = 0; i < bytecode->operands.count; i++)
        add_operand(out, &bytecode->operands.items[i]);
}

static void add_bytecodes(const IrModule *module, const IrTable *table, Text *out) {
    Arena *scratch = arena_new();
    int *bases = ARENA_ARRAY(scratch, int, table->bytecodes.count + 1);
    ir_find_bases(table, bases);
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        const IrBytecode *bytecode = &table->bytecodes.items[i];
        text_addf(out, "bytecode %d %s%s", bytecode->opcode, bytecode->name,
                  bytecode->block || bytecode->function ? "" : " unreachable");
        if (bytecode->origin == IR_ORIGIN_FUSED)
            add_components(out, bytecode);
        else
            add_description(module, out, bytecode, bases[i]);
        text_add(out, "\n");
    }
    bool is_kept = table->has_default && (table->default_block || table->default_function);
    text_addf(out, "default %s\n", is_kept ? "kept" : "eliminated");
    arena_free(scratch);
}

// Where the file lies is nobody's business who gets the interpreter.
static const char *last_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

void ir_image(const IrModule *module, Text *out) {
    text_addf(out, "%s\nmodule %s\n", IR_IMAGE_FORM, module->name);
    for (int i = 0; i < IR_FINGERPRINT_PARTS; i++)
        text_addf(out, "%s %016" PRIx64 "\n", ir_fingerprint_text((IrFingerprintPart)i),
                  ir_fingerprint(module, (IrFingerprintPart)i));
    text_addf(out, "code %s\n", module->verified ? "verified" : "any");
    text_addf(out, "polls %s\n", module->poll_policy ? module->poll_policy : "none-placed");
    text_addf(out, "form %s\n", ir_form_text(module->form));
    for (size_t i = 0; i < module->parts.count; i++)
        text_addf(out, "part %d %s\n", module->parts.items[i].first_line,
                  last_name(module->parts.items[i].name));
    if (module->tables.count)
        add_bytecodes(module, module->tables.items[0], out);
}
