#!/bin/sh
# Builds mutate.c with sanitizers, and runs it.
# usage: mutate.sh LOOPWRIGHT FOLDER SEED COUNT MODULE.wasm ...
set -eu
loopwright=$1 out=$2
shift 2
wasm=$(dirname "$0")/..
mkdir -p "$out"
"$loopwright" gen "$wasm/Wasm.som" -o "$out/wasm.h"
parts=$(ls "$wasm"/runtime/*.c | grep -v /run.c)
# shellcheck disable=SC2086
${CC:-cc} -std=gnu17 -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -Wall -Wextra \
  -Werror -I"$out" "$wasm/test/mutate.c" $parts -o "$out/mutate"
exec "$out/mutate" "$@"
