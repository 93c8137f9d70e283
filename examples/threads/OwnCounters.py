"""1. Ten threads count, each for itself, in one list. The claim: each counter is at the number of its thread's rounds."""

from gil_demo import GilDemo, demonstrate


class OwnCounters(GilDemo):
    def begin(self):
        self.counters = [0] * 10

    def parts(self):
        return [lambda number=number: self.count(number) for number in range(10)]

    def count(self, number):
        turns = 0
        while not self.is_over:
            self.counters[number] = self.counters[number] + 1
            turns += 1
        if turns != self.counters[number]:
            self.violated()
        self.counted(turns)


if __name__ == "__main__":
    demonstrate(OwnCounters)
