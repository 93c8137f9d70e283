"""What bench/programs/Scaling.som does, in Python: `scaling.py NAME COUNT` prints microseconds."""
import sys
import time


def append(count):
    text = ""
    for _ in range(count):
        text = text + "x"
    assert len(text) == count


def join(count):
    words = [None] * count
    for i in range(count):
        words[i] = "word"
    assert len(", ".join(words)) == count * 6 - 2


def dictionary(count):
    values, total = {}, 0
    for i in range(1, count + 1):
        values["key" + str(i)] = i
    for i in range(1, count + 1):
        total += values["key" + str(i)]
    for i in range(1, count + 1):
        del values["key" + str(i)]
    assert total == (count + 1) * count // 2 and not values


def set_(count):
    items, found = set(), 0
    for i in range(1, count + 1):
        items.add(i * 3)
    for i in range(1, count + 1):
        if i in items:
            found += 1
    assert found == count // 3


def symbols(count):
    kept = [sys.intern("symbol" + str(i)) for i in range(1, count + 1)]
    assert kept[-1] is sys.intern("symbol" + str(count))


def globals_(count):
    names = globals()
    for i in range(1, count + 1):
        names["global" + str(i)] = i
    assert names["global" + str(count)] == count


TASKS = {"append": append, "join": join, "dictionary": dictionary, "set": set_, "symbols": symbols,
         "globals": globals_}
start = time.perf_counter()
TASKS[sys.argv[1]](int(sys.argv[2]))
print(int((time.perf_counter() - start) * 1e6))
