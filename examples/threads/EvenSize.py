"""8. One thread inserts two elements and removes two; another one looks at the size. The claim: it is even. Of the
collection there is the size alone."""

from gil_demo import GilDemo, demonstrate


class EvenSize(GilDemo):
    def begin(self):
        self.size = 0

    def parts(self):
        return [self.change, self.look]

    def change(self):
        while not self.is_over:
            self.size = self.size + 1
            self.size = self.size + 1
            self.size = self.size - 1
            self.size = self.size - 1

    def look(self):
        looks = 0
        while not self.is_over:
            if self.size & 1:
                self.violated()
            looks += 1
        self.counted(looks)


if __name__ == "__main__":
    demonstrate(EvenSize)
