// Numbers as SOM programs see them: no seam between inline and large integers, exact
// comparisons, how numbers are written, and what arithmetic refuses.
#include "tests/unit/runtime_fixture.h"

#include "runtime/objects/integer.h"
#include "support/double_text.h"

static int open_machine(void **state) {
    Fixture *fixture = calloc(1, sizeof *fixture);
    fixture_open_engine(fixture, true);
    *state = fixture;
    return fixture_open_vm(fixture, (SomOptions){0}) ? 0 : -1;
}

static int close_machine(void **state) {
    fixture_close(*state);
    free(*state);
    return 0;
}

static void a_tag_holds_49_bits(void **state) {
    (void)state;
    const int64_t limit = INT64_C(1) << 48;
    assert_true(integer_is_inline(limit - 1) && integer_is_inline(-limit));
    assert_false(integer_is_inline(limit) || integer_is_inline(-limit - 1));
    const int64_t numbers[] = {0, 1, -1, limit - 1, -limit};
    for (size_t i = 0; i < 5; i++) {
        Value value = value_of_integer(numbers[i]);
        assert_true(value_is_integer(value));
        assert_false(value_is_double(value) || value_is_object(value));
        assert_true(value_integer(value) == numbers[i]);
    }
}

static void every_nan_becomes_the_same_double(void **state) {
    (void)state;
    const uint64_t bits[] = {UINT64_C(0x7FF0000000000001), UINT64_C(0xFFFFFFFFFFFFFFFF),
                             UINT64_C(0xFFFA000000000000), UINT64_C(0xFFF8000000000000)};
    for (size_t i = 0; i < 4; i++) {
        double number;
        memcpy(&number, &bits[i], sizeof number);
        assert_true(value_is_double(value_of_double(number)));
        assert_true(value_of_double(number) == value_of_double(-number));
    }
    assert_true(value_is_double(value_of_double(-__builtin_inf())));
}

static void results_leave_the_inline_range_and_come_back(void **state) {
    const Expectation table[] = {
        {"281474976710655 + 1", "281474976710656"},
        {"281474976710655 + 1 - 1", "281474976710655"},
        {"0 - 281474976710655 - 1", "-281474976710656"},
        {"0 - 281474976710655 - 2", "-281474976710657"},
        {"(0 - 281474976710655 - 2) + 1", "-281474976710656"},
        {"16777216 * 16777216", "281474976710656"},
        {"281474976710656 = (16777216 * 16777216)", "true"},
        {"281474976710656 == (16777216 * 16777216)", "true"},
        {"(1 << 100) - (1 << 100) + 7", "7"},
        {"(1 << 100) * (1 << 100) / (1 << 199)", "2"},
        {"(1 << 100) hashcode = (1 << 100) hashcode", "true"},
        {"(1 << 100) class == 1 class", "true"},
        {"170141183460469231731687303715884105728", "170141183460469231731687303715884105728"},
        {"170141183460469231731687303715884105728 negated asString length", "40"},
        {"(2 raisedTo: 100)", "1267650600228229401496703205376"},
        {"(-3 raisedTo: 5)", "-243"},
        {"(7 raisedTo: 0)", "1"},
        {"(7 raisedTo: -2)", "1"},
        {"(3 raisedTo: 4.9)", "81"},
        {"(3 raisedTo: 200000) asString length", "95425"},
    };
    FIXTURE_CHECK(*state, table);
}

static void division_cuts_off_and_the_remainders_differ_in_sign(void **state) {
    const Expectation table[] = {
        {"7 / 2", "3"},
        {"-7 / 2", "-3"},
        {"(1 << 70) negated / (1 << 69)", "-2"},
        {"-7 % 2", "1"},
        {"7 % -2", "-1"},
        {"-7 rem: 2", "-1"},
        {"7 rem: -2", "1"},
        {"((1 << 70) negated - 1) % (1 << 69)", "590295810358705651711"},
        {"((1 << 70) negated - 1) rem: (1 << 69)", "-1"},
        {"7 // 2", "3.5"},
        {"7.5 % 2", "1.5"},
        {"25 sqrt", "5"},
        {"2 sqrt", "1.4142135623730951"},
        {"(1 << 100) sqrt", "1125899906842624"},
    };
    FIXTURE_CHECK(*state, table);
}

