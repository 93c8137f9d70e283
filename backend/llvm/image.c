// The constant `loopwright_image`: the module's image (ir/image.h), and how LLVM was asked to
// make machine code of it. The runtime reads the first to know its opcodes; measurements and
// whoever wonders what an executable is read the second.
#include "ir/image.h"
#include "backend/llvm/llvm_options.h"
#include "backend/llvm/lowering.h"
#include "support/text.h"

static void add_llvm(const EmitOptions *options, Text *out) {
    text_addf(out, "llvm %s\n", llvm_version());
    text_addf(out, "llvm-tail-dup %s\n", options->tail_duplication ? "on" : "off");
    text_addf(out, "llvm-alias %s\n", options->alias_facts ? "full" : "none");
    if (options->native)
        text_add(out, "cpu native\n");
    for (size_t i = 0; i < options->extra_count; i++)
        text_addf(out, "llvm-option %s\n", options->extra[i]);
    if (options->flags)
        text_addf(out, "flags %s\n", options->flags);
}

void lower_image(Lowering *lowering) {
    Text text = {0};
    ir_image(lowering->module, &text);
    add_llvm(lowering->options, &text);
    LLVMValueRef chars =
        LLVMConstStringInContext2(lowering->context, text_chars(&text), text.length, false);
    LLVMValueRef image = LLVMAddGlobal(lowering->llvm, LLVMTypeOf(chars), "loopwright_image");
    LLVMSetInitializer(image, chars);
    LLVMSetGlobalConstant(image, true);
    LLVMSetSection(image, ".rodata");
    LLVMSetAlignment(image, 1);
    text_free(&text);
}
