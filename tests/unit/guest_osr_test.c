// What versions of a method look like, in which a message is sent that the method has inlined.
#include "tests/unit/guest_compiling.h"

static const AstExpression *find_in_block(const AstBlock *block, const char *selector);

// The first send of that selector, outside in.
static const AstExpression *find(const AstExpression *expression, const char *selector) {
    const AstExpression *found = NULL;
    switch (expression->kind) {
    case AST_ASSIGNMENT: return find(expression->assignment.value, selector);
    case AST_RETURN: return find(expression->returned, selector);
    case AST_BLOCK: return find_in_block(expression->block, selector);
    case AST_SEND:
        if (!strcmp(expression->send.selector, selector))
            return expression;
        found = find(expression->send.receiver, selector);
        for (size_t i = 0; !found && i < expression->send.arguments.count; i++)
            found = find(expression->send.arguments.items[i], selector);
        return found;
    default: return NULL;
    }
}

static const AstExpression *find_in_block(const AstBlock *block, const char *selector) {
    const AstExpression *found = NULL;
    for (size_t i = 0; !found && i < block->statements.count; i++)
        found = find(block->statements.items[i], selector);
    return found;
}

// The version that is entered at the message of that selector; all others are sent, too, if
// told so.
static void check_version(const char *source, const char *selector, bool all,
                          const char *expected) {
    Compiled compiled = start_compiling();
    char *text = arena_printf(compiled.arena, "C = ( | f g |\n%s\n)", source);
    Diagnostics diagnostics = {.source = {"C.som", text, strlen(text)}, .stream = stderr};
    const AstFile *file = syntax_parse_file(compiled.arena, &diagnostics);
    assert_non_null(file);
    const AstMethod *method = file->classes.items[0]->methods.items[0];
    GuestVersion version = {.entry = find_in_block(method->body, selector), .all = all};
    assert_non_null(version.entry);
    const GuestMethod *made =
        guest_compile_version(compiled.arena, method, &guest_class, &version, &diagnostics);
    char message[200] = "";
    if (!verifier_check_method(compiled.bytecodes, made, 2, message, sizeof message))
        fail_msg("%s\n%s", source, message);
    Text listing = {0};
    add_symbolic(&listing, compiled.bytecodes, made, &guest_class);
    assert_string_equal(text_chars(&listing), expected);
    text_free(&listing);
    arena_free(compiled.arena);
}

static void a_version_has_shared_variables_in_boxes(void **state) {
    (void)state;
    check_version("m: a = ( | x y z | y := 1. f ifTrue: [ x := a ]. ^x + y )", "ifTrue:", false,
                  "pushNil; box; popLocal x; pushInteger 1; popLocal y; pushFieldReceiver f\n"
                  "a: pushContext 2; pushArgument a; popCapturedDepth 0 0; pushLocal x; "
                  "popCapturedDepth 1 0; pushBlockReceiver [0 arguments]; "
                  "sendArguments ifTrue:; popContext; pop; pushLocal x; unbox; pushLocal y; "
                  "add +; returnLocal\n"
                  "before ifTrue: with 1: pushLocal x; box; popLocal x; jump a\n"
                  "block:\n"
                  "pushCapturedDepth 0 1; dup; pushCapturedDepth 1 1; setBox; returnLocal\n");
}

static void a_version_opens_a_home_if_its_blocks_return(void **state) {
    (void)state;
    check_version("m = ( f ifTrue: [ ^1 ]. ^2 )", "ifTrue:", false,
                  "openHome; pushFieldReceiver f\n"
                  "a: pushLink 0; pushBlockReceiver [0 arguments]; sendArguments ifTrue:; "
                  "popContext; pop; pushInteger 2; returnHome\n"
                  "before ifTrue: with 1: openHome; jump a\n"
                  "block:\n"
                  "pushInteger 1; returnNonLocal\n");
}