static void bit_operations_are_those_of_infinite_twos_complement(void **state) {
    const Expectation table[] = {
        {"-1 & (1 << 80)", "1208925819614629174706176"},
        {"(-1 << 80) bitXor: -1", "1208925819614629174706175"},
        {"-1 << 80", "-1208925819614629174706176"},
        {"-1 >>> 1", "9223372036854775807"},
        {"-1 >>> 0", "18446744073709551615"},
        {"((1 << 64) + 5) >>> 1", "2"},
        {"1 >>> 64", "0"},
        {"(1 << 31) as32BitSignedValue", "-2147483648"},
        {"-1 as32BitUnsignedValue", "4294967295"},
        {"-9223372036854775296 as32BitUnsignedValue", "512"},
    };
    FIXTURE_CHECK(*state, table);
}

static void integers_and_doubles_compare_exactly(void **state) {
    const Expectation table[] = {
        {"9007199254740993 = 9007199254740992.0", "false"},
        {"9007199254740993 > 9007199254740992.0", "true"},
        {"9007199254740992.0 < 9007199254740993", "true"},
        {"(1 << 60) = (1 << 60) asDouble", "true"},
        {"((1 << 60) + 1) = (1 << 60) asDouble", "false"},
        {"(1 << 2000) < Double PositiveInfinity", "true"},
        {"1 = 1.0", "true"},
        {"1.0 = 1", "true"},
        {"1 = 'one'", "false"},
        {"1 ~= nil", "true"},
        {"(0.0 // 0.0) = (0.0 // 0.0)", "false"},
        {"(0.0 // 0.0) <= 1", "false"},
        {"(0.0 // 0.0) >= 1", "false"},
        {"0.0 = -0.0", "true"},
        {"3 < 3.5", "true"},
    };
    FIXTURE_CHECK(*state, table);
}

static void equal_numbers_have_equal_hashes(void **state) {
    const Expectation table[] = {
        {"3 hashcode = 3.0 hashcode", "true"},
        {"0 hashcode = -0.0 hashcode", "true"},
        {"281474976710655 hashcode = 281474976710655.0 hashcode", "true"},
        {"-281474976710656 hashcode = -281474976710656.0 hashcode", "true"},
        {"281474976710656 hashcode = 281474976710656.0 hashcode", "true"},
        {"-281474976710657 hashcode = -281474976710657.0 hashcode", "true"},
        {"(1 << 63) hashcode = (1 << 63) asDouble hashcode", "true"},
        {"(3 << 63) negated hashcode = (3 << 63) negated asDouble hashcode", "true"},
        {"(1 << 100) hashcode = (1 << 100) asDouble hashcode", "true"},
        {"0.5 hashcode = 0.5 hashcode", "true"},
        {"Double PositiveInfinity hashcode = Double PositiveInfinity hashcode", "true"},
    };
    FIXTURE_CHECK(*state, table);
}

static void a_large_integer_rounds_to_the_nearest_double(void **state) {
    const Expectation table[] = {
        {"9007199254740993 asDouble", "9007199254740992.0"},
        {"9007199254740995 asDouble", "9007199254740996.0"},
        {"((1 << 100) + (1 << 47)) asDouble = (1 << 100) asDouble", "true"},
        {"((1 << 100) + (1 << 47) + 1) asDouble > (1 << 100) asDouble", "true"},
        {"(1 << 1024) asDouble", "Infinity"},
        {"((1 << 1024) - 1) negated asDouble", "-Infinity"},
        {"(1 << 1023) asDouble asInteger = (1 << 1023)", "true"},
    };
    FIXTURE_CHECK(*state, table);
}

