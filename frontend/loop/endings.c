// Messages to self: helpers, and what the language itself knows: how a bytecode ends, its
// length, where polls may go. An ending is a branch to the loop's header, with the frame that
// the loop goes on in. That the pc lives in memory between two bytecodes, and that all of them
// come back to one header, is naive on purpose; to keep the one in a register and to take the
// other apart are two of the passes.
#include "frontend/loop/expand.h"
#include "ir/builder.h"

#include <string.h>

static LoopResult call_helper(LoopLowering *lowering, LoopHelper *helper, const AstExpression *e) {
    size_t count = helper->parameters.count;
    LoopResult *arguments = ARENA_ARRAY(lowering->arena, LoopResult, count + 1);
    for (size_t i = 0; i < count; i++)
        arguments[i] = loop_check_type(
            lowering, loop_value(lowering, e->send.arguments.items[i]), helper->parameters.items[i],
            arena_printf(lowering->arena, "`%s`", helper->ast->arguments.items[i].name),
            e->send.arguments.items[i]->at);
    return loop_expand(lowering, helper, arguments, e->at);
}

// ---- Going on ----------------------------------------------------------------------------

// The thread is the same as long as the loop runs; the frame may be another one.
static void go_to_header(LoopLowering *lowering, IrValue *frame, LoopEnding ending) {
    if (!loop_is_live(lowering))
        return;
    IrValue *arguments[] = {[IR_THREAD_PARAMETER] = lowering->thread, [IR_FRAME_PARAMETER] = frame};
    ending.branch = ir_build_br(loop_builder(lowering, ending.at), lowering->function->header,
                                arguments, IR_STATE_PARAMETERS);
    ARENA_PUSH(lowering->arena, &lowering->endings, ending);
    lowering->block = lowering->dead;
}

// Moves the pc on by the bytecode's length, and a displacement, which counts from the next
// bytecode, if there is one. The pc is moved at the end and not at the start: all along, the
// frame's pc is that of the bytecode at hand, which is what a trace, an error and a bytecode
// that is begun again need.
static void advance(LoopLowering *lowering, IrValue *displacement, Location at) {
    LoopDefinition *definition = lowering->definition;
    Location place = definition->pc->ast->at;
    LoopResult pc = loop_expand(lowering, definition->pc, NULL, at);
    if (!pc.value || !loop_is_live(lowering))
        return;
    pc.value = ir_build(loop_builder(lowering, place), IR_ADD, pc.value,
                        ir_integer(lowering->module, IR_I64, lowering->length));
    if (displacement)
        pc.value = ir_build(loop_builder(lowering, at), IR_ADD, pc.value, displacement);
    loop_expand(lowering, definition->set_pc, &pc, at);
}

// Is there a next bytecode here? Reports if not.
static bool check_next(LoopLowering *lowering, Location at) {
    if (lowering->place == LOOP_IN_FALLBACK)
        LOOP_ERROR(lowering, at,
                   "an unknown bytecode has no length: this must end with `jumpTo:`, `leaveTo:` or "
                   "`stop`");
    return lowering->place == LOOP_IN_BYTECODE;
}

void loop_end_bytecode(LoopLowering *lowering, Location at) {
    if (!loop_is_live(lowering) || lowering->gave_up || !check_next(lowering, at))
        return;
    advance(lowering, NULL, at);
    go_to_header(lowering, lowering->frame, (LoopEnding){.kind = LOOP_ENDING_NEXT, .at = at});
}

static LoopResult jump(LoopLowering *lowering, const AstExpression *e) {
    LoopResult displacement =
        loop_check_type(lowering, loop_value(lowering, e->send.arguments.items[0]),
                        loop_type(LOOP_INT64), "the displacement", e->at);
    if (loop_is_live(lowering) && check_next(lowering, e->at)) {
        advance(lowering, displacement.value, e->at);
        go_to_header(lowering, lowering->frame,
                     (LoopEnding){.kind = LOOP_ENDING_JUMP,
                                  .displacement = displacement.value,
                                  .at = e->at});
    }
    return loop_never(lowering);
}

void loop_end_with_jump(LoopLowering *lowering, LoopResult index, Location at) {
    if (!loop_is_live(lowering))
        return;
    loop_expand(lowering, lowering->definition->set_pc, &index, at);
    go_to_header(lowering, lowering->frame, (LoopEnding){.kind = LOOP_ENDING_JUMP_TO, .at = at});
}

