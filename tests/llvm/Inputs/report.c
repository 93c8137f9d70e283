#include <stdint.h>
#include <stdio.h>

void report(int64_t number) {
    printf("%lld\n", (long long)number);
}

void interpret(void *thread, void *frame);

int main(void) {
    int64_t memory[2] = {0};
    interpret(memory, memory);
    return 0;
}
