"""What gdb can tell of a running SOM program, or of its core file.

gdb loads this by itself with an interpreter that Loopwright has emitted: it is in the executable, in a section that is
made for it (docs/debugging.md). It adds `som-bt` and printers for values, frames, methods and objects.

It reads memory and calls nothing in the process, which may be dead. What it knows of the runtime it takes from the
runtime's own debug information, and the tags of values from `som_debugger_numbers` (runtime/debugger/numbers.c), which
has them from the interpreter's definition. The evaluator's stack is not shown: it runs no emitted code.
"""
import re
import struct

import gdb

MOST_CHARS = 60  # of a string, in a printer
MOST_NAME = 10000  # of a class's or a selector's name: what is longer is no name
DAMAGED = (gdb.error, ValueError, OverflowError)  # what comes of reading memory that isn't as it should be


def c_type(name):
    """The runtime's type of that name: the loop's own debug information has a few of the same names, without some
    fields, but no typedefs."""
    try:
        return gdb.lookup_type(name)
    except gdb.error:
        raise gdb.GdbError("no debug information of the runtime (%s): was it stripped?" % name)


def pointer_to(name, address):
    return gdb.Value(int(address)).cast(c_type(name).pointer())


def numbers():
    """The tags of values, and what else the definition decides."""
    try:
        found = gdb.parse_and_eval("som_debugger_numbers")
        return {field.name: int(found[field]) for field in found.type.fields()}
    except gdb.error:
        raise gdb.GdbError("this is no interpreter of SOM, or it was stripped: it has no som_debugger_numbers")


# ---- Where the program is ----------------------------------------------------------------------


def variable(frame, name):
    """A variable of a frame of gdb's; None: there is none, or LLVM has not kept it."""
    try:
        value = frame.read_var(name)
        return None if value.is_optimized_out else value
    except (ValueError, gdb.error):
        return None


def is_pointer_to(value, name):
    type = value.type.strip_typedefs()
    return type.code == gdb.TYPE_CODE_PTR and type.target().strip_typedefs().name == name


def machine_frames(frame=None):
    frame = frame or gdb.newest_frame()
    while frame:
        yield frame
        frame = frame.older()


def is_emitted(frame):
    """Whether it is the loop, or in form `handlers` a bytecode, with all that was inlined there."""
    function = frame.function()
    return frame.type() != gdb.INLINE_FRAME and function is not None and not function.symtab.filename.endswith(".c")


def find(name, type, only_here=False):
    """The youngest variable of that name and type with a value, and its frame of gdb's. `only_here`: not one of those
    who have called the loop."""
    for frame in machine_frames():
        value = variable(frame, name)
        if value is not None and is_pointer_to(value, type) and int(value):
            return value, frame
        if only_here and is_emitted(frame):
            break
    return None, None


def thread_state():
    thread, _ = find("thread", "Thread")
    if thread is None:
        return None
    state = thread.cast(c_type("Thread").pointer())["state"]
    return state.cast(c_type("ThreadState").pointer())


def current_frame():
    """SOM's youngest frame, and where its pc stands; None: nothing is running."""
    frame, machine = find("frame", "Frame", only_here=True)  # what C began with is the bottom frame
    if frame is None:
        state = thread_state()
        if state is None or not int(state["top"]):
            return None, 0
        return state["top"], int(state["top"]["pc"])
    frame = pointer_to("Frame", frame)
    pc = variable(machine, "pc")
    if pc is None:
        return frame, int(frame["pc"])
    if pc.type.strip_typedefs().code == gdb.TYPE_CODE_PTR:
        code = frame["method"]["code"]
        return frame, (int(pc) - int(code)) // code.dereference().type.sizeof
    return frame, int(pc)


# ---- What methods and values are called --------------------------------------------------------


def text_of(text, most=None):
    """Of a string or a symbol; without `most`, of a name. gdb prints nothing that has a byte 0."""
    length = int(text["length"])
    if length < 0 or most is None and length > MOST_NAME:
        raise gdb.MemoryError("a text can't have %d bytes" % length)
    shown = length if most is None else min(length, most)
    chars = text["chars"].address.cast(c_type("char").pointer())
    return chars.string("utf-8", "replace", shown).replace("\0", "\\0") + ("..." if shown != length else "")


def symbol_text(symbol):
    return text_of(symbol.cast(c_type("Symbol").pointer()))


def method_name(method):
    details = method["details"].cast(c_type("MethodDetails").pointer())
    holder = method["holder"].cast(c_type("Class").pointer())
    block = "[] in " if bool(details["is_block"]) else ""
    return "%s%s>>%s" % (block, symbol_text(holder["name"]), symbol_text(method["signature"]))


