// Training: differential equations in small steps (Lorenz, a pendulum by Runge and Kutta, a
// predator and its prey), and two maps of the plane: sums of products, again and again.
#include "../c/program.h"

static double lorenz(int steps) {
    double x = 1, y = 1, z = 1, step = 0.005;
    for (int i = 0; i < steps; i++) {
        double dx = 10 * (y - x), dy = x * (28 - z) - y, dz = x * y - 2.667 * z;
        x += step * dx;
        y += step * dy;
        z += step * dz;
    }
    return x + y + z;
}

static double pull(double angle, double speed) {
    return -angle + angle * angle * angle / 6 - 0.1 * speed;
}

static double pendulum(int steps) {
    double angle = 1, speed = 0, step = 0.01;
    for (int i = 0; i < steps; i++) {
        double a = pull(angle, speed), b = pull(angle + step / 2 * speed, speed + step / 2 * a);
        double c = pull(angle + step / 2 * (speed + step / 2 * a), speed + step / 2 * b);
        angle += step * speed + step * step / 6 * (a + b + c);
        speed += step / 4 * (a + 2 * b + c);
    }
    return angle;
}

static double prey(int steps) {
    double few = 0.5, many = 2;
    while (steps-- > 0) {
        double born = many * (1.1 - 0.4 * few), died = few * (0.1 * many - 0.4);
        many += 0.01 * born;
        few += 0.01 * died;
    }
    return few * many;
}

static int spiral(double a, double b) {
    double x = 0.1, y = 0.2, xx, yy;
    int round = 0;
    do {
        xx = x * x;
        yy = y * y;
        double turned = 1 - a * xx + b * yy;
        y = a * x - b * y * x;
        x = turned;
        round++;
    } while (xx + yy < 50 && round < 200);
    return round;
}

static int burning(double a, double b) {
    double x = 0, y = 0;
    for (int round = 0; round < 100; round++) {
        double next = x * x - y * y + a;
        y = __builtin_fabs(2 * x * y) + b;
        x = next;
        if (x * x + y * y > 16)
            return round;
    }
    return 100;
}

void _start(void) {
    print_number((long long)(lorenz(2000) * 1e6));
    print_number((long long)(pendulum(1500) * 1e9));
    print_number((long long)(prey(1500) * 1e9));
    int rounds = 0;
    for (int row = 0; row < 12; row++)
        for (int column = 0; column < 12; column++) {
            rounds += spiral(0.2 * row - 1, 0.15 * column - 1);
            rounds += burning(0.25 * row - 2, 0.2 * column - 1.5);
        }
    print_number(rounds);
}
