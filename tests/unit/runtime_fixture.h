// What the runtime's tests share: a machine whose engine is the reference evaluator
// over the real definition, and evaluating expressions on it.
#ifndef TESTS_UNIT_RUNTIME_FIXTURE_H
#define TESTS_UNIT_RUNTIME_FIXTURE_H

#include "backend/eval/eval.h"
#include "frontend/loop/include.h"
#include "frontend/loop/loop.h"
#include "frontend/syntax/parse.h"
#include "ir/image.h"
#include "runtime/som.h"
#include "support/output_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct Fixture {
    Arena *arena;
    EvalProgram *program;
    const IrFunction *function;
    Text image;
    Vm *vm;
    char directory[64]; // for class files, removed at the end
    FILE *errors;
    char *error_text;
    size_t error_size;
    int classes;
    char answer[4096];
    int status;
} Fixture;

static void *fixture_external(void *context, const char *name) {
    (void)context;
    return som_external(name);
}

static bool fixture_interpret(Thread *thread, Frame *frame, void *context) {
    Fixture *fixture = context;
    EvalWord arguments[] = {{.pointer = thread}, {.pointer = frame}};
    EvalFailure failure = {0};
    if (eval_call(fixture->program, fixture->function, arguments, 2, NULL, &failure))
        return true;
    eval_report(fixture->program, &failure, stderr);
    return false;
}

// The interpreter that a module is. The fixture's arena holds it.
static inline void fixture_open_module(Fixture *fixture, const IrModule *module) {
    assert_non_null(module);
    fixture->program = eval_prepare(fixture->arena, module, fixture_external, NULL, stderr);
    assert_non_null(fixture->program);
    fixture->function = module->functions.items[0];
    ir_image(module, &fixture->image);
    strcpy(fixture->directory, "/tmp/som-test-XXXXXX");
    assert_non_null(mkdtemp(fixture->directory));
    fixture->errors = open_memstream(&fixture->error_text, &fixture->error_size);
}

// The interpreter of the definition, for verified code only or not.
static inline void fixture_open_engine(Fixture *fixture, bool verified) {
    static const char path[] = LOOPWRIGHT_SOURCE_DIR "/runtime/Interpreter.som";
    *fixture = (Fixture){.arena = arena_new()};
    Text text = {0};
    assert_true(text_read_file(&text, path));
    Diagnostics diagnostics = {.source = {path, text_chars(&text), text.length}, .stream = stderr};
    AstFile *file = loop_parse(fixture->arena, &diagnostics);
    assert_non_null(file);
    fixture_open_module(fixture, loop_lower(fixture->arena, &diagnostics, file,
                                            (LoopOptions){.verified = verified}));
    text_free(&text);
}

// A machine with these options; class path and error stream are the fixture's. False if
// it can't be made.
static inline bool fixture_open_vm(Fixture *fixture, SomOptions options) {
    const SomEngine engine = {
        .interpret = fixture_interpret, .context = fixture, .image = text_chars(&fixture->image)};
    options.class_path = fixture->directory;
    options.errors = fixture->errors;
    fixture->vm = som_new(&options, &engine);
    return fixture->vm != NULL;
}

static inline void fixture_close(Fixture *fixture) {
    som_free(fixture->vm);
    fclose(fixture->errors);
    free(fixture->error_text);
    arena_free(fixture->arena);
    text_free(&fixture->image);
    Text command = {0};
    text_addf(&command, "rm -rf '%s'", fixture->directory);
    assert_int_equal(system(text_chars(&command)), 0);
    text_free(&command);
}

// What was reported since the start.
static inline const char *fixture_errors(Fixture *fixture) {
    fflush(fixture->errors);
    return fixture->error_text;
}

// Writes NAME.som into the fixture's directory.
static inline void fixture_class(Fixture *fixture, const char *name, const char *source) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s.som", fixture->directory, name);
    Text text = {0};
    text_add(&text, source);
    assert_true(output_file_write(path, &text));
    text_free(&text);
}

// Makes an instance of the class and sends it `test`. Answers the result as text, or
// what was reported after an error.
static inline const char *fixture_run(Fixture *fixture, const char *class_name) {
    const uint16_t code[] = {
        OP_PUSH_GLOBAL,  0,           OP_SEND_ARGUMENTS, 1, 0, OP_SEND_ARGUMENTS, 2, 0,
        OP_RETURN_LOCAL, (uint16_t)-1};
    const char *const sites[] = {class_name, "new", "test"};
    const SomCode description = {.selector = "begin",
                                 .code = code,
                                 .code_count = sizeof code / sizeof *code,
                                 .sites = sites,
                                 .site_count = 3,
                                 .max_stack = 2};
    char message[256] = "";
    Method *method = som_method(fixture->vm, &description, true, message, sizeof message);
    assert_string_equal(message, "");
    uint64_t result;
    size_t before = (fflush(fixture->errors), fixture->error_size);
    memset(fixture->answer, 0, sizeof fixture->answer);
    FILE *stream = fmemopen(fixture->answer, sizeof fixture->answer, "w");
    if (som_call(fixture->vm, method, som_global(fixture->vm, "nil"), NULL, 0, &result,
                 &fixture->status))
        som_print(fixture->vm, result, stream);
    else
        fputs(fixture_errors(fixture) + before, stream);
    fclose(stream);
    return fixture->answer;
}

// Evaluates an expression; `members` are fields and methods of the class around it.
static inline const char *fixture_evaluate(Fixture *fixture, const char *members,
                                           const char *expression) {
    char name[16];
    snprintf(name, sizeof name, "Test%d", ++fixture->classes);
    Text text = {0};
    text_addf(&text, "%s = ( %s test = ( ^%s ) )", name, members, expression);
    fixture_class(fixture, name, text_chars(&text));
    text_free(&text);
    return fixture_run(fixture, name);
}

// Pairs of an expression and what it answers.
typedef struct Expectation {
    const char *expression, *answer;
} Expectation;

static inline void fixture_check(Fixture *fixture, const Expectation *expected, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *answer = fixture_evaluate(fixture, "", expected[i].expression);
        if (strcmp(answer, expected[i].answer))
            print_error("%s\n", expected[i].expression);
        assert_string_equal(answer, expected[i].answer);
    }
}

#define FIXTURE_CHECK(fixture, table) fixture_check(fixture, table, sizeof table / sizeof *table)

#endif
