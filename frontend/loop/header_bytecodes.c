// The generated header's bytecodes: opcodes, and a description of each that is enough to
// assemble, disassemble and verify code. So nobody keeps a table of bytecodes by hand next to
// the definition, where the two could come to differ (A. Ertl's vmgen generates its disassembler
// and profiler in this manner, too). What an operand means stays a word of the definition's, a
// role, here one of an enumeration; the language only knows what a jump is.
//
// The descriptions are those of the definition's own bytecodes. What a particular interpreter
// has in addition (fused bytecodes) its image says, at run time (runtime/bytecodes).
#include "frontend/loop/header.h"

// The parts that don't depend on the bytecodes. %1: Interpreter, %2: interpreter,
// %3: INTERPRETER, %4: the code unit's C type, %5: its size in bits.
static const char types[] =
    "typedef %4%1Unit; // of code\n\n"
    "// A number of stack slots: constant + factor * the operand of that index.\n"
    "typedef struct %1Slots {\n"
    "    int constant, factor;\n"
    "    int operand; // -1: none\n"
    "} %1Slots;\n\n"
    "typedef struct %1Operand {\n"
    "    const char *name;\n"
    "    int unit, units;          // where after the opcode (at 0), and how long, low unit "
    "first\n"
    "    int64_t minimum, maximum; // what fits\n"
    "    enum %1Role role;       // what it means; a ROLE_JUMP is from the next bytecode\n"
    "    %1Slots jump;           // by how many the stack grows if it is taken\n"
    "} %1Operand;\n\n"
    "typedef struct %1Bytecode {\n"
    "    const char *name;\n"
    "    int length; // in units\n"
    "    int operand_count;\n"
    "    bool leaves;    // never goes on to the next bytecode\n"
    "    bool jumps;     // may go on anywhere in its code, where no operand says\n"
    "    bool admitted;  // code that is loaded may have it\n"
    "    %1Slots needs;  // how many have to be on the stack\n"
    "    %1Slots stack;  // by how many it has grown when the next bytecode follows\n"
    "    %1Slots jumped; // by how many, when it `jumps`\n";

static const char further_types[] =
    "    struct {            // on each further stack, in the order of %2_stacks\n"
    "        %1Slots needs;\n"
    "        %1Slots stack;  // by how many it has grown when the next bytecode follows\n"
    "        %1Slots jumped; // by how many after a jump, of an operand or not\n"
    "    } further[%3_FURTHER_STACKS];\n";

static const char last_types[] = "    %1Operand operands[%3_OPERANDS_MAX];\n"
                                 "} %1Bytecode;\n\n";

// How code is read and written. Here and in lower.c (read_operand) is all that is said of the
// order of units; the two must agree.
static const char accessors[] =
    "// An operand of the bytecode whose opcode is at `code`.\n"
    "static inline int64_t %2_operand(const %1Unit *code, const %1Operand *operand) {\n"
    "    uint64_t bits = 0;\n"
    "    for (int i = 0; i < operand->units; i++)\n"
    "        bits |= (uint64_t)code[operand->unit + i] << (%5 * i);\n"
    "    int rest = 64 - %5 * operand->units;\n"
    "    return operand->minimum < 0 ? (int64_t)(bits << rest) >> rest : (int64_t)bits;\n"
    "}\n\n"
    "static inline void %2_set_operand(%1Unit *code, const %1Operand *operand,\n"
    "                                    int64_t value) {\n"
    "    for (int i = 0; i < operand->units; i++)\n"
    "        code[operand->unit + i] = (%1Unit)((uint64_t)value >> (%5 * i));\n"
    "}\n\n"
    "// What a number of slots amounts to for the bytecode at `code`.\n"
    "static inline int64_t %2_slots(const %1Unit *code, const %1Bytecode *bytecode,\n"
    "                                 const %1Slots *slots) {\n"
    "    int64_t count = slots->constant;\n"
    "    if (slots->operand >= 0)\n"
    "        count += slots->factor * %2_operand(code, &bytecode->operands[slots->operand]);\n"
    "    return count;\n"
    "}\n\n";

static const char *enumerator(const LoopHeader *header, const IrBytecode *bytecode) {
    return loop_c_opcode(header->definition->arena, bytecode->name);
}

// An enumeration for C code that names bytecodes, and an X-macro for what wants them all.
static void print_opcodes(const LoopHeader *header) {
    const IrTable *table = header->definition->table;
    text_addf(header->out, "// ---- Bytecodes\n\nenum %sOpcode {\n", header->type);
    for (size_t i = 0; i < table->bytecodes.count; i++)
        text_addf(header->out, "    %s,\n", enumerator(header, &table->bytecodes.items[i]));
    text_add(header->out, "    OP_COUNT\n};\n\n");
    text_addf(header->out,
              "// X(enumerator, name, length, leaves), in the order of opcodes.\n"
              "#define %s_BYTECODES(X)",
              header->upper);
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        const IrBytecode *bytecode = &table->bytecodes.items[i];
        text_addf(header->out, " \\\n    X(%s, \"%s\", %d, %s)", enumerator(header, bytecode),
                  bytecode->name, bytecode->length, bytecode->leaves ? "true" : "false");
    }
    text_add(header->out, "\n\n");
}

