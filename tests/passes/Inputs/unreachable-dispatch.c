#include <stdint.h>
#include <stdio.h>

void report(int64_t number) {
    printf("%lld\n", (long long)number);
}

int run(void (*loop)(void *thread, void *frame)) {
    int64_t memory[2] = {0};
    loop(memory, memory);
    return 0;
}

#ifdef MAIN
void interpret(void *thread, void *frame);

int main(void) {
    return run(interpret);
}
#endif
