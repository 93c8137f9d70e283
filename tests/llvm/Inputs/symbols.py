"""Checks the symbols of an interpreter's object: each bytecode of the table has a sized one, and together they are the
loop's code without a gap (handlers are functions, with padding between them). Prints how many there are.

usage: symbols.py OBJECT DISPATCH.json"""
import json
import subprocess
import sys


def symbols_of(path):
    lines = subprocess.run(["nm", "-S", "--defined-only", path], stdout=subprocess.PIPE, text=True, check=True).stdout
    for line in lines.splitlines():
        words = line.split()
        if len(words) == 4 and words[2] in "tT" and (words[3] + ".").startswith("interpret."):
            yield words[3], int(words[0], 16), int(words[1], 16)


def gaps(symbols):
    """Where a symbol doesn't begin at the end of the one before it."""
    pieces = sorted({(begin, size) for _, begin, size in symbols})
    for (begin, size), (following, _) in zip(pieces, pieces[1:]):
        if begin + size != following:
            yield hex(begin)


path, dispatch = sys.argv[1:]
symbols = list(symbols_of(path))
sized = {name for name, _, size in symbols if size > 0}
with open(dispatch) as file:
    bytecodes = {bytecode["name"] for bytecode in json.load(file)["bytecodes"]}
missing = sorted(name for name in bytecodes if "interpret." + name not in sized)
print("missing:", " ".join(missing) or "none")
print("empty:", " ".join(sorted({name for name, _, _ in symbols} - sized)) or "none")
print("gaps:", " ".join(gaps(symbols)) or "none")
print("cold:", "some" if any(".cold" in name for name in sized) else "none")
print("bytecodes:", len(bytecodes))
