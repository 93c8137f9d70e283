// Arithmetic and comparisons, for what the loop doesn't do by itself: integers and doubles
// together, rounding down, and everything that is an error.
#include "run.h"

#include <math.h>
#include <string.h>

bool slot_is_number(Slot value) {
    return value.kind == REED_INTEGER_KIND || value.kind == REED_DOUBLE_KIND;
}

double slot_double(Slot number) {
    double result;
    if (number.kind == REED_INTEGER_KIND)
        return (double)number.bits;
    memcpy(&result, &number.bits, sizeof result);
    return result;
}

Slot slot_of_double(double number) {
    Slot slot = {.kind = REED_DOUBLE_KIND};
    memcpy(&slot.bits, &number, sizeof number);
    return slot;
}

// ---- Arithmetic ----------------------------------------------------------------------------

// Rounded down, and modulo 2^64: the least number by -1 is itself.
static int64_t quotient(int64_t left, int64_t right) {
    if (right == -1)
        return (int64_t) - (uint64_t)left;
    int64_t result = left / right;
    return left % right != 0 && (left < 0) != (right < 0) ? result - 1 : result;
}

static int64_t remainder_of(int64_t left, int64_t right) {
    if (right == -1)
        return 0;
    int64_t result = left % right;
    return result != 0 && (left < 0) != (right < 0) ? result + right : result;
}

static double modulo(double left, double right) {
    double result = fmod(left, right);
    return result != 0 && (result < 0) != (right < 0) ? result + right : result;
}

static int64_t with_integers(int64_t operation, int64_t left, int64_t right) {
    uint64_t first = (uint64_t)left, second = (uint64_t)right;
    switch (operation) {
    case REED_ADDITION: return (int64_t)(first + second);
    case REED_SUBTRACTION: return (int64_t)(first - second);
    case REED_MULTIPLICATION: return (int64_t)(first * second);
    case REED_FLOORING: return quotient(left, right);
    case REED_MODULO: return remainder_of(left, right);
    default: return (int64_t)-first;
    }
}

static double with_doubles(int64_t operation, double left, double right) {
    switch (operation) {
    case REED_ADDITION: return left + right;
    case REED_SUBTRACTION: return left - right;
    case REED_MULTIPLICATION: return left * right;
    case REED_DIVISION: return left / right;
    case REED_FLOORING: return floor(left / right);
    case REED_MODULO: return modulo(left, right);
    default: return -left;
    }
}

static int64_t operate(Machine *machine, Frame *frame, int64_t operation, Slot *target, Slot left,
                       Slot right) {
    static const char *const words[] = {"added or subtracted",
                                        "added or subtracted",
                                        "multiplied",
                                        "divided",
                                        "divided",
                                        "divided",
                                        "negated"};
    Run *run = (Run *)machine;
    if (!slot_is_number(left) || !slot_is_number(right))
        return run_fail(run, frame, "only numbers can be %s, not %s", words[operation],
                        kind_name(slot_is_number(left) ? right : left));
    bool are_integers = left.kind == REED_INTEGER_KIND && right.kind == REED_INTEGER_KIND;
    bool divides = operation == REED_FLOORING || operation == REED_MODULO;
    if (are_integers && divides && right.bits == 0)
        return run_fail(run, frame, "division by zero");
    *target = are_integers && operation != REED_DIVISION
                  ? slot_of(REED_INTEGER_KIND, with_integers(operation, left.bits, right.bits))
                  : slot_of_double(with_doubles(operation, slot_double(left), slot_double(right)));
    return 0;
}

int64_t host_operate_into_left_right(Machine *machine, Frame *frame, int64_t operation,
                                     Slot *target, Slot *left, Slot *right) {
    return operate(machine, frame, operation, target, *left, *right);
}

int64_t host_operate_into_left_constant(Machine *machine, Frame *frame, int64_t operation,
                                        Slot *target, Slot *left, Constant *right) {
    return operate(machine, frame, operation, target, *left, slot_of(right->kind, right->bits));
}

int64_t host_operate_into_left_number(Machine *machine, Frame *frame, int64_t operation,
                                      Slot *target, Slot *left, int64_t right) {
    return operate(machine, frame, operation, target, *left, slot_of(REED_INTEGER_KIND, right));
}

// ---- Comparisons ---------------------------------------------------------------------------

