// See disassemble.h. What an operand means is told by its role, as the definition has it; so a
// bytecode that is added to the definition is listed without a change here, unless its operand
// means something new that deserves to be shown.
#include "runtime/bytecodes/disassemble.h"

#include "support/double_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct Listing {
    Text *text;
    const Bytecodes *bytecodes;
    const GuestMethod *method;
    const GuestClassScope *class;
    int indent;
    bool with_lines;
} Listing;

enum { LINE_COLUMN = 7 }; // "12345: "

// ---- Literals ----------------------------------------------------------------------

static void add_string(Text *text, const char *chars, size_t length) {
    text_add(text, "'");
    for (size_t i = 0; i < length; i++) {
        unsigned char next = (unsigned char)chars[i];
        switch (next) {
        case '\n': text_add(text, "\\n"); break;
        case '\t': text_add(text, "\\t"); break;
        case '\r': text_add(text, "\\r"); break;
        case '\b': text_add(text, "\\b"); break;
        case '\f': text_add(text, "\\f"); break;
        case '\0': text_add(text, "\\0"); break;
        case '\'': text_add(text, "\\'"); break;
        case '\\': text_add(text, "\\\\"); break;
        default: text_add_bytes(text, &chars[i], 1);
        }
    }
    text_add(text, "'");
}

static void add_double(Text *text, double number) {
    char chars[DOUBLE_CHARS];
    text_add_bytes(text, chars, double_print(chars, number));
}

void disassemble_literal(Text *text, const GuestLiteral *literal) {
    switch (literal->kind) {
    case GUEST_INTEGER: text_add(text, literal->digits); break;
    case GUEST_DOUBLE: add_double(text, literal->number); break;
    case GUEST_SYMBOL: text_add(text, "#"); // fall through
    case GUEST_STRING: add_string(text, literal->text.chars, literal->text.length); break;
    case GUEST_BLOCK: text_addf(text, "[%d arguments]", literal->block->argument_count); break;
    case GUEST_ARRAY:
        text_add(text, "#(");
        for (size_t i = 0; i < literal->array.count; i++) {
            text_add(text, i ? " " : "");
            disassemble_literal(text, &literal->array.items[i]);
        }
        text_add(text, ")");
        break;
    }
}

// ---- Instructions ------------------------------------------------------------------

static void add_argument(const Listing *listing, int64_t index) {
    int64_t place = index + listing->method->argument_count;
    if (place < 0)
        text_add(listing->text, "self");
    else if ((size_t)place < listing->method->argument_names.count)
        text_add(listing->text, listing->method->argument_names.items[place]);
}

// What follows the semicolon. Numbers that speak for themselves have none.
static void add_meaning(const Listing *listing, enum InterpreterRole role, int64_t value) {
    const GuestMethod *method = listing->method;
    switch (role) {
    case ROLE_LOCAL:
        if ((size_t)value < method->local_names.count)
            text_add(listing->text, method->local_names.items[value]);
        break;
    case ROLE_ARGUMENT:
    case ROLE_ASSIGNED_ARGUMENT: add_argument(listing, value); break;
    case ROLE_FIELD:
        if (listing->class && (size_t)value < listing->class->field_count)
            text_add(listing->text, listing->class->fields[value]);
        break;
    case ROLE_LITERAL:
    case ROLE_BLOCK:
        if ((size_t)value < method->literals.count)
            disassemble_literal(listing->text, &method->literals.items[value]);
        break;
    case ROLE_SITE:
    case ROLE_SUPER_SITE:
    case ROLE_GLOBAL_SITE:
        if ((size_t)value < method->sites.count)
            text_add(listing->text, method->sites.items[value].selector);
        break;
    default: break;
    }
}

// A role that is not in this list counts as having a meaning. So if one is added to the
// definition, and not here, listings show an empty meaning, which somebody will notice.
static bool has_meaning(enum InterpreterRole role) {
    switch (role) {
    case ROLE_NONE:
    case ROLE_RECEIVER:
    case ROLE_NUMBER:
    case ROLE_SLOT:
    case ROLE_SIZE:
    case ROLE_JUMP: return false;
    default: return true;
    }
}

