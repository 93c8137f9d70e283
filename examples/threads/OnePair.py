"""2. One thread inserts an element and removes it again; another one compares the size with how many of three elements
are in. The claim: both agree. The collection has room for one element, so that each operation is a bytecode."""

from gil_demo import GilDemo, demonstrate


class OnePair(GilDemo):
    def begin(self):
        self.element = None

    def parts(self):
        return [self.change, self.look]

    def change(self):
        while not self.is_over:
            self.element = "third"
            self.element = None

    def look(self):
        looks = 0
        while not self.is_over:
            if not self.do_both_agree():
                self.violated()
            looks += 1
        self.counted(looks)

    def do_both_agree(self):
        size = 0 if self.element is None else 1
        members = 1 if self.element == "first" else 0
        if self.element == "second":
            members += 1
        if self.element == "third":
            members += 1
        return size == members


if __name__ == "__main__":
    demonstrate(OnePair)