static void what_stands_around_the_entry_is_inlined(void **state) {
    (void)state;
    check_version("m = ( | x | [ f ] whileTrue: [ g or: [ x := 1 ]. f ifTrue: [ x := 2 ] ] )",
                  "or:", true,
                  "pushNil; box; popLocal x\n"
                  "a: pushFieldReceiver f; jumpIfFalseOther d e\n"
                  "pushFieldReceiver g\n"
                  "b: pushContext 1; pushLocal x; popCapturedDepth 0 0; "
                  "pushBlockReceiver [0 arguments]; or or:; popContext; pop; "
                  "pushFieldReceiver f\n"
                  "c: pushContext 1; pushLocal x; popCapturedDepth 0 0; "
                  "pushBlockReceiver [0 arguments]; sendArguments ifTrue:; popContext; pop; "
                  "jumpBack a\n"
                  "d: returnSelf\n"
                  "before or: with 1: pushLocal x; box; popLocal x; jump b\n"
                  "before ifTrue: with 1: pushLocal x; box; popLocal x; jump c\n"
                  "e: replaceFrame\n"
                  "block:\n"
                  "pushInteger 1; dup; pushCapturedDepth 0 1; setBox; returnLocal\n"
                  "block:\n"
                  "pushInteger 2; dup; pushCapturedDepth 0 1; setBox; returnLocal\n");
}

static void a_loop_is_entered_at_its_start_or_in_its_midst(void **state) {
    (void)state;
    check_version("m = ( [ f ] whileTrue: [ self foo ] )", "whileTrue:", false,
                  "a: pushContext 2\n"
                  "b: pushBlockReceiver [0 arguments]; pushBlockReceiver [0 arguments]; "
                  "sendArguments whileTrue:; popContext; pop; returnSelf\n"
                  "before whileTrue: with 0: jump a\n"
                  "condition of whileTrue: with 1: pushContext 2; popCapturedDepth 1 0; pushTrue; "
                  "popCapturedDepth 0 0; jump b\n"
                  "block:\n"
                  "pushCapturedDepth 0 1; jumpIfNil a\n"
                  "pop; pushNil; popCapturedDepth 0 1; pushCapturedDepth 1 1; returnLocal\n"
                  "a: pop; pushFieldReceiver f; returnLocal\n"
                  "block:\n"
                  "pushArgument self; sendArguments foo; returnLocal\n");
}

static void a_counted_loop_is_entered_with_its_limit(void **state) {
    (void)state;
    check_version(
        "m: n = ( n to: 10 by: 2 do: [ :i | i := i + 1 ]. ^n timesRepeat: [ g ] )",
        "to:by:do:", true,
        "pushArgument n; pushInteger 10\n"
        "a: pushInteger 2; pushBlockReceiver [1 arguments]; "
        "sendArguments to:by:do:; pop\n"
        "b: pushArgument n\n"
        "c: pushBlockReceiver [0 arguments]; sendArguments timesRepeat:\n"
        "d: returnLocal\n"
        "before to:by:do: with 2: jump a\n"
        "condition of to:by:do: with 1: pushContext 5; popCapturedDepth 1 0; pushTrue; "
        "popCapturedDepth 0 0; jump e\n"
        "header of to:by:do: with 0: pushContext 5\n"
        "e: pushLocal (counter); popCapturedDepth 2 0; pushLocal (limit); "
        "popCapturedDepth 3 0; pushBlockReceiver [1 arguments]; "
        "popCapturedDepth 4 0; pushBlockReceiver [0 arguments]; "
        "pushBlockReceiver [0 arguments]; sendArguments whileTrue:; pop; "
        "popContext; jump b\n"
        "before timesRepeat: with 2: pop; jump c\n"
        "condition of timesRepeat: with 2: pushContext 5; popCapturedDepth 1 0; pushTrue; "
        "popCapturedDepth 0 0; jump f\n"
        "header of timesRepeat: with 1: pushContext 5\n"
        "f: pushLocal (counter); popCapturedDepth 2 0; pushLocal (limit); "
        "popCapturedDepth 3 0; pushBlockReceiver [0 arguments]; "
        "popCapturedDepth 4 0; pushBlockReceiver [0 arguments]; "
        "pushBlockReceiver [0 arguments]; sendArguments whileTrue:; pop; "
        "popContext; jump d\n"
        "block:\n"
        "pushArgument i; pushInteger 1; add +; dup; popArgument i; returnLocal\n"
        "block:\n"
        "pushFieldReceiver g; returnLocal\n"
        "block:\n"
        "pushArgument i; pushInteger 1; add +; dup; popArgument i; returnLocal\n"
        "block:\n"
        "pushCapturedDepth 0 1; jumpIfNil a\n"
        "pop; pushNil; popCapturedDepth 0 1; pushCapturedDepth 1 1; returnLocal\n"
        "a: pop; pushCapturedDepth 2 1; pushCapturedDepth 3 1; lessOrEqual <=; "
        "returnLocal\n"
        "block:\n"
        "pushCapturedDepth 4 1; pushCapturedDepth 2 1; sendArguments value:; pop; "
        "pushCapturedDepth 2 1; pushInteger 2; add +; dup; popCapturedDepth 2 1; "
        "returnLocal\n"
        "block:\n"
        "pushFieldReceiver g; returnLocal\n"
        "block:\n"
        "pushCapturedDepth 0 1; jumpIfNil a\n"
        "pop; pushNil; popCapturedDepth 0 1; pushCapturedDepth 1 1; returnLocal\n"
        "a: pop; pushCapturedDepth 2 1; pushCapturedDepth 3 1; less <; returnLocal\n"
        "block:\n"
        "pushCapturedDepth 4 1; sendArguments value; pop; pushCapturedDepth 2 1; "
        "pushInteger 1; add +; dup; popCapturedDepth 2 1; returnLocal\n");
}

