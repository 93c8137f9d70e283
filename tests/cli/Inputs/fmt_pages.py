"""Writes the definitions in the docs' pages into a folder: blocks of ```smalltalk NAME.som

usage: fmt_pages.py ROOT FOLDER
"""
import glob
import os
import re
import sys

root, folder = sys.argv[1:]
for page in sorted(glob.glob(os.path.join(root, "docs", "*.md"))):
    with open(page) as file:
        for name, text in re.findall(r"^```smalltalk (\w+\.som)\n(.*?)^```$", file.read(), re.M | re.S):
            with open(os.path.join(folder, name), "w") as output:
                output.write(text)
