// Where inlined code leaves for a version of its method in which the message is sent, and what
// such versions look like.
#include "tests/unit/guest_compiling.h"

// ---- Versions ------------------------------------------------------------------------

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
    disassemble_method(&listing, compiled.bytecodes, made, &guest_class, false);
    for (size_t i = 0; i < made->entries.count; i++)
        text_addf(&listing, "entry %d, %s%s, %d on the stack\n", made->entries.items[i].pc,
                  made->entries.items[i].send->send.selector,
                  made->entries.items[i].is_odd ? " in its midst" : "",
                  made->entries.items[i].depth);
    assert_string_equal(text_chars(&listing), expected);
    text_free(&listing);
    arena_free(compiled.arena);
}

static void a_version_has_shared_variables_in_boxes(void **state) {
    (void)state;
    check_version("m: a = ( | x y z | y := 1. f ifTrue: [ x := a ]. ^x + y )", "ifTrue:", false,
                  "m:: 1 arguments, 3 locals, 2 stack\n"
                  "    0  pushNil\n"
                  "    1  box\n"
                  "    2  popLocal 0  ; x\n"
                  "    4  pushInteger 1\n"
                  "    6  popLocal 1  ; y\n"
                  "    8  pushFieldReceiver 0 -2  ; f\n"
                  "   11  pushContext 2\n"
                  "   13  pushArgument -1  ; a\n"
                  "   15  popCapturedDepth 0 0\n"
                  "   18  pushLocal 0  ; x\n"
                  "   20  popCapturedDepth 1 0\n"
                  "   23  pushBlockReceiver 0 -2  ; [0 arguments]\n"
                  "   26  sendArguments 0 1  ; ifTrue:\n"
                  "   29  popContext\n"
                  "   30  pop\n"
                  "   31  pushLocal 0  ; x\n"
                  "   33  unbox\n"
                  "   34  pushLocal 1  ; y\n"
                  "   36  add 1  ; +\n"
                  "   38  returnLocal -2\n"
                  "   40  pushLocal 0  ; x\n"
                  "   42  box\n"
                  "   43  popLocal 0  ; x\n"
                  "   45  jump 11\n"
                  "  block in m:: 0 arguments, 0 locals, 3 stack\n"
                  "      0  pushCapturedDepth 0 1\n"
                  "      3  dup\n"
                  "      4  pushCapturedDepth 1 1\n"
                  "      7  setBox\n"
                  "      8  returnLocal -1\n"
                  "entry 40, ifTrue:, 1 on the stack\n");
}

static void a_version_opens_a_home_if_its_blocks_return(void **state) {
    (void)state;
    check_version("m = ( f ifTrue: [ ^1 ]. ^2 )", "ifTrue:", false,
                  "m: 0 arguments, 0 locals, 2 stack\n"
                  "    0  openHome\n"
                  "    1  pushFieldReceiver 0 -1  ; f\n"
                  "    4  pushLink 0\n"
                  "    6  pushBlockReceiver 0 -1  ; [0 arguments]\n"
                  "    9  sendArguments 0 1  ; ifTrue:\n"
                  "   12  popContext\n"
                  "   13  pop\n"
                  "   14  pushInteger 2\n"
                  "   16  returnHome -1\n"
                  "   18  openHome\n"
                  "   19  jump 4\n"
                  "  block in m: 0 arguments, 0 locals, 1 stack\n"
                  "      0  pushInteger 1\n"
                  "      2  returnNonLocal\n"
                  "entry 18, ifTrue:, 1 on the stack\n");
}

