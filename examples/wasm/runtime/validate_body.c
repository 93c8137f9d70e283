// Types of a body's instructions. Behind what never goes on (a branch, `unreachable`) the stack
// holds whatever is asked for, down to where the block began.
//
// The algorithm is the one in the appendix of the WebAssembly specification. Its two stacks are
// from malloc, and freed whatever happens: a failure is caught and passed on.
#include "validate.h"

enum { TYPE_UNKNOWN = 0 };

typedef struct Block {
    uint8_t opcode, result; // TYPE_NONE without one
    bool unreachable;
    size_t height; // of the stack of types where it began
    size_t offset;
} Block;

typedef struct Validator {
    const Module *module;
    const FunctionType *type;
    const Body *body;
    Reader reader;
    Failure *failure;
    size_t at; // of the instruction at hand
    struct {
        uint8_t *items;
        size_t count, capacity;
    } stack;
    struct {
        Block *items;
        size_t count, capacity;
    } blocks;
} Validator;

#define INVALID_AT(validator, ...)                                                                 \
    failure_raise((validator)->failure, INVALID, (validator)->at, __VA_ARGS__)

static const char *type_text(uint8_t type) {
    static const char *const texts[] = {"f64", "f32", "i64", "i32"};
    return type >= TYPE_F64 && type <= TYPE_I32 ? texts[type - TYPE_F64] : "a value";
}

static Block *innermost(Validator *validator) {
    return &validator->blocks.items[validator->blocks.count - 1];
}

static void push(Validator *validator, uint8_t type) {
    if (type != TYPE_NONE)
        LIST_PUSH(&validator->stack, type);
}

static uint8_t pop_any(Validator *validator) {
    const Block *block = innermost(validator);
    if (validator->stack.count > block->height)
        return validator->stack.items[--validator->stack.count];
    if (!block->unreachable)
        INVALID_AT(validator, "type mismatch: nothing is on the stack");
    return TYPE_UNKNOWN;
}

static void pop(Validator *validator, uint8_t type) {
    if (type == TYPE_NONE)
        return;
    uint8_t found = pop_any(validator);
    if (found != type && found != TYPE_UNKNOWN)
        INVALID_AT(validator, "type mismatch: %s where %s is needed", type_text(found),
                   type_text(type));
}

static void begin_block(Validator *validator, uint8_t opcode, uint8_t result) {
    LIST_PUSH(&validator->blocks, (Block){.opcode = opcode,
                                          .result = result,
                                          .height = validator->stack.count,
                                          .offset = validator->at});
}

// What is above the block's beginning has to be its result and nothing else.
static Block end_block(Validator *validator) {
    Block block = *innermost(validator);
    pop(validator, block.result);
    if (validator->stack.count != block.height)
        INVALID_AT(validator, "type mismatch: values remain on the stack");
    validator->blocks.count--;
    return block;
}

static void never_goes_on(Validator *validator) {
    Block *block = innermost(validator);
    validator->stack.count = block->height;
    block->unreachable = true;
}

// What a branch to the block takes along: a loop's goes to its beginning, with nothing.
static uint8_t label_type(const Block *block) {
    return block->opcode == W_LOOP ? TYPE_NONE : block->result;
}

static const Block *read_label(Validator *validator) {
    uint32_t depth = read_u32(&validator->reader);
    if (depth >= validator->blocks.count)
        INVALID_AT(validator, "unknown label %u", depth);
    return &validator->blocks.items[validator->blocks.count - 1 - depth];
}

static uint8_t read_block_type(Validator *validator) {
    uint8_t type = read_byte(&validator->reader);
    if (type != TYPE_NONE && (type < TYPE_F64 || type > TYPE_I32))
        failure_raise(validator->failure, MALFORMED, validator->at, "malformed block type");
    return type;
}

static void check_table_branch(Validator *validator) {
    pop(validator, TYPE_I32);
    uint32_t count = read_count(&validator->reader);
    uint8_t type = TYPE_UNKNOWN;
    for (uint32_t i = 0; i <= count; i++) {
        uint8_t found = label_type(read_label(validator));
        if (i > 0 && found != type)
            INVALID_AT(validator, "type mismatch: labels of different types");
        type = found;
    }
    pop(validator, type);
    never_goes_on(validator);
}

