// Making modules and their declarations, and finding declarations by name. Look-ups are
// linear: a module has tens of records and a few hundred bytecodes, and who looks up often
// keeps what was found. Code is built in build.c.
#include "ir/ir.h"
#include "ir/methods.h"

#include <string.h>

IrModule *ir_module_new(Arena *arena, const char *name) {
    IrModule *module = ARENA_NEW(arena, IrModule);
    module->arena = arena;
    module->name = arena_strdup(arena, name);
    return module;
}

IrRecord *ir_record_new(IrModule *module, const char *name, bool moves) {
    IrRecord *record = ARENA_NEW(module->arena, IrRecord);
    record->name = arena_strdup(module->arena, name);
    record->moves = moves;
    ARENA_PUSH(module->arena, &module->records, record);
    return record;
}

IrField *ir_field_new(IrModule *module, IrRecord *record, const char *name, IrCell cell,
                      int64_t offset) {
    IrField *field = ARENA_NEW(module->arena, IrField);
    field->name = arena_strdup(module->arena, name);
    field->record = record;
    field->cell = cell;
    field->offset = offset;
    ARENA_PUSH(module->arena, &record->fields, field);
    return field;
}

IrExternal *ir_external_new(IrModule *module, const char *name, IrType result) {
    IrExternal *external = ARENA_NEW(module->arena, IrExternal);
    external->name = arena_strdup(module->arena, name);
    external->result = result;
    ARENA_PUSH(module->arena, &module->externals, external);
    return external;
}

IrMethod *ir_method_new(IrModule *module, const char *name) {
    IrMethod *method = ARENA_NEW(module->arena, IrMethod);
    method->name = arena_strdup(module->arena, name);
    while (ir_find_method(module, method->name))
        method->name = arena_printf(module->arena, "%s'", method->name);
    ARENA_PUSH(module->arena, &module->methods, method);
    return method;
}

void ir_variable_new(IrModule *module, IrMethod *method, IrVariable variable) {
    if (ir_find_variable(method, variable.name))
        return;
    variable.name = arena_strdup(module->arena, variable.name);
    ARENA_PUSH(module->arena, &method->variables, variable);
}

IrTable *ir_table_new(IrModule *module, const char *name) {
    IrTable *table = ARENA_NEW(module->arena, IrTable);
    table->name = arena_strdup(module->arena, name);
    ARENA_PUSH(module->arena, &module->tables, table);
    return table;
}

// Region 0 is the trunk, from the beginning.
IrFunction *ir_function_new(IrModule *module, const char *name, IrType result) {
    IrFunction *function = ARENA_NEW(module->arena, IrFunction);
    function->name = arena_strdup(module->arena, name);
    function->module = module;
    function->result = result;
    ARENA_PUSH(module->arena, &module->functions, function);
    ir_region_new(function, "trunk");
    return function;
}

IrRegion *ir_region_new(IrFunction *function, const char *name) {
    Arena *arena = function->module->arena;
    IrRegion *region = ARENA_NEW(arena, IrRegion);
    region->name = arena_strdup(arena, name);
    region->function = function;
    ARENA_PUSH(arena, &function->regions, region);
    return region;
}

IrBlock *ir_block_new(IrRegion *region, const char *name) {
    Arena *arena = region->function->module->arena;
    IrBlock *block = ARENA_NEW(arena, IrBlock);
    block->name = name ? arena_strdup(arena, name) : NULL;
    block->region = region;
    block->index = (int)region->blocks.count;
    ARENA_PUSH(arena, &region->blocks, block);
    return block;
}

IrValue *ir_parameter_new(IrBlock *block, IrType type, const char *name) {
    Arena *arena = block->region->function->module->arena;
    IrValue *value = ARENA_NEW(arena, IrValue);
    value->kind = IR_PARAMETER;
    value->type = type;
    value->name = name ? arena_strdup(arena, name) : NULL;
    value->parameter.block = block;
    value->parameter.index = (int)block->parameters.count;
    ARENA_PUSH(arena, &block->parameters, value);
    return value;
}

IrRecord *ir_find_record(const IrModule *module, const char *name) {
    for (size_t i = 0; i < module->records.count; i++)
        if (!strcmp(module->records.items[i]->name, name))
            return module->records.items[i];
    return NULL;
}

IrField *ir_find_field(const IrRecord *record, const char *name) {
    for (size_t i = 0; i < record->fields.count; i++)
        if (!strcmp(record->fields.items[i]->name, name))
            return record->fields.items[i];
    return NULL;
}

const IrBytecode *ir_find_bytecode(const IrTable *table, const char *name) {
    for (size_t i = 0; i < table->bytecodes.count; i++)
        if (!strcmp(table->bytecodes.items[i].name, name))
            return &table->bytecodes.items[i];
    return NULL;
}

IrExternal *ir_find_external(const IrModule *module, const char *name) {
    for (size_t i = 0; i < module->externals.count; i++)
        if (!strcmp(module->externals.items[i]->name, name))
            return module->externals.items[i];
    return NULL;
}

IrMethod *ir_find_method(const IrModule *module, const char *name) {
    for (size_t i = 0; i < module->methods.count; i++)
        if (!strcmp(module->methods.items[i]->name, name))
            return module->methods.items[i];
    return NULL;
}

const IrVariable *ir_find_variable(const IrMethod *method, const char *name) {
    for (size_t i = 0; i < method->variables.count; i++)
        if (!strcmp(method->variables.items[i].name, name))
            return &method->variables.items[i];
    return NULL;
}

IrTable *ir_find_table(const IrModule *module, const char *name) {
    for (size_t i = 0; i < module->tables.count; i++)
        if (!strcmp(module->tables.items[i]->name, name))
            return module->tables.items[i];
    return NULL;
}

IrFunction *ir_find_function(const IrModule *module, const char *name) {
    for (size_t i = 0; i < module->functions.count; i++)
        if (!strcmp(module->functions.items[i]->name, name))
            return module->functions.items[i];
    return NULL;
}

IrPath *ir_path_new(IrModule *module, const char *root, const IrRecord *from, const char *fields) {
    IrPath *path = ARENA_NEW(module->arena, IrPath);
    path->root = root ? arena_strdup(module->arena, root) : NULL;
    for (const char *rest = fields; rest;) {
        const char *dot = strchr(rest, '.');
        size_t length = dot ? (size_t)(dot - rest) : strlen(rest);
        const char *name = arena_strndup(module->arena, rest, length);
        const IrField *field = from ? ir_find_field(from, name) : NULL;
        if (!field)
            return NULL;
        ARENA_PUSH(module->arena, &path->fields, field);
        from = field->pointee;
        rest = dot ? dot + 1 : NULL;
    }
    return path;
}