static void what_stands_around_the_entry_is_inlined(void **state) {
    (void)state;
    check_version("m = ( | x | [ f ] whileTrue: [ g or: [ x := 1 ]. f ifTrue: [ x := 2 ] ] )",
                  "or:", true,
                  "m: 0 arguments, 1 locals, 2 stack\n"
                  "    0  pushNil\n"
                  "    1  box\n"
                  "    2  popLocal 0  ; x\n"
                  "    4  pushFieldReceiver 0 -1  ; f\n"
                  "    7  jumpIfFalseOther 51 69\n"
                  "   12  pushFieldReceiver 1 -1  ; g\n"
                  "   15  pushContext 1\n"
                  "   17  pushLocal 0  ; x\n"
                  "   19  popCapturedDepth 0 0\n"
                  "   22  pushBlockReceiver 0 -1  ; [0 arguments]\n"
                  "   25  sendArguments 0 1  ; or:\n"
                  "   28  popContext\n"
                  "   29  pop\n"
                  "   30  pushFieldReceiver 0 -1  ; f\n"
                  "   33  pushContext 1\n"
                  "   35  pushLocal 0  ; x\n"
                  "   37  popCapturedDepth 0 0\n"
                  "   40  pushBlockReceiver 1 -1  ; [0 arguments]\n"
                  "   43  sendArguments 1 1  ; ifTrue:\n"
                  "   46  popContext\n"
                  "   47  pop\n"
                  "   48  jumpBack 4\n"
                  "   51  returnSelf -1\n"
                  "   53  pushLocal 0  ; x\n"
                  "   55  box\n"
                  "   56  popLocal 0  ; x\n"
                  "   58  jump 15\n"
                  "   61  pushLocal 0  ; x\n"
                  "   63  box\n"
                  "   64  popLocal 0  ; x\n"
                  "   66  jump 33\n"
                  "   69  detour\n"
                  "  block in m: 0 arguments, 0 locals, 3 stack\n"
                  "      0  pushInteger 1\n"
                  "      2  dup\n"
                  "      3  pushCapturedDepth 0 1\n"
                  "      6  setBox\n"
                  "      7  returnLocal -1\n"
                  "  block in m: 0 arguments, 0 locals, 3 stack\n"
                  "      0  pushInteger 2\n"
                  "      2  dup\n"
                  "      3  pushCapturedDepth 0 1\n"
                  "      6  setBox\n"
                  "      7  returnLocal -1\n"
                  "entry 53, or:, 1 on the stack\n"
                  "entry 61, ifTrue:, 1 on the stack\n");
}

static void a_loop_is_entered_at_its_start_or_in_its_midst(void **state) {
    (void)state;
    check_version("m = ( [ f ] whileTrue: [ self foo ] )", "whileTrue:", false,
                  "m: 0 arguments, 0 locals, 2 stack\n"
                  "    0  pushContext 2\n"
                  "    2  pushBlockReceiver 0 -1  ; [0 arguments]\n"
                  "    5  pushBlockReceiver 1 -1  ; [0 arguments]\n"
                  "    8  sendArguments 0 1  ; whileTrue:\n"
                  "   11  popContext\n"
                  "   12  pop\n"
                  "   13  returnSelf -1\n"
                  "   15  jump 0\n"
                  "   18  pushContext 2\n"
                  "   20  popCapturedDepth 1 0\n"
                  "   23  pushTrue\n"
                  "   24  popCapturedDepth 0 0\n"
                  "   27  jump 2\n"
                  "  block in m: 0 arguments, 0 locals, 1 stack\n"
                  "      0  pushCapturedDepth 0 1\n"
                  "      3  jumpIfNil 16\n"
                  "      6  pop\n"
                  "      7  pushNil\n"
                  "      8  popCapturedDepth 0 1\n"
                  "     11  pushCapturedDepth 1 1\n"
                  "     14  returnLocal -1\n"
                  "     16  pop\n"
                  "     17  pushFieldReceiver 0 -1  ; f\n"
                  "     20  returnLocal -1\n"
                  "  block in m: 0 arguments, 0 locals, 1 stack\n"
                  "      0  pushArgument -1  ; self\n"
                  "      2  sendArguments 0 0  ; foo\n"
                  "      5  returnLocal -1\n"
                  "entry 15, whileTrue:, 0 on the stack\n"
                  "entry 18, whileTrue: in its midst, 1 on the stack\n");
}

