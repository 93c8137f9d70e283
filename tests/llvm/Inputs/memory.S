/* pc is a field of the frame (%rsi), and the dispatch checks the range: one instruction of each class but "other". */
#include "by-hand.inc"
step_handler:
        LINE(5)
        addq %rdx, (%rcx)
        DISPATCH_BEGIN
        LINE(7)
        addq $2, 16(%rsi)
        jmp shared
shared:
        movq 8(%rsp), %rbx
        movq 8(%rsi), %rcx
        movq 16(%rsi), %rax
        movq 8(%rcx), %rdi
        movzwl (%rdi,%rax,2), %edx
        cmpq $1, %rdx
        ja stop_handler
        leaq (%rdi,%rax,2), %rdi
        movq %rbx, %r13
        movq %r13, 24(%rsp)
        movq table(,%rdx,8), %rax
        jmpq *%rax
        DISPATCH_END
stop_handler:
        LINE(6)
        ret
#define BY_HAND_END
#include "by-hand.inc"
