// The control: the bytecodes of runtime/Interpreter.som once more, under a loop written by hand
// as an expert in C would write it. Emitted interpreters are raced against it (`loopwright bench
// --control=switch|goto`), to answer whether passes over a naive definition beat the hand. It is
// no part of the product, and nothing is made from it but that row.
//
// It is linked in the place of an emitted object, with the same runtime, and has the same two
// symbols. It runs code that the verifier has passed, as emitted interpreters do by default, and
// polls at calls and backward jumps. What the loop keeps where is said in loop.h. Bytecodes stand
// in the order of the definition; one that is added there must be added here.
#include "loop.h"

#ifdef CONTROL_GOTO
#define CONTROL_FLAGS "flags control=goto\n"
#else
#define CONTROL_FLAGS "flags control=switch\n"
#endif

#ifdef __clang__
#define CONTROL_COMPILER "compiler " __VERSION__ "\n"
#else
#define CONTROL_COMPILER "compiler GCC " __VERSION__ "\n"
#endif

#define CONTROL_POLLS "polls calls-and-back-edges\n"

// The definition's own image, as there are no bytecodes that passes have made, and what this is.
const char loopwright_image[] = INTERPRETER_IMAGE CONTROL_POLLS CONTROL_FLAGS CONTROL_COMPILER;

#pragma GCC diagnostic error "-Wswitch-enum"
#pragma GCC diagnostic ignored "-Wpedantic"

// Two operands, which are replaced by one.
#define REPLACE_TWO(opcode, value)                                                                 \
    do {                                                                                           \
        Value replacement = (value);                                                               \
        sp[-2] = replacement;                                                                      \
        sp--;                                                                                      \
        NEXT(opcode);                                                                              \
    } while (0)

#define PUSH(opcode, value)                                                                        \
    do {                                                                                           \
        Value pushed = (value);                                                                    \
        *sp++ = pushed;                                                                            \
        NEXT(opcode);                                                                              \
    } while (0)

// What is no case for the inline code is sent, with so many arguments, through the operator's site.
#define SEND_OPERATOR(opcode, arguments)                                                           \
    do {                                                                                           \
        index = UNSIGNED(1);                                                                       \
        count = (arguments);                                                                       \
        next = ip + LENGTH_##opcode;                                                               \
        goto send;                                                                                 \
    } while (0)

// How a quickened send begins; where its site holds nothing for the receiver, it is the plain one.
// So it is where somebody asks: who has polled must not go on as one that polls.
#define QUICKENED_SEND(opcode, expected)                                                           \
    index = UNSIGNED(1);                                                                           \
    count = UNSIGNED(2);                                                                           \
    next = ip + LENGTH_##opcode;                                                                   \
    if (UNLIKELY(IS_ASKED()))                                                                      \
        CONTINUE_AS(OP_SEND_ARGUMENTS);                                                            \
    site = &sites[index];                                                                          \
    receiver = sp - 1 - count;                                                                     \
    if (UNLIKELY(!has_header(*receiver, site->expected)))                                          \
    CONTINUE_AS(OP_SEND_ARGUMENTS)

// The bias of integers keeps their order.
#define COMPARE(opcode, operator)                                                                  \
    do {                                                                                           \
        Value left = sp[-2], right = sp[-1];                                                       \
        if (are_integers(left, right))                                                             \
            REPLACE_TWO(opcode, boolean((int64_t)left operator(int64_t) right));                   \
        NO_INTEGERS(opcode, boolean, operator);                                                    \
    } while (0)

// Where two doubles meet, the bytecode becomes that for doubles, from the next time on.
#define NO_INTEGERS(opcode, value, operator)                                                       \
    do {                                                                                           \
        if (are_doubles(sp[-2], sp[-1])) {                                                         \
            SAVE();                                                                                \
            vm_quicken(thread, frame);                                                             \
            REPLACE_TWO(opcode, value(as_double(sp[-2]) operator as_double(sp[-1])));              \
        }                                                                                          \
        SEND_OPERATOR(opcode, 1);                                                                  \
    } while (0)

// The quickened form of `plain`, by what it makes of two doubles.
#define OF_DOUBLES(opcode, plain, value, operator)                                                 \
    do {                                                                                           \
        if (UNLIKELY(!are_doubles(sp[-2], sp[-1])))                                                \
            CONTINUE_AS(plain);                                                                    \
        REPLACE_TWO(opcode, value(as_double(sp[-2]) operator as_double(sp[-1])));                  \
    } while (0)

