#!/usr/bin/env python3
"""Holds the includes of the source tree against the table of rooms in README.md.

usage: check_rooms.py ROOT [FILE…]

A row of the table under "Where things are" names a folder and which rooms it may use; a
file belongs to the longest folder that it lies in. A room may always use itself and
`support/`; to name a room is to name the folders within it. The headers that the build
generates from a definition are "the generated header", LLVM's are "LLVM". With files,
only these are looked at. The exit status is 1 if an include reaches where its room may
not, a file lies in no room, or a row allows what nobody uses.
"""
import os
import re
import sys

GENERATED, LLVM = "the generated header", "LLVM"
ROW = re.compile(r"^\| `([a-z/]+)/` \|.*\|([^|]*)\|$")
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<(llvm-c)/[^>]+>)')


def read_table(readme):
    """From a room's folder to the set of what it may use."""
    rooms = {}
    with open(readme, encoding="utf-8") as text:
        section = text.read().split("## Where things are", 1)[1].split("\n## ", 1)[0]
    for line in section.splitlines():
        row = ROW.match(line)
        if row and row.group(2).strip():
            words = row.group(2)
            uses = set(re.findall(r"`([a-z/]+)`", words))
            uses |= {name for name in (GENERATED, LLVM) if name in words}
            rooms[row.group(1)] = None if words.strip() == "all" else uses
    return rooms


def room_of(path, rooms):
    """The longest folder of the table that the file lies in; None: there is none."""
    folder = os.path.dirname(path)
    while folder and folder not in rooms:
        folder = os.path.dirname(folder)
    return folder or None


def source_files(root, rooms):
    for top in sorted({room.split("/")[0] for room in rooms}):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if name.endswith((".c", ".h", ".l", ".y")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def is_within(room, outer):
    return room == outer or room.startswith(outer + "/")


def target_of(name, path, root, rooms):
    """The room that an include leads to, or None: to the file's own folder or the system."""
    if name is None:
        return LLVM
    if os.path.exists(os.path.join(root, name)):
        return room_of(name, rooms)
    if os.path.exists(os.path.join(root, os.path.dirname(path), name)):
        return None
    return None if name.startswith("syntax_") else GENERATED


def check_file(path, root, rooms, used, complaints):
    room = room_of(path, rooms)
    if room is None:
        complaints.append(f"{path}: lies in no room of the table")
        return
    with open(os.path.join(root, path), encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            include = INCLUDE.match(line)
            target = target_of(include.group(1), path, root, rooms) if include else None
            if target is None or target == room or is_within(target, "support"):
                continue
            if rooms[room] is None:
                continue
            by = [allowed for allowed in rooms[room] if is_within(target, allowed)]
            used.setdefault(room, set()).update(by)
            if not by:
                complaints.append(f"{path}:{number}: {room}/ may not use {target}: {line.strip()}")


def main(arguments):
    root, files = arguments[0], arguments[1:]
    rooms = {room: uses for room, uses in read_table(os.path.join(root, "README.md")).items()
             if os.path.isdir(os.path.join(root, room))}
    complaints, used = [], {}
    looked_at = files or list(source_files(root, rooms))
    for path in looked_at:
        check_file(path, root, rooms, used, complaints)
    if not files:
        for room, uses in rooms.items():
            for unused in sorted((uses or set()) - used.get(room, set()) - {"support"}):
                complaints.append(f"README.md: {room}/ may use {unused}, and doesn't")
    print("\n".join(complaints) if complaints else f"{len(looked_at)} files keep to {len(rooms)} rooms")
    return 1 if complaints or not rooms or not looked_at else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
