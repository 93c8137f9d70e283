/* What `loopwright dispatch` needs beside code: an image with two bytecodes, `step` and `stop`, and
   debug information by hand: LINE(n) gives what follows to a line of the definition, DISPATCH_BEGIN
   to DISPATCH_END lie in the scope of the dispatch. A file includes this, writes code from `begin`
   to `end`, with handlers step_handler and stop_handler, and includes it again with BY_HAND_END for
   the rest. */
#ifndef BY_HAND_END
#define LINE(n) .loc 1 n 3
#define DISPATCH_BEGIN                                                                             \
    dispatch_begin:
#define DISPATCH_END                                                                               \
    dispatch_end:
.file 1 "by-hand.som".text begin:
#else
end :.section.rodata.globl loopwright_image.type loopwright_image,
    @object loopwright_image
    :.ascii "loopwright 2\nbytecode 0 step base length 1\nbytecode 1 stop base length 1\n".byte 0
         .section.data.rel.ro,
    "aw".balign 8 table :.quad step_handler,
    stop_handler

        .section.debug_abbrev,
    "", @progbits.uleb128 1,
    0x11 /* compile unit, with children */
        .byte 1.uleb128 0x25,
    0x08, 0x03, 0x08, 0x10, 0x17, 0x11, 0x01, 0x12, 0x07, 0, 0.uleb128 2,
    0x2e /* subprogram "dispatch" */
        .byte 0.uleb128 0x03,
    0x08, 0, 0.uleb128 3,
    0x1d /* inlined subroutine */
        .byte 0.uleb128 0x31,
    0x13, 0x11, 0x01, 0x12, 0x07, 0, 0.uleb128 0.section.debug_info, "",
    @progbits unit :.long unit_end - unit_begin unit_begin
    :.short 4.long.debug_abbrev.byte 8.uleb128 1.asciz "loopwright",
    "by-hand.som".long.debug_line.quad begin,
    end - begin abstract :.uleb128 2.asciz "dispatch".uleb128 3.long abstract -
        unit.quad dispatch_begin,
    dispatch_end - dispatch_begin.uleb128 0 unit_end :.section.debug_line, "",
    @progbits.section.note.GNU - stack, "", @progbits
#endif
