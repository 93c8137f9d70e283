// The text form's parser: instructions. An instruction joins its block when all of it
// was read; what was noted about a half-read one is forgotten.
#include "ir/text/names.h"
#include "ir/text/parser.h"

#include <limits.h>
#include <string.h>

// An operation's word, taken apart: `load.u16` is LOAD with suffix "u16".
typedef struct OpWord {
    IrOp op;
    const char *suffix; // NULL: none
    Location at;
} OpWord;

static bool find_op(const char *text, size_t length, IrOp *op) {
    for (int i = 0; i < IR_OP_COUNT; i++)
        if (strlen(ir_op_text((IrOp)i)) == length && !memcmp(ir_op_text((IrOp)i), text, length)) {
            *op = (IrOp)i;
            return true;
        }
    return false;
}

static bool takes_suffix(IrOp op) {
    switch (ir_op_shape(op)) {
    case IR_SHAPE_CONVERT:
    case IR_SHAPE_LOAD:
    case IR_SHAPE_STORE:
    case IR_SHAPE_ADDRESS: return true;
    default: return false;
    }
}

static bool parse_op_word(Parser *parser, OpWord *word) {
    IrToken token;
    if (!ir_parse_token(parser, IR_TOKEN_WORD, "an operation", &token))
        return false;
    *word = (OpWord){.at = token.at};
    bool is_known = find_op(token.text, strlen(token.text), &word->op);
    // Operations have dots in their names themselves (`cmp.eq`), so the whole word is tried
    // first, and then only the last part counts as a suffix.
    const char *dot = strrchr(token.text, '.');
    if (!is_known && dot) {
        is_known =
            find_op(token.text, (size_t)(dot - token.text), &word->op) && takes_suffix(word->op);
        word->suffix = dot + 1;
    }
    return is_known || ir_parse_fail(parser, token.at, "unknown operation '%s'", token.text);
}

// ---- Values --------------------------------------------------------------------------

// Cuts a literal to its type, if it fits.
bool ir_literal_set(IrValue *value, IrType type, const IrToken *token) {
    int bits = ir_type_bits(type);
    uint64_t magnitude = token->magnitude;
    if (!bits || token->overflows)
        return false;
    uint64_t limit = token->is_negative ? (uint64_t)1 << (bits - 1) : UINT64_MAX >> (64 - bits);
    if (magnitude > limit)
        return false;
    int64_t number = (int64_t)(token->is_negative ? 0 - magnitude : magnitude);
    int shift = 64 - bits;
    value->type = type;
    value->integer = (int64_t)((uint64_t)number << shift) >> shift;
    if (type == IR_I1)
        value->integer &= 1;
    return true;
}

// INTEGER[:TYPE]; without a type it waits for the module's end.
static bool parse_integer_literal(Parser *parser, IrValue *value, PendingLiteral place) {
    IrType type;
    place.token = ir_parse_take(parser);
    place.value = value;
    if (!ir_parse_accept_mark(parser, ':')) {
        ARENA_PUSH(parser->scratch, &parser->literals, place);
        return true;
    }
    if (!ir_parse_type(parser, &type))
        return false;
    if (!ir_type_bits(type))
        return ir_parse_fail(parser, place.token.at, "an integer can't be of type %s",
                             ir_type_text(type));
    return ir_literal_set(value, type, &place.token) ||
           ir_parse_fail(parser, place.token.at, "the number doesn't fit %s", ir_type_text(type));
}

// %name or a literal. `place` says where it stands.
// A literal's type depends on what stands beside it, perhaps later; so its place is noted,
// with the instruction and the index, and the type is given at the module's end.
static bool parse_value(Parser *parser, PendingLiteral place, IrValue **value) {
    if (parser->token.kind == IR_TOKEN_VALUE) {
        *value = ir_parse_value_use(parser, ir_parse_take(parser));
        return true;
    }
    *value = ARENA_NEW(parser->arena, IrValue);
    (*value)->kind = IR_CONSTANT;
    if (parser->token.kind == IR_TOKEN_INTEGER)
        return parse_integer_literal(parser, *value, place);
    if (parser->token.kind == IR_TOKEN_NUMBER) {
        (*value)->type = IR_F64;
        (*value)->number = ir_parse_take(parser).number;
        return true;
    }
    (*value)->type = IR_PTR;
    return ir_parse_accept_word(parser, "null") ||
           ir_parse_fail(parser, parser->token.at, "expected a value");
}

