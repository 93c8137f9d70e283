/* A machine frame is given back on the path, and pc is stored from a register in which it was computed. */
#include "by-hand.inc"
step_handler:
        LINE(5)
        pushq %rbx
        movq %rax, (%rcx)
        DISPATCH_BEGIN
        LINE(7)
        subq %r11, %r9
        sarq $1, %r9
        movq %r9, 16(%rsi)
        popq %rbx
        movzwl (%r11,%r9,2), %eax
        movq table(,%rax,8), %rax
        jmpq *%rax
        DISPATCH_END
stop_handler:
        LINE(6)
        ret
#define BY_HAND_END
#include "by-hand.inc"
