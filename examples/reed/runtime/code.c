// Code, constants and registers, for the generator. What a bytecode is like, and what its operands
// can hold, comes from the definition.
#include "generate.h"

#include <stdlib.h>
#include <string.h>

static const ReedOperand *last_operand(const uint8_t *code) {
    const ReedBytecode *bytecode = &reed_bytecodes[*code];
    return &bytecode->operands[bytecode->operand_count - 1];
}

static _Noreturn void fail(const Body *body, const Token *token, const char *what) {
    source_fail(&body->program->source, token->place, "%s", what);
}

int64_t code_emit(Body *body, const Token *token, enum ReedOpcode opcode,
                  const int64_t operands[4]) {
    Function *function = body->function;
    const ReedBytecode *bytecode = &reed_bytecodes[opcode];
    int64_t at = function->code_size;
    function->code_size += bytecode->length;
    if (function->code_size > body->code_room) {
        body->code_room = 2 * function->code_size + 64;
        function->code = grown(function->code, (size_t)body->code_room);
        function->places =
            grown(function->places, (size_t)body->code_room * sizeof *function->places);
    }
    function->code[at] = (uint8_t)opcode;
    function->places[at] = token->place;
    for (int i = 0; i < bytecode->operand_count; i++) {
        const ReedOperand *operand = &bytecode->operands[i];
        if (operands[i] < operand->minimum || operands[i] > operand->maximum)
            fail(body, token, "too much: this does not fit the code of one function");
        reed_set_operand(function->code + at, operand, operands[i]);
    }
    return at;
}

void code_emit_jump(Body *body, const Token *token, enum ReedOpcode opcode, int64_t first,
                    int64_t second, Jump **jumps) {
    Jump *jump = arena_take(body->arena, sizeof *jump);
    int operand_count = reed_bytecodes[opcode].operand_count;
    *jump = (Jump){
        EMIT(body, token, opcode, operand_count > 1 ? first : 0, operand_count > 2 ? second : 0),
        *jumps};
    *jumps = jump;
}

static void lead(Body *body, const Token *token, int64_t at, int64_t target) {
    uint8_t *code = body->function->code + at;
    const ReedOperand *operand = last_operand(code);
    int64_t distance = target - at - reed_bytecodes[*code].length;
    if (distance < operand->minimum || distance > operand->maximum)
        fail(body, token, "too much: this is too long to be jumped over");
    reed_set_operand(code, operand, distance);
}

void code_emit_back(Body *body, const Token *token, enum ReedOpcode opcode, int64_t first,
                    int64_t target) {
    bool has_first = reed_bytecodes[opcode].operand_count > 1;
    lead(body, token, EMIT(body, token, opcode, has_first ? first : 0), target);
}

void code_land(Body *body, const Token *token, Jump *jumps) {
    for (; jumps; jumps = jumps->next)
        lead(body, token, jumps->at, body->function->code_size);
}

int code_reserve(Body *body, const Token *token, int count) {
    int first = body->free_register;
    if (count > REGISTERS_MAX - first)
        source_fail(&body->program->source, token->place,
                    "too much: a function has no more than %d registers", REGISTERS_MAX);
    body->free_register += count;
    if (body->free_register > body->function->register_count)
        body->function->register_count = body->free_register;
    return first;
}

// The first ones are used again, wherever they are, as they fit a byte; of the others the last.
int code_constant(Body *body, const Token *token, int64_t kind, int64_t bits) {
    enum { FIRST = 256, LAST = 64, MOST = 65536 };
    Function *function = body->function;
    int count = function->constant_count;
    for (int i = 0; i < count; i++) {
        const Constant *constant = &function->constants[i];
        if (constant_bits(constant) == bits && constant_kind(constant) == kind)
            return i;
        if (i == FIRST && count > FIRST + LAST)
            i = count - LAST;
    }
    if (count == MOST)
        fail(body, token, "too much: a function has no more than 65536 constants");
    if ((count & (count - 1)) == 0)
        function->constants =
            grown(function->constants, (count ? 2 * (size_t)count : 1) * sizeof(Constant));
    function->constants[count] = (Constant){.bits = bits, .kind = kind};
    return function->constant_count++;
}

int code_text(Body *body, const Token *token) {
    char *bytes = grown(NULL, (size_t)token->length);
    size_t length = (size_t)token->length;
    if (token->kind == TOKEN_TEXT) {
        Scanner scanner = {.source = &body->program->source};
        length = scanner_unquote(&scanner, token, bytes);
    } else {
        memcpy(bytes, token->start, length);
    }
    Text *text = heap_text(body->heap, bytes, length);
    free(bytes);
    return code_constant(body, token, REED_TEXT_KIND, (intptr_t)text);
}

double code_double(int64_t bits) {
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

int64_t code_double_bits(double number) {
    int64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}
