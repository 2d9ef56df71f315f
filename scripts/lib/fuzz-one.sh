#!/bin/sh
# Run one fuzz target: fuzz-one.sh <folder for what it makes> <seconds> <target>. libFuzzer itself
# finds leaks, and stops at the first finding.
set -eu
work=$1
seconds=$2
target=$3

name=$(basename "$target" _fuzz)
mkdir "$work/$name"
seeds=tests/fuzz/corpus/$name
set -- -max_total_time="$seconds" -print_final_stats=1 -detect_leaks=1 -timeout=10 \
    -rss_limit_mb=1024 -artifact_prefix="$work/$name-" "$work/$name"
if [ -d "$seeds" ]; then
    set -- "$@" "$seeds"
fi
if "$target" "$@" >"$work/$name.log" 2>&1; then
    echo "$name: $(sed -n 's/stat::number_of_executed_units: *//p' "$work/$name.log") execs, no finding"
    exit 0
fi
echo "$name: found something:"
grep -v '^#' "$work/$name.log" | tail -60
for artifact in "$work/$name"-*; do
    echo "$name: the input, in base64: $(base64 -w0 "$artifact")"
done
exit 1
