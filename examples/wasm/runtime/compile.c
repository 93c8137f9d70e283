// A body's instructions, one after another: control, calls, variables. What computes is handed to
// compile_forms.c. Code that is never reached is passed over, up to where its block ends.
#include "compile_internal.h"

#include <stdlib.h>
#include <string.h>

// ---- Labels and blocks -----------------------------------------------------------------------

static int new_label(Compiler *compiler) {
    LIST_PUSH(&compiler->labels, (Label){0});
    return (int)compiler->labels.count - 1;
}

static void bind(Compiler *compiler, int label) {
    compiler->labels.items[label].place = compiler->operations.count;
    forget_registers(compiler);
}

static Control *innermost(Compiler *compiler) {
    return &compiler->controls.items[compiler->controls.count - 1];
}

static size_t tracked_locals(const Compiler *compiler) {
    return compiler->local_count < TRACKED_LOCALS ? compiler->local_count : TRACKED_LOCALS;
}

static void begin_block(Compiler *compiler, uint8_t opcode, uint8_t result) {
    Control control = {
        .opcode = opcode,
        .result = result,
        .label = new_label(compiler),
        .otherwise = -1,
        .height = compiler->stack.count,
        .assigned = POOL_ARRAY(compiler->pool, uint8_t, tracked_locals(compiler)),
    };
    memcpy(control.assigned, compiler->assigned, tracked_locals(compiler));
    LIST_PUSH(&compiler->controls, control);
}

static void drop_to(Compiler *compiler, size_t height) {
    while (compiler->stack.count > height)
        pop_value(compiler);
}

static void never_goes_on(Compiler *compiler) {
    drop_to(compiler, innermost(compiler)->height);
    innermost(compiler)->is_dead = true;
}

static bool takes_value(const Control *target) {
    return target->opcode != W_LOOP && target->result != TYPE_NONE;
}

static void jump(Compiler *compiler, int label) {
    compiler->labels.items[label].used = true;
    emit(compiler, OP_JUMP, label, 0, 0, 0);
}

static Control *read_target(Compiler *compiler) {
    uint32_t depth = read_u32(&compiler->reader);
    return &compiler->controls.items[compiler->controls.count - 1 - depth];
}

static void compile_block(Compiler *compiler, uint8_t opcode) {
    uint8_t result = read_byte(&compiler->reader);
    if (opcode == W_IF) {
        int otherwise = new_label(compiler);
        // What is in an accumulator has to be settled before the jump, but not the condition.
        for (size_t i = 0; i + 1 < compiler->stack.count; i++) {
            const Entry *value = &compiler->stack.items[i];
            if (value->kind == IN_ACCUMULATOR ||
                (value->kind == IN_SLOT && value->slot < SLOT_TEMPORARY))
                move_to(compiler, i, temporary_slot(i));
        }
        compile_branch(compiler, false, otherwise);
        begin_block(compiler, opcode, result);
        innermost(compiler)->otherwise = otherwise;
        return;
    }
    settle_stack(compiler);
    begin_block(compiler, opcode, result);
    if (opcode == W_LOOP) {
        compiler->loops++;
        bind(compiler, innermost(compiler)->label);
    }
}

// The result of a block is where branches to its end leave it, if there are any.
static void settle_result(Compiler *compiler, const Control *control) {
    if (!control->is_dead && takes_value(control))
        move_to(compiler, compiler->stack.count - 1, temporary_slot(control->height));
}

static void compile_else(Compiler *compiler) {
    Control *control = innermost(compiler);
    settle_result(compiler, control);
    if (!control->is_dead)
        jump(compiler, control->label);
    drop_to(compiler, control->height);
    bind(compiler, control->otherwise);
    control->otherwise = -1;
    control->is_dead = false;
    memcpy(compiler->assigned, control->assigned, tracked_locals(compiler));
}

static void compile_return(Compiler *compiler) {
    if (compiler->type->result == TYPE_NONE) {
        emit(compiler, OP_RETURN, 0, 0, 0, 0);
        return;
    }
    const Entry *value = value_at(compiler, 0);
    bool real = register_class(value->type) == REAL;
    if (is_in_accumulator(compiler, value)) {
        emit(compiler, real ? OP_RETURN_REAL : OP_RETURN_ACC, 0, 0, 0, 0);
    } else {
        int slot = in_slot(compiler, compiler->stack.count - 1);
        emit(compiler, real ? OP_RETURN_REAL_SLOT : OP_RETURN_SLOT, slot, 0, 0, 0);
    }
}

