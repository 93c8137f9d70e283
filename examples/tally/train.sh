#!/bin/sh
# Makes Tally.profile again: the superinstructions that the programs in training/ ask for. None of
# them is a program that bench.py races.
# usage: train.sh BUILD-FOLDER-OF-LOOPWRIGHT
set -eu
build=$(realpath "$1")
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

./build.sh "$build" "$scratch" -O0
"$build/bin/loopwright" profile --superinstructions --most=60 --most-code=2000 --for-others -o Tally.profile \
  --definition=Tally.som --externals="$scratch/tally.so" --entry=tally \
  --program=training/divisors.tally --program=training/life.tally \
  --program=training/matrix.tally training/sorting.tally 2>"$scratch/printed" || {
  cat "$scratch/printed" >&2
  exit 1
}
