"""Do the counts of a run have as many dispatches as the profile of the same program foretold? A little more is
possible, as superinstructions that are left early go on in plain code."""
import json
import re
import sys

profile, counts = sys.argv[1:]
foretold = int(re.search(r"dispatches become (\d+)", open(profile).read()).group(1))
counted = json.load(open(counts))["dispatches"]
if not foretold <= counted <= 1.05 * foretold:
    sys.exit(f"{foretold} dispatches were foretold, {counted} were counted")