static void compile_end(Compiler *compiler) {
    Control control = *innermost(compiler);
    bool is_target = control.opcode != W_LOOP && compiler->labels.items[control.label].used;
    if (is_target || control.otherwise >= 0) {
        settle_result(compiler, &control);
        if (control.otherwise >= 0)
            bind(compiler, control.otherwise);
        if (is_target)
            bind(compiler, control.label);
        if (!control.is_dead || is_target || control.otherwise >= 0) {
            drop_to(compiler, control.height);
            if (control.result != TYPE_NONE)
                push_slot(compiler, control.result, temporary_slot(control.height));
        }
        control.is_dead = false;
    }
    compiler->controls.count--;
    if (control.opcode == W_LOOP)
        compiler->loops--;
    else
        memcpy(compiler->assigned, control.assigned, tracked_locals(compiler));
    if (compiler->controls.count > 0) {
        if (control.is_dead)
            never_goes_on(compiler);
    } else if (!control.is_dead) {
        compile_return(compiler);
    }
}

// ---- Branches --------------------------------------------------------------------------------

static bool is_function(const Compiler *compiler, const Control *target) {
    return target == compiler->controls.items;
}

static void compile_br(Compiler *compiler) {
    const Control *target = read_target(compiler);
    if (is_function(compiler, target)) {
        compile_return(compiler);
    } else {
        if (takes_value(target))
            move_to(compiler, compiler->stack.count - 1, temporary_slot(target->height));
        jump(compiler, target->label);
    }
    never_goes_on(compiler);
}

// Where the value's own place isn't where the target expects it, moving it might destroy what is
// needed if the branch isn't taken; so it is moved on the way.
static void compile_br_if(Compiler *compiler) {
    const Control *target = read_target(compiler);
    if (!takes_value(target)) {
        compile_branch(compiler, true, target->label);
        return;
    }
    size_t entry = compiler->stack.count - 2;
    if (entry == target->height) {
        move_to(compiler, entry, temporary_slot(entry));
        compile_branch(compiler, true, target->label);
        return;
    }
    in_slot(compiler, entry);
    spill_below(compiler);
    int past = new_label(compiler), label = target->label;
    int place = temporary_slot(target->height), from = compiler->stack.items[entry].slot;
    compile_branch(compiler, false, past);
    emit(compiler, OP_COPY_TO, from, place, 0, 0);
    jump(compiler, label);
    bind(compiler, past);
}

// Where a table's entry goes: to the target, or by way of what moves the value.
static void table_entry(Compiler *compiler, const Control *target, int from, int **stubs) {
    int label = target->label;
    if (takes_value(target) && from != temporary_slot(target->height)) {
        int *stub = &(*stubs)[target - compiler->controls.items];
        if (*stub < 0)
            *stub = new_label(compiler);
        compiler->labels.items[*stub].used = true;
        label = *stub;
    } else {
        compiler->labels.items[label].used = true;
    }
    emit(compiler, OP_JUMP_FAR, label, 0, 0, 0);
}

static void compile_br_table(Compiler *compiler) {
    uint32_t count = read_count(&compiler->reader);
    int from = NO_SLOT;
    Reader first = compiler->reader;
    if (takes_value(read_target(compiler)))
        from = in_slot(compiler, compiler->stack.count - 2);
    compiler->reader = first;
    if (is_in_accumulator(compiler, value_at(compiler, 0)))
        emit(compiler, OP_JUMP_TABLE_ACC_COUNT, count, 0, 0, 0);
    else
        emit(compiler, OP_JUMP_TABLE_SLOT_COUNT, in_slot(compiler, compiler->stack.count - 1),
             count, 0, 0);
    int *stubs = POOL_ARRAY(compiler->pool, int, compiler->controls.count);
    for (size_t i = 0; i < compiler->controls.count; i++)
        stubs[i] = -1;
    for (uint32_t i = 0; i <= count; i++)
        table_entry(compiler, read_target(compiler), from, &stubs);
    for (size_t i = 0; i < compiler->controls.count; i++) {
        if (stubs[i] < 0)
            continue;
        const Control *target = &compiler->controls.items[i];
        bind(compiler, stubs[i]);
        emit(compiler, OP_COPY_TO, from, temporary_slot(target->height), 0, 0);
        jump(compiler, target->label);
    }
    never_goes_on(compiler);
}

