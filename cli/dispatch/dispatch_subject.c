// See dispatch_subject.h. Debug information refers to an operation of the IR by its number, so the
// module is needed to say what it is. What was emitted before names its flags and its definition,
// and its module is made again; it counts only if it has the image that was emitted.
#include "cli/dispatch/dispatch_subject.h"

#include "cli/default_loop.h"
#include "cli/emitter.h"
#include "ir/image.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// A program may have any name, that of a definition too. What isn't a file of its own, a pipe say,
// can't be looked into without losing what was read.
static bool is_program(const char *input) {
    struct stat status;
    char magic[SELFMAG] = "";
    FILE *file = stat(input, &status) == 0 && S_ISREG(status.st_mode) ? fopen(input, "rb") : NULL;
    size_t count = file ? fread(magic, 1, sizeof magic, file) : 0;
    if (file)
        fclose(file);
    return count == sizeof magic && memcmp(magic, ELFMAG, sizeof magic) == 0;
}

bool dispatch_subject_is_made(const char *input) {
    return input && (!variant_reads(input) || is_program(input));
}

// ---- Operations ----------------------------------------------------------------------

// The operation with what it reads, writes or calls: that is what tells one load from another.
static const char *describe(Arena *arena, const IrInstruction *instruction) {
    const char *op = ir_op_text(instruction->op);
    if (instruction->field)
        return arena_printf(arena, "%s %s.%s", op, instruction->field->record->name,
                            instruction->field->name);
    if (instruction->external)
        return arena_printf(arena, "%s %s", op, instruction->external->name);
    IrShape shape = ir_op_shape(instruction->op);
    if (shape == IR_SHAPE_LOAD || shape == IR_SHAPE_STORE)
        return arena_printf(arena, "%s.%s", op, ir_cell_text(instruction->cell));
    return op;
}

// In the order in which the debug information numbers them: that of the module's text.
static void list_operations(Arena *arena, DispatchReport *report, const IrModule *module) {
    ARENA_VECTOR(DispatchOperation) list = {0};
    for (size_t f = 0; f < module->functions.count; f++) {
        const IrFunction *function = module->functions.items[f];
        for (size_t r = 0; r < function->regions.count; r++) {
            const IrRegion *region = function->regions.items[r];
            for (size_t b = 0; b < region->blocks.count; b++)
                for (const IrInstruction *i = region->blocks.items[b]->first; i; i = i->next) {
                    DispatchOperation operation = {describe(arena, i), i->at.line, i->at.column};
                    ARENA_PUSH(arena, &list, operation);
                }
        }
    }
    dispatch_report_know(report, list.items, list.count);
}

// ---- What was emitted before ---------------------------------------------------------

static bool has_image(const IrModule *module, const ObjectFile *object) {
    Text image = {0};
    ir_image(module, &image);
    bool same = object->image && strncmp(object->image, text_chars(&image), image.length) == 0;
    text_free(&image);
    return same;
}

// Where the definition was when it was emitted or, if it is gone from there, the default one.
// Nothing is said where this leads to nothing: the measurement can do without.
static const IrModule *remake_module(Arena *arena, const ObjectFile *object,
                                     const char *definition) {
    const char *rest = NULL, *flags = object_image_line(object, "flags", &rest);
    Variant variant = variant_new();
    Text error = {0};
    bool known = flags && variant_parse(&variant, arena, flags, &error);
    text_free(&error);
    if (!known)
        return NULL;
    bool is_there = definition && variant_reads(definition) && access(definition, R_OK) == 0;
    const char *file = is_there ? definition : default_loop_definition(arena);
    const IrModule *module = variant_module(&variant, arena, file, false, NULL);
    return module && has_image(module, object) ? module : NULL;
}

static int version_of(const ObjectFile *object) {
    const char *rest = NULL, *version = object_image_line(object, "llvm", &rest);
    return version ? atoi(version) : 0;
}

// ---- What flags ask for --------------------------------------------------------------

static const char *name_of(const Variant *variant, Arena *arena, const char *input) {
    Text flags = {0};
    variant_print(variant, &flags);
    const char *loop = input ? input : variant->definition;
    const char *name = arena_printf(arena, "%s%s%s", text_chars(&flags), loop ? " " : "",
                                    !loop                    ? ""
                                    : strcmp(loop, "-") == 0 ? "(standard input)"
                                                             : loop);
    text_free(&flags);
    return name;
}

bool dispatch_subject_make(DispatchSubject *subject, Arena *arena, const Variant *variant,
                           const char *input, PipelineRun *run) {
    subject->name = name_of(variant, arena, input);
    subject->module = variant_module(variant, arena, input, false, run);
    return subject->module != NULL;
}

static bool open_object(DispatchSubject *subject, Arena *arena, const char *path) {
    subject->object = object_file_open(arena, path);
    subject->report = subject->object ? dispatch_report_read(arena, subject->object) : NULL;
    if (!subject->report)
        return false;
    subject->report->name = subject->name;
    subject->llvm_version = version_of(subject->object);
    return true;
}

bool dispatch_subject_emit(DispatchSubject *subject, Arena *arena, const Variant *variant) {
    const char *mir = emitter_temporary_module(arena, subject->module);
    Text object = {0};
    bool made =
        mir && emitter_compile(variant, arena, EMITTER_OBJECT, EMITTER_EXECUTABLE, mir, &object);
    const char *path = made ? emitter_temporary(arena, &object) : NULL;
    text_free(&object);
    if (!path || !open_object(subject, arena, path))
        return false;
    list_operations(arena, subject->report, subject->module);
    return true;
}

bool dispatch_subject_read(DispatchSubject *subject, Arena *arena, const Variant *variant,
                           const char *input) {
    PipelineRun run = {.verify_each = true, .stream = stderr};
    if (!dispatch_subject_is_made(input))
        return dispatch_subject_make(subject, arena, variant, input, &run) &&
               dispatch_subject_emit(subject, arena, variant);
    subject->name = input;
    if (!open_object(subject, arena, input))
        return false;
    subject->module = remake_module(arena, subject->object, subject->report->definition);
    if (subject->module)
        list_operations(arena, subject->report, subject->module);
    return true;
}

void dispatch_subject_close(DispatchSubject *subject) {
    if (subject->object)
        object_file_close(subject->object);
    subject->object = NULL;
}
