/* Code that can be anywhere: the table's address is computed, and its slots are the loader's to fill in. */
#include "by-hand.inc"
step_handler:
        LINE(5)
        movq %rax, (%rcx)
        DISPATCH_BEGIN
        LINE(7)
        movzwl 2(%rsi), %eax
        addq $2, %rsi
        leaq table(%rip), %rdx
        movq (%rdx,%rax,8), %rax
        jmpq *%rax
        DISPATCH_END
stop_handler:
        LINE(6)
        ret
#define BY_HAND_END
#include "by-hand.inc"
