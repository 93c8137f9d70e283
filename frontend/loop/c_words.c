// The words that a C program has already, before it defines anything: keywords, and what
// the headers define that the generated one includes, or that hardly a program does
// without. A name of the definition that becomes one of them in C is changed where it is
// its own scope's (fields, arguments), and an error where it is everybody's.
#include "frontend/loop/header.h"

#include <ctype.h>
#include <string.h>

// Each word stands between blanks.
static const char keywords[] = // C17's, C23's, GNU C's
    " alignas alignof asm auto bool break case char const constexpr continue default do"
    " double else enum extern false float for goto if inline int long nullptr register"
    " restrict return short signed sizeof static static_assert struct switch thread_local"
    " true typedef typeof typeof_unqual union unsigned void volatile while ";

static const char macros[] = // of the compiler, or of a header
    " assert complex errno i386 imaginary linux noreturn offsetof stderr stdin stdout unix"
    " unreachable va_arg va_copy va_end va_start BUFSIZ CHAR_BIT CHAR_MAX CHAR_MIN"
    " CLOCKS_PER_SEC EDOM EILSEQ EOF ERANGE EXIT_FAILURE EXIT_SUCCESS FILENAME_MAX FOPEN_MAX"
    " HUGE_VAL I INFINITY INT_MAX INT_MIN INT_WIDTH LLONG_MAX LLONG_MIN LONG_MAX LONG_MIN"
    " MB_CUR_MAX MB_LEN_MAX NAN NDEBUG NULL RAND_MAX SCHAR_MAX SCHAR_MIN SEEK_CUR SEEK_END"
    " SEEK_SET SHRT_MAX SHRT_MIN TIME_UTC TMP_MAX UCHAR_MAX UINT_MAX ULLONG_MAX ULONG_MAX"
    " USHRT_MAX ";

static const char types[] = // those of <stdint.h> are is_integer_word's
    " char16_t char32_t char8_t clock_t div_t fpos_t ldiv_t lldiv_t max_align_t mbstate_t"
    " nullptr_t off_t pid_t ptrdiff_t sig_atomic_t size_t ssize_t time_t va_list wchar_t"
    " wctrans_t wctype_t wint_t DIR FILE ";

// Lists in one string are compact to read and to search; names have no blanks in them, so a
// word is found where it stands between two.
static bool is_in(const char *list, const char *name) {
    size_t length = strlen(name);
    for (const char *found = list; (found = strstr(found, name)); found += length)
        if (found[-1] == ' ' && found[length] == ' ')
            return true;
    return false;
}

static bool skip(const char **text, const char *prefix) {
    size_t length = strlen(prefix);
    bool found = strncmp(*text, prefix, length) == 0;
    *text += found ? length : 0;
    return found;
}

// `int_least8_t`, `uint64_c`, `intptr_max`, `size_max` and their relatives: a kind, a width and
// an end, whose combinations would make a list of hundreds.
static bool is_integer_word(const char *text) {
    static const char *const kinds[] = {"size", "ptrdiff", "wchar", "wint", "sig_atomic"};
    bool found = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !found; i++)
        found = skip(&text, kinds[i]);
    if (!found) {
        skip(&text, "u");
        if (!skip(&text, "int"))
            return false;
        if (!skip(&text, "ptr") && !skip(&text, "max") && !skip(&text, "_least"))
            skip(&text, "_fast");
        while (isdigit((unsigned char)*text))
            text++;
    }
    static const char *const ends[] = {"_t", "_c", "_max", "_min", "_width"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (!strcmp(text, ends[i]))
            return true;
    return false;
}

bool loop_is_c_word(const char *name) {
    if (is_in(keywords, name) || is_in(macros, name) || is_in(types, name))
        return true;
    // Types are in lower case, macros in upper case: a name of mixed case is neither.
    char lower[32];
    size_t length = strlen(name), capitals = 0, small = 0;
    if (length >= sizeof lower)
        return false;
    for (size_t i = 0; i <= length; i++) {
        capitals += isupper((unsigned char)name[i]) != 0;
        small += islower((unsigned char)name[i]) != 0;
        lower[i] = (char)tolower((unsigned char)name[i]);
    }
    return (!capitals || !small) && is_integer_word(lower);
}
