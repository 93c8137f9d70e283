"""Holds the links of explore's data against other sources: the object's line table, and what `opt` prints.

usage: check_links.py BIN DWARFDUMP BYTECODES FOLDER WORD…

The words are what explore, emit and opt are given: flags, or a loop. For each bytecode its IR before and after each
pass is what `opt` prints; each instruction has the place that the line table gives its address and, if it is the
dispatch's, the operation of that number; and that operation stands in the IR, at that place. An object with several
sections of code has an address in each: there the line table is left out.
"""
import bisect
import json
import re
import subprocess
import sys

from document import PLACE, Document

bin_folder, dwarfdump, names, folder, *words = sys.argv[1:]
loopwright = bin_folder + "/loopwright"


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def line_table(path, parts):
    """Rows (address, line, column) in order; of one address the last counts. Lines are counted through all files of
    the definition: `parts` has their first ones, by name."""
    rows, before, number = {}, {}, 0
    for line in output(dwarfdump, "--debug-line", path).splitlines():
        if file := re.match(r"file_names\[ *(\d+)\]:", line):
            number = int(file[1])
        if name := re.match(r' *name: "(.*)"', line):
            before[number] = parts.get(name[1], 1) - 1
        if row := re.match(r"0x([0-9a-f]+) +(\d+) +(\d+) +(\d+)", line):
            rows[int(row[1], 16)] = (int(row[2]) + (before[int(row[4])] if int(row[2]) else 0), int(row[3]))
    return sorted(rows), rows


def place_of(address):
    return table[addresses[bisect.bisect_right(addresses, address) - 1]]


def has_one_section(path):
    return len(re.findall(r"^ *\[ *\d+\] .* AX ", output("readelf", "-SW", path), re.M)) == 1


def without_places(lines):
    return [PLACE.sub("", line) for line in lines]


def printed(name, steps, passes):
    """The bytecode as opt prints it after so many passes: those that ran, without the others. Nothing, if there isn't
    such a one yet."""
    limit = sum(not any(remark.startswith("left out") for remark in step["remarks"]) for step in passes[:steps])
    done = subprocess.run([loopwright, "opt", *words, "--bytecode=" + name, "--bisect-limit=%d" % limit],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0 or "has no bytecode '%s'" % name in done.stderr, done.stderr
    return [line for line in done.stdout.splitlines() if line and not line.startswith(";")]


document = Document(json.loads(output(loopwright, "explore", "--json", "--bytecode=" + names, *words)))
variant = document.variants[0]
object_file = folder + "/links.o"
output(loopwright, "emit", "--emit=object", "--no-pic", "-o", object_file, *words)
definition = document.data["definitions"][variant["definition"]]
addresses, table = line_table(object_file, {name: first for first, name in definition["parts"]})
source = definition["text"].splitlines()
is_placed = has_one_section(object_file)
operations = document.operations(variant["trunk"])
for bytecode in variant["bytecodes"]:
    operations.update(document.operations(bytecode))
states = rows = numbered = placed = 0
for bytecode in variant["bytecodes"]:
    for steps in [0] + [steps for steps, _ in bytecode["changes"]]:
        shown = document.lines_after(bytecode, steps)
        expected = printed(bytecode["name"], steps, variant["passes"])
        assert without_places(shown) == without_places(expected), (bytecode["name"], steps, shown, expected)
        states += 1
    for handler in bytecode["handlers"]:
        for row in document.rows(handler):
            rows += 1
            line, column = place_of(row["address"]) if is_placed else (row["line"], row["number"] or row["column"])
            assert row["line"] == line <= len(source), (row, line)
            if row["number"]:
                numbered += 1
                text, place = operations[row["number"]]
                assert row["number"] == column and place == (row["line"], row["column"]), (row, column, text, place)
                assert (row["operation"] or text).split()[0] in text, (row, text)
            elif row["purpose"] == "(work)" and row["column"]:
                placed += 1
                assert row["column"] == column, (row, column)
assert states and rows and numbered and placed, (states, rows, numbered, placed)
print("%d bytecodes, %d states, %d instructions, %d of them with an operation's number"
      % (len(variant["bytecodes"]), states, rows, numbered))
