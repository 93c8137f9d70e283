/* pc is an address in a register, moved by a copy and by what a jump reads; setne is of no class. */
#include "by-hand.inc"
step_handler:
        LINE(5)
        movslq 2(%r9), %rax
        movq %rax, (%rcx)
        DISPATCH_BEGIN
        LINE(7)
        leaq (%r9,%rax,2), %r12
        movq %r12, %r13
        movzwl 4(%r13), %eax
        addq $4, %r13
        setne %bl
        jmpq *table(,%rax,8)
        DISPATCH_END
stop_handler:
        LINE(6)
        ret
#define BY_HAND_END
#include "by-hand.inc"
