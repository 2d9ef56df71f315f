#!/bin/sh
# Install the npm packages that a folder's package-lock.json names, once: npm-install.sh <folder>
#
# They are the same for every build of a clone and stay until the lock changes; no network is needed
# then. No script of a package is run, and integrity is checked by npm ci itself.
set -eu
folder=$1
modules=$folder/node_modules

# Two builds must not install at once. (node_modules itself comes and goes.)
exec 9<"$folder/package.json"
flock 9
wanted=$(cat "$folder/package.json" "$folder/package-lock.json" "$folder/.npmrc" | sha256sum)
[ "$(cat "$modules/.installed" 2>/dev/null)" != "$wanted" ] || exit 0

if ! command -v npm >/dev/null; then
    echo "npm-install: there is no npm; packages.txt says where it comes from" >&2
    exit 1
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "npm-install: installing the packages of $folder" >&2
if ! (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --no-progress \
    --fetch-retries=3 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000) >"$log" 2>&1; then
    # npm writes a page; the first line that is neither a code nor a path says what happened.
    reason=$(sed -n 's/^npm \(error\|ERR!\) *//p' "$log" |
        grep -vE '^(code|errno|syscall|path|type|A complete log)( |$)' | head -n 1) || true
    rm -rf "$modules"
    echo "npm-install: npm cannot install the packages of $folder: ${reason:-$(tail -n 1 "$log")}" >&2
    exit 1
fi
echo "$wanted" >"$modules/.installed"