static void a_counted_loop_is_entered_with_its_limit(void **state) {
    (void)state;
    check_version("m: n = ( n to: 10 by: 2 do: [ :i | i := i + 1 ]. ^n timesRepeat: [ g ] )",
                  "to:by:do:", true,
                  "m:: 1 arguments, 3 locals, 4 stack\n"
                  "    0  pushArgument -1  ; n\n"
                  "    2  pushInteger 10\n"
                  "    4  pushInteger 2\n"
                  "    6  pushBlockReceiver 0 -2  ; [1 arguments]\n"
                  "    9  sendArguments 0 3  ; to:by:do:\n"
                  "   12  pop\n"
                  "   13  pushArgument -1  ; n\n"
                  "   15  pushBlockReceiver 1 -2  ; [0 arguments]\n"
                  "   18  sendArguments 1 1  ; timesRepeat:\n"
                  "   21  returnLocal -2\n"
                  "   23  jump 4\n"
                  "   26  pop\n"
                  "   27  jump 15\n"
                  "  block in m:: 1 arguments, 0 locals, 2 stack\n"
                  "      0  pushArgument -1  ; i\n"
                  "      2  pushInteger 1\n"
                  "      4  add 0  ; +\n"
                  "      6  dup\n"
                  "      7  popArgument -1  ; i\n"
                  "      9  returnLocal -2\n"
                  "  block in m:: 0 arguments, 0 locals, 1 stack\n"
                  "      0  pushFieldReceiver 1 -1  ; g\n"
                  "      3  returnLocal -1\n"
                  "entry 23, to:by:do:, 2 on the stack\n"
                  "entry 26, timesRepeat:, 2 on the stack\n");
}

static void nil_tests_are_entered_with_their_receiver(void **state) {
    (void)state;
    check_version("m = ( ^f ifNil: [ 1 ] ifNotNil: [ :x | g := x ] )", "ifNil:ifNotNil:", false,
                  "m: 0 arguments, 1 locals, 3 stack\n"
                  "    0  pushFieldReceiver 0 -1  ; f\n"
                  "    3  pushBlockReceiver 0 -1  ; [0 arguments]\n"
                  "    6  pushBlockReceiver 1 -1  ; [1 arguments]\n"
                  "    9  sendArguments 0 2  ; ifNil:ifNotNil:\n"
                  "   12  returnLocal -1\n"
                  "   14  jump 3\n"
                  "  block in m: 0 arguments, 0 locals, 1 stack\n"
                  "      0  pushInteger 1\n"
                  "      2  returnLocal -1\n"
                  "  block in m: 1 arguments, 0 locals, 2 stack\n"
                  "      0  pushArgument -1  ; x\n"
                  "      2  dup\n"
                  "      3  popFieldReceiver 1 -2  ; g\n"
                  "      6  returnLocal -2\n"
                  "entry 14, ifNil:ifNotNil:, 1 on the stack\n");
}

static void a_version_of_a_block_has_the_same_contexts_around(void **state) {
    (void)state;
    check_version("m: a = ( | x | ^[ :b | | y | f ifTrue: [ x := a. y := b. ^y ]. x + y ] )",
                  "ifTrue:", false,
                  "block in m:: 1 arguments, 1 locals, 2 stack\n"
                  "    0  pushNil\n"
                  "    1  box\n"
                  "    2  popLocal 0  ; y\n"
                  "    4  pushFieldReceiver 0 -2  ; f\n"
                  "    7  pushContext 2\n"
                  "    9  pushArgument -1  ; b\n"
                  "   11  popCapturedDepth 0 0\n"
                  "   14  pushLocal 0  ; y\n"
                  "   16  popCapturedDepth 1 0\n"
                  "   19  pushBlockReceiver 0 -2  ; [0 arguments]\n"
                  "   22  sendArguments 0 1  ; ifTrue:\n"
                  "   25  popContext\n"
                  "   26  pop\n"
                  "   27  pushCapturedDepth 1 1\n"
                  "   30  pushLocal 0  ; y\n"
                  "   32  unbox\n"
                  "   33  add 1  ; +\n"
                  "   35  returnLocal -2\n"
                  "   37  pushLocal 0  ; y\n"
                  "   39  box\n"
                  "   40  popLocal 0  ; y\n"
                  "   42  jump 7\n"
                  "  block in m:: 0 arguments, 0 locals, 2 stack\n"
                  "      0  pushCapturedDepth 0 3\n"
                  "      3  popCapturedDepth 1 3\n"
                  "      6  pushCapturedDepth 0 1\n"
                  "      9  pushCapturedDepth 1 1\n"
                  "     12  setBox\n"
                  "     13  pushCapturedDepth 1 1\n"
                  "     16  unbox\n"
                  "     17  returnNonLocal\n"
                  "entry 37, ifTrue:, 1 on the stack\n");
}

