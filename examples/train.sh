#!/bin/sh
# Makes a language's profile again: the superinstructions that the programs in training/ ask for.
# None of them is a program that is raced.
# usage: train.sh LOOPWRIGHT FOLDER [FLAGS of loopwright profile ...]
# examples: train.sh build/bin/loopwright examples/tally --most=60 --most-code=2000
#           train.sh build/bin/loopwright examples/reed --most=110 --most-code=3000
set -eu
loopwright=$(realpath "$1")
cd "$2"
shift 2
definition=$(echo *.som)
for part in runtime/*.c; do
  set -- "$@" "--runtime=$part"
done
last=
for program in training/*; do
  [ -z "$last" ] || set -- "$@" "--program=$last"
  last=$program
done
printed=$("$loopwright" profile --superinstructions --for-others -o "${definition%.som}.profile" \
  "--definition=$definition" "$@" -- "$last" 2>&1) || {
  echo "$printed" >&2
  exit 1
}
