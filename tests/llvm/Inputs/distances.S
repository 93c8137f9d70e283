/* Code that can be anywhere, as compilers make it of a switch: the table has distances from itself. */
#include "by-hand.inc"
step_handler:
        LINE(5)
        movq %rax, (%rcx)
        DISPATCH_BEGIN
        LINE(7)
        movzwl 2(%rsi), %eax
        addq $2, %rsi
        leaq distances(%rip), %rdx
        movslq (%rdx,%rax,4), %rax
        addq %rdx, %rax
        jmpq *%rax
        DISPATCH_END
stop_handler:
        LINE(6)
        ret
        .section .rodata
        .balign 4
distances:
        .long step_handler - distances, stop_handler - distances
        .text
#define BY_HAND_END
#include "by-hand.inc"
