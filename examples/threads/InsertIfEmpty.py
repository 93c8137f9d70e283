"""5. Two threads insert an element if there is none, remove it if there is one, and look at the size. The claim: it is
never negative, and never above one. Of the collection there is the size alone."""

from gil_demo import GilDemo, demonstrate


class InsertIfEmpty(GilDemo):
    def begin(self):
        self.size = 0

    def parts(self):
        return [self.change, self.change]

    def change(self):
        turns = 0
        while not self.is_over:
            if self.size == 0:
                self.size = self.size + 1
            if self.size > 1:
                self.violated()
            if self.size > 0:
                self.size = self.size - 1
            if self.size < 0:
                self.violated()
            turns += 1
        self.counted(turns)


if __name__ == "__main__":
    demonstrate(InsertIfEmpty)