static const char *role_enumerator(const LoopHeader *header, const char *role) {
    Arena *arena = header->definition->arena;
    return role ? loop_c_role(arena, role) : "ROLE_NONE";
}

static void print_roles(const LoopHeader *header) {
    const LoopDefinition *definition = header->definition;
    text_addf(header->out, "enum %sRole {\n    ROLE_NONE,\n    ROLE_JUMP,\n", header->type);
    for (size_t i = 0; i < definition->roles.count; i++)
        text_addf(header->out, "    %s,\n",
                  loop_c_role(definition->arena, definition->roles.items[i]));
    text_addf(header->out,
              "};\n\n"
              "// X(enumerator, name): what operands mean, in the definition's words.\n"
              "#define %s_ROLES(X) X(ROLE_JUMP, \"jump\")",
              header->upper);
    for (size_t i = 0; i < definition->roles.count; i++)
        text_addf(header->out, " \\\n    X(%s, \"%s\")",
                  loop_c_role(definition->arena, definition->roles.items[i]),
                  definition->roles.items[i]);
    text_add(header->out, "\n\n");
}

static void print_slots(const LoopHeader *header, const IrSlots *slots) {
    text_addf(header->out, "{%d, %d, %d}", slots->constant, slots->factor,
              slots->factor ? slots->operand : -1);
}

// The range follows from the cell (of n bits, with a sign half of it is negative), unless the
// operand is fixed.
static void print_operand(const LoopHeader *header, const IrOperand *operand, int unit) {
    int size = ir_cell_size(operand->cell);
    int64_t values = INT64_C(1) << (8 * size);
    bool is_signed =
        operand->cell == IR_CELL_I8 || operand->cell == IR_CELL_I16 || operand->cell == IR_CELL_I32;
    int64_t least = is_signed ? -values / 2 : 0;
    text_addf(header->out, "\n        {\"%s\", %d, %d, INT64_C(%lld), INT64_C(%lld), %s, ",
              operand->name, unit, size / ir_cell_size(header->definition->table->unit),
              (long long)(operand->is_fixed ? operand->fixed : least),
              (long long)(operand->is_fixed ? operand->fixed : least + values - 1),
              role_enumerator(header, operand->role));
    print_slots(header, &operand->jump);
    text_add(header->out, "},");
}

// The stacks that the definition has besides the first one.
static void print_stacks(const LoopHeader *header) {
    const IrModule *module = header->definition->module;
    size_t count = module->further_stacks.count;
    if (!count)
        return;
    text_addf(header->out,
              "enum { %s_FURTHER_STACKS = %zu };\n\n"
              "static const char *const %s_stacks[] __attribute__((unused)) = {",
              header->upper, count, header->lower);
    for (size_t i = 0; i < count; i++)
        text_addf(header->out, "%s\"%s\"", i ? ", " : "", module->further_stacks.items[i].name);
    text_add(header->out, "};\n\n");
}

static void print_further(const LoopHeader *header, const IrBytecode *bytecode) {
    if (!bytecode->further.count)
        return;
    text_add(header->out, "{");
    for (size_t i = 0; i < bytecode->further.count; i++) {
        text_add(header->out, i ? ", {" : "{");
        print_slots(header, &bytecode->further.items[i].needs);
        text_add(header->out, ", ");
        print_slots(header, &bytecode->further.items[i].stack);
        text_add(header->out, ", ");
        print_slots(header, &bytecode->further.items[i].jumped);
        text_add(header->out, "}");
    }
    text_add(header->out, "}, ");
}

static void print_description(const LoopHeader *header, const IrBytecode *bytecode) {
    text_addf(header->out, "    [%s] = {\"%s\", %d, %d, %s, %s, %s, ", enumerator(header, bytecode),
              bytecode->name, bytecode->length, (int)bytecode->operands.count,
              bytecode->leaves ? "true" : "false", bytecode->jumps ? "true" : "false",
              bytecode->origin == IR_ORIGIN_BASE ? "true" : "false");
    print_slots(header, &bytecode->needs);
    text_add(header->out, ", ");
    print_slots(header, &bytecode->stack);
    text_add(header->out, ", ");
    print_slots(header, &bytecode->jumped);
    text_add(header->out, ", ");
    print_further(header, bytecode);
    text_add(header->out, "{");
    int unit = 1;
    for (size_t i = 0; i < bytecode->operands.count; i++) {
        const IrOperand *operand = &bytecode->operands.items[i];
        print_operand(header, operand, unit);
        unit += ir_cell_size(operand->cell) / ir_cell_size(header->definition->table->unit);
    }
    text_add(header->out, bytecode->operands.count ? "\n    }},\n" : "{0}}},\n");
}

