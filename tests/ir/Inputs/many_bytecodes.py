"""Prints a loop of many bytecodes.

usage: many_bytecodes.py mir COUNT UNIT | som COUNT UNIT
"""
import sys

kind, count, unit = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def name(number):
    """Letters only: 0 is bAA, 256 is bQA."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "b" + letters[number // 16] + letters[number % 16]


if kind == "mir":
    print("module Many\nform loop\nrecord Frame {\n  code: ptr @0 const\n}\nframe Frame")
    print("external next(ptr) -> i64")
    print("table @bytecodes(%thread: ptr, %frame: ptr) " + unit + " {\n")
    for number in range(count):
        print("  %d b%d() -> ^b" % (number, number))
    print("  default -> ^b\n}\nfunction @interpret {\ntrunk {\n^entry(%thread: ptr, %frame: ptr):")
    print("  br ^loop(%thread, %frame)\n^loop(%thread.1: ptr, %frame.1: ptr):")
    print("  %opcode = call @next(%thread.1)\n  dispatch %opcode, @bytecodes(%thread.1, %frame.1)\n}")
    print("region b {\n^b(%thread: ptr, %frame: ptr):\n  br ^loop(%thread, %frame)\n}\n}")
else:
    print("Thread = Record ( )")
    print("Frame = Record ( | code <const Elements of: %s in: code> pc <Int64 indexes: code> | )" % unit)
    print("Many = BytecodeLoop (\n    | thread <Thread> frame <Frame> |")
    for number in range(count):
        print("    %s = ( frame pc: frame pc + %d )" % (name(number), number))
    print("    unknownBytecode: opcode <%s> = ( self stop )\n    ----" % unit)
    print("    code <^Elements of: %s in: code> = ( ^frame code )" % unit)
    print("    pc <^Int64> = ( ^frame pc )\n    pc: index <Int64> = ( frame pc: index )\n)")
