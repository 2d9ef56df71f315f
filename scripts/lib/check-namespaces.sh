#!/bin/sh
# Say in one line if we may not make network namespaces: the fault suite cuts hosts off each other by them.
set -eu
name=postroom-check-$$

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

if as_root ip netns add "$name" >/dev/null 2>&1; then
    as_root ip netns delete "$name"
    exit 0
fi
echo "./dev: no network namespaces can be made here, and tests/faults will fail: it needs root (in a container" \
    "one that may, such as --privileged) or a sudo that asks no password" >&2
exit 1