static bool parse_operand(Parser *parser, IrInstruction *instruction) {
    IrValue *value;
    PendingLiteral place = {
        .instruction = instruction, .edge = -1, .index = instruction->operands.count};
    if (!parse_value(parser, place, &value))
        return false;
    ARENA_PUSH(parser->arena, &instruction->operands, value);
    return true;
}

static bool parse_operands(Parser *parser, IrInstruction *instruction, int count) {
    for (int i = 0; i < count; i++)
        if ((i && !ir_parse_mark(parser, ',')) || !parse_operand(parser, instruction))
            return false;
    return true;
}

// (ARGUMENTS), as operands.
static bool parse_arguments(Parser *parser, IrInstruction *instruction) {
    if (!ir_parse_mark(parser, '('))
        return false;
    if (ir_parse_accept_mark(parser, ')'))
        return true;
    do {
        if (!parse_operand(parser, instruction))
            return false;
    } while (ir_parse_accept_mark(parser, ','));
    return ir_parse_mark(parser, ')');
}

// ^block[(ARGUMENTS)], as the instruction's next edge.
static bool parse_edge(Parser *parser, IrInstruction *instruction, int64_t case_value) {
    IrToken name;
    if (!ir_parse_token(parser, IR_TOKEN_BLOCK, "a ^block", &name))
        return false;
    size_t number = instruction->edges.count;
    ARENA_PUSH(parser->arena, &instruction->edges,
               ((IrEdge){.block = ir_parse_block_use(parser, name), .case_value = case_value}));
    IrEdge *edge = &instruction->edges.items[number];
    if (!ir_parse_accept_mark(parser, '(') || ir_parse_accept_mark(parser, ')'))
        return true;
    do {
        IrValue *value;
        PendingLiteral place = {
            .instruction = instruction, .edge = (int)number, .index = edge->arguments.count};
        if (!parse_value(parser, place, &value))
            return false;
        ARENA_PUSH(parser->arena, &edge->arguments, value);
    } while (ir_parse_accept_mark(parser, ','));
    return ir_parse_mark(parser, ')');
}

// ---- Shapes --------------------------------------------------------------------------

// BASE, RECORD.FIELD …: the rest, at least `least` operands, at most one more.
static bool parse_field_access(Parser *parser, IrInstruction *instruction, int least) {
    IrField *field;
    if (!parse_operand(parser, instruction) || !ir_parse_mark(parser, ',') ||
        !ir_parse_field_name(parser, &field))
        return false;
    instruction->field = field;
    for (int i = 0; i <= least; i++) {
        if (i == least && !ir_parse_is_mark(parser, ','))
            return true;
        if (!ir_parse_mark(parser, ',') || !parse_operand(parser, instruction))
            return false;
    }
    return true;
}

// in CLASS
static bool parse_in(Parser *parser, IrInstruction *instruction) {
    IrToken class;
    if (!ir_parse_accept_word(parser, "in"))
        return ir_parse_fail(parser, parser->token.at, "expected 'in' and an alias class");
    if (!ir_parse_token(parser, IR_TOKEN_WORD, "an alias class", &class))
        return false;
    return ir_alias_from_text(class.text, &instruction->alias_class) ||
           ir_parse_fail(parser, class.at, "'%s' is no alias class", class.text);
}

