// See variant_side.h.
#include "cli/variant_side.h"

Variant variant_side_loop(const VariantSide *side) {
    Variant variant = side->variant;
    if (side->input && variant_reads(side->input))
        variant.definition = side->input;
    return variant;
}

// Flags are told by their dash; no word at all is no further flag.
int variant_side_read(const Command *command, Arena *arena, const char *word, VariantSide *side) {
    if (*word != '-' && *word) {
        if (side->input)
            return command_usage_error(command, "more than one input: %s and %s", side->input,
                                       word);
        side->input = word;
        return command_check_loop(command, &side->variant, side->input);
    }
    Text error = {0};
    bool good = variant_parse(&side->variant, arena, word, &error);
    int status =
        good ? EXIT_OK
             : command_usage_error(command, "in --diff, '%s': %s", word, text_chars(&error));
    text_free(&error);
    return status ? status : command_check_loop(command, &side->variant, side->input);
}
