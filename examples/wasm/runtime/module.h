// A module as the binary format has it: what decode.c makes, validate.c checks, compile.c and
// instance.c use. Everything lies in the pool it was decoded with; names, data and bodies stay
// in the module's bytes, which have to live as long.
#ifndef WASM_MODULE_H
#define WASM_MODULE_H

#include "pool.h"
#include "reader.h"

// As the binary format encodes them.
enum { TYPE_I32 = 0x7F, TYPE_I64 = 0x7E, TYPE_F32 = 0x7D, TYPE_F64 = 0x7C, TYPE_NONE = 0x40 };

typedef enum ExternKind { EXTERN_FUNCTION, EXTERN_TABLE, EXTERN_MEMORY, EXTERN_GLOBAL } ExternKind;

enum { PAGE_BYTES = 1 << 16, PAGES_MAX = 1 << 16 };

typedef struct FunctionType {
    uint32_t parameter_count, result_count; // results: at most one
    const uint8_t *parameters;
    uint8_t result; // TYPE_NONE without one
} FunctionType;

typedef struct Limits {
    uint32_t minimum, maximum; // the maximum is UINT32_MAX where there is none
    bool has_maximum;
} Limits;

typedef struct GlobalType {
    uint8_t type;
    bool is_mutable;
} GlobalType;

// A constant expression: a number, or the value of an imported global.
typedef struct Constant {
    uint8_t opcode; // OP_WASM_…; 0: it is something else, which validation refuses
    uint8_t type;   // of a number
    int64_t bits;   // of a number, or the global's index
    size_t offset;
} Constant;

typedef struct Import {
    Name module, name;
    ExternKind kind;
    uint32_t type; // of a function: the index
    Limits limits; // of a table or a memory
    GlobalType global;
} Import;

typedef struct Export {
    Name name;
    ExternKind kind;
    uint32_t index;
    size_t offset;
} Export;

typedef struct ModuleGlobal {
    GlobalType type;
    Constant value; // of those that are no imports
} ModuleGlobal;

typedef struct ElementSegment {
    uint32_t table, count;
    Constant start;
    const uint32_t *functions;
} ElementSegment;

typedef struct DataSegment {
    uint32_t memory, count;
    Constant start;
    const uint8_t *bytes;
} DataSegment;

typedef struct Body {
    size_t start, end; // of the instructions, in the module's bytes
    uint32_t local_count;
    const uint8_t *locals; // their types, without the parameters
} Body;

// The index spaces begin with what is imported.
typedef struct Module {
    const uint8_t *bytes;
    size_t size;
    uint32_t type_count, import_count, function_count, table_count, memory_count, global_count,
        export_count, element_count, data_count, body_count;
    uint32_t imported_functions, imported_globals, imported_tables, imported_memories;
    FunctionType *types;
    Import *imports;
    uint32_t *functions; // the index of each one's type
    Limits *tables, *memories;
    size_t *table_offsets, *memory_offsets;
    ModuleGlobal *globals;
    Export *exports;
    ElementSegment *elements;
    DataSegment *data;
    Body *bodies; // of the functions that are no imports
    bool has_start;
    uint32_t start;
    size_t start_offset;
} Module;

// Decodes a module. Raises failures of kind MALFORMED.
Module *module_decode(const uint8_t *bytes, size_t size, Pool *pool, Failure *failure);

// Checks a decoded module by the standard's rules. Raises failures of kind INVALID, and MALFORMED
// for what is wrong in the encoding of instructions. `scratch` is used for what is needed
// meanwhile.
void module_validate(const Module *module, Pool *scratch, Failure *failure);

static inline const FunctionType *module_function_type(const Module *module, uint32_t function) {
    return &module->types[module->functions[function]];
}

#endif
