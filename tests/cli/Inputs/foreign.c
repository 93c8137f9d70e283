// A program that is no interpreter.
int main(void) { return 0; }
