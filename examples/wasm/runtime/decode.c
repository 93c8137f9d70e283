// A module's bytes into its parts, section by section. Instructions are left to validation, which
// reads them anyway. Which parts fit each other is looked at by validate.c.
#include "module.h"

#include "instructions.h"

enum { SECTION_COUNT = 12, SECTION_CODE = 10, LOCALS_MAX = 30000 };

typedef struct Decoder {
    Reader reader; // at the part at hand; `end` is the section's
    Module *module;
    Pool *pool;
    Failure *failure;
    uint32_t declared_functions;
} Decoder;

static uint8_t read_value_type(Reader *reader) {
    size_t start = reader->at;
    uint8_t type = read_byte(reader);
    if (type < TYPE_F64 || type > TYPE_I32)
        failure_raise(reader->failure, MALFORMED, start, "malformed value type");
    return type;
}

static Limits read_limits(Reader *reader) {
    size_t start = reader->at;
    uint8_t flags = read_byte(reader);
    if (flags > 1)
        failure_raise(reader->failure, MALFORMED, start, "malformed limits flags");
    Limits limits = {.minimum = read_u32(reader), .maximum = UINT32_MAX, .has_maximum = flags == 1};
    if (limits.has_maximum)
        limits.maximum = read_u32(reader);
    return limits;
}

static Limits read_table_type(Reader *reader) {
    size_t start = reader->at;
    if (read_byte(reader) != 0x70)
        failure_raise(reader->failure, MALFORMED, start, "malformed element type");
    return read_limits(reader);
}

static GlobalType read_global_type(Reader *reader) {
    GlobalType type = {.type = read_value_type(reader)};
    size_t start = reader->at;
    uint8_t is_mutable = read_byte(reader);
    if (is_mutable > 1)
        failure_raise(reader->failure, MALFORMED, start, "malformed mutability");
    type.is_mutable = is_mutable;
    return type;
}

// One instruction that makes a value, and an end. What else stands there is no constant.
static Constant read_constant(Reader *reader) {
    Constant constant = {.offset = reader->at};
    constant.opcode = read_byte(reader);
    switch (constant.opcode) {
    case W_I32_CONST:
        constant.type = TYPE_I32;
        constant.bits = read_s32(reader);
        break;
    case W_I64_CONST:
        constant.type = TYPE_I64;
        constant.bits = read_s64(reader);
        break;
    case W_F32_CONST:
        constant.type = TYPE_F32;
        constant.bits = read_f32(reader);
        break;
    case W_F64_CONST:
        constant.type = TYPE_F64;
        constant.bits = read_f64(reader);
        break;
    case W_GLOBAL_GET: constant.bits = read_u32(reader); break;
    case W_END:
        failure_raise(reader->failure, INVALID, constant.offset,
                      "type mismatch: a constant expression leaves a value");
    default:
        failure_raise(reader->failure, INVALID, constant.offset, "constant expression required");
    }
    if (read_byte(reader) != W_END)
        failure_raise(reader->failure, INVALID, constant.offset,
                      "type mismatch: a constant expression is one instruction");
    return constant;
}

static void read_types(Decoder *decoder) {
    Reader *reader = &decoder->reader;
    Module *module = decoder->module;
    module->type_count = read_count(reader);
    module->types = POOL_ARRAY(decoder->pool, FunctionType, module->type_count);
    for (uint32_t i = 0; i < module->type_count; i++) {
        FunctionType *type = &module->types[i];
        if (read_byte(reader) != 0x60)
            failure_raise(reader->failure, MALFORMED, reader->at - 1, "malformed function type");
        type->parameter_count = read_count(reader);
        type->parameters = reader->bytes + reader->at;
        for (uint32_t p = 0; p < type->parameter_count; p++)
            read_value_type(reader);
        size_t start = reader->at;
        type->result_count = read_u32(reader);
        if (type->result_count > 1)
            failure_raise(reader->failure, INVALID, start, "invalid result arity");
        type->result = type->result_count ? read_value_type(reader) : TYPE_NONE;
    }
}

static void read_import(Decoder *decoder, Import *import) {
    Reader *reader = &decoder->reader;
    Module *module = decoder->module;
    import->module = read_name(reader);
    import->name = read_name(reader);
    size_t start = reader->at;
    uint8_t kind = read_byte(reader);
    import->kind = (ExternKind)kind;
    switch (kind) {
    case EXTERN_FUNCTION:
        import->type = read_u32(reader);
        module->imported_functions++;
        break;
    case EXTERN_TABLE:
        import->limits = read_table_type(reader);
        module->imported_tables++;
        break;
    case EXTERN_MEMORY:
        import->limits = read_limits(reader);
        module->imported_memories++;
        break;
    case EXTERN_GLOBAL:
        import->global = read_global_type(reader);
        module->imported_globals++;
        break;
    default: failure_raise(reader->failure, MALFORMED, start, "malformed import kind");
    }
}

