// Making methods: from a syntax tree when one is first needed, or from code by hand. The
// compiler's result describes literals and call sites; here they become objects that don't move
// and are never freed.
#include "runtime/calls/method.h"

#include "runtime/assumptions/inlined.h"
#include "runtime/calls/error.h"
#include "runtime/calls/frame.h"
#include "runtime/calls/site.h"
#include "runtime/objects/integer.h"
#include "runtime/objects/string.h"
#include "runtime/verifier/verifier.h"
#include "runtime/vm.h"
#include "support/internal_error.h"

#include <stdlib.h>

// A frame with the whole operand stack, and one unplanned send: at most a receiver and
// two arguments in addition.
enum { UNPLANNED_SLOTS = 4 };

static Method *new_shell(Vm *vm, const Class *class, Class *holder, Symbol *signature) {
    Method *method = (Method *)heap_allocate_permanent(vm, class ? class->index : 0, LAYOUT_METHOD,
                                                       sizeof *method);
    MethodDetails *details = ARENA_NEW(vm->arena, MethodDetails);
    details->holder = holder;
    details->file = holder->file;
    method->signature = signature;
    method->holder = holder;
    method->details = details;
    details->outermost = method;
    details->next = vm->methods;
    vm->methods = method;
    return method;
}

Method *method_new(Vm *vm, Class *holder, const AstMethod *tree, const SourceFile *source) {
    const Class *class = tree->is_primitive ? vm->known.primitive_class : vm->known.method_class;
    Method *method = new_shell(vm, class, holder, symbol_named(vm, tree->selector));
    MethodDetails *details = details_of(method);
    details->tree = tree;
    details->source = source;
    details->is_primitive = tree->is_primitive;
    method->argument_count = symbol_arguments(signature_of(method));
    if (tree->is_primitive)
        details->primitive = primitive_find(symbol_chars(holder->name), tree->selector);
    return method;
}

// ---- Compiling ---------------------------------------------------------------------

static bool install(Vm *vm, Method *method, const GuestMethod *guest);

// The header of a block with so many arguments.
static int64_t closure_header(const Vm *vm, int64_t arguments) {
    const Class *const classes[] = {vm->known.block1_class, vm->known.block2_class,
                                    vm->known.block3_class};
    const Class *class = arguments < 3 ? classes[arguments] : vm->known.block_class;
    return header_make(class->index, LAYOUT_BLOCK);
}

static Value make_literal(Vm *vm, const Method *around, const GuestLiteral *literal, bool *sound) {
    switch (literal->kind) {
    case GUEST_INTEGER: return integer_literal(vm, literal->digits);
    case GUEST_DOUBLE: return value_of_double(literal->number);
    case GUEST_STRING: return string_literal(vm, literal->text.chars, literal->text.length);
    case GUEST_SYMBOL:
        return value_of_object(symbol_intern(vm, literal->text.chars, literal->text.length));
    case GUEST_ARRAY: {
        size_t count = literal->array.count;
        Array *array = (Array *)heap_allocate_permanent(
            vm, vm->known.array_class->index, LAYOUT_ARRAY, sizeof *array + sizeof(Value) * count);
        array->length = (int64_t)count;
        for (size_t i = 0; i < count; i++)
            array->elements[i] = make_literal(vm, around, &literal->array.items[i], sound);
        heap_note_permanent(vm, (Object *)array);
        return value_of_object(array);
    }
    case GUEST_BLOCK: {
        Method *block =
            new_shell(vm, vm->known.method_class, holder_of(around), signature_of(around));
        MethodDetails *details = details_of(block);
        details->source = details_of(around)->source;
        details->file = details_of(around)->file;
        details->is_block = true;
        details->outermost = details_of(around)->outermost;
        details->sent = details_of(around)->sent;
        block->closure_header = closure_header(vm, literal->block->argument_count);
        *sound &= install(vm, block, literal->block);
        return value_of_object(block);
    }
    }
    internal_error("a literal is of kind %d", (int)literal->kind);
}

// The entry of a method that needs no frame.
static void note_shape(Method *method, const GuestMethod *guest) {
    MethodDetails *details = details_of(method);
    switch (guest->shape) {
    case GUEST_GETTER:
        details->entry = (Entry){INTERPRETER_GETTER_KIND, NULL, guest->trivial};
        break;
    case GUEST_SETTER:
        details->entry = (Entry){INTERPRETER_SETTER_KIND, NULL, guest->trivial};
        break;
    case GUEST_CONSTANT: {
        Value value = guest->trivial == -1   ? NIL
                      : guest->trivial == -2 ? TRUE
                      : guest->trivial == -3 ? FALSE
                                             : method->literals[guest->trivial];
        details->entry = (Entry){INTERPRETER_CONSTANT_KIND, NULL, (int64_t)value};
        break;
    }
    default: return;
    }
    details->has_entry = true;
}

