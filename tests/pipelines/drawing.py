"""Draws pipelines at random among those that the registry of passes calls legal.

What is legal the registry says itself (`loopwright passes --json`): a pass runs on a module of a
form that it takes, and the next one on what it gives. Any pass may run again and in any order.
"""
import json
import subprocess

MOST_PASSES = 14
MOST_SEQUENCES = 40


def read_registry(loopwright):
    text = subprocess.run([loopwright, "passes", "--json"], capture_output=True, check=True).stdout
    return json.loads(text)


def read_sequences(profile):
    """The sequences of bytecodes that a profile names, each a list of names, but no families."""
    with open(profile, encoding="utf-8") as lines:
        words = [line.split("#")[0].split() for line in lines if "{" not in line]
    return [line[line[0].isdecimal():] for line in words if line]


class Drawing:
    """`passes` are the registry's, `sequences` what profiles are drawn from, `profile` is the
    default one."""

    def __init__(self, passes, sequences, profile):
        self.passes, self.sequences, self.profile = passes, sequences, profile

    def pipeline(self, chance, folder):
        """Its passes with their parameters, as words of `--passes=`. The folder gets profiles."""
        form, words = "loop", []
        for _ in range(chance.randint(1, MOST_PASSES)):
            drawn = chance.choice([each for each in self.passes if form in each["takes"]])
            profile = f"{folder}/{len(words)}.profile"
            words.append(drawn["name"] + self.parameter(chance, drawn, profile))
            form = drawn["gives"] or form
        return words

    def parameter(self, chance, drawn, file):
        """One of those that its syntax lists, a profile (half of them the default one), a number."""
        syntax = drawn["parameter"]
        if not syntax:
            return ""
        if syntax == "PROFILE":
            return "=" + (self.profile if chance.random() < 0.5 else self.profile_in(file, chance))
        return "=" + (str(chance.randint(1, 2)) if syntax.isupper()
                      else chance.choice(syntax.split("|")))

    def profile_in(self, file, chance):
        """Pieces of known sequences, so that superinstructions begin and end anywhere."""
        lines = []
        for _ in range(chance.randint(1, MOST_SEQUENCES)):
            sequence = chance.choice(self.sequences)
            first = chance.randrange(len(sequence) - 1)
            lines.append(" ".join(sequence[first:chance.randint(first + 2, len(sequence))]))
        with open(file, "w", encoding="utf-8") as output:
            output.write("\n".join(lines) + "\n")
        return file
