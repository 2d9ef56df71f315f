#!/bin/sh
# Build one variant: build.sh <build directory> [meson option…]
set -eu
cd "$(dirname "$0")/../.."

directory=$1
shift

# Two verbs started at once must not build in one directory.
mkdir -p .run
exec 9>".run/$directory.lock"
flock 9

if [ ! -f "$directory/build.ninja" ]; then
    meson setup "$directory" -Dbuildtype=debugoptimized "$@"
fi
ninja -C "$directory" all meson-test-prereq
