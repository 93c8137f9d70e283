// See verdict.h. A program's fault is told by its exit status, and by the first line that it says
// on standard error, which is the message of the first error. Numbers in that are left out when two
// are compared: they count what differs from one schedule to another, as threads and balances do.
#include "cli/race/verdict.h"

#include "support/hash.h"

#include <string.h>

// What an interpreter says that was told how many steps there may be (`--schedule-steps`).
static const char steps_message[] = "som: error: the schedule has come to ";

uint64_t verdict_hash(const ParallelOutcome *outcome) {
    return hash_more(HASH_OF_NOTHING, text_chars(&outcome->output), outcome->output.length);
}

// The first line that isn't empty; NULL: there is none.
static const char *first_line(const Text *text, Arena *arena) {
    const char *chars = text_chars(text);
    chars += strspn(chars, "\n");
    return *chars ? arena_strndup(arena, chars, strcspn(chars, "\n")) : NULL;
}

// The first line that matches; NULL: none does. The expression was compiled for lines of their own
// (REG_NEWLINE), so all is looked through at once.
static const char *matching_line(const regex_t *expression, const Text *text, Arena *arena) {
    const char *chars = text_chars(text);
    regmatch_t match;
    if (!text->length || regexec(expression, chars, 1, &match, 0) != 0)
        return NULL;
    size_t begin = (size_t)match.rm_so;
    while (begin && chars[begin - 1] != '\n')
        begin--;
    return arena_strndup(arena, chars + begin, strcspn(chars + begin, "\n"));
}

static bool came_to_most_steps(const ParallelOutcome *outcome) {
    const char *found = strstr(text_chars(&outcome->errors), steps_message);
    return found && (found == text_chars(&outcome->errors) || found[-1] == '\n');
}

static VerdictKind exited(const VerdictRules *rules, const ParallelOutcome *outcome, bool is_fair,
                          Verdict *verdict, Arena *arena) {
    if (outcome->number && came_to_most_steps(outcome))
        return is_fair ? VERDICT_ENDLESS : VERDICT_CUT_OFF;
    if (outcome->number)
        return VERDICT_STATUS;
    if (rules->mustnt_match) {
        const char *line = matching_line(rules->mustnt_match, &outcome->output, arena);
        if (!line)
            line = matching_line(rules->mustnt_match, &outcome->errors, arena);
        verdict->line = line ? line : verdict->line;
        if (line)
            return VERDICT_MATCH;
    }
    if (rules->must_print && *rules->must_print != verdict->output) {
        verdict->line = first_line(&outcome->output, arena);
        return VERDICT_OUTPUT;
    }
    return VERDICT_GOOD;
}

Verdict verdict_find(const VerdictRules *rules, const ParallelOutcome *outcome, bool is_fair,
                     Arena *arena) {
    Verdict verdict = {.number = outcome->number,
                       .output = verdict_hash(outcome),
                       .line = first_line(&outcome->errors, arena)};
    switch (outcome->end) {
    case PARALLEL_EXITED: verdict.kind = exited(rules, outcome, is_fair, &verdict, arena); break;
    case PARALLEL_KILLED: verdict.kind = VERDICT_SIGNAL; break;
    case PARALLEL_LATE: verdict.kind = VERDICT_LATE; break;
    case PARALLEL_TALKATIVE: verdict.kind = VERDICT_TALKATIVE; break;
    case PARALLEL_UNSTARTED: verdict.kind = VERDICT_UNSTARTED; break;
    }
    return verdict;
}

bool verdict_fails(const Verdict *verdict) {
    switch (verdict->kind) {
    case VERDICT_STATUS:
    case VERDICT_SIGNAL:
    case VERDICT_MATCH:
    case VERDICT_OUTPUT:
    case VERDICT_TALKATIVE:
    case VERDICT_ENDLESS: return true;
    case VERDICT_GOOD:
    case VERDICT_CUT_OFF:
    case VERDICT_LATE:
    case VERDICT_UNSTARTED: break;
    }
    return false;
}

static bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

// The same but for numbers?
static bool says_same(const char *one, const char *other) {
    if (!one || !other)
        return one == other;
    while (*one && *other) {
        if (is_digit(*one) && is_digit(*other)) {
            one += strspn(one, "0123456789");
            other += strspn(other, "0123456789");
        } else if (*one++ != *other++) {
            return false;
        }
    }
    return *one == *other;
}

bool verdict_is_same(const Verdict *one, const Verdict *other) {
    if (one->kind != other->kind || !verdict_fails(one))
        return false;
    switch (one->kind) {
    case VERDICT_STATUS: return one->number == other->number && says_same(one->line, other->line);
    case VERDICT_SIGNAL: return one->number == other->number;
    case VERDICT_OUTPUT: return one->output == other->output;
    default: return true;
    }
}

void verdict_describe(const Verdict *verdict, Text *out) {
    switch (verdict->kind) {
    case VERDICT_GOOD: text_add(out, "it does not fail"); return;
    case VERDICT_STATUS: text_addf(out, "exit status %d", verdict->number); break;
    case VERDICT_SIGNAL: text_addf(out, "ended by signal %d", verdict->number); break;
    case VERDICT_MATCH: text_add(out, "a line that must not be"); break;
    case VERDICT_OUTPUT: text_add(out, "another output than the first schedule's"); break;
    case VERDICT_TALKATIVE:
        text_addf(out, "more than %d MiB of output", RACE_MOST_OUTPUT >> 20);
        break;
    case VERDICT_ENDLESS:
    case VERDICT_CUT_OFF: text_add(out, "it does not end"); break;
    case VERDICT_LATE: text_add(out, "it was not over in time"); return;
    case VERDICT_UNSTARTED: text_addf(out, "not started: %s", strerror(verdict->number)); return;
    }
    if (verdict->line)
        text_addf(out, ": %s", verdict->line);
}
