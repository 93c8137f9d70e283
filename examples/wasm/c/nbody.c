// Five bodies that attract each other, moved in small steps; what is printed is their energy in
// units of 1e-9, before and after.
#include "program.h"

enum { BODIES = 5 };

typedef struct Body {
    double x, y, z, vx, vy, vz, mass;
} Body;

static const double pi = 3.141592653589793, days = 365.24;
static Body bodies[BODIES];

static void place(Body *body, double x, double y, double z, double vx, double vy, double vz,
                  double suns) {
    *body = (Body){x, y, z, vx * days, vy * days, vz * days, suns * 4 * pi * pi};
}

static void begin(void) {
    place(&bodies[0], 0, 0, 0, 0, 0, 0, 1);
    place(&bodies[1], 4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
          0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023,
          0.000954791938424326609);
    place(&bodies[2], 8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
          -0.00276742510726411, 0.00499852801234917238, 0.0000230417297573763929,
          0.000285885980666130812);
    place(&bodies[3], 12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
          0.00296460137564761618, 0.0023784717395948095, -0.0000296589568540237556,
          0.0000436624404335156298);
    place(&bodies[4], 15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
          0.00268067772490389322, 0.00162824170038242295, -0.000095159225451971587,
          0.0000515138902046611451);
    double px = 0, py = 0, pz = 0;
    for (int i = 0; i < BODIES; i++) {
        px += bodies[i].vx * bodies[i].mass;
        py += bodies[i].vy * bodies[i].mass;
        pz += bodies[i].vz * bodies[i].mass;
    }
    bodies[0].vx = -px / bodies[0].mass;
    bodies[0].vy = -py / bodies[0].mass;
    bodies[0].vz = -pz / bodies[0].mass;
}

static void advance(double step) {
    for (int i = 0; i < BODIES; i++)
        for (int j = i + 1; j < BODIES; j++) {
            Body *one = &bodies[i], *other = &bodies[j];
            double x = one->x - other->x, y = one->y - other->y, z = one->z - other->z;
            double square = x * x + y * y + z * z;
            double force = step / (square * __builtin_sqrt(square));
            one->vx -= x * other->mass * force;
            one->vy -= y * other->mass * force;
            one->vz -= z * other->mass * force;
            other->vx += x * one->mass * force;
            other->vy += y * one->mass * force;
            other->vz += z * one->mass * force;
        }
    for (int i = 0; i < BODIES; i++) {
        bodies[i].x += step * bodies[i].vx;
        bodies[i].y += step * bodies[i].vy;
        bodies[i].z += step * bodies[i].vz;
    }
}

static double energy(void) {
    double sum = 0;
    for (int i = 0; i < BODIES; i++) {
        const Body *one = &bodies[i];
        sum += 0.5 * one->mass * (one->vx * one->vx + one->vy * one->vy + one->vz * one->vz);
        for (int j = i + 1; j < BODIES; j++) {
            double x = one->x - bodies[j].x, y = one->y - bodies[j].y, z = one->z - bodies[j].z;
            sum -= one->mass * bodies[j].mass / __builtin_sqrt(x * x + y * y + z * z);
        }
    }
    return sum;
}

void _start(void) {
    int steps = problem_size(100000);
    begin();
    print_number((long long)(energy() * 1e9));
    for (int i = 0; i < steps; i++)
        advance(0.01);
    print_number((long long)(energy() * 1e9));
}
