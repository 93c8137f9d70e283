/* The grammar of SOM (SOM.g4 of SOM-st/SOM) with the loop language's additions:
   annotations after declared names, `<^ … >` after a pattern, several classes in a
   file, `include 'FILE'` between them. That SOM programs have none of these is for
   the loader to say.

   It builds the tree of ast.h and recovers from errors at the ends of statements,
   brackets, methods and class headers: a rule with `error` swallows tokens up to
   what follows it, stands for something harmless, and the parse goes on to the
   next error. What went wrong is a list of what could have stood there. A plain
   LALR parser would list too much, since it may have reduced by a default rule
   before it noticed; `parse.lac full` tries each candidate on a copy of the stack
   first (J. E. Denny's lookahead correction; see bison's manual).

   `%expect 0`: the grammar is unambiguous as it stands, without any precedence.

   Build:   bison -Wall -Werror -o generated/syntax_parser.c
                  --header=generated/syntax_parser.h frontend/syntax/parser.y
   Include: repository root and generated/. No further compiler options. */

%require "3.8"
%define api.pure full
%define api.prefix {syntax_}
%define api.value.type union
%define api.location.type {Location}
%define parse.error custom
%define parse.lac full
%locations
%expect 0
%parse-param {SyntaxState *state}
%param {void *scanner}
%initial-action {
    @$ = (Location){1, 1};
    (void)yynerrs;
}

%code requires {
#include "frontend/syntax/state.h"
#include "support/text.h"
}

%code provides {
// lexer.l
int syntax_lex(SYNTAX_STYPE *value, Location *location, void *scanner);
}

%code {
#include "support/characters.h"

#include <string.h>

// Only beginnings are kept; an empty rule stands where the symbol before it does.
#define YYLLOC_DEFAULT(Current, Rhs, N) ((Current) = YYRHSLOC(Rhs, (N) ? 1 : 0))

// Open brackets and assignments stand on the parser's stack; how deep the tree gets is seen only
// when they are closed. So the stack has to hold many more than the tree may have levels.
#define YYMAXDEPTH 1000000

static void syntax_error(Location *at, SyntaxState *state, void *scanner, const char *message);
}

/* In the order in which messages list them. */
%token END 0 "end of file"
%token <const char *> IDENTIFIER "identifier" KEYWORD "keyword" KEYWORDS "keyword sequence"
%token <const char *> OPERATOR "operator" INTEGER "integer"
%token <double> DOUBLE "double"
%token <SyntaxText> STRING "string"
%token <const char *> PRIMITIVE "'primitive'"
%token STATEMENTS "statements"
%token '=' ASSIGN "':='" '<' RESULT "'<^'" '>' '-' '|' BARS "'||'" '#' ':' '^' '[' '(' SEPARATOR "'----'"
%token '.' ')' ']'

%type <const char *> identifier operator operator_but_bars symbol_word word_text
%type <AstWord> word
%type <AstAnnotation *> words annotation result
%type <AstVariable> variable
%type <AstVariables> variables block_arguments locals
%type <AstMethod *> method unary_method other_method method_body
%type <AstMethods> methods other_methods
%type <SyntaxPattern> other_pattern keyword_pattern
%type <SyntaxSide> side
%type <AstClass *> class class_body
%type <AstBlock *> body block_body
%type <AstExpressions> code statements literals
%type <AstExpression *> statement expression evaluation primary unary binary
%type <AstExpression *> literal number array
%type <SyntaxKeywords> keywords

%%

/* The lexer makes the token STATEMENTS up, to say what is parsed. */
input: file | STATEMENTS body { state->file->statements = $2; };

file: item | file item;

item: class | include;

/* `include` is no word of its own: SOM has fields and methods of that name. */
include:
    IDENTIFIER STRING {
        if (strcmp($1, "include") != 0)
            diagnostic_error(state->diagnostics, @1, "expected `include` or a class before a string");
        ARENA_PUSH(state->arena, &state->file->includes,
                   ((AstInclude){$2.chars, $2.length, state->file->classes.count, @1}));
    }
;

