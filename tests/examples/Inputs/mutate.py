#!/usr/bin/env python3
"""Runs programs that are damaged at random, which must end as any program may: with exit status 0,
or 1 and an error that has a place. What runs for too long is ended, and counts as good.

usage: mutate.py SEED COUNT PROGRAM ... -- COMMAND ...     (the file is put after COMMAND)

What is made depends on SEED and the programs only. A mutant has some of its words left out,
doubled, exchanged with other words, or some bytes overwritten.
"""
import os
import random
import re
import resource
import subprocess
import sys
import tempfile

SECONDS = 1  # of the processor
WORDS = re.compile(rb"\w+|\s+|--|//|\.\.|[<>=!]=|\W")


def mutate(dice, text, others):
    words = WORDS.findall(text)
    for _ in range(dice.choice([1, 1, 2, 3, 6])):
        at, change = dice.randrange(len(words)), dice.randrange(6)
        if change == 0:
            del words[at]
        elif change == 1:
            words.insert(at, words[at])
        elif change == 2:
            words[at] = dice.choice(words)
        elif change == 3:
            words[at] = dice.choice(WORDS.findall(dice.choice(others)))
        elif change == 4:
            end = min(len(words), at + dice.randrange(1, 40))
            words[at:at] = words[at:end]
        else:
            words[at] = bytes([dice.randrange(1, 256)])
        if not words:
            break
    return b"".join(words)


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def judge(result, name):
    """What is wrong with it; None: nothing."""
    if result.returncode in (0, -9, -24):  # good, or ended by the limit
        return None
    if result.returncode != 1:
        return f"exit status {result.returncode}"
    if not re.search(rb"^" + re.escape(name.encode()) + rb":\d+:\d+: error: ", result.stderr, re.M):
        return "an error without a place"
    return None


def main():
    words = sys.argv[1:]
    if len(words) < 5 or "--" not in words or not all(word.isdecimal() for word in words[:2]):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    border = words.index("--")
    seed, count, command = int(words[0]), int(words[1]), words[border + 1:]
    texts = []
    for program in words[2:border]:
        with open(program, "rb") as file:
            texts.append(file.read())
    dice, bad, ended = random.Random(seed), 0, {}
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "mutant")
        for number in range(count):
            mutant = mutate(dice, dice.choice(texts), texts)
            with open(name, "wb") as file:
                file.write(mutant)
            result = subprocess.run([*command, name], stdin=subprocess.DEVNULL, capture_output=True,
                                    preexec_fn=limit)
            ended[result.returncode] = ended.get(result.returncode, 0) + 1
            if wrong := judge(result, name):
                bad += 1
                print(f"mutant {number}: {wrong}\n{result.stderr[-2000:].decode(errors='replace')}")
                with open(f"mutant-{seed}-{number}", "wb") as file:
                    file.write(mutant)
    print(f"{count} mutants, {bad} bad, exit statuses {dict(sorted(ended.items()))}")
    sys.exit(1 if bad else 0)


main()