// ---- Calls -----------------------------------------------------------------------------------

// Arguments go into the stack's own slots, where the callee finds them; everything else that is in
// an accumulator has to be kept. Answers where the callee's frame begins.
static int64_t place_arguments(Compiler *compiler, const FunctionType *type) {
    size_t count = compiler->stack.count;
    for (size_t i = count - type->parameter_count; i < count; i++)
        move_to(compiler, i, temporary_slot(i));
    clobber(compiler, WHOLE);
    clobber(compiler, REAL);
    return temporary_slot(count);
}

static void end_call(Compiler *compiler, const FunctionType *type) {
    drop_to(compiler, compiler->stack.count - type->parameter_count);
    compiler->barrier = compiler->operations.count;
    if (type->result != TYPE_NONE)
        push_result(compiler, type->result);
}

static void compile_call(Compiler *compiler) {
    uint32_t function = read_u32(&compiler->reader);
    const FunctionType *type = module_function_type(compiler->module, function);
    bool imported = function < compiler->module->imported_functions;
    int64_t top = place_arguments(compiler, type);
    emit(compiler, imported ? OP_CALL_ANY_TOP : OP_CALL_TOP, compiler->numbers->functions[function],
         top, 0, 0);
    end_call(compiler, type);
}

static void compile_call_indirect(Compiler *compiler) {
    uint32_t index = read_u32(&compiler->reader);
    const FunctionType *type = &compiler->module->types[index];
    int64_t number = compiler->numbers->types[index];
    read_byte(&compiler->reader);
    // The element's own place is where the callee's frame will be, but it is read before that.
    int element = in_slot(compiler, compiler->stack.count - 1);
    pop_value(compiler);
    int64_t top = place_arguments(compiler, type);
    emit(compiler, OP_CALL_INDIRECT_SLOT_TOP, number, element, top, 0);
    end_call(compiler, type);
}

// ---- Everything else -------------------------------------------------------------------------

static bool compile_control(Compiler *compiler, uint8_t opcode) {
    switch (opcode) {
    case W_UNREACHABLE:
        emit(compiler, OP_UNREACHABLE, 0, 0, 0, 0);
        never_goes_on(compiler);
        return true;
    case W_NOP: return true;
    case W_BLOCK:
    case W_LOOP:
    case W_IF: compile_block(compiler, opcode); return true;
    case W_ELSE: compile_else(compiler); return true;
    case W_END: compile_end(compiler); return true;
    case W_BR: compile_br(compiler); return true;
    case W_BR_IF: compile_br_if(compiler); return true;
    case W_BR_TABLE: compile_br_table(compiler); return true;
    case W_RETURN:
        compile_return(compiler);
        never_goes_on(compiler);
        return true;
    case W_CALL: compile_call(compiler); return true;
    case W_CALL_INDIRECT: compile_call_indirect(compiler); return true;
    default: return false;
    }
}

static void get_global(Compiler *compiler) {
    uint32_t index = read_u32(&compiler->reader);
    uint8_t type = compiler->module->globals[index].type.type;
    clobber(compiler, WHOLE);
    emit(compiler, OP_TAKE_GLOBAL, index, 0, 0, 0);
    push_result(compiler, TYPE_I64);
    if (register_class(type) == REAL)
        in_slot(compiler, compiler->stack.count - 1);
    value_at(compiler, 0)->type = type;
}

static void set_global(Compiler *compiler) {
    uint32_t index = read_u32(&compiler->reader);
    const Entry *value = value_at(compiler, 0);
    if (value->type != TYPE_F64 && is_in_accumulator(compiler, value))
        emit(compiler, OP_SET_GLOBAL_ACC, index, 0, 0, 0);
    else
        emit(compiler, OP_SET_GLOBAL_SLOT, index, in_slot(compiler, compiler->stack.count - 1), 0,
             0);
    pop_value(compiler);
}

