// The generated header: from it alone the runtime and the guest compiler know the interpreter.
// A field that moves, an opcode that is inserted, an external that gets another argument: C code
// that doesn't follow is a compile error, or (if it was built before) an interpreter that is
// refused for its fingerprints. This file has the frame of the whole, the constants, the
// externals' prototypes and the fingerprints.
#include "frontend/loop/header.h"
#include "frontend/loop/lower.h"
#include "ir/fingerprint.h"
#include "ir/image.h"

#include <ctype.h>
#include <string.h>

// A blank after the name, none after `*`: so types can be put before a name as they are.
const char *loop_c_cell(Arena *arena, LoopType type) {
    static const char *const cells[] = {
        [IR_CELL_U8] = "uint8_t ",  [IR_CELL_I8] = "int8_t ",    [IR_CELL_U16] = "uint16_t ",
        [IR_CELL_I16] = "int16_t ", [IR_CELL_U32] = "uint32_t ", [IR_CELL_I32] = "int32_t ",
        [IR_CELL_I64] = "int64_t ", [IR_CELL_F32] = "float ",    [IR_CELL_F64] = "double ",
        [IR_CELL_PTR] = "void *",   [IR_CELL_OBJECT] = "void *", [IR_CELL_VALUE] = "Value ",
    };
    if (type.kind == LOOP_RECORD)
        return arena_printf(arena, "%s *", type.record->name);
    return cells[type.cell];
}

const char *loop_c_type(Arena *arena, LoopType type) {
    if (type.kind == LOOP_NOTHING)
        return "void ";
    if (type.kind != LOOP_ELEMENTS)
        return loop_c_cell(arena, type);
    if (type.record)
        return arena_printf(arena, "%s %s", type.record->name, type.record->ir->moves ? "**" : "*");
    LoopType cell = loop_element_type(type);
    cell.cell = type.cell;
    return arena_printf(arena, "%s*", loop_c_cell(arena, cell));
}

const char *loop_c_fingerprint(const LoopHeader *header, int part) {
    Arena *arena = header->definition->arena;
    return arena_printf(arena, "%s_FINGERPRINT_%s", header->upper,
                        loop_upper_snake_case(arena, ir_fingerprint_text(part)));
}

// A literal keeps the sign with which it was written: what is above INT64_MAX is meant as bits,
// and becomes unsigned. The smallest integer has no literal in C, where `-` is an operation.
static void print_constants(const LoopHeader *header) {
    LoopDefinition *definition = header->definition;
    text_add(header->out, "// ---- Constants\n\n");
    for (size_t i = 0; i < definition->helpers.count; i++) {
        const LoopHelper *helper = definition->helpers.items[i];
        if (!helper->is_constant)
            continue;
        const AstExpression *literal = helper->ast->body->statements.items[0]->returned;
        bool is_signed = helper->constant >= 0 || literal->digits[0] == '-';
        text_addf(header->out, "#define %s ", loop_c_constant(header, helper));
        if (helper->constant == INT64_MIN && is_signed)
            text_add(header->out, "INT64_MIN\n");
        else if (is_signed)
            text_addf(header->out, helper->constant < 0 ? "(INT64_C(%lld))\n" : "INT64_C(%lld)\n",
                      (long long)helper->constant);
        else
            text_addf(header->out, "UINT64_C(%llu)\n", (unsigned long long)helper->constant);
    }
    text_add(header->out, "\n");
}

static void print_parameters(const LoopHeader *header, const LoopExternal *external) {
    LoopDefinition *definition = header->definition;
    Arena *arena = definition->arena;
    text_addf(header->out, "(%s *%s", definition->thread->name,
              loop_c_name(arena, definition->thread_name));
    if (!external->frameless)
        text_addf(header->out, ", %s *%s", definition->frame->name,
                  loop_c_name(arena, definition->frame_name));
    for (size_t i = external->ir->indirect; i < external->parameters.count; i++)
        text_addf(header->out, ", %s%s", loop_c_type(arena, external->parameters.items[i]),
                  loop_c_name(arena, external->ast->arguments.items[i].name));
    text_add(header->out, ");\n");
}

// Prototypes, so that the compiler holds the runtime's functions against the definition; then a
// list of all, from which an engine that isn't linked with them (the evaluator) makes its table
// from name to address. An indirect external is a type of functions and has no address.
static void print_externals(const LoopHeader *header) {
    LoopDefinition *definition = header->definition;
    text_add(header->out, "// ---- What the runtime does\n\n");
    for (size_t i = 0; i < definition->libraries.count; i++) {
        const LoopLibrary *library = definition->libraries.items[i];
        for (size_t j = 0; j < library->externals.count; j++) {
            const LoopExternal *external = library->externals.items[j];
            const char *result = loop_c_type(definition->arena, external->result);
            if (external->ir->indirect)
                text_addf(header->out, "typedef %s(*%s)", result,
                          loop_c_signature(definition->arena, external));
            else
                text_addf(header->out, "%s%s", result, external->ir->name);
            print_parameters(header, external);
        }
    }
    text_addf(header->out,
              "\n// X(name): every function that an interpreter may call.\n"
              "#define %s_EXTERNALS(X)",
              header->upper);
    for (size_t i = 0; i < definition->module->externals.count; i++) {
        const IrExternal *external = definition->module->externals.items[i];
        if (!external->indirect)
            text_addf(header->out, " \\\n    X(%s)", external->name);
    }
    text_add(header->out, "\n\n");
}