static bool parse_access(Parser *parser, IrInstruction *instruction, const OpWord *word) {
    bool is_store = ir_op_shape(word->op) == IR_SHAPE_STORE;
    if (!word->suffix)
        return parse_field_access(parser, instruction, is_store ? 1 : 0);
    if (word->op == IR_ADDRESS) {
        const IrSymbol *record = ir_scope_find(&parser->records, word->suffix);
        if (!record)
            return ir_parse_fail(parser, word->at, "there is no record '%s'", word->suffix);
        instruction->record = record->thing;
        return parse_operands(parser, instruction, 2);
    }
    if (!ir_cell_from_text(word->suffix, &instruction->cell))
        return ir_parse_fail(parser, word->at, "'%s' is no cell", word->suffix);
    return parse_operands(parser, instruction, is_store ? 3 : 2) && parse_in(parser, instruction);
}

static bool parse_convert(Parser *parser, IrInstruction *instruction, const OpWord *word,
                          IrValue *result) {
    IrType type;
    if (!word->suffix || !ir_type_from_text(word->suffix, &type) || !ir_type_bits(type))
        return ir_parse_fail(parser, word->at, "'%s' needs an integer type after a '.'",
                             ir_op_text(word->op));
    if (result)
        result->type = type;
    return parse_operands(parser, instruction, 1);
}

// @NAME in a scope.
static bool parse_global(Parser *parser, const IrScope *scope, const char *what, IrToken *token,
                         IrSymbol **symbol) {
    if (!ir_parse_token(parser, IR_TOKEN_GLOBAL, "a @NAME", token))
        return false;
    *symbol = ir_scope_find(scope, token->text);
    return *symbol || ir_parse_fail(parser, token->at, "there is no %s '@%s'", what, token->text);
}

static bool parse_call(Parser *parser, IrInstruction *instruction) {
    IrToken name;
    IrSymbol *symbol;
    if (!parse_global(parser, &parser->externals, "external", &name, &symbol))
        return false;
    instruction->external = symbol->thing;
    return parse_arguments(parser, instruction);
}

static bool parse_dispatch(Parser *parser, IrInstruction *instruction) {
    IrToken name;
    IrSymbol *symbol;
    if (!parse_operand(parser, instruction) || !ir_parse_mark(parser, ',') ||
        !parse_global(parser, &parser->tables, "table", &name, &symbol))
        return false;
    instruction->table = symbol->thing;
    return parse_arguments(parser, instruction);
}

// NAME, @TABLE(ARGUMENTS); the bytecode's opcode is the first operand.
// In the text an exit names its bytecode, as numbers change; in the module it is the opcode.
static bool parse_exit(Parser *parser, IrInstruction *instruction) {
    IrToken target, name;
    IrSymbol *symbol;
    if (!ir_parse_token(parser, IR_TOKEN_WORD, "a bytecode's name", &target) ||
        !ir_parse_mark(parser, ',') ||
        !parse_global(parser, &parser->tables, "table", &name, &symbol))
        return false;
    instruction->table = symbol->thing;
    const IrBytecode *bytecode = ir_find_bytecode(instruction->table, target.text);
    if (!bytecode)
        return ir_parse_fail(parser, target.at, "table '@%s' has no bytecode '%s'", name.text,
                             target.text);
    int64_t opcode = bytecode - instruction->table->bytecodes.items;
    ARENA_PUSH(parser->arena, &instruction->operands, ir_integer(parser->module, IR_I64, opcode));
    return parse_arguments(parser, instruction);
}

static bool parse_component(Parser *parser, IrInstruction *instruction) {
    int64_t number;
    if (!ir_parse_integer(parser, 0, INT_MAX, &number))
        return false;
    instruction->component = (int)number;
    return true;
}

// Functions may call those that come later.
static bool parse_tail(Parser *parser, IrInstruction *instruction) {
    PendingTail tail = {.instruction = instruction};
    if (!ir_parse_token(parser, IR_TOKEN_GLOBAL, "a function's @NAME", &tail.token) ||
        !parse_arguments(parser, instruction))
        return false;
    ARENA_PUSH(parser->scratch, &parser->tails, tail);
    return true;
}

