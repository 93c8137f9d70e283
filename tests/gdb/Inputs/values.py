"""Prints a frame's values, and one of each kind that the program has on its stack: run by gdb, in the program."""
import gdb


def shown(value):
    return value.format_string(max_elements=0)


frames = list(callers(current_frame()[0]))
for frame in frames[0], frames[5]:
    printer = FrameRecordPrinter(frame.dereference())
    names = ("receiver", "argument", "local")
    print(", ".join("%s = %s" % (name, shown(value)) for name, value in printer.children() if name.startswith(names)))
