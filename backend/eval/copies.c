// Parallel copies: the arguments of an edge are all read before any parameter is
// written. Emitted as a sequence of moves, with one scratch register for cycles,
// after algorithm 1 of Boissinot et al., "Revisiting Out-of-SSA Translation for
// Correctness, Code Quality, and Efficiency" (CGO 2009).
//
// A register may be written once nobody reads it any more; if its own value is wanted elsewhere,
// that copy goes first. So copies are emitted from the ends of chains backward. What then is left
// goes round in circles (a swap is the smallest), and putting one register's value aside opens a
// circle. Exchanging `a` and `b` by two plain moves would leave both with one value: this is the
// "swap problem" that naive ways out of SSA form have.
#include "backend/eval/copier.h"

#define NOWHERE UINT32_MAX

void eval_copier_init(EvalCompiler *compiler) {
    EvalCopier *copier = ARENA_NEW(compiler->scratch, EvalCopier);
    size_t count = compiler->program->register_count;
    copier->location = ARENA_ARRAY(compiler->scratch, uint32_t, count);
    copier->source = ARENA_ARRAY(compiler->scratch, uint32_t, count);
    for (size_t i = 0; i < count; i++)
        copier->location[i] = copier->source[i] = NOWHERE;
    compiler->copier = copier;
}

// A copy to itself is none, and would look like a circle. Every target occurs once, as the
// parameters of a block (or of a table) have registers of their own.
void eval_copy_add(EvalCompiler *compiler, uint32_t target, uint32_t source) {
    if (target == source)
        return;
    EvalCopier *copier = compiler->copier;
    ARENA_PUSH(compiler->scratch, &copier->targets, target);
    copier->source[target] = source;
    copier->location[source] = source;
}

bool eval_copies_to(const EvalCompiler *compiler, uint32_t target) {
    return compiler->copier->source[target] != NOWHERE;
}

static void move(EvalCompiler *compiler, uint32_t target, uint32_t source) {
    EvalCode *code = eval_emit(compiler, EVAL_MOVE);
    code->result = target;
    code->a = source;
}

// Emits all copies whose target nobody has to read any more.
// A source that several copies read is read where its value is last known to be: in the first
// copy's target, once there is one, so that the source itself can be overwritten early.
static void drain(EvalCompiler *compiler) {
    EvalCopier *copier = compiler->copier;
    while (copier->ready.count) {
        uint32_t target = copier->ready.items[--copier->ready.count];
        uint32_t source = copier->source[target], place = copier->location[source];
        move(compiler, target, place);
        copier->source[target] = NOWHERE;
        copier->location[source] = target;
        // The source's own register is free now, if it waits for a copy itself.
        if (source == place && copier->source[source] != NOWHERE)
            ARENA_PUSH(compiler->scratch, &copier->ready, source);
    }
}

void eval_copies_emit(EvalCompiler *compiler) {
    EvalCopier *copier = compiler->copier;
    size_t count = copier->targets.count;
    uint32_t *targets = copier->targets.items;
    for (size_t i = 0; i < count; i++)
        ARENA_PUSH(compiler->scratch, &copier->sources, copier->source[targets[i]]);
    for (size_t i = 0; i < count; i++)
        if (copier->location[targets[i]] == NOWHERE)
            ARENA_PUSH(compiler->scratch, &copier->ready, targets[i]);
    drain(compiler);
    // What is left are cycles: each register is read by exactly one other. With one value put
    // aside, its register is ready to be written.
    for (size_t i = 0; i < count; i++) {
        if (copier->source[targets[i]] == NOWHERE)
            continue;
        move(compiler, compiler->program->scratch, targets[i]);
        copier->location[targets[i]] = compiler->program->scratch;
        ARENA_PUSH(compiler->scratch, &copier->ready, targets[i]);
        drain(compiler);
    }
    for (size_t i = 0; i < count; i++)
        copier->location[copier->sources.items[i]] = NOWHERE;
    copier->targets.count = copier->sources.count = 0;
}