static void nil_tests_are_entered_with_their_receiver(void **state) {
    (void)state;
    check_version("m = ( ^f ifNil: [ 1 ] ifNotNil: [ :x | g := x ] )", "ifNil:ifNotNil:", false,
                  "pushFieldReceiver f\n"
                  "a: pushBlockReceiver [0 arguments]; pushBlockReceiver [1 arguments]; "
                  "sendArguments ifNil:ifNotNil:; returnLocal\n"
                  "before ifNil:ifNotNil: with 1: jump a\n"
                  "block:\n"
                  "pushInteger 1; returnLocal\n"
                  "block:\n"
                  "pushArgument x; dup; popFieldReceiver g; returnLocal\n");
}

static void a_version_of_a_block_has_the_same_contexts_around(void **state) {
    (void)state;
    check_version("m: a = ( | x | ^[ :b | | y | f ifTrue: [ x := a. y := b. ^y ]. x + y ] )",
                  "ifTrue:", false,
                  "pushNil; box; popLocal y; pushFieldReceiver f\n"
                  "a: pushContext 2; pushArgument b; popCapturedDepth 0 0; pushLocal y; "
                  "popCapturedDepth 1 0; pushBlockReceiver [0 arguments]; "
                  "sendArguments ifTrue:; popContext; pop; pushCapturedDepth 1 1; "
                  "pushLocal y; unbox; add +; returnLocal\n"
                  "before ifTrue: with 1: pushLocal y; box; popLocal y; jump a\n"
                  "block:\n"
                  "pushCapturedDepth 0 3; popCapturedDepth 1 3; pushCapturedDepth 0 1; "
                  "pushCapturedDepth 1 1; setBox; pushCapturedDepth 1 1; unbox; "
                  "returnNonLocal\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_version_has_shared_variables_in_boxes),
        cmocka_unit_test(a_version_opens_a_home_if_its_blocks_return),
        cmocka_unit_test(what_stands_around_the_entry_is_inlined),
        cmocka_unit_test(a_loop_is_entered_at_its_start_or_in_its_midst),
        cmocka_unit_test(a_counted_loop_is_entered_with_its_limit),
        cmocka_unit_test(nil_tests_are_entered_with_their_receiver),
        cmocka_unit_test(a_version_of_a_block_has_the_same_contexts_around),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
