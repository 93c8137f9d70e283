#!/usr/bin/env python3
"""Replaces methods of the core classes, before or in the midst of a message that is inlined usually, and
compares what a program does then with what it does if the message is really sent: if its blocks come out of
variables. Prints each difference, and how many programs there were.

usage: compare.py before|during SOM CORE-LIBRARY FOLDER
"""
import concurrent.futures, itertools, os, shutil, subprocess, sys

when, som, library, folder = sys.argv[1:]

# What the library understands besides here: ways to answer, with any number of arguments.
ANSWERS = {"Nil": "^nil", "True": "^true", "Odd": "^system global: #odd", "First": "^first", "Value": "^first value"}


def keywords(name, count):
    """answerNil, answerNil:, answerNil:then: …"""
    return name if count == 0 else name + ":" + "then:" * (count - 1)


def pattern(name, count):
    names = ["first", "second", "third", "fourth"][:count]
    return " ".join(f"{word}: {each}" for word, each in zip([name] + ["then"] * 3, names)) if count else name


# Messages with their blocks.
IFS = [
    ("RECEIVER ifTrue: %", ["[ self say: #a. 1 ]"]),
    ("RECEIVER ifFalse: %", ["[ self say: #a. 1 ]"]),
    ("RECEIVER ifTrue: % ifFalse: %", ["[ self say: #a. 1 ]", "[ self say: #b. 2 ]"]),
    ("RECEIVER ifFalse: % ifTrue: %", ["[ self say: #a. 1 ]", "[ self say: #b. 2 ]"]),
    ("RECEIVER and: %", ["[ self say: #a. 1 ]"]),
    ("RECEIVER or: %", ["[ self say: #a. 1 ]"]),
    ("RECEIVER && %", ["[ self say: #a. 1 ]"]),
    ("RECEIVER || %", ["[ self say: #a. 1 ]"]),
]
NILS = [
    ("RECEIVER ifNil: %", ["[ self say: #a. 1 ]"]),
    ("RECEIVER ifNotNil: %", ["[ self say: #a. 1 ]"]),
    ("RECEIVER ifNotNil: %", ["[ :it | self say: #a. it ]"]),
    ("RECEIVER ifNil: % ifNotNil: %", ["[ self say: #a. 1 ]", "[ :it | self say: #b. it ]"]),
    ("RECEIVER ifNotNil: % ifNil: %", ["[ :it | self say: #a. it ]", "[ self say: #b. 2 ]"]),
]
WHILES = [
    ("% whileTrue: %", ["[ self say: #c. self tick ]", "[ self turn ]"]),
    ("% whileFalse: %", ["[ self say: #c. self tick not ]", "[ self turn ]"]),
]
COUNTS = [
    ("self one to: self four do: %", ["[ :i | self say: i. self turn ]"]),
    ("self four downTo: self one do: %", ["[ :i | self say: i. self turn ]"]),
    ("self one to: self four by: 2 do: %", ["[ :i | self say: i. self turn ]"]),
    ("self four downTo: self one by: 2 do: %", ["[ :i | self say: i. self turn ]"]),
    ("self four timesRepeat: %", ["[ self turn ]"]),
    ("1 to: 4 do: %", ["[ :i | self say: i. self turn ]"]),
]
IFS = [(text.replace("RECEIVER", it), blocks) for it in ("self yes", "self no") for text, blocks in IFS]
NILS = [(text.replace("RECEIVER", it), blocks) for it in ("self none", "self four") for text, blocks in NILS]

