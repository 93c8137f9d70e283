// Checks that a source is text before anything looks at its tokens, so that the lexer may take
// UTF-8 for granted, and whoever prints a part of it can't cut a character in two or write bytes
// to a terminal that mean something else there. NUL is refused although it is UTF-8: names and
// selectors are C strings. One error a line is enough for a file that isn't text at all.
#include "frontend/syntax/state.h"
#include "support/characters.h"

bool syntax_check_encoding(Diagnostics *diagnostics) {
    const char *bytes = diagnostics->source.text;
    size_t length = diagnostics->source.length, line_start = 0;
    int line = source_first_line(&diagnostics->source), reported = 0;
    bool good = true;
    for (size_t i = 0; i < length;) {
        // Nearly all of a source is ASCII, and every start of `som` reads the core library.
        size_t step = (signed char)bytes[i] > 0 ? 1 : character_length(bytes + i, length - i);
        if ((step == 0 || bytes[i] == 0) && reported < line) {
            Location at = {line, (int)(i - line_start) + 1};
            if (step == 0)
                diagnostic_error(diagnostics, at, "byte 0x%02X: the source is not valid UTF-8",
                                 (unsigned char)bytes[i]);
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
