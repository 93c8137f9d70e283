// Whether the parts of a module fit each other: indices, types of constants, limits. Bodies of
// functions are validate_body.c's.
#include "validate.h"

#include <string.h>

static _Noreturn void invalid(Failure *failure, size_t offset, const char *what, uint32_t index) {
    failure_raise(failure, INVALID, offset, "unknown %s %u", what, index);
}

static void check_limits(Failure *failure, size_t offset, Limits limits, uint32_t most,
                         const char *what) {
    if (limits.has_maximum && limits.maximum < limits.minimum)
        failure_raise(failure, INVALID, offset, "size minimum must not be greater than maximum");
    if (limits.minimum > most || (limits.has_maximum && limits.maximum > most))
        failure_raise(failure, INVALID, offset, "%s", what);
}

static void check_memory_limits(Failure *failure, size_t offset, Limits limits) {
    check_limits(failure, offset, limits, PAGES_MAX,
                 "memory size must be at most 65536 pages (4 GiB)");
}

static void check_imports(const Module *module, Failure *failure) {
    for (uint32_t i = 0; i < module->import_count; i++) {
        const Import *import = &module->imports[i];
        size_t offset = (size_t)((const uint8_t *)import->module.text - module->bytes);
        if (import->kind == EXTERN_FUNCTION && import->type >= module->type_count)
            invalid(failure, offset, "type", import->type);
        if (import->kind == EXTERN_TABLE)
            check_limits(failure, offset, import->limits, UINT32_MAX, "");
        if (import->kind == EXTERN_MEMORY)
            check_memory_limits(failure, offset, import->limits);
    }
}

// A constant refers to imported globals that can't change.
static void check_constant(const Module *module, Failure *failure, const Constant *constant,
                           uint8_t type) {
    uint8_t found = constant->type;
    if (constant->opcode == W_GLOBAL_GET) {
        if (constant->bits >= module->imported_globals)
            invalid(failure, constant->offset, "global", (uint32_t)constant->bits);
        if (module->globals[constant->bits].type.is_mutable)
            failure_raise(failure, INVALID, constant->offset, "constant expression required");
        found = module->globals[constant->bits].type.type;
    }
    if (found != type)
        failure_raise(failure, INVALID, constant->offset, "type mismatch in a constant expression");
}

static void check_segments(const Module *module, Failure *failure) {
    for (uint32_t i = 0; i < module->element_count; i++) {
        const ElementSegment *segment = &module->elements[i];
        if (segment->table >= module->table_count)
            invalid(failure, segment->start.offset, "table", segment->table);
        check_constant(module, failure, &segment->start, TYPE_I32);
        for (uint32_t f = 0; f < segment->count; f++)
            if (segment->functions[f] >= module->function_count)
                invalid(failure, segment->start.offset, "function", segment->functions[f]);
    }
    for (uint32_t i = 0; i < module->data_count; i++) {
        const DataSegment *segment = &module->data[i];
        if (segment->memory >= module->memory_count)
            invalid(failure, segment->start.offset, "memory", segment->memory);
        check_constant(module, failure, &segment->start, TYPE_I32);
    }
}

static uint32_t space_size(const Module *module, ExternKind kind) {
    switch (kind) {
    case EXTERN_FUNCTION: return module->function_count;
    case EXTERN_TABLE: return module->table_count;
    case EXTERN_MEMORY: return module->memory_count;
    default: return module->global_count;
    }
}

static int compare_names(const void *left, const void *right) {
    const Export *a = *(const Export *const *)left, *b = *(const Export *const *)right;
    if (a->name.length != b->name.length)
        return a->name.length < b->name.length ? -1 : 1;
    return memcmp(a->name.text, b->name.text, a->name.length);
}

static void check_exports(const Module *module, Failure *failure, Pool *scratch) {
    static const char *const kinds[] = {"function", "table", "memory", "global"};
    const Export **sorted = POOL_ARRAY(scratch, const Export *, module->export_count);
    for (uint32_t i = 0; i < module->export_count; i++) {
        const Export *export = &module->exports[i];
        if (export->index >= space_size(module, export->kind))
            invalid(failure, export->offset, kinds[export->kind], export->index);
        sorted[i] = export;
    }
    if (module->export_count > 1)
        qsort(sorted, module->export_count, sizeof *sorted, compare_names);
    for (uint32_t i = 1; i < module->export_count; i++)
        if (!compare_names(&sorted[i - 1], &sorted[i]))
            failure_raise(failure, INVALID, sorted[i]->offset, "duplicate export name");
}

static void check_start(const Module *module, Failure *failure) {
    if (!module->has_start)
        return;
    if (module->start >= module->function_count)
        invalid(failure, module->start_offset, "function", module->start);
    const FunctionType *type = module_function_type(module, module->start);
    if (type->parameter_count || type->result_count)
        failure_raise(failure, INVALID, module->start_offset,
                      "start function takes and answers nothing");
}

static void check_definitions(const Module *module, Failure *failure) {
    for (uint32_t i = module->imported_functions; i < module->function_count; i++)
        if (module->functions[i] >= module->type_count)
            invalid(failure, FAILURE_NOWHERE, "type", module->functions[i]);
    if (module->table_count > 1)
        failure_raise(failure, INVALID, FAILURE_NOWHERE, "multiple tables");
    if (module->memory_count > 1)
        failure_raise(failure, INVALID, FAILURE_NOWHERE, "multiple memories");
    for (uint32_t i = module->imported_tables; i < module->table_count; i++)
        check_limits(failure, module->table_offsets[i], module->tables[i], UINT32_MAX, "");
    for (uint32_t i = module->imported_memories; i < module->memory_count; i++)
        check_memory_limits(failure, module->memory_offsets[i], module->memories[i]);
    for (uint32_t i = module->imported_globals; i < module->global_count; i++)
        check_constant(module, failure, &module->globals[i].value, module->globals[i].type.type);
}

void module_validate(const Module *module, Pool *scratch, Failure *failure) {
    check_imports(module, failure);
    check_definitions(module, failure);
    check_segments(module, failure);
    check_exports(module, failure, scratch);
    check_start(module, failure);
    for (uint32_t i = 0; i < module->body_count; i++)
        validate_body(module, i, failure);
}
