# What lit runs: every .test and .mir below tests/, with the tools of one build.
import ctypes
import glob
import os
import shutil
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(config.source_dir, "tests"))
from linked_paths import LinkedTest, without_quoting

config.source_dir, config.binary_dir = without_quoting(config.source_dir, config.binary_dir)
config.name = "loopwright"
config.suffixes = [".test", ".mir"]
config.excludes = ["Inputs", "corpus"]
config.test_source_root = os.path.join(config.source_dir, "tests")
config.test_exec_root = os.path.join(config.binary_dir, "tests", "lit")
config.test_format = LinkedTest(config.test_source_root, config.test_exec_root)

binary = os.path.join(config.binary_dir, "bin")
# Longer names first: lit replaces them in order.
config.substitutions += [
    ("%loopwright-llvm", os.path.join(config.binary_dir, "libexec", "loopwright-llvm-" + config.llvm_newest)),
    ("%loopwright-gen", os.path.join(binary, "loopwright-gen")),
    ("%loopwright", os.path.join(binary, "loopwright")),
    ("%som", os.path.join(binary, "som")),
    ("%counter", os.path.join(config.binary_dir, "tests", "counter.so")),
    ("%root", config.source_dir),
    ("%build", config.binary_dir),
    (r"\bFileCheck\b", config.filecheck),
    (r"(?<!-)\bnot\b", config.not_program),
]
for version in config.llvm_versions.split(", "):
    config.available_features.add("llvm-" + version)
if config.sanitize:
    config.available_features.add("sanitized")


def works(*words):
    try:
        return subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def has_terminal():
    """Can a pseudo-terminal be had? A container may have no file system for them."""
    try:
        for end in os.openpty():
            os.close(end)
        return True
    except OSError:
        return False


def has_perf_events():
    """May a process of ours be sampled? Containers forbid it, and so do some systems."""
    attributes = struct.pack("=IIQQQQQ", 1, 112, 0, 1000, 1, 0, 1 << 5).ljust(112, b"\0")  # the software clock
    event = ctypes.CDLL(None).syscall(298, attributes, 0, -1, -1, 0)  # perf_event_open
    if event >= 0:
        os.close(event)
    return event >= 0


if has_perf_events():
    config.available_features.add("perf-events")
else:
    lit_config.note("no process may be sampled here (perf_event_open; kernel.perf_event_paranoid may be 2 at most), so "
                    "tests of samples are left out; units test what is made of samples all the same")


def find_dwarfdump():
    """LLVM's, which comes with its headers: beside FileCheck, by its name, or of any version that there is."""
    beside = os.path.join(os.path.dirname(os.path.realpath(config.filecheck)), "llvm-dwarfdump")
    found = [beside] if os.path.exists(beside) else sorted(glob.glob("/usr/lib/llvm-*/bin/llvm-dwarfdump"))
    return found[-1] if found else "llvm-dwarfdump"


config.substitutions.insert(0, ("%llvm-dwarfdump", find_dwarfdump()))

# What pages do is tested in a browser, and what their scripts compute in Node: neither is needed to build or to use
# anything, and a browser is large, so `./dev` installs neither.
for program, names in (("chromium", ("chromium", "chromium-browser", "google-chrome")), ("node", ("node", "nodejs"))):
    path = next((path for path in map(shutil.which, names) if path), None)
    if path:
        config.available_features.add(program)
        config.substitutions.insert(0, ("%" + program, path))
    else:
        lit_config.note("there is no %s, so its tests of pages are left out (Debian: %s)"
                        % (program, {"node": "nodejs"}.get(program, program)))

# ThreadSanitizer comes with compilers, but can't have the addresses that it wants on every system; without their
# randomisation it mostly can.
fixed_addresses = ["setarch", "-R"] if works("setarch", "-R", "true") else []


def has_thread_sanitizer():
    """Does a program of the system's compiler run under it?"""
    program = os.path.join(config.test_exec_root, "sanitized")
    source = program + ".c"
    with open(source, "w") as text:
        text.write("int main(void) { return 0; }\n")
    return works("cc", "-no-pie", "-fsanitize=thread", "-o", program, source) and works(*fixed_addresses, program)


os.makedirs(config.test_exec_root, exist_ok=True)
if config.sanitize in ("", "thread"):
    if has_thread_sanitizer():
        config.available_features.add("thread-sanitizer")
    else:
        lit_config.note("programs of this compiler don't run under ThreadSanitizer here, so nobody looks for races")
config.substitutions.insert(
    0, ("%race-free", " ".join(["env", "TSAN_OPTIONS=halt_on_error=1:exitcode=66", *fixed_addresses])))

# `./dev` installs these.
for program, package, lost in (("spin", "spin", "models are left unchecked"),
                               ("wat2wasm", "wabt", "the WebAssembly engine of examples/ is left untested"),
                               ("gnuplot", "gnuplot-nox", "the report of `bench` is left untested")):
    if shutil.which(program):
        config.available_features.add(program)
    else:
        lit_config.note("there is no %s, so %s (Debian: %s)" % (program, lost, package))

# `./dev` installs it where python3 is Debian's.
if works("python3", "-c", "import yaml"):
    config.available_features.add("python-yaml")
else:
    lit_config.note("this python3 reads no YAML, so ReBench's configurations are left unchecked (Debian: python3-yaml)")

if has_terminal():
    config.available_features.add("terminal")
# Tests that mount something do so in a namespace of their own.
mounts = next((words for words in (["unshare", "-m"], ["unshare", "-rm"])
               if works(*words, "mount", "-t", "tmpfs", "tmpfs", config.test_exec_root)), None)
if mounts:
    config.available_features.add("mounts")
    config.substitutions.append(("%mounts", " ".join(mounts)))
# Sessions at the prompt leave no lines in the history of who runs the tests.
config.environment["SOM_HISTORY"] = ""
# Emitted interpreters of the tests have a cache of their own.
config.environment["LOOPWRIGHT_CACHE"] = os.path.join(config.test_exec_root, "cache")