# The class, the selector, another of the class's methods or a way to answer; and the messages.
BEFORE = [
    ("True", "ifTrue:", "ifFalse:", IFS + NILS),
    ("True", "ifFalse:", "ifTrue:", IFS + WHILES),
    ("False", "ifFalse:", "Nil", IFS + WHILES + COUNTS),
    ("False", "and:", "or:", IFS),
    ("True", "or:", "Value", IFS),
    ("Boolean", "ifFalse:ifTrue:", "Odd", IFS),
    ("Block1", "value", "Nil", IFS + NILS + WHILES + COUNTS),
    ("Block2", "value:", "First", NILS + COUNTS),
    ("Block", "restart", "Nil", WHILES + COUNTS),
    ("Block", "whileTrue:", "Value", WHILES + COUNTS),
    ("Object", "class", "Nil", NILS),
    ("Object", "==", "Nil", NILS),
    ("Object", "ifNotNil:", "Nil", NILS),
    ("Nil", "ifNil:ifNotNil:", "Value", NILS),
    ("the global", "Block2", "Block1", NILS),
    ("the global", "Block2", "nil", NILS),
    ("Integer", "<=", "Nil", COUNTS),
    ("Integer", ">=", "Odd", COUNTS),
    ("Integer", "<", "Nil", COUNTS),
    ("Integer", "+", "Nil", COUNTS),
    ("Integer", "-", "Odd", COUNTS),
    ("Integer", "to:by:do:", "Nil", COUNTS),
    ("Integer", "to:do:", "downTo:do:", COUNTS),
]
DURING = [
    ("Integer", "<=", "Nil"), ("Integer", "<=", "Odd"), ("Integer", "<=", "True"), ("Integer", "<", "Nil"),
    ("Integer", "<", "Odd"), ("Integer", ">=", "Nil"), ("Integer", ">=", "Odd"), ("Integer", "+", "Nil"),
    ("Integer", "+", "Odd"), ("Integer", "-", "First"), ("Integer", "to:by:do:", "Nil"), ("Integer", "to:do:", "Nil"),
    ("Integer", "timesRepeat:", "Nil"), ("Block2", "value:", "First"), ("Block1", "value", "Nil"),
    ("True", "ifFalse:", "Value"), ("False", "ifFalse:", "Nil"), ("Block", "whileTrue:", "Nil"),
    ("Block", "restart", "Nil"),
]


def arguments_of(selector):
    return selector.count(":") if ":" in selector else 0 if selector[0].isalpha() else 1


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def make_library():
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(library, os.path.join(folder, "core"))
    here = os.path.dirname(os.path.abspath(__file__))
    for name in os.listdir(here):
        if name.endswith(".som"):
            shutil.copy(os.path.join(here, name), os.path.join(folder, "core"))
    path = os.path.join(folder, "core", "Object.som")
    with open(path) as file:
        text = file.read().rstrip().removesuffix(")")
    for (name, answer), count in itertools.product(ANSWERS.items(), range(4)):
        if "first" not in answer or count:
            text += f"    {pattern('answer' + name, count)} = ( {answer} )\n"
    write(path, text + ")\n")


def program(replacement, message, inlined):
    owner, selector, new = replacement
    text, blocks = message
    made = ""
    for i, block in enumerate(blocks):
        text = text.replace("%", block if inlined else f"block{i}", 1)
        made += "" if inlined else f"block{i} := {block}. "
    if owner == "the global":
        change = f"change = ( system global: #{selector} put: {new} )"
    else:
        other = keywords("answer" + new, arguments_of(selector)) if new in ANSWERS else new
        source = "Object" if new in ANSWERS else owner
        change = f"change = ( self in: {owner} at: #{selector} put: #{other} of: {source} )"
    now = "self change. " if when == "before" else ""
    return f"""Case = Changing (
    run = ( | block0 block1 answer | self prepare. {made}{now}answer := {text}. self finish: answer )
    {change}
)
"""


def run(number, replacement, message, inlined):
    directory = os.path.join(folder, f"{number}-{'inlined' if inlined else 'sent'}")
    os.mkdir(directory)
    write(os.path.join(directory, "Case.som"), program(replacement, message, inlined))
    words = [som, "-cp", f"{directory}:{folder}/core", "Case", when]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    shutil.rmtree(directory)
    return done.stdout + done.stderr.split("\n")[0] + f" (status {done.returncode})"


def compare(case):
    number, (replacement, message) = case
    inlined, sent = (run(number, replacement, message, each) for each in (True, False))
    return "" if inlined == sent else f"{replacement} {message}\n  inlined: {inlined}\n  sent:    {sent}\n"


make_library()
if when == "before":
    cases = [(each[:3], message) for each in BEFORE for message in each[3]]
else:
    cases = list(itertools.product(DURING, COUNTS))
with concurrent.futures.ThreadPoolExecutor(4) as executor:
    differences = [each for each in executor.map(compare, enumerate(cases)) if each]
print("".join(differences), end="")
print(f"{when}: {len(cases) - len(differences)} of {len(cases)} alike")
