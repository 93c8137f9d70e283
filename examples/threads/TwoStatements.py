"""4. As TwoPairs, but to insert and to remove are two statements that are calls, as they usually are."""

from gil_demo import demonstrate
from TwoPairs import TwoPairs


class TwoStatements(TwoPairs):
    def change(self):
        while not self.is_over:
            self.insert()
            self.remove()

    def insert(self):
        self.element = "third"

    def remove(self):
        self.element = None


if __name__ == "__main__":
    demonstrate(TwoStatements)
