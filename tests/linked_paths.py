"""Tests that lie where a path has to be quoted.

The lines that a test runs don't quote the paths in them. Where that would matter, because of a
blank or an apostrophe, the tests reach the same folders by links whose names need no quotes.
"""

import atexit
import os
import re
import shutil
import tempfile

import lit.formats

PLAIN = re.compile(r"[\w/.+,:@=-]*")


def without_quoting(*folders):
    """The same folders by paths that mean themselves in a shell."""
    if all(PLAIN.fullmatch(folder) for folder in folders):
        return folders
    temporary = tempfile.gettempdir()
    linked = tempfile.mkdtemp(prefix="loopwright-tests-", dir=temporary if PLAIN.fullmatch(temporary) else "/tmp")
    atexit.register(shutil.rmtree, linked)
    links = [os.path.join(linked, str(number)) for number in range(len(folders))]
    for folder, link in zip(folders, links):
        os.symlink(folder, link)
    return links


class LinkedTest(lit.formats.ShTest):
    """A test in the shell; lit itself would resolve the links in the folders' paths."""

    def __init__(self, source, output):
        super().__init__(True)
        self.roots = source, output

    def execute(self, test, lit_config):
        test.suite.source_root, test.suite.exec_root = self.roots
        return super().execute(test, lit_config)
