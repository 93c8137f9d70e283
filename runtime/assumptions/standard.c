// See standard.h. Trees are compared with those of the embedded library, and with forms
// that stand here as SOM: what the library of SOM-st means by the same names.
#include "runtime/assumptions/standard.h"

#include "frontend/syntax/parse.h"
#include "runtime/calls/method.h"
#include "runtime/loading/embedded.h"
#include "runtime/vm.h"
#include "support/internal_error.h"

// A class may stand here several times.
static const char known_forms[] =
    "Object = (\n"
    "  <> x = ( ^(self = x) not )\n"
    "  error: x = ( '' println. ('ERROR: ' + x) println. system exit: 1 )\n"
    "  escapedBlock: b = ( self error: 'escaped' )\n"
    "  ifNotNil: b = ( ^b value )\n"
    "  ifNil: a ifNotNil: b = ( ^b value )\n"
    "  ifNotNil: b ifNil: a = ( ^b value )\n"
    ")\n"
    "Boolean = (\n"
    "  ifTrue: a ifFalse: b = ( self ifTrue: [ ^a value ]. self ifFalse: [ ^b value ] )\n"
    "  ifFalse: a ifTrue: b = ( ^self ifTrue: b ifFalse: a )\n"
    ")\n"
    "Boolean = (\n"
    "  ifTrue: a ifFalse: b = ( self ifTrue: [ ^a value ]. ^b value )\n"
    "  ifFalse: a ifTrue: b = ( self ifFalse: [ ^a value ]. ^b value )\n"
    ")\n"
    "Boolean = (\n"
    "  ifFalse: a ifTrue: b = ( self ifFalse: [ ^a value ]. self ifTrue: [ ^b value ] )\n"
    ")\n"
    "True = (\n"
    "  ifFalse: a ifTrue: b = ( ^b value )\n"
    "  && b = ( ^b value )\n"
    "  || b = ( ^true )\n"
    ")\n"
    "False = (\n"
    "  ifFalse: a ifTrue: b = ( ^a value )\n"
    "  && b = ( ^false )\n"
    "  || b = ( ^b value )\n"
    ")\n"
    "Block = ( whileFalse: b = ( [ self value not ] whileTrue: b ) )\n"
    "Integer = (\n"
    "  >  x = ( ^(self >= x) and: [ self <> x ] )\n"
    "  >= x = ( ^(self < x) not )\n"
    "  <= x = ( ^(self < x) or: [ self = x ] )\n"
    "  to: x do: b = ( self to: x by: 1 do: b )\n"
    "  to: x by: s do: b = (\n"
    "    | i | i := self. [ i <= x ] whileTrue: [ b value: i. i := i + s ] )\n"
    "  downTo: x do: b = ( self downTo: x by: 1 do: b )\n"
    "  downTo: x by: s do: b = (\n"
    "    | i | i := self. [ i >= x ] whileTrue: [ b value: i. i := i - s ] )\n"
    ")\n"
    "Double = (\n"
    "  >  x = ( ^(self >= x) and: [ self <> x ] )\n"
    "  >= x = ( ^(self < x) not )\n"
    "  <= x = ( ^(self < x) or: [ self = x ] )\n"
    ")\n";

// ---- Comparing trees -----------------------------------------------------------------

// Variables of the two trees that stand for each other, innermost first.
typedef struct Pair {
    const struct Pair *outer;
    const AstVariables *left, *right;
} Pair;

static bool same_body(const AstBlock *left, const AstBlock *right, const Pair *pairs);

static size_t index_of(const AstVariables *variables, const char *name) {
    size_t index = 0;
    while (index < variables->count && strcmp(variables->items[index].name, name))
        index++;
    return index;
}

static bool same_name(const char *left, const char *right, const Pair *pairs) {
    for (; pairs; pairs = pairs->outer) {
        size_t first = index_of(pairs->left, left), second = index_of(pairs->right, right);
        if (first < pairs->left->count || second < pairs->right->count)
            return first == second;
    }
    return !strcmp(left, right);
}

static bool same(const AstExpression *left, const AstExpression *right, const Pair *pairs);

