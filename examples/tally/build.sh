#!/bin/sh
# Builds Tally: the command, with an emitted interpreter in it, and tally.so for the evaluator.
# usage: build.sh BUILD-FOLDER-OF-LOOPWRIGHT OUTPUT-FOLDER [FLAGS of loopwright emit ...]
set -eu
build=$1 out=$2
shift 2
here=$(dirname "$0")
mkdir -p "$out"

"$build/bin/loopwright-gen" "$here/Tally.som" -o "$out/tally.h"
for part in scanner compiler fuse machine main; do
  ${CC:-cc} -std=gnu17 -O2 -Wall -Wextra -Werror -fPIC -I"$out" -c "$here/$part.c" -o "$out/$part.o"
done
"$build/bin/loopwright" emit "$@" --definition="$here/Tally.som" --emit=object --no-pic -o "$out/loop.o"
${CC:-cc} -no-pie -o "$out/tally" "$out/main.o" "$out/scanner.o" "$out/compiler.o" \
  "$out/fuse.o" "$out/machine.o" "$out/loop.o"
${CC:-cc} -shared -o "$out/tally.so" "$out/scanner.o" "$out/compiler.o" "$out/fuse.o" \
  "$out/machine.o"