static void quotients_and_roots_beyond_the_doubles_round_to_the_nearest(void **state) {
    const Expectation table[] = {
        {"(1 << 2000) // (1 << 1999)", "2.0"},
        {"(1 << 1200) // (1 << 1100) = (1 << 100)", "true"},
        {"(1 << 2000) negated // ((1 << 2000) * 3)", "-0.3333333333333333"},
        {"9007199254740993 // 1", "9007199254740992.0"},
        {"9007199254740993 // -1", "-9007199254740992.0"},
        {"(9007199254740993 << 2000) // (1 << 2000)", "9007199254740992.0"},
        {"(9007199254740993 << 2000) + 1 // (1 << 2000)", "9007199254740994.0"},
        {"1 << 1024 // 1", "Infinity"},
        {"(1 << 1024) - (1 << 970) // 1", "Infinity"},
        {"(1 << 1024) - (1 << 970) - 1 // 1", "1.7976931348623157e308"},
        // Subnormals have fewer bits, and the last half goes to the even one: 0.
        {"1 // (1 << 1074)", "5.0e-324"},
        {"1 // (1 << 1075)", "0.0"},
        {"(1 << 100) + 1 // (1 << 1175)", "5.0e-324"},
        {"3 // (1 << 1075)", "1.0e-323"},
        {"9007199254740991 // (1 << 1075)", "2.2250738585072014e-308"},
        {"-1 // (1 << 1076)", "-0.0"},
        {"0 // (1 << 100) negated", "-0.0"},
        {"(1 << 1100) // 0", "Infinity"},
        {"(1 << 1100) sqrt = (1 << 550)", "true"},
        {"(1 << 1101) sqrt", "5.21209848151277e165"},
        {"9007199254740993 sqrt", "94906265.62425156"},
        {"((1 << 2100) + 1) sqrt", "Infinity"},
        {"((1 << 2046) - 1) sqrt", "8.98846567431158e307"},
        {"(1 << 100) negated sqrt", "NaN"},
    };
    FIXTURE_CHECK(*state, table);
}

static void a_large_integer_and_a_double_are_rounded_once(void **state) {
    const Expectation table[] = {
        {"9007199254740993 + 1.0", "9007199254740994.0"},
        {"1.0 + 9007199254740993", "9007199254740994.0"},
        {"9007199254740993 - 9007199254740992.0", "1.0"},
        {"9007199254740992.0 - 9007199254740993", "-1.0"},
        {"9007199254740993 * 3.0", "27021597764222980.0"},
        {"(1 << 1100) * (1 // (1 << 1074)) = (1 << 26)", "true"},
        {"(1 // (1 << 1000)) * (1 << 1100) = (1 << 100)", "true"},
        {"(1 << 1100) // (1 << 1000) asDouble = (1 << 100)", "true"},
        {"(1 << 1000) asDouble // (1 << 1100) = (1 // (1 << 100))", "true"},
        {"(1 << 1100) * 1.0", "Infinity"},
        {"(1 << 1100) * 0.0", "0.0"},
        {"(1 << 1100) negated * 0.0", "-0.0"},
        {"(1 << 1100) - Double PositiveInfinity", "-Infinity"},
        {"1.0 // (1 << 1100)", "0.0"},
        {"(1 << 1100) % 3.0", "1.0"},
        {"(1 << 1100) % -3.0", "-2.0"},
        {"9007199254740993 % 2.0", "1.0"},
        {"(1 << 1000) asDouble % ((1 << 999) - 1)", "2.0"},
        {"(1 << 100) / 0.5 = (1 << 101)", "true"},
        {"(1 << 1100) > (1 << 1023) asDouble", "true"},
        {"(1 << 1100) negated < Double PositiveInfinity negated", "false"},
    };
    FIXTURE_CHECK(*state, table);
}

