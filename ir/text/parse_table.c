// The text form's parser: dispatch tables. Bytecodes name each other, and blocks that come
// later, so what they name is resolved at the table's and at the module's end.
#include "ir/text/parser.h"

#include <limits.h>
#include <string.h>

// as [cursor] PATH, as stack SLOT
static bool parse_mirror(Parser *parser, IrTable *table) {
    IrToken path;
    int64_t slot;
    if (!ir_parse_accept_word(parser, "as"))
        return true;
    if (ir_parse_accept_word(parser, "stack")) {
        if (!ir_parse_integer(parser, 1, INT_MAX, &slot))
            return false;
        table->parameters.items[table->parameters.count - 1].slot = (int)slot;
        return true;
    }
    bool is_cursor = ir_parse_accept_word(parser, "cursor");
    if (!ir_parse_token(parser, IR_TOKEN_WORD, "a path", &path))
        return false;
    size_t last = table->parameters.count - 1;
    table->parameters.items[last].is_cursor = is_cursor;
    ARENA_PUSH(parser->scratch, &parser->paths,
               ((PendingPath){.table = table, .parameter = last, .token = path}));
    return true;
}

static bool parse_parameters(Parser *parser, IrTable *table) {
    IrScope names = ir_scope(parser->scratch);
    if (!ir_parse_mark(parser, '('))
        return false;
    if (ir_parse_accept_mark(parser, ')'))
        return true;
    do {
        IrToken name;
        IrSymbol *symbol;
        IrTableParameter parameter = {0};
        if (!ir_parse_token(parser, IR_TOKEN_VALUE, "a parameter", &name) ||
            !ir_parse_define(parser, &names, name, "parameter", &symbol) ||
            !ir_parse_mark(parser, ':') || !ir_parse_type(parser, &parameter.type))
            return false;
        parameter.name = arena_strdup(parser->arena, name.text);
        ARENA_PUSH(parser->arena, &table->parameters, parameter);
        if (!parse_mirror(parser, table))
            return false;
    } while (ir_parse_accept_mark(parser, ','));
    return ir_parse_mark(parser, ')');
}

// The operand that a number of slots depends on; it may be declared after it, as in
// `(a: i8 jump 0 - 1 * b, b: u8)`.
typedef struct SlotsName {
    enum {
        OF_JUMPS = -3,
        OF_NEEDS = -2,
        OF_STACK = -1
    } of; // from 0: of that operand's jump; below: see of_further
    IrToken token;
} SlotsName;

typedef ARENA_VECTOR(SlotsName) SlotsNames;

// Of a further stack: what is needed there; one less: what is left; one less again: after a jump.
static int of_further(size_t stack) {
    return OF_JUMPS - 1 - 3 * (int)stack;
}

static IrSlots *slots_of(IrBytecode *bytecode, int of) {
    if (of >= OF_JUMPS)
        return of == OF_JUMPS   ? &bytecode->jumped
               : of == OF_NEEDS ? &bytecode->needs
               : of == OF_STACK ? &bytecode->stack
                                : &bytecode->operands.items[of].jump;
    int index = OF_JUMPS - 1 - of;
    IrStackEffect *effect = &bytecode->further.items[index / 3];
    IrSlots *const slots[] = {&effect->needs, &effect->stack, &effect->jumped};
    return slots[index % 3];
}

// C, C + F * operand, C - F * operand
// `2 - 1 * n` comes from the lexer as `2`, `-`, `1`; `2 -1 * n` as `2`, `-1`: both are taken.
static bool parse_slots(Parser *parser, IrSlots *slots, int of, SlotsNames *names) {
    int64_t constant, factor;
    slots->operand = -1;
    if (!ir_parse_integer(parser, -INT_MAX, INT_MAX, &constant))
        return false;
    slots->constant = (int)constant;
    bool is_minus = ir_parse_accept_mark(parser, '-');
    bool is_signed = parser->token.kind == IR_TOKEN_INTEGER && parser->token.is_negative;
    if (!is_minus && !is_signed && !ir_parse_accept_mark(parser, '+'))
        return true;
    SlotsName name = {.of = of};
    if (!ir_parse_integer(parser, -INT_MAX, INT_MAX, &factor) || !ir_parse_mark(parser, '*') ||
        !ir_parse_token(parser, IR_TOKEN_WORD, "an operand's name", &name.token))
        return false;
    slots->factor = (int)(is_minus ? -factor : factor);
    ARENA_PUSH(parser->scratch, names, name);
    return true;
}