// The engine's side: what an emitted object, or whoever interprets the module, offers. The
// fingerprints are those of the definition that this header was made from.
static void print_engine(const LoopHeader *header) {
    LoopDefinition *definition = header->definition;
    text_add(header->out, "// ---- What an emitted interpreter defines\n\n");
    for (int part = 0; part < IR_FINGERPRINT_PARTS; part++)
        text_addf(header->out, "#define %s UINT64_C(0x%016llx)\n", loop_c_fingerprint(header, part),
                  (unsigned long long)ir_fingerprint(definition->module, part));
    text_addf(header->out,
              "\n// Says in each object which definition it was compiled for.\n"
              "static const char %s_header_stamp[]\n"
              "    __attribute__((used, section(\"" LOOP_HEADER_SECTION "\"))) =\n"
              "    \"%s",
              header->lower, definition->loop->name);
    for (int part = 0; part < IR_FINGERPRINT_PARTS; part++)
        text_addf(header->out, " %s %016llx", ir_fingerprint_text(part),
                  (unsigned long long)ir_fingerprint(definition->module, part));
    text_add(header->out, "\";\n\n");
    text_addf(header->out,
              "extern const char loopwright_image[];\nvoid interpret(%s *%s, %s *%s);\n",
              definition->thread->name, loop_c_name(definition->arena, definition->thread_name),
              definition->frame->name, loop_c_name(definition->arena, definition->frame_name));
}

// The image of what the passes have not touched yet, a line of text a line.
static void print_image(const LoopHeader *header) {
    Text image = {0};
    ir_image(header->definition->module, &image);
    text_addf(
        header->out,
        "// What an interpreter without any pass says of itself (see loopwright_image), and how\n"
        "// all of them begin.\n"
        "#define %s_IMAGE_FORM \"%s\"\n"
        "#define %s_IMAGE",
        header->upper, IR_IMAGE_FORM, header->upper);
    for (const char *line = text_chars(&image); *line;) {
        size_t length = strcspn(line, "\n");
        text_addf(header->out, " \\\n    \"%.*s\\n\"", (int)length, line);
        line += length + 1;
    }
    text_add(header->out, "\n\n");
    text_free(&image);
}

// The file's name without its folders: the header must not depend on where it was made. It
// goes into a comment of one line.
static const char *file_name(Arena *arena, const char *path) {
    const char *slash = path ? strrchr(path, '/') : NULL;
    char *name = arena_strdup(arena, slash ? slash + 1 : path ? path : "");
    for (char *letter = name; *letter; letter++)
        if (iscntrl((unsigned char)*letter))
            *letter = '?';
    return name;
}

// All errors are found before the first character is appended, so that a caller never has half a
// header.
bool loop_header(Arena *arena, Diagnostics *diagnostics, const AstFile *file, Text *out) {
    LoopDefinition *definition = loop_declare(arena, diagnostics, file);
    // The stack effects are known only when the bodies have been lowered. The code itself is
    // thrown away; loopwright lowers the definition again for each variant.
    if (!definition || !loop_lower_bodies(definition))
        return false;
    LoopHeader header = {
        .definition = definition,
        .out = out,
        .type = loop_camel_case(arena, definition->loop->name, true),
        .lower = loop_snake_case(arena, definition->loop->name),
        .upper = loop_upper_snake_case(arena, definition->loop->name),
    };
    if (!loop_header_check_names(&header))
        return false;
    text_addf(out, "// Generated by Loopwright from %s: don't edit.\n",
              file_name(arena, diagnostics->source.name));
    text_addf(out, "#ifndef %s_GENERATED_H\n#define %s_GENERATED_H\n\n", header.upper,
              header.upper);
    text_add(out, "#include <assert.h>\n#include <stdbool.h>\n#include <stddef.h>\n"
                  "#include <stdint.h>\n\n");
    loop_header_records(&header);
    print_constants(&header);
    loop_header_bytecodes(&header);
    print_externals(&header);
    print_image(&header);
    print_engine(&header);
    text_add(out, "\n#endif\n");
    return true;
}

const char *loop_header_name(Arena *arena, const AstFile *file) {
    const AstClass *loop = NULL;
    for (size_t i = 0; i < file->classes.count; i++) {
        const AstClass *class = file->classes.items[i];
        if (class->superclass && strcmp(class->superclass, "BytecodeLoop") == 0)
            loop = class;
    }
    return loop ? arena_printf(arena, "%s.h", loop_snake_case(arena, loop->name)) : NULL;
}