static void doubles_are_written_with_as_few_digits_as_bring_them_back(void **state) {
    (void)state;
    static const struct {
        double number;
        const char *text;
    } table[] = {
        {0.0, "0.0"},
        {-0.0, "-0.0"},
        {1.0, "1.0"},
        {-1.5, "-1.5"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {100.0, "100.0"},
        {123456789.125, "123456789.125"},
        {0.00001, "0.00001"},
        {0.000001, "1.0e-6"},
        {1.25e-7, "1.25e-7"},
        {9007199254740993.0, "9007199254740992.0"},
        {12345678901234567.0, "12345678901234568.0"},
        {1e17, "1.0e17"},
        {1.7976931348623157e308, "1.7976931348623157e308"},
        {5e-324, "5.0e-324"},
        {__builtin_inf(), "Infinity"},
        {-__builtin_inf(), "-Infinity"},
        {__builtin_nan(""), "NaN"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char chars[DOUBLE_CHARS];
        size_t length = double_print(chars, table[i].number);
        assert_int_equal(length, strlen(table[i].text));
        assert_memory_equal(chars, table[i].text, length);
    }
}

static void texts_become_numbers_only_as_a_whole(void **state) {
    const Expectation table[] = {
        {"Integer fromString: '-12'", "-12"},
        {"Integer fromString: '922337203685477580700'", "922337203685477580700"},
        {"Integer fromString: 'abc'", "nil"},
        {"Integer fromString: ''", "nil"},
        {"Integer fromString: '-'", "nil"},
        {"Integer fromString: '12 '", "nil"},
        {"Double fromString: '-1.1'", "-1.1"},
        {"Double fromString: '0x10'", "NaN"},
        {"Double fromString: 'inf'", "NaN"},
        {"Double fromString: ''", "NaN"},
        {"1.9 asInteger", "1"},
        {"-1.9 asInteger", "-1"},
        {"2.5 round", "3"},
    };
    FIXTURE_CHECK(*state, table);
}

static void what_arithmetic_cannot_do_is_an_error(void **state) {
    static const struct {
        const char *expression, *reason;
    } table[] = {
        {"1 / 0", "ERROR: Integer>>/ failed: division by zero"},
        {"1 % 0", "ERROR: Integer>>% failed: division by zero"},
        {"(1 << 100) rem: 0", "ERROR: Integer>>rem: failed: division by zero"},
        {"1 + 'x'", "ERROR: Integer>>+ can't be done with arguments of class String"},
        {"1.5 * nil", "ERROR: Double>>* can't be done with arguments of class Nil"},
        {"1 < nil", "ERROR: Integer>>< can't be done with arguments of class Nil"},
        {"1 << -1", "ERROR: Integer>><< failed: a shift's distance must be between 0"},
        {"1 << (1 << 62)", "ERROR: Integer>><< failed: the result is too large for the heap"},
        {"(1 // 0) asInteger", "ERROR: Double>>asInteger failed: the receiver is no finite number"},
        {"0 atRandom", "ERROR: Integer>>atRandom failed: the receiver must be positive"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        Fixture *fixture = *state;
        const char *answer = fixture_evaluate(fixture, "", table[i].expression);
        if (strncmp(answer, table[i].reason, strlen(table[i].reason)))
            fail_msg("%s: %s", table[i].expression, answer);
        assert_int_equal(fixture->status, 1);
        assert_non_null(strstr(answer, ">>test ("));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_holds_49_bits),
        cmocka_unit_test(every_nan_becomes_the_same_double),
        cmocka_unit_test(results_leave_the_inline_range_and_come_back),
        cmocka_unit_test(division_cuts_off_and_the_remainders_differ_in_sign),
        cmocka_unit_test(bit_operations_are_those_of_infinite_twos_complement),
        cmocka_unit_test(integers_and_doubles_compare_exactly),
        cmocka_unit_test(equal_numbers_have_equal_hashes),
        cmocka_unit_test(a_large_integer_rounds_to_the_nearest_double),
        cmocka_unit_test(quotients_and_roots_beyond_the_doubles_round_to_the_nearest),
        cmocka_unit_test(a_large_integer_and_a_double_are_rounded_once),
        cmocka_unit_test(doubles_are_written_with_as_few_digits_as_bring_them_back),
        cmocka_unit_test(texts_become_numbers_only_as_a_whole),
        cmocka_unit_test(what_arithmetic_cannot_do_is_an_error),
    };
    return cmocka_run_group_tests(tests, open_machine, close_machine);
}