static void check_end(Validator *validator) {
    Block block = end_block(validator);
    if (block.opcode == W_IF && block.result != TYPE_NONE)
        INVALID_AT(validator, "type mismatch: an if without else has no result");
    push(validator, block.result);
}

static void check_else(Validator *validator) {
    if (innermost(validator)->opcode != W_IF)
        failure_raise(validator->failure, MALFORMED, validator->at, "else without if");
    Block block = end_block(validator);
    begin_block(validator, W_ELSE, block.result);
}

// True if the instruction is one of control.
static bool check_control(Validator *validator, uint8_t opcode) {
    switch (opcode) {
    case W_UNREACHABLE: never_goes_on(validator); return true;
    case W_NOP: return true;
    case W_IF:
    case W_BLOCK:
    case W_LOOP: {
        uint8_t type = read_block_type(validator);
        if (opcode == W_IF)
            pop(validator, TYPE_I32);
        begin_block(validator, opcode, type);
        return true;
    }
    case W_ELSE: check_else(validator); return true;
    case W_END: check_end(validator); return true;
    case W_BR:
        pop(validator, label_type(read_label(validator)));
        never_goes_on(validator);
        return true;
    case W_BR_IF: {
        pop(validator, TYPE_I32);
        uint8_t type = label_type(read_label(validator));
        pop(validator, type);
        push(validator, type);
        return true;
    }
    case W_BR_TABLE: check_table_branch(validator); return true;
    case W_RETURN:
        pop(validator, validator->type->result);
        never_goes_on(validator);
        return true;
    default: return false;
    }
}

static void check_call(Validator *validator, const FunctionType *type) {
    for (uint32_t i = type->parameter_count; i-- > 0;)
        pop(validator, type->parameters[i]);
    push(validator, type->result);
}

static void check_reserved(Validator *validator) {
    if (read_byte(&validator->reader) != 0)
        failure_raise(validator->failure, MALFORMED, validator->at, "zero flag expected");
}

static bool check_calls(Validator *validator, uint8_t opcode) {
    const Module *module = validator->module;
    if (opcode == W_CALL) {
        uint32_t function = read_u32(&validator->reader);
        if (function >= module->function_count)
            INVALID_AT(validator, "unknown function %u", function);
        check_call(validator, module_function_type(module, function));
        return true;
    }
    if (opcode != W_CALL_INDIRECT)
        return false;
    uint32_t type = read_u32(&validator->reader);
    check_reserved(validator);
    if (module->table_count == 0)
        INVALID_AT(validator, "unknown table 0");
    if (type >= module->type_count)
        INVALID_AT(validator, "unknown type %u", type);
    pop(validator, TYPE_I32);
    check_call(validator, &module->types[type]);
    return true;
}

static uint8_t read_local(Validator *validator) {
    uint32_t index = read_u32(&validator->reader);
    uint32_t parameters = validator->type->parameter_count;
    if (index >= parameters + validator->body->local_count)
        INVALID_AT(validator, "unknown local %u", index);
    return index < parameters ? validator->type->parameters[index]
                              : validator->body->locals[index - parameters];
}

static GlobalType read_global(Validator *validator) {
    uint32_t index = read_u32(&validator->reader);
    if (index >= validator->module->global_count)
        INVALID_AT(validator, "unknown global %u", index);
    return validator->module->globals[index].type;
}

static void check_select(Validator *validator) {
    pop(validator, TYPE_I32);
    uint8_t right = pop_any(validator), left = pop_any(validator);
    if (left != right && left != TYPE_UNKNOWN && right != TYPE_UNKNOWN)
        INVALID_AT(validator, "type mismatch: select between %s and %s", type_text(left),
                   type_text(right));
    push(validator, left == TYPE_UNKNOWN ? right : left);
}

