"""3. As OnePair, but the loop inserts and removes twice, with a call between the pairs; and the reader makes a call for
the size and for each member."""

from gil_demo import demonstrate
from OnePair import OnePair


class TwoPairs(OnePair):
    def change(self):
        while not self.is_over:
            self.element = "third"
            self.element = None
            self.call()
            self.element = "third"
            self.element = None

    def call(self):
        pass

    def do_both_agree(self):
        return self.size() == self.count("first") + self.count("second") + self.count("third")

    def size(self):
        return 0 if self.element is None else 1

    def count(self, key):
        return 1 if self.element == key else 0


if __name__ == "__main__":
    demonstrate(TwoPairs)