static void finish_sizes(Method *method, int64_t locals) {
    method->local_count = locals;
    method->frame_bytes =
        (int64_t)(sizeof(Frame) + sizeof(Value) * (size_t)(locals + details_of(method)->max_stack +
                                                           UNPLANNED_SLOTS));
}

static bool install(Vm *vm, Method *method, const GuestMethod *guest) {
    MethodDetails *details = details_of(method);
    bool sound = true;
    Value *literals = ARENA_ARRAY(vm->arena, Value, guest->literals.count);
    for (size_t i = 0; i < guest->literals.count; i++)
        literals[i] = make_literal(vm, method, &guest->literals.items[i], &sound);
    CallSite *sites = ARENA_ARRAY(vm->arena, CallSite, guest->sites.count);
    for (size_t i = 0; i < guest->sites.count; i++) {
        Symbol *selector = symbol_named(vm, guest->sites.items[i].selector);
        sites[i].selector = selector;
        sites[i].sharing = guest->sites.items[i].is_to_self ? SITE_TO_SELF : SITE_NOT_TO_SELF;
        if (guest->sites.items[i].is_global)
            sites[i].target = global_named(vm, selector);
    }
    method->code = guest->code.items;
    method->sites = sites;
    method->literals = literals;
    method->argument_count = guest->argument_count;
    details->code_count = (int64_t)guest->code.count;
    details->literal_count = (int64_t)guest->literals.count;
    details->site_count = (int64_t)guest->sites.count;
    details->max_stack = guest->max_stack;
    details->lines = guest->lines.items;
    details->line_count = guest->lines.count;
    details->osr_points = guest->osr_points.items;
    details->osr_point_count = guest->osr_points.count;
    details->osr_entries = guest->osr_entries.items;
    details->osr_entry_count = guest->osr_entries.count;
    details->opens_home = guest->opens_home;
    details->around = guest->around;
    finish_sizes(method, guest->local_count);
    fuse_code(vm->fusing, method->code, details->code_count);
    inlined_give_up_in(vm, method);
    note_shape(method, guest);
    return sound;
}

// Installs what the compiler made, which the verifier has to accept.
static bool install_verified(Vm *vm, Method *method, const GuestMethod *guest) {
    const Class *holder = holder_of(method);
    char message[256];
    if (!verifier_check_method(vm->bytecodes, guest, (int)holder->field_count, message,
                               sizeof message)) {
        internal_error("%s:%d: %s>>%s was compiled to wrong code: %s", details_of(method)->file,
                       guest->at.line, symbol_chars(holder->name), guest->selector, message);
    }
    return install(vm, method, guest);
}

static GuestClassScope scope_of(const Method *method) {
    const Class *holder = holder_of(method);
    return (GuestClassScope){symbol_chars(holder->name), holder->field_names, holder->field_count,
                             details_of(method)->sent};
}

static bool compile(Vm *vm, Method *method) {
    MethodDetails *details = details_of(method);
    details->sent = vm->sent;
    const GuestClassScope scope = scope_of(method);
    Diagnostics diagnostics = {.source = details->source->source, .stream = vm->errors};
    const GuestMethod *guest = guest_compile(vm->arena, details->tree, &scope, &diagnostics);
    return guest && install_verified(vm, method, guest);
}

Method *method_version(Vm *vm, Method *origin, const GuestVersion *version) {
    const MethodDetails *original = details_of(origin);
    const MethodDetails *outermost = details_of(original->outermost);
    const GuestClassScope scope = scope_of(origin);
    Diagnostics diagnostics = {.source = outermost->source->source, .stream = vm->errors};
    const GuestMethod *guest =
        guest_compile_version(vm->arena, outermost->tree, &scope, version, &diagnostics);
    if (!guest)
        return NULL;
    Method *method = new_shell(vm, vm->known.method_class, holder_of(origin), signature_of(origin));
    MethodDetails *details = details_of(method);
    details->source = original->source;
    details->file = original->file;
    details->is_block = original->is_block;
    details->outermost = original->outermost;
    details->origin = origin;
    details->sent = original->sent;
    method->closure_header = origin->closure_header;
    install_verified(vm, method, guest);
    return method;
}

bool method_prepare(Vm *vm, Method *method) {
    MethodDetails *details = details_of(method);
    if (details->is_primitive || method->code)
        return true;
    size_t counted = vm_counted_bytes(vm);
    if (!details->is_broken && !compile(vm, method))
        details->is_broken = true;
    if (holder_of(method)->is_embedded)
        vm_uncount(vm, counted);
    return !details->is_broken;
}

// ---- Made by hand ------------------------------------------------------------------