static void read_imports(Decoder *decoder) {
    Module *module = decoder->module;
    module->import_count = read_count(&decoder->reader);
    module->imports = POOL_ARRAY(decoder->pool, Import, module->import_count);
    for (uint32_t i = 0; i < module->import_count; i++)
        read_import(decoder, &module->imports[i]);
}

// Each index space gets room for what is imported and what is defined, and the former first.
static void begin_functions(Decoder *decoder, uint32_t count) {
    Module *module = decoder->module;
    uint32_t next = 0;
    module->function_count = module->imported_functions + count;
    module->functions = POOL_ARRAY(decoder->pool, uint32_t, module->function_count);
    for (uint32_t i = 0; i < module->import_count; i++)
        if (module->imports[i].kind == EXTERN_FUNCTION)
            module->functions[next++] = module->imports[i].type;
}

static void read_functions(Decoder *decoder) {
    Module *module = decoder->module;
    decoder->declared_functions = read_count(&decoder->reader);
    begin_functions(decoder, decoder->declared_functions);
    for (uint32_t i = module->imported_functions; i < module->function_count; i++)
        module->functions[i] = read_u32(&decoder->reader);
}

static Limits *begin_limits(Decoder *decoder, ExternKind kind, uint32_t count, size_t **offsets) {
    Module *module = decoder->module;
    uint32_t next = 0;
    Limits *limits = POOL_ARRAY(decoder->pool, Limits, count);
    *offsets = POOL_ARRAY(decoder->pool, size_t, count);
    for (uint32_t i = 0; i < module->import_count; i++)
        if (module->imports[i].kind == kind)
            limits[next++] = module->imports[i].limits;
    return limits;
}

static void read_tables(Decoder *decoder) {
    Module *module = decoder->module;
    module->table_count = module->imported_tables + read_count(&decoder->reader);
    module->tables =
        begin_limits(decoder, EXTERN_TABLE, module->table_count, &module->table_offsets);
    for (uint32_t i = module->imported_tables; i < module->table_count; i++) {
        module->table_offsets[i] = decoder->reader.at;
        module->tables[i] = read_table_type(&decoder->reader);
    }
}

static void read_memories(Decoder *decoder) {
    Module *module = decoder->module;
    module->memory_count = module->imported_memories + read_count(&decoder->reader);
    module->memories =
        begin_limits(decoder, EXTERN_MEMORY, module->memory_count, &module->memory_offsets);
    for (uint32_t i = module->imported_memories; i < module->memory_count; i++) {
        module->memory_offsets[i] = decoder->reader.at;
        module->memories[i] = read_limits(&decoder->reader);
    }
}

static void begin_globals(Decoder *decoder, uint32_t count) {
    Module *module = decoder->module;
    uint32_t next = 0;
    module->global_count = module->imported_globals + count;
    module->globals = POOL_ARRAY(decoder->pool, ModuleGlobal, module->global_count);
    for (uint32_t i = 0; i < module->import_count; i++)
        if (module->imports[i].kind == EXTERN_GLOBAL)
            module->globals[next++].type = module->imports[i].global;
}

static void read_globals(Decoder *decoder) {
    Module *module = decoder->module;
    begin_globals(decoder, read_count(&decoder->reader));
    for (uint32_t i = module->imported_globals; i < module->global_count; i++) {
        module->globals[i].type = read_global_type(&decoder->reader);
        module->globals[i].value = read_constant(&decoder->reader);
    }
}

static void read_exports(Decoder *decoder) {
    Reader *reader = &decoder->reader;
    Module *module = decoder->module;
    module->export_count = read_count(reader);
    module->exports = POOL_ARRAY(decoder->pool, Export, module->export_count);
    for (uint32_t i = 0; i < module->export_count; i++) {
        Export *export = &module->exports[i];
        export->offset = reader->at;
        export->name = read_name(reader);
        uint8_t kind = read_byte(reader);
        if (kind > EXTERN_GLOBAL)
            failure_raise(reader->failure, MALFORMED, reader->at - 1, "malformed export kind");
        export->kind = (ExternKind)kind;
        export->index = read_u32(reader);
    }
}

static void read_start(Decoder *decoder) {
    decoder->module->start_offset = decoder->reader.at;
    decoder->module->start = read_u32(&decoder->reader);
    decoder->module->has_start = true;
}

static void read_elements(Decoder *decoder) {
    Reader *reader = &decoder->reader;
    Module *module = decoder->module;
    module->element_count = read_count(reader);
    module->elements = POOL_ARRAY(decoder->pool, ElementSegment, module->element_count);
    for (uint32_t i = 0; i < module->element_count; i++) {
        ElementSegment *segment = &module->elements[i];
        segment->table = read_u32(reader);
        segment->start = read_constant(reader);
        segment->count = read_count(reader);
        uint32_t *functions = POOL_ARRAY(decoder->pool, uint32_t, segment->count);
        for (uint32_t f = 0; f < segment->count; f++)
            functions[f] = read_u32(reader);
        segment->functions = functions;
    }
}

