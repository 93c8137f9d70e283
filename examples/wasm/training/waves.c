// Training: a plane wave stepped through a grid, with particles that bounce: structures of doubles
// in memory, comparisons, branches.
#include "../c/program.h"

enum { SIDE = 24, PARTICLES = 40 };

typedef struct Particle {
    double x, y, z, dx, dy, dz, weight;
} Particle;

static double now[SIDE][SIDE], before[SIDE][SIDE];
static Particle particles[PARTICLES];

static void step_grid(void) {
    for (int row = 1; row < SIDE - 1; row++)
        for (int column = 1; column < SIDE - 1; column++) {
            double bend = now[row - 1][column] + now[row + 1][column] + now[row][column - 1] +
                          now[row][column + 1] - 4 * now[row][column];
            before[row][column] = 2 * now[row][column] - before[row][column] + 0.1 * bend;
        }
    for (int row = 1; row < SIDE - 1; row++)
        for (int column = 1; column < SIDE - 1; column++) {
            double kept = now[row][column];
            now[row][column] = before[row][column];
            before[row][column] = kept;
        }
}

static void step_particles(double time) {
    for (Particle *one = particles; one < particles + PARTICLES; one++) {
        double square = one->x * one->x + one->y * one->y + one->z * one->z;
        double pull = -time / (1 + square * __builtin_sqrt(square));
        one->dx += one->x * pull * one->weight;
        one->dy += one->y * pull * one->weight;
        one->dz += one->z * pull * one->weight;
        one->x += time * one->dx;
        one->y += time * one->dy;
        one->z += time * one->dz;
        if (one->x * one->x > 9)
            one->dx = -one->dx;
    }
}

void _start(void) {
    now[SIDE / 2][SIDE / 2] = before[SIDE / 2][SIDE / 2] = 1;
    for (int i = 0; i < PARTICLES; i++)
        particles[i] = (Particle){i * 0.1, 1 - i * 0.05, 0.3, 0.01 * i, -0.02, 0.03, 1 + i % 3};
    for (int round = 0; round < 12; round++) {
        step_grid();
        for (int i = 0; i < 4; i++)
            step_particles(0.01);
    }
    double sum = 0;
    for (int i = 0; i < PARTICLES; i++)
        sum += particles[i].x * particles[i].y + particles[i].dz;
    print_number((long long)(sum * 1e9));
    print_number((long long)(now[SIDE / 3][SIDE / 3] * 1e9));
}
