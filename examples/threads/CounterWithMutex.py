"""13. As Counter, but each adds with a lock in its hand."""

import threading

from Counter import Counter
from gil_demo import demonstrate


class CounterWithMutex(Counter):
    def begin(self):
        super().begin()
        self.guard = threading.Lock()

    def increment(self):
        with self.guard:
            self.counter = self.counter + 1


if __name__ == "__main__":
    demonstrate(CounterWithMutex)