static int find_operand(const IrBytecode *bytecode, const char *name) {
    for (size_t i = 0; i < bytecode->operands.count; i++)
        if (!strcmp(bytecode->operands.items[i].name, name))
            return (int)i;
    return -1;
}

static bool resolve_slots(Parser *parser, IrBytecode *bytecode, const SlotsNames *names) {
    bool is_right = true;
    for (size_t i = 0; i < names->count; i++) {
        const SlotsName *name = &names->items[i];
        IrSlots *slots = slots_of(bytecode, name->of);
        slots->operand = find_operand(bytecode, name->token.text);
        if (slots->operand < 0)
            is_right = ir_parse_fail(parser, name->token.at, "bytecode '%s' has no operand '%s'",
                                     bytecode->name, name->token.text);
    }
    return is_right;
}

// [jump SLOTS|ROLE]
static bool parse_role(Parser *parser, const IrBytecode *bytecode, IrOperand *operand,
                       SlotsNames *names) {
    IrToken role;
    if (parser->token.kind != IR_TOKEN_WORD)
        return true;
    if (!ir_parse_plain_name(parser, "an operand's role", &role))
        return false;
    operand->role = arena_strdup(parser->arena, role.text);
    return !ir_operand_is_jump(operand) ||
           parse_slots(parser, &operand->jump, (int)bytecode->operands.count, names);
}

// [= NUMBER]
static bool parse_fixed(Parser *parser, IrOperand *operand) {
    operand->is_fixed = ir_parse_accept_mark(parser, '=');
    return !operand->is_fixed || ir_parse_integer(parser, INT32_MIN, UINT32_MAX, &operand->fixed);
}

// name: CELL [jump SLOTS|ROLE] [= NUMBER]
static bool parse_operand(Parser *parser, IrBytecode *bytecode, SlotsNames *names) {
    IrToken name;
    IrOperand operand = {.jump.operand = -1};
    if (!ir_parse_plain_name(parser, "an operand's name", &name) || !ir_parse_mark(parser, ':') ||
        !ir_parse_cell(parser, &operand.cell))
        return false;
    if (find_operand(bytecode, name.text) >= 0)
        return ir_parse_fail(parser, name.at, "operand '%s' is defined twice", name.text);
    operand.name = arena_strdup(parser->arena, name.text);
    if (!parse_role(parser, bytecode, &operand, names) || !parse_fixed(parser, &operand))
        return false;
    ARENA_PUSH(parser->arena, &bytecode->operands, operand);
    return true;
}

static bool parse_operands(Parser *parser, IrBytecode *bytecode, SlotsNames *names) {
    if (!ir_parse_mark(parser, '('))
        return false;
    if (ir_parse_accept_mark(parser, ')'))
        return true;
    do {
        if (!parse_operand(parser, bytecode, names))
            return false;
    } while (ir_parse_accept_mark(parser, ','));
    return ir_parse_mark(parser, ')');
}

// Bytecodes that others name may stand after them: resolved at the table's end.
typedef struct OtherName {
    size_t bytecode;
    bool is_component;
    IrToken token;
} OtherName;

typedef ARENA_VECTOR(OtherName) OtherNames;

// NAME, NAME …
static bool parse_others(Parser *parser, OtherNames *others, size_t bytecode, bool are_components) {
    do {
        OtherName name = {bytecode, are_components, {0}};
        if (!ir_parse_token(parser, IR_TOKEN_WORD, "a bytecode's name", &name.token))
            return false;
        ARENA_PUSH(parser->scratch, others, name);
    } while (ir_parse_accept_mark(parser, ','));
    return true;
}