static bool parse_if(Parser *parser, IrInstruction *instruction) {
    if (!parse_operand(parser, instruction) || !ir_parse_mark(parser, ',') ||
        !parse_edge(parser, instruction, 0) || !ir_parse_mark(parser, ',') ||
        !parse_edge(parser, instruction, 0))
        return false;
    if (ir_parse_accept_word(parser, "likely"))
        instruction->likely = IR_LIKELY_TRUE;
    else if (ir_parse_accept_word(parser, "unlikely"))
        instruction->likely = IR_LIKELY_FALSE;
    return true;
}

static bool parse_arrow(Parser *parser) {
    IrToken arrow;
    return ir_parse_token(parser, IR_TOKEN_ARROW, "'->'", &arrow);
}

// %v { 1 -> ^a(…) … default -> ^b(…) }
static bool parse_switch(Parser *parser, IrInstruction *instruction) {
    if (!parse_operand(parser, instruction) || !ir_parse_mark(parser, '{'))
        return false;
    while (!ir_parse_accept_word(parser, "default")) {
        int64_t value;
        if (ir_parse_is_mark(parser, '}'))
            return ir_parse_fail(parser, parser->token.at, "a switch ends in `default -> ^block`");
        if (!ir_parse_integer(parser, INT64_MIN, INT64_MAX, &value) || !parse_arrow(parser) ||
            !parse_edge(parser, instruction, value))
            return false;
    }
    return parse_arrow(parser) && parse_edge(parser, instruction, 0) && ir_parse_mark(parser, '}');
}

static bool parse_poll_kind(Parser *parser, IrInstruction *instruction) {
    for (int kind = 0; kind < IR_POLL_KINDS; kind++)
        if (ir_parse_accept_word(parser, ir_poll_kind_text((IrPollKind)kind))) {
            instruction->poll_kind = (IrPollKind)kind;
            return true;
        }
    return ir_parse_fail(parser, parser->token.at, "expected 'call', 'backEdge' or 'bytecode'");
}

static bool parse_poll(Parser *parser, IrInstruction *instruction) {
    return parse_poll_kind(parser, instruction) && ir_parse_mark(parser, ',') &&
           parse_edge(parser, instruction, 0) && ir_parse_mark(parser, ',') &&
           parse_edge(parser, instruction, 0);
}

static bool begins_value(const Parser *parser) {
    return parser->token.kind == IR_TOKEN_VALUE || parser->token.kind == IR_TOKEN_INTEGER ||
           parser->token.kind == IR_TOKEN_NUMBER || ir_parse_is_word(parser, "null");
}

static bool parse_ret(Parser *parser, IrInstruction *instruction) {
    return !begins_value(parser) || parse_operand(parser, instruction);
}

static bool parse_shape(Parser *parser, IrInstruction *instruction, const OpWord *word,
                        IrValue *result) {
    switch (ir_op_shape(word->op)) {
    case IR_SHAPE_BINARY:
    case IR_SHAPE_COMPARE:
    case IR_SHAPE_FLOAT_BINARY:
    case IR_SHAPE_FLOAT_COMPARE:
    case IR_SHAPE_PTR_OFFSET:
    case IR_SHAPE_PTR_DIFFERENCE: return parse_operands(parser, instruction, 2);
    case IR_SHAPE_UNARY:
    case IR_SHAPE_FLOAT_UNARY:
    case IR_SHAPE_I64_TO_F64:
    case IR_SHAPE_F64_TO_I64:
    case IR_SHAPE_VALUE_TO_I64:
    case IR_SHAPE_I64_TO_VALUE:
    case IR_SHAPE_OBJECT_TO_I64:
    case IR_SHAPE_I64_TO_OBJECT:
    case IR_SHAPE_PTR_TO_I64:
    case IR_SHAPE_ABANDON:
    case IR_SHAPE_I64_TO_PTR: return parse_operands(parser, instruction, 1);
    case IR_SHAPE_SELECT: return parse_operands(parser, instruction, 3);
    case IR_SHAPE_CONVERT: return parse_convert(parser, instruction, word, result);
    case IR_SHAPE_LOAD:
    case IR_SHAPE_STORE:
    case IR_SHAPE_ADDRESS: return parse_access(parser, instruction, word);
    case IR_SHAPE_CALL: return parse_call(parser, instruction);
    case IR_SHAPE_POLL_SITE: return parse_poll_kind(parser, instruction);
    case IR_SHAPE_BR: return parse_edge(parser, instruction, 0);
    case IR_SHAPE_IF: return parse_if(parser, instruction);
    case IR_SHAPE_SWITCH: return parse_switch(parser, instruction);
    case IR_SHAPE_DISPATCH: return parse_dispatch(parser, instruction);
    case IR_SHAPE_POLL: return parse_poll(parser, instruction);
    case IR_SHAPE_RET: return parse_ret(parser, instruction);
    case IR_SHAPE_EXIT: return parse_exit(parser, instruction);
    case IR_SHAPE_COMPONENT: return parse_component(parser, instruction);
    case IR_SHAPE_TAIL: return parse_tail(parser, instruction);
    case IR_SHAPE_UNREACHABLE: return true;
    }
    return false;
}

