"""12. Two threads add to one counter. The claim: it is at least what both have added. Each notes how often it has added,
after it did; the counter is read after both notes."""

from gil_demo import GilDemo, demonstrate


class Counter(GilDemo):
    def begin(self):
        self.counter = 0
        self.turns = [0, 0]

    def parts(self):
        return [lambda: self.count(0), lambda: self.count(1)]

    def count(self, number):
        turns = self.turns
        while not self.is_over:
            self.increment()
            turns[number] = turns[number] + 1
            if turns[0] + turns[1] > self.counter:
                self.violated()
        self.counted(turns[number])

    def increment(self):
        self.counter = self.counter + 1


if __name__ == "__main__":
    demonstrate(Counter)