// ---- Leaving -------------------------------------------------------------------------

static void a_test_that_fails_leaves_for_a_version(void **state) {
    (void)state;
    check_listing("m: a = ( | x y z | y := 1. f ifTrue: [ x := a ]. ^x + y )",
                  "m:: 1 arguments, 3 locals, 2 stack\n"
                  "    0  pushInteger 1\n"
                  "    2  popLocal 1  ; y\n"
                  "    4  pushFieldReceiver 0 -2  ; f\n"
                  "    7  jumpIfFalseOther 16 24\n"
                  "   12  pushArgument -1  ; a\n"
                  "   14  popLocal 0  ; x\n"
                  "   16  pushLocal 0  ; x\n"
                  "   18  pushLocal 1  ; y\n"
                  "   20  add 0  ; +\n"
                  "   22  returnLocal -2\n"
                  "   24  detour\n");
}

static void captured_variables_make_no_difference(void **state) {
    (void)state;
    check_listing("m: a = ( | x | g := [ x ]. f ifTrue: [ x := a ] )",
                  "m:: 1 arguments, 0 locals, 1 stack\n"
                  "    0  pushContext 1\n"
                  "    2  pushBlockReceiver 0 -2  ; [0 arguments]\n"
                  "    5  popFieldReceiver 1 -2  ; g\n"
                  "    8  pushFieldReceiver 0 -2  ; f\n"
                  "   11  jumpIfFalseOther 21 23\n"
                  "   16  pushArgument -1  ; a\n"
                  "   18  popCapturedDepth 0 0\n"
                  "   21  returnSelf -2\n"
                  "   23  detour\n"
                  "  block in m:: 0 arguments, 0 locals, 1 stack\n"
                  "      0  pushCapturedDepth 0 1\n"
                  "      3  returnLocal -1\n");
}

static void blocks_that_return_make_no_difference(void **state) {
    (void)state;
    check_listing("m = ( f ifTrue: [ ^1 ]. ^2 )", "m: 0 arguments, 0 locals, 1 stack\n"
                                                  "    0  pushFieldReceiver 0 -1  ; f\n"
                                                  "    3  jumpIfFalseOther 12 16\n"
                                                  "    8  pushInteger 1\n"
                                                  "   10  returnLocal -1\n"
                                                  "   12  pushInteger 2\n"
                                                  "   14  returnLocal -1\n"
                                                  "   16  detour\n");
}

static void a_home_makes_no_difference(void **state) {
    (void)state;
    check_listing("m = ( g do: [ ^3 ]. f ifTrue: [ ^1 ] )",
                  "m: 0 arguments, 0 locals, 2 stack\n"
                  "    0  pushHome 0\n"
                  "    2  pushFieldReceiver 1 -1  ; g\n"
                  "    5  pushBlockReceiver 0 -1  ; [0 arguments]\n"
                  "    8  sendArguments 0 1  ; do:\n"
                  "   11  pop\n"
                  "   12  pushFieldReceiver 0 -1  ; f\n"
                  "   15  jumpIfFalseOther 24 28\n"
                  "   20  pushInteger 1\n"
                  "   22  returnHome -1\n"
                  "   24  pushArgument -1  ; self\n"
                  "   26  returnHome -1\n"
                  "   28  detour\n"
                  "  block in m: 0 arguments, 0 locals, 1 stack\n"
                  "      0  pushInteger 3\n"
                  "      2  returnNonLocal\n");
}

