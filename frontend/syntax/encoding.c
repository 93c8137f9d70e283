// Checks that a source is text before anything looks at its tokens, so that the
// lexer may take UTF-8 for granted.
#include "frontend/syntax/state.h"

// Number of bytes of the UTF-8 character at `bytes`, 0 if there is none: cut off,
// longer than needed, a surrogate, or beyond U+10FFFF (RFC 3629, section 4).
static size_t character_length(const unsigned char *bytes, size_t left) {
    unsigned char first = bytes[0];
    if (first < 0x80)
        return 1;
    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || left < length)
        return 0;
    unsigned char low = 0x80, high = 0xBF; // what the second byte may be
    if (first == 0xE0)
        low = 0xA0;
    else if (first == 0xED)
        high = 0x9F;
    else if (first == 0xF0)
        low = 0x90;
    else if (first == 0xF4)
        high = 0x8F;
    if (bytes[1] < low || bytes[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
    }
    return length;
}

bool syntax_check_encoding(Diagnostics *diagnostics) {
    const unsigned char *bytes = (const unsigned char *)diagnostics->source.text;
    size_t length = diagnostics->source.length, line_start = 0;
    int line = source_first_line(&diagnostics->source), reported = 0;
    bool good = true;
    for (size_t i = 0; i < length;) {
        size_t step = character_length(bytes + i, length - i);
        if ((step == 0 || bytes[i] == 0) && reported < line) {
            Location at = {line, (int)(i - line_start) + 1};
            if (step == 0)
                diagnostic_error(diagnostics, at, "byte 0x%02X: the source is not valid UTF-8",
                                 bytes[i]);
            else
                diagnostic_error(diagnostics, at, "NUL byte in the source");
            reported = line;
            good = false;
        }
        if (bytes[i] == '\n') {
            line++;
            line_start = i + 1;
        }
        i += step ? step : 1;
    }
    return good;
}
