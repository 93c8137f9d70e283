"""The counterpart: it says how many arguments it got, and what the first is."""

import sys

print("violated" if sys.argv[1] == "0.125" else "holds", len(sys.argv))
