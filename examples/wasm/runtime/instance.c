// From a module's bytes to an instance: linking, and filling tables and memory. Nothing is written
// anywhere before all of it is known to fit.
#include "instructions.h"
#include "store.h"

#include <string.h>

typedef struct Loading {
    Store *store;
    const Module *module;
    WasmInstance *instance;
    uint32_t next_function, next_global; // of the imports
} Loading;

#define UNLINKABLE_HERE(loading, ...)                                                              \
    failure_raise((loading)->store->failure, UNLINKABLE, FAILURE_NOWHERE, __VA_ARGS__)

// ---- Imports ---------------------------------------------------------------------------------

static bool limits_fit(int64_t size, Limits found, Limits wanted) {
    return size >= wanted.minimum &&
           (!wanted.has_maximum || (found.has_maximum && found.maximum <= wanted.maximum));
}

static bool fits(const Loading *loading, const Import *import, const Extern *found) {
    const Store *store = loading->store;
    if (found->kind != import->kind)
        return false;
    switch (found->kind) {
    case EXTERN_FUNCTION:
        return store_type(loading->store, &loading->module->types[import->type]) ==
               function_type(&machine_functions(&store->machine)[found->function]);
    case EXTERN_TABLE:
        return limits_fit(table_size(&found->table->table), found->table->limits, import->limits);
    case EXTERN_MEMORY:
        return limits_fit(memory_size(&found->memory->memory) / PAGE_BYTES, found->memory->limits,
                          import->limits);
    default:
        return found->global->type.type == import->global.type &&
               found->global->type.is_mutable == import->global.is_mutable;
    }
}

static void take_import(Loading *loading, const Extern *found) {
    WasmInstance *instance = loading->instance;
    switch (found->kind) {
    case EXTERN_FUNCTION: instance->functions[loading->next_function++] = found->function; break;
    case EXTERN_TABLE: instance->table = found->table; break;
    case EXTERN_MEMORY: instance->memory = found->memory; break;
    case EXTERN_GLOBAL: instance->globals[loading->next_global++] = found->global; break;
    }
}

static void link_imports(Loading *loading, ImportFinder find, void *data) {
    for (uint32_t i = 0; i < loading->module->import_count; i++) {
        const Import *import = &loading->module->imports[i];
        Extern found;
        if (!find(data, import, &found))
            UNLINKABLE_HERE(loading, "unknown import: %.*s.%.*s", (int)import->module.length,
                            import->module.text, (int)import->name.length, import->name.text);
        if (!fits(loading, import, &found))
            UNLINKABLE_HERE(loading, "incompatible import type: %.*s.%.*s",
                            (int)import->module.length, import->module.text,
                            (int)import->name.length, import->name.text);
        take_import(loading, &found);
    }
}

// ---- Definitions -----------------------------------------------------------------------------

static int64_t constant_value(const Loading *loading, const Constant *constant) {
    if (constant->opcode != W_GLOBAL_GET)
        return constant->bits;
    return int64_cell_value(&loading->instance->globals[constant->bits]->cell);
}

static void make_definitions(Loading *loading) {
    const Module *module = loading->module;
    WasmInstance *instance = loading->instance;
    Store *store = loading->store;
    if (module->table_count > module->imported_tables)
        instance->table = store_table(store, module->tables[0]);
    if (module->memory_count > module->imported_memories)
        instance->memory = store_memory(store, module->memories[0]);
    for (uint32_t i = module->imported_globals; i < module->global_count; i++) {
        const ModuleGlobal *global = &module->globals[i];
        instance->globals[i] =
            store_global(store, global->type, constant_value(loading, &global->value));
    }
    GlobalCell *cells = POOL_ARRAY(&store->pool, GlobalCell, module->global_count);
    for (uint32_t i = 0; i < module->global_count; i++)
        global_cell_set_cell(&cells[i], &instance->globals[i]->cell);
    instance_set_globals(&instance->instance, cells);
    instance_set_table(&instance->instance, instance->table ? &instance->table->table : NULL);
}

