"""Which lines of the definition have code, and whether a breakpoint there is at that line: run by gdb. A row of the line
table without an instruction of its own is not kept by gdb where the next row is of another file; so whether bytecodes
have one is asked of the table itself."""
import re
import subprocess

import gdb

FILES = ["Interpreter.som", "moving.som", "sends.som", "objects.som", "control.som", "values.som"]
table = subprocess.run(["readelf", "--debug-dump=decodedline", gdb.current_progspace().filename], check=True,
                       capture_output=True, text=True).stdout
rows = {(row[1], int(row[2])) for row in re.finditer(r"^(\S+\.som) +(\d+) +(?:0x[0-9a-f]+|0) ", table, re.M)}
count, missed, without = 0, [], []
for file in FILES:
    table = gdb.decode_line("%s:1" % file)[1][0].symtab
    lines = [line for line in table.linetable().source_lines() if line]
    count += len(lines)
    missed += ["%s:%d" % (file, line) for line in lines
               if {(place.symtab.filename, place.line) for place in gdb.decode_line("%s:%d" % (file, line))[1]}
               != {(table.filename, line)}]
    source = open(table.fullname()).read()
    bytecodes = source[:source.index("\n    ----") if "\n    ----" in source else len(source)]
    begins = [number for number, text in enumerate(bytecodes.splitlines(), 1)
              if re.match(r"    (?!unknownBytecode)[a-z][A-Za-z]*(:| +=)", text)]
    without += ["%s:%d" % (file, line) for line in begins if (file, line) not in rows]
print("lines with code:", count)
print("that a breakpoint misses:", missed or "none")
print("bytecodes whose first line has none:", without or "none")