// By a scope, as a large table with as many names would take quadratic time otherwise. Of two
// bytecodes with one name the first counts; the verifier complains of the second.
static void resolve_others(Parser *parser, IrTable *table, const OtherNames *others) {
    IrScope names = ir_scope(parser->scratch);
    for (size_t i = 0; i < table->bytecodes.count; i++) {
        IrSymbol *symbol = ir_scope_get(&names, table->bytecodes.items[i].name, (Location){0, 0});
        if (!symbol->thing)
            symbol->thing = &table->bytecodes.items[i];
    }
    for (size_t i = 0; i < others->count; i++) {
        const OtherName *name = &others->items[i];
        const IrSymbol *symbol = ir_scope_find(&names, name->token.text);
        if (!symbol) {
            ir_parse_fail(parser, name->token.at, "table '@%s' has no bytecode '%s'", table->name,
                          name->token.text);
            continue;
        }
        IrBytecode *bytecode = &table->bytecodes.items[name->bytecode];
        int opcode = (int)((IrBytecode *)symbol->thing - table->bytecodes.items);
        ARENA_PUSH(parser->arena, name->is_component ? &bytecode->components : &bytecode->quickens,
                   opcode);
    }
    // A fused one's length is known only when its components are.
    for (size_t i = 0; i < table->bytecodes.count; i++)
        if (table->bytecodes.items[i].origin == IR_ORIGIN_FUSED)
            table->bytecodes.items[i].length =
                ir_bytecode_default_length(table, &table->bytecodes.items[i]);
}

static void make_further(Parser *parser, IrBytecode *bytecode) {
    const IrStackEffect none = {{.operand = -1}, {.operand = -1}, {.operand = -1}};
    for (size_t i = bytecode->further.count; i < parser->module->further_stacks.count; i++)
        ARENA_PUSH(parser->arena, &bytecode->further, none);
}

// NAME [needs SLOTS] [stack SLOTS] [jumps SLOTS]
static bool parse_further_effect(Parser *parser, IrBytecode *bytecode, SlotsNames *names) {
    IrToken name;
    size_t stack = 0;
    if (!ir_parse_plain_name(parser, "a further stack's name", &name))
        return false;
    make_further(parser, bytecode);
    while (stack < bytecode->further.count &&
           strcmp(parser->module->further_stacks.items[stack].name, name.text) != 0)
        stack++;
    if (stack == bytecode->further.count)
        return ir_parse_fail(parser, name.at, "there is no further stack '%s'", name.text);
    IrStackEffect *effect = &bytecode->further.items[stack];
    if (ir_parse_accept_word(parser, "needs") &&
        !parse_slots(parser, &effect->needs, of_further(stack), names))
        return false;
    if (ir_parse_accept_word(parser, "stack") &&
        !parse_slots(parser, &effect->stack, of_further(stack) - 1, names))
        return false;
    return !ir_parse_accept_word(parser, "jumps") ||
           parse_slots(parser, &effect->jumped, of_further(stack) - 2, names);
}

// [length UNITS] [needs SLOTS] [stack SLOTS] [jumps SLOTS] [leaves] {on NAME …}
// [reserved|quickened]
static bool parse_description(Parser *parser, const IrTable *table, IrBytecode *bytecode,
                              SlotsNames *names) {
    int64_t length = ir_bytecode_default_length(table, bytecode);
    if (ir_parse_accept_word(parser, "length") && !ir_parse_integer(parser, 1, INT_MAX, &length))
        return false;
    bytecode->length = (int)length;
    bytecode->needs.operand = bytecode->stack.operand = bytecode->jumped.operand = -1;
    if (ir_parse_accept_word(parser, "needs") &&
        !parse_slots(parser, &bytecode->needs, OF_NEEDS, names))
        return false;
    if (ir_parse_accept_word(parser, "stack") &&
        !parse_slots(parser, &bytecode->stack, OF_STACK, names))
        return false;
    bytecode->jumps = ir_parse_accept_word(parser, "jumps");
    if (bytecode->jumps && !parse_slots(parser, &bytecode->jumped, OF_JUMPS, names))
        return false;
    bytecode->leaves = ir_parse_accept_word(parser, "leaves");
    while (ir_parse_accept_word(parser, "on"))
        if (!parse_further_effect(parser, bytecode, names))
            return false;
    if (ir_parse_accept_word(parser, "reserved"))
        bytecode->origin = IR_ORIGIN_RESERVED;
    else if (ir_parse_accept_word(parser, "quickened"))
        bytecode->origin = IR_ORIGIN_QUICKENED;
    return true;
}

