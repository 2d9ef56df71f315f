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

# The build does it, too; here a failure is one line.
scripts/lib/npm-install.sh services/gateway/documents

# Set up anew when the options here have changed since.
if [ ! -f "$directory/build.ninja" ] || [ "$(cat "$directory/options" 2>/dev/null)" != "$*" ]; then
    rm -rf "$directory"
    meson setup "$directory" -Dbuildtype=debugoptimized "$@"
    echo "$*" >"$directory/options"
fi
ninja -C "$directory" all meson-test-prereq