static void a_block_leaves_as_well(void **state) {
    (void)state;
    check_listing("m = ( ^[ f ifTrue: [ ^1 ]. 2 ] )",
                  "m: 0 arguments, 0 locals, 1 stack\n"
                  "    0  pushHome 0\n"
                  "    2  pushBlockReceiver 0 -1  ; [0 arguments]\n"
                  "    5  returnHome -1\n"
                  "  block in m: 0 arguments, 0 locals, 1 stack\n"
                  "      0  pushFieldReceiver 0 -1  ; f\n"
                  "      3  jumpIfFalseOther 11 15\n"
                  "      8  pushInteger 1\n"
                  "     10  returnNonLocal\n"
                  "     11  pushInteger 2\n"
                  "     13  returnLocal -1\n"
                  "     15  detour\n");
}

static void each_message_of_a_condition_leaves_by_itself(void **state) {
    (void)state;
    check_listing("m = ( (f and: [ g ]) ifTrue: [ self foo ] )",
                  "m: 0 arguments, 0 locals, 1 stack\n"
                  "    0  pushFieldReceiver 0 -1  ; f\n"
                  "    3  jumpIfFalseOther 22 25\n"
                  "    8  pushFieldReceiver 1 -1  ; g\n"
                  "   11  jumpIfFalseOther 22 24\n"
                  "   16  pushArgument -1  ; self\n"
                  "   18  sendArguments 0 0  ; foo\n"
                  "   21  pop\n"
                  "   22  returnSelf -1\n"
                  "   24  detour\n"
                  "   25  detour\n");
}

static void a_loop_leaves_over_odd_values(void **state) {
    (void)state;
    check_listing("m = ( [ f ] whileTrue: [ self foo ]. [ f ] whileFalse: [ self bar ] )",
                  "m: 0 arguments, 0 locals, 1 stack\n"
                  "    0  pushFieldReceiver 0 -1  ; f\n"
                  "    3  jumpIfFalseOther 17 36\n"
                  "    8  pushArgument -1  ; self\n"
                  "   10  sendArguments 0 0  ; foo\n"
                  "   13  pop\n"
                  "   14  jumpBack 0\n"
                  "   17  pushFieldReceiver 0 -1  ; f\n"
                  "   20  jumpIfTrueOther 34 37\n"
                  "   25  pushArgument -1  ; self\n"
                  "   27  sendArguments 1 0  ; bar\n"
                  "   30  pop\n"
                  "   31  jumpBack 17\n"
                  "   34  returnSelf -1\n"
                  "   36  detour\n"
                  "   37  detour\n");
}