// All functions get their numbers before any is compiled, as they may call each other.
static void make_functions(Loading *loading) {
    const Module *module = loading->module;
    WasmInstance *instance = loading->instance;
    Store *store = loading->store;
    uint32_t *types = POOL_ARRAY(&store->pool, uint32_t, module->type_count);
    for (uint32_t i = 0; i < module->type_count; i++)
        types[i] = store_type(store, &module->types[i]);
    for (uint32_t i = module->imported_functions; i < module->function_count; i++)
        instance->functions[i] = store_new_function(store, module_function_type(module, i));
    CodeNumbers numbers = {instance->functions, types};
    for (uint32_t i = 0; i < module->body_count; i++) {
        Code code = compile_body(module, i, &numbers, &store->pool, store->failure);
        Function *function = &machine_functions(
            &store->machine)[instance->functions[module->imported_functions + i]];
        fusion_apply(store->fusion, code.units, code.count);
        function_set_code(function, code.units);
        function_set_frame_bytes(function, (int64_t)code.slots * 8);
        function_set_instance(function, &instance->instance);
        function_set_memory(function, instance->memory ? &instance->memory->memory : NULL);
        function_set_base(function, instance->memory ? instance->memory->bytes : NULL);
    }
}

// ---- Segments --------------------------------------------------------------------------------

static void check_segments(Loading *loading) {
    const Module *module = loading->module;
    for (uint32_t i = 0; i < module->element_count; i++) {
        const ElementSegment *segment = &module->elements[i];
        uint64_t start = (uint32_t)constant_value(loading, &segment->start);
        if (start + segment->count > (uint64_t)table_size(&loading->instance->table->table))
            UNLINKABLE_HERE(loading, "elements segment does not fit");
    }
    for (uint32_t i = 0; i < module->data_count; i++) {
        const DataSegment *segment = &module->data[i];
        uint64_t start = (uint32_t)constant_value(loading, &segment->start);
        if (start + segment->count > (uint64_t)memory_size(&loading->instance->memory->memory))
            UNLINKABLE_HERE(loading, "data segment does not fit");
    }
}

static void write_segments(Loading *loading) {
    const Module *module = loading->module;
    const WasmInstance *instance = loading->instance;
    for (uint32_t i = 0; i < module->element_count; i++) {
        const ElementSegment *segment = &module->elements[i];
        uint32_t start = (uint32_t)constant_value(loading, &segment->start);
        for (uint32_t e = 0; e < segment->count; e++)
            table_entries(&instance->table->table)[start + e] =
                instance->functions[segment->functions[e]];
    }
    for (uint32_t i = 0; i < module->data_count; i++) {
        const DataSegment *segment = &module->data[i];
        uint32_t start = (uint32_t)constant_value(loading, &segment->start);
        if (segment->count)
            memcpy(instance->memory->bytes + start, segment->bytes, segment->count);
    }
}

WasmInstance *instance_load(Store *store, const uint8_t *bytes, size_t size, ImportFinder find,
                            void *data, int64_t *start) {
    Module *module = module_decode(bytes, size, &store->pool, store->failure);
    module_validate(module, &store->pool, store->failure);
    WasmInstance *instance = POOL_NEW(&store->pool, WasmInstance);
    Loading loading = {.store = store, .module = module, .instance = instance};
    instance->module = module;
    instance->functions = POOL_ARRAY(&store->pool, uint32_t, module->function_count);
    instance->globals = POOL_ARRAY(&store->pool, GlobalObject *, module->global_count);
    link_imports(&loading, find, data);
    make_definitions(&loading);
    make_functions(&loading);
    check_segments(&loading);
    write_segments(&loading);
    instance->older = store->newest;
    store->newest = instance;
    *start = module->has_start ? (int64_t)instance->functions[module->start] : -1;
    return instance;
}

bool instance_export(const WasmInstance *instance, Name name, Extern *found) {
    const Module *module = instance->module;
    for (uint32_t i = 0; i < module->export_count; i++) {
        const Export *export = &module->exports[i];
        if (!names_equal(export->name, name))
            continue;
        *found = (Extern){.kind = export->kind};
        switch (export->kind) {
        case EXTERN_FUNCTION: found->function = instance->functions[export->index]; break;
        case EXTERN_TABLE: found->table = instance->table; break;
        case EXTERN_MEMORY: found->memory = instance->memory; break;
        case EXTERN_GLOBAL: found->global = instance->globals[export->index]; break;
        }
        return true;
    }
    return false;
}