// ---- Whole instructions ----------------------------------------------------------------

static bool gives_result(const IrInstruction *instruction) {
    switch (ir_op_shape(instruction->op)) {
    case IR_SHAPE_STORE:
    case IR_SHAPE_POLL_SITE:
    case IR_SHAPE_ABANDON:
    case IR_SHAPE_COMPONENT: return false;
    case IR_SHAPE_CALL: return instruction->external->result != IR_VOID;
    default: return !ir_op_is_terminator(instruction->op);
    }
}

static bool check_result(Parser *parser, const IrInstruction *instruction, const IrToken *name,
                         Location at) {
    if (gives_result(instruction) == (name->kind == IR_TOKEN_VALUE))
        return true;
    if (name->kind == IR_TOKEN_VALUE)
        return ir_parse_fail(parser, name->at, "'%s' has no result here",
                             ir_op_text(instruction->op));
    return ir_parse_fail(parser, at, "the result of '%s' needs a name: %%name = …",
                         ir_op_text(instruction->op));
}

// %name =
static bool parse_result(Parser *parser, IrToken *name, IrValue **result) {
    *result = NULL;
    name->kind = IR_TOKEN_END;
    if (parser->token.kind != IR_TOKEN_VALUE)
        return true;
    *name = ir_parse_take(parser);
    *result = ir_parse_value_definition(parser, *name);
    return *result && ir_parse_mark(parser, '=');
}

// [!line:column[#NUMBER]]; without it the place is that of the instruction before.
static bool parse_place(Parser *parser) {
    if (!ir_parse_is_mark(parser, '!'))
        return true;
    parser->inlined = NULL;
    if (!ir_parse_location(parser, &parser->at))
        return false;
    return !ir_parse_accept_mark(parser, '#') || ir_parse_inlining_use(parser, &parser->inlined);
}

static bool parse_body(Parser *parser, IrInstruction *instruction, const IrToken *name,
                       IrValue *result) {
    OpWord word;
    if (!parse_op_word(parser, &word))
        return false;
    instruction->op = word.op;
    if (!parse_shape(parser, instruction, &word, result) ||
        !check_result(parser, instruction, name, word.at))
        return false;
    return parse_place(parser);
}

bool ir_parse_instruction(Parser *parser) {
    IrToken name;
    IrValue *result;
    size_t literals = parser->literals.count, tails = parser->tails.count;
    Location start = parser->token.at;
    if (!parse_result(parser, &name, &result))
        return false;
    IrInstruction *instruction = ir_instruction_new(parser->module, IR_UNREACHABLE, parser->at);
    // What points to the instruction must not outlive it. Its result, if the text uses it,
    // stays without an instruction; there was an error, so nobody will see the module.
    if (!parse_body(parser, instruction, &name, result)) {
        parser->literals.count = literals;
        parser->tails.count = tails;
        return false;
    }
    instruction->at = parser->at;
    instruction->inlined = parser->inlined;
    ir_parse_stands(parser, &instruction->at, start);
    if (result) {
        result->kind = IR_RESULT;
        result->instruction = instruction;
        instruction->result = result;
    }
    ir_insert(instruction, parser->block, NULL);
    return true;
}
