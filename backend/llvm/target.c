// See target.h. In code for a fixed address a jump through the table is one instruction, with the
// table's address in it, as interpreters are commonly built; in code that can be anywhere the
// address is computed first. Which it is has been settled by the command, who knows what the code
// is for: here only `on` is PIC.
#include "backend/llvm/target.h"

#include "backend/llvm/assembly.h"
#include "backend/llvm/double_registers.h"
#include "support/output_file.h"

#include <llvm-c/Core.h>
#include <llvm-c/Error.h>
#include <llvm-c/Target.h>
#include <llvm-c/Transforms/PassBuilder.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

static LLVMTargetMachineRef new_machine(LLVMTargetRef target, const char *triple,
                                        const LlvmFlags *flags) {
    bool native = llvm_flags_is(flags, LLVM_FLAG_PROCESSOR, "native"),
         placed = !llvm_flags_is(flags, LLVM_FLAG_PIC, "on");
    char *cpu = native ? LLVMGetHostCPUName() : NULL;
    char *features = native ? LLVMGetHostCPUFeatures() : NULL;
    // Without a name LLVM takes the architecture's generic processor.
    LLVMTargetMachineRef machine = LLVMCreateTargetMachine(
        target, triple, cpu ? cpu : "", features ? features : "", LLVMCodeGenLevelAggressive,
        placed ? LLVMRelocStatic : LLVMRelocPIC, LLVMCodeModelSmall);
    LLVMDisposeMessage(cpu);
    LLVMDisposeMessage(features);
    return machine;
}

LLVMTargetMachineRef llvm_target_new(const LlvmFlags *flags) {
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
        machine = new_machine(target, triple, flags);
    }
    if (machine)
        LLVMSetTargetMachineAsmVerbosity(machine, true);
    LLVMDisposeMessage(triple);
    return machine;
}

// A sanitizer comes after the optimisations, as in clang, so that what is instrumented is what will
// run; functions that are not marked for it (declare_function) it leaves alone.
bool llvm_target_optimise(LLVMTargetMachineRef machine, LLVMModuleRef module,
                          const LlvmRequest *request, Arena *scratch) {
    const char *pipeline =
        llvm_flags_is(&request->flags, LLVM_FLAG_SANITIZER, "address")  ? "default<O3>,asan"
        : llvm_flags_is(&request->flags, LLVM_FLAG_SANITIZER, "thread") ? "default<O3>,tsan-module,"
                                                                          "function(tsan)"
                                                                        : "default<O3>";
    LLVMPassBuilderOptionsRef passes = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(module, pipeline, machine, passes);
    LLVMDisposePassBuilderOptions(passes);
    if (error) {
        char *message = LLVMGetErrorMessage(error);
        fprintf(stderr, "error: LLVM's passes: %s\n", message);
        LLVMDisposeErrorMessage(message);
        return false;
    }
    llvm_keep_doubles(module, scratch);
    return true;
}

static bool write_bytes(const char *path, const char *bytes, size_t length) {
    Text text = {0};
    text_add_bytes(&text, bytes, length);
    bool written = output_file_write(path, &text);
    if (!written)
        fprintf(stderr, "error: %s can't be written: %s\n", path, strerror(errno));
    text_free(&text);
    return written;
}

// NULL, after a message, where LLVM can't.
static LLVMMemoryBufferRef generate(LLVMTargetMachineRef machine, LLVMModuleRef module,
                                    LLVMCodeGenFileType type) {
    LLVMMemoryBufferRef buffer = NULL;
    char *message = NULL;
    if (LLVMTargetMachineEmitToMemoryBuffer(machine, module, type, &message, &buffer)) {
        fprintf(stderr, "error: LLVM's code generator: %s\n", message);
        LLVMDisposeMessage(message);
        return NULL;
    }
    return buffer;
}

// LLVM's C API has no assembler, but a module may consist of assembly alone.
static LLVMMemoryBufferRef assemble(LLVMTargetMachineRef machine, LLVMContextRef context,
                                    const Text *assembly) {
    LLVMModuleRef module = LLVMModuleCreateWithNameInContext("assembly", context);
    LLVMSetModuleInlineAsm2(module, text_chars(assembly), assembly->length);
    LLVMMemoryBufferRef buffer = generate(machine, module, LLVMObjectFile);
    LLVMDisposeModule(module);
    return buffer;
}

static LLVMMemoryBufferRef generate_kind(LLVMTargetMachineRef machine, LLVMModuleRef module,
                                         const LlvmRequest *request, const IrModule *source,
                                         const LlvmPlaces *places) {
    bool is_object = request->kind == LLVM_KIND_OBJECT;
    LLVMMemoryBufferRef buffer = generate(machine, module, LLVMAssemblyFile);
    if (!buffer)
        return NULL;
    Text assembly = {0}, finished = {0};
    text_add_bytes(&assembly, LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
    LLVMDisposeMemoryBuffer(buffer);
    llvm_assembly_finish(request, source, places, text_chars(&assembly), &finished);
    buffer = is_object ? assemble(machine, LLVMGetModuleContext(module), &finished)
                       : LLVMCreateMemoryBufferWithMemoryRangeCopy(text_chars(&finished),
                                                                   finished.length, "");
    text_free(&assembly);
    text_free(&finished);
    return buffer;
}

// By way of memory, never straight to the file: LLVM would leave half a file where the disk is
// full, and support/output_file.h puts the whole into its place or nothing.
bool llvm_target_write(LLVMTargetMachineRef machine, LLVMModuleRef module,
                       const LlvmRequest *request, const IrModule *source,
                       const LlvmPlaces *places) {
    if (request->kind == LLVM_KIND_LLVM_IR) {
        char *text = LLVMPrintModuleToString(module);
        bool written = write_bytes(request->output, text, strlen(text));
        LLVMDisposeMessage(text);
        return written;
    }
    LLVMMemoryBufferRef buffer = generate_kind(machine, module, request, source, places);
    if (!buffer)
        return false;
    bool written =
        write_bytes(request->output, LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
    LLVMDisposeMemoryBuffer(buffer);
    return written;
}
