// Integers of any size: inline ones and large ones behind one interface. Large ones are
// read in place through GMP's read-only views, which an allocation makes invalid;
// results are worked out first and become objects last.
#ifndef RUNTIME_OBJECTS_INTEGER_H
#define RUNTIME_OBJECTS_INTEGER_H

#include "runtime/objects/object.h"

// Whether a value is an integer, inline or large; whether it is that or a double.
bool value_is_whole(Value value);
bool value_is_number(Value value);

// A view of an integer as a GMP number. Valid until something is allocated.
typedef struct IntegerView {
    mpz_t number;
    mp_limb_t limb;
} IntegerView;

// Fills the view from a whole value and answers its number.
mpz_srcptr integer_view(IntegerView *view, Value value);

// The value of a number; FAILED if the heap is exhausted. `integer_from` takes any
// GMP number, which stays the caller's.
Value integer_new(Thread *thread, Frame *frame, int64_t number);
Value integer_from(Thread *thread, Frame *frame, mpz_srcptr number);

// The same for the whole part of a finite double.
Value integer_from_double(Thread *thread, Frame *frame, double number);

// The integer with these decimal digits, `-` in front if negative; it doesn't move.
Value integer_literal(Vm *vm, const char *digits);

// Parses decimal digits with an optional sign in front, nothing else. False if that
// isn't what the text is. `number` must be initialised.
bool integer_parse(const char *chars, size_t length, mpz_t number);

// The number if it fits into 64 bits.
bool integer_fits(Value value, int64_t *number);

// An integer's lowest 64 bits, in two's complement.
uint64_t integer_low_bits(Value value);

// The double nearest to an integer; an infinity for what is beyond them.
double integer_as_double(Value value);

// -1, 0, 1 for two numbers, exact between integers and doubles; 2 if one is no number
// in order (a NaN).
int number_compare(Value left, Value right);

// The hash of a number, an inline integer. Equal numbers have equal ones; a small integer's
// is itself.
Value number_hash(Value number);

// Whether there is memory for an operation of GMP's whose operands and results have so
// many bits; notes the failure if there is none. What takes little memory may do without:
// if there isn't even that, the program ends with a message.
bool integer_room(Thread *thread, double bits);

// Has GMP end the program like that; process-wide. Before anything else here.
void integer_start(void);

// Writes the decimal digits: the result is malloc's, to be freed by the caller.
char *integer_digits(Value value);

#endif