// Exact: a double may lie between two integers, and an integer between two doubles.
static int compare_mixed(int64_t integer, double number) {
    if (number != number)
        return 2;
    if (number >= 9223372036854775808.0)
        return -1;
    if (number < -9223372036854775808.0)
        return 1;
    int64_t below = (int64_t)floor(number);
    if (integer != below)
        return integer < below ? -1 : 1;
    return number > floor(number) ? -1 : 0;
}

int number_compare(Slot left, Slot right) {
    if (left.kind == REED_INTEGER_KIND && right.kind == REED_INTEGER_KIND)
        return (left.bits > right.bits) - (left.bits < right.bits);
    if (left.kind == REED_INTEGER_KIND)
        return compare_mixed(left.bits, slot_double(right));
    if (right.kind == REED_INTEGER_KIND) {
        int result = compare_mixed(right.bits, slot_double(left));
        return result == 2 ? 2 : -result;
    }
    double first = slot_double(left), second = slot_double(right);
    return first < second ? -1 : first > second ? 1 : first == second ? 0 : 2;
}

static int text_compare(Text *left, Text *right) {
    size_t length = (size_t)(left->length < right->length ? left->length : right->length);
    int result = memcmp(text_bytes(left), text_bytes(right), length);
    if (!result)
        result = (left->length > right->length) - (left->length < right->length);
    return result < 0 ? -1 : result > 0;
}

static int64_t compare(Machine *machine, Frame *frame, int64_t operation, Slot left, Slot right) {
    int order;
    if (slot_is_number(left) && slot_is_number(right)) {
        order = number_compare(left, right);
    } else if (left.kind == REED_TEXT_KIND && right.kind == REED_TEXT_KIND) {
        order = text_compare(slot_object(left), slot_object(right));
    } else {
        run_fail((Run *)machine, frame, "%s and %s have no order", kind_name(left),
                 kind_name(right));
        return -1;
    }
    switch (operation) {
    case REED_LESSER: return order == -1;
    case REED_LESSER_OR_EQUAL: return order == -1 || order == 0;
    case REED_GREATER: return order == 1;
    default: return order == 1 || order == 0;
    }
}

int64_t host_compare_left_right(Machine *machine, Frame *frame, int64_t operation, Slot *left,
                                Slot *right) {
    return compare(machine, frame, operation, *left, *right);
}

int64_t host_compare_left_number(Machine *machine, Frame *frame, int64_t operation, Slot *left,
                                 int64_t right) {
    return compare(machine, frame, operation, *left, slot_of(REED_INTEGER_KIND, right));
}

int64_t host_is_equal_kind_to_kind(Machine *machine, Frame *frame, int64_t bits, int64_t kind,
                                   int64_t other, int64_t other_kind) {
    Slot left = slot_of(kind, bits), right = slot_of(other_kind, other);
    (void)machine, (void)frame;
    return kind == REED_TEXT_KIND ? text_equal(slot_object(left), slot_object(right))
                                  : number_compare(left, right) == 0;
}

// ---- Loops ---------------------------------------------------------------------------------

// With integers the limit becomes the number of rounds after the first.
static int64_t prepare_integers(Slot *first) {
    int64_t index = first[0].bits, limit = first[1].bits, step = first[2].bits;
    if (step > 0 ? index > limit : index < limit)
        return 0;
    uint64_t distance =
        step > 0 ? (uint64_t)limit - (uint64_t)index : (uint64_t)index - (uint64_t)limit;
    uint64_t by = step > 0 ? (uint64_t)step : -(uint64_t)step;
    first[1].bits = (int64_t)(distance / by);
    return 1;
}

int64_t host_prepare_loop(Machine *machine, Frame *frame, Slot *first) {
    Run *run = (Run *)machine;
    for (int i = 0; i < 3; i++)
        if (!slot_is_number(first[i])) {
            run_fail(run, frame, "the loop goes over numbers, not %s", kind_name(first[i]));
            return -1;
        }
    if (slot_double(first[2]) == 0) {
        run_fail(run, frame, "the loop's step is zero");
        return -1;
    }
    if (first[0].kind == REED_INTEGER_KIND && first[1].kind == REED_INTEGER_KIND &&
        first[2].kind == REED_INTEGER_KIND)
        return prepare_integers(first);
    for (int i = 0; i < 3; i++)
        first[i] = slot_of_double(slot_double(first[i]));
    double index = slot_double(first[0]), limit = slot_double(first[1]);
    return slot_double(first[2]) > 0 ? index <= limit : index >= limit;
}
