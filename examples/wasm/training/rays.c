// Training: rays that meet spheres: small vectors by value and by address, square roots.
#include "../c/program.h"

enum { SPHERES = 6, SIDE = 20 };

typedef struct Vector {
    double x, y, z;
} Vector;

typedef struct Sphere {
    Vector center;
    double radius, light;
} Sphere;

static Sphere spheres[SPHERES];

static double dot(const Vector *left, const Vector *right) {
    return left->x * right->x + left->y * right->y + left->z * right->z;
}

static double meet(const Sphere *sphere, const Vector *from, const Vector *along) {
    Vector between = {from->x - sphere->center.x, from->y - sphere->center.y,
                      from->z - sphere->center.z};
    double b = dot(&between, along);
    double c = dot(&between, &between) - sphere->radius * sphere->radius;
    double square = b * b - c;
    return square < 0 ? -1 : -b - __builtin_sqrt(square);
}

static double brightness(Vector along) {
    static const Vector eye = {0, 0, -4};
    double nearest = 1e9, length = __builtin_sqrt(dot(&along, &along));
    const Sphere *hit = 0;
    along.x /= length;
    along.y /= length;
    along.z /= length;
    for (int i = 0; i < SPHERES; i++) {
        double distance = meet(&spheres[i], &eye, &along);
        if (distance > 0.001 && distance < nearest) {
            nearest = distance;
            hit = &spheres[i];
        }
    }
    if (!hit)
        return 0.1;
    Vector place = {eye.x + nearest * along.x - hit->center.x,
                    eye.y + nearest * along.y - hit->center.y,
                    eye.z + nearest * along.z - hit->center.z};
    double shade = (place.x + place.y - place.z) / hit->radius;
    return shade < 0 ? 0 : hit->light * shade;
}

void _start(void) {
    double sum = 0;
    for (int i = 0; i < SPHERES; i++)
        spheres[i] = (Sphere){{i * 0.7 - 2, 1 - i * 0.3, i * 0.5}, 0.4 + i * 0.1, 0.5 + 0.1 * i};
    for (int row = 0; row < SIDE; row++)
        for (int column = 0; column < SIDE; column++)
            sum += brightness((Vector){2.0 * column / SIDE - 1, 2.0 * row / SIDE - 1, 1.5});
    print_number((long long)(sum * 1e9));
}
