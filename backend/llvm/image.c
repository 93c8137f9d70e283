// The constant `loopwright_image`: the module's image (ir/image.h), and how LLVM was asked to
// make machine code of it. The runtime reads the first to know its opcodes; measurements and
// whoever wonders what an executable is read the second. It is text, a fact a line, so that
// `strings` shows it, and a reader skips what it doesn't know.
#include "ir/image.h"
#include "backend/llvm/llvm_options.h"
#include "backend/llvm/lowering.h"
#include "support/text.h"

static void add_llvm(const LlvmRequest *request, Arena *arena, Text *out) {
    const LlvmFlags *flags = &request->flags;
    text_addf(out, "llvm %s\n", llvm_version());
    for (int i = 0; i < LLVM_FLAGS; i++)
        text_addf(out, "%s %s\n", llvm_flag_name((LlvmFlag)i),
                  llvm_flags_choice(flags, (LlvmFlag)i, arena));
    for (size_t i = 0; i < flags->option_count; i++)
        text_addf(out, "llvm-option %s\n", flags->options[i]);
    if (request->variant)
        text_addf(out, "flags %s\n", request->variant);
}

void llvm_lower_image(LlvmLowering *lowering) {
    Text text = {0};
    ir_image(lowering->module, &text);
    add_llvm(lowering->request, lowering->arena, &text);
    LLVMValueRef chars =
        LLVMConstStringInContext2(lowering->context, text_chars(&text), text.length, false);
    LLVMValueRef image = LLVMAddGlobal(lowering->llvm, LLVMTypeOf(chars), "loopwright_image");
    LLVMSetInitializer(image, chars);
    LLVMSetGlobalConstant(image, true);
    LLVMSetSection(image, ".rodata");
    LLVMSetAlignment(image, 1);
    text_free(&text);
}