class:
    IDENTIFIER '=' '(' class_body ')' {
        $$ = $class_body;
        $$->name = $1;
        $$->at = @1;
        ARENA_PUSH(state->arena, &state->file->classes, $$);
    }
  | IDENTIFIER '=' IDENTIFIER[super] '(' class_body ')' {
        $$ = $class_body;
        $$->name = $1;
        $$->at = @1;
        $$->superclass = $super;
        $$->superclass_at = @super;
        ARENA_PUSH(state->arena, &state->file->classes, $$);
    }
  | error '(' class_body ')' { $$ = $class_body; }
;

class_body:
    side {
        $$ = ARENA_NEW(state->arena, AstClass);
        $$->fields = $1.fields;
        $$->methods = $1.methods;
    }
  | side[instance] SEPARATOR side[class] {
        $$ = ARENA_NEW(state->arena, AstClass);
        $$->fields = $instance.fields;
        $$->methods = $instance.methods;
        $$->class_fields = $class.fields;
        $$->class_methods = $class.methods;
    }
;

/* A bar may open the fields or be the selector of the first method. Two bars
   without a space are the selector if a name follows, as in SOM.g4; else they
   are an empty list of fields. */
side:
    %empty { $$ = (SyntaxSide){0}; }
  | methods { $$ = (SyntaxSide){.methods = $1}; }
  | '|' '|' { $$ = (SyntaxSide){0}; }
  | '|' '|' methods { $$ = (SyntaxSide){.methods = $3}; }
  | '|' variables '|' { $$ = (SyntaxSide){.fields = $2}; }
  | '|' variables '|' methods { $$ = (SyntaxSide){.fields = $2, .methods = $4}; }
  | BARS { $$ = (SyntaxSide){0}; }
  | BARS other_methods { $$ = (SyntaxSide){.methods = $2}; }
;

methods:
    method { $$ = (AstMethods){0}; ARENA_PUSH(state->arena, &$$, $1); }
  | methods method { $$ = $1; ARENA_PUSH(state->arena, &$$, $2); }
;

other_methods:
    other_method { $$ = (AstMethods){0}; ARENA_PUSH(state->arena, &$$, $1); }
  | other_methods method { $$ = $1; ARENA_PUSH(state->arena, &$$, $2); }
;

method:
    unary_method
  | other_method
  | error '=' method_body { $$ = $3; }
;

unary_method:
    identifier result '=' method_body {
        $$ = $4;
        $$->selector = $1;
        $$->result = $2;
        $$->at = @1;
    }
;

other_method:
    other_pattern result '=' method_body {
        $$ = $4;
        $$->selector = syntax_selector(state, $1.selector);
        $$->arguments = $1.arguments;
        $$->result = $2;
        $$->at = $1.at;
    }
;

/* The bars are spelled out so that a side's fields make no conflict. */
other_pattern:
    operator_but_bars variable {
        $$ = (SyntaxPattern){.at = @1};
        syntax_add_pattern(state, &$$, $1, $2);
    }
  | '|' variable {
        $$ = (SyntaxPattern){.at = @1};
        syntax_add_pattern(state, &$$, "|", $2);
    }
  | BARS variable {
        $$ = (SyntaxPattern){.at = @1};
        syntax_add_pattern(state, &$$, "||", $2);
    }
  | keyword_pattern
;

keyword_pattern:
    KEYWORD variable {
        $$ = (SyntaxPattern){.at = @1};
        syntax_add_pattern(state, &$$, $1, $2);
    }
  | keyword_pattern KEYWORD variable {
        $$ = $1;
        syntax_add_pattern(state, &$$, $2, $3);
    }
;

method_body:
    PRIMITIVE {
        $$ = ARENA_NEW(state->arena, AstMethod);
        $$->is_primitive = true;
    }
  | '(' body ')' {
        $$ = ARENA_NEW(state->arena, AstMethod);
        $$->body = $2;
        $$->body->at = @1;
        $$->body->end = @3;
    }
;

identifier: IDENTIFIER | PRIMITIVE;

operator: operator_but_bars | '|' { $$ = "|"; } | BARS { $$ = "||"; };

operator_but_bars:
    OPERATOR
  | '-' { $$ = "-"; }
  | '=' { $$ = "="; }
  | '<' { $$ = "<"; }
  | '>' { $$ = ">"; }
;

/* Declared names. */

variables:
    variable { $$ = (AstVariables){0}; ARENA_PUSH(state->arena, &$$, $1); }
  | variables variable { $$ = $1; ARENA_PUSH(state->arena, &$$, $2); }