static const char forms[] =
    "// The form of the bytecode `opcode` in which the numbers fit, one for each operand: itself, "
    "or\n"
    "// that with wider operands; -1: they fit in neither.\n"
    "static inline int %2_form(int opcode, const int64_t *values) {\n"
    "    for (int first = 0; opcode >= 0; opcode = %2_wide[opcode], first = %3_WIDE_FIRST) {\n"
    "        const %1Bytecode *bytecode = &%2_bytecodes[opcode];\n"
    "        bool fits = true;\n"
    "        for (int i = first; i < bytecode->operand_count; i++)\n"
    "            fits = fits && values[i - first] >= bytecode->operands[i].minimum &&\n"
    "                   values[i - first] <= bytecode->operands[i].maximum;\n"
    "        if (fits)\n"
    "            break;\n"
    "    }\n"
    "    return opcode;\n"
    "}\n\n";

static const char prefixed[] =
    "// The opcode of what is at `code`: behind the prefix, that of the wide form.\n"
    "static inline int %2_opcode(const %1Unit *code) {\n"
    "    if (code[0] != %3_PREFIX)\n"
    "        return code[0];\n"
    "    int narrow = code[1], form = narrow < OP_COUNT ? %2_wide[narrow] : -1;\n"
    "    return form >= 0 ? form : code[0];\n"
    "}\n\n";

static bool has_wide_forms(const LoopDefinition *definition) {
    for (size_t i = 0; i < definition->bytecodes.count; i++)
        if (definition->bytecodes.items[i]->wide)
            return true;
    return false;
}

static void print_wide_forms(const LoopHeader *header) {
    const LoopDefinition *definition = header->definition;
    text_addf(header->out,
              "// Which operand of a wide form is the first that the bytecode itself has, too.\n"
              "enum { %s_WIDE_FIRST = %d };\n",
              header->upper, definition->prefix ? 1 : 0);
    if (definition->prefix)
        text_addf(
            header->out,
            "// Behind this opcode stands that of a bytecode, and then its wide form's "
            "operands.\n"
            "enum { %s_PREFIX = %s };\n",
            header->upper,
            enumerator(header, &definition->table->bytecodes.items[definition->prefix->opcode]));
    text_addf(header->out,
              "// By opcode: that of the form with wider operands; -1: none.\n"
              "static const int16_t %s_wide[OP_COUNT] __attribute__((unused)) = {\n",
              header->lower);
    for (size_t i = 0; i < definition->bytecodes.count; i++) {
        const LoopBytecode *wide = definition->bytecodes.items[i]->wide;
        text_addf(header->out, "    [%s] = %s,\n",
                  enumerator(header, &definition->table->bytecodes.items[i]),
                  wide ? enumerator(header, &definition->table->bytecodes.items[wide->opcode])
                       : "-1");
    }
    text_add(header->out, "};\n\n");
}

// Appends a template with its arguments filled in. Templates show the C as it will stand there,
// which a row of text_addf with ten arguments each wouldn't; `%` has no other use in them.
static void print_template(const LoopHeader *header, const char *template) {
    LoopType unit = header->definition->unit;
    int bits = 8 * ir_cell_size(unit.cell);
    Arena *arena = header->definition->arena;
    for (const char *next = template; *next;) {
        if (next[0] != '%') {
            text_add_bytes(header->out, next++, 1);
            continue;
        }
        switch (next[1]) {
        case '1': text_add(header->out, header->type); break;
        case '2': text_add(header->out, header->lower); break;
        case '3': text_add(header->out, header->upper); break;
        case '4': text_add(header->out, loop_c_cell(arena, unit)); break;
        default: text_addf(header->out, "%d", bits); break;
        }
        next += 2;
    }
}

// In the order in which C needs them: the types' array of operands has room for the most that a
// bytecode has, and the table has the types.
void loop_header_bytecodes(const LoopHeader *header) {
    const IrTable *table = header->definition->table;
    size_t most = 1;
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        if (table->bytecodes.items[i].operands.count > most)
            most = table->bytecodes.items[i].operands.count;
    }
    print_opcodes(header);
    print_roles(header);
    text_addf(header->out, "enum { %s_OPERANDS_MAX = %d };\n\n", header->upper, (int)most);
    print_stacks(header);
    print_template(header, types);
    if (header->definition->further_stacks.count)
        print_template(header, further_types);
    print_template(header, last_types);
    text_addf(header->out,
              "static const %sBytecode %s_bytecodes[OP_COUNT] __attribute__((unused)) = {\n",
              header->type, header->lower);
    for (size_t i = 0; i < table->bytecodes.count; i++)
        print_description(header, &table->bytecodes.items[i]);
    text_add(header->out, "};\n\n");
    print_template(header, accessors);
    if (has_wide_forms(header->definition)) {
        print_wide_forms(header);
        print_template(header, forms);
        if (header->definition->prefix)
            print_template(header, prefixed);
    }
}
