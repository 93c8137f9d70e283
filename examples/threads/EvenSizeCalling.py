"""7. As EvenSize, but something is called between one insertion and the next."""

from gil_demo import demonstrate
from EvenSize import EvenSize


class EvenSizeCalling(EvenSize):
    def change(self):
        while not self.is_over:
            self.size = self.size + 1
            self.call()
            self.size = self.size + 1
            self.size = self.size - 1
            self.call()
            self.size = self.size - 1

    def call(self):
        pass


if __name__ == "__main__":
    demonstrate(EvenSizeCalling)
