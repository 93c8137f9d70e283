// See print.h. One statement a line in methods; blocks stay on their line. Brackets stand only
// where they are needed, by comparing how tightly an expression binds with what its place asks
// for, the usual way of pretty printers with precedences. The tests and the fuzzer hold the
// printer against the parser: what is printed reads as the same tree.
#include "frontend/syntax/print.h"

#include "frontend/syntax/chain.h"
#include "support/double_text.h"

#include <ctype.h>
#include <string.h>

// How tightly an expression binds; one stands bare where at least as much is asked.
typedef enum Binding {
    BINDS_ASSIGNMENT,
    BINDS_KEYWORD,
    BINDS_BINARY,
    BINDS_UNARY,
    BINDS_PRIMARY,
} Binding;

static const char operator_characters[] = "~&|*/\\+=<>,@%-";

static void print_block(Text *text, const AstBlock *block);
static void print_bound(Text *text, const AstExpression *expression, Binding least);

static bool is_operator(const char *selector) {
    return *selector && strspn(selector, operator_characters) == strlen(selector);
}

static Binding binding_of(const AstExpression *expression) {
    switch (expression->kind) {
    case AST_ASSIGNMENT:
    case AST_RETURN: return BINDS_ASSIGNMENT;
    case AST_SEND:
        if (is_operator(expression->send.selector))
            return BINDS_BINARY;
        return expression->send.arguments.count > 0 ? BINDS_KEYWORD : BINDS_UNARY;
    default: return BINDS_PRIMARY;
    }
}

// Literals

static void print_double(Text *text, double number) {
    char chars[DOUBLE_CHARS];
    text_add_bytes(text, chars, double_print(chars, number));
}

static void print_string(Text *text, const char *chars, size_t length) {
    static const char letters[] = "t\tb\bn\nr\rf\f''\\\\";
    text_add(text, "'");
    for (size_t i = 0; i < length; i++) {
        if (chars[i] == '\0') {
            text_add(text, "\\0");
            continue;
        }
        const char *pair = letters;
        while (*pair && pair[1] != chars[i])
            pair += 2;
        if (*pair)
            text_addf(text, "\\%c", pair[0]);
        else
            text_add_bytes(text, chars + i, 1);
    }
    text_add(text, "'");
}

// Can a symbol follow `#` without quotes? A word, keywords with all their colons, or an operator
// that the lexer takes for one (not `<^` or `----`). Only ASCII words are tried, with quotes any
// other is right, too.
static bool is_bare_symbol(const char *chars, size_t length) {
    if (length == 0 || strlen(chars) != length)
        return false;
    if (is_operator(chars))
        return strcmp(chars, "<^") != 0 && (length < 4 || strspn(chars, "-") < length);
    bool has_colon = strchr(chars, ':') != NULL, at_start = true;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)chars[i];
        if (at_start ? !(byte < 0x80 && isalpha(byte))
                     : byte != ':' && byte != '_' && !(byte < 0x80 && isalnum(byte)))
            return false;
        at_start = byte == ':';
    }
    return at_start == has_colon;
}

static void print_array(Text *text, AstExpressions elements) {
    text_add(text, "#(");
    for (size_t i = 0; i < elements.count; i++) {
        text_add(text, i ? " " : "");
        print_bound(text, elements.items[i], BINDS_PRIMARY);
    }
    text_add(text, ")");
}

static void print_symbol(Text *text, const char *chars, size_t length) {
    text_add(text, "#");
    if (is_bare_symbol(chars, length))
        text_add(text, chars);
    else
        print_string(text, chars, length);
}

// Expressions

// The keyword parts of `selector`, each followed by its argument.
static void print_keywords(Text *text, const char *selector, AstExpressions arguments) {
    for (size_t i = 0; i < arguments.count; i++) {
        int length = (int)(strchr(selector, ':') - selector) + 1;
        text_addf(text, " %.*s ", length, selector);
        print_bound(text, arguments.items[i], BINDS_BINARY);
        selector += length;
    }
}

// The message without its receiver.
static void print_message(Text *text, const AstExpression *send) {
    const char *selector = send->send.selector;
    Binding binding = binding_of(send);
    if (binding == BINDS_KEYWORD) {
        print_keywords(text, selector, send->send.arguments);
        return;
    }
    text_addf(text, " %s", selector);
    if (binding == BINDS_BINARY) {
        text_add(text, " ");
        print_bound(text, send->send.arguments.items[0], BINDS_UNARY);
    }
}

// The receiver of a keyword message can't be one without brackets, as its words would run into
// those of this one; other messages take their own kind, from left to right.
static Binding receiver_binding(const AstExpression *send) {
    Binding binding = binding_of(send);
    return binding == BINDS_KEYWORD ? BINDS_BINARY : binding;
}

// Whether the message has to stand in brackets as the receiver of the next one.
static bool is_bracketed(const SyntaxChain *chain, size_t index) {
    return index + 1 < chain->count &&
           binding_of(chain->sends[index]) < receiver_binding(chain->sends[index + 1]);
}

// All brackets that open before the first receiver come first, then each message with the one
// that closes after it.
static void print_send(Text *text, const AstExpression *expression) {
    SyntaxChain chain;
    syntax_chain(&chain, expression);
    for (size_t i = 0; i < chain.count; i++)
        text_add(text, is_bracketed(&chain, i) ? "(" : "");
    print_bound(text, chain.receiver, receiver_binding(chain.sends[0]));
    for (size_t i = 0; i < chain.count; i++) {
        print_message(text, chain.sends[i]);
        text_add(text, is_bracketed(&chain, i) ? ")" : "");
    }
    syntax_chain_free(&chain);
}