static void a_counted_loop_leaves_over_odd_numbers(void **state) {
    (void)state;
    check_listing("m: n = ( n to: 10 by: 2 do: [ :i | i foo ] )",
                  "m:: 1 arguments, 2 locals, 2 stack\n"
                  "    0  pushArgument -1  ; n\n"
                  "    2  pushInteger 10\n"
                  "    4  jumpUnlessIntegers 41\n"
                  "    7  popLocal 1  ; (limit)\n"
                  "    9  popLocal 0  ; (counter)\n"
                  "   11  pushLocal 0  ; (counter)\n"
                  "   13  pushLocal 1  ; (limit)\n"
                  "   15  lessOrEqual 0  ; <=\n"
                  "   17  jumpIfFalseOther 39 42\n"
                  "   22  pushLocal 0  ; (counter)\n"
                  "   24  sendArguments 1 0  ; foo\n"
                  "   27  pop\n"
                  "   28  pushLocal 0  ; (counter)\n"
                  "   30  pushInteger 2\n"
                  "   32  add 2  ; +\n"
                  "   34  popLocal 0  ; (counter)\n"
                  "   36  jumpBack 11\n"
                  "   39  returnSelf -2\n"
                  "   41  detour\n"
                  "   42  pop\n"
                  "   43  jump 39\n");
    check_listing("m: n = ( ^n timesRepeat: [ self foo ] )", "m:: 1 arguments, 2 locals, 3 stack\n"
                                                             "    0  pushArgument -1  ; n\n"
                                                             "    2  pushInteger 0\n"
                                                             "    4  jumpUnlessIntegers 42\n"
                                                             "    7  popLocal 0  ; (counter)\n"
                                                             "    9  dup\n"
                                                             "   10  popLocal 1  ; (limit)\n"
                                                             "   12  pushLocal 0  ; (counter)\n"
                                                             "   14  pushLocal 1  ; (limit)\n"
                                                             "   16  less 0  ; <\n"
                                                             "   18  jumpIfFalseOther 40 43\n"
                                                             "   23  pushArgument -2  ; self\n"
                                                             "   25  sendArguments 1 0  ; foo\n"
                                                             "   28  pop\n"
                                                             "   29  pushLocal 0  ; (counter)\n"
                                                             "   31  pushInteger 1\n"
                                                             "   33  add 2  ; +\n"
                                                             "   35  popLocal 0  ; (counter)\n"
                                                             "   37  jumpBack 12\n"
                                                             "   40  returnLocal -2\n"
                                                             "   42  detour\n"
                                                             "   43  pop\n"
                                                             "   44  jump 40\n");
}

static void a_branch_may_not_run_at_all_in_a_detour(void **state) {
    (void)state;
    check_listing(
        "m = ( [ f ] whileTrue: [ | x | g ifTrue: [ x := 1 ] ifFalse: [ x := 2 ]. x foo ] )",
        "m: 0 arguments, 1 locals, 1 stack\n"
        "    0  pushFieldReceiver 0 -1  ; f\n"
        "    3  jumpIfFalseOther 39 41\n"
        "    8  pushNil\n"
        "    9  popLocal 0  ; x\n"
        "   11  pushFieldReceiver 1 -1  ; g\n"
        "   14  jumpIfFalseOther 26 42\n"
        "   19  pushInteger 1\n"
        "   21  popLocal 0  ; x\n"
        "   23  jump 30\n"
        "   26  pushInteger 2\n"
        "   28  popLocal 0  ; x\n"
        "   30  pushLocal 0  ; x\n"
        "   32  sendArguments 0 0  ; foo\n"
        "   35  pop\n"
        "   36  jumpBack 0\n"
        "   39  returnSelf -1\n"
        "   41  detour\n"
        "   42  detour\n");
}

static void a_message_within_another_leaves_by_itself(void **state) {
    (void)state;
    check_listing("m = ( | x | f ifTrue: [ g ifTrue: [ x := 1 ] ] )",
                  "m: 0 arguments, 1 locals, 1 stack\n"
                  "    0  pushFieldReceiver 0 -1  ; f\n"
                  "    3  jumpIfFalseOther 20 22\n"
                  "    8  pushFieldReceiver 1 -1  ; g\n"
                  "   11  jumpIfFalseOther 20 23\n"
                  "   16  pushInteger 1\n"
                  "   18  popLocal 0  ; x\n"
                  "   20  returnSelf -1\n"
                  "   22  detour\n"
                  "   23  detour\n");
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
        cmocka_unit_test(a_test_that_fails_leaves_for_a_version),
        cmocka_unit_test(captured_variables_make_no_difference),
        cmocka_unit_test(blocks_that_return_make_no_difference),
        cmocka_unit_test(a_home_makes_no_difference),
        cmocka_unit_test(a_block_leaves_as_well),
        cmocka_unit_test(each_message_of_a_condition_leaves_by_itself),
        cmocka_unit_test(a_loop_leaves_over_odd_values),
        cmocka_unit_test(a_counted_loop_leaves_over_odd_numbers),
        cmocka_unit_test(a_branch_may_not_run_at_all_in_a_detour),
        cmocka_unit_test(a_message_within_another_leaves_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
