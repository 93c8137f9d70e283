"""9. A thread waits in an empty loop for a flag that another one clears after a sleep. The claim: the loop ends. What
has not ended ten seconds after the flag was cleared is taken not to end."""

import threading
import time

from gil_demo import GilDemo, demonstrate


class ClearedFlag(GilDemo):
    def parts(self):
        return [self.clear]

    def clear(self):
        turns = 0
        while not self.is_over:
            self.is_set = True
            waiting = threading.Thread(target=self.wait, daemon=True)
            waiting.start()
            time.sleep(0.002)
            self.is_set = False
            waiting.join(10)
            if waiting.is_alive():
                self.violated()
            turns += 1
        self.counted(turns)

    def wait(self):
        while self.is_set:
            pass


if __name__ == "__main__":
    demonstrate(ClearedFlag)
