// Debug information: every instruction knows its line of the definition and the method that it
// stands in, as debug_info.h describes them. What operation_marks.h calls dispatch or poll lies in
// a scope of its own. Such a scope is written as a function that was inlined, too: DWARF keeps
// these, with a name and address ranges, where a lexical block without variables would be dropped.
// In a dispatch scope the column is the operation's number.
//
// None of this may change the machine code: who looks for a difference must not make one.
#include "backend/llvm/debug_info.h"
#include "backend/llvm/lowering.h"
#include "ir/methods.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

// LLVM keeps a column in 16 bits.
enum { MOST_COLUMNS = 65535 };

LLVMMetadataRef llvm_debug_file(const LlvmLowering *lowering, int line) {
    return lowering->debug.files[llvm_files_part(&lowering->module->parts, line)];
}

unsigned llvm_debug_line(const LlvmLowering *lowering, int line) {
    return (unsigned)llvm_files_own_line(&lowering->module->parts, line);
}

static LLVMMetadataRef new_subprogram(LlvmLowering *lowering, const char *name, int line,
                                      bool is_local) {
    LlvmDebugInfo *debug = &lowering->debug;
    LLVMMetadataRef file = llvm_debug_file(lowering, line);
    unsigned own_line = llvm_debug_line(lowering, line);
    return LLVMDIBuilderCreateFunction(debug->builder, file, name, strlen(name), NULL, 0, file,
                                       own_line, debug->type, is_local, true, own_line,
                                       LLVMDIFlagZero, true);
}

static LlvmDebugMethod *new_method(LlvmLowering *lowering, const char *name, int line,
                                   bool is_local) {
    LlvmDebugMethod *made = ARENA_NEW(lowering->arena, LlvmDebugMethod);
    made->name = name;
    made->method = ir_find_method(lowering->module, name);
    if (made->method && made->method->at.line > 0)
        line = made->method->at.line;
    made->line = (unsigned)line;
    made->subprogram = new_subprogram(lowering, name, line, is_local);
    llvm_debug_variables_declare(lowering, made);
    return made;
}

// DWARF knows no numbers of scopes. LLVM prints them with each row of the line table. The file is
// that of the line, which in the loop's own scopes may be any.
static LLVMMetadataRef numbered(LlvmLowering *lowering, LLVMMetadataRef subprogram, int line,
                                int number) {
    return LLVMDIBuilderCreateLexicalBlockFile(lowering->debug.builder, subprogram,
                                               llvm_debug_file(lowering, line), (unsigned)number);
}

static void number_scope(LlvmLowering *lowering, LlvmDebugScope *scope, Location call) {
    LlvmPlace place = {.method = scope->method->name,
                       .line = call.line,
                       .column = call.column,
                       .within = scope->within ? scope->within->number : 0};
    scope->number = llvm_place_new(lowering->places, place);
}

// The method by that name where it is inlined, each made once.
static LlvmDebugMethod *inlined_method(LlvmLowering *lowering, const char *name, int line) {
    LlvmDebugInfo *debug = &lowering->debug;
    for (size_t i = 0; i < debug->methods.count; i++)
        if (strcmp(debug->methods.items[i]->name, name) == 0)
            return debug->methods.items[i];
    LlvmDebugMethod *made = new_method(lowering, name, line, true);
    ARENA_PUSH(lowering->arena, &debug->methods, made);
    return made;
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
    const SourceParts *parts = &lowering->module->parts;
    debug->file = new_file(debug->builder, lowering->module->source);
    debug->files = ARENA_ARRAY(lowering->arena, LLVMMetadataRef, parts->count + 1);
    debug->files[0] = debug->file;
    for (size_t i = 0; i < parts->count; i++)
        debug->files[i + 1] = new_file(debug->builder, parts->items[i].name);
    lowering->places->parts = parts;
    debug->unit = LLVMDIBuilderCreateCompileUnit(
        debug->builder, LLVMDWARFSourceLanguageC11, debug->file, producer, strlen(producer), true,
        "", 0, 0, "", 0, LLVMDWARFEmissionFull, 0, true, false, "", 0, "", 0);
    debug->type =
        LLVMDIBuilderCreateSubroutineType(debug->builder, debug->file, NULL, 0, LLVMDIFlagZero);
    llvm_debug_types_begin(lowering);
    debug->dispatch = new_subprogram(lowering, "dispatch", 1, true);
    debug->dispatch_number = llvm_place_new(lowering->places, (LlvmPlace){.method = "dispatch"});
    debug->poll = new_subprogram(lowering, "poll", 1, true);
    debug->poll_number = llvm_place_new(lowering->places, (LlvmPlace){.method = "poll"});
}

// ---- Scopes --------------------------------------------------------------------------------

