// See machine.h.
#include "backend/llvm/machine.h"

#include "support/text.h"

#include <llvm-c/Core.h>
#include <llvm-c/Error.h>
#include <llvm-c/Target.h>
#include <llvm-c/Transforms/PassBuilder.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

static LLVMTargetMachineRef new_machine(LLVMTargetRef target, const char *triple, bool native) {
    char *cpu = native ? LLVMGetHostCPUName() : NULL;
    char *features = native ? LLVMGetHostCPUFeatures() : NULL;
    // Without a name LLVM takes the architecture's generic processor.
    LLVMTargetMachineRef machine =
        LLVMCreateTargetMachine(target, triple, cpu ? cpu : "", features ? features : "",
                                LLVMCodeGenLevelAggressive, LLVMRelocStatic, LLVMCodeModelSmall);
    LLVMDisposeMessage(cpu);
    LLVMDisposeMessage(features);
    return machine;
}

LLVMTargetMachineRef machine_new(bool native) {
    LLVMTargetRef target = NULL;
    char *message = NULL;
    if (LLVMInitializeNativeTarget() || LLVMInitializeNativeAsmPrinter() ||
        LLVMInitializeNativeAsmParser()) {
        fprintf(stderr, "error: this LLVM has no code generator for this machine\n");
        return NULL;
    }
    char *triple = LLVMGetDefaultTargetTriple();
    LLVMTargetMachineRef machine = NULL;
    if (LLVMGetTargetFromTriple(triple, &target, &message)) {
        fprintf(stderr, "error: %s\n", message);
        LLVMDisposeMessage(message);
    } else {
        machine = new_machine(target, triple, native);
    }
    LLVMDisposeMessage(triple);
    return machine;
}

bool machine_optimise(LLVMTargetMachineRef machine, LLVMModuleRef module,
                      const EmitOptions *options) {
    static const char *const pipelines[] = {
        [EMIT_SANITIZE_NONE] = "default<O3>",
        [EMIT_SANITIZE_ADDRESS] = "default<O3>,asan",
        [EMIT_SANITIZE_THREAD] = "default<O3>,tsan-module,function(tsan)",
    };
    LLVMPassBuilderOptionsRef passes = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(module, pipelines[options->sanitizer], machine, passes);
    LLVMDisposePassBuilderOptions(passes);
    if (error) {
        char *message = LLVMGetErrorMessage(error);
        fprintf(stderr, "error: LLVM's passes: %s\n", message);
        LLVMDisposeErrorMessage(message);
        return false;
    }
    return true;
}

static bool write_bytes(const char *path, const char *bytes, size_t length) {
    Text text = {0};
    text_add_bytes(&text, bytes, length);
    bool written = text_write_file(&text, path);
    if (!written)
        fprintf(stderr, "error: %s can't be written: %s\n", path, strerror(errno));
    text_free(&text);
    return written;
}

bool machine_write(LLVMTargetMachineRef machine, LLVMModuleRef module, const EmitOptions *options) {
    if (options->kind == EMIT_LLVM_IR) {
        char *text = LLVMPrintModuleToString(module);
        bool written = write_bytes(options->output, text, strlen(text));
        LLVMDisposeMessage(text);
        return written;
    }
    LLVMCodeGenFileType type = options->kind == EMIT_OBJECT ? LLVMObjectFile : LLVMAssemblyFile;
    LLVMMemoryBufferRef buffer = NULL;
    char *message = NULL;
    if (LLVMTargetMachineEmitToMemoryBuffer(machine, module, type, &message, &buffer)) {
        fprintf(stderr, "error: LLVM's code generator: %s\n", message);
        LLVMDisposeMessage(message);
        return false;
    }
    bool written =
        write_bytes(options->output, LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
    LLVMDisposeMemoryBuffer(buffer);
    return written;
}
