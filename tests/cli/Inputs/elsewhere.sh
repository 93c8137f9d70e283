#!/bin/sh
# What a stranger does with an unpacked Loopwright, where neither its source nor its build can be seen: in a
# mount namespace of its own, in which both are empty. Prints what came of it.
# usage: elsewhere.sh SOURCE BUILD PACKAGE.tar.gz PASS.c PASS.mir
# The exit status is 77 where the system allows no such namespace.
set -eu
source=$1 build=$2 package=$3

if [ "${4:-}" = hidden ]; then
  work=$5
  mount --bind "$work/empty" "$source"
  if [ -d "$build" ]; then
    mount --bind "$work/empty" "$build"
  fi
  if [ -e "$source/CMakeLists.txt" ] || [ -e "$build/bin" ]; then
    echo "they can be seen still"
    exit 1
  fi
  cd "$work"
  export PATH="$work/tree/bin:$PATH" LOOPWRIGHT_CACHE="$work/cache"
  export PKG_CONFIG_PATH="$work/tree/lib/pkgconfig"

  # A language, by make and by CMake.
  loopwright new forth
  make -s -C forth test
  cmake -S forth -B forth/cmake -DCMAKE_PREFIX_PATH="$work/tree" >log 2>&1 || { cat log; exit 1; }
  cmake --build forth/cmake >log 2>&1 || { cat log; exit 1; }
  forth/cmake/forth forth/programs/primes.forth

  # A pass, by hand and by CMake.
  cc -std=gnu17 -Wall -Wextra -Werror -shared -fPIC $(pkg-config --cflags loopwright) pass.c -o by-hand.so
  mkdir pass
  printf '%s\n' 'cmake_minimum_required(VERSION 3.22)' 'project(pass LANGUAGES C)' \
    'find_package(Loopwright 0.1 REQUIRED)' 'loopwright_add_pass(mine ../pass.c)' >pass/CMakeLists.txt
  cmake -S pass -B pass/build -DCMAKE_PREFIX_PATH="$work/tree" >log 2>&1 || { cat log; exit 1; }
  cmake --build pass/build >log 2>&1 || { cat log; exit 1; }
  for plugin in ./by-hand.so pass/build/mine.so; do
    loopwright opt --load-pass=$plugin -freduce-strength pass.mir | grep -c ' shl '
  done

  # A program of SOM, by the interpreter that is there and by one that is emitted.
  echo "Hello = ( run = ( 'packaged' println ) )" >Hello.som
  som Hello.som
  loopwright run -O1 Hello.som
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/empty" "$work/tree"
tar -xzf "$package" -C "$work/tree" --strip-components=1
cp "$4" "$work/pass.c"
cp "$5" "$work/pass.mir"
cp "$0" "$work/elsewhere.sh"
cd "$work"
for namespace in '-m' '-rm'; do
  if unshare $namespace mount --bind "$work/empty" "$work/empty" 2>/dev/null; then
    status=0
    unshare $namespace sh "$work/elsewhere.sh" "$source" "$build" "$package" hidden "$work" || status=$?
    exit $status
  fi
done
exit 77
