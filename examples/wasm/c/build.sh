#!/bin/sh
# Makes WebAssembly of C programs, for nothing but the standard's first version.
# usage: build.sh OUTPUT-FOLDER FILE.c ...
set -eu
out=$1
shift
mkdir -p "$out"
for file in "$@"; do
  ${WASM_CC:-clang} --target=wasm32 -O2 -ffreestanding -fno-builtin -nostdlib -Wall -Wextra -Werror \
    -Wl,--no-entry -Wl,--export=_start -Wl,--strip-all "$file" -o "$out/$(basename "$file" .c).wasm"
done
