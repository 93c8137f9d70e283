"""6. Two threads call a method from the same place in the program, of objects of different classes, in turn. The claim:
each gets the answer of the object that it asked."""

from gil_demo import GilDemo, demonstrate


class Triangle:
    def corners(self):
        return 3


class Polygon:
    def __init__(self, corners):
        self.number = corners

    def corners(self):
        return self.number


class Star:
    def __init__(self, rays):
        self.rays = rays

    def corners(self):
        return self.rays * 2


class OneCallSite(GilDemo):
    def begin(self):
        self.shapes = [Triangle(), Polygon(7), Star(5)]
        self.corners = [3, 7, 10]

    def parts(self):
        return [lambda: self.ask(0, 1), lambda: self.ask(2, 2)]

    def ask(self, number, step):
        """Forwards or, by steps of 2 of 3, backwards."""
        turns = 0
        while not self.is_over:
            if self.corners_of(self.shapes[number]) != self.corners[number]:
                self.violated()
            number += step
            if number > 2:
                number -= 3
            turns += 1
        self.counted(turns)

    def corners_of(self, shape):
        return shape.corners()


if __name__ == "__main__":
    demonstrate(OneCallSite)