// The first known place in the region.
static Location region_place(const IrRegion *region) {
    for (size_t b = 0; b < region->blocks.count; b++)
        for (const IrInstruction *i = region->blocks.items[b]->first; i; i = i->next)
            if (i->at.line > 0)
                return i->at;
    return (Location){0, 0};
}

// The first line that the function's code comes from.
static int first_line(const IrFunction *function) {
    for (size_t r = 0; r < function->regions.count; r++) {
        Location at = region_place(function->regions.items[r]);
        if (at.line > 0)
            return at.line;
    }
    return 1;
}

// A handler's name is its bytecode's, with a suffix if it is a further state's or a cold part:
// `add.cold`.
static const char *bytecode_name(LlvmLowering *lowering, const char *name) {
    return arena_strndup(lowering->arena, name, strcspn(name, "."));
}

// A function begins at its method's line, or at the first line that its code comes from.
void llvm_debug_info_function(LlvmLowering *lowering) {
    LlvmDebugInfo *debug = &lowering->debug;
    const IrFunction *function = lowering->function;
    bool is_entry = function == lowering->module->functions.items[0];
    debug->function = new_method(lowering, bytecode_name(lowering, function->name),
                                 first_line(function), !is_entry);
    LLVMSetSubprogram(lowering->llvm_function, debug->function->subprogram);
}

// The bytecode that a table leads to by this region.
static void find_bytecode(LlvmLowering *lowering, const IrRegion *region) {
    LlvmDebugInfo *debug = &lowering->debug;
    const IrModule *module = lowering->module;
    debug->bytecode = NULL;
    for (size_t t = 0; t < module->tables.count; t++)
        for (size_t i = 0; i < module->tables.items[t]->bytecodes.count; i++) {
            const IrBytecode *bytecode = &module->tables.items[t]->bytecodes.items[i];
            bool leads = bytecode->block ? bytecode->block == region->blocks.items[0]
                                         : bytecode->function && !bytecode->block &&
                                               bytecode->function->regions.items[0] == region;
            if (leads && !debug->bytecode) {
                debug->table = module->tables.items[t];
                debug->bytecode = bytecode;
            }
        }
}

// The function's own code is the trunk; the regions are inlined where it dispatches.
void llvm_debug_info_region(LlvmLowering *lowering, const IrRegion *region) {
    LlvmDebugInfo *debug = &lowering->debug;
    const IrFunction *function = lowering->function;
    debug->inlinings = (PointerMap){0};
    debug->region = (LlvmDebugScope){.method = debug->function};
    llvm_debug_calls_find(lowering, region);
    find_bytecode(lowering, region);
    if (region == function->regions.items[0]) {
        // A handler begins with its bytecode's line, though all its code may come from helpers.
        bool is_handler = function != lowering->module->functions.items[0];
        Location first = {is_handler ? (int)debug->function->line : 0, 0};
        number_scope(lowering, &debug->region, first);
        return;
    }
    LlvmDebugScope trunk = debug->region;
    Location dispatch = {first_line(function), 0};
    debug->region.inlined_at = llvm_debug_location(lowering, dispatch, &trunk);
    Location place = region_place(region);
    debug->region.method =
        inlined_method(lowering, bytecode_name(lowering, region->name), place.line);
    number_scope(lowering, &debug->region, (Location){0, 0});
}

LlvmDebugScope *llvm_debug_scope(LlvmLowering *lowering, const IrInlining *inlining) {
    LlvmDebugInfo *debug = &lowering->debug;
    if (!inlining)
        return &debug->region;
    int index = pointer_map_find(&debug->inlinings, inlining);
    if (index >= 0)
        return debug->scopes.items[index];
    LlvmDebugScope *within = llvm_debug_scope(lowering, inlining->within);
    // Two components of one kind differ by where they stand.
    Location call = inlining->is_component ? (Location){within->method->line, inlining->component}
                                           : inlining->call;
    LlvmDebugScope *made = ARENA_NEW(lowering->arena, LlvmDebugScope);
    made->method = inlined_method(lowering, inlining->method->name, inlining->method->at.line);
    made->inlined_at = llvm_debug_location(lowering, call, within);
    made->within = within;
    // A component is asked for by nobody, and begins with its own line.
    number_scope(lowering, made,
                 inlining->is_component ? (Location){(int)made->method->line, 0} : call);
    pointer_map_add(lowering->arena, &debug->inlinings, inlining, (int)debug->scopes.count);
    ARENA_PUSH(lowering->arena, &debug->scopes, made);
    return made;
}

// ---- Places --------------------------------------------------------------------------------

