#!/bin/sh
# Makes Wasm.profile again: the superinstructions that the programs in training/ ask for. None of
# them is a program that race.py races.
# usage: train.sh BUILD-FOLDER-OF-LOOPWRIGHT
set -eu
build=$(realpath "$1")
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

./build.sh "$build" "$scratch" -O0
c/build.sh "$scratch" training/*.c
cd "$scratch"
"$build/bin/loopwright" profile --superinstructions --for-others -o "$OLDPWD/Wasm.profile" \
  --definition="$OLDPWD/Wasm.som" --externals=./wasm.so --entry=run --program=julia.wasm \
  --program=matrix.wasm --program=primes.wasm --program=spectral.wasm --program=texts.wasm \
  waves.wasm >printed 2>&1 || {
  cat printed >&2
  exit 1
}