// -> ^region, -> @function, -> none
static bool parse_target(Parser *parser, IrTable *table, int bytecode) {
    IrToken arrow;
    if (!ir_parse_token(parser, IR_TOKEN_ARROW, "'->'", &arrow))
        return false;
    if (ir_parse_accept_word(parser, "none"))
        return true;
    if (parser->token.kind != IR_TOKEN_BLOCK && parser->token.kind != IR_TOKEN_GLOBAL)
        return ir_parse_fail(parser, parser->token.at, "expected ^REGION, @FUNCTION or 'none'");
    ARENA_PUSH(parser->scratch, &parser->targets,
               ((PendingTarget){table, bytecode, ir_parse_take(parser)}));
    return true;
}

// components NAMES, or (OPERANDS) DESCRIPTION [quickens NAMES]
static bool parse_bytecode_body(Parser *parser, IrTable *table, IrBytecode *bytecode,
                                OtherNames *others) {
    SlotsNames names = {0};
    if (ir_parse_accept_word(parser, "components")) {
        bytecode->origin = IR_ORIGIN_FUSED;
        bytecode->needs.operand = bytecode->stack.operand = bytecode->jumped.operand = -1;
        return parse_others(parser, others, table->bytecodes.count, true);
    }
    if (!parse_operands(parser, bytecode, &names) ||
        !parse_description(parser, table, bytecode, &names) ||
        !resolve_slots(parser, bytecode, &names))
        return false;
    return !ir_parse_accept_word(parser, "quickens") ||
           parse_others(parser, others, table->bytecodes.count, false);
}

// OPCODE name BODY -> TARGET [!line:column]
static bool parse_bytecode(Parser *parser, IrTable *table, OtherNames *others) {
    IrToken name;
    IrBytecode bytecode = {0};
    int64_t opcode;
    size_t before = others->count;
    if (!ir_parse_integer(parser, 0, INT_MAX, &opcode) ||
        !ir_parse_token(parser, IR_TOKEN_WORD, "a bytecode's name", &name))
        return false;
    bytecode.opcode = (int)opcode;
    bytecode.name = arena_strdup(parser->arena, name.text);
    if (!parse_bytecode_body(parser, table, &bytecode, others) ||
        !parse_target(parser, table, (int)table->bytecodes.count) ||
        !ir_parse_location(parser, &bytecode.at)) {
        others->count = before;
        return false;
    }
    ARENA_PUSH(parser->arena, &table->bytecodes, bytecode);
    return true;
}

static bool parse_default(Parser *parser, IrTable *table) {
    if (table->has_default)
        return ir_parse_fail(parser, parser->token.at, "a second default");
    ir_parse_take(parser);
    table->has_default = true;
    return parse_target(parser, table, -1);
}

// @NAME(PARAMETERS) UNIT [!line:column] { ENTRIES }
bool ir_parse_table(Parser *parser) {
    IrToken name;
    IrSymbol *symbol;
    if (!ir_parse_token(parser, IR_TOKEN_GLOBAL, "a table's @NAME", &name) ||
        !ir_parse_define(parser, &parser->tables, name, "table", &symbol))
        return false;
    IrTable *table = ir_table_new(parser->module, name.text);
    symbol->thing = table;
    ir_parse_stands(parser, &table->at, name.at);
    if (!parse_parameters(parser, table) || !ir_parse_cell(parser, &table->unit) ||
        !ir_parse_location(parser, &table->at) || !ir_parse_mark(parser, '{'))
        return false;
    OtherNames others = {0};
    ARENA_VECTOR(Location) starts = {0}; // of the bytecodes, which move until all are there
    while (parser->token.kind != IR_TOKEN_END && !ir_parse_is_mark(parser, '}')) {
        Location start = parser->token.at;
        bool is_right = ir_parse_is_word(parser, "default")
                            ? parse_default(parser, table)
                            : parse_bytecode(parser, table, &others);
        if (!is_right)
            ir_parse_skip_line(parser, start);
        if (table->bytecodes.count > starts.count)
            ARENA_PUSH(parser->scratch, &starts, start);
    }
    for (size_t i = 0; i < starts.count; i++)
        ir_parse_stands(parser, &table->bytecodes.items[i].at, starts.items[i]);
    resolve_others(parser, table, &others);
    return ir_parse_mark(parser, '}');
}