// The line that begins at `pc`; 0 if none does. Several places may be on one line.
static int beginning_line(const GuestMethod *method, size_t pc) {
    int before = 0;
    for (size_t i = 0; i < method->lines.count && (size_t)method->lines.items[i].pc <= pc; i++) {
        int line = method->lines.items[i].at.line;
        if ((size_t)method->lines.items[i].pc == pc)
            return line == before ? 0 : line;
        before = line;
    }
    return 0;
}

static void add_line(const Listing *listing, size_t pc) {
    int line = beginning_line(listing->method, pc);
    if (line)
        text_addf(listing->text, "%*d: ", LINE_COLUMN - 2, line);
    else
        text_addf(listing->text, "%*s", LINE_COLUMN, "");
}

static void add_instruction(const Listing *listing, size_t pc) {
    if (listing->with_lines)
        add_line(listing, pc);
    const uint16_t *units = &listing->method->code.items[pc];
    const Bytecode *at = bytecode_at(listing->bytecodes, units);
    const InterpreterBytecode *bytecode = at->written;
    text_addf(listing->text, "%*s%5zu  %s", listing->indent, "", pc, at->name);
    if (at->opcode != at->base)
        text_addf(listing->text, " (%s)", bytecode->name);
    for (int i = 0; i < bytecode->operand_count; i++) {
        int64_t value = interpreter_operand(units, &bytecode->operands[i]);
        if (bytecode->operands[i].role == ROLE_JUMP)
            value += (int64_t)pc + bytecode->length;
        text_addf(listing->text, " %" PRId64, value);
    }
    const InterpreterOperand *first = &bytecode->operands[0];
    if (bytecode->operand_count && has_meaning(first->role)) {
        text_add(listing->text, "  ; ");
        add_meaning(listing, first->role, interpreter_operand(units, first));
    }
    text_add(listing->text, "\n");
}

static void add_shape(Text *text, const GuestMethod *method) {
    switch (method->shape) {
    case GUEST_GETTER: text_addf(text, ", getter of %d", method->trivial); break;
    case GUEST_SETTER: text_addf(text, ", setter of %d", method->trivial); break;
    case GUEST_CONSTANT:
        text_add(text, ", constant ");
        if (method->trivial >= 0)
            disassemble_literal(text, &method->literals.items[method->trivial]);
        else
            text_add(text, method->trivial == -1   ? "nil"
                           : method->trivial == -2 ? "true"
                                                   : "false");
        break;
    default: break;
    }
}

static void add_method(const Listing *listing) {
    const GuestMethod *method = listing->method;
    int indent = listing->indent + (listing->with_lines && method->is_block ? LINE_COLUMN : 0);
    text_addf(listing->text, "%*s%s%s: %d arguments, %d locals, %d stack", indent, "",
              method->is_block ? "block in " : "", method->selector, method->argument_count,
              method->local_count, method->max_stack);
    add_shape(listing->text, method);
    text_add(listing->text, method->is_primitive ? ", primitive\n" : "\n");
    for (size_t pc = 0; pc < method->code.count;) {
        add_instruction(listing, pc);
        pc += (size_t)bytecode_at(listing->bytecodes, &method->code.items[pc])->written->length;
    }
    for (size_t i = 0; i < method->literals.count; i++) {
        if (method->literals.items[i].kind != GUEST_BLOCK)
            continue;
        Listing inner = *listing;
        inner.method = method->literals.items[i].block;
        inner.indent += 2;
        add_method(&inner);
    }
}

void disassemble_method(Text *text, const Bytecodes *bytecodes, const GuestMethod *method,
                        const GuestClassScope *class, bool with_lines) {
    Listing listing = {text, bytecodes, method, class, 0, with_lines};
    add_method(&listing);
}
