// Debug information: every instruction knows its line of the definition, and what
// operation_marks.h calls dispatch or poll lies in a scope of its own. Such a scope
// is written as a function that was inlined: DWARF keeps these, with a name and
// address ranges, where a lexical block without variables would be dropped. In a
// dispatch scope the column is the operation's number.
//
// Variables and types are not described.
#include "backend/llvm/lowering.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

// LLVM keeps a column in 16 bits.
enum { MOST_COLUMNS = 65535 };

static LLVMMetadataRef new_subprogram(LlvmLowering *lowering, const char *name, int line,
                                      bool is_local) {
    LlvmDebugInfo *debug = &lowering->debug;
    return LLVMDIBuilderCreateFunction(debug->builder, debug->file, name, strlen(name), NULL, 0,
                                       debug->file, (unsigned)line, debug->type, is_local, true,
                                       (unsigned)line, LLVMDIFlagZero, true);
}

// Debuggers look for the source by folder and name; resolved, so that they find it wherever they
// are started. A module from standard input has no file.
static LLVMMetadataRef new_file(LLVMDIBuilderRef builder, const char *source) {
    char resolved[PATH_MAX];
    const char *path = source && realpath(source, resolved) ? resolved : source ? source : "-";
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t directory = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;
    return LLVMDIBuilderCreateFile(builder, name, strlen(name), directory ? path : ".",
                                   directory ? directory : 1);
}

// LLVM drops all debug information, with a warning, from a module that doesn't say which version of
// the format it is in.
static void add_flag(LlvmLowering *lowering, const char *name, unsigned value) {
    LLVMMetadataRef number = LLVMValueAsMetadata(LLVMConstInt(lowering->i32, value, false));
    LLVMAddModuleFlag(lowering->llvm, LLVMModuleFlagBehaviorWarning, name, strlen(name), number);
}

void llvm_debug_info_begin(LlvmLowering *lowering) {
    LlvmDebugInfo *debug = &lowering->debug;
    static const char producer[] = "loopwright";
    add_flag(lowering, "Debug Info Version", LLVMDebugMetadataVersion());
    // Version 5 would add an index of names, and debuggers take such an index for that of
    // the whole executable.
    add_flag(lowering, "Dwarf Version", 4);
    debug->builder = LLVMCreateDIBuilder(lowering->llvm);
    debug->file = new_file(debug->builder, lowering->module->source);
    debug->unit = LLVMDIBuilderCreateCompileUnit(
        debug->builder, LLVMDWARFSourceLanguageC11, debug->file, producer, strlen(producer), true,
        "", 0, 0, "", 0, LLVMDWARFEmissionFull, 0, true, false, "", 0, "", 0);
    debug->type =
        LLVMDIBuilderCreateSubroutineType(debug->builder, debug->file, NULL, 0, LLVMDIFlagZero);
    debug->dispatch = new_subprogram(lowering, "dispatch", 1, true);
    debug->poll = new_subprogram(lowering, "poll", 1, true);
}

// The first line that the function's code comes from.
static int first_line(const IrFunction *function) {
    for (size_t r = 0; r < function->regions.count; r++) {
        const IrRegion *region = function->regions.items[r];
        for (size_t b = 0; b < region->blocks.count; b++)
            for (const IrInstruction *i = region->blocks.items[b]->first; i; i = i->next)
                if (i->at.line > 0)
                    return i->at.line;
    }
    return 1;
}

// A function begins at the first line that its code comes from, as the IR has no line for a
// function.
void llvm_debug_info_function(LlvmLowering *lowering) {
    LlvmDebugInfo *debug = &lowering->debug;
    debug->function =
        new_subprogram(lowering, lowering->function->name, first_line(lowering->function), false);
    LLVMSetSubprogram(lowering->llvm_function, debug->function);
}

// Line 0 is DWARF's word for no line of the source. A location it is all the same, as LLVM wants
// one of each call between functions that have debug information.
static LLVMMetadataRef location(LlvmLowering *lowering, Location at, LLVMMetadataRef scope,
                                LLVMMetadataRef inlined_at) {
    unsigned line = at.line > 0 ? (unsigned)at.line : 0;
    unsigned column = at.column > 0 && at.column <= MOST_COLUMNS ? (unsigned)at.column : 0;
    return LLVMDIBuilderCreateDebugLocation(lowering->context, line, column, scope, inlined_at);
}

// Where the region's dispatch stands, as a call site: its first known place.
static Location region_place(const IrInstruction *instruction) {
    const IrRegion *region = instruction->block->region;
    for (size_t b = 0; b < region->blocks.count; b++)
        for (const IrInstruction *i = region->blocks.items[b]->first; i; i = i->next)
            if (i->at.line > 0)
                return i->at;
    return instruction->at;
}

// Work stands in the function itself. Dispatch and polls stand in their subprogram, inlined at the
// region's place; the number in the column tells apart operations that all came from one line.
void llvm_debug_info_locate(LlvmLowering *lowering, const IrInstruction *instruction) {
    LlvmDebugInfo *debug = &lowering->debug;
    LlvmMark kind = llvm_mark_of(lowering->marks, instruction);
    LLVMMetadataRef found;
    if (kind == LLVM_MARK_WORK) {
        found = location(lowering, instruction->at, debug->function, NULL);
    } else {
        LLVMMetadataRef site = location(lowering, region_place(instruction), debug->function, NULL);
        Location at = instruction->at;
        at.column = llvm_operation_number(lowering->marks, instruction);
        found = location(lowering, at, kind == LLVM_MARK_DISPATCH ? debug->dispatch : debug->poll,
                         site);
    }
    LLVMSetCurrentDebugLocation2(lowering->builder, found);
}

void llvm_debug_info_locate_prologue(LlvmLowering *lowering) {
    Location at = {first_line(lowering->function), 0};
    LLVMSetCurrentDebugLocation2(lowering->builder,
                                 location(lowering, at, lowering->debug.function, NULL));
}

void llvm_debug_info_end(LlvmLowering *lowering) {
    LLVMDIBuilderFinalize(lowering->debug.builder);
    LLVMDisposeDIBuilder(lowering->debug.builder);
}
