"""11. Two threads take numbers from a common variable, and add one to it. The claim: no number is handed out twice.
Each ticks off its numbers in a list of its own, and then looks whether the other one has."""

from gil_demo import GilDemo, demonstrate

PLACES = 1 << 20


class HandedOutId(GilDemo):
    def begin(self):
        self.id = 0
        self.lists = [[None] * PLACES, [None] * PLACES]

    def parts(self):
        return [lambda: self.take(0), lambda: self.take(1)]

    def take(self, number):
        mine = self.lists[number]
        others = self.lists[1 - number]
        turns = 0
        while not self.is_over:
            x = self.id
            self.id = self.id + 1
            place = x & (PLACES - 1)
            mine[place] = x
            if others[place] == x:
                self.violated()
            turns += 1
        self.counted(turns)


if __name__ == "__main__":
    demonstrate(HandedOutId)