;

/* SOM has no annotations; `<` after a declared name can be nothing else. */
variable: identifier annotation { $$ = (AstVariable){$1, $2, @1}; };

annotation:
    %empty { $$ = NULL; }
  | '<' words '>' { $$ = syntax_annotation(state, $2, @1); }
;

result:
    %empty { $$ = NULL; }
  | RESULT words '>' { $$ = syntax_annotation(state, $2, @1); }
;

words:
    %empty { $$ = ARENA_NEW(state->arena, AstAnnotation); }
  | words word { $$ = $1; ARENA_PUSH(state->arena, &$$->words, $2); }
;

word:
    word_text { $$ = (AstWord){$1, false, @1}; }
  | INTEGER { $$ = (AstWord){$1, true, @1}; }
  | '-' INTEGER { $$ = (AstWord){syntax_integer(state, $2, true, @1)->digits, true, @1}; }
;

word_text: identifier | KEYWORD;

/* Bodies. */

/* A method's inside, and a block's after its arguments. */
body: locals code { $$ = syntax_body(state, $1, $2); };

code:
    %empty { $$ = (AstExpressions){0}; }
  | statements
  | statements '.'
;

/* The bar after a block's arguments may touch the one before its locals. */
block_body:
    '|' body { $$ = $2; }
  | BARS '|' code { $$ = syntax_body(state, (AstVariables){0}, $3); }
  | BARS variables '|' code { $$ = syntax_body(state, $2, $4); }
;

block_arguments:
    ':' variable { $$ = (AstVariables){0}; ARENA_PUSH(state->arena, &$$, $2); }
  | block_arguments ':' variable { $$ = $1; ARENA_PUSH(state->arena, &$$, $3); }
;

locals:
    %empty { $$ = (AstVariables){0}; }
  | '|' '|' { $$ = (AstVariables){0}; }
  | BARS { $$ = (AstVariables){0}; }
  | '|' variables '|' { $$ = $2; }
;

statements:
    statement {
        $$ = (AstExpressions){0};
        syntax_add_statement(state, &$$, $1, @1);
    }
  | statements '.' statement {
        $$ = $1;
        syntax_add_statement(state, &$$, $3, @3);
    }
;

statement:
    expression
  | '^' expression { $$ = syntax_return(state, $2, @1); }
  | error { $$ = NULL; }
;

/* Expressions: a level of the grammar for each level of binding, unary before
   binary before keyword messages, all from left to right. */

expression:
    evaluation
  | identifier ASSIGN expression { $$ = syntax_assignment(state, $1, $3, @1); }
;

evaluation: binary | binary keywords { $$ = syntax_keyword(state, $1, $2); };

keywords:
    KEYWORD binary {
        $$ = (SyntaxKeywords){.at = @1};
        syntax_add_keyword(state, &$$, $1, $2);
    }
  | keywords KEYWORD binary {
        $$ = $1;
        syntax_add_keyword(state, &$$, $2, $3);
    }
;

binary: unary | binary operator unary { $$ = syntax_binary(state, $1, $2, $3, @2); };

unary: primary | unary identifier { $$ = syntax_unary(state, $1, $2, @2); };

primary:
    identifier { $$ = syntax_variable(state, $1, @1); }
  | '(' expression ')' { $$ = syntax_bracketed(state, $2, @1); }
  | '(' error ')' { $$ = syntax_variable(state, "nil", @1); }
  | '[' body ']' { $$ = syntax_block(state, $2, (AstVariables){0}, @1, @3); }
  | '[' block_arguments block_body ']' { $$ = syntax_block(state, $3, $2, @1, @4); }
  | literal
;

literal:
    number
  | array
  | STRING { $$ = syntax_text(state, AST_STRING, $1, @1); }
  | '#' STRING { $$ = syntax_text(state, AST_SYMBOL, $2, @1); }
  | '#' symbol_word {
        $$ = syntax_text(state, AST_SYMBOL, (SyntaxText){$2, strlen($2)}, @1);
    }
;

number:
    INTEGER { $$ = syntax_integer(state, $1, false, @1); }
  | DOUBLE { $$ = syntax_number(state, $1, @1); }
  | '-' INTEGER { $$ = syntax_integer(state, $2, true, @1); }
  | '-' DOUBLE { $$ = syntax_number(state, -$2, @1); }
