#!/usr/bin/env python3
"""Prints flags for each pass alone, a line each: `-O0 -fNAME`. A pass that takes no loop comes
after one that makes of a loop what it takes.

usage: single.py LOOPWRIGHT
"""
import sys

sys.dont_write_bytecode = True  # beside the sources nothing is made
from drawing import read_registry

passes = read_registry(sys.argv[1])
for each in passes:
    before = [other for other in passes if other["gives"] in each["takes"]]
    needed = "" if "loop" in each["takes"] else f" -f{before[0]['name']}"
    print(f"-O0{needed} -f{each['name']}")
