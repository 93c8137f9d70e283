"""What the counterparts in Python have in common, as GilDemo.som has it for the demonstrations: a claim that is put
to the test until it turns out wrong or the time is over.

Each NAME.py is run as `python3 NAME.py [SECONDS [INTERVAL]]` and prints `violated N` or `holds N`, where N says how
many rounds it took. They do step by step what NAME.som does: what is one bytecode there, such as to read a variable
of the object, is one here. What is different is said where it is.

INTERVAL, in microseconds, is how long a thread may run while others want to. 0 is taken for the least that Python can
do.
"""

import sys
import threading


class GilDemo:
    def __init__(self):
        self.is_over = self.is_violated = False
        self.rounds = 0
        self.mutex = threading.Lock()
        self.end = threading.Event()
        self.begin()

    def begin(self):
        """How its variables begin."""

    def parts(self):
        """Functions, one a thread."""
        raise NotImplementedError

    def counted(self, number):
        """So many rounds were made."""
        with self.mutex:
            self.rounds += number

    def violated(self):
        """The claim is wrong."""
        self.is_over = self.is_violated = True
        self.end.set()

    def run(self, seconds):
        barrier = threading.Barrier(len(self.parts()))
        failures = []

        def start(part):
            try:
                barrier.wait()
                part()
            except BaseException:
                failures.append(part)
                self.violated()
                raise

        threads = [threading.Thread(target=start, args=(part,)) for part in self.parts()]
        for thread in threads:
            thread.start()
        self.end.wait(seconds)
        self.is_over = True
        for thread in threads:
            thread.join()
        if failures:
            sys.exit(1)
        print("violated" if self.is_violated else "holds", self.rounds)


def demonstrate(demo):
    words = sys.argv[1:]
    try:
        seconds = float(words[0]) if words else 1.0
        interval = int(words[1]) if len(words) > 1 else 5000
    except ValueError:
        seconds = interval = -1
    if len(words) > 2 or not seconds >= 0 or interval < 0:
        sys.exit("usage: python3 %s [SECONDS [INTERVAL]]" % sys.argv[0])
    sys.setswitchinterval(max(interval, 1) / 1e6)
    demo().run(seconds)