static LLVMMetadataRef location(LlvmLowering *lowering, Location at, LLVMMetadataRef scope,
                                LLVMMetadataRef inlined_at) {
    unsigned line = at.line > 0 ? llvm_debug_line(lowering, at.line) : 0;
    unsigned column = at.column > 0 && at.column <= MOST_COLUMNS ? (unsigned)at.column : 0;
    return LLVMDIBuilderCreateDebugLocation(lowering->context, line, column, scope, inlined_at);
}

// A location it is all the same, as LLVM wants one of each call between functions that have debug
// information.
LLVMMetadataRef llvm_debug_location(LlvmLowering *lowering, Location at,
                                    const LlvmDebugScope *scope) {
    LLVMMetadataRef subprogram = scope->method->subprogram;
    bool is_elsewhere = at.line > 0 && llvm_debug_file(lowering, at.line) !=
                                           llvm_debug_file(lowering, (int)scope->method->line);
    return location(lowering, at,
                    is_elsewhere ? numbered(lowering, subprogram, at.line, 0) : subprogram,
                    scope->inlined_at);
}

// An instruction that stands for a message has a number of its own, for the place that it had.
static LLVMMetadataRef work_location(LlvmLowering *lowering, const IrInstruction *instruction) {
    const IrInlining *callee = llvm_debug_callee(lowering, instruction);
    const LlvmDebugScope *scope =
        llvm_debug_scope(lowering, callee ? callee->within : instruction->inlined);
    Location at = callee ? callee->call : instruction->at;
    int file_line = at.line > 0 ? at.line : (int)scope->method->line;
    LLVMMetadataRef subprogram = scope->method->subprogram;
    if (!callee)
        return location(lowering, at, numbered(lowering, subprogram, file_line, scope->number),
                        scope->inlined_at);
    LlvmPlace place = {.method = scope->method->name,
                       .line = instruction->at.line,
                       .column = instruction->at.column,
                       .within = scope->within ? scope->within->number : 0,
                       .is_call = true};
    int number = llvm_place_new(lowering->places, place);
    return location(lowering, at, numbered(lowering, subprogram, file_line, number),
                    scope->inlined_at);
}

// Dispatch and polls stand in their subprogram, inlined at the region's place; the number in the
// column tells apart operations that all came from one line. They are the loop's and not the
// bytecode's, as LLVM may merge those of several: what it merges keeps the scopes that it has in
// common, and is dispatch still.
void llvm_debug_info_locate(LlvmLowering *lowering, const IrInstruction *instruction) {
    LlvmDebugInfo *debug = &lowering->debug;
    LlvmMark kind = llvm_mark_of(lowering->marks, instruction);
    LLVMMetadataRef found;
    llvm_debug_variables_component(lowering, instruction->inlined);
    if (kind == LLVM_MARK_WORK) {
        found = work_location(lowering, instruction);
    } else {
        Location place = region_place(instruction->block->region);
        LlvmDebugScope loop = {.method = debug->function};
        LLVMMetadataRef site = llvm_debug_location(lowering, place, &loop);
        Location at = instruction->at;
        at.column = llvm_operation_number(lowering->marks, instruction);
        bool is_dispatch = kind == LLVM_MARK_DISPATCH;
        LLVMMetadataRef scope =
            numbered(lowering, is_dispatch ? debug->dispatch : debug->poll, at.line,
                     is_dispatch ? debug->dispatch_number : debug->poll_number);
        found = location(lowering, at, scope, site);
    }
    LLVMSetCurrentDebugLocation2(lowering->builder, found);
}

void llvm_debug_info_locate_prologue(LlvmLowering *lowering) {
    LlvmDebugScope scope = {.method = lowering->debug.function};
    Location at = {first_line(lowering->function), 0};
    LLVMSetCurrentDebugLocation2(lowering->builder, llvm_debug_location(lowering, at, &scope));
}

// Parameters of other blocks than the first are where several values of a variable meet. They have
// no place of their own; the variable is one of who goes on with them.
void llvm_debug_info_block(LlvmLowering *lowering, const IrBlock *block) {
    bool is_entry = block == lowering->entry;
    if (is_entry || block == lowering->function->header)
        llvm_debug_variables_region(lowering, block);
    for (size_t i = 0; i < block->parameters.count; i++)
        llvm_debug_variables_value(lowering, block->parameters.items[i],
                                   is_entry ? NULL : block->first->inlined);
}

void llvm_debug_info_result(LlvmLowering *lowering, const IrInstruction *instruction) {
    llvm_debug_variables_value(lowering, instruction->result, instruction->inlined);
}

void llvm_debug_info_end(LlvmLowering *lowering) {
    LLVMDIBuilderFinalize(lowering->debug.builder);
    LLVMDisposeDIBuilder(lowering->debug.builder);
}
