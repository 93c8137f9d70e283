#!/usr/bin/env python3
"""Writes classes with long chains.

usage: chains.py FOLDER
"""
import os, sys

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)


def write(name, methods):
    with open(os.path.join(folder, name + ".som"), "w") as file:
        file.write(f"{name} = (\n" + "\n".join(f"    {method}" for method in methods) + "\n)\n")


many, fewer = 60000, 30000
methods = {
    "binary": "^1" + " + 1" * many,
    "unary": "| n | n := 0. self" + " count" * many + ". ^count",
    "mixed": "^(7" + " + 1" * many + ") asString",
    # each link a message with a keyword, whose receiver stands in brackets
    "keyword": "^" + "(" * fewer + "1" + " max: 1) + 1" * fewer + " max: 2",
    "arguments": "^(1" + " max: (1" * 300 + " + 3" + ")" * 300 + ")",
    # inlined messages
    "logic": "^" + "(" * 2000 + "true" + " and: [ true ])" * 2000,
    "operators": "^false" + " || [ false ]" * fewer,
    "conditions": "^" + "(" * 2000 + "nil" + " ifNotNil: [ :x | x foo ])" * 2000,
    "nils": "^" + "(" * 2000 + "5" + " ifNil: [ 3 ])" * 2000,
    "assigned": "| n | n := 0. " + "(" * 2000 + "true" + " ifTrue: [ | m | m := n. n := m + 1. true ])" * 2000 + ". ^n",
    "loops": "| n | n := 0. " + "(" * 2000 + "0" + " to: 0 do: [ :i | n := n + i ])" * 2000 + ". ^n",
    "statements": "| n | n := 0. " + "n := n + 1. " * many + " ^n",
    "many": "^" + "self k: 1" + " k: 1" * 20000,
    "answers": "| a | " + "a := " * 400 + "6. ^a",
    "blocks": "^" + "[ " * 450 + "1000" + " ] value" * 450,
}
names = list(methods)
write(
    "Chains",
    ["| count |", "run = ("]
    + [f"    count := 0. self {name} println." for name in names]
    + [")", "count = ( count := count + 1 )"]
    + [f"{name} = ( {text} )" for name, text in methods.items()]
    + ["k: a" + "".join(f" k: a{i}" for i in range(20000)) + " = ( ^a" + " + 1" * 20000 + " )"],
)
write("TooLong", ["run = ( (1" + " + 1" * 100000 + ") println )"])
write("TooDeep", ["run = ( (1" + " + (1" * 100000 + ")" * 100001 + " println )"])