static bool check_variables(Validator *validator, uint8_t opcode) {
    switch (opcode) {
    case W_DROP: pop_any(validator); return true;
    case W_SELECT: check_select(validator); return true;
    case W_LOCAL_GET: push(validator, read_local(validator)); return true;
    case W_LOCAL_SET: pop(validator, read_local(validator)); return true;
    case W_LOCAL_TEE: {
        uint8_t type = read_local(validator);
        pop(validator, type);
        push(validator, type);
        return true;
    }
    case W_GLOBAL_GET: push(validator, read_global(validator).type); return true;
    case W_GLOBAL_SET: {
        GlobalType type = read_global(validator);
        if (!type.is_mutable)
            INVALID_AT(validator, "global is immutable");
        pop(validator, type.type);
        return true;
    }
    default: return false;
    }
}

static bool check_constants(Validator *validator, uint8_t opcode) {
    Reader *reader = &validator->reader;
    switch (opcode) {
    case W_I32_CONST:
        read_s32(reader);
        push(validator, TYPE_I32);
        return true;
    case W_I64_CONST:
        read_s64(reader);
        push(validator, TYPE_I64);
        return true;
    case W_F32_CONST:
        read_f32(reader);
        push(validator, TYPE_F32);
        return true;
    case W_F64_CONST:
        read_f64(reader);
        push(validator, TYPE_F64);
        return true;
    default: return false;
    }
}

static void need_memory(Validator *validator) {
    if (validator->module->memory_count == 0)
        INVALID_AT(validator, "unknown memory 0");
}

static void check_access(Validator *validator, uint8_t opcode, const InstructionType *type) {
    uint32_t alignment = read_u32(&validator->reader);
    read_u32(&validator->reader);
    need_memory(validator);
    if (alignment > type->size)
        INVALID_AT(validator, "alignment must not be larger than natural");
    if (opcode >= W_STORE_FIRST)
        pop(validator, type->operand);
    pop(validator, TYPE_I32);
    push(validator, type->result);
}

static void check_others(Validator *validator, uint8_t opcode) {
    const InstructionType *type = instruction_type(opcode);
    if (opcode == W_MEMORY_SIZE || opcode == W_MEMORY_GROW) {
        check_reserved(validator);
        need_memory(validator);
        if (opcode == W_MEMORY_GROW)
            pop(validator, TYPE_I32);
        push(validator, TYPE_I32);
    } else if (!type) {
        failure_raise(validator->failure, MALFORMED, validator->at, "illegal opcode %02x", opcode);
    } else if (opcode <= W_STORE_LAST) {
        check_access(validator, opcode, type);
    } else {
        for (int i = 0; i < type->operands; i++)
            pop(validator, type->operand);
        push(validator, type->result);
    }
}

static void check_body(Validator *validator) {
    begin_block(validator, W_BLOCK, validator->type->result);
    while (validator->blocks.count > 0) {
        validator->at = validator->reader.at;
        uint8_t opcode = read_byte(&validator->reader);
        if (!check_control(validator, opcode) && !check_calls(validator, opcode) &&
            !check_variables(validator, opcode) && !check_constants(validator, opcode))
            check_others(validator, opcode);
    }
    if (validator->reader.at != validator->reader.end)
        failure_raise(validator->failure, MALFORMED, validator->reader.at,
                      "section size mismatch: code behind the end of a function");
}

void validate_body(const Module *module, uint32_t body, Failure *failure) {
    Failure own;
    Validator validator = {
        .module = module,
        .type = module_function_type(module, module->imported_functions + body),
        .body = &module->bodies[body],
        .reader = {module->bytes, module->bodies[body].start, module->bodies[body].end, &own},
        .failure = &own,
    };
    // What has been allocated by a failure is what these hold then: they are read after the jump.
    Validator *volatile kept = &validator;
    bool failed = setjmp(own.back) != 0;
    if (!failed)
        check_body(kept);
    free(kept->stack.items);
    free(kept->blocks.items);
    if (failed)
        failure_raise(failure, own.kind, own.offset, "%s", own.text);
}
