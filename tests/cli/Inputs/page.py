"""Prints the headings of a page and how many rows its tables have, if it is whole and needs nothing else."""
import html.parser
import re
import sys

UNCLOSED = {"meta"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.headings, self.rows = [], [], 0

    def handle_starttag(self, tag, attributes):
        assert tag not in ("script", "link", "img", "iframe"), tag
        for name, value in attributes:
            assert name not in ("src", "href") and not name.startswith("on"), name
        self.rows += tag == "tr"
        if tag in ("h1", "h2"):
            self.headings.append("")
        if tag not in UNCLOSED:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("h1", "h2"):
            self.headings[-1] += data


with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
page = Page()
page.feed(text)
page.close()
assert not page.open, page.open
assert not re.search(r"https?:|@import|url\(", text)
assert "prefers-color-scheme:dark" in text
print("\n".join(page.headings))
print("%d rows, self-contained" % page.rows)