// To a place that the bytecode has worked out or kept.
static LoopResult jump_to(LoopLowering *lowering, const AstExpression *e) {
    LoopResult index = loop_check_type(lowering, loop_value(lowering, e->send.arguments.items[0]),
                                       loop_type(LOOP_INT64), "the place", e->at);
    loop_end_with_jump(lowering, index, e->at);
    return loop_never(lowering);
}

// `enter:dropping:`, `resume:dropping:`, `leaveTo:`. To enter a frame, this one's pc moves on
// first, to where it will go on when the other is back. `resume:` leaves that to the runtime,
// which made the frame and may have moved the pc already; only its first letter tells them
// apart. What `dropping:` says is for the stack effect, the compiler can't see what the callee
// will have done.
static LoopResult change_frame(LoopLowering *lowering, const AstExpression *e) {
    LoopType type = loop_record_type(lowering->definition->frame);
    LoopResult frame = loop_check_type(lowering, loop_value(lowering, e->send.arguments.items[0]),
                                       type, "the frame", e->at);
    LoopEnding ending = {.kind = LOOP_ENDING_LEAVE, .at = e->at};
    if (e->send.arguments.count == 2) {
        LoopResult dropped =
            loop_check_type(lowering, loop_value(lowering, e->send.arguments.items[1]),
                            loop_type(LOOP_INT64), "the number of slots", e->at);
        ending.kind = LOOP_ENDING_CALL;
        ending.dropped = dropped.value;
        if (loop_is_live(lowering) && !check_next(lowering, e->at))
            return loop_never(lowering);
    }
    if (loop_is_live(lowering) && e->send.selector[0] == 'e')
        advance(lowering, NULL, e->at);
    go_to_header(lowering, frame.value, ending);
    return loop_never(lowering);
}

// The bytecode that the message names by its selector; in a wide form, the other one's.
static const LoopBytecode *named_bytecode(LoopLowering *lowering, const AstExpression *e) {
    LoopDefinition *definition = lowering->definition;
    const AstExpression *name = e->send.arguments.items[0];
    const LoopBytecode *found =
        name->kind == AST_SYMBOL ? loop_find_bytecode(definition, name->text.chars) : NULL;
    if (!found)
        LOOP_ERROR(
            lowering, name->at, "`%s` takes a bytecode's selector, as in #%s", e->send.selector,
            definition->bytecodes.count ? definition->bytecodes.items[0]->ast->selector : "add:");
    bool is_wide = lowering->opcode >= 0 && definition->bytecodes.items[lowering->opcode]->narrow;
    return found && is_wide && found->wide ? found->wide : found;
}

// The bytecode does what another one of its kind does, from that one's start. The other one says
// how the stack grows.
static LoopResult continue_as(LoopLowering *lowering, const AstExpression *e) {
    LoopDefinition *definition = lowering->definition;
    const LoopBytecode *to = named_bytecode(lowering, e);
    if (to && lowering->place != LOOP_IN_BYTECODE)
        LOOP_ERROR(lowering, e->at, "only a bytecode continues as another one");
    if (!to || lowering->place != LOOP_IN_BYTECODE || !loop_is_live(lowering))
        return loop_never(lowering);
    if (lowering->opcode >= 0)
        ARENA_PUSH(lowering->arena, &definition->continuations,
                   ((LoopQuickening){(size_t)lowering->opcode, to->opcode, e->at}));
    IrValue *arguments[] = {
        [IR_THREAD_PARAMETER] = lowering->thread, [IR_FRAME_PARAMETER] = lowering->frame};
    ir_build_exit(loop_builder(lowering, e->at), definition->table, (int)to->opcode, arguments,
                  IR_STATE_PARAMETERS);
    return loop_never(lowering);
}

static LoopResult stop(LoopLowering *lowering, const AstExpression *e) {
    if (loop_is_live(lowering))
        ir_build_ret(loop_builder(lowering, e->at), NULL);
    return loop_never(lowering);
}

// ---- Marks -------------------------------------------------------------------------------