def method_place(method, pc):
    """The file and line of the code at the pc; the empty string where nobody knows."""
    details = method["details"].cast(c_type("MethodDetails").pointer())
    line = 0
    for i in range(int(details["line_count"])):
        if int(details["lines"][i]["pc"]) > pc:
            break
        line = int(details["lines"][i]["at"]["line"])
    return "%s:%d" % (details["file"].string("utf-8", "replace"), line) if line else ""


def class_name(index):
    """Classes are found by the machine, and that by a thread."""
    state = thread_state()
    if state is not None and index < int(state["vm"]["class_capacity"]):
        found = state["vm"]["classes"][index]
        if int(found):
            return symbol_text(found["name"])
    return "class %d" % index


def article(name):
    return ("an " if name[:1] in "AEIOU" else "a ") + name


def object_text(address):
    """What is at the address, by its header: the class's index, then the layout."""
    header = int(pointer_to("Object", address)["header"])
    index, layout = header & 0xFFFFFF, header >> 24 & 0xFF
    layouts = {field.name: field.enumval for field in c_type("Layout").fields()}
    if layout in (layouts["LAYOUT_STRING"], layouts["LAYOUT_SYMBOL"]):
        shown = text_of(pointer_to("String", address), MOST_CHARS)
        return "#" + shown if layout == layouts["LAYOUT_SYMBOL"] else "'%s'" % shown
    if layout == layouts["LAYOUT_LARGE"]:
        return large_text(pointer_to("Large", address))
    if layout == layouts["LAYOUT_CLASS"]:
        offset = next(field.bitpos // 8 for field in c_type("Class").fields() if field.name == "header")
        return symbol_text(pointer_to("Class", address - offset)["name"])
    if layout in (layouts["LAYOUT_CONTEXT"], layouts["LAYOUT_HOME"]):
        return "a context @%#x" % address
    if layout == layouts["LAYOUT_METHOD"]:
        return method_name(pointer_to("Method", address))
    length = ""
    if layout in (layouts["LAYOUT_ARRAY"], layouts["LAYOUT_METHODS"]):
        length = "(%d)" % int(pointer_to("Array", address)["length"])
    return "%s%s @%#x" % (article(class_name(index)), length, address)


def large_text(large):
    size = int(large["size"])
    limbs = [int(large["limbs"][i]) & 0xFFFFFFFFFFFFFFFF for i in range(min(abs(size), 64))]
    number = sum(limb << 64 * i for i, limb in enumerate(limbs))
    more = "..." if abs(size) > 64 else ""
    return ("-" if size < 0 else "") + str(number) + more


def value_text(bits):
    """A tagged word as SOM would write it, or near enough."""
    known = numbers()
    bits &= 0xFFFFFFFFFFFFFFFF
    if bits >= known["integer_tag"]:
        number = bits + known["integer_bias"] & 0xFFFFFFFFFFFFFFFF
        return str(number - (1 << 64) if number >> 63 else number)
    if bits < known["immediate_tag"]:
        return repr(struct.unpack("<d", struct.pack("<Q", bits))[0])
    for name in ("nil", "true", "false", "absent", "failed"):
        if bits == known[name + "_bits"]:
            return name
    if bits < known["object_tag"]:
        return "an unknown value %#x" % bits
    try:
        return object_text(bits - known["object_tag"])
    except gdb.MemoryError:
        return "an object @%#x that can't be read" % (bits - known["object_tag"])


# ---- Commands and printers ---------------------------------------------------------------------


def callers(frame):
    """The frames from this one on, without the bottom one, which is no method of the program's. One of them may have
    the collector's marker as its caller, which stands for the true one."""
    state = thread_state()
    mark = state["mark"] if state is not None else None
    while int(frame) and int(frame["caller"]):
        yield frame
        caller = frame["caller"]
        is_marker = mark is not None and int(caller) == int(mark["marker"].address)
        caller = mark["caller"] if is_marker else caller
        if int(caller) >= int(frame):  # the stack grows upwards; going round would have no end
            raise gdb.MemoryError("the frame at %#x is not above its caller" % int(frame))
        frame = caller


class SomBacktrace(gdb.Command):
    """Show the stack of the SOM program: class, selector, file and line of each frame.

usage: som-bt [COUNT]

COUNT is how many frames to show, from the youngest on (all). It works on a process and on a core file.
Where gdb has no variable `frame`, the frame is the one that was noted last when something could be collected."""

    def __init__(self):
        super().__init__("som-bt", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        if argument and not argument.isdecimal():
            raise gdb.GdbError("usage: som-bt [COUNT]")
        try:
            self.show(int(argument) if argument else None)
        except DAMAGED as error:
            raise gdb.GdbError("the stack can't be read: %s" % error)

    def show(self, most):
        numbers()
        try:
            frame, pc = current_frame()
        except gdb.error as error:
            raise gdb.GdbError("no SOM program is running: %s" % error)
        if frame is None:
            raise gdb.GdbError("no SOM program is running here: no frame of gdb's has a `frame` or a `thread`")
        for number, each in enumerate(callers(frame)):
            if number == most:
                print("(more frames follow)")
                return
            # The pc of a caller is already that of its next bytecode.
            place = method_place(each["method"], pc if number == 0 else int(each["pc"]) - 1)
            print("#%-3d %s%s" % (number, method_name(each["method"]), place and " (%s)" % place))


class ValuePrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return value_text(int(self.value))


class ObjectPrinter:
    """A pointer to an object that moves."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        return object_text(int(self.value)) if int(self.value) else "null"


class MethodPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        if not int(self.value):
            return "null"
        return "%#x %s" % (int(self.value), method_name(pointer_to("Method", self.value)))


class FramePrinter:
    """A pointer to a frame: its method, and where the frame's pc stands."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        if not int(self.value):
            return "null"
        frame = pointer_to("Frame", self.value)
        return "%#x %s" % (int(self.value), method_name(frame["method"]))


class FrameRecordPrinter:
    """A frame with what it holds: the receiver and the arguments lie below it, locals and its stack behind it."""

    def __init__(self, value):
        self.frame = pointer_to("Frame", value.address) if value.address is not None else value

    def to_string(self):
        return method_name(self.frame["method"])

    def children(self):
        word = c_type("Value").pointer()
        base, method = int(self.frame), self.frame["method"]
        below = gdb.Value(base).cast(word)
        behind = gdb.Value(base + self.frame.dereference().type.sizeof).cast(word)
        arguments, locals = int(method["argument_count"]), int(method["local_count"])
        for name in ("caller", "method", "pc", "context"):
            yield name, self.frame[name]
        yield "receiver", below[-1 - arguments]
        for i in range(arguments):
            yield "argument %d" % (i + 1), below[i - arguments]
        for i in range(locals):
            yield "local %d" % i, behind[i]
        top, most = int(self.frame["sp"]), int(method["frame_bytes"])
        if int(behind) + 8 * locals <= top <= base + most:
            for i in range(locals, (top - int(behind)) // 8):
                yield "stack %d" % (i - locals), behind[i]


POINTERS = {"Frame": FramePrinter, "Method": MethodPrinter, "Object": ObjectPrinter, "Indexed": ObjectPrinter,
            "Array": ObjectPrinter, "String": ObjectPrinter, "Block": ObjectPrinter, "Context": ObjectPrinter}


def find_printer(value):
    if value.type.name == "Value":
        return ValuePrinter(value)
    type = value.type.strip_typedefs()
    if type.code == gdb.TYPE_CODE_PTR:
        printer = POINTERS.get(type.target().strip_typedefs().name)
        return printer(value) if printer else None
    return FrameRecordPrinter(value) if type.name == "Frame" and type.code == gdb.TYPE_CODE_STRUCT else None


def guarded(value):
    """Printers are asked for any value of any program: what isn't as it should be is printed as it is."""
    try:
        printer = find_printer(value)
        if printer:
            printer.to_string()
        return printer
    except DAMAGED + (gdb.GdbError, RuntimeError):
        return None


# ---- Breakpoints in the definition -------------------------------------------------------------


def say_where_it_stops(breakpoint):
    """gdb goes to the next line that has code, and where that is in several places it doesn't say so."""
    asked = re.fullmatch(r"(?:-source )?(.*\.som)(?::| -line )(\d+)", breakpoint.location or "")
    if not asked or breakpoint.type != gdb.BP_BREAKPOINT:
        return
    line = int(asked.group(2))
    try:
        lines = gdb.decode_line("%s:%s" % asked.groups())[1][0].symtab.linetable().source_lines()
    except (gdb.error, AttributeError, IndexError):
        return
    following = [each for each in lines if each > line]
    if line not in lines and following:
        print("%s:%d has no code of its own; the breakpoint is at line %d." % (asked.group(1), line, min(following)))


guarded.name = "som"
gdb.events.breakpoint_created.connect(say_where_it_stops)
SomBacktrace()
objfile = gdb.current_objfile()
(objfile if objfile is not None else gdb).pretty_printers.append(guarded)
