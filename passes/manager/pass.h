// What a pass is, and how pipelines of passes are put together and run. Each pass
// stands in a file of its own; `registry.def` lists them in the order in which the
// -O levels run them. Passes work on any module of a form that they take: they ask
// operations for their effects and fields for `const`, and know no language.
#ifndef PASSES_MANAGER_PASS_H
#define PASSES_MANAGER_PASS_H

#include "ir/ir.h"
#include "ir/text/view.h"
#include "passes/manager/report.h"
#include "support/text.h"

typedef struct Pass Pass;

// What a pass gets: the module that it changes in place, its parameter, an arena for
// what it needs only while it runs, and the place to report to.
typedef struct PassContext {
    IrModule *module;
    const char *parameter; // NULL: the pass takes none
    const char *profile;   // the file that stands beside the definition; NULL: none does
    Arena *scratch;
    PassReport *report;
    Text *failure; // empty: the pass can do its work
} PassContext;

// Says, as printf does, why the pass can't do what it was asked for by its parameter. The pass
// returns then, and the pipeline ends with an error.
void pass_fail(PassContext *context, const char *format, ...) __attribute__((format(printf, 2, 3)));

enum {
    PASS_LEVELS = 3, // -O0, -O1, -O2
    PASS_MOST = 64,  // how many passes there can be, those of plug-ins included
};

struct Pass {
    const char *name;
    const char *help; // one line
    // The parameter's syntax for help texts ("none|calls-and-back-edges"), NULL: it takes none.
    const char *parameter_syntax;
    const char *parameter_default;
    // Is this a parameter that it knows? If not, says in `error` which there are.
    bool (*check_parameter)(const char *parameter, Text *error);
    unsigned takes; // a set of 1 << IrForm
    int gives;      // the IrForm afterwards, or PASS_KEEPS_FORM
    int level;      // the lowest -O level that runs it; PASS_ON_REQUEST: none does
    void (*run)(PassContext *context);
    const char *plugin; // the file that it was loaded from; NULL: one of ours
};

enum { PASS_KEEPS_FORM = -1, PASS_ON_REQUEST = PASS_LEVELS };

// ---- The registry ------------------------------------------------------------------

size_t pass_count(void);
const Pass *pass_at(size_t index); // in the registry's order
const Pass *pass_find(const char *name);
// Its place in the registry's order; the pass must be of the registry.
size_t pass_index(const Pass *pass);
// Puts a pass, which must stay, after the others. False if there are too many.
bool pass_register(const Pass *pass);
// The name that is most like `name` (fewest letters to change), NULL if none is near.
const char *pass_nearest(const char *name);

// ---- Pipelines -----------------------------------------------------------------------

// What the command line asks for, flag by flag. All zero is "nothing said yet".
typedef struct PipelineRequest {
    bool has_level;
    int level;
    const char *passes; // of --passes=; NULL: not given
    struct PipelineToggle {
        bool given, on;
        const char *parameter; // NULL: the default
    } toggles[PASS_MOST];
} PipelineRequest;

typedef enum PipelineFlag {
    PIPELINE_NOT_MINE, // the flag says nothing about passes
    PIPELINE_TAKEN,
    PIPELINE_WRONG,  // it does, and is wrong: `error` says how
    PIPELINE_FAILED, // it is right, but what it asks for can't be had (a plug-in)
} PipelineFlag;

// Takes one command line argument: -O0 -O1 -O2, -fNAME, -fNAME=PARAMETER, -fno-NAME,
// --passes=LIST. A later one overrides an earlier one of its kind. The strings are
// borrowed. `error` gets one line without newline.
PipelineFlag pipeline_take_flag(PipelineRequest *request, const char *flag, Text *error);

typedef struct PipelineStep {
    const Pass *pass;
    const char *parameter; // NULL: the pass takes none
    const char *left_out;  // why the pass does not run after all; NULL: it does
} PipelineStep;

typedef struct Pipeline {
    ARENA_VECTOR(PipelineStep) steps;
} Pipeline;

// Puts together what was asked for; where neither a level nor --passes= was given,
// the level is `default_level` (-1: no pass but those asked for by -fNAME). `form` is
// the form of the module that it will be run on. False and one line in `error` if
// names or parameters of --passes= are wrong, or a pass doesn't take the form that
// the ones before it leave. Of a level's passes, which nobody has named, such a one is left out.
bool pipeline_build(const PipelineRequest *request, int default_level, IrForm form, Arena *arena,
                    Pipeline *pipeline, Text *error);

// ---- Running -------------------------------------------------------------------------

typedef struct PipelineRun {
    bool verify_each;         // the verifier after each pass; also before the first
    const char *print_before; // print the module before the pass of this name, "*": each
    const char *print_after;
    bool print_changed; // what each pass changed, as a difference by lines
    const IrView *view; // what prints and the report are about; NULL: the whole module
    bool has_limit;     // run the first `limit` passes only, and say which ran
    int limit;
    const char *profile; // for passes that take one; NULL: there is none
    FILE *stream;        // for prints and for the verifier's complaints
    PassReport *report;
    // Is shown the module before the first pass (the step is NULL then) and after each that ran.
    // NULL: nobody looks.
    void (*observe)(void *observer, const IrModule *module, const PipelineStep *step);
    void *observer;
} PipelineRun;

// Runs the passes in order on the module. False if a pass failed (pass_fail), which the stream
// is told, or if `verify_each` is set and a pass has left a module that the verifier rejects;
// that is a bug of the pass, which the stream names. After a pass of a plug-in the verifier always
// runs. A pass is left out, and the report says so, if one before it has refused to give the
// form that it takes. The report may be NULL.
bool pipeline_run(const Pipeline *pipeline, IrModule *module, const PipelineRun *run);

#endif
