#!/bin/sh
# Builds the engine: the command, with an emitted interpreter in it, and wasm.so for the evaluator.
# usage: build.sh BUILD-FOLDER-OF-LOOPWRIGHT OUTPUT-FOLDER [FLAGS of loopwright emit ...]
set -eu
build=$1 out=$2
shift 2
here=$(dirname "$0")
mkdir -p "$out"

"$build/bin/loopwright-gen" "$here/Wasm.som" -o "$out/wasm.h"
objects=
for part in "$here"/runtime/*.c "$here/main.c"; do
  object="$out/$(basename "$part" .c).o"
  ${CC:-cc} -std=gnu17 -O2 -Wall -Wextra -Werror -fPIC -I"$out" -c "$part" -o "$object"
  case $part in */main.c) ;; *) objects="$objects $object" ;; esac
done
"$build/bin/loopwright" emit "$@" --definition="$here/Wasm.som" --emit=object -o "$out/loop.o"
${CC:-cc} -no-pie -o "$out/wasm" "$out/main.o" $objects "$out/loop.o" -ljansson
${CC:-cc} -shared -o "$out/wasm.so" $objects -ljansson
