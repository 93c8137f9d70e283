"""Spoils the layout of definitions and has `loopwright fmt` put it in order again.

usage: fmt_spoiled.py LOOPWRIGHT FOLDER ROUNDS DEFINITION.som …

Blanks and line ends between tokens are taken away, added and exchanged at random (with fixed seeds),
comments get more of both. Then a definition must still be lowered to the same module, formatting it
twice must give what formatting it once gives, and no comment may be lost.
"""
import os
import random
import re
import subprocess
import sys

loopwright, folder, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
TOKEN = re.compile(r'"[^"]*"|' r"'(?:[^'\\]|\\.)*'|#[A-Za-z][A-Za-z0-9_:]*" r"|[A-Za-z][A-Za-z0-9_]*(?::(?!=))*|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
                   r"|----+|:=|<\^|[~&|*/\\+=<>,@%-]+|\S", re.S)
OPERATOR = set("~&|*/\\+=<>,@%-:^")
failed = 0


def run(*words):
    done = subprocess.run([loopwright, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit("%s: %d\n%s" % (" ".join(words), done.returncode, done.stderr))
    return done.stdout


def lowered(path):
    """The module, but for places in the definition."""
    text = run("opt", "-O0", path)
    return re.sub(r"\b\d+:\d+\b|^part .*$", "", text, flags=re.M)


def gap(chance, before, after):
    """What stands between two tokens: as little as there may be, or anything."""
    touches = not (before[-1].isalnum() and after[0].isalnum()) and not (before[-1] in OPERATOR and after[0] in OPERATOR)
    apart = after.startswith("<") or before.startswith("----") or after.startswith("----") or before[-1].isdigit()
    choice = chance.random()
    if choice < 0.25 and touches and not apart and not before.endswith(":"):
        return ""
    if choice < 0.75:
        return " "
    return chance.choice(["  ", "\n", "\n\n\n", "\t", " \n   ", "      ", " \"why\" ", "\n\"two\n   lines\"\n", " \"x\"\n"])


def spoil(chance, text):
    tokens = TOKEN.findall(text)
    out = tokens[0]
    for before, after in zip(tokens, tokens[1:]):
        out += gap(chance, before, after) + after
    return out


def comments(text):
    return [re.sub(r"\s+", "", comment) for comment in re.findall(r'"[^"]*"', text)]


def parts_of(path):
    """The definition's files: itself, and those that it includes."""
    with open(path) as file:
        text = file.read()
    paths = [path]
    for part in re.findall(r"^include '([^']*)'", text, flags=re.M):
        paths += parts_of(os.path.join(os.path.dirname(path), part))
    return paths


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


count = 0
for name in sys.argv[4:]:
    texts = {}
    for part in parts_of(name):
        with open(part) as file:
            texts[os.path.join(folder, os.path.relpath(part, os.path.dirname(name)))] = file.read()
    definition = os.path.join(folder, os.path.basename(name))
    for path, text in texts.items():
        write(path, text)
    module = lowered(definition)
    for path, text in texts.items():
        count += 1
        for seed in range(rounds):
            spoilt = spoil(random.Random(seed), text) if seed else text  # as it is, too
            write(path, spoilt)
            if lowered(definition) != module:
                sys.exit("%s, seed %d: the test itself has changed what it says" % (path, seed))
            once = run("fmt", path)
            write(path, once)
            for what, good in (("says something else", lowered(definition) == module),
                               ("isn't stable", run("fmt", path) == once),
                               ("has lost a comment", comments(once) == comments(spoilt))):
                if not good:
                    failed += 1
                    print("%s, seed %d: what was formatted %s" % (path, seed, what))
        write(path, text)
print("%d files, %d layouts each, %d failed" % (count, rounds, failed))