// Condition jumps: `dropped` falls through, `taken` jumps, all else really sends the message.
#define JUMP_IF(opcode, dropped, taken)                                                            \
    do {                                                                                           \
        Value condition = sp[-1];                                                                  \
        if (condition == (dropped)) {                                                              \
            sp--;                                                                                  \
            NEXT(opcode);                                                                          \
        }                                                                                          \
        if (LIKELY(condition == (taken))) {                                                        \
            sp--;                                                                                  \
            JUMP(opcode, DISTANCE(1));                                                             \
        }                                                                                          \
        JUMP(opcode, DISTANCE(3));                                                                 \
    } while (0)

// Leaves the frame: the caller finds the result where the receiver was. Neither `pc` nor `sp` of
// the frame that is left matters any more, and the caller's `sp` follows from where that was.
#define RETURN(value, receiver)                                                                    \
    do {                                                                                           \
        Value result = (value), *place = frame_arguments(frame) + (receiver);                      \
        frame = frame->caller;                                                                     \
        *place = result;                                                                           \
        sp = place + 1;                                                                            \
        LOAD_METHOD(frame->method);                                                                \
        ip = code + frame->pc;                                                                     \
        DISPATCH();                                                                                \
    } while (0)

void interpret(Thread *thread, Frame *frame) {
    const uint16_t *code, *ip, *next;
    Value *sp, *literals, *receiver; // the last is that of the send under way
    CallSite *sites, *site;
    int64_t index, count; // of the send under way; `next` is where its caller goes on
    Method *callee;
    Value outer; // the context of the frame that is about to be made
#ifdef CONTROL_GOTO
    static const void *const labels[] = {
#define CONTROL_LABEL(opcode, name, length, leaves) [opcode] = &&label_##opcode,
        INTERPRETER_BYTECODES(CONTROL_LABEL)};
#endif
    LOAD_METHOD(frame->method);
    ip = code + frame->pc;
    sp = frame->sp;
#ifdef CONTROL_GOTO
    DISPATCH();
#else
dispatch:
    switch ((enum InterpreterOpcode) * ip) {
#endif

    CASE(OP_HALT) {
        SAVE();
        return;
    }

    // ---- Moving values

    CASE(OP_DUP) {
        PUSH(OP_DUP, sp[-1]);
    }
    CASE(OP_POP) {
        sp--;
        NEXT(OP_POP);
    }
    CASE(OP_PUSH_LOCAL) {
        PUSH(OP_PUSH_LOCAL, frame_locals(frame)[UNSIGNED(1)]);
    }
    CASE(OP_POP_LOCAL) {
        frame_locals(frame)[UNSIGNED(1)] = *--sp;
        NEXT(OP_POP_LOCAL);
    }
    CASE(OP_PUSH_ARGUMENT) {
        PUSH(OP_PUSH_ARGUMENT, frame_arguments(frame)[SIGNED(1)]);
    }
    CASE(OP_POP_ARGUMENT) {
        frame_arguments(frame)[SIGNED(1)] = *--sp;
        NEXT(OP_POP_ARGUMENT);
    }
    CASE(OP_PUSH_CONSTANT) {
        PUSH(OP_PUSH_CONSTANT, literals[UNSIGNED(1)]);
    }
    CASE(OP_PUSH_INTEGER) {
        PUSH(OP_PUSH_INTEGER, (Value)(SIGNED(1) - INTERPRETER_INTEGER_BIAS));
    }
    CASE(OP_PUSH_NIL) {
        PUSH(OP_PUSH_NIL, INTERPRETER_NIL_BITS);
    }
    CASE(OP_PUSH_TRUE) {
        PUSH(OP_PUSH_TRUE, INTERPRETER_TRUE_BITS);
    }
    CASE(OP_PUSH_FALSE) {
        PUSH(OP_PUSH_FALSE, INTERPRETER_FALSE_BITS);
    }

    // ---- Fields, and variables that blocks capture

    CASE(OP_PUSH_FIELD_RECEIVER) {
        Object *object = address_of(frame_arguments(frame)[SIGNED(2)]);
        PUSH(OP_PUSH_FIELD_RECEIVER, object_fields(object)[UNSIGNED(1)]);
    }
    CASE(OP_POP_FIELD_RECEIVER) {
        Object *object = address_of(frame_arguments(frame)[SIGNED(2)]);
        sp--;
        store(thread, object, object_fields(object) + UNSIGNED(1), *sp);
        NEXT(OP_POP_FIELD_RECEIVER);
    }
    CASE(OP_PUSH_CAPTURED_DEPTH) {
        Context *context = context_at(frame, UNSIGNED(2));
        PUSH(OP_PUSH_CAPTURED_DEPTH, context_slots(context)[UNSIGNED(1)]);
    }
    CASE(OP_POP_CAPTURED_DEPTH) {
        Context *context = context_at(frame, UNSIGNED(2));
        sp--;
        store(thread, context, context_slots(context) + UNSIGNED(1), *sp);
        NEXT(OP_POP_CAPTURED_DEPTH);
    }
    CASE(OP_PUSH_CONTEXT) {
        Context *made;
        NEW_CONTEXT(made, INTERPRETER_CONTEXT_HEADER, UNSIGNED(1));
        made->home = NULL;
        made->previous = INTERPRETER_NIL_BITS;
        frame->context = value_at(made);
        NEXT(OP_PUSH_CONTEXT);
    }
    CASE(OP_PUSH_HOME) {
        Context *made;
        NEW_CONTEXT(made, INTERPRETER_HOME_HEADER, UNSIGNED(1));
        made->home = frame;
        made->previous = thread->homes;
        frame->context = thread->homes = value_at(made);
        NEXT(OP_PUSH_HOME);
    }
    CASE(OP_OPEN_HOME) {
        const Value youngest = thread->homes;
        if (youngest == INTERPRETER_NIL_BITS || ((Context *)address_of(youngest))->home != frame) {
            Context *made;
            NEW_CONTEXT(made, INTERPRETER_HOME_HEADER, 0);
            made->home = frame;
            made->previous = thread->homes;
            thread->homes = value_at(made);
        }
        NEXT(OP_OPEN_HOME);
    }
    CASE(OP_PUSH_LINK) {
        Context *made;
        NEW_CONTEXT(made, INTERPRETER_CONTEXT_HEADER, UNSIGNED(1));
        made->home = NULL;
        made->previous = thread->homes;
        frame->context = value_at(made);
        NEXT(OP_PUSH_LINK);
    }
    CASE(OP_POP_CONTEXT) {
        frame->context = context_at(frame, 0)->outer;
        NEXT(OP_POP_CONTEXT);
    }
    CASE(OP_BOX) {
        if (!is_box(sp[-1])) {
            Object *box;
            ROOM(box, 16);
            box->header = INTERPRETER_BOX_CLASS;
            object_fields(box)[0] = sp[-1];
            sp[-1] = value_at(box);
        }
        NEXT(OP_BOX);
    }
    CASE(OP_UNBOX) {
        if (is_box(sp[-1]))
            sp[-1] = object_fields(address_of(sp[-1]))[0];
        NEXT(OP_UNBOX);
    }
    CASE(OP_SET_BOX) {
        if (is_box(sp[-1])) {
            Object *box = address_of(sp[-1]);
            store(thread, box, object_fields(box), sp[-2]);
        }
        sp -= 2;
        NEXT(OP_SET_BOX);
    }
    CASE(OP_PUSH_GLOBAL) {
        const Global *global = sites[UNSIGNED(1)].target;
        if (UNLIKELY(global->value == INTERPRETER_ABSENT_BITS)) {
            SAVE();
            CONTINUE_IN(vm_missing_global(thread, frame, UNSIGNED(1)));
        }
        PUSH(OP_PUSH_GLOBAL, global->value);
    }
    CASE(OP_PUSH_BLOCK_RECEIVER) {
        Block *block;
        ROOM(block, (int64_t)sizeof *block);
        Method *method = address_of(literals[UNSIGNED(1)]);
        block->header = method->closure_header;
        block->outer = frame->context;
        block->method = method;
        block->receiver = frame_arguments(frame)[SIGNED(2)];
        PUSH(OP_PUSH_BLOCK_RECEIVER, value_at(block));
    }

    // ---- Sends. The ways that are rarely taken stand after all bytecodes.

    CASE(OP_SEND_ARGUMENTS) {
        index = UNSIGNED(1);
        count = UNSIGNED(2);
        next = ip + LENGTH_OP_SEND_ARGUMENTS;
    send:
        POLL();
        site = &sites[index];
        if (UNLIKELY(class_of(sp[-1 - count]) != site->class_index)) {
            SAVE();
            vm_fill_site_arguments(thread, frame, index, count);
        }
    invoke:
        if (site->kind != INTERPRETER_METHOD_KIND)
            goto invoke_other;
        callee = site->target;
        outer = INTERPRETER_NO_CONTEXT;
    activate:
        if (UNLIKELY((char *)sp + callee->frame_bytes > (char *)thread->stack_limit))
            goto overflow;
    enter:;
        // The new frame begins at the stack pointer: receiver and arguments stay where they are.
        // Its `pc` and `sp` are stored when somebody may look at them.
        Frame *new = (Frame *)sp;
        frame->pc = next - code;
        frame->sp = sp;
        new->caller = frame;
        new->method = callee;
        new->context = outer;
        frame = new;
        LOAD_METHOD(callee);
        ip = code;
        sp = frame_locals(frame);
        for (Value *end = sp + callee->local_count; sp < end; sp++)
            *sp = INTERPRETER_NIL_BITS;
        DISPATCH();
    }
    // What sends become by what their sites hold: one test tells class and kind.
    CASE(OP_SEND_METHOD_ARGUMENTS) {
        QUICKENED_SEND(OP_SEND_METHOD_ARGUMENTS, method_start);
        callee = site->target;
    enter_small:
        outer = INTERPRETER_NO_CONTEXT;
        if (LIKELY((char *)sp <= (char *)thread->stack_limit))
            goto enter;
    overflow:
        SAVE();
        CONTINUE_IN(vm_stack_overflow(thread, frame));
    }
    CASE(OP_SEND_SELF_ARGUMENTS) {
        index = UNSIGNED(1);
        next = ip + LENGTH_OP_SEND_SELF_ARGUMENTS;
        if (UNLIKELY(IS_ASKED()))
            CONTINUE_AS(OP_SEND_ARGUMENTS);
        callee = sites[index].shared;
        if (LIKELY(callee != NULL))
            goto enter_small;
        CONTINUE_AS(OP_SEND_ARGUMENTS);
    }
    CASE(OP_SEND_BLOCK_ARGUMENTS) {
        QUICKENED_SEND(OP_SEND_BLOCK_ARGUMENTS, block_start);
        goto activate_block;
    }
    CASE(OP_SEND_GETTER_ARGUMENTS) {
        QUICKENED_SEND(OP_SEND_GETTER_ARGUMENTS, getter_start);
        sp[-1] = object_fields(address_of(sp[-1]))[site->operand];
        NEXT(OP_SEND_GETTER_ARGUMENTS);
    }
    CASE(OP_SEND_SETTER_ARGUMENTS) {
        QUICKENED_SEND(OP_SEND_SETTER_ARGUMENTS, setter_start);
        Object *object = address_of(sp[-2]);
        store(thread, object, object_fields(object) + site->operand, sp[-1]);
        sp--;
        NEXT(OP_SEND_SETTER_ARGUMENTS);
    }
    CASE(OP_SEND_NEW_ARGUMENTS) {
        QUICKENED_SEND(OP_SEND_NEW_ARGUMENTS, new_start);
        goto instantiate;
    }
    CASE(OP_SUPER_SEND_ARGUMENTS) {
        index = UNSIGNED(1);
        count = UNSIGNED(2);
        next = ip + LENGTH_OP_SUPER_SEND_ARGUMENTS;
        POLL();
        site = &sites[index];
        if (site->class_index != INTERPRETER_ANY_CLASS &&
            class_of(sp[-1 - count]) != site->class_index) {
            SAVE();
            vm_fill_super_site_arguments(thread, frame, index, count);
        }
        goto invoke;
    }

    // ---- Arithmetic and comparing

    CASE(OP_ADD) {
        Value left = sp[-2], right = sp[-1];
        Value sum = left + right + (Value)INTERPRETER_INTEGER_BIAS;
        if ((sum & left & right) >= INTERPRETER_INTEGER_TAG)
            REPLACE_TWO(OP_ADD, sum);
        NO_INTEGERS(OP_ADD, double_value, +);
    }
    CASE(OP_SUBTRACT) {
        Value left = sp[-2], right = sp[-1];
        Value difference = left - right - (Value)INTERPRETER_INTEGER_BIAS;
        if ((left & right & difference) >= INTERPRETER_INTEGER_TAG)
            REPLACE_TWO(OP_SUBTRACT, difference);
        NO_INTEGERS(OP_SUBTRACT, double_value, -);
    }
    CASE(OP_MULTIPLY) {
        Value left = sp[-2], right = sp[-1];
        int64_t product;
        if (are_integers(left, right) &&
            !__builtin_mul_overflow((int64_t)left + INTERPRETER_INTEGER_BIAS,
                                    (int64_t)right + INTERPRETER_INTEGER_BIAS, &product) &&
            (Value)(product + INTERPRETER_INTEGER_BIAS) < (Value)INTERPRETER_INTEGER_BIAS * 2)
            REPLACE_TWO(OP_MULTIPLY, (Value)(product - INTERPRETER_INTEGER_BIAS));
        NO_INTEGERS(OP_MULTIPLY, double_value, *);
    }
    CASE(OP_DIVIDE_FLOAT) {
        if (are_doubles(sp[-2], sp[-1]))
            REPLACE_TWO(OP_DIVIDE_FLOAT, double_value(as_double(sp[-2]) / as_double(sp[-1])));
        SEND_OPERATOR(OP_DIVIDE_FLOAT, 1);
    }
    CASE(OP_BIT_AND) {
        const Value bias = INTERPRETER_INTEGER_BIAS;
        if (LIKELY(are_integers(sp[-2], sp[-1])))
            REPLACE_TWO(OP_BIT_AND, ((sp[-2] + bias) & (sp[-1] + bias)) - bias);
        SEND_OPERATOR(OP_BIT_AND, 1);
    }
    CASE(OP_LESS) {
        COMPARE(OP_LESS, <);
    }
    CASE(OP_LESS_OR_EQUAL) {
        COMPARE(OP_LESS_OR_EQUAL, <=);
    }
    CASE(OP_GREATER) {
        COMPARE(OP_GREATER, >);
    }
    CASE(OP_GREATER_OR_EQUAL) {
        COMPARE(OP_GREATER_OR_EQUAL, >=);
    }
    CASE(OP_EQUAL) {
        COMPARE(OP_EQUAL, ==);
    }
    CASE(OP_UNEQUAL) {
        COMPARE(OP_UNEQUAL, !=);
    }
    CASE(OP_ADD_DOUBLES) {
        OF_DOUBLES(OP_ADD_DOUBLES, OP_ADD, double_value, +);
    }
    CASE(OP_SUBTRACT_DOUBLES) {
        OF_DOUBLES(OP_SUBTRACT_DOUBLES, OP_SUBTRACT, double_value, -);
    }
    CASE(OP_MULTIPLY_DOUBLES) {
        OF_DOUBLES(OP_MULTIPLY_DOUBLES, OP_MULTIPLY, double_value, *);
    }
    CASE(OP_LESS_DOUBLES) {
        OF_DOUBLES(OP_LESS_DOUBLES, OP_LESS, boolean, <);
    }
    CASE(OP_LESS_OR_EQUAL_DOUBLES) {
        OF_DOUBLES(OP_LESS_OR_EQUAL_DOUBLES, OP_LESS_OR_EQUAL, boolean, <=);
    }
    CASE(OP_GREATER_DOUBLES) {
        OF_DOUBLES(OP_GREATER_DOUBLES, OP_GREATER, boolean, >);
    }
    CASE(OP_GREATER_OR_EQUAL_DOUBLES) {
        OF_DOUBLES(OP_GREATER_OR_EQUAL_DOUBLES, OP_GREATER_OR_EQUAL, boolean, >=);
    }
    CASE(OP_EQUAL_DOUBLES) {
        OF_DOUBLES(OP_EQUAL_DOUBLES, OP_EQUAL, boolean, ==);
    }
    CASE(OP_UNEQUAL_DOUBLES) {
        OF_DOUBLES(OP_UNEQUAL_DOUBLES, OP_UNEQUAL, boolean, !=);
    }
    CASE(OP_SEND_UNARY_OPERATOR) {
        SEND_OPERATOR(OP_SEND_UNARY_OPERATOR, 0);
    }
    CASE(OP_SEND_OPERATOR) {
        SEND_OPERATOR(OP_SEND_OPERATOR, 1);
    }
    CASE(OP_SEND_TERNARY_OPERATOR) {
        SEND_OPERATOR(OP_SEND_TERNARY_OPERATOR, 2);
    }

    // ---- Arrays, identity, nil and Booleans. An index is an integer within bounds by one
    // comparison.

    CASE(OP_AT) {
        if (has_header(sp[-2], INTERPRETER_ARRAY_HEADER)) {
            Indexed *array = address_of(sp[-2]);
            const Value place = sp[-1] + (Value)INTERPRETER_INTEGER_BIAS - 1;
            if (place < (Value)array->length)
                REPLACE_TWO(OP_AT, indexed_elements(array)[place]);
        }
        SEND_OPERATOR(OP_AT, 1);
    }
    CASE(OP_AT_PUT) {
        if (has_header(sp[-3], INTERPRETER_ARRAY_HEADER)) {
            Indexed *array = address_of(sp[-3]);
            const Value place = sp[-2] + (Value)INTERPRETER_INTEGER_BIAS - 1;
            if (place < (Value)array->length) {
                store(thread, array, indexed_elements(array) + place, sp[-1]);
                sp -= 2;
                NEXT(OP_AT_PUT);
            }
        }
        SEND_OPERATOR(OP_AT_PUT, 2);
    }
    CASE(OP_LENGTH) {
        if (has_header(sp[-1], INTERPRETER_ARRAY_HEADER) ||
            has_header(sp[-1], INTERPRETER_STRING_HEADER) ||
            has_header(sp[-1], INTERPRETER_SYMBOL_HEADER)) {
            const Indexed *indexed = address_of(sp[-1]);
            sp[-1] = (Value)(indexed->length - INTERPRETER_INTEGER_BIAS);
            NEXT(OP_LENGTH);
        }
        SEND_OPERATOR(OP_LENGTH, 0);
    }
    CASE(OP_IDENTICAL) {
        const Value left = sp[-2], right = sp[-1];
        if (left == right ? left >= INTERPRETER_IMMEDIATE_TAG : are_apart(left, right))
            REPLACE_TWO(OP_IDENTICAL, boolean(left == right));
        SEND_OPERATOR(OP_IDENTICAL, 1);
    }
    CASE(OP_IS_NIL) {
        sp[-1] = boolean(sp[-1] == INTERPRETER_NIL_BITS);
        NEXT(OP_IS_NIL);
    }
    CASE(OP_NOT_NIL) {
        sp[-1] = boolean(sp[-1] != INTERPRETER_NIL_BITS);
        NEXT(OP_NOT_NIL);
    }
    CASE(OP_NOT) {
        if (sp[-1] == INTERPRETER_TRUE_BITS || sp[-1] == INTERPRETER_FALSE_BITS) {
            sp[-1] = boolean(sp[-1] == INTERPRETER_FALSE_BITS);
            NEXT(OP_NOT);
        }
        SEND_OPERATOR(OP_NOT, 0);
    }
    CASE(OP_AND) {
        if (sp[-2] == INTERPRETER_FALSE_BITS)
            REPLACE_TWO(OP_AND, INTERPRETER_FALSE_BITS);
        if (sp[-2] == INTERPRETER_TRUE_BITS && is_boolean(sp[-1]))
            REPLACE_TWO(OP_AND, sp[-1]);
        SEND_OPERATOR(OP_AND, 1);
    }
    CASE(OP_OR) {
        if (sp[-2] == INTERPRETER_TRUE_BITS)
            REPLACE_TWO(OP_OR, INTERPRETER_TRUE_BITS);
        if (sp[-2] == INTERPRETER_FALSE_BITS && is_boolean(sp[-1]))
            REPLACE_TWO(OP_OR, sp[-1]);
        SEND_OPERATOR(OP_OR, 1);
    }

    // ---- Jumps

    CASE(OP_JUMP) {
        JUMP(OP_JUMP, DISTANCE(1));
    }
    CASE(OP_JUMP_BACK) {
        POLL();
        JUMP(OP_JUMP_BACK, DISTANCE(1));
    }
    CASE(OP_JUMP_IF_TRUE_OTHER) {
        JUMP_IF(OP_JUMP_IF_TRUE_OTHER, INTERPRETER_FALSE_BITS, INTERPRETER_TRUE_BITS);
    }
    CASE(OP_JUMP_IF_FALSE_OTHER) {
        JUMP_IF(OP_JUMP_IF_FALSE_OTHER, INTERPRETER_TRUE_BITS, INTERPRETER_FALSE_BITS);
    }
    CASE(OP_JUMP_IF_NOT_NIL) {
        if (sp[-1] != INTERPRETER_NIL_BITS)
            JUMP(OP_JUMP_IF_NOT_NIL, DISTANCE(1));
        sp--;
        NEXT(OP_JUMP_IF_NOT_NIL);
    }
    CASE(OP_JUMP_IF_NIL) {
        if (sp[-1] == INTERPRETER_NIL_BITS)
            JUMP(OP_JUMP_IF_NIL, DISTANCE(1));
        NEXT(OP_JUMP_IF_NIL);
    }
    CASE(OP_JUMP_UNLESS_INTEGERS) {
        if (UNLIKELY(!are_integers(sp[-2], sp[-1])))
            JUMP(OP_JUMP_UNLESS_INTEGERS, DISTANCE(1));
        NEXT(OP_JUMP_UNLESS_INTEGERS);
    }

    // ---- Leaving the frame

    CASE(OP_REPLACE_FRAME)
    CASE(OP_REPLACE_FRAME_OVER)
    CASE(OP_REPLACE_FRAME_OVER_AND)
    CASE(OP_REPLACE_FRAME_OVER_OTHER) {
        SAVE();
        CONTINUE_IN(vm_replace_frame(thread, frame));
    }
    CASE(OP_RETURN_LOCAL) {
        RETURN(sp[-1], SIGNED(1));
    }
    CASE(OP_RETURN_SELF) {
        RETURN(frame_arguments(frame)[SIGNED(1)], SIGNED(1));
    }
    CASE(OP_RETURN_HOME) {
        Context *home = address_of(thread->homes);
        home->home = NULL;
        thread->homes = home->previous;
        RETURN(sp[-1], SIGNED(1));
    }
    CASE(OP_RETURN_NON_LOCAL) {
        SAVE();
        CONTINUE_IN(vm_return_non_local(thread, frame, sp[-1]));
    }

    // ---- What a site holds besides a method

invoke_other : {
    receiver = sp - 1 - count;
    switch (site->kind) {
    case INTERPRETER_VALUE_KIND: goto call;
    case INTERPRETER_GETTER_KIND:
        *receiver = object_fields(address_of(*receiver))[site->operand];
        break;
    case INTERPRETER_SETTER_KIND: {
        Object *object = address_of(*receiver);
        store(thread, object, object_fields(object) + site->operand, sp[-1]);
        sp -= count;
        ip = next;
        DISPATCH();
    }
    case INTERPRETER_CONSTANT_KIND: *receiver = (Value)site->operand; break;
    case INTERPRETER_BLOCK_KIND: {
    activate_block:;
        // In a block's frame `self` stands where the block was, and the block is the context.
        outer = *receiver;
        const Block *block = address_of(outer);
        callee = block->method;
        *receiver = block->receiver;
        goto activate;
    }
    case INTERPRETER_NEW_KIND: {
    instantiate:;
        const Instances *instances = (Instances *)address_of(*receiver) - 1;
        if (!instances->bytes)
            goto call;
        Object *object;
        // A collection would move the class, and with it what is said of its instances.
        int64_t bytes = instances->bytes, header = instances->header;
        ROOM(object, bytes);
        object->header = header;
        for (int64_t field = 0; field < bytes / 8 - 1; field++)
            object_fields(object)[field] = INTERPRETER_NIL_BITS;
        *receiver = value_at(object);
        break;
    }
    default: {
        SAVE();
        CONTINUE_IN(((VmControlPrimitive)site->target)(thread, frame, receiver));
    }
    }
    sp = receiver + 1;
    ip = next;
    DISPATCH();
}

call : {
    // The operands stay on the stack, for the collector, until the primitive has answered.
    SAVE();
    receiver = sp - 1 - count;
    Value result = ((VmValuePrimitive)site->target)(thread, frame, receiver);
    if (UNLIKELY(result == INTERPRETER_FAILED_BITS))
        CONTINUE_IN(vm_primitive_failed_arguments(thread, frame, index, count));
    *receiver = result;
    sp = receiver + 1;
    ip = next;
    DISPATCH();
}

#ifndef CONTROL_GOTO
case OP_COUNT:
default: __builtin_unreachable(); // the verifier has passed the code
}
#endif
}