static void print_bound(Text *text, const AstExpression *expression, Binding least) {
    bool bracketed = binding_of(expression) < least;
    text_add(text, bracketed ? "(" : "");
    switch (expression->kind) {
    case AST_VARIABLE: text_add(text, expression->variable.name); break;
    case AST_ASSIGNMENT:
        text_addf(text, "%s := ", expression->assignment.name);
        print_bound(text, expression->assignment.value, BINDS_ASSIGNMENT);
        break;
    case AST_SEND: print_send(text, expression); break;
    case AST_BLOCK: print_block(text, expression->block); break;
    case AST_RETURN:
        text_add(text, "^");
        print_bound(text, expression->returned, BINDS_ASSIGNMENT);
        break;
    case AST_INTEGER: text_add(text, expression->digits); break;
    case AST_DOUBLE: print_double(text, expression->number); break;
    case AST_STRING: print_string(text, expression->text.chars, expression->text.length); break;
    case AST_SYMBOL: print_symbol(text, expression->text.chars, expression->text.length); break;
    case AST_ARRAY: print_array(text, expression->elements); break;
    }
    text_add(text, bracketed ? ")" : "");
}

void syntax_print_expression(Text *text, const AstExpression *expression) {
    print_bound(text, expression, BINDS_ASSIGNMENT);
}

// Declarations

static void print_annotation(Text *text, const char *opening, const AstAnnotation *annotation) {
    if (!annotation)
        return;
    text_addf(text, " %s", opening);
    for (size_t i = 0; i < annotation->words.count; i++) {
        const char *word = annotation->words.items[i].text;
        // `<-` would be one operator.
        text_addf(text, "%s%s", i || *word == '-' ? " " : "", word);
    }
    text_add(text, annotation->words.count ? ">" : " >");
}

static void print_variable(Text *text, const AstVariable *variable) {
    text_add(text, variable->name);
    print_annotation(text, "<", variable->annotation);
}

// `| a b |`, or nothing if there are none.
static void print_variables(Text *text, const char *before, AstVariables variables,
                            const char *after) {
    if (variables.count == 0)
        return;
    text_addf(text, "%s|", before);
    for (size_t i = 0; i < variables.count; i++) {
        text_add(text, " ");
        print_variable(text, &variables.items[i]);
    }
    text_addf(text, " |%s", after);
}

static void print_block(Text *text, const AstBlock *block) {
    text_add(text, "[");
    for (size_t i = 0; i < block->arguments.count; i++) {
        text_add(text, " :");
        print_variable(text, &block->arguments.items[i]);
    }
    if (block->arguments.count > 0)
        text_add(text, " |");
    print_variables(text, " ", block->locals, "");
    for (size_t i = 0; i < block->statements.count; i++) {
        text_add(text, i ? ". " : " ");
        syntax_print_expression(text, block->statements.items[i]);
    }
    text_add(text, " ]");
}

static void print_pattern(Text *text, const AstMethod *method) {
    const char *selector = method->selector;
    if (method->arguments.count == 0)
        text_add(text, selector);
    for (size_t i = 0; i < method->arguments.count; i++) {
        const char *colon = strchr(selector, ':');
        int length = colon ? (int)(colon - selector) + 1 : (int)strlen(selector);
        text_addf(text, "%s%.*s ", i ? " " : "", length, selector);
        print_variable(text, &method->arguments.items[i]);
        selector += length;
    }
    print_annotation(text, "<^", method->result);
}

static void print_method(Text *text, const AstMethod *method) {
    text_add(text, "\n    ");
    print_pattern(text, method);
    text_add(text, " = ");
    if (method->is_primitive) {
        text_add(text, "primitive\n");
        return;
    }
    text_add(text, "(\n");
    print_variables(text, "        ", method->body->locals, "\n");
    AstExpressions statements = method->body->statements;
    for (size_t i = 0; i < statements.count; i++) {
        text_add(text, "        ");
        syntax_print_expression(text, statements.items[i]);
        text_add(text, i + 1 < statements.count ? ".\n" : "\n");
    }
    text_add(text, "    )\n");
}

static void print_side(Text *text, AstVariables fields, AstMethods methods) {
    print_variables(text, "    ", fields, "\n");
    for (size_t i = 0; i < methods.count; i++)
        print_method(text, methods.items[i]);
}

// Those that stand before the class with this number.
static void print_includes(Text *text, const AstFile *file, size_t class) {
    for (size_t i = 0; i < file->includes.count; i++) {
        const AstInclude *include = &file->includes.items[i];
        if (include->before != class)
            continue;
        text_add(text, text->length ? "\n" : "");
        text_add(text, "include ");
        print_string(text, include->path, include->length);
        text_add(text, "\n");
    }
}

void syntax_print_file(Text *text, const AstFile *file) {
    for (size_t i = 0; i <= file->classes.count; i++) {
        print_includes(text, file, i);
        if (i == file->classes.count)
            break;
        const AstClass *class = file->classes.items[i];
        text_addf(text, "%s%s = ", text->length ? "\n" : "", class->name);
        if (class->superclass)
            text_addf(text, "%s ", class->superclass);
        text_add(text, "(\n");
        print_side(text, class->fields, class->methods);
        if (class->class_fields.count > 0 || class->class_methods.count > 0) {
            text_add(text, "\n    ----\n");
            print_side(text, class->class_fields, class->class_methods);
        }
        text_add(text, ")\n");
    }
}
