"""10. A thread updates an element, while of two others one makes the collection larger and one smaller. The claim: the
element is what it was set to last.

The collection is Python's list, which copies itself within one bytecode. GrowingStorage.som copies in a loop, as
collections in SOM are written in SOM; so the claim may hold here and be wrong there."""

from gil_demo import GilDemo, demonstrate


class GrowingStorage(GilDemo):
    def begin(self):
        self.storage = [0] * 4

    def parts(self):
        return [self.update, self.grow, self.shrink]

    def update(self):
        last = 0
        while not self.is_over:
            if self.storage[0] != last:
                self.violated()
            last += 1
            self.storage[0] = last
        self.counted(last)

    def grow(self):
        while not self.is_over:
            if len(self.storage) < 8:
                self.storage.append(0)

    def shrink(self):
        while not self.is_over:
            if len(self.storage) > 4:
                self.storage.pop()


if __name__ == "__main__":
    demonstrate(GrowingStorage)
