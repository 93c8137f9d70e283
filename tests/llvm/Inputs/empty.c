// The interpreter that operations.c needs, for a test that only links it.
void interpret(void *thread, void *frame);

void interpret(void *thread, void *frame) {
    (void)thread, (void)frame;
}