// Chains of messages may be long (frontend/syntax/chain.h).
static bool same_chain(const AstExpression *left, const AstExpression *right, const Pair *pairs) {
    while (left->kind == AST_SEND && right->kind == AST_SEND) {
        if (strcmp(left->send.selector, right->send.selector))
            return false;
        for (size_t i = 0; i < left->send.arguments.count; i++)
            if (!same(left->send.arguments.items[i], right->send.arguments.items[i], pairs))
                return false;
        left = left->send.receiver;
        right = right->send.receiver;
    }
    return same(left, right, pairs);
}

static bool same(const AstExpression *left, const AstExpression *right, const Pair *pairs) {
    if (left->kind != right->kind)
        return false;
    switch (left->kind) {
    case AST_VARIABLE: return same_name(left->variable.name, right->variable.name, pairs);
    case AST_ASSIGNMENT:
        return same_name(left->assignment.name, right->assignment.name, pairs) &&
               same(left->assignment.value, right->assignment.value, pairs);
    case AST_SEND: return same_chain(left, right, pairs);
    case AST_BLOCK:
        return same_body(left->block, right->block,
                         &(Pair){pairs, &left->block->arguments, &right->block->arguments}) &&
               left->block->arguments.count == right->block->arguments.count;
    case AST_RETURN: return same(left->returned, right->returned, pairs);
    case AST_INTEGER: return !strcmp(left->digits, right->digits);
    case AST_DOUBLE: return left->number == right->number;
    case AST_STRING: return true; // the forms hold some that are only shown
    default: return false;        // none of the forms holds another literal
    }
}

static bool same_body(const AstBlock *left, const AstBlock *right, const Pair *pairs) {
    if (left->statements.count != right->statements.count ||
        left->locals.count != right->locals.count)
        return false;
    const Pair inner = {pairs, &left->locals, &right->locals};
    for (size_t i = 0; i < left->statements.count; i++)
        if (!same(left->statements.items[i], right->statements.items[i], &inner))
            return false;
    return true;
}

static bool same_method(const AstMethod *left, const AstMethod *right) {
    return !right->is_primitive && left->arguments.count == right->arguments.count &&
           same_body(left->body, right->body, &(Pair){NULL, &left->arguments, &right->arguments});
}

// ---- Known methods -------------------------------------------------------------------

// Whether the text has a method like that, in a class of that name.
static bool is_in(const char *text, size_t length, const char *class, const AstMethod *method) {
    Arena *arena = arena_new();
    Diagnostics diagnostics = {.source = {"(known forms)", text, length}, .stream = stderr};
    const AstFile *file = syntax_parse_file(arena, &diagnostics);
    if (!file)
        internal_error("the known forms can't be parsed");
    bool found = false;
    for (size_t i = 0; i < file->classes.count; i++) {
        const AstClass *each = file->classes.items[i];
        for (size_t j = 0; j < each->methods.count && !strcmp(each->name, class); j++)
            found |= !strcmp(each->methods.items[j]->selector, method->selector) &&
                     same_method(method, each->methods.items[j]);
    }
    arena_free(arena);
    return found;
}

static bool is_ours(const char *class, const AstMethod *method) {
    size_t length = strlen(class);
    for (size_t i = 0; i < embedded_file_count; i++) {
        const EmbeddedFile *file = &embedded_files[i];
        if (!strncmp(file->name, class, length) && !strcmp(file->name + length, ".som"))
            return is_in(file->text, file->length, class, method);
    }
    return false;
}

// A tree never changes, and comparing it takes parsing the others.
static Standard compare(const MethodDetails *details) {
    if (details->is_primitive)
        return details->primitive ? STANDARD_OURS : STANDARD_NOT;
    const char *holder = symbol_chars(details->holder->name);
    if (!details->tree)
        return STANDARD_NOT;
    if (details->source->is_embedded || is_ours(holder, details->tree))
        return STANDARD_OURS;
    return is_in(known_forms, sizeof known_forms - 1, holder, details->tree) ? STANDARD_KNOWN
                                                                             : STANDARD_NOT;
}

Standard standard_method(Vm *vm, const Class *class, const char *selector) {
    const Symbol *name = symbol_named(vm, selector);
    while (class && !class_own_method(class, name))
        class = class->superclass;
    if (!class)
        return STANDARD_NOT;
    const Method *method = class_own_method(class, name);
    if (holder_of(method) != class || signature_of(method) != name)
        return STANDARD_NOT; // the program has put another one there
    MethodDetails *details = details_of(method);
    if (!details->is_compared)
        details->standard = compare(details);
    details->is_compared = true;
    return details->standard;
}
