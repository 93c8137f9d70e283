// Training: tables filled from left to right (common subsequences, a knapsack, distances), paths in
// a graph, a queue, and a depth-first walk.
#include "../c/program.h"

enum { LENGTH = 60, WEIGHT = 200, NODES = 40 };

static int lengths[LENGTH + 1][LENGTH + 1], best[WEIGHT + 1], distance[NODES][NODES];
static int queue[NODES], seen[NODES], steps[NODES];
static unsigned char left[LENGTH], right[LENGTH], edges[NODES][NODES];
static unsigned seed = 99;

static int random(int below) {
    seed = seed * 69069u + 1u;
    return (int)((seed >> 8) % (unsigned)below);
}

static int common(void) {
    for (int i = 1; i <= LENGTH; i++)
        for (int j = 1; j <= LENGTH; j++) {
            int above = lengths[i - 1][j], before = lengths[i][j - 1];
            lengths[i][j] = left[i - 1] == right[j - 1] ? lengths[i - 1][j - 1] + 1
                            : above > before            ? above
                                                        : before;
        }
    return lengths[LENGTH][LENGTH];
}

static int knapsack(void) {
    for (int item = 0; item < 12; item++) {
        int weight = 5 + random(40), worth = 1 + random(100);
        for (int room = WEIGHT; room >= weight; room--) {
            int with = best[room - weight] + worth;
            if (with > best[room])
                best[room] = with;
        }
    }
    return best[WEIGHT];
}

static int floyd(void) {
    int sum = 0;
    for (int k = 0; k < NODES; k++)
        for (int i = 0; i < NODES; i++)
            for (int j = 0; j < NODES; j++)
                if (distance[i][k] + distance[k][j] < distance[i][j])
                    distance[i][j] = distance[i][k] + distance[k][j];
    for (int i = 0; i < NODES; i++)
        sum += distance[0][i];
    return sum;
}

static int breadth(int start) {
    int head = 0, tail = 0, sum = 0;
    for (int i = 0; i < NODES; i++)
        steps[i] = -1;
    steps[start] = 0;
    queue[tail++] = start;
    while (head < tail) {
        int node = queue[head++];
        sum += steps[node];
        for (int other = 0; other < NODES; other++)
            if (edges[node][other] && steps[other] < 0) {
                steps[other] = steps[node] + 1;
                queue[tail++] = other;
            }
    }
    return sum;
}

static int depth(int node, int length) {
    int most = length;
    seen[node] = 1;
    for (int other = 0; other < NODES; other++)
        if (edges[node][other] && !seen[other]) {
            int found = depth(other, length + 1);
            most = found > most ? found : most;
        }
    return most;
}

void _start(void) {
    for (int i = 0; i < LENGTH; i++) {
        left[i] = (unsigned char)random(6);
        right[i] = (unsigned char)random(6);
    }
    for (int i = 0; i < NODES; i++)
        for (int j = 0; j < NODES; j++) {
            edges[i][j] = random(12) == 0;
            distance[i][j] = i == j ? 0 : edges[i][j] ? 1 + random(9) : 1000;
        }
    print_number(common());
    print_number(knapsack());
    print_number(floyd());
    print_number(breadth(3));
    print_number(depth(0, 0));
}
