"""Prints a loop with very many bytecodes: many_bytecodes.py COUNT"""

import sys

print("""Machine = Record ( | count <Int64> | )
Frame = Record ( | code <const Elements of: UInt16 in: code> pc <Int64 indexes: code> | )
Many = BytecodeLoop (
    | machine <Machine> frame <Frame> |
    halt = ( self stop )""")
for number in range(int(sys.argv[1])):
    print("    countBy%d: step <UInt16 number> = ( machine count: machine count + step )" % number)
print("""    unknownBytecode: opcode <UInt16> = ( self stop )
    ----
    code <^Elements of: UInt16 in: code> = ( ^frame code )
    pc <^Int64> = ( ^frame pc )
    pc: index <Int64> = ( frame pc: index )
)""")