static bool compile_variables(Compiler *compiler, uint8_t opcode) {
    Reader *reader = &compiler->reader;
    switch (opcode) {
    case W_DROP: pop_value(compiler); return true;
    case W_SELECT: compile_select(compiler); return true;
    case W_LOCAL_GET: get_local(compiler, read_u32(reader)); return true;
    case W_LOCAL_SET: set_local(compiler, read_u32(reader), false); return true;
    case W_LOCAL_TEE: set_local(compiler, read_u32(reader), true); return true;
    case W_GLOBAL_GET: get_global(compiler); return true;
    case W_GLOBAL_SET: set_global(compiler); return true;
    case W_I32_CONST: push_constant(compiler, TYPE_I32, read_s32(reader)); return true;
    case W_I64_CONST: push_constant(compiler, TYPE_I64, read_s64(reader)); return true;
    case W_F32_CONST: push_constant(compiler, TYPE_F32, read_f32(reader)); return true;
    case W_F64_CONST: push_constant(compiler, TYPE_F64, read_f64(reader)); return true;
    default: return false;
    }
}

static void compile_others(Compiler *compiler, uint8_t opcode) {
    if (opcode == W_MEMORY_SIZE) {
        read_byte(&compiler->reader);
        clobber(compiler, WHOLE);
        emit(compiler, OP_MEMORY_SIZE, 0, 0, 0, 0);
        push_result(compiler, TYPE_I32);
    } else if (opcode == W_MEMORY_GROW) {
        read_byte(&compiler->reader);
        int slot = in_slot(compiler, compiler->stack.count - 1);
        pop_value(compiler);
        clobber(compiler, WHOLE);
        emit(compiler, OP_MEMORY_GROW_SLOT, slot, 0, 0, 0);
        push_result(compiler, TYPE_I32);
    } else if (opcode <= W_STORE_LAST) {
        read_u32(&compiler->reader);
        uint32_t offset = read_u32(&compiler->reader);
        if (opcode < W_STORE_FIRST)
            compile_load(compiler, opcode, offset);
        else
            compile_store(compiler, opcode, offset);
    } else {
        compile_numeric(compiler, opcode);
    }
}

// Passes over what is never reached, and stops at the end or the else of its block.
static void skip_dead(Compiler *compiler) {
    Reader *reader = &compiler->reader;
    for (int depth = 0;;) {
        uint8_t opcode = reader->bytes[reader->at];
        if (depth == 0 && (opcode == W_END || opcode == W_ELSE))
            return;
        reader->at++;
        depth += opcode == W_BLOCK || opcode == W_LOOP || opcode == W_IF;
        depth -= opcode == W_END;
        skip_immediates(reader, opcode);
    }
}

static void compile_instructions(Compiler *compiler) {
    begin_block(compiler, W_BLOCK, compiler->type->result);
    while (compiler->controls.count > 0) {
        if (innermost(compiler)->is_dead)
            skip_dead(compiler);
        uint8_t opcode = read_byte(&compiler->reader);
        if (!compile_control(compiler, opcode) && !compile_variables(compiler, opcode))
            compile_others(compiler, opcode);
    }
}

// Parameters have values; of other locals that is found out.
static void begin(Compiler *compiler) {
    compiler->local_count = compiler->type->parameter_count + compiler->body->local_count;
    compiler->assigned = POOL_ARRAY(compiler->pool, uint8_t, TRACKED_LOCALS);
    compiler->cleared = POOL_ARRAY(compiler->pool, uint8_t, compiler->local_count);
    for (uint32_t i = 0; i < compiler->type->parameter_count && i < TRACKED_LOCALS; i++)
        compiler->assigned[i] = 1;
    forget_registers(compiler);
}

Code compile_body(const Module *module, uint32_t body, const CodeNumbers *numbers, Pool *pool,
                  Failure *failure) {
    Failure own;
    Code code = {0};
    Pool scratch = {0};
    Compiler compiler = {
        .module = module,
        .type = module_function_type(module, module->imported_functions + body),
        .body = &module->bodies[body],
        .numbers = numbers,
        .reader = {module->bytes, module->bodies[body].start, module->bodies[body].end, &own},
        .failure = &own,
        .pool = &scratch,
    };
    Compiler *volatile kept = &compiler;
    Code *volatile result = &code;
    bool failed = setjmp(own.back) != 0;
    if (!failed) {
        begin(kept);
        compile_instructions(kept);
        *result = encode(kept, pool);
    }
    free(kept->operations.items);
    free(kept->stack.items);
    free(kept->controls.items);
    free(kept->labels.items);
    free(kept->constants.items);
    pool_free(kept->pool);
    if (failed)
        failure_raise(failure, own.kind, own.offset, "%s", own.text);
    return code;
}