static void read_data(Decoder *decoder) {
    Reader *reader = &decoder->reader;
    Module *module = decoder->module;
    module->data_count = read_count(reader);
    module->data = POOL_ARRAY(decoder->pool, DataSegment, module->data_count);
    for (uint32_t i = 0; i < module->data_count; i++) {
        DataSegment *segment = &module->data[i];
        segment->memory = read_u32(reader);
        segment->start = read_constant(reader);
        segment->count = read_u32(reader);
        segment->bytes = read_bytes(reader, segment->count);
    }
}

// The groups are read twice: how many locals there are has to be known first.
static void read_locals(Decoder *decoder, Reader *reader, Body *body) {
    size_t start = reader->at;
    uint64_t total = 0;
    for (int round = 0; round < 2; round++) {
        uint8_t *types = round ? POOL_ARRAY(decoder->pool, uint8_t, total) : NULL;
        reader->at = start;
        total = 0;
        for (uint32_t groups = read_count(reader); groups > 0; groups--) {
            uint32_t count = read_u32(reader);
            uint8_t type = read_value_type(reader);
            for (uint32_t i = 0; types && i < count; i++)
                types[total + i] = type;
            total += count;
        }
        if (total > UINT32_MAX)
            failure_raise(reader->failure, MALFORMED, start, "too many locals");
        if (total > LOCALS_MAX)
            failure_raise(reader->failure, UNSUPPORTED, start, "more than %d locals", LOCALS_MAX);
        body->locals = types;
    }
    body->local_count = (uint32_t)total;
}

static void read_code(Decoder *decoder) {
    Reader *reader = &decoder->reader;
    Module *module = decoder->module;
    module->body_count = read_count(reader);
    if (module->body_count != decoder->declared_functions)
        failure_raise(reader->failure, MALFORMED, reader->at,
                      "function and code section have inconsistent lengths");
    module->bodies = POOL_ARRAY(decoder->pool, Body, module->body_count);
    for (uint32_t i = 0; i < module->body_count; i++) {
        Body *body = &module->bodies[i];
        uint32_t size = read_u32(reader);
        Reader inside = *reader;
        read_bytes(reader, size);
        inside.end = reader->at;
        read_locals(decoder, &inside, body);
        body->start = inside.at;
        body->end = inside.end;
    }
}

static void read_custom(Decoder *decoder) {
    read_name(&decoder->reader);
    decoder->reader.at = decoder->reader.end;
}

static void read_section(Decoder *decoder, uint8_t id) {
    static void (*const sections[SECTION_COUNT])(Decoder *) = {
        read_custom,  read_types,   read_imports, read_functions, read_tables, read_memories,
        read_globals, read_exports, read_start,   read_elements,  read_code,   read_data,
    };
    sections[id](decoder);
}

static void check_head(Reader *reader) {
    static const uint8_t magic[] = {0, 'a', 's', 'm'}, version[] = {1, 0, 0, 0};
    for (size_t i = 0; i < sizeof magic; i++)
        if (read_byte(reader) != magic[i])
            failure_raise(reader->failure, MALFORMED, 0, "magic header not detected");
    for (size_t i = 0; i < sizeof version; i++)
        if (read_byte(reader) != version[i])
            failure_raise(reader->failure, MALFORMED, 4, "unknown binary version");
}

// Sections that aren't there leave their parts to what is imported.
static void fill_missing(Decoder *decoder) {
    Module *module = decoder->module;
    if (!module->functions)
        begin_functions(decoder, 0);
    if (!module->globals)
        begin_globals(decoder, 0);
    if (!module->tables) {
        module->table_count = module->imported_tables;
        module->tables =
            begin_limits(decoder, EXTERN_TABLE, module->table_count, &module->table_offsets);
    }
    if (!module->memories) {
        module->memory_count = module->imported_memories;
        module->memories =
            begin_limits(decoder, EXTERN_MEMORY, module->memory_count, &module->memory_offsets);
    }
}

Module *module_decode(const uint8_t *bytes, size_t size, Pool *pool, Failure *failure) {
    Reader whole = {bytes, 0, size, failure};
    Decoder decoder = {.module = POOL_NEW(pool, Module), .pool = pool, .failure = failure};
    uint8_t last = 0;
    decoder.module->bytes = bytes;
    decoder.module->size = size;
    check_head(&whole);
    while (whole.at < whole.end) {
        size_t start = whole.at;
        uint8_t id = read_byte(&whole);
        if (id >= SECTION_COUNT)
            failure_raise(failure, MALFORMED, start, "malformed section id");
        if (id != 0 && id <= last)
            failure_raise(failure, MALFORMED, start, "unexpected content after last section");
        last = id ? id : last;
        uint32_t length = read_u32(&whole);
        decoder.reader = whole;
        read_bytes(&whole, length);
        decoder.reader.end = whole.at;
        read_section(&decoder, id);
        if (decoder.reader.at != decoder.reader.end)
            failure_raise(failure, MALFORMED, decoder.reader.at, "section size mismatch");
    }
    if (!decoder.module->bodies && decoder.declared_functions)
        failure_raise(failure, MALFORMED, size,
                      "function and code section have inconsistent lengths");
    fill_missing(&decoder);
    return decoder.module;
}