// Whether the bytecode verifier accepts code made by hand.
static bool is_sound(Vm *vm, const SomCode *code, char *message, size_t size) {
    VerifierSite *sites = ARENA_ARRAY(vm->arena, VerifierSite, code->site_count);
    for (size_t i = 0; i < code->site_count; i++) {
        int arguments = (int)symbol_arguments(symbol_named(vm, code->sites[i]));
        sites[i] = (VerifierSite){.arguments = arguments, .uses = VERIFIER_ANY_USE};
    }
    const VerifierCode input = {
        .units = code->code,
        .count = code->code_count,
        .arguments = (int)symbol_arguments(symbol_named(vm, code->selector)),
        .locals = code->locals,
        .max_stack = code->max_stack,
        .sites = sites,
        .site_count = code->site_count,
        .blocks = ARENA_ARRAY(vm->arena, const VerifierCode *, code->literal_count),
        .literal_count = code->literal_count,
    };
    return verifier_check(vm->bytecodes, &input, message, size);
}

Method *method_from_code(Vm *vm, const SomCode *code, bool verify, char *message, size_t size) {
    if (verify && !is_sound(vm, code, message, size))
        return NULL;
    Method *method = new_shell(vm, vm->known.method_class, vm->known.object_class,
                               symbol_named(vm, code->selector));
    MethodDetails *details = details_of(method);
    uint16_t *units = ARENA_ARRAY(vm->arena, uint16_t, code->code_count);
    memcpy(units, code->code, sizeof *units * code->code_count);
    Value *literals = ARENA_ARRAY(vm->arena, Value, code->literal_count);
    for (size_t i = 0; i < code->literal_count; i++)
        literals[i] = code->literals[i];
    CallSite *sites = ARENA_ARRAY(vm->arena, CallSite, code->site_count);
    for (size_t i = 0; i < code->site_count; i++) {
        Symbol *selector = symbol_named(vm, code->sites[i]);
        sites[i].selector = selector;
        sites[i].target = global_named(vm, selector);
    }
    method->code = units;
    method->sites = sites;
    method->literals = literals;
    method->argument_count = symbol_arguments(signature_of(method));
    details->file = "(made by hand)";
    details->code_count = (int64_t)code->code_count;
    details->literal_count = (int64_t)code->literal_count;
    details->site_count = (int64_t)code->site_count;
    details->max_stack = code->max_stack;
    finish_sizes(method, code->locals);
    inlined_give_up_in(vm, method);
    return method;
}

// ---- Asking ------------------------------------------------------------------------

static Frame *raise_broken(Thread *thread, Frame *frame, Value *arguments) {
    (void)arguments;
    return error_raise(thread, frame, "the method can't be compiled");
}

static Frame *evaluate(Thread *thread, Frame *frame, Value *arguments) {
    return frame_evaluate(thread, frame, arguments, frame->sp - arguments - 1);
}

// A block whose class says how many arguments it has is entered by the interpreter.
static Entry block_entry(const Vm *vm, const Class *receiver, const Primitive *primitive) {
    const Class *const classes[] = {vm->known.block1_class, vm->known.block2_class,
                                    vm->known.block3_class};
    if (primitive->arguments < 3 && classes[primitive->arguments] == receiver)
        return (Entry){INTERPRETER_BLOCK_KIND, NULL, 0};
    return (Entry){INTERPRETER_CONTROL_KIND, (void *)evaluate, 0};
}

Entry method_entry(Vm *vm, const Class *receiver, Method *method) {
    MethodDetails *details = details_of(method);
    if (details->is_primitive) {
        const Primitive *primitive = details->primitive;
        if (!primitive)
            return (Entry){INTERPRETER_CONTROL_KIND, (void *)primitive_missing_here, 0};
        if (!primitive_suits(vm, primitive, receiver))
            return (Entry){INTERPRETER_CONTROL_KIND, (void *)primitive_unsuited_here, 0};
        switch (primitive->kind) {
        case PRIMITIVE_VALUE: return (Entry){INTERPRETER_VALUE_KIND, (void *)primitive->value, 0};
        case PRIMITIVE_NEW: return (Entry){INTERPRETER_NEW_KIND, (void *)primitive->value, 0};
        case PRIMITIVE_CONTROL:
            return (Entry){INTERPRETER_CONTROL_KIND, (void *)primitive->control, 0};
        case PRIMITIVE_BLOCK: return block_entry(vm, receiver, primitive);
        }
    }
    if (!method_prepare(vm, method))
        return (Entry){INTERPRETER_CONTROL_KIND, (void *)raise_broken, 0};
    if (details->has_entry)
        return details->entry;
    return (Entry){INTERPRETER_METHOD_KIND, method, 0};
}

const Bytecode *method_bytecode(const Method *method, int64_t pc) {
    return bytecode_at(holder_of(method)->vm->bytecodes, &method->code[pc]);
}

Location method_location(const Method *method, int64_t pc) {
    const MethodDetails *details = details_of(method);
    Location at = {0};
    for (size_t i = 0; i < details->line_count && details->lines[i].pc <= pc; i++)
        at = details->lines[i].at;
    return at;
}

int method_line(const Method *method, int64_t pc) {
    return method_location(method, pc).line;
}
