"""Are two traces the same but for what is fused in the second one? A line there has the number of its first
bytecode; the line of that number in the first trace has to have the same method, pc and stack."""
import re
import sys


def lines_of(path):
    """By number: what comes before the opcode's name, and what after the bar. An exit's number comes twice."""
    lines = {}
    for line in open(path, encoding="utf-8"):
        found = re.match(r" *(\d+)  (.*\d)  \w+[^|]*(\|.*)$", line)
        if found:
            lines.setdefault(int(found[1]), set()).add((found[2].split("  ")[0], found[3]))
    return lines


plain, fused = lines_of(sys.argv[1]), lines_of(sys.argv[2])
for number, shown in fused.items():
    for line in shown:
        if line not in plain[number]:
            sys.exit(f"{number}: {line} is not {plain[number]}")
print(f"the same at each of {len(fused)} lines of {len(plain)}")
