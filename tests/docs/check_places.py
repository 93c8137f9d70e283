"""Holds what the documentation says about where things are against the source tree.

usage: check_places.py ROOT PAGE.md …

Each `folder/…` or `folder/file.c` between backquotes, whose first folder is one of the
tree's, has to exist: in the tree, or in the folder of a language, of which pages about it speak
(one of examples/, or what `loopwright new` writes). In a table under "to find", each plain name after a file is a
function that one of the row's files defines.
"""

import glob
import os
import re
import sys

QUOTED = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"([a-z_]+)/[A-Za-z0-9_./-]*$")
BUILT = {"build"}  # what the build makes is not there in a fresh clone


def is_place(root, words):
    path = PATH.match(words)
    return path and path.group(1) not in BUILT and os.path.isdir(os.path.join(root, path.group(1)))


def exists(root, words):
    homes = [root, *glob.glob(os.path.join(root, "examples", "*")), os.path.join(root, "cli", "new", "template")]
    return any(os.path.exists(os.path.join(home, words)) for home in homes)


def defines(root, path, name):
    with open(os.path.join(root, path), encoding="utf-8") as text:
        return re.search(r"^[A-Za-z][^;=\n]*\b%s\([^;]*?\{$" % re.escape(name), text.read(), re.M)


def check_row(root, line, where):
    """How many functions a row names; complains of those that none of its files defines."""
    words = QUOTED.findall(line.split("|")[2])
    files = [word for word in words if os.path.isfile(os.path.join(root, word))]
    names = [word for word in words if re.fullmatch(r"[a-z_]+", word)]
    for name in names:
        if not any(defines(root, file, name) for file in files):
            print(f"{where}: none of {files} defines {name}")
    return len(names)


def check_page(root, page):
    places, names, searches = 0, 0, False
    with open(page, encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            where = f"{os.path.basename(page)}:{number}"
            for words in filter(lambda words: is_place(root, words), QUOTED.findall(line)):
                places += 1
                if not exists(root, words):
                    print(f"{where}: there is no {words}")
            searches = line.startswith("|") and (searches or line.startswith("| to find |"))
            if searches:
                names += check_row(root, line, where)
    return places, names


def main(root, pages):
    counts = [check_page(root, page) for page in pages]
    print(f"{sum(c[0] for c in counts)} places, {sum(c[1] for c in counts)} functions")


main(sys.argv[1], sys.argv[2:])
