#!/bin/sh
# A copy of this folder whose programs and training are modules, compiled from c/ and training/: what
# ../table.py and ../train.sh take. They need clang and wasm-ld (Debian: clang, lld).
# usage: stage.sh FOLDER
set -eu
here=$(dirname "$0")
mkdir -p "$1/programs" "$1/training"
cp -r "$here/Wasm.som" "$here/Wasm.profile" "$here/race.txt" "$here/parts" "$here/runtime" "$1"
"$here/c/build.sh" "$1/programs" "$here"/c/*.c
"$here/c/build.sh" "$1/training" "$here"/training/*.c