// A mark, no code: which of the sites become polls is a policy (place-gil-checks).
static LoopResult poll_site(LoopLowering *lowering, const AstExpression *e) {
    const AstExpression *kind = e->send.arguments.items[0];
    bool call = kind->kind == AST_SYMBOL && !strcmp(kind->text.chars, "call");
    bool back = kind->kind == AST_SYMBOL && !strcmp(kind->text.chars, "backEdge");
    if (!call && !back)
        LOOP_ERROR(lowering, kind->at, "a poll site is #call or #backEdge");
    ir_build_poll_site(loop_builder(lowering, e->at), back ? IR_POLL_BACK_EDGE : IR_POLL_CALL);
    return loop_nothing();
}

// A mark, no code: whoever keeps the frame's state in registers need not write it back any more.
static LoopResult abandon_frame(LoopLowering *lowering, const AstExpression *e) {
    ir_build_abandon(loop_builder(lowering, e->at), lowering->frame);
    return loop_nothing();
}

// Noted, and checked when the stack effects of all bytecodes are known. A bytecode without an
// opcode is a helper's trial (lower.c), of which nothing is kept.
static LoopResult quickens_to(LoopLowering *lowering, const AstExpression *e) {
    const LoopBytecode *to = named_bytecode(lowering, e);
    if (to && lowering->place != LOOP_IN_BYTECODE)
        LOOP_ERROR(lowering, e->at, "only a bytecode quickens");
    else if (to && lowering->opcode >= 0)
        ARENA_PUSH(lowering->arena, &lowering->definition->quickenings,
                   ((LoopQuickening){(size_t)lowering->opcode, to->opcode, e->at}));
    return loop_nothing();
}

// The bytecode is for the runtime alone to write, so the loader and the verifier refuse it.
static LoopResult reserved(LoopLowering *lowering, const AstExpression *e) {
    if (lowering->place != LOOP_IN_BYTECODE)
        LOOP_ERROR(lowering, e->at, "only a bytecode is reserved");
    else if (lowering->opcode >= 0)
        lowering->definition->table->bytecodes.items[lowering->opcode].origin = IR_ORIGIN_RESERVED;
    return loop_nothing();
}

static LoopResult length(LoopLowering *lowering, const AstExpression *e) {
    if (lowering->place == LOOP_IN_TRUNK)
        LOOP_ERROR(lowering, e->at, "while fetching there is no bytecode yet");
    else
        check_next(lowering, e->at);
    return loop_integer_result(lowering, lowering->length);
}

// What the language itself understands; neither bytecodes nor helpers may be called so.
typedef struct SelfMessage {
    const char *selector;
    bool ends; // the bytecode
    LoopResult (*lower)(LoopLowering *lowering, const AstExpression *e);
} SelfMessage;

static const SelfMessage messages[] = {
    {"jumpBy:", true, jump},
    {"jumpTo:", true, jump_to},
    {"enter:dropping:", true, change_frame},
    {"resume:dropping:", true, change_frame},
    {"leaveTo:", true, change_frame},
    {"continueAs:", true, continue_as},
    {"stop", true, stop},
    {"pollSite:", false, poll_site},
    {"quickensTo:", false, quickens_to},
    {"abandonFrame", false, abandon_frame},
    {"reserved", false, reserved},
    {"length", false, length},
    {"widenNext", false, loop_widen},
};

static const SelfMessage *find_message(const char *selector) {
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        if (!strcmp(messages[i].selector, selector))
            return &messages[i];
    }
    return NULL;
}

bool loop_is_self_message(const char *selector) {
    return find_message(selector) != NULL;
}

LoopResult loop_self_send(LoopLowering *lowering, const AstExpression *e) {
    const char *selector = e->send.selector;
    const SelfMessage *message = find_message(selector);
    if (message && message->ends && lowering->place == LOOP_IN_TRUNK) {
        LOOP_ERROR(lowering, e->at, "fetching can't end a bytecode");
        return loop_unknown(lowering);
    }
    if (message)
        return message->lower(lowering, e);
    LoopHelper *helper = loop_find_helper(lowering->definition, selector);
    if (helper)
        return call_helper(lowering, helper, e);
    if (loop_find_bytecode(lowering->definition, selector))
        LOOP_ERROR(lowering, e->at, "`%s` is a bytecode; only helpers can be called", selector);
    else
        LOOP_ERROR(lowering, e->at, "unknown helper `%s`", selector);
    return loop_unknown(lowering);
}
