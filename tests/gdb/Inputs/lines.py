"""Which lines of the definition have code, and whether a breakpoint there is at that line: run by gdb."""
import re

import gdb

table = gdb.decode_line("Interpreter.som:1")[1][0].symtab
lines = [line for line in table.linetable().source_lines() if line]
print("lines with code:", len(lines))
missed = [line for line in lines if {place.line for place in gdb.decode_line("Interpreter.som:%d" % line)[1]} != {line}]
print("that a breakpoint misses:", missed or "none")
source = open(table.fullname()).read()
first = source[:source.index("halt = ")].count("\n") + 1
last = source[:source.index("returnNonLocal")].count("\n") + 1
begins = [number for number, text in enumerate(source.splitlines(), 1)
          if first <= number <= last and re.match(r"    [a-z][A-Za-z]*(:| +=)", text)]
print("bytecodes whose first line has none:", [line for line in begins if line not in lines] or "none")
