// The generated header's records: structs, checks of their offsets, accessors. A struct has the
// scalar fields only. An array in place may overlap with others and begin before the record, so
// C gets at it through a function that computes its address. The assertions make sure that what
// the C compiler lays out is what the interpreter's loads and stores assume (records.c).
#include "frontend/loop/header.h"

// Records are whole words long. Where no field is one, C has to be told.
static bool needs_alignment(const LoopRecord *record) {
    for (size_t i = 0; i < record->fields.count; i++)
        if (!record->fields.items[i]->ir->is_array && !record->fields.items[i]->ir->is_overlay &&
            ir_cell_size(record->fields.items[i]->ir->cell) == 8)
            return false;
    return true;
}

static void print_struct(const LoopHeader *header, const LoopRecord *record) {
    Arena *arena = header->definition->arena;
    const char *alignment = needs_alignment(record) ? "_Alignas(8) " : "";
    text_addf(header->out, "struct %s {", record->name);
    size_t scalars = 0;
    for (size_t i = 0; i < record->fields.count; i++) {
        const LoopField *field = record->fields.items[i];
        if (field->ir->is_array || field->ir->is_overlay)
            continue;
        text_addf(header->out, "%s    %s%s%s;%s\n", scalars ? "" : "\n", scalars ? "" : alignment,
                  loop_c_type(arena, field->type), loop_c_name(arena, field->name),
                  field->ir->is_const ? " // const" : "");
        scalars++;
    }
    // A record without fields is only pointed to; C has no empty structs.
    text_addf(header->out, "%s};\n", scalars ? "" : " char nothing[8]; ");
    for (size_t i = 0; i < record->fields.count; i++) {
        const LoopField *field = record->fields.items[i];
        if (!field->ir->is_array && !field->ir->is_overlay)
            text_addf(header->out, "static_assert(offsetof(%s, %s) == %lld, \"%s.%s\");\n",
                      record->name, loop_c_name(arena, field->name), (long long)field->ir->offset,
                      record->name, field->name);
    }
    if (scalars)
        text_addf(header->out, "static_assert(sizeof(%s) == %lld, \"%s\");\n", record->name,
                  (long long)record->ir->size, record->name);
    text_add(header->out, "\n");
}

// For the runtime's code, which may also take fields as such. A const field has a setter, too: it
// is the runtime in C that makes most records.
static void print_accessors(const LoopHeader *header, const LoopRecord *record,
                            const LoopField *field) {
    Arena *arena = header->definition->arena;
    const char *type = loop_c_type(arena, field->type);
    const char *reader = loop_c_accessor(arena, record, field, false);
    const char *setter = loop_c_accessor(arena, record, field, true);
    const char *variable = loop_c_record_parameter(arena, record);
    if (field->ir->is_array) {
        text_addf(header->out,
                  "static inline %s%s(%s *%s) {\n    return (%s)((char *)%s + %lld);\n}\n", type,
                  reader, record->name, variable, type, variable, (long long)field->ir->offset);
        return;
    }
    if (field->ir->is_overlay) {
        // By the bytes: C knows a struct's members by their types, too.
        text_addf(header->out,
                  "static inline %s%s(const %s *%s) {\n    %sfound;\n"
                  "    __builtin_memcpy(&found, (const char *)%s + %lld, sizeof found);\n"
                  "    return found;\n}\n",
                  type, reader, record->name, variable, type, variable,
                  (long long)field->ir->offset);
        text_addf(header->out,
                  "static inline void %s(%s *%s, %sto) {\n"
                  "    __builtin_memcpy((char *)%s + %lld, &to, sizeof to);\n}\n",
                  setter, record->name, variable, type, variable, (long long)field->ir->offset);
        return;
    }
    text_addf(header->out, "static inline %s%s(const %s *%s) {\n    return %s->%s;\n}\n", type,
              reader, record->name, variable, variable, loop_c_name(arena, field->name));
    text_addf(header->out, "static inline void %s(%s *%s, %sto) {\n    %s->%s = to;\n}\n", setter,
              record->name, variable, type, variable, loop_c_name(arena, field->name));
}

void loop_header_records(const LoopHeader *header) {
    LoopDefinition *definition = header->definition;
    text_add(header->out, "// ---- Records\n\ntypedef uint64_t Value;\n");
    for (size_t i = 0; i < definition->records.count; i++)
        text_addf(header->out, "typedef struct %s %s;\n", definition->records.items[i]->name,
                  definition->records.items[i]->name);
    text_add(header->out, "\n");
    for (size_t i = 0; i < definition->records.count; i++) {
        const LoopRecord *record = definition->records.items[i];
        if (record->ir->moves)
            text_addf(header->out, "// The collector moves it.\n");
        print_struct(header, record);
        for (size_t j = 0; j < record->fields.count; j++)
            print_accessors(header, record, record->fields.items[j]);
        if (record->fields.count)
            text_add(header->out, "\n");
    }
}
