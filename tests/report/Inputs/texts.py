"""The texts of a section of a page, a line each. usage: texts.py PAGE.html SECTION"""
import sys
from html.parser import HTMLParser


class Texts(HTMLParser):
    def __init__(self, section):
        super().__init__()
        self.section, self.is_inside = section, False

    def handle_starttag(self, tag, attributes):
        if tag == "section":
            self.is_inside = dict(attributes).get("id") == self.section

    def handle_data(self, data):
        if self.is_inside and data.strip():
            print(" ".join(data.split()))


Texts(sys.argv[2]).feed(open(sys.argv[1], encoding="utf-8").read())