;

array:
    '#' '(' literals ')' { $$ = syntax_array(state, $3, @1); }
  | '#' '(' error ')' { $$ = syntax_array(state, (AstExpressions){0}, @1); }
;

literals:
    %empty { $$ = (AstExpressions){0}; }
  | literals literal { $$ = $1; ARENA_PUSH(state->arena, &$$, $2); }
;

symbol_word: identifier | KEYWORD | KEYWORDS | operator;

%%

enum { LONGEST_LEXEME_SHOWN = 40 };

static void drop(bool *expected, const char *characters) {
    for (; *characters; characters++) {
        int token = *characters;
        expected[YYTRANSLATE(token)] = false;
    }
}

// Joins what belongs together, so that a message doesn't list every token that
// may begin an expression or be an operator. Returns the joined name or NULL.
// Doubles and strings begin nothing but literals and expressions, so they tell
// whether one may stand there.
static const char *group(bool *expected) {
    if (expected[YYSYMBOL_IDENTIFIER])
        expected[YYSYMBOL_PRIMITIVE] = false;
    if (expected[YYSYMBOL_OPERATOR]) {
        drop(expected, "-=<>|");
        expected[YYSYMBOL_BARS] = false;
    }
    bool expression = expected[YYTRANSLATE('[')];
    if (!expected[YYSYMBOL_DOUBLE] || !expected[YYSYMBOL_STRING])
        return NULL;
    expected[YYSYMBOL_INTEGER] = expected[YYSYMBOL_DOUBLE] = expected[YYSYMBOL_STRING] = false;
    drop(expected, "-#");
    if (!expression)
        return "literal";
    expected[YYSYMBOL_IDENTIFIER] = false;
    drop(expected, "[(");
    return "expression";
}

// "a, b or c" of what may stand in the place of the token in `context`.
static void list_expected(const yypcontext_t *context, Text *text) {
    yysymbol_kind_t kinds[YYNTOKENS];
    bool expected[YYNTOKENS] = {false};
    const char *names[YYNTOKENS];
    int found = yypcontext_expected_tokens(context, kinds, YYNTOKENS), count = 0;
    for (int i = 0; i < found; i++)
        expected[kinds[i]] = true;
    expected[YYSYMBOL_STATEMENTS] = false;
    // A string or `=` may follow a word between classes. The former is for `include`, and who has
    // written another word begins a class.
    if (expected[YYSYMBOL_STRING] && found == 2)
        expected[YYSYMBOL_STRING] = false;
    const char *grouped = group(expected);
    if (grouped)
        names[count++] = grouped;
    for (int kind = 0; kind < YYNTOKENS; kind++) {
        if (expected[kind])
            names[count++] = yysymbol_name((yysymbol_kind_t)kind);
    }
    for (int i = 0; i < count; i++) {
        const char *separator = i == 0 ? ", expected " : i == count - 1 ? " or " : ", ";
        text_add(text, separator);
        text_add(text, names[i]);
    }
}

// The text of the token last read, when its name alone doesn't say it. Relies on
// the order of the tokens above: identifiers to doubles are those that vary.
static void show_lexeme(const SyntaxState *state, yysymbol_kind_t kind, Text *text) {
    bool varies = kind >= YYSYMBOL_IDENTIFIER && kind <= YYSYMBOL_DOUBLE;
    if (!varies || state->lexeme_length > LONGEST_LEXEME_SHOWN)
        return;
    text_add(text, " '");
    text_add_visible(text, state->lexeme, state->lexeme_length);
    text_add(text, "'");
}

static int yyreport_syntax_error(const yypcontext_t *context, SyntaxState *state, void *scanner) {
    (void)scanner;
    if (state->stopped)
        return 0;
    yysymbol_kind_t token = yypcontext_token(context);
    Text text = {0};
    text_add(&text, "unexpected ");
    text_add(&text, yysymbol_name(token));
    show_lexeme(state, token, &text);
    list_expected(context, &text);
    diagnostic_error(state->diagnostics, *yypcontext_location(context), "%s", text_chars(&text));
    text_free(&text);
    return 0;
}

// Bison calls this only when the stack is exhausted.
static void syntax_error(Location *at, SyntaxState *state, void *scanner, const char *message) {
    (void)scanner;
    (void)message;
    syntax_too_deep(state, *at);
}
