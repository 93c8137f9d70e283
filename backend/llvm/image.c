// The constant `loopwright_image`: what is true of one emitted interpreter only, as
// lines `key value`, for the loader, the disassembler and the measurements.
#include "backend/llvm/llvm_options.h"
#include "backend/llvm/lowering.h"
#include "ir/fingerprint.h"
#include "support/text.h"

#include <inttypes.h>
#include <string.h>

static void add_opcodes(const char *key, const IrEntry *entry, const IrOpcodes *opcodes,
                        Text *out) {
    if (opcodes->count)
        text_addf(out, "\n%s %d", key, entry->opcode);
    for (size_t i = 0; i < opcodes->count; i++)
        text_addf(out, " %d", opcodes->items[i]);
}

// One line for each bytecode that has any: its opcode, then the others'.
static void add_bytecodes(const IrTable *table, Text *out) {
    text_add(out, "bytecodes-names");
    for (size_t i = 0; i < table->entries.count; i++)
        text_addf(out, " %s", table->entries.items[i].name);
    text_add(out, "\nbytecodes-unreachable");
    for (size_t i = 0; i < table->entries.count; i++)
        if (!table->entries.items[i].block && !table->entries.items[i].function)
            text_addf(out, " %d", table->entries.items[i].opcode);
    for (size_t i = 0; i < table->entries.count; i++) {
        const IrEntry *entry = &table->entries.items[i];
        add_opcodes("components", entry, &entry->components, out);
        add_opcodes("quickens", entry, &entry->quickens, out);
    }
    bool is_kept = table->has_default && (table->default_block || table->default_function);
    text_addf(out, "\ndefault %s\n", is_kept ? "kept" : "eliminated");
}

static void add_llvm(const EmitOptions *options, Text *out) {
    text_addf(out, "llvm %s\n", llvm_version());
    text_addf(out, "llvm-tail-dup %s\n", options->tail_duplication ? "on" : "off");
    text_addf(out, "llvm-alias %s\n", options->alias_facts ? "full" : "none");
    if (options->native)
        text_add(out, "cpu native\n");
    for (size_t i = 0; i < options->extra_count; i++)
        text_addf(out, "llvm-option %s\n", options->extra[i]);
}

static void write_image(const IrModule *module, const EmitOptions *options, Text *out) {
    text_addf(out, "loopwright 1\nmodule %s\n", module->name);
    for (int i = 0; i < IR_FINGERPRINT_PARTS; i++)
        text_addf(out, "%s %016" PRIx64 "\n", ir_fingerprint_text((IrFingerprintPart)i),
                  ir_fingerprint(module, (IrFingerprintPart)i));
    text_addf(out, "code %s\n", module->verified ? "verified" : "any");
    text_addf(out, "polls %s\n", module->poll_policy ? module->poll_policy : "none-placed");
    text_addf(out, "form %s\n", ir_form_text(module->form));
    if (module->tables.count > 0)
        add_bytecodes(module->tables.items[0], out);
    add_llvm(options, out);
    if (options->flags)
        text_addf(out, "flags %s\n", options->flags);
}

void lower_image(Lowering *lowering) {
    Text text = {0};
    write_image(lowering->module, lowering->options, &text);
    LLVMValueRef chars =
        LLVMConstStringInContext2(lowering->context, text_chars(&text), text.length, false);
    LLVMValueRef image = LLVMAddGlobal(lowering->llvm, LLVMTypeOf(chars), "loopwright_image");
    LLVMSetInitializer(image, chars);
    LLVMSetGlobalConstant(image, true);
    LLVMSetSection(image, ".rodata");
    LLVMSetAlignment(image, 1);
    text_free(&text);
}
